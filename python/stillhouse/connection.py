"""One http child's connection: whole frames out, frames in and to the request they belong to.

Read only by the holder of the channel's lead (see channel.py); written by every request thread, under a lock.
"""

import marshal
import socket
import struct
import threading
from typing import TYPE_CHECKING, Callable, Dict, List, Optional, Tuple

from . import protocol
from .request_stream import FRAME_HEADER, RequestStream

if TYPE_CHECKING:
    from .channel import Channel

_HELLO = struct.Struct("<II")
_UINT32 = struct.Struct("<I")
_UINT16 = struct.Struct("<H")
_REFUSED_STATUS = 503
_RECEIVE_BYTES = 262_144
# What the monitor waits for the write lock: it has other things to do.
_LOCK_SECONDS = 0.1


def peek_application_group(peer: socket.socket) -> Optional[str]:
    """Which application group a new connection is for, its hello left unread; None where it does not begin with one.

    Raises BlockingIOError while nothing has come. The http child writes its hello in one piece, which the kernel keeps.
    """
    size = protocol.FRAME_HEADER_BYTES + _HELLO.size
    try:
        data = peer.recv(size + protocol.APPLICATION_GROUP_BYTES_LIMIT, socket.MSG_PEEK | socket.MSG_DONTWAIT)
    except BlockingIOError:
        raise
    except OSError:
        return None
    if len(data) < size:
        return None
    length, _, kind, _, _ = FRAME_HEADER.unpack_from(data)
    end = protocol.FRAME_HEADER_BYTES + length
    if kind != protocol.FRAME_HELLO or not size <= end <= len(data):
        return None
    return data[size:end].decode("latin-1")


class ChannelBroken(Exception):
    """The peer broke the protocol; the message says how."""


class ChannelEnded(Exception):
    """The connection is over, and nobody is to blame; the message says how."""


class Connection:
    """One http child's connection."""

    __slots__ = ("channel", "number", "socket", "streams", "_refusal", "_write_lock", "_buffer", "_filled", "_is_open")

    def __init__(self, channel: "Channel", peer: socket.socket, refusal: Optional[str] = None) -> None:
        self.channel = channel
        # Why no request of this connection can be run.
        self._refusal = refusal
        self.number = 0
        self.socket = peer
        self.streams: Dict[int, RequestStream] = {}
        self._write_lock = threading.Lock()
        self._buffer = bytearray(_RECEIVE_BYTES)
        self._filled = 0
        self._is_open = True

    def send(self, *parts: "bytes | memoryview") -> bool:
        """Sends whole frames; False where the connection is gone (its streams learn it from the reader)."""
        with self._write_lock:
            if not self._is_open:
                return False
            try:
                if len(parts) == 1:
                    self.socket.sendall(parts[0])
                else:
                    self._send_together(parts)
                return True
            except OSError:
                # Gone, or not read for socket-timeout (SO_SNDTIMEO). A frame may be cut: nothing can follow it.
                self._break_off()
                return False

    def _send_together(self, parts: "Tuple[bytes | memoryview, ...]") -> None:
        size = sum(map(len, parts))
        # Both calls run in C from beginning to end, their results included, so that an injected exception finds them told.
        results: List[Optional[int]] = []
        try:
            results.extend(map(self.socket.sendmsg, (parts,)))
            if results[0] != size:
                # A signal came amid the write, or socket-timeout passed.
                results.extend(map(self.socket.sendall, (b"".join(parts)[results[0] :],)))
        finally:
            if len(results) == 1 and results[0] != size:
                self._break_off()

    def _break_off(self) -> None:
        self._is_open = False
        try:
            self.socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass  # already disconnected

    def send_at_once(self, frame: bytes) -> bool:
        """Sends a small frame, or nothing of it where that would mean to wait. False where it was not sent."""
        if not self._write_lock.acquire(timeout=_LOCK_SECONDS):
            return False
        try:
            # A stream of the UNIX family takes so few bytes as a whole.
            return self._is_open and self.socket.send(frame, socket.MSG_DONTWAIT) == len(frame)
        except OSError:
            return False
        finally:
            self._write_lock.release()

    def without_writes(self, action: Callable[[], bool]) -> bool:
        """The result of `action`, called while no frame is being written; False where one is for too long."""
        if not self._write_lock.acquire(timeout=_LOCK_SECONDS):
            return False
        try:
            return action()
        finally:
            self._write_lock.release()

    def receive(self) -> bool:
        """Reads what there is and dispatches whole frames. False where there was nothing. Raises ChannelBroken, ChannelEnded."""
        with memoryview(self._buffer) as buffer:
            try:
                count = self.socket.recv_into(buffer[self._filled :], 0, socket.MSG_DONTWAIT)
            except (BlockingIOError, InterruptedError):
                return False
            except OSError as error:
                raise ChannelEnded(f"read failed: {error}") from error
            if count == 0:
                raise ChannelEnded("closed by the http child")
            filled = self._filled + count
            at = self._dispatch(buffer, filled)
        rest = filled - at
        if rest and at:
            self._buffer[:rest] = self._buffer[at:filled]
        self._filled = rest
        if rest >= protocol.FRAME_HEADER_BYTES:
            needed = FRAME_HEADER.unpack_from(self._buffer, 0)[0] + protocol.FRAME_HEADER_BYTES
            if needed > len(self._buffer):
                self._buffer.extend(bytes(needed - len(self._buffer)))
        elif len(self._buffer) > _RECEIVE_BYTES:
            del self._buffer[_RECEIVE_BYTES:]
        return True

    def _dispatch(self, buffer: memoryview, filled: int) -> int:
        """Handles every whole frame in `buffer`; returns where the rest begins."""
        at = 0
        header_bytes = protocol.FRAME_HEADER_BYTES
        while filled - at >= header_bytes:
            length, request_id, kind, flags, extra = FRAME_HEADER.unpack_from(buffer, at)
            if length > protocol.FRAME_PAYLOAD_BYTES_LIMIT:
                raise ChannelBroken(f"frame of {length} bytes is over the limit")
            start = at + header_bytes
            end = start + length
            if end > filled:
                break
            self._handle(kind, flags, request_id, buffer[start:end], extra)
            at = end
        return at

    def _handle(self, kind: int, flags: int, request_id: int, payload: memoryview, extra: int) -> None:
        if kind == protocol.FRAME_REQUEST:
            self._open_stream(request_id, flags, payload, extra)
            return
        if kind == protocol.FRAME_HELLO:
            self._greet(payload)
            return
        stream = self.streams.get(request_id)
        if stream is None:
            return  # answered already: late body bytes, credit or an abort are of no interest
        if kind == protocol.FRAME_DATA:
            if not stream.take_data(bytes(payload), flags):
                raise ChannelBroken(f"request {request_id} sent more body than its window")
        elif kind == protocol.FRAME_CREDIT:
            if len(payload) != 4:
                raise ChannelBroken("credit frame of the wrong length")
            if not stream.take_credit(_UINT32.unpack(payload)[0]):
                raise ChannelBroken(f"request {request_id} was given more credit than it has used")
        elif kind == protocol.FRAME_ABORT:
            stream.take_abort()
            if self.channel.withdraw(stream):
                self.give_back(stream)
        elif kind == protocol.FRAME_REVOKE:
            if self.channel.withdraw(stream):
                self.give_back(stream)
        else:
            raise ChannelBroken(f"frame of unknown type {kind}")

    def _greet(self, payload: memoryview) -> None:
        if not _HELLO.size <= len(payload) <= _HELLO.size + protocol.APPLICATION_GROUP_BYTES_LIMIT:
            raise ChannelBroken("hello frame of the wrong length")
        # What follows is the application group: whoever accepted the connection has looked at it.
        version, number = _HELLO.unpack_from(payload)
        if version != protocol.PROTOCOL_VERSION:
            raise ChannelBroken(f"protocol version {version}, this process speaks {protocol.PROTOCOL_VERSION}")
        if self.number != 0:
            raise ChannelBroken("second hello")
        if number == 0:
            raise ChannelBroken("connection number 0")
        if self.channel.has_connection(number):
            # Its entry in the scoreboard is the other's. Whoever connects anew tries again until that one is gone.
            raise ChannelEnded(f"connection number {number} is in use")
        try:
            self.channel.scoreboard.open_connection(number)
        except ValueError as error:
            raise ChannelBroken(str(error)) from error
        self.number = number

    def _open_stream(self, request_id: int, flags: int, payload: memoryview, advance: int) -> None:
        if self.number == 0:
            raise ChannelBroken("request before hello")
        if self._refusal is not None:
            answer = _UINT16.pack(_REFUSED_STATUS) + self._refusal.encode("utf-8", "replace")
            self.send(FRAME_HEADER.pack(len(answer), request_id, protocol.FRAME_REFUSE, 0, 0) + answer)
            return
        if request_id in self.streams:
            raise ChannelBroken(f"request id {request_id} used twice")
        if len(self.streams) >= protocol.OPEN_REQUESTS_LIMIT:
            raise ChannelBroken("too many open requests")
        try:
            environ, facts = marshal.loads(payload)
        except Exception as error:
            # marshal raises whatever it comes upon, MemoryError too; the thread that reads must survive it.
            raise ChannelBroken(f"request {request_id} can't be decoded: {error!r}") from error
        if type(environ) is not dict or type(facts) is not dict:
            raise ChannelBroken(f"request {request_id} is not a pair of dicts")
        stream = RequestStream(self, request_id, environ, facts, flags, advance)
        self.streams[request_id] = stream
        self.channel.enqueue(stream)

    def give_back(self, stream: RequestStream, awaits_reload: bool = False) -> None:
        """The request has not started here and never will. `awaits_reload`: it is for a process with newer code."""
        self.streams.pop(stream.request_id, None)
        flags = protocol.FLAG_RELOAD if awaits_reload else 0
        self.send(FRAME_HEADER.pack(0, stream.request_id, protocol.FRAME_REVOKED, flags, 0))

    def say_goodbye(self) -> None:
        self.send(FRAME_HEADER.pack(0, 0, protocol.FRAME_GOODBYE, 0, 0))

    def close(self) -> None:
        try:
            # A thread that is sending holds the lock below: this ends its system call.
            self.socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass  # the peer disconnected first
        with self._write_lock:
            self._is_open = False
            self.socket.close()
        for stream in list(self.streams.values()):
            stream.take_abort()
            self.channel.withdraw(stream)
        self.streams.clear()
