"""What runs applications in one interpreter: its channel, its scripts, its request threads, its monitor.

The main interpreter of a daemon process has one (daemon_process.py), and so has every sub-interpreter (guest.py). It
knows the process only by the caretaker it is given.
"""

import os
import threading
import time
from typing import Callable, Dict, List, Optional, Sequence

from .adapter import Adapter
from .apache_module import install_apache_module
from .channel import Channel
from .code_change import CodeChange
from .daemon_threads import make_thread
from .error_log import ErrorLog
from .error_streams import install_standard_streams
from .mod_wsgi_module import install_mod_wsgi_module
from .monitor import Caretaker, Monitor
from .neighbours import Neighbours
from .process_naming import describe_process, request_thread_name, set_thread_name
from .process_setup import peer_uids
from .ready_check import check_ready
from .request_stream import RequestStream
from .restricted_signals import restrict_signals
from .restricted_streams import install_restrictions
from .root_folder import RootFolder
from .scoreboard import Scoreboard
from .script_hooks import ScriptHooks
from .script_loader import ScriptFailed, ScriptLoader, describe_interpreter
from .settings import ScriptPlace, Settings
from .source_watcher import SourceWatcher
from .timers import Limits

Failures = List[Dict[str, str]]


def make_channel(settings: Settings, scoreboard: Scoreboard, log: ErrorLog) -> Channel:
    return Channel(
        settings.threads,
        scoreboard=scoreboard,
        peer_uids=peer_uids(settings),
        send_timeout=settings.socket_timeout,
        report=make_report(settings, log),
    )


def make_report(settings: Settings, log: ErrorLog) -> Callable[[str, str], None]:
    def report(level: str, message: str) -> None:
        log.log(level, f"{describe_process(settings.group)}: {message}")

    return report


class ApplicationHost:
    """One application group of this process.

    `on_loaded(script)` is called by a request thread that has loaded a script. `is_loaded` tells whether any interpreter
    of the process has loaded one. `neighbours`: only where this is the main interpreter.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        application_group: str,
        channel: Channel,
        log: ErrorLog,
        caretaker: Caretaker,
        on_loaded: Callable[[str], None],
        is_loaded: Optional[Callable[[], bool]] = None,
        neighbours: Optional[Neighbours] = None,
    ) -> None:
        self._settings = settings
        self._log = log
        self._on_loaded = on_loaded
        self._application_group = application_group
        self._scoreboard = channel.scoreboard
        self.channel = channel
        self._root = RootFolder(settings.chroot) if settings.chroot is not None else None
        self.telemetry = install_mod_wsgi_module(
            group=settings.group,
            application_group=application_group,
            maximum_processes=settings.processes,
            threads_per_process=settings.threads,
            sink=log,
            server_metrics=settings.server_metrics,
            generation=settings.generation,
            scoreboard=settings.scoreboard,
        )
        install_apache_module(http_children=settings.http_children, mpm_name=settings.mpm_name)
        self.loader = ScriptLoader(group=settings.group, application_group=application_group, sink=log)
        self._code_change = CodeChange(self.loader, caretaker.request_replacement, settings.group)
        is_main = neighbours is not None
        limits = Limits.of(settings)
        self.monitor = Monitor(
            channel,
            deadlock_timeout=settings.deadlock_timeout if is_main else 0,
            watcher=SourceWatcher() if settings.reload_on_changes else None,
            report=make_report(settings, log),
            group=settings.group,
            limits=limits if is_main else limits.without_process(),
            caretaker=caretaker,
            log=log.log,
            is_loaded=is_loaded or (lambda: bool(self.loader.loaded)),
            interpreter=describe_interpreter("", application_group).partition(" of ")[0],
            neighbours=neighbours,
        )
        channel.watches_activity = settings.inactivity_timeout > 0

    def install_streams(self) -> None:
        """From here on what the applications of this interpreter print goes to the error log."""
        install_standard_streams(self._log)
        install_restrictions(stdin=self._settings.restrict_stdin, stdout=self._settings.restrict_stdout)

    def prepare(self) -> None:
        """Called by the interpreter's main thread before the first script is loaded."""
        settings = self._settings
        if settings.restrict_signal:
            restrict_signals(self._log)
        self._adapter = Adapter(
            group=settings.group,
            application_group=self._application_group,
            multithread=settings.threads != 1,
            multiprocess=settings.multiprocess,
            run_once=settings.run_once,
            loader=self.loader,
            sink=self._log,
            telemetry=self.telemetry,
            header_buffer_size=settings.header_buffer_size,
        )

    def load_scripts(self) -> Failures:
        """Loads what requests will need; what could not be loaded, as the parent wants to know it.

        A failure is in the log with its traceback. Where this process has no predecessor the first request tries again.
        """
        settings = self._settings
        failed = self._load(settings.preload, False) + self._load(settings.known_scripts, True)
        request = settings.ready_request
        if request is not None and not failed and request.get("application_group", "") == self._application_group:
            failed += check_ready(settings, self._adapter)
        return failed

    def _load(self, places: Sequence[ScriptPlace], may_be_gone: bool) -> Failures:
        failed = []
        for named, application_group in places:
            if application_group != self._application_group:
                continue
            script = self._root.named(named) if self._root is not None else named
            if may_be_gone and not os.path.exists(script):
                continue  # it was taken off the site since another process loaded it
            try:
                self.loader.load(script)
            except ScriptFailed as failure:
                failed.append({"script": script, "message": str(failure)})
        return failed

    def start(self) -> None:
        """Starts the request threads and the monitor. Raises RuntimeError where there is no memory for a thread."""
        run = self.make_runner()
        for slot in range(self._settings.threads):
            make_thread(self._serve, f"wsgi-request-{slot + 1}", (slot, run)).start()
        self.monitor.start()

    def go_on(self, age: float) -> None:
        """The successor that was wanted could not be started, `age` seconds ago."""
        self._code_change.replacement_failed(age)
        self.monitor.replacement_failed()

    def _serve(self, slot: int, run: Callable[[RequestStream, int], None]) -> None:
        set_thread_name(request_thread_name(slot + 1))
        self._scoreboard.occupy(slot, threading.get_native_id())
        self.channel.serve(slot, run)
        # Nothing is started any more. The thread stays: what the application keeps in it lives as long as the process.
        forever = threading.Lock()
        forever.acquire()
        forever.acquire()

    def make_runner(self) -> Callable[[RequestStream, int], None]:
        """What a thread calls with each request that it runs, and the number of its slot. Never raises."""
        scoreboard = self._scoreboard
        loaded = self.loader.loaded
        is_news = self._code_change.is_news
        # In embedded mode there is no other process to take its place: a script is executed again, in this interpreter.
        reloads_in_place = not self._settings.group
        discard_changed = self.loader.discard_changed
        serve = self._adapter.serve
        hooks = ScriptHooks(loader=self.loader, sink=self._log, application_group=self._application_group)
        answer = hooks.serve
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
            if stream.facts.get("script_reloading"):
                if reloads_in_place:
                    discard_changed(script)
                elif is_news(script):
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
                    self._on_loaded(script)

        return run
