"""Who reads the channel: the leader. A request thread that is idle waits to lead, and meanwhile watches the leader.

A leader that takes a request may release the lead, so that others are read meanwhile (channel.py). But to wake another
thread and to share the interpreter with it costs more than a fast application takes. So while applications are fast
(lead_policy.py) the leader keeps the lead, and goes on with the next request when it comes back. One idle thread, the
deputy, watches: it takes the lead over from a thread that does not come back within a moment. Without a deputy no lead
is kept.

What makes it safe without more locks: a token stands for a lead that is kept, and whoever removes it has the lead, be
it the thread that kept it, another that kept one before, or the deputy; list.append and list.pop are atomic.
"""

import threading
from time import monotonic
from typing import List

# The deputy looks this often, and leaves alone a lead that has been kept for less than this.
_WATCH_SECONDS = 0.0015
_PATIENCE_SECONDS = 0.001
# After so many looks in a row at a lead that nobody keeps the deputy sleeps until the lead is released.
_CALM_LOOKS = 50


class Lead:
    """A lock whose holder may leave it to the watch of a waiting thread. Any thread may release it in the holder's place."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._deputy = threading.Lock()
        self._token: List[None] = []
        # A lead that is kept at this moment would be.
        self.is_watched = False
        self._kept_at = 0.0
        # For other threads than those that wait in `acquire`.
        self.try_acquire = self._lock.acquire
        self.release = self._lock.release
        self.is_taken = self._lock.locked

    def acquire(self) -> None:
        """For an idle request thread: returns when it leads, if need be in the place of one that keeps the lead."""
        with self._deputy:
            if self._lock.acquire(False):
                return
            while True:
                self.is_watched = True
                has_it = self._watch()
                self.is_watched = False
                if has_it:
                    return
                # Asked after that was said: a lead that was kept before it could be known is found here.
                if not self._token:
                    self._lock.acquire()
                    return

    def _watch(self) -> bool:
        """True: the caller has the lead. False: nobody has kept it for a while."""
        calm = 0
        while calm < _CALM_LOOKS:
            kept_at = self._kept_at
            if self._lock.acquire(timeout=_WATCH_SECONDS):
                return True
            if not self._token:
                calm = calm + 1 if self._kept_at == kept_at else 0
            elif monotonic() - self._kept_at < _PATIENCE_SECONDS:
                calm = 0
            elif self.resume():
                return True
        return False

    def keep(self, now: float) -> bool:
        """Called by the leader that has taken a request, `now` (monotonic). False: it is to release the lead."""
        if not self.is_watched:
            return False
        self._kept_at = now
        self._token.append(None)
        # The deputy may have gone to sleep before it could see the token.
        return self.is_watched or not self.resume()

    def resume(self) -> bool:
        """Called by a thread that kept the lead, when it is back. False where somebody else has it meanwhile.

        Also by one that must wait for what a leader would read: it is to release the lead that it gets.
        """
        try:
            self._token.pop()
            return True
        except IndexError:
            return False
