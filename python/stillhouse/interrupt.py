"""Raises RequestTimeout in the thread of one request, and in nothing else (interrupt-timeout).

Called by the monitor. The exception is raised by Python wherever the thread happens to be next, so what must not be
torn is kept out of its way. The thread and the interrupter tell each other by flags of the stream: each sets its own
before it reads the other's, so of two that meet at least one notices.

1. Never the next request: the thread sets `is_over` when a request is done, then looks at `interrupted`. Whoever
   finds it set withdraws, under the lock, what has not been raised yet (`settle`).
2. Never inside the channel's waits, which hold the lead: there the thread is woken and raises the exception itself
   (`raise_in_wait`). It sets `is_waiting`, then looks at `interrupted`, and lets an injection under way come first.
3. Never inside a frame: the connection's write lock is held meanwhile, and a frame of several parts is sent by one
   call of a C function (connection.py).
"""

import threading
from typing import TYPE_CHECKING, Callable, Optional, Type

from .mod_wsgi_module import RequestTimeout
from .request_stream import RequestStream

if TYPE_CHECKING:
    from .channel import Channel

_Setter = Callable[[int, Optional[Type[BaseException]]], bool]


class Interrupter:
    """Of one channel; knows nothing of time."""

    def __init__(self, channel: "Channel") -> None:
        self._channel = channel
        # Held while an exception is injected or withdrawn: never while waiting for anything.
        self._lock = threading.Lock()
        self._set_exception = _find_setter()
        channel.interrupter = self

    @property
    def is_available(self) -> bool:
        """False in a Python that was built without ctypes."""
        return self._set_exception is not None

    def interrupt(self, slot: int, stream: RequestStream) -> bool:
        """True where the exception is on its way into the thread that runs `stream`; False: try again, or it is over.

        May be called again for a thread that waits and has not come to raise it.
        """
        thread = self._channel.threads[slot]
        set_exception = self._set_exception
        if thread is None or thread.ident is None or set_exception is None:
            return False
        ident = thread.ident
        return stream.connection.without_writes(lambda: self._inject(ident, stream, set_exception))

    def settle(self) -> None:
        """Called by a request thread after its request: nothing is pending for it when this returns.

        What was injected before may be raised in here; then it must be called again.
        """
        with self._lock:
            if self._set_exception is not None:
                self._set_exception(threading.get_ident(), None)

    def let_finish(self) -> None:
        """Called by a request thread: an injection under way is complete, and raised, before this returns."""
        with self._lock:
            pass

    def _inject(self, ident: int, stream: RequestStream, set_exception: _Setter) -> bool:
        with self._lock:
            stream.interrupted = True
            if stream.is_over:
                return False
            stream.raise_in_wait = is_waiting = stream.is_waiting
            if not is_waiting:
                return set_exception(ident, RequestTimeout)
        stream.wake()
        self._channel.nudge()
        return True


def _find_setter() -> Optional[_Setter]:
    """PyThreadState_SetAsyncExc: (thread, exception or None) to whether there is such a thread.

    ctypes is loaded only here: a process without interrupt-timeout does not need it.
    """
    try:
        import ctypes
    except ImportError:
        return None
    call = ctypes.pythonapi.PyThreadState_SetAsyncExc

    def set_exception(ident: int, kind: Optional[Type[BaseException]]) -> bool:
        return bool(call(ctypes.c_ulong(ident), None if kind is None else ctypes.py_object(kind)))

    return set_exception
