"""What `ps`, `top` and `htop` show of this process: its display name and the names of its threads."""

import threading
from typing import Callable, Optional

_THREAD_NAME_BYTES_LIMIT = 15
_PR_SET_NAME = 15

# Names the calling thread where there is no procfs to write to.
_set_name_by_call: Optional[Callable[[bytes], object]] = None


def describe_process(group: str) -> str:
    """How log messages name a process of this group; without a group it is an http child (embedded mode)."""
    return f"daemon process '{group}'" if group else "embedded process"


def set_display_name(name: str) -> None:
    """Overwrites the command line in place, as display-name does; a longer name is cut.

    The parent starts the process with a padding argument so that there is room. The last byte is left non-zero: the
    kernel then shows what stands before the first zero instead of the old length (proc_pid_cmdline in fs/proc/base.c).
    Raises OSError where the kernel does not let us.
    """
    with open("/proc/self/stat", "rb") as stat:
        # Fields are counted after the command in parentheses, which may itself hold blanks: 48 arg_start, 49 arg_end.
        fields = stat.read().rpartition(b")")[2].split()
    start, end = int(fields[45]), int(fields[46])
    room = end - start
    if room < 3:
        return
    text = name.encode("utf-8", "surrogateescape")[: room - 2]
    with open("/proc/self/mem", "r+b", buffering=0) as memory:
        memory.seek(start)
        memory.write(text + b"\0" * (room - 1 - len(text)) + b".")


def name_threads_without_procfs() -> None:
    """For a process that is about to lose sight of /proc. Costs loading ctypes, so it is not the usual way."""
    global _set_name_by_call
    try:
        import ctypes

        prctl = ctypes.CDLL(None).prctl
    except (ImportError, OSError, AttributeError):
        return  # names are a convenience
    unused = ctypes.c_ulong(0)
    _set_name_by_call = lambda name: prctl(_PR_SET_NAME, ctypes.c_char_p(name), unused, unused, unused)  # noqa: E731


def set_thread_name(name: str) -> None:
    """Names the calling thread for the operating system; 15 bytes at most. Threads it starts inherit the name."""
    shown = name.encode("ascii", "replace")[:_THREAD_NAME_BYTES_LIMIT]
    if _set_name_by_call is not None:
        _set_name_by_call(shown)
        return
    try:
        with open(f"/proc/self/task/{threading.get_native_id()}/comm", "wb") as comm:
            comm.write(shown)
    except OSError:
        pass  # no procfs: the name is a convenience


def request_thread_name(number: int) -> str:
    """`wsgi-request-1` ... `wsgi-request-99`, `wsgi-req-100`: always whole within what the kernel keeps."""
    return f"wsgi-request-{number}" if number < 100 else f"wsgi-req-{number}"
