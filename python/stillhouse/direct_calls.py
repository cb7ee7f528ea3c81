"""Requests by a function call: Node.js's main thread runs them itself, in an http child with one connection at a time.

Node.js shares a piece of memory with this module and calls `_call`, at an address that ctypes makes; being called takes
the interpreter's lock. One call is one request: the memory has its frame of the channel and its whole body behind it,
and afterwards the frames of the answer. To what runs the request it is a request of the channel like any other.

What must be on its way before the application goes on is passed on in the midst of the call, by `_flush`: a function of
Node.js's that returns when the client's connection has it. What ends the answer is left for the return.

Only for src/wsgi/embedded-calls.ts, which has the other end. docs/decisions/014-direct-call.md.
"""

import ctypes
import marshal
import threading
from typing import Callable, List, Tuple, Union

from . import protocol
from .channel import Channel
from .connection import Connection
from .error_log import format_exception
from .request_stream import FRAME_HEADER, RequestStream

_Part = Union[bytes, memoryview]

_OPEN = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p)
_CALL = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_int)
_TAKE = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_int)
# The request has not been started: it is to come over the channel.
_DECLINED = -1
_ENDINGS = frozenset((protocol.FRAME_ABORT, protocol.FRAME_REFUSE, protocol.FRAME_REVOKED))
# Response bytes that may be sent unasked: whoever passes them on waits until the client's connection has them.
_UNLIMITED = 1 << 62
# What other threads than the one that runs the request may write before that one comes to pass it on.
_FOREIGN_BYTES_LIMIT = 1_048_576
_SLOT = 0


class DirectCalls:
    """Made by the main interpreter; called by the thread that made the interpreter."""

    def __init__(
        self, channel: Channel, run: Callable[[RequestStream, int], None], report: Callable[[str, str], None]
    ) -> None:
        self._channel = channel
        self._run = run
        self._report = report
        self._thread = threading.main_thread()
        self._memory = memoryview(b"")
        self._flush: Callable[[int], int] = lambda size: 0
        self._connection = _CallConnection(channel, self._send)
        # Frames that are to be passed on.
        self._parts: List[_Part] = []
        # What does not fit into the memory, until Node.js has made room for it.
        self._large: List[_Part] = []
        # ctypes frees what nobody refers to.
        self._functions = (_OPEN(self._open), _CALL(self._call), _TAKE(self._take))

    @property
    def addresses(self) -> Tuple[int, ...]:
        """Of _open, _call and _take."""
        return tuple(ctypes.cast(function, ctypes.c_void_p).value or 0 for function in self._functions)

    def _open(self, address: int, size: int, flush: int) -> None:
        self._memory = _view(address, size)
        self._flush = _CALL(flush)

    def _call(self, size: int) -> int:
        """Runs the request that is in the first `size` bytes. Returns how many bytes of frames are there, or _DECLINED.

        Where that is more than the memory holds they are fetched by `_take`.
        """
        try:
            memory = self._memory
            length, request_id, _, _, _ = FRAME_HEADER.unpack_from(memory)
            end = protocol.FRAME_HEADER_BYTES + length
            environ, facts = marshal.loads(memory[protocol.FRAME_HEADER_BYTES : end])
            stream = RequestStream(self._connection, request_id, environ, facts, protocol.FLAG_END)
            stream.take_credit(_UNLIMITED)
            if size > end:
                stream.take_data(bytes(memory[end:size]), protocol.FLAG_END)
            if not self._channel.run_here(_SLOT, stream, self._run, self._thread):
                return _DECLINED
        except BaseException as problem:
            # Before it was started: run_here lets nothing through.
            self._report("error", f"direct call failed\n{format_exception(problem, whole=True)}")
            return _DECLINED
        return self._put()

    def _take(self, address: int, size: int) -> None:
        parts, self._large = self._large, []
        _join(parts, _view(address, size))

    def _send(self, parts: Tuple[_Part, ...]) -> bool:
        header = parts[0]
        kind, flags = header[8], header[9]
        self._parts.extend(parts)
        if flags & protocol.FLAG_END or kind in _ENDINGS:
            return True
        if threading.get_ident() != self._thread.ident:
            # Node.js can be called by its own thread only.
            if sum(map(len, self._parts)) > _FOREIGN_BYTES_LIMIT:
                raise RuntimeError("write() called too often by threads that do not run the request")
            return True
        return self._flush(self._put()) != 0

    def _put(self) -> int:
        parts = self._parts
        self._parts = []
        if len(parts) == 1 and len(parts[0]) <= len(self._memory):
            part = parts[0]
            size = len(part)
            self._memory[:size] = part
            return size
        size = sum(map(len, parts))
        if size <= len(self._memory):
            _join(parts, self._memory)
        else:
            self._large = parts
        return size


def _view(address: int, size: int) -> memoryview:
    return memoryview((ctypes.c_char * size).from_address(address)).cast("B")


def _join(parts: List[_Part], into: memoryview) -> None:
    at = 0
    for part in parts:
        end = at + len(part)
        into[at:end] = part
        at = end


class _CallConnection(Connection):
    """What a request that came by a call has for a connection."""

    __slots__ = ("_send_parts",)

    def __init__(self, channel: Channel, send: Callable[[Tuple[_Part, ...]], bool]) -> None:
        self.channel = channel
        # No connection has it.
        self.number = 0
        self.streams = {}
        self._send_parts = send

    def send(self, *parts: _Part) -> bool:
        return self._send_parts(parts)
