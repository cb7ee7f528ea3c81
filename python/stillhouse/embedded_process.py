"""The interpreter inside an http child (embedded mode): what runs in it beside the applications, from start to end.

    wsgi-caretaker   accepts the http child's connections, takes its orders, loads scripts at the start, ends the requests
    wsgi-monitor     attends to the channel when every request thread is busy
    wsgi-deadlock    faulthandler's watchdog: ends an http child whose interpreter is stuck
    wsgi-lead        passes the lead on for a request thread that does not come back soon (kept_lead.py)
    wsgi-request-1..num
    wsgi-reaper      only at the end (shutdown.py)

The http child's main thread is Node.js's: it makes the interpreter (src/wsgi/embedded-interpreter.ts), calls `start`,
leaves, and comes back only to take the interpreter down. Requests reach the request threads over the channel, as in a
daemon process; so nothing that an application does stops the http child's event loop.
"""

import json
import os
import select
import sys
import threading
import time
import warnings
from typing import Any, Callable, Dict, List, NoReturn, Optional, Tuple

from .adapter import Adapter
from .apache_module import install_apache_module
from .channel import Channel
from .control import Control
from .error_log import ErrorLog
from .error_streams import install_standard_streams
from .kept_lead import KeptLead
from .mod_wsgi_module import install_mod_wsgi_module
from .monitor import Monitor
from .process_naming import request_thread_name, set_thread_name
from .process_setup import CannotStart, listen, peer_uids, prepare_python
from .request_stream import RequestStream
from .restricted_signals import restrict_signals
from .restricted_streams import install_restrictions
from .scoreboard import Scoreboard
from .script_loader import ScriptFailed, ScriptLoader
from .settings import Settings
from .shutdown import finish_requests, start_reaper
from .stack_line import open_stack_line
from .timers import Limits

_ERROR_LOG_DESCRIPTOR = 2
_CARETAKER = "wsgi-caretaker"
# What log messages call this process in the place of a group's name.
_NAME = ""

_process: "Optional[EmbeddedProcess]" = None


def start(orders: int, settings: str, options: str) -> None:
    """Called once, by the thread that made the interpreter. `orders`: descriptor of the socket to the http child.

    `settings`: as a daemon process gets them. `options`: what would be options of the interpreter's command line.
    Raises nothing: what fails is told over the socket.
    """
    global _process
    control = Control(orders)
    try:
        _take_options(json.loads(options))
        decoded = Settings.decode(json.loads(settings))
        _process = EmbeddedProcess(decoded, control, ErrorLog(_ERROR_LOG_DESCRIPTOR, level=decoded.log_level))
        _process.start()
    except (CannotStart, OSError, RuntimeError, ValueError) as problem:
        control.send("failed", message=str(problem))


def _take_options(options: Dict[str, Any]) -> None:
    # Node.js exports the symbols of what it was linked with (OpenSSL, zlib, ICU ...), which would take the places of
    # those in the libraries that extension modules bring: each looks into its own libraries first.
    sys.setdlopenflags(os.RTLD_NOW | os.RTLD_DEEPBIND)
    # They were for this interpreter, not for programs that applications start.
    for name in options["variables"]:
        os.environ.pop(name, None)
    filters: List[str] = options["warnings"]
    if filters:
        sys.warnoptions.extend(filters)
        warnings._processoptions(filters)  # type: ignore[attr-defined]


class EmbeddedProcess:
    """The parts of an embedded interpreter."""

    def __init__(self, settings: Settings, control: Control, log: ErrorLog) -> None:
        self._settings = settings
        self._control = control
        self._log = log
        os.chdir("/")
        open_stack_line()
        self._listener = listen(settings)
        self._scoreboard = Scoreboard(settings.scoreboard, settings.threads)
        prepare_python(settings, log)
        if settings.stack_size:
            threading.stack_size(settings.stack_size)
        install_standard_streams(log)
        install_restrictions(stdin=settings.restrict_stdin, stdout=settings.restrict_stdout)
        if settings.restrict_signal:
            restrict_signals(log)

        def report(level: str, message: str) -> None:
            log.log(level, f"embedded mode: {message}")

        self._channel = Channel(
            settings.threads,
            scoreboard=self._scoreboard,
            peer_uids=peer_uids(settings),
            send_timeout=settings.socket_timeout,
            report=report,
        )
        if settings.threads > 1:
            self._channel.kept_lead = KeptLead(self._channel.pass_lead_on)
        self._telemetry = install_mod_wsgi_module(
            group=_NAME,
            application_group="",
            maximum_processes=settings.processes,
            threads_per_process=settings.threads,
            sink=log,
            server_metrics=settings.server_metrics,
            generation=settings.generation,
            scoreboard=settings.scoreboard,
        )
        install_apache_module(http_children=settings.http_children)
        self._loader = ScriptLoader(group=_NAME, application_group="", sink=log)
        self._monitor = Monitor(
            self._channel,
            deadlock_timeout=settings.deadlock_timeout,
            watcher=None,
            report=report,
            group=_NAME,
            limits=Limits(threads=settings.threads),
            caretaker=_NoTimers(),
            log=log.log,
            is_loaded=lambda: bool(self._loader.loaded),
        )

    def start(self) -> None:
        """Starts the threads; the one who called goes back to its own work."""
        self._log.log("info", f"Starting embedded mode with threads={self._settings.threads}.")
        run = self._runner(self._make_adapter())
        if self._channel.kept_lead is not None:
            self._channel.kept_lead.start()
        for slot in range(self._settings.threads):
            threading.Thread(
                target=self._serve, args=(slot, run), name=f"wsgi-request-{slot + 1}", daemon=True
            ).start()
        threading.Thread(target=self._attend, name=_CARETAKER, daemon=True).start()

    def _make_adapter(self) -> Adapter:
        settings = self._settings
        return Adapter(
            group=_NAME,
            application_group="",
            multithread=settings.threads != 1,
            multiprocess=settings.multiprocess,
            run_once=settings.run_once,
            loader=self._loader,
            sink=self._log,
            telemetry=self._telemetry,
        )

    # The request threads.

    def _serve(self, slot: int, run: Callable[[RequestStream, int], None]) -> None:
        set_thread_name(request_thread_name(slot + 1))
        self._scoreboard.occupy(slot, threading.get_native_id())
        self._channel.serve(slot, run)
        # Nothing is started any more. What the application keeps in the thread lives as long as the process.
        _sleep_for_ever()

    def _runner(self, adapter: Adapter) -> Callable[[RequestStream, int], None]:
        scoreboard = self._scoreboard
        discard_changed = self._loader.discard_changed
        serve = adapter.serve
        now = time.time

        def run(stream: RequestStream, slot: int) -> None:
            environ = stream.environ
            label = f"{environ.get('REQUEST_METHOD')} {environ.get('REQUEST_URI')}"
            scoreboard.start(slot, stream.connection.number, stream.request_id, now(), label)
            if stream.facts.get("script_reloading"):
                # There is no other process to take its place: the script is executed again, in this interpreter.
                discard_changed(stream.facts.get("script"))
            serve(stream, slot + 1)
            stream.finish()
            scoreboard.finish(slot)

        return run

    # The caretaker.

    def _attend(self) -> None:
        set_thread_name(_CARETAKER)
        try:
            self._monitor.start()
        except RuntimeError as problem:
            self._control.send("failed", message=f"{problem}: lower ThreadsPerChild or ThreadStackSize")
            return
        set_thread_name(_CARETAKER)
        for script in self._settings.preload:
            try:
                self._loader.load(script)
            except ScriptFailed:
                pass  # it is in the log with its traceback; the first request tries again
        self._control.send("ready")
        order = self._wait_for_end()
        if order is not None:
            self._end(*order)

    def _wait_for_end(self) -> Optional[Tuple[str, float]]:
        """Accepts connections and takes orders until the one to stop, with its reason and the seconds it may take."""
        poll = select.poll()
        poll.register(self._listener, select.POLLIN)
        poll.register(self._control.socket, select.POLLIN)
        while True:
            for descriptor, _ in poll.poll():
                if descriptor == self._listener.fileno():
                    self._accept()
                    continue
                try:
                    orders = self._control.receive()
                except (EOFError, OSError, ValueError):
                    return None  # the http child ends without us
                for order in orders:
                    if order.get("command") == "stop":
                        return str(order["reason"]), float(order["timeout"])
                    if order.get("command") == "describe":
                        self._monitor.describe_running()

    def _accept(self) -> None:
        try:
            peer, _ = self._listener.accept()
        except OSError:
            return  # it went away before we got to it
        peer.setblocking(True)
        self._channel.accept(peer)

    def _end(self, reason: str, timeout: float) -> None:
        self._monitor.stop_watching()
        start_reaper(timeout, _NAME, self._log)
        set_thread_name(_CARETAKER)
        self._telemetry.publish_process_stopping(reason)
        self._listener.close()
        finish_requests(self._channel)
        self._log.log("info", "Stopping embedded mode.")
        self._control.send("stopped")


class _NoTimers:
    """Embedded mode has no timers of its own: nothing asks for another process."""

    def request_replacement(self, reason: str, message: str) -> bool:
        return False

    def request_stop(self, reason: str) -> None:
        pass


def _sleep_for_ever() -> NoReturn:
    forever = threading.Lock()
    while True:
        forever.acquire()
