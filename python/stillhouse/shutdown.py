"""The end of a daemon process: running requests may finish, atexit callbacks run, and the reaper bounds all of it.

The reaper is a thread that exists only here. It is Python and needs the interpreter's lock; should that be held for
ever, the deadlock thread (faulthandler's watchdog, a C thread) is armed to act a moment later.
"""

import faulthandler
import math
import os
import signal
import threading
import time

from .channel import Channel
from .error_log import ErrorLog
from .monitor import arm_watchdog
from .process_naming import set_thread_name
from .stack_line import STACK_DESCRIPTOR

_DRAIN_SECONDS = 0.1
# An http child answers `goodbye` by closing; one that hangs is not waited for longer.
_PARTING_SECONDS = 2.0
# How much later than the reaper the watchdog acts.
_WATCHDOG_DELAY_SECONDS = 0.5
_EXIT_ABORTED = 1


def start_reaper(seconds: float, group: str, log: ErrorLog) -> None:
    """From here on the process lives for `seconds` at most."""

    def reap() -> None:
        set_thread_name("wsgi-reaper")
        time.sleep(seconds)
        process = f"daemon process '{group}'" if group else "embedded process"
        log.log("info", f"Shutdown timeout expired; aborting {process}.")
        faulthandler.dump_traceback(file=STACK_DESCRIPTOR, all_threads=True)
        os._exit(_EXIT_ABORTED)

    try:
        arm_watchdog(seconds + _WATCHDOG_DELAY_SECONDS, "wsgi-deadlock", "wsgi-main")
        threading.Thread(target=reap, name="wsgi-reaper", daemon=True).start()
    except RuntimeError:
        # No memory for another thread (memory-limit): the kernel ends the process then.
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.alarm(math.ceil(seconds))


def finish_requests(channel: Channel) -> None:
    """Returns when no request runs any more that can be expected to end, and the http children have their answers."""
    channel.stop()
    while channel.awaited > 0:
        channel.drain(_DRAIN_SECONDS)
    # Reads on until they have closed: requests may still be on their way, and each is given back. Closing first would
    # cut off what they have not read yet as soon as they write.
    until = time.monotonic() + _PARTING_SECONDS
    while channel.is_connected and time.monotonic() < until:
        channel.drain(_DRAIN_SECONDS)
