"""What the main thread of a daemon process does from ready until shutdown: the caretaker.

It waits on a socketpair that the signal handler writes to, accepts http children's connections, and listens to the
parent. It decides nothing about time: the monitor does, and asks here (`request_replacement`, `request_stop`).

    serving ──request_replacement──▶ serving, successor wanted ──retire──▶ retiring ──idle or timeout──▶ shutdown
       │                                  │ kept: back to serving               │
       └───────────── request_stop, SIGTERM, SIGINT, parent gone ───────────────┴──────────────────────▶ shutdown
"""

import select
import signal
import socket
import threading
import time
from collections import deque
from typing import Callable, Deque, Dict, List, Optional, Tuple

from .channel import Channel
from .control import Command, Control
from .error_log import ErrorLog, replace_standard_descriptors
from .guests import Guests
from .reception import Reception
from .settings import Settings
from .stacks import collect_stacks

_DRAIN_SECONDS = 0.1
_WAKEUP_BYTES = 256
# How long the main thread waits for the Python stacks of other interpreters.
_STACKS_SECONDS = 1.0
_STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT)
_EVENT_SIGNALS = (signal.SIGHUP, signal.SIGUSR2)
# Written by threads of this process beside the numbers of signals.
_NUDGE = b"\0"


class SignalPipe:
    """Signals only write their number to a socketpair (signal.set_wakeup_fd); the caretaker acts on it.

    Made first of all, so that no signal is missed while the process starts.
    """

    def __init__(self) -> None:
        self.read_end, self._write_end = socket.socketpair()
        self.read_end.setblocking(False)
        self._write_end.setblocking(False)
        signal.set_wakeup_fd(self._write_end.fileno(), warn_on_full_buffer=False)
        for number in (*_STOP_SIGNALS, *_EVENT_SIGNALS, signal.SIGUSR1, signal.SIGXCPU):
            signal.signal(number, lambda *_: None)
        signal.signal(signal.SIGPIPE, signal.SIG_IGN)

    def nudge(self) -> None:
        try:
            self._write_end.send(_NUDGE)
        except BlockingIOError:
            pass  # it has more than enough to read

    def read(self) -> bytes:
        try:
            return self.read_end.recv(_WAKEUP_BYTES)
        except BlockingIOError:
            return b""


class Caretaker:
    """The main thread's loop, and what other threads may ask of it."""

    def __init__(
        self,
        settings: Settings,
        *,
        control: Control,
        log: ErrorLog,
        signals: SignalPipe,
        reception: Reception,
        channel: Channel,
        guests: Guests,
        on_kept: Callable[[float], None],
        on_cpu_limit: Callable[[], None],
        on_signal: Callable[[str, int], None],
        on_describe: Callable[[], None],
    ) -> None:
        self._settings = settings
        self._control = control
        self._log = log
        self._signals = signals
        self._reception = reception
        self._channel = channel
        self._guests = guests
        self._stacks: Dict[str, List[Dict[str, object]]] = {}
        self._on_kept = on_kept
        self._on_cpu_limit = on_cpu_limit
        self._on_signal = on_signal
        self._on_describe = on_describe
        self._lock = threading.Lock()
        # Why a successor is wanted; None while none is.
        self._wanted: Optional[str] = None
        self._stop_reason: Optional[str] = None
        self._retirement: Optional[Tuple[str, float]] = None
        self._events: Deque[int] = deque()
        self._delivering = False

    # For every thread.

    def request_replacement(self, reason: str, message: str) -> bool:
        """Asks the parent for a successor, and goes on meanwhile. False where one has been asked for already."""
        with self._lock:
            if self._wanted is not None:
                return False
            self._wanted = reason
        self._control.send("replace", reason=reason, message=message)
        return True

    def request_stop(self, reason: str) -> None:
        """Has the main thread shut the process down."""
        if self._stop_reason is None:
            self._stop_reason = reason
        self._signals.nudge()

    @property
    def is_replacement_wanted(self) -> bool:
        return self._wanted is not None

    # For the main thread.

    def attend(self) -> str:
        """Serves until there is a reason to stop; returns it."""
        if self._control.has_early:
            self._act(self._control.socket.fileno())
        while self._retirement is None:
            for descriptor, _ in self._make_poll().poll():
                reason = self._act(descriptor)
                if reason is not None:
                    return reason
        return self._retire(*self._retirement)

    def attend_to_ending(self) -> bool:
        """While the process shuts down: takes in what still comes. False while other interpreters are not finished."""
        self._reception.accept_all()
        self._listen_to_guests(0)
        return self._guests.are_finished

    def _make_poll(self) -> "select.poll":
        poll = select.poll()
        fixed = (self._signals.read_end.fileno(), self._control.socket.fileno())
        for descriptor in (*fixed, *self._reception.descriptors, *self._guests.sockets):
            poll.register(descriptor, select.POLLIN)
        return poll

    def _act(self, descriptor: int) -> Optional[str]:
        """Handles what has come; a reason to stop, if that was it."""
        if self._reception.attend(descriptor):
            return None
        if descriptor == self._signals.read_end.fileno():
            reason = self._handle_signals()
            self._guests.collect_failed()
            return reason
        if descriptor in self._guests.sockets:
            for name, event in self._guests.receive(descriptor):
                self.on_guest_event(name, event)
            return self._stop_reason
        try:
            for command in self._control.receive():
                self._obey(command)
        except (EOFError, OSError):
            return "parent_gone"
        except ValueError as error:
            self._log.log("error", f"daemon process '{self._settings.group}': {error}; without its parent it stops")
            return "parent_gone"
        return None

    def on_guest_event(self, name: str, event: Command) -> None:
        """Another interpreter has something to say to the process."""
        kind = event["event"]
        if kind == "loaded":
            self._control.send("loaded", script=event["script"], application_group=name)
        elif kind == "replace":
            self.request_replacement(event["reason"], event["message"])
        elif kind == "stop_process":
            self.request_stop(event["reason"])
        elif kind == "stacks":
            self._stacks[name] = event["threads"]

    def _listen_to_guests(self, seconds: float) -> None:
        for name, event in self._guests.poll(seconds):
            self.on_guest_event(name, event)
        self._guests.collect_failed()

    def _handle_signals(self) -> Optional[str]:
        for number in self._signals.read():
            if number in _STOP_SIGNALS:
                return self._stop_reason or "shutdown_signal"
            if number == signal.SIGUSR1:
                self._start_leaving()
            elif number == signal.SIGXCPU:
                self._on_cpu_limit()
            elif number in _EVENT_SIGNALS:
                self._deliver(number)
        return self._stop_reason

    def _start_leaving(self) -> None:
        """SIGUSR1: somebody wants this one process replaced, without a request lost."""
        if self._settings.eviction_timeout > 0:
            reason, text = "eviction_signal", "Process eviction requested"
        else:
            reason, text = "graceful_signal", "Graceful restart requested"
        if self.request_replacement(reason, "SIGUSR1 received"):
            self._log.log(
                "info",
                f"{text}; waiting for in-flight requests to complete in process '{self._settings.group}'.",
            )

    def _deliver(self, number: int) -> None:
        """Subscribers of process_signal run in a thread of their own: the main thread stays free to stop the process."""
        self._events.append(number)
        if self._delivering:
            return
        self._delivering = True
        threading.Thread(target=self._deliver_all, name="wsgi-signal", daemon=True).start()

    def _deliver_all(self) -> None:
        while True:
            with self._lock:
                if not self._events:
                    self._delivering = False
                    return
                number = self._events.popleft()
            name = signal.Signals(number).name
            self._guests.tell("signal", name=name, number=number)
            self._on_signal(name, number)

    def _obey(self, command: Dict[str, object]) -> None:
        name = command.get("command")
        if name == "retire":
            self._retirement = (str(command["reason"]), float(command["timeout"]))  # type: ignore[arg-type]
        elif name == "kept":
            self._wanted = None
            self._on_kept(float(command["age"]))  # type: ignore[arg-type]
            self._guests.tell("kept", age=command["age"])
        elif name == "stacks":
            self._control.send("stacks", id=command["id"], threads=self._collect_stacks())
        elif name == "describe":
            self._on_describe()
            self._guests.tell("describe")
        elif name == "log":
            descriptor = command.get("descriptor")
            if isinstance(descriptor, int):
                replace_standard_descriptors(descriptor)

    def _collect_stacks(self) -> List[Dict[str, object]]:
        """Of all interpreters; one that does not answer is left out."""
        self._stacks = {}
        serving = self._guests.serving
        self._guests.tell("stacks", id=0)
        until = time.monotonic() + _STACKS_SECONDS
        while len(self._stacks) < serving and time.monotonic() < until:
            self._listen_to_guests(_DRAIN_SECONDS)
        threads = collect_stacks()
        for found in self._stacks.values():
            threads += found
        return threads

    def _retire(self, reason: str, timeout: float) -> str:
        """A successor serves: what has not begun goes back, what has begun may end."""
        name = self._settings.group
        self._channel.stop()
        self._guests.stop()
        self._guests.tell("retire")
        until = time.monotonic() + timeout
        while self._channel.awaited > 0 or not self._guests.are_idle:
            if time.monotonic() >= until:
                self._log.log("info", f"Daemon process restart timer expired in daemon process '{name}'; forcing shutdown.")
                return reason
            self._reception.accept_all()
            self._channel.drain(_DRAIN_SECONDS)
            self._listen_to_guests(0)
            stop_reason = self._handle_signals()
            if stop_reason is not None:
                return stop_reason
        self._log.log("info", f"Requests have completed; triggering immediate shutdown of daemon process '{name}'.")
        return reason
