"""Which thread reads the channel while applications are fast: the one that runs them, and no other is woken.

A leader that takes a request passes the lead on, so that others can be taken meanwhile (channel.py). To wake another
thread and to share the interpreter with it costs more than a fast application takes. So while they are fast the leader
keeps the lead, and goes on with the next request when it comes back. Should it not come back within a moment, the
watch gives the lead up in its place. Whoever removes the token has the lead: the thread that kept it, or the watch.

What makes it safe without locks: list.pop and list.append are atomic under the interpreter's lock.
"""

import threading
import time
from typing import Callable, List

from .process_naming import set_thread_name

# Applications that take longer on average are not worth waiting for.
_FAST_SECONDS = 0.001
# So many requests make the average.
_REQUESTS_AVERAGED = 16
# A request that takes longer than this holds nobody else up.
_WATCH_SECONDS = 0.002
# After this many looks in a row at a lead that nobody keeps the watch sleeps.
_CALM_LOOKS = 50


class KeptLead:
    """`give_up` is what a leader does that passes the lead on; any thread may call it in the leader's place."""

    def __init__(self, give_up: Callable[[], None]) -> None:
        self._give_up = give_up
        self._token: List[None] = []
        self._average = 0.0
        self._kept = 0
        self._is_asleep = True
        self._wake = threading.Lock()
        self._wake.acquire()

    def start(self) -> None:
        threading.Thread(target=self._watch, name="wsgi-lead", daemon=True).start()

    def keep(self) -> bool:
        """Called by the leader that has taken a request. False: it is to pass the lead on."""
        if self._average > _FAST_SECONDS:
            return False
        self._kept += 1
        self._token.append(None)
        if self._is_asleep:
            self._is_asleep = False
            self._wake.release()
        return True

    def resume(self) -> bool:
        """Called by the thread that kept the lead, when it is done. False where it has been given up meanwhile."""
        try:
            self._token.pop()
            return True
        except IndexError:
            return False

    def count(self, seconds: float) -> None:
        """A request took so long."""
        self._average += (seconds - self._average) / _REQUESTS_AVERAGED

    def release(self) -> None:
        """Whoever keeps the lead does so no longer: a thread must wait for what a leader would read."""
        if self.resume():
            self._give_up()

    def _watch(self) -> None:
        set_thread_name("wsgi-lead")
        while True:
            self._wake.acquire()
            calm = 0
            while calm < _CALM_LOOKS:
                kept = self._kept
                time.sleep(_WATCH_SECONDS)
                if self._kept != kept:
                    calm = 0
                elif self._token:
                    self.release()
                else:
                    calm += 1
            self._is_asleep = True
            # One that was kept just before this line has not woken us.
            if self._token and self._is_asleep:
                self._is_asleep = False
                self._wake.release()
