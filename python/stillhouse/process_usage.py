"""What this process, or one thread of it, has used of the machine so far."""

import os
import resource
import sys
from typing import NamedTuple, Optional

_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")
# ru_maxrss is in bytes on macOS, in kibibytes elsewhere.
_MAX_RSS_UNIT_BYTES = 1 if sys.platform == "darwin" else 1024
_RUSAGE_THREAD: Optional[int] = getattr(resource, "RUSAGE_THREAD", None)


class CpuTime(NamedTuple):
    """Seconds."""

    user: float
    system: float


def process_cpu_time() -> CpuTime:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return CpuTime(usage.ru_utime, usage.ru_stime)


def thread_cpu_time() -> Optional[CpuTime]:
    """Of the calling thread; None where the system does not tell."""
    if _RUSAGE_THREAD is None:
        return None
    usage = resource.getrusage(_RUSAGE_THREAD)
    return CpuTime(usage.ru_utime, usage.ru_stime)


def resident_bytes() -> int:
    """What the process has in memory; its maximum so far where the system does not tell (no /proc)."""
    try:
        with open("/proc/self/statm", "rb") as file:
            return int(file.read().split()[1]) * _PAGE_BYTES
    except (OSError, ValueError, IndexError):
        return maximum_resident_bytes()


def maximum_resident_bytes() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _MAX_RSS_UNIT_BYTES
