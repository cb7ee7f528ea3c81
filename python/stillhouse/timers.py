"""When the timers of a daemon process are due: pure logic, told the time and what is running.

The monitor (monitor.py) looks once a second and acts; nothing here reads a clock, a counter or the channel. Seconds on
a clock that only goes forward; 0 switches a timer off.
"""

import math
import threading
from typing import Dict, List, NamedTuple, Optional, Sequence, Tuple

from .settings import Settings

# After a replacement that could not be started, what asked for it waits as long before it asks again.
ASK_AGAIN_SECONDS = 30.0


class Limits(NamedTuple):
    """What of a process group's options the timers go by."""

    threads: int = 1
    request_timeout: float = 0
    interrupt_timeout: float = 0
    startup_timeout: float = 0
    inactivity_timeout: float = 0
    restart_interval: float = 0
    maximum_requests: int = 0
    # Resident size in bytes.
    memory_recycle: int = 0
    graceful_timeout: float = 15

    def without_process(self) -> "Limits":
        """For an interpreter beside the main one: what concerns the process as a whole is watched there."""
        return self._replace(startup_timeout=0, inactivity_timeout=0, restart_interval=0, memory_recycle=0)

    @staticmethod
    def of(settings: Settings) -> "Limits":
        return Limits(
            threads=settings.threads,
            request_timeout=settings.request_timeout,
            interrupt_timeout=settings.interrupt_timeout,
            startup_timeout=settings.startup_timeout,
            inactivity_timeout=settings.inactivity_timeout,
            restart_interval=settings.restart_interval,
            maximum_requests=settings.maximum_requests,
            memory_recycle=settings.memory_recycle,
            graceful_timeout=settings.graceful_timeout,
        )


class Running(NamedTuple):
    """A request that a request thread is running. `request` is compared by identity only."""

    slot: int
    request: object
    since: float


class Verdict(NamedTuple):
    """What is to be done about one request.

    interrupt   raise RequestTimeout in its thread
    linger      it was interrupted, or given up, and is still there
    give_up     the process is to be replaced because of it
    """

    action: str
    running: Running
    elapsed: float


class RequestTimer:
    """request-timeout and interrupt-timeout: each thread by itself, as mod_wsgi 6 does.

        running --allowed seconds--> interrupted --interrupt-timeout--> given up
           └──── allowed seconds, where interrupt-timeout is 0 ────────────┘
    """

    def __init__(self, limits: Limits) -> None:
        self._interrupt_timeout = limits.interrupt_timeout
        # One slow request of many threads harms less than the one of a single thread.
        self.allowed = limits.request_timeout * (1 + math.log(max(limits.threads, 1)))
        self._interrupted: Dict[int, Tuple[object, float]] = {}
        self._given_up: Dict[int, object] = {}
        self._again_at = math.inf

    def look(self, now: float, running: Sequence[Running]) -> List[Verdict]:
        """One request at most is to be interrupted at each look: the one that has run longest."""
        verdicts: List[Verdict] = []
        if self.allowed <= 0:
            return verdicts
        if now >= self._again_at:
            self._again_at = math.inf
            self._given_up.clear()
        oldest: Optional[Running] = None
        for item in running:
            elapsed = now - item.since
            interrupted = self._interrupted.get(item.slot)
            if self._given_up.get(item.slot) is item.request:
                verdicts.append(Verdict("linger", item, elapsed))
            elif interrupted is not None and interrupted[0] is item.request:
                is_over = now - interrupted[1] >= self._interrupt_timeout
                verdicts.append(self._give_up(item, elapsed) if is_over else Verdict("linger", item, elapsed))
            elif elapsed > self.allowed:
                if self._interrupt_timeout <= 0:
                    verdicts.append(self._give_up(item, elapsed))
                elif oldest is None or item.since < oldest.since:
                    oldest = item
        if oldest is not None:
            self._interrupted[oldest.slot] = (oldest.request, now)
            verdicts.append(Verdict("interrupt", oldest, now - oldest.since))
        self._forget_all_but(running)
        return verdicts

    def ask_again(self, now: float) -> None:
        """What was given up is given up once more after a while: the replacement could not be started. Any thread."""
        self._again_at = now + ASK_AGAIN_SECONDS

    def _give_up(self, item: Running, elapsed: float) -> Verdict:
        self._given_up[item.slot] = item.request
        return Verdict("give_up", item, elapsed)

    def _forget_all_but(self, running: Sequence[Running]) -> None:
        """Keeps no request alive that is over."""
        present = {item.slot: item.request for item in running}
        for slot in [slot for slot, (request, _) in self._interrupted.items() if present.get(slot) is not request]:
            del self._interrupted[slot]
        for slot in [slot for slot, request in self._given_up.items() if present.get(slot) is not request]:
            del self._given_up[slot]


class StartupTimer:
    """startup-timeout: from the first request until a script has been loaded."""

    def __init__(self, limits: Limits) -> None:
        self._timeout = limits.startup_timeout
        self._since: Optional[float] = None
        self._is_done = limits.startup_timeout <= 0

    def look(self, now: float, first_request: Optional[float], is_loaded: bool) -> Optional[str]:
        """'started', 'cancelled' or 'expired', each once; else None. `first_request`: when it was taken."""
        if self._is_done:
            return None
        if is_loaded:
            self._is_done = True
            return "cancelled" if self._since is not None else None
        if self._since is None:
            self._since = first_request
            return "started" if first_request is not None else None
        if now - self._since < self._timeout:
            return None
        self._is_done = True
        return "expired"


class InactivityTimer:
    """inactivity-timeout: from the last activity of any request on. Unarmed before the first one."""

    def __init__(self, limits: Limits) -> None:
        self._timeout = limits.inactivity_timeout
        self._is_done = limits.inactivity_timeout <= 0

    def look(self, now: float, last_activity: Optional[float], is_idle: bool) -> bool:
        """True once, when it expires."""
        if self._is_done or last_activity is None or not is_idle or now - last_activity < self._timeout:
            return False
        self._is_done = True
        return True


class Appeal:
    """At most one replacement is asked for at a time; one that failed is not asked for again at once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._is_pending = False
        self._not_before = -math.inf

    def begin(self, now: float, at_once: bool = False) -> bool:
        """True for the one who is to ask. `at_once`: although the last one failed a moment ago."""
        # Asked at the end of every request beyond maximum-requests: mostly answered here.
        if self._is_pending or (now < self._not_before and not at_once):
            return False
        with self._lock:
            if self._is_pending:
                return False
            self._is_pending = True
            return True

    def fail(self, now: float) -> None:
        with self._lock:
            self._is_pending = False
            self._not_before = now + ASK_AGAIN_SECONDS
