"""The monitor thread: timers of the process, and relief for request threads that are all busy.

It re-arms the deadlock thread once a second. That one is faulthandler's watchdog: a C thread which needs no GIL, so it
still acts when the interpreter is stuck, and leaves the Python stack of every thread in the error log before it ends the
process. Being re-armed needs the GIL: that is the proof of life.

The monitor always runs: mod_wsgi has one only with deadlock-timeout or inactivity-timeout, and without it ignores the
other timers. When something is due is worked out in timers.py; here is what is done about it, in mod_wsgi's words.
"""

import os
import threading
import time
from typing import Callable, List, Optional, Protocol

from .channel import Channel
from .daemon_threads import make_thread
from .error_log import format_exception
from .interrupt import Interrupter
from .interruptible_waits import install_interruptible_waits
from .neighbours import Neighbours
from .process_naming import describe_process, set_thread_name
from .request_stream import RequestStream
from .source_watcher import SourceWatcher
from .stack_line import STACK_DESCRIPTOR
from .stacks import describe_stack, runs_function
from .timers import Appeal, InactivityTimer, Limits, RequestTimer, Running, StartupTimer, Verdict

_TICK_SECONDS = 1.0
_RELIEF_SECONDS = 0.02
# Between two proofs of life, with some time to be late.
_SILENCE_SECONDS = 3.0
# After this many looks in a row at a channel that somebody attends to, back to the slow tick.
_CALM_LOOKS = 50
_MEBIBYTE = 1_048_576
# Of requests that keep others waiting so many are described.
_DESCRIBED_LIMIT = 5


class Caretaker(Protocol):
    """What the main thread offers. Both return at once."""

    def request_replacement(self, reason: str, message: str) -> bool:
        """Asks for a successor; the process goes on until that serves. False where one is wanted already."""

    def request_stop(self, reason: str) -> None:
        """Has the process shut down."""


def arm_watchdog(seconds: float, name: str, caller_name: str) -> None:
    """(Re)starts the watchdog thread under `name`; a thread inherits the name its creator has at that moment."""
    # Not above: an interpreter with a lock of its own can't load it, and only the main one needs it.
    import faulthandler

    set_thread_name(name)
    faulthandler.dump_traceback_later(seconds, exit=True, file=STACK_DESCRIPTOR)
    set_thread_name(caller_name)


def measure_resident_size() -> int:
    """Bytes of this process in memory; 0 where the kernel does not tell."""
    try:
        with open("/proc/self/statm", "rb") as statm:
            return int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, IndexError, ValueError):
        return 0


class Monitor:
    """Owns the deadlock thread from start to stop.

    Each interpreter of the process has one, for its own requests. The main interpreter's also has what concerns the
    process as a whole; it sees the `neighbours`, and the limits of the others leave those timers off.

    `report` is for what concerns the process, `log` takes records as they are. `is_loaded` tells whether any script has
    been loaded. Made before scripts are loaded: interrupt-timeout replaces functions that they may import.
    """

    def __init__(
        self,
        channel: Channel,
        *,
        deadlock_timeout: float,
        watcher: Optional[SourceWatcher],
        report: Callable[[str, str], None],
        group: str,
        limits: Limits,
        caretaker: Caretaker,
        log: Callable[[str, str], None],
        is_loaded: Callable[[], bool],
        interpreter: str = "main interpreter",
        neighbours: Optional[Neighbours] = None,
        clock: Callable[[], float] = time.monotonic,
        resident_size: Callable[[], int] = measure_resident_size,
    ) -> None:
        self._channel = channel
        self._watcher = watcher
        self._report = report
        self._deadlock_timeout = deadlock_timeout
        self._group = group
        # How messages name this process; '' is the group of embedded mode.
        self._process = describe_process(group)
        self._limits = limits
        self._caretaker = caretaker
        self._log = log
        self._is_loaded = is_loaded
        self._interpreter = interpreter
        self._neighbours = neighbours
        self._clock = clock
        self._resident_size = resident_size
        self._stopping = False
        self._watching = True
        self._recycles = limits.memory_recycle > 0
        self._next_tick = 0.0
        self._begun_at = clock()
        self._requests = RequestTimer(limits)
        self._startup = StartupTimer(limits)
        self._inactivity = InactivityTimer(limits)
        self._appeal = Appeal()
        self._progress = 0
        self._interrupter: Optional[Interrupter] = None
        if limits.interrupt_timeout > 0:
            self._interrupter = Interrupter(channel)
            if not self._interrupter.is_available:
                report("warn", "interrupt-timeout has no effect: this Python has no ctypes")
            install_interruptible_waits()
        channel.watches_activity = limits.inactivity_timeout > 0
        if limits.maximum_requests > 0:
            channel.on_finished = self._count_requests
        self._thread = make_thread(self._run, "wsgi-monitor")

    def start(self) -> None:
        self._begun_at = self._clock()
        self._recycles = self._limits.memory_recycle > 0 and self._is_small()
        # Nothing is asked for before the parent knows that the process is ready.
        self._next_tick = self._begun_at + _TICK_SECONDS
        # From here on silence counts.
        self._channel.scoreboard.prove_life(time.time())
        if self._deadlock_timeout > 0:
            arm_watchdog(self._deadlock_timeout, "wsgi-deadlock", "wsgi-main")
        self._thread.start()

    def stop(self) -> None:
        """Ends the monitor and with it the deadlock thread."""
        self._stopping = True
        try:
            self._channel.relief_wanted.release()
        except RuntimeError:
            pass  # it is awake already
        self._thread.join(_TICK_SECONDS + 1)
        if self._deadlock_timeout > 0:
            import faulthandler

            faulthandler.cancel_dump_traceback_later()

    def stop_watching(self) -> None:
        """The process shuts down: no timer acts any more. The thread goes on to relieve request threads that are busy."""
        self._watching = False

    def _is_small(self) -> bool:
        """False where a process is over memory-recycle before it has served anything: its successor would be, too."""
        size = self._resident_size()
        if size < self._limits.memory_recycle:
            return True
        self._log(
            "warn",
            f"memory-recycle={self._limits.memory_recycle // _MEBIBYTE} MiB has no effect on daemon process "
            f"'{self._group}': it has {size // _MEBIBYTE} MiB before its first request.",
        )
        return False

    # What the caretaker tells.

    def replacement_failed(self) -> None:
        """The successor that was wanted could not be started: whatever asked for it may ask again after a while."""
        now = self._clock()
        self._appeal.fail(now)
        self._requests.ask_again(now)

    def cpu_time_exceeded(self) -> None:
        """SIGXCPU has come (cpu-time-limit). Called by the main thread."""
        self._ask(
            "cpu_time_limit",
            "cpu-time-limit has been used up",
            f"Exceeded CPU time limit; waiting for in-flight requests to complete in process '{self._group}'.",
            f"Exceeded CPU time limit; triggering immediate shutdown of daemon process '{self._group}'.",
        )

    def describe_running(self) -> None:
        """Requests wait: writes what keeps the threads busy to the log, the oldest first. Called by the main thread."""
        now = self._clock()
        for slot, stream, since in sorted(self._list_running(), key=lambda item: item.since)[:_DESCRIBED_LIMIT]:
            thread = self._channel.threads[slot]
            if thread is None or thread.ident is None or not isinstance(stream, RequestStream):
                continue
            self._log(
                "warn",
                f"{_name(stream)} has run for {now - since:.1f} s in request thread {slot + 1} (tid {thread.native_id}) of "
                f"{self._process} while other requests wait.",
            )
            self._dump(thread.ident)

    # The thread.

    def _run(self) -> None:
        set_thread_name("wsgi-monitor")
        while not self._stopping:
            pause = max(self._next_tick - self._clock(), 0.0)
            if self._channel.sleep_until_crowded(min(pause, _TICK_SECONDS)):
                self._relieve()
            self._tick()

    def _tick(self) -> None:
        """Once a second, however often the monitor is woken."""
        now = self._clock()
        if now < self._next_tick or self._stopping:
            return
        self._next_tick = now + _TICK_SECONDS
        if not self._watching:
            return
        try:
            if self._neighbours is not None:
                self._neighbours.look(now)
        except OSError as problem:
            self._report("error", f"scoreboard can't be read: {problem}")
        self._prove_life(now)
        try:
            self._look_for_changes()
            self._look_at_timers(now)
        except Exception as problem:
            # The proof of life must go on.
            self._report("error", f"timers could not be looked at\n{format_exception(problem, whole=True)}")

    def _look_for_changes(self) -> None:
        """Under reload-on-changes: has the process replaced when the code it runs is not the code on disk any more."""
        changed = self._watcher.find_change() if self._watcher is not None else None
        if changed is None or self._stopping:
            return
        # At once although the last one failed: this is the correction.
        if self._appeal.begin(self._clock(), at_once=True):
            if self._watcher is not None:
                self._watcher.forget()
            self._report("info", f"'{changed}' has changed; restarting")
            self._caretaker.request_replacement("script_reload", f"'{changed}' has changed")

    def _prove_life(self, now: float) -> None:
        self._channel.scoreboard.prove_life(time.time())
        if self._deadlock_timeout <= 0 or self._stopping:
            return
        # Another interpreter with a lock of its own may be stuck where this one is not.
        silence = self._neighbours.silence(now) if self._neighbours is not None else 0.0
        seconds = max(self._deadlock_timeout - max(0.0, silence - _SILENCE_SECONDS), _TICK_SECONDS / 2)
        try:
            arm_watchdog(seconds, "wsgi-deadlock", "wsgi-monitor")
        except RuntimeError:
            pass  # no memory for a thread at this moment (memory-limit): there is one again, or not, in a second

    def _relieve(self) -> None:
        """Reads in the request threads' place for as long as they are all busy."""
        channel = self._channel
        pause = threading.Event()
        calm = 0
        relieves = False
        while calm < _CALM_LOOKS and not self._stopping:
            reads = channel.reads
            if not relieves:
                pause.wait(_RELIEF_SECONDS)
            relieves = channel.is_unattended and (relieves or channel.reads == reads)
            if relieves:
                channel.relieve(_RELIEF_SECONDS)
                calm = 0
            else:
                calm += 1
            self._tick()

    # Timers.

    def _look_at_timers(self, now: float) -> None:
        running = self._list_running()
        for verdict in self._requests.look(now, running):
            self._judge(verdict)
        self._look_at_startup(now, running)
        self._look_at_inactivity(now, running)
        limits = self._limits
        if limits.restart_interval > 0 and now - self._begun_at >= limits.restart_interval:
            self._ask(
                "restart_interval",
                f"restart-interval={limits.restart_interval:g} has passed",
                f"Application restart timer expired; waiting for in-flight requests to complete in process "
                f"'{self._group}'.",
                f"Application restart timer expired, stopping process '{self._group}'.",
            )
        if self._recycles:
            size = self._resident_size()
            if size >= limits.memory_recycle:
                message = (
                    f"resident size {size // _MEBIBYTE} MiB has reached memory-recycle="
                    f"{limits.memory_recycle // _MEBIBYTE} MiB"
                )
                line = f"{message}; replacing daemon process '{self._group}'."
                self._ask("memory_recycle", message, line, line)
        # What a failed replacement has put off.
        self._count_requests()

    def _list_running(self) -> List[Running]:
        channel = self._channel
        found = []
        for slot, stream in enumerate(channel.running):
            if stream is not None:
                since = channel.started[slot]
                # Read in this order: a thread that took another request meanwhile is not charged with the first one's.
                if channel.running[slot] is stream:
                    found.append(Running(slot, stream, since))
        return found

    def _judge(self, verdict: Verdict) -> None:
        action, running, elapsed = verdict
        stream = running.request
        assert isinstance(stream, RequestStream)
        if stream.is_over:
            return
        if action == "interrupt":
            self._describe(running.slot, stream, elapsed)
            self._interrupt(running.slot, stream)
        elif action == "give_up":
            self._channel.mark_stale(running.slot, stream)
            # Nobody waits for it any longer: its client has its answer, and may come again.
            stream.refuse_instead()
            self._describe(running.slot, stream, elapsed)
            self._ask(
                "request_timeout",
                f"{_name(stream)} has run for {elapsed:.0f} s",
                f"Daemon process request time limit exceeded; waiting for in-flight requests to complete in process "
                f"'{self._group}'.",
                f"Daemon process request time limit exceeded, stopping daemon process '{self._group}'.",
            )
        else:
            if not stream.interrupted or stream.raise_in_wait:
                self._interrupt(running.slot, stream)
            if stream.refuse_instead():
                self._channel.mark_stale(running.slot, stream)

    def _interrupt(self, slot: int, stream: RequestStream) -> None:
        interrupter = self._interrupter
        was_tried = stream.interrupted
        if interrupter is not None and interrupter.interrupt(slot, stream) and not was_tried:
            self._log("info", f"Injected RequestTimeout into thread {slot + 1} of daemon process '{self._group}'.")

    def _describe(self, slot: int, stream: RequestStream, elapsed: float) -> None:
        """Which request it is, and the Python stack of its thread."""
        thread = self._channel.threads[slot]
        if thread is None or thread.ident is None:
            return
        self._log(
            "warn",
            f"{_name(stream)} has run for {elapsed:.1f} s in request thread {slot + 1} (tid {thread.native_id}) of "
            f"daemon process '{self._group}', longer than request-timeout={self._limits.request_timeout:g} allows "
            f"({self._requests.allowed:.1f} s with threads={self._limits.threads}).",
        )
        self._dump(thread.ident)

    def _dump(self, ident: int) -> None:
        stack = describe_stack(ident)
        if stack:
            title = f"Dumping stack trace for active Python threads of {self._interpreter} of {self._process}."
            self._log("warn", f"{title}\n{stack}")

    def _look_at_startup(self, now: float, running: List[Running]) -> None:
        if self._limits.startup_timeout <= 0:
            return
        first = min((item.since for item in running), default=None)
        others = self._neighbours
        if first is None and (self._channel.scoreboard.served or (others is not None and others.busy + others.served)):
            first = now
        event = self._startup.look(now, first, self._is_loaded())
        if event == "started":
            self._log("info", f"Application startup timer started for daemon process '{self._group}'.")
        elif event == "cancelled":
            self._log("info", f"Application startup timer cancelled for daemon process '{self._group}'.")
        elif event == "expired":
            for thread in self._channel.threads:
                ident = thread.ident if thread is not None else None
                if ident is not None and runs_function(ident, "script_loader.py", "_execute"):
                    self._dump(ident)
            self._log("info", f"Application startup timer expired, stopping daemon process '{self._group}'.")
            self._caretaker.request_stop("startup_timeout")

    def _look_at_inactivity(self, now: float, running: List[Running]) -> None:
        channel = self._channel
        if not channel.watches_activity:
            return
        progress = 0
        for item in running:
            stream = item.request
            assert isinstance(stream, RequestStream)
            if not stream.facts.get("ignore_activity"):
                progress += stream.progress
        # Beginnings and ends are noted by the request threads; in between it is enough to look.
        if running and progress != self._progress:
            channel.last_activity = now
        self._progress = progress
        last, is_idle = channel.last_activity, not running
        others = self._neighbours
        if others is not None:
            is_idle = is_idle and not others.busy
            if others.last_activity is not None:
                last = max(last or 0.0, others.last_activity)
        if self._inactivity.look(now, last, is_idle):
            self._log("info", f"Daemon process idle inactivity timer expired, stopping process '{self._group}'.")
            self._caretaker.request_stop("inactivity_timeout")

    def _count_requests(self) -> None:
        """Called by each request thread after a request: the one that comes to maximum-requests asks."""
        maximum = self._limits.maximum_requests
        elsewhere = self._neighbours.served if self._neighbours is not None else 0
        if maximum > 0 and self._channel.scoreboard.served + elsewhere >= maximum:
            self._ask(
                "maximum_requests",
                f"maximum-requests={maximum} reached",
                f"Maximum requests reached; attempting graceful shutdown of daemon process '{self._group}'.",
                f"Maximum requests reached; triggering immediate shutdown of daemon process '{self._group}'.",
            )

    def _ask(self, reason: str, message: str, waiting: str, idle: str) -> None:
        """Asks for a successor, unless one is wanted already. `waiting` is logged where requests are waited for."""
        if self._stopping or not self._watching or not self._appeal.begin(self._clock()):
            return
        elsewhere = self._neighbours.busy if self._neighbours is not None else 0
        is_busy = self._channel.awaited + elsewhere > 0 and self._limits.graceful_timeout > 0
        self._log("info", waiting if is_busy else idle)
        self._caretaker.request_replacement(reason, message)


def _name(stream: RequestStream) -> str:
    """The request as the log calls it. The application may have changed its environ."""
    environ = stream.environ
    name = f"request {environ.get('REQUEST_METHOD')} {environ.get('REQUEST_URI')}"
    request_id = environ.get("mod_wsgi.request_id")
    return f"{name} (id {request_id})" if request_id else name
