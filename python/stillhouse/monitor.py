"""The monitor thread: timers of the process, and relief for request threads that are all busy.

It re-arms the deadlock thread once a second. That one is faulthandler's watchdog: a C thread which needs no GIL, so it
still acts when the interpreter is stuck, and leaves the Python stack of every thread in the error log before it ends the
process. Being re-armed needs the GIL: that is the proof of life.
"""

import faulthandler
import os
import signal
import threading
from typing import Callable, Optional

from .channel import Channel
from .process_naming import set_thread_name
from .source_watcher import SourceWatcher

_ERROR_LOG_DESCRIPTOR = 2
_TICK_SECONDS = 1.0
_RELIEF_SECONDS = 0.02
# After this many looks in a row at a channel that somebody attends to, back to the slow tick.
_CALM_LOOKS = 50


def arm_watchdog(seconds: float, name: str, caller_name: str) -> None:
    """(Re)starts the watchdog thread under `name`; a thread inherits the name its creator has at that moment."""
    set_thread_name(name)
    faulthandler.dump_traceback_later(seconds, exit=True, file=_ERROR_LOG_DESCRIPTOR)
    set_thread_name(caller_name)


class Monitor:
    """Owns the deadlock thread from start to stop."""

    def __init__(
        self,
        channel: Channel,
        *,
        deadlock_timeout: float,
        watcher: Optional[SourceWatcher],
        report: Callable[[str, str], None],
    ) -> None:
        self._channel = channel
        self._watcher = watcher
        self._report = report
        self._deadlock_timeout = deadlock_timeout
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name="wsgi-monitor", daemon=True)

    def start(self) -> None:
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
        faulthandler.cancel_dump_traceback_later()

    def _run(self) -> None:
        set_thread_name("wsgi-monitor")
        while not self._stopping:
            if self._channel.sleep_until_crowded(_TICK_SECONDS):
                self._relieve()
            self._prove_life()
            self._look_for_changes()

    def _look_for_changes(self) -> None:
        """Under reload-on-changes: signals its own process when the code it runs is not the code on disk any more."""
        changed = self._watcher.find_change() if self._watcher is not None else None
        if changed is None or self._stopping:
            return
        self._watcher = None
        self._report("info", f"'{changed}' has changed; restarting")
        os.kill(os.getpid(), signal.SIGTERM)

    def _prove_life(self) -> None:
        if self._deadlock_timeout > 0 and not self._stopping:
            arm_watchdog(self._deadlock_timeout, "wsgi-deadlock", "wsgi-monitor")

    def _relieve(self) -> None:
        """Reads in the request threads' place for as long as they are all busy."""
        channel = self._channel
        pause = threading.Event()
        calm = 0
        looks = 0
        while calm < _CALM_LOOKS and not self._stopping:
            reads = channel.reads
            pause.wait(_RELIEF_SECONDS)
            if channel.is_unattended and channel.reads == reads:
                channel.relieve()
                calm = 0
            else:
                calm += 1
            looks += 1
            if looks * _RELIEF_SECONDS >= _TICK_SECONDS:
                looks = 0
                self._prove_life()
