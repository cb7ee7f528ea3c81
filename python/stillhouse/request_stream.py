"""One request as the daemon process sees it: an Exchange carried by frames of the channel.

A stream belongs to one request thread once it has started. Frames for it are put in by whichever thread reads the
connection; both sides only append to or take from a deque and set flags, and a thread that must wait asks the channel.

Who answers is settled once, by `_claim`: the request thread, or in its place the monitor where it runs too long. The
frame that ends a request is sent before `_answered` is set: an exception injected in between (interrupt.py) then costs
a second ending, which the http child ignores, instead of none.
"""

import os
import struct
from collections import deque
from time import monotonic
from typing import TYPE_CHECKING, Deque, Dict, Mapping

from . import protocol
from .exchange import ClientGone, HeaderList, InputBroken
from .mod_wsgi_module import RequestTimeout

if TYPE_CHECKING:
    from .connection import Connection

FRAME_HEADER = struct.Struct("<IIBBH")
_UINT32 = struct.Struct("<I")
_UINT16 = struct.Struct("<H")
_RESPONSE_HEADER = struct.Struct("<IIBBHI")

# Consumed body bytes are given back once they are worth a frame.
_CREDIT_BYTES_STEP = protocol.REQUEST_WINDOW_BYTES // 4
# Larger blocks are sent beside their header rather than copied behind it.
_JOIN_BYTES_LIMIT = 32_768
_SERVICE_TIME_UNITS = 1000 / protocol.SERVICE_TIME_UNIT_MS
# A file is read and sent in blocks of this size.
_FILE_BLOCK_BYTES = 262_144
TIMEOUT_REFUSAL = _UINT16.pack(504) + b"request-timeout has passed"
# Who has the right to answer.
_REQUEST_THREAD = "request thread"
_MONITOR = "monitor"
_CLIENT_LEFT = "Partial results are valid but processing is incomplete"


class RequestStream:
    """Exchange over one connection of the channel. See exchange.Exchange for what the public methods promise."""

    __slots__ = (
        "connection",
        "request_id",
        "environ",
        "facts",
        "client_gone",
        "events",
        "waiter",
        "interrupted",
        "raise_in_wait",
        "is_waiting",
        "is_over",
        "started",
        "_inbox",
        "_received",
        "_consumed",
        "_input_ended",
        "_unacknowledged",
        "_awaits_credit",
        "_window",
        "_granted",
        "_sent",
        "_answered",
        "_claim",
    )

    def __init__(
        self,
        connection: "Connection",
        request_id: int,
        environ: Dict[str, str],
        facts: Mapping[str, object],
        flags: int,
        advance: int = 0,
    ) -> None:
        """`advance`: of the request frame, response bytes beyond the window in its unit."""
        self.connection = connection
        self.request_id = request_id
        self.environ = environ
        self.facts = facts
        self.client_gone = False
        # Counts what was put in, so that a thread about to wait sees that it need not.
        self.events = 0
        # A lock that is released when something happens to this stream; only set while a thread waits.
        self.waiter = None
        # Flags of interrupt.py: the first two set by the interrupter, the others by the request thread.
        self.interrupted = False
        self.raise_in_wait = False
        self.is_waiting = False
        self.is_over = False
        # When a request thread took it (monotonic).
        self.started = 0.0
        self._inbox: Deque[bytes] = deque()
        # Counts that only grow, each written by one side: a sum that both sides change would lose updates.
        self._received = 0
        self._consumed = 0
        self._input_ended = bool(flags & protocol.FLAG_END)
        self._unacknowledged = 0
        self._awaits_credit = bool(flags & protocol.FLAG_EXPECT_CONTINUE)
        self._granted = self._window = protocol.RESPONSE_WINDOW_BYTES + advance * protocol.ADVANCE_UNIT_BYTES
        self._sent = 0
        self._answered = False
        # Who answers, under the key 0: dict.setdefault is one step, and asking again gives the same answer.
        self._claim: Dict[int, str] = {}

    # What the reading thread puts in.

    def take_data(self, block: bytes, flags: int) -> bool:
        """False where the sender went beyond the window."""
        self._received += len(block)
        if block:
            self._inbox.append(block)
        if flags & protocol.FLAG_END:
            self._input_ended = True
        self.wake()
        return self._received - self._consumed <= protocol.REQUEST_WINDOW_BYTES

    def take_credit(self, count: int) -> bool:
        """False where the http child gives credit for what it can't have received."""
        self._granted += count
        self.wake()
        return self._granted - self._sent <= self._window

    def take_abort(self) -> None:
        self.client_gone = True
        self.wake()

    def wake(self) -> None:
        self.events += 1
        waiter = self.waiter
        if waiter is not None:
            self.waiter = None
            try:
                waiter.release()
            except RuntimeError:
                pass  # two threads woke it at once

    # What the request thread asks for.

    def read(self, size: int) -> bytes:
        inbox = self._inbox
        while True:
            seen = self.events
            if inbox:
                break
            if self._input_ended:
                return b""
            if self.client_gone:
                raise InputBroken(_CLIENT_LEFT)
            if self._awaits_credit:
                # The client waits for 100 Continue: asking for the body is what makes the server send it.
                self._awaits_credit = False
                self._send(protocol.FRAME_CREDIT, 0, _UINT32.pack(protocol.REQUEST_WINDOW_BYTES))
            self._wait(seen)
        block = inbox.popleft()
        if len(block) > size:
            inbox.appendleft(block[size:])
            block = block[:size]
        self._consumed += len(block)
        if not self._input_ended:
            self._unacknowledged += len(block)
            if self._unacknowledged >= _CREDIT_BYTES_STEP:
                self._send(protocol.FRAME_CREDIT, 0, _UINT32.pack(self._unacknowledged))
                self._unacknowledged = 0
        return block

    def respond(self, status: str, headers: HeaderList, block: bytes, last: bool) -> None:
        if self.client_gone:
            raise ClientGone()
        text = status
        for name, value in headers:
            text = f"{text}\n{name}\n{value}"
        head = text.encode("latin-1")
        if len(head) + 4 > protocol.FRAME_PAYLOAD_BYTES_LIMIT:
            raise ValueError(f"response headers of {len(head)} bytes are over the limit")
        if self._claim.setdefault(0, _REQUEST_THREAD) is not _REQUEST_THREAD:
            raise ClientGone()
        size = len(block)
        if size > self._credit or size + len(head) + 4 > protocol.FRAME_PAYLOAD_BYTES_LIMIT:
            self._write_parts(block, last, self._response_header(head, 0, 0, 0) + head)
            return
        self._sent += size
        flags = service_time = 0
        if last:
            flags = protocol.FLAG_END
            service_time = self._measure_service()
        self._put(self._response_header(head, size, flags, service_time) + head, block)
        self._answered = last

    def _response_header(self, head: bytes, size: int, flags: int, service_time: int) -> bytes:
        length = 4 + len(head) + size
        return _RESPONSE_HEADER.pack(length, self.request_id, protocol.FRAME_RESPONSE, flags, service_time, len(head))

    def write(self, block: bytes, last: bool = False) -> None:
        size = len(block)
        if size <= self._credit and size <= protocol.FRAME_PAYLOAD_BYTES_LIMIT:
            self._write_frame(block, last)
        else:
            self._write_parts(block, last)

    def _write_parts(self, block: bytes, last: bool, prefix: bytes = b"") -> None:
        """As credit comes. `prefix`: a whole frame that goes before."""
        view = memoryview(block)
        size = len(block)
        at = 0
        while at < size:
            end = at + self._wait_for_credit(size - at)
            self._write_frame(view[at:end], last and end == size, prefix)
            prefix = b""
            at = end

    def send_file(self, descriptor: int, offset: int, count: int) -> None:
        # Memory of our own for all blocks: what is allocated for each is given back to the system for each.
        buffer = memoryview(bytearray(min(count, _FILE_BLOCK_BYTES)))
        while count > 0:
            room = self._wait_for_credit(min(count, _FILE_BLOCK_BYTES))
            # The frame is announced with its whole length, so a file that shrinks meanwhile breaks the connection's
            # framing: read first what is announced.
            size = os.preadv(descriptor, [buffer[:room]], offset)
            if not size:
                raise OSError("file ended before the response was complete")
            offset += size
            count -= size
            self._write_frame(buffer[:size], count == 0)
        if not self._answered:
            self._write_frame(b"", True)

    def refuse(self, status: int, reason: str) -> None:
        if self._answered or self._claim.setdefault(0, _REQUEST_THREAD) is not _REQUEST_THREAD:
            return
        # Also where the client has left: the http child counts the request as running until it ends.
        self._send(protocol.FRAME_REFUSE, 0, _UINT16.pack(status) + reason.encode("utf-8", "replace"))
        self._answered = True

    def refuse_instead(self) -> bool:
        """Called by the monitor: answers 504 in the place of the request thread, which finds that the client is gone.

        False where the request thread answers, or where this can't be sent without waiting: then try again.
        """
        if self._answered or self._claim.setdefault(0, _MONITOR) is not _MONITOR:
            return False
        header = FRAME_HEADER.pack(len(TIMEOUT_REFUSAL), self.request_id, protocol.FRAME_REFUSE, 0, 0)
        if not self.connection.send_at_once(header + TIMEOUT_REFUSAL):
            return False
        self._answered = True
        self.take_abort()
        return True

    def truncate(self, reason: str) -> None:
        if self._answered:
            return
        if self._claim.setdefault(0, _REQUEST_THREAD) is _REQUEST_THREAD:
            self._send(protocol.FRAME_ABORT, 0, reason.encode("utf-8", "replace"))
        else:
            # The monitor has the right to answer, and perhaps has not got to it.
            self._send(protocol.FRAME_REFUSE, 0, TIMEOUT_REFUSAL)
        self._answered = True

    def hand_back(self) -> None:
        """This process does not run the request: its script has changed, and one that has the new code is started."""
        self._answered = True
        self.connection.give_back(self, awaits_reload=True)

    def finish(self) -> None:
        """Called by the request thread when it is done: whatever happened, the http child gets an ending."""
        if not self._answered:
            self.truncate("the request thread ended without an answer")
        self._inbox.clear()

    @property
    def _credit(self) -> int:
        """Response bytes that may be sent now."""
        return self._granted - self._sent

    @property
    def progress(self) -> int:
        """Grows with every byte of body that the application reads or sends."""
        return self._consumed + self._sent

    def _wait(self, seen: int) -> None:
        self.connection.channel.wait(self, seen)
        if self.raise_in_wait:
            self.raise_in_wait = False
            raise RequestTimeout()

    def _wait_for_credit(self, wanted: int) -> int:
        """How many bytes may be sent now, at least one and at most `wanted`."""
        while True:
            seen = self.events
            if self.client_gone:
                raise ClientGone()
            if self._credit > 0:
                break
            self._wait(seen)
        return min(wanted, self._credit, protocol.FRAME_PAYLOAD_BYTES_LIMIT)

    def _write_frame(self, block: "bytes | memoryview", last: bool, prefix: bytes = b"") -> None:
        if self.client_gone:
            raise ClientGone()
        self._sent += len(block)
        flags = service_time = 0
        if last:
            flags = protocol.FLAG_END
            service_time = self._measure_service()
        header = FRAME_HEADER.pack(len(block), self.request_id, protocol.FRAME_DATA, flags, service_time)
        self._put(prefix + header, block)
        if last:
            self._answered = True

    def _measure_service(self) -> int:
        """For the frame that completes the response: how long the request has occupied its thread."""
        units = int((monotonic() - self.started) * _SERVICE_TIME_UNITS)
        return min(max(units, 1), protocol.SERVICE_TIME_LIMIT)

    def _put(self, prefix: bytes, block: "bytes | memoryview") -> None:
        if len(block) <= _JOIN_BYTES_LIMIT:
            sent = self.connection.send(prefix + block)
        else:
            sent = self.connection.send(prefix, block)
        if not sent:
            self.client_gone = True
            raise ClientGone()

    def _send(self, kind: int, flags: int, payload: bytes) -> None:
        """A frame whose loss needs no report: the connection's end is noticed by who reads it."""
        self.connection.send(FRAME_HEADER.pack(len(payload), self.request_id, kind, flags, 0) + payload)
