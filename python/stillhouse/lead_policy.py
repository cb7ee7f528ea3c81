"""Whether the leader is to keep the lead while it runs a request (lead.py): where applications are fast and do not wait.

An application that waits, for a database, say, lets other threads run meanwhile, and so another thread should lead. How
long a request takes says little while threads compete for the interpreter: only those are judged during which the lead
was kept, and where it is not kept one request now and then shows whether it should be.
"""

import resource
from time import monotonic

# Applications that take longer on average are not worth waiting for; those that wait not even for this.
_FAST_SECONDS = 0.001
_SHORT_WAIT_SECONDS = 0.000_05
_REQUESTS_AVERAGED = 16
# One that is slow among many that are fast counts for no more than this.
_COUNTED_SECONDS = 0.004
# To ask whether a request waited costs a system call: of so many one is asked.
_SAMPLE_EVERY = 16
_SAMPLES_AVERAGED = 8
# The share of those that wait, above which applications count as waiting.
_WAITING_SHARE = 0.5
# After so long one request shows whether the lead is to be kept again; each time that it is not, after twice as long.
_TRIAL_SECONDS = 0.05
_TRIAL_SECONDS_LIMIT = 1.6


class LeadPolicy:
    """Used by whoever leads, and by the thread that has kept the lead when it is back; a race costs a wrong figure."""

    def __init__(self) -> None:
        self._keeps = True
        # Seconds that a request takes, and the share of those sampled that wait.
        self._average = 0.0
        self._waiting = 0.0
        self._unsampled = 0
        self._trial_at = 0.0
        self._trial_seconds = _TRIAL_SECONDS

    def advises_keeping(self, now: float) -> bool:
        """`now`: monotonic."""
        return self._keeps or now >= self._trial_at

    def begin(self) -> int:
        """The thread is about to run a request, the lead kept. The result is for `end`."""
        self._unsampled += 1
        if self._keeps and self._unsampled < _SAMPLE_EVERY:
            return -1
        self._unsampled = 0
        return _count_waits()

    def end(self, started: float, waits: int) -> None:
        """The request that `begin` returned `waits` for, in the same thread, is over. `started`: monotonic."""
        now = monotonic()
        seconds = min(now - started, _COUNTED_SECONDS)
        has_waited = waits >= 0 and _count_waits() != waits
        if not self._keeps:
            self._conclude_trial(seconds, has_waited, now)
            return
        self._average += (seconds - self._average) / _REQUESTS_AVERAGED
        if waits >= 0:
            self._waiting += (has_waited - self._waiting) / _SAMPLES_AVERAGED
        if self._average > _FAST_SECONDS or (self._average > _SHORT_WAIT_SECONDS and self._waiting > _WAITING_SHARE):
            self._keeps = False
            self._trial_at = now + self._trial_seconds

    def _conclude_trial(self, seconds: float, has_waited: bool, now: float) -> None:
        if seconds <= (_SHORT_WAIT_SECONDS if has_waited else _FAST_SECONDS):
            self._keeps = True
            self._average = seconds
            self._waiting = 0.0
            self._trial_seconds = max(self._trial_seconds / 2, _TRIAL_SECONDS)
        else:
            self._trial_seconds = min(self._trial_seconds * 2, _TRIAL_SECONDS_LIMIT)
            self._trial_at = now + self._trial_seconds


def _count_waits() -> int:
    """How often this thread has waited for something in the kernel."""
    return resource.getrusage(resource.RUSAGE_THREAD).ru_nvcsw
