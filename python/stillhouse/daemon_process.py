"""The daemon process: its threads from start to end, and its main thread.

    main       caretaker: accepts connections, waits for signals and the parent, runs the shutdown
    monitor    timers; attends to the channel when every request thread is busy
    deadlock   faulthandler's watchdog: ends a process whose interpreter is stuck
    request 1..num
    reaper     only during shutdown: the same watchdog, armed with shutdown-timeout

Started by the parent (src/wsgi/daemon-handle.ts) with the control socket as descriptor 3 and the error log as 1 and 2.
"""

import encodings.idna  # noqa: F401  (loaded before privileges drop: this folder may be closed to the group's user)
import faulthandler
import linecache  # noqa: F401
import os
import select
import signal
import socket
import threading
import time
import tokenize  # noqa: F401
import traceback
from typing import Callable, List, Optional

from . import privileges, protocol
from .adapter import Adapter
from .channel import Channel
from .control import Control
from .error_log import ErrorLog
from .error_streams import install_standard_streams
from .mod_wsgi_module import install_mod_wsgi_module
from .monitor import Monitor, arm_watchdog
from .process_naming import request_thread_name, set_display_name, set_thread_name
from .process_setup import CannotStart, listen, prepare_python, take_identity
from .request_stream import RequestStream
from .restricted_signals import restrict_signals
from .scoreboard import Scoreboard
from .script_loader import ScriptFailed, ScriptLoader
from .settings import Settings
from .source_watcher import SourceWatcher

# Without a parent nobody waits for us: no longer than this, whatever shutdown-timeout says.
_ORPHAN_SHUTDOWN_SECONDS = 3.0
_DRAIN_SECONDS = 0.1
# An http child answers `goodbye` by closing; one that hangs is not waited for longer.
_PARTING_SECONDS = 2.0
_STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGUSR1)


def main() -> int:
    """Exit status: 0 after an orderly end, protocol.DAEMON_EXIT_CANNOT_START with an event for the parent."""
    control = Control()
    try:
        settings = Settings.decode(control.receive())
    except EOFError:
        return 0
    log = ErrorLog(2, level=settings.log_level)
    try:
        process = DaemonProcess(settings, control, log)
    except (CannotStart, privileges.PrivilegeError, OSError) as error:
        control.send("failed", message=str(error))
        return protocol.DAEMON_EXIT_CANNOT_START
    return process.run()


class DaemonProcess:
    """One process of a daemon process group."""

    def __init__(self, settings: Settings, control: Control, log: ErrorLog) -> None:
        self._settings = settings
        self._control = control
        self._log = log
        self._wakeup_read, self._wakeup_write = socket.socketpair()
        self._catch_signals()
        if settings.display_name:
            set_display_name(settings.display_name)
        set_thread_name("wsgi-main")
        if settings.cpu_priority:
            os.setpriority(os.PRIO_PROCESS, 0, settings.cpu_priority)
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
            peer_uids=frozenset({settings.http_uid}),
            send_timeout=settings.socket_timeout,
            report=report,
        )
        self._monitor = Monitor(
            self._channel,
            deadlock_timeout=settings.deadlock_timeout,
            watcher=SourceWatcher() if settings.reload_on_changes else None,
            report=report,
        )
        self._threads: List[threading.Thread] = []

    def run(self) -> int:
        settings = self._settings
        self._log.log("info", f"Starting daemon process '{settings.group}' with threads={settings.threads}.")
        faulthandler.enable(file=2)
        loader = ScriptLoader(group=settings.group, application_group="", sink=self._log)
        install_mod_wsgi_module(
            group=settings.group,
            application_group="",
            maximum_processes=settings.processes,
            threads_per_process=settings.threads,
        )
        install_standard_streams(self._log)
        if settings.restrict_signal:
            restrict_signals(self._log)
        adapter = Adapter(
            group=settings.group,
            application_group="",
            multithread=settings.threads != 1,
            multiprocess=settings.multiprocess,
            run_once=settings.run_once,
            loader=loader,
            sink=self._log,
        )
        for script in settings.preload:
            try:
                loader.load(script)
            except ScriptFailed:
                pass  # logged with its traceback; the first request tries again
        self._start_threads(adapter, loader)
        self._monitor.start()
        self._control.send("ready", pid=os.getpid())
        reason = self._attend()
        return self._shut_down(reason)

    # Start.

    def _catch_signals(self) -> None:
        """Signals only write a byte to the socketpair (signal.set_wakeup_fd); the main thread acts on it."""
        self._wakeup_write.setblocking(False)
        signal.set_wakeup_fd(self._wakeup_write.fileno(), warn_on_full_buffer=False)
        for number in _STOP_SIGNALS:
            signal.signal(number, lambda *_: None)
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        signal.signal(signal.SIGPIPE, signal.SIG_IGN)

    def _start_threads(self, adapter: Adapter, loader: ScriptLoader) -> None:
        run = self._runner(adapter, loader)
        for slot in range(self._settings.threads):
            thread = threading.Thread(
                target=self._serve, args=(slot, run), name=f"wsgi-request-{slot + 1}", daemon=True
            )
            self._threads.append(thread)
            thread.start()

    def _serve(self, slot: int, run: Callable[[RequestStream, int], None]) -> None:
        set_thread_name(request_thread_name(slot + 1))
        self._scoreboard.occupy(slot, threading.get_native_id())
        self._channel.serve(slot, run)

    def _runner(self, adapter: Adapter, loader: ScriptLoader) -> Callable[[RequestStream, int], None]:
        scoreboard = self._scoreboard
        serve = adapter.serve
        now = time.time

        def run(stream: RequestStream, slot: int) -> None:
            environ = stream.environ
            script = stream.facts.get("script")
            if stream.facts.get("script_reloading") and loader.reload_required(script):
                self._restart_for(script, stream)
                return
            label = f"{environ.get('REQUEST_METHOD')} {environ.get('REQUEST_URI')}"
            scoreboard.start(slot, stream.connection.number, stream.request_id, now(), label)
            serve(stream, slot + 1)
            stream.finish()
            scoreboard.finish(slot)

        return run

    def _restart_for(self, script: str, stream: RequestStream) -> None:
        """The script on disk is another: this process ends, and the request goes to one that has loaded it."""
        name = self._settings.group
        self._log.log("info", f"Forcing restart of daemon process '{name}' due to modification of script '{script}'.")
        stream.hand_back()
        os.kill(os.getpid(), signal.SIGTERM)

    # The caretaker.

    def _attend(self) -> str:
        """Accepts connections until there is a reason to stop; returns it."""
        poll = select.poll()
        poll.register(self._wakeup_read, select.POLLIN)
        poll.register(self._control.socket, select.POLLIN)
        poll.register(self._listener, select.POLLIN)
        while True:
            for descriptor, _ in poll.poll():
                if descriptor == self._listener.fileno():
                    self._accept()
                elif descriptor == self._wakeup_read.fileno():
                    self._wakeup_read.recv(64)
                    return "shutdown_signal"
                elif not self._control.socket.recv(4096):
                    return "parent_gone"

    def _accept(self) -> None:
        try:
            peer, _ = self._listener.accept()
        except OSError:
            return  # it went away before we got to it
        peer.setblocking(True)
        self._channel.accept(peer)

    # Shutdown.

    def _shut_down(self, reason: str) -> int:
        """Running requests may finish, atexit callbacks run; the reaper bounds all of it."""
        settings = self._settings
        orphaned = reason == "parent_gone"
        self._log.log("info", f"Shutdown requested for daemon process '{settings.group}'.")
        timeout = settings.shutdown_timeout
        if orphaned:
            self._log.log("error", f"parent process has gone; daemon process '{settings.group}' stops")
            timeout = min(timeout or _ORPHAN_SHUTDOWN_SECONDS, _ORPHAN_SHUTDOWN_SECONDS)
        self._monitor.stop()
        if timeout > 0:
            arm_watchdog(timeout, "wsgi-reaper", "wsgi-main")
        self._control.send("stopping", reason=reason)
        self._listener.close()
        self._channel.stop()
        while self._channel.active:
            self._channel.drain(_DRAIN_SECONDS)
        for thread in self._threads:
            thread.join()
        self._part_from_http_children()
        self._log.log("info", f"Stopping process '{settings.group}'.")
        if orphaned:
            self._remove_files()
        return 0

    def _part_from_http_children(self) -> None:
        """Reads on until they have closed: requests may still be on their way, and each is given back.

        Closing first would cut off what they have not read yet as soon as they write.
        """
        until = time.monotonic() + _PARTING_SECONDS
        while self._channel.is_connected and time.monotonic() < until:
            self._channel.drain(_DRAIN_SECONDS)

    def _remove_files(self) -> None:
        """The parent removes its children's files; where it can't any more, we try."""
        for path in (self._settings.socket, self._settings.scoreboard):
            try:
                os.unlink(path)
            except OSError:
                pass  # the folder may not be ours to write in: the next start of the server removes it
