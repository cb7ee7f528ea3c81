"""The limit of `threads` applications at once where a process has several interpreters, each with request threads of its own.

A semaphore of the process, made by the main interpreter before its first sub-interpreter is; the others attach to it.
Nothing here waits: a channel that gets no permit goes on reading and asks again (channel.py).
"""

import os
from typing import Any, Dict, List, Protocol

_SEMAPHORE = 1
# A rebuilt SemLock closes the semaphore for everybody when it is collected.
_kept: List[Any] = []


class Permits(Protocol):
    """Whoever runs an application holds one."""

    def try_acquire(self) -> bool: ...

    def release(self) -> None: ...

    @property
    def handle(self) -> Dict[str, int]:
        """For `attach_permits` in another interpreter of this process."""


def make_permits(count: int) -> Permits:
    try:
        return _Semaphore(_make_semaphore(count), count)
    except (ImportError, OSError):
        # No /dev/shm to make it in, as behind chroot.
        return _Pipe.make(count)


def attach_permits(handle: Dict[str, int]) -> Permits:
    if "semaphore" not in handle:
        return _Pipe(handle["read"], handle["write"])
    from _multiprocessing import SemLock  # type: ignore[import-not-found]

    count = handle["count"]
    return _Semaphore(SemLock._rebuild(handle["semaphore"], _SEMAPHORE, count, None), count)


def _make_semaphore(count: int) -> Any:
    from _multiprocessing import SemLock

    # Unlinked at once: the name is only needed to make it.
    name = f"/stillhouse-{os.getpid()}-{os.urandom(8).hex()}"
    return SemLock(_SEMAPHORE, count, count, name, True)


class _Semaphore:
    """POSIX's: no system call while there are permits."""

    def __init__(self, semaphore: Any, count: int) -> None:
        _kept.append(semaphore)
        self._semaphore = semaphore
        self._count = count
        self.release = semaphore.release

    def try_acquire(self) -> bool:
        return bool(self._semaphore.acquire(False))

    @property
    def handle(self) -> Dict[str, int]:
        return {"semaphore": self._semaphore.handle, "count": self._count}


class _Pipe:
    """One byte for each permit."""

    def __init__(self, read_end: int, write_end: int) -> None:
        self._read_end = read_end
        self._write_end = write_end

    @classmethod
    def make(cls, count: int) -> "_Pipe":
        read_end, write_end = os.pipe()
        os.set_blocking(read_end, False)
        os.write(write_end, b"x" * count)
        return cls(read_end, write_end)

    def try_acquire(self) -> bool:
        try:
            return bool(os.read(self._read_end, 1))
        except BlockingIOError:
            return False

    def release(self) -> None:
        os.write(self._write_end, b"x")

    @property
    def handle(self) -> Dict[str, int]:
        return {"read": self._read_end, "write": self._write_end}
