"""wsgi.input: the request body as a buffered binary stream over Exchange.read.

One object for each request, used by the thread that runs it. What ends the body is the exchange, never CONTENT_LENGTH
(wsgi.input_terminated). At most one block is held back, so a body of any size is read in constant memory.
"""

from typing import Iterator, List, Optional

from .exchange import ClientGone, Exchange, InputBroken

# The exchange is asked for this much at least: a small read then costs a slice, not a call.
_READ_BYTES = 65_536
_CLIENT_LEFT = "Partial results are valid but processing is incomplete"
_METHODS_WITHOUT_BODY = frozenset(("GET", "HEAD"))


class RequestInput:
    """read, readline, readlines and iteration as PEP 3333 asks; no seek, tell, readinto or fileno, as mod_wsgi's."""

    # Of _buffer, what precedes _at is consumed; a buffer that is used up is b"" with _at 0.
    __slots__ = ("_exchange", "_buffer", "_at", "_received", "_ended", "_broken", "client_error")

    def __init__(self, exchange: Exchange) -> None:
        self._exchange: Optional[Exchange] = exchange
        self._buffer = b""
        self._at = 0
        self._received = 0
        self._ended = False
        self._broken = False
        # What was raised into the application because the client left: no error of the application.
        self.client_error: Optional[OSError] = None

    def read(self, size: Optional[int] = -1) -> bytes:
        """`size` bytes, less only at the end of the body; all of it where `size` is negative."""
        if self._exchange is None:
            self._reject("read")
        if size is None or size < 0:
            parts = [self._take(len(self._buffer) - self._at)]
            block = self._receive(_READ_BYTES)
            while block:
                parts.append(block)
                block = self._receive(_READ_BYTES)
            return b"".join(parts)
        have = len(self._buffer) - self._at
        if size <= have:
            return self._take(size)
        first = self._take(have)
        missing = size - have
        block = self._receive(missing if missing > _READ_BYTES else _READ_BYTES)
        if not first and len(block) == missing:
            return block
        parts = [first] if first else []
        while block:
            if len(block) >= missing:
                if len(block) > missing:
                    self._buffer = block
                    self._at = missing
                    block = block[:missing]
                parts.append(block)
                break
            parts.append(block)
            missing -= len(block)
            block = self._receive(missing if missing > _READ_BYTES else _READ_BYTES)
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def readline(self, size: Optional[int] = -1) -> bytes:
        """Up to and with the next newline, `size` bytes at most where `size` is not negative."""
        if self._exchange is None:
            self._reject("readline")
        limit = -1 if size is None or size < 0 else size
        parts: List[bytes] = []
        while limit != 0:
            if not self._buffer:
                self._buffer = self._receive(_READ_BYTES)
                if not self._buffer:
                    break
            end = self._buffer.find(b"\n", self._at) + 1
            count = (end or len(self._buffer)) - self._at
            if limit > 0:
                count = min(count, limit)
                limit -= count
            part = self._take(count)
            parts.append(part)
            if part.endswith(b"\n"):
                break
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def readlines(self, hint: Optional[int] = -1) -> List[bytes]:
        """Whole lines, until `hint` bytes are reached where `hint` is positive."""
        if self._exchange is None:
            self._reject("readlines")
        lines: List[bytes] = []
        total = 0
        for line in iter(self.readline, b""):
            lines.append(line)
            total += len(line)
            if hint is not None and 0 < hint <= total:
                break
        return lines

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        if self._exchange is None:
            self._reject("__next__")
        line = self.readline()
        if not line:
            raise StopIteration
        return line

    def close(self) -> None:
        """Does nothing: the stream is the server's."""

    def settle(self) -> bool:
        """True where nothing of the body is still to come; the stream then ends without asking the exchange again.

        The response asks before it ends the exchange ahead of the application: nobody may wait for input after that.
        """
        exchange = self._exchange
        if self._ended or exchange is None:
            return True
        length = exchange.environ.get("CONTENT_LENGTH")
        if length:
            self._ended = length.isdigit() and self._received >= int(length)
        else:
            self._ended = (
                exchange.environ.get("REQUEST_METHOD") in _METHODS_WITHOUT_BODY
                and "HTTP_TRANSFER_ENCODING" not in exchange.environ
            )
        return self._ended

    def expire(self) -> None:
        """The request is over. Also cuts the ring exchange - environ - input, so that no garbage collection is due."""
        self._exchange = None
        self._buffer = b""

    def _take(self, count: int) -> bytes:
        """The next `count` bytes of the buffer, which has as many."""
        buffer, at = self._buffer, self._at
        end = at + count
        if end >= len(buffer):
            self._buffer = b""
            self._at = 0
            return buffer[at:] if at else buffer
        self._at = end
        return buffer[at:end]

    def _receive(self, size: int) -> bytes:
        if self._ended:
            return b""
        if self._broken:
            raise OSError("mod_wsgi request data read error: input is already in error state")
        exchange = self._exchange
        assert exchange is not None
        try:
            block = exchange.read(size)
        except (InputBroken, ClientGone) as problem:
            self._broken = True
            has_left = isinstance(problem, ClientGone)
            error = OSError(f"mod_wsgi request data read error: {_CLIENT_LEFT if has_left else problem}")
            if has_left or exchange.client_gone:
                self.client_error = error
            raise error from None
        if not block:
            self._ended = True
        self._received += len(block)
        return block

    def _reject(self, method: str) -> None:
        raise RuntimeError(f"{method}() called on wsgi.input after request completed")
