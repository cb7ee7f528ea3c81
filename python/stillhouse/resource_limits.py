"""cpu-time-limit, memory-limit and virtual-memory-limit: what the kernel enforces on the process itself.

Set after root is given up, as in mod_wsgi: a limit that the process inherited can't be raised then. One that can't be
set is reported, and the process goes on without. Programs that the application starts inherit the limits.
"""

import resource
from typing import Callable, List, Tuple

from .settings import Settings

# In which the process may still shut down in good order after its shutdown-timeout.
_CPU_GRACE_SECONDS = 1


def apply_limits(settings: Settings, report: Callable[[str, str], None]) -> None:
    """`report(level, message)` takes what could not be done."""
    for which, soft, hard, what in _wanted(settings):
        try:
            resource.setrlimit(which, (soft, hard))
        except (OSError, ValueError) as error:
            report("warn", f"Unable to set {what} for daemon process '{settings.group}': {error}")
    _check_room_for_stacks(settings, report)


def _wanted(settings: Settings) -> "List[Tuple[int, int, int, str]]":
    wanted: List[Tuple[int, int, int, str]] = []
    seconds = settings.cpu_time_limit
    if seconds:
        # Beyond the soft limit the kernel sends SIGXCPU once a second of processor time, at the hard one SIGKILL.
        hard = seconds + _CPU_GRACE_SECONDS + int(settings.shutdown_timeout)
        wanted.append((resource.RLIMIT_CPU, seconds, hard, f"CPU time limit of {seconds} seconds"))
    size = settings.memory_limit
    if size:
        wanted.append((resource.RLIMIT_DATA, size, size, f"memory limit of {size} bytes"))
    size = settings.virtual_memory_limit
    if size:
        wanted.append((resource.RLIMIT_AS, size, size, f"virtual memory limit of {size} bytes"))
    return wanted


def _check_room_for_stacks(settings: Settings, report: Callable[[str, str], None]) -> None:
    """Linux counts a thread's whole stack, used or not, against both memory limits."""
    stack = settings.stack_size or resource.getrlimit(resource.RLIMIT_STACK)[0]
    limits = [size for size in (settings.memory_limit, settings.virtual_memory_limit) if size]
    if not limits or stack == resource.RLIM_INFINITY:
        return
    stacks = settings.threads * stack
    if stacks >= min(limits):
        report(
            "warn",
            f"the stacks of {settings.threads} threads in daemon process '{settings.group}' take {stacks} bytes of a "
            f"memory limit of {min(limits)}: raise the limit, or give threads or stack-size a smaller value",
        )
