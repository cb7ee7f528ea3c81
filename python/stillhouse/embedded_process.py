"""The interpreter inside an http child (embedded mode): what runs in it beside the applications, from start to end.

    wsgi-caretaker   accepts the http child's connections, takes its orders, loads scripts at the start, ends the requests
    wsgi-monitor     attends to the channel when every request thread is busy
    wsgi-deadlock    faulthandler's watchdog: ends an http child whose interpreter is stuck
    wsgi-request-1..num
    wsgi-reaper      only at the end (shutdown.py)

These are the threads of the main interpreter; other application groups have guests, as in a daemon process (guest.py).

The http child's main thread is Node.js's: it makes the interpreter (src/wsgi/embedded-interpreter.ts), calls `start`,
leaves, and comes back to take the interpreter down. Requests reach the request threads over the channel, as in a
daemon process; so nothing that an application does stops the http child's event loop. Only an http child with one
connection at a time (prefork) runs requests by calling Python, those that have proved to be fast (direct_calls.py).
"""

import json
import os
import select
import socket
import sys
import threading
import warnings
from typing import TYPE_CHECKING, Any, Dict, List, Optional, Tuple

from .application_host import ApplicationHost, make_channel, make_report
from .control import Command, Control
from .error_log import ErrorLog
from .exit_callbacks import run_exit_callbacks
from .guests import Guests
from .neighbours import Neighbours
from .process_naming import set_thread_name
from .process_setup import CannotStart, listen, prepare_environment, prepare_interpreter
from .reception import Reception
from .runtime_image import RuntimeImage
from .scoreboard import Scoreboard
from .settings import Settings
from .shutdown import finish_requests, start_reaper
from .stack_line import open_stack_line

if TYPE_CHECKING:
    from .direct_calls import DirectCalls

_ERROR_LOG_DESCRIPTOR = 2
_CARETAKER = "wsgi-caretaker"
_NUDGE_BYTES = 256
# How often it is seen to that the parent is still there, while Node.js may be unable to.
_PARENT_LOOK_MS = 1000
_EXIT_ORPHANED = 1
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
        self._parent = os.getppid()
        self._direct: "Optional[DirectCalls]" = None
        os.chdir("/")
        open_stack_line()
        self._nudges, self._nudging = socket.socketpair()
        self._nudging.setblocking(False)
        self._listener = listen(settings)
        scoreboard = Scoreboard(settings.scoreboard, settings.threads)
        prepare_environment(settings, log)
        own = settings.for_interpreter("")
        prepare_interpreter(own, log)
        self._channel = make_channel(settings, scoreboard, log)
        self._guests = Guests(
            settings, scoreboard=scoreboard, channel=self._channel, image=RuntimeImage(), log=log, nudge=self._nudge
        )
        self._reception = Reception(settings, listener=self._listener, channel=self._channel, guests=self._guests)
        self._host = ApplicationHost(
            own,
            application_group="",
            channel=self._channel,
            log=log,
            caretaker=_NoTimers(),
            on_loaded=lambda script: None,
            is_loaded=lambda: self._guests.has_loaded or bool(self._host.loader.loaded),
            neighbours=Neighbours(scoreboard),
        )
        self._host.install_streams()

    def start(self) -> None:
        """Starts the caretaker; the one who called goes back to its own work."""
        threading.Thread(target=self._attend, name=_CARETAKER, daemon=True).start()

    def _nudge(self) -> None:
        try:
            self._nudging.send(b"x")
        except BlockingIOError:
            pass  # it has more than enough to read

    # The caretaker.

    def _attend(self) -> None:
        set_thread_name(_CARETAKER)
        settings = self._settings
        self._log.log("info", f"Starting embedded mode with threads={settings.threads}.")
        self._host.prepare()
        # What can't be loaded is in the log with its traceback; the first request tries again.
        self._host.load_scripts()
        self._guests.start(dict.fromkeys(place.application_group for place in settings.preload if place.application_group), _ignore)
        try:
            self._host.start()
        except RuntimeError as problem:
            self._control.send("failed", message=f"{problem}: lower ThreadsPerChild or ThreadStackSize")
            return
        set_thread_name(_CARETAKER)
        self._control.send("ready", direct=self._make_direct_calls())
        order = self._wait_for_end()
        if order is not None:
            self._end(*order)

    def _make_direct_calls(self) -> Tuple[int, ...]:
        """Addresses of the functions by which the http child runs requests itself; none where it does not.

        While it runs one it does nothing else: so only where it has one connection at a time.
        """
        if self._settings.mpm_name != "prefork" or self._settings.threads != 1:
            return ()
        try:
            from .direct_calls import DirectCalls
        except ImportError:
            return ()  # a Python without ctypes
        self._direct = DirectCalls(self._channel, self._host.make_runner(), make_report(self._settings, self._log))
        return self._direct.addresses

    def _wait_for_end(self) -> Optional[Tuple[str, float]]:
        """Accepts connections and takes orders until the one to stop, with its reason and the seconds it may take."""
        while True:
            poll = select.poll()
            fixed = (self._control.socket.fileno(), self._nudges.fileno())
            for descriptor in (*fixed, *self._reception.descriptors, *self._guests.sockets):
                poll.register(descriptor, select.POLLIN)
            ready = poll.poll(_PARENT_LOOK_MS if self._direct is not None else None)
            if os.getppid() != self._parent:
                # Node.js sees it by itself, unless it is running a request that never ends.
                os._exit(_EXIT_ORPHANED)
            for descriptor, _ in ready:
                if self._reception.attend(descriptor):
                    continue
                if descriptor == self._nudges.fileno():
                    self._nudges.recv(_NUDGE_BYTES)
                    self._guests.collect_failed()
                elif descriptor == self._control.socket.fileno():
                    try:
                        orders = self._control.receive()
                    except (EOFError, OSError, ValueError):
                        return None  # the http child ends without us
                    for order in orders:
                        if order.get("command") == "stop":
                            return str(order["reason"]), float(order["timeout"])
                        self._obey(order)
                else:
                    for _event in self._guests.receive(descriptor):
                        pass  # nobody asks for another process here

    def _obey(self, order: Command) -> None:
        if order.get("command") == "describe":
            self._host.monitor.describe_running()
            self._guests.tell("describe")

    def _end(self, reason: str, timeout: float) -> None:
        self._host.monitor.stop_watching()
        start_reaper(timeout, _NAME, self._log)
        set_thread_name(_CARETAKER)
        self._guests.stop()
        self._guests.tell("stop", reason=reason)
        self._host.telemetry.publish_process_stopping(reason)
        finish_requests(self._channel, self._attend_to_ending)
        self._listener.close()
        self._log.log("info", "Stopping embedded mode.")
        has_guests = bool(self._guests)
        if has_guests and self._settings.destroy_interpreter:
            self._guests.exit()
            self._guests.wait_for_exit(timeout / 2)
            run_exit_callbacks(self._log)
        # Beside sub-interpreters that had threads the main one can't be taken down: it has run what is to be run at exit.
        self._control.send("stopped", finalize=not has_guests)

    def _attend_to_ending(self) -> bool:
        """Takes in what still comes. False while other interpreters are not finished."""
        self._reception.accept_all()
        for _event in self._guests.poll(0):
            pass
        self._guests.collect_failed()
        return self._guests.are_finished


class _NoTimers:
    """Embedded mode has no timers of its own: nothing asks for another process."""

    def request_replacement(self, reason: str, message: str) -> bool:
        return False

    def request_stop(self, reason: str) -> None:
        pass


def _ignore(name: str, event: Command) -> None:
    """Of what guests tell while they are made."""
