"""The end of a daemon process: running requests may finish, atexit callbacks run, and the reaper bounds all of it.

The reaper is a thread that exists only here. It is Python and needs the interpreter's lock; should that be held for
ever, the deadlock thread (faulthandler's watchdog, a C thread) is armed to act a moment later.
"""

import math
import os
import signal
import threading
import time
from typing import Callable

from .channel import Channel
from .error_log import ErrorLog
from .monitor import arm_watchdog
from .process_naming import describe_process, set_thread_name
from .stack_line import STACK_DESCRIPTOR

_DRAIN_SECONDS = 0.1
# An http child answers `goodbye` by closing; one that hangs is not waited for longer.
PARTING_SECONDS = 2.0
# How much later than the reaper the watchdog acts.
_WATCHDOG_DELAY_SECONDS = 0.5
_EXIT_ABORTED = 1


def start_reaper(seconds: float, group: str, log: ErrorLog) -> None:
    """From here on the process lives for `seconds` at most."""

    # Not above: see arm_watchdog.
    import faulthandler

    def reap() -> None:
        set_thread_name("wsgi-reaper")
        time.sleep(seconds)
        log.log("info", f"Shutdown timeout expired; aborting {describe_process(group)}.")
        faulthandler.dump_traceback(file=STACK_DESCRIPTOR, all_threads=True)
        os._exit(_EXIT_ABORTED)

    try:
        arm_watchdog(seconds + _WATCHDOG_DELAY_SECONDS, "wsgi-deadlock", "wsgi-main")
        threading.Thread(target=reap, name="wsgi-reaper", daemon=True).start()
    except RuntimeError:
        # No memory for another thread (memory-limit): the kernel ends the process then.
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.alarm(math.ceil(seconds))


def finish_requests(channel: Channel, attend: Callable[[], bool]) -> None:
    """Returns when no request runs any more that can be expected to end, and the http children have their answers.

    `attend` looks after connections that still come and after other interpreters; False while these are not finished.
    """
    channel.stop()
    while channel.awaited > 0:
        attend()
        channel.drain(_DRAIN_SECONDS)
    # Reads on until they have closed: requests may still be on their way, and each is given back. Closing first would
    # cut off what they have not read yet as soon as they write.
    until = time.monotonic() + PARTING_SECONDS
    while not attend() or (channel.is_connected and time.monotonic() < until):
        channel.drain(_DRAIN_SECONDS)
