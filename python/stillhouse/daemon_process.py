"""The daemon process: its threads from start to end.

    main       caretaker (caretaker.py): accepts connections, waits for signals and the parent; runs the shutdown
    monitor    timers; attends to the channel when every request thread is busy
    deadlock   faulthandler's watchdog: ends a process whose interpreter is stuck
    request 1..num
    reaper     only during shutdown (shutdown.py)

Started by the parent (src/wsgi/daemon-handle.ts) with the error log as descriptors 1
and 2, the control socket as 3 and the line for stacks as 4.
"""

import encodings.idna  # noqa: F401  (loaded before privileges drop: this folder may be closed to the group's user)
import linecache  # noqa: F401
import os
import threading
import time
import tokenize  # noqa: F401
import traceback  # noqa: F401
from typing import Callable, Dict, List

from . import privileges, protocol
from .adapter import Adapter
from .apache_module import install_apache_module
from .caretaker import Caretaker, SignalPipe
from .channel import Channel
from .code_change import CodeChange
from .control import Control
from .error_log import ErrorLog
from .error_streams import install_standard_streams
from .mod_wsgi_module import install_mod_wsgi_module
from .monitor import Monitor
from .process_naming import request_thread_name, set_display_name, set_thread_name
from .process_setup import CannotStart, listen, peer_uids, prepare_python, set_priority, take_identity
from .ready_check import check_ready
from .request_stream import RequestStream
from .restricted_signals import restrict_signals
from .restricted_streams import install_restrictions
from .root_folder import RootFolder
from .scoreboard import Scoreboard
from .script_hooks import ScriptHooks
from .script_loader import ScriptFailed, ScriptLoader
from .service_process import run_service
from .settings import Settings
from .shutdown import finish_requests, start_reaper
from .source_watcher import SourceWatcher
from .stack_line import open_stack_line, write_to_log_itself
from .timers import Limits

# Without a parent nobody waits for us: no longer than this, whatever shutdown-timeout says.
_ORPHAN_SHUTDOWN_SECONDS = 3.0


def main() -> int:
    """Exit status: 0 after an orderly end, protocol.DAEMON_EXIT_CANNOT_START with an event for the parent."""
    signals = SignalPipe()
    control = Control()
    try:
        settings = Settings.decode(control.receive_settings())
    except EOFError:
        return 0
    log = ErrorLog(2, level=settings.log_level)
    try:
        process = DaemonProcess(settings, control, log, signals)
    except (CannotStart, privileges.PrivilegeError, OSError) as error:
        control.send("failed", message=str(error))
        return protocol.DAEMON_EXIT_CANNOT_START
    return process.run()


class DaemonProcess:
    """One process of a daemon process group."""

    def __init__(self, settings: Settings, control: Control, log: ErrorLog, signals: SignalPipe) -> None:
        self._settings = settings
        self._control = control
        self._log = log
        self._signals = signals
        if settings.display_name:
            set_display_name(settings.display_name)
        set_thread_name("wsgi-main")
        set_priority(settings)
        self._listener = listen(settings)
        owner = settings.http_uid if settings.user else None
        self._scoreboard = Scoreboard(settings.scoreboard, settings.threads, owner)
        take_identity(settings, log)
        prepare_python(settings, log)
        if settings.stack_size:
            threading.stack_size(settings.stack_size)

        def report(level: str, message: str) -> None:
            log.log(level, f"daemon process '{settings.group}': {message}")

        self._channel = Channel(
            settings.threads,
            scoreboard=self._scoreboard,
            peer_uids=peer_uids(settings),
            send_timeout=settings.socket_timeout,
            report=report,
        )
        self._root = RootFolder(settings.chroot) if settings.chroot is not None else None
        self._telemetry = install_mod_wsgi_module(
            group=settings.group,
            application_group="",
            maximum_processes=settings.processes,
            threads_per_process=settings.threads,
            sink=log,
            server_metrics=settings.server_metrics,
            generation=settings.generation,
            scoreboard=settings.scoreboard,
        )
        install_apache_module(http_children=settings.http_children, mpm_name=settings.mpm_name)
        self._loader = ScriptLoader(group=settings.group, application_group="", sink=log)
        self._caretaker = Caretaker(
            settings,
            control=control,
            log=log,
            signals=signals,
            listener=self._listener,
            channel=self._channel,
            on_kept=self._go_on,
            on_cpu_limit=self._exceed_cpu_limit,
            on_signal=self._telemetry.publish_process_signal,
            on_describe=lambda: self._monitor.describe_running(),
        )
        self._code_change = CodeChange(self._loader, self._caretaker.request_replacement, settings.group)
        self._monitor = Monitor(
            self._channel,
            deadlock_timeout=settings.deadlock_timeout,
            watcher=SourceWatcher() if settings.reload_on_changes else None,
            report=report,
            group=settings.group,
            limits=Limits.of(settings),
            caretaker=self._caretaker,
            log=log.log,
            is_loaded=lambda: bool(self._loader.loaded),
        )

    def run(self) -> int:
        settings = self._settings
        self._log.log("info", f"Starting daemon process '{settings.group}' with threads={settings.threads}.")
        open_stack_line()
        install_standard_streams(self._log)
        install_restrictions(stdin=settings.restrict_stdin, stdout=settings.restrict_stdout)
        if settings.threads == 0:
            return run_service(
                settings, control=self._control, log=self._log, signals=self._signals, loader=self._loader
            )
        if settings.restrict_signal:
            restrict_signals(self._log)
        adapter = Adapter(
            group=settings.group,
            application_group="",
            multithread=settings.threads != 1,
            multiprocess=settings.multiprocess,
            run_once=settings.run_once,
            loader=self._loader,
            sink=self._log,
            telemetry=self._telemetry,
            header_buffer_size=settings.header_buffer_size,
        )
        failed = self._load_scripts()
        if settings.ready_request is not None and not failed:
            failed += check_ready(settings, adapter)
        try:
            self._start_threads(adapter)
            self._monitor.start()
        except RuntimeError as error:
            # The stacks of threads count against memory-limit and virtual-memory-limit.
            self._control.send("failed", message=f"{error}: raise the memory limits, or lower threads or stack-size")
            return protocol.DAEMON_EXIT_CANNOT_START
        self._control.send("ready", pid=os.getpid(), failed=failed)
        return self._shut_down(self._caretaker.attend())

    # Start.

    def _load_scripts(self) -> List[Dict[str, str]]:
        """Loads what requests will need; what could not be loaded, as the parent wants to know it.

        A failure is in the log with its traceback. Where this process has no predecessor the first request tries again.
        """
        failed = []
        known = self._settings.known_scripts
        for named in (*self._settings.preload, *known):
            script = self._root.named(named) if self._root is not None else named
            if named in known and not os.path.exists(script):
                continue  # it was taken off the site since another process loaded it
            try:
                self._loader.load(script)
            except ScriptFailed as failure:
                failed.append({"script": script, "message": str(failure)})
        return failed

    def _start_threads(self, adapter: Adapter) -> None:
        run = self._runner(adapter)
        for slot in range(self._settings.threads):
            name = f"wsgi-request-{slot + 1}"
            threading.Thread(target=self._serve, args=(slot, run), name=name, daemon=True).start()

    def _serve(self, slot: int, run: Callable[[RequestStream, int], None]) -> None:
        set_thread_name(request_thread_name(slot + 1))
        self._scoreboard.occupy(slot, threading.get_native_id())
        self._channel.serve(slot, run)
        # Nothing is started any more. The thread stays: what the application keeps in it lives as long as the process.
        forever = threading.Lock()
        forever.acquire()
        forever.acquire()

    def _runner(self, adapter: Adapter) -> Callable[[RequestStream, int], None]:
        scoreboard = self._scoreboard
        loaded = self._loader.loaded
        is_news = self._code_change.is_news
        serve = adapter.serve
        answer = ScriptHooks(loader=self._loader, sink=self._log).serve
        root = self._root
        log = self._log
        now = time.time
        announced = len(loaded)

        def run(stream: RequestStream, slot: int) -> None:
            nonlocal announced
            if root is not None and not root.admit(stream, log):
                return
            environ = stream.environ
            script = stream.facts.get("script")
            if stream.facts.get("script_reloading") and is_news(script):
                stream.hand_back()
                return
            label = f"{environ.get('REQUEST_METHOD')} {environ.get('REQUEST_URI')}"
            scoreboard.start(slot, stream.connection.number, stream.request_id, now(), label)
            # Without a script to run it is a question of the server's own.
            (serve if script is not None else answer)(stream, slot + 1)
            stream.finish()
            scoreboard.finish(slot)
            if len(loaded) != announced:
                announced = len(loaded)
                if script in loaded:
                    self._control.send("loaded", script=script)

        return run

    # What the caretaker passes on.

    def _go_on(self, age: float) -> None:
        self._code_change.replacement_failed(age)
        self._monitor.replacement_failed()

    def _exceed_cpu_limit(self) -> None:
        self._monitor.cpu_time_exceeded()

    # Shutdown.

    def _shut_down(self, reason: str) -> int:
        settings = self._settings
        orphaned = reason == "parent_gone"
        self._control.send("stopping", reason=reason)
        self._log.log("info", f"Shutdown requested for daemon process '{settings.group}'.")
        timeout = settings.shutdown_timeout
        if orphaned:
            self._log.log("error", f"parent process has gone; daemon process '{settings.group}' stops")
            timeout = min(timeout or _ORPHAN_SHUTDOWN_SECONDS, _ORPHAN_SHUTDOWN_SECONDS)
            write_to_log_itself()
        self._monitor.stop_watching()
        if timeout > 0:
            start_reaper(timeout, settings.group, self._log)
        self._telemetry.publish_process_stopping(reason)
        self._listener.close()
        finish_requests(self._channel)
        self._log.log("info", f"Stopping process '{settings.group}'.")
        if orphaned:
            self._remove_files()
        if not settings.destroy_interpreter:
            os._exit(0)
        return 0

    def _remove_files(self) -> None:
        """The parent removes its children's files; where it can't any more, we try."""
        for path in (self._settings.socket, self._settings.scoreboard):
            try:
                os.unlink(path)
            except OSError:
                pass  # the folder may not be ours to write in: the next start of the server removes it
