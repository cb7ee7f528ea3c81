"""Makes common waits of the standard library end when a RequestTimeout is injected (interrupt-timeout).

An exception that is injected into a thread is raised by Python's bytecode loop. A C function that blocks never gets
there, and a signal does not help: in other threads than the main one CPython resumes the system call (PEP 475). So in
request threads these wait in slices: time.sleep (with it Popen.wait with a timeout), Condition.wait (with it Event,
Queue, Semaphore, Barrier and Future), selectors (with them subprocess.communicate and asyncio), and reads of a socket's
file without timeout (with them http.client). What they promise is unchanged; other threads, and waits shorter than a
slice, go straight to the original. Not reached: a bare Lock, os.read, select.select, recv called directly, os.waitpid,
waits in C extensions; and Thread.join, which up to Python 3.12 takes the thread for ended when it is interrupted.
Installed only where interrupt-timeout is on, and before any script is loaded.
"""

import select
import selectors
import socket
import threading
import time
from threading import get_ident
from time import monotonic
from typing import Any, Callable, List, Optional, Set

_SLICE_SECONDS = 0.5

# Request threads, by identifier.
_enrolled: Set[int] = set()
_is_installed = False


def enroll() -> None:
    """The calling thread is a request thread."""
    _enrolled.add(get_ident())


def resign() -> None:
    _enrolled.discard(get_ident())


def install_interruptible_waits() -> None:
    global _is_installed
    if _is_installed:
        return
    _is_installed = True
    time.sleep = _Sleep(time.sleep)  # type: ignore[assignment]
    sample = threading.Condition()
    if all(hasattr(sample, name) for name in ("_waiters", "_is_owned", "_release_save", "_acquire_restore")):
        _replace(threading.Condition, "wait", _condition_wait)
    for name in ("SelectSelector", "PollSelector", "EpollSelector"):
        kind = getattr(selectors, name, None)
        if kind is not None:
            _replace(kind, "select", _selector_select)
    _replace(socket.SocketIO, "readinto", _socket_readinto)


def _replace(kind: Any, name: str, make: Callable[[Any], Any]) -> None:
    original = getattr(kind, name)
    ours = make(original)
    ours.__name__, ours.__qualname__, ours.__doc__ = original.__name__, original.__qualname__, original.__doc__
    setattr(kind, name, ours)


def _is_short(timeout: Optional[float]) -> bool:
    return timeout is not None and timeout <= _SLICE_SECONDS


class _Sleep:
    """time.sleep. An object, not a function: as an attribute of a class it must not become a method."""

    def __init__(self, original: Callable[[float], None]) -> None:
        self._original = original
        self.__name__ = self.__qualname__ = "sleep"
        self.__module__ = "time"
        self.__doc__ = original.__doc__

    def __call__(self, seconds: Any) -> None:
        original = self._original
        if get_ident() not in _enrolled or not isinstance(seconds, (int, float)) or not seconds > _SLICE_SECONDS:
            original(seconds)
            return
        until = monotonic() + seconds
        left = until - monotonic()
        while left > 0:
            original(min(left, _SLICE_SECONDS))
            left = until - monotonic()

    def __reduce__(self) -> str:
        return "sleep"


def _condition_wait(original: Any) -> Any:
    def wait(self: Any, timeout: Optional[float] = None) -> bool:
        if get_ident() not in _enrolled or _is_short(timeout):
            return bool(original(self, timeout))
        if not self._is_owned():
            raise RuntimeError("cannot wait on un-acquired lock")
        # As threading.Condition.wait, but for the slices. Calling the original again and again would lose a
        # notification that comes between the end of a slice and the lock.
        waiter = threading.Lock()
        waiter.acquire()
        self._waiters.append(waiter)
        saved = self._release_save()
        notified = False
        try:
            until = None if timeout is None else monotonic() + timeout
            while not notified:
                left = _SLICE_SECONDS if until is None else until - monotonic()
                if left <= 0:
                    break
                notified = waiter.acquire(True, min(left, _SLICE_SECONDS))
            return notified
        finally:
            self._acquire_restore(saved)
            if not notified:
                try:
                    self._waiters.remove(waiter)
                except ValueError:
                    pass  # notified after the time was up

    return wait


def _selector_select(original: Any) -> Any:
    def select(self: Any, timeout: Optional[float] = None) -> "List[Any]":
        if get_ident() not in _enrolled or _is_short(timeout):
            return list(original(self, timeout))
        until = None if timeout is None else monotonic() + timeout
        while True:
            left = _SLICE_SECONDS if until is None else max(0, until - monotonic())
            ready = original(self, min(left, _SLICE_SECONDS))
            if ready or left == 0:
                return list(ready)

    return select


def _socket_readinto(original: Any) -> Any:
    def readinto(self: Any, buffer: Any) -> Optional[int]:
        if get_ident() in _enrolled:
            _await_readable(getattr(self, "_sock", None))
        return original(self, buffer)  # type: ignore[no-any-return]

    return readinto


def _await_readable(source: Any) -> None:
    """Returns when a read of a socket without timeout would find something; at once where that can't be told."""
    try:
        # What TLS has decrypted already is not in the socket any more.
        if source is None or source.gettimeout() is not None or getattr(source, "pending", int)():
            return
        poll = select.poll()
        poll.register(source, select.POLLIN)
    except (OSError, ValueError):
        return  # closed: the read says so
    while not poll.poll(_SLICE_SECONDS * 1000):
        pass
