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
from typing import Callable, Deque, Dict, Optional, Tuple

from .channel import Channel
from .control import Control
from .error_log import ErrorLog, replace_standard_descriptors
from .process_setup import size_buffers
from .settings import Settings
from .stacks import collect_stacks

_DRAIN_SECONDS = 0.1
_WAKEUP_BYTES = 256
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
        listener: socket.socket,
        channel: Channel,
        on_kept: Callable[[float], None],
        on_cpu_limit: Callable[[], None],
        on_signal: Callable[[str, int], None],
        on_describe: Callable[[], None],
    ) -> None:
        self._settings = settings
        self._control = control
        self._log = log
        self._signals = signals
        self._listener = listener
        self._channel = channel
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
        poll = select.poll()
        poll.register(self._signals.read_end, select.POLLIN)
        poll.register(self._control.socket, select.POLLIN)
        poll.register(self._listener, select.POLLIN)
        if self._control.has_early:
            self._act(self._control.socket.fileno())
        while self._retirement is None:
            for descriptor, _ in poll.poll():
                reason = self._act(descriptor)
                if reason is not None:
                    return reason
        return self._retire(*self._retirement)

    def _act(self, descriptor: int) -> Optional[str]:
        """Handles what has come; a reason to stop, if that was it."""
        if descriptor == self._listener.fileno():
            self._accept()
            return None
        if descriptor == self._signals.read_end.fileno():
            return self._handle_signals()
        try:
            for command in self._control.receive():
                self._obey(command)
        except (EOFError, OSError):
            return "parent_gone"
        except ValueError as error:
            self._log.log("error", f"daemon process '{self._settings.group}': {error}; without its parent it stops")
            return "parent_gone"
        return None

    def _accept(self) -> None:
        try:
            peer, _ = self._listener.accept()
        except OSError:
            return  # it went away before we got to it
        peer.setblocking(True)
        size_buffers(peer, self._settings)
        self._channel.accept(peer)

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
            self._on_signal(signal.Signals(number).name, number)

    def _obey(self, command: Dict[str, object]) -> None:
        name = command.get("command")
        if name == "retire":
            self._retirement = (str(command["reason"]), float(command["timeout"]))  # type: ignore[arg-type]
        elif name == "kept":
            self._wanted = None
            self._on_kept(float(command["age"]))  # type: ignore[arg-type]
        elif name == "stacks":
            self._control.send("stacks", id=command["id"], threads=collect_stacks())
        elif name == "describe":
            self._on_describe()
        elif name == "log":
            descriptor = command.get("descriptor")
            if isinstance(descriptor, int):
                replace_standard_descriptors(descriptor)

    def _retire(self, reason: str, timeout: float) -> str:
        """A successor serves: what has not begun goes back, what has begun may end."""
        name = self._settings.group
        self._channel.stop()
        until = time.monotonic() + timeout
        while self._channel.awaited > 0:
            if time.monotonic() >= until:
                self._log.log("info", f"Daemon process restart timer expired in daemon process '{name}'; forcing shutdown.")
                return reason
            self._channel.drain(_DRAIN_SECONDS)
            stop_reason = self._handle_signals()
            if stop_reason is not None:
                return stop_reason
        self._log.log("info", f"Requests have completed; triggering immediate shutdown of daemon process '{name}'.")
        return reason
