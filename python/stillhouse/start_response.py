"""The response side of one request: start_response, write, and the order in which things may go out.

A Response is made by the adapter for each request and used by the thread that runs it. It checks what the application
gives (PEP 3333, with mod_wsgi 6's rules and error texts), holds the headers back until there is output, and keeps the
books on Content-Length.

    unstarted --start--> started --emit, write, send_file, finish--> headers_sent --last block--> ended
"""

import re
from typing import Any, Callable, Dict, List, NoReturn, Optional, Set, Tuple

from .error_streams import RequestLog
from .exchange import ClientGone, Exchange, HeaderList
from .request_input import RequestInput

_CONTROL_CHARACTER = re.compile("[\x00-\x1f\x7f]")
_NOT_STARTED = "start_response() must be called before response content is produced"
_CLIENT_LEFT = "mod_wsgi client connection closed"

# header-buffer-size, where it is 0.
DEFAULT_HEADER_LINE_BYTES_LIMIT = 32_768
# Between a name and its value.
_SEPARATOR_BYTES = 2

# What has passed the checks once need not be checked again. Bounded: an application may make names up.
_CACHE_ENTRIES_LIMIT = 512
# Of longer names and values each is looked at closely. Both together stay below the least header-buffer-size, 8192.
_SHORT_NAME_LENGTH = 256
_SHORT_VALUE_LENGTH = 4096
_checked_statuses: Set[str] = set()
# Header name to whether it is Content-Length.
_checked_names: Dict[str, bool] = {}


class HeaderLineTooLong(ValueError):
    """A header is longer than header-buffer-size allows. The message says which."""


class Response:
    """What the application's answer has come to."""

    __slots__ = (
        "_exchange",
        "_log",
        "_input",
        "_is_head",
        "_header_line_limit",
        "_status",
        "_headers",
        "_length",
        "_remaining",
        "_excess",
        "headers_sent",
        "ended",
        "client_error",
    )

    def __init__(
        self,
        exchange: Exchange,
        log: RequestLog,
        request_input: RequestInput,
        is_head: bool,
        header_line_limit: int = DEFAULT_HEADER_LINE_BYTES_LIMIT,
    ) -> None:
        """`header_line_limit`: of one header, name and value, in bytes."""
        self._exchange: Optional[Exchange] = exchange
        self._log = log
        self._input = request_input
        self._is_head = is_head
        self._header_line_limit = header_line_limit
        self._status: Optional[str] = None
        self._headers: HeaderList = []
        # The value of Content-Length as given; parsed at the first output.
        self._length: Optional[str] = None
        # Bytes that Content-Length still promises; None where it promises nothing.
        self._remaining: Optional[int] = None
        self._excess = 0
        self.headers_sent = False
        # Nothing can follow: the exchange has the last block, or the client left.
        self.ended = False
        # What write() raised because the client left: no error of the application.
        self.client_error: Optional[OSError] = None

    def start(
        self, status: str, headers: HeaderList, exc_info: Optional[Tuple[Any, Any, Any]] = None
    ) -> Callable[[bytes], None]:
        """PEP 3333's start_response. A second call before any output replaces the first, also without exc_info.

        Raises HeaderLineTooLong, and for what is not valid TypeError, ValueError, UnicodeError and RuntimeError.
        """
        if self._exchange is None:
            raise RuntimeError("start_response() called after request completed")
        if not isinstance(status, str):
            raise TypeError(f"start_response() argument 'status' must be str, not {type(status).__name__}")
        if not isinstance(headers, list):
            raise TypeError(f"start_response() argument 'headers' must be list, not {type(headers).__name__}")
        if exc_info is not None:
            if not isinstance(exc_info, tuple) or len(exc_info) != 3:
                raise RuntimeError("start_response() argument 'exc_info' must be a 3-tuple or None")
            if self.headers_sent and exc_info[1] is not None:
                try:
                    raise exc_info[1].with_traceback(exc_info[2])
                finally:
                    exc_info = None  # breaks the ring of frame and traceback
        if self.headers_sent:
            raise RuntimeError("start_response() called more than once without exc_info")
        if status not in _checked_statuses:
            _check_status(status)
        # Our own list: what the application appends later was never checked. Its tuples are passed on as they are.
        headers = headers[:]
        self._length = _check_headers(headers, self._header_line_limit)
        self._status = status
        self._headers = headers
        return self.write

    def write(self, data: bytes) -> None:
        """PEP 3333's write callable. Returns when `data` is on its way."""
        if self._exchange is None:
            raise RuntimeError("write() called after request completed")
        if not isinstance(data, bytes):
            raise TypeError(f"write() argument must be bytes, not {type(data).__name__}")
        try:
            self.emit(data, False)
        except ClientGone:
            raise (self.client_error or OSError(_CLIENT_LEFT)) from None

    def emit(self, block: bytes, last: bool) -> None:
        """Sends `block`, before it the headers if they are still here. Raises ClientGone."""
        exchange = self._exchange
        assert exchange is not None
        if self.headers_sent:
            if self.ended:
                if self.client_error is not None:
                    raise ClientGone()
                self._excess += len(block)
                return
            if self._remaining is not None:
                block, last = self._count(block, last)
            if block or last:
                try:
                    exchange.write(block, last)
                except ClientGone:
                    self._leave()
                    raise
                self.ended = last
            return
        status = self._status
        if status is None:
            raise RuntimeError(_NOT_STARTED)
        if self._length is not None:
            self._remaining = _parse_length(self._length)
            block, last = self._count(block, last)
        self.headers_sent = True
        try:
            exchange.respond(status, self._headers, block, last)
        except ClientGone:
            self._leave()
            raise
        self.ended = last

    def send_file(self, descriptor: int, offset: int, available: int) -> None:
        """Sends the file as the whole body: as much as Content-Length says, else all that is `available`.

        Only before any output. Raises ClientGone, and OSError where the file has less than Content-Length says.
        """
        exchange = self._exchange
        assert exchange is not None and not self.headers_sent
        if self._status is None:
            raise RuntimeError(_NOT_STARTED)
        if self._length is None:
            self._headers.append(("Content-Length", str(available)))
            count = available
        else:
            count = _parse_length(self._length)
        is_empty = count == 0 or self._has_no_body()
        self._remaining = count
        self.headers_sent = True
        try:
            exchange.respond(self._status, self._headers, b"", is_empty)
            if not is_empty:
                exchange.send_file(descriptor, offset, count)
        except ClientGone:
            self._leave()
            raise
        self.ended = True

    def finish(self) -> None:
        """The application has no more output: ends the response, visibly incomplete where Content-Length promised more."""
        if not self.headers_sent:
            self.emit(b"", True)
        elif not self.ended and not self._is_short():
            self.emit(b"", True)
        if not self.ended:
            self._report_mismatch("warn", "; response truncated")
            self.truncate("the application produced less than its Content-Length")
        elif self._excess:
            self._report_mismatch("debug", "")

    def truncate(self, reason: str) -> None:
        """Where a response has begun and not ended, the client sees that it never will."""
        if self.headers_sent and not self.ended:
            self.ended = True
            if self._exchange is not None:
                self._exchange.truncate(reason)

    def refuse(self, status: int, reason: str) -> None:
        """The server answers in the application's place, or what has begun is cut off."""
        if self.headers_sent:
            self.truncate(reason)
            return
        self.headers_sent = self.ended = True
        if self._exchange is not None:
            self._exchange.refuse(status, reason)

    def expire(self) -> None:
        """The request is over: an application that kept start_response or write is told so."""
        self._exchange = None

    def _count(self, block: bytes, last: bool) -> Tuple[bytes, bool]:
        """What of `block` Content-Length has room for, and whether that ends the body."""
        remaining = self._remaining
        assert remaining is not None
        size = len(block)
        if size > remaining:
            self._excess += size - remaining
            block = block[:remaining]
            size = remaining
        remaining -= size
        self._remaining = remaining
        if remaining == 0:
            # Nothing more can be sent, so the end need not wait for the iterable's.
            return block, last or self._input.settle()
        return block, last and self._has_no_body()

    def _is_short(self) -> bool:
        return bool(self._remaining) and not self._has_no_body()

    def _has_no_body(self) -> bool:
        """HEAD, 1xx, 204 and 304 (RFC 9110 section 6.4.1): Content-Length promises no bytes, the server drops any."""
        status = self._status or ""
        return self._is_head or status.startswith(("204", "304", "1"))

    def _report_mismatch(self, level: str, consequence: str) -> None:
        expected = int(self._length or 0)
        generated = expected - (self._remaining or 0) + self._excess
        self._log.record(
            level,
            f"Content length mismatch, expected {expected}, response generated {generated}: "
            f"{self._log.script}{consequence}",
        )

    def _leave(self) -> None:
        self.ended = True
        self.client_error = OSError(_CLIENT_LEFT)


def _check_status(status: str) -> None:
    line = status.encode("latin-1")
    digits = line[:3]
    if len(digits) < 3 or not digits.isdigit():
        raise ValueError(f"status code must be a 3 digit integer: {line!r}")
    if len(line) > 3:
        if line[3:4].isdigit():
            raise ValueError(f"status code must be a 3 digit integer: {line!r}")
        if line[3:4] != b" ":
            raise ValueError(f"no space following status code: {line!r}")
        if _CONTROL_CHARACTER.search(status, 4):
            raise ValueError(f"control character in status reason phrase: {line!r}")
    if len(_checked_statuses) < _CACHE_ENTRIES_LIMIT:
        _checked_statuses.add(status)


def _check_headers(headers: HeaderList, line_limit: int) -> Optional[str]:
    """Checks each header, in place, and returns the value of Content-Length if there is one."""
    length = None
    lengths = 0
    known = _checked_names
    for item in headers:
        if type(item) is tuple and len(item) == 2:
            name, value = item
            if type(name) is str and type(value) is str:
                is_length = known.get(name)
                # Printable ASCII needs no closer look.
                if (
                    is_length is not None
                    and len(value) <= _SHORT_VALUE_LENGTH
                    and value.isprintable()
                    and value.isascii()
                ):
                    if is_length:
                        length = value
                        lengths += 1
                    continue
        break
    else:
        if lengths < 2:
            return length
    return _check_headers_closely(headers, line_limit)


def _check_headers_closely(headers: HeaderList, line_limit: int) -> Optional[str]:
    length = None
    lengths: List[int] = []
    for index, item in enumerate(headers):
        if not isinstance(item, tuple):
            raise TypeError(f"each header must be a 2-tuple, not {type(item).__name__}")
        if len(item) != 2:
            raise ValueError(f"each header must be a 2-tuple, got length {len(item)}")
        name, value = item
        is_length = _check_name(name)
        checked = _check_value(value)
        # Native strings in latin-1: as many bytes as characters.
        line = len(name) + _SEPARATOR_BYTES + len(checked)
        if line > line_limit:
            raise HeaderLineTooLong(f"header '{name[:_SHORT_NAME_LENGTH]}' of {line} bytes, limit {line_limit}")
        if checked is not value:
            headers[index] = (name, checked)
        if is_length:
            length = checked
            lengths.append(index)
    # Of several Content-Length the last counts, as in Apache, and is the only one sent.
    for index in reversed(lengths[:-1]):
        del headers[index]
    return length


def _check_name(name: object) -> bool:
    """True for Content-Length."""
    if not isinstance(name, str):
        _reject_type("header name", name)
    encoded = name.encode("latin-1")
    if not encoded:
        raise ValueError("header name is empty")
    if _CONTROL_CHARACTER.search(name):
        raise ValueError(f"control character in header name: {encoded!r}")
    if " " in name:
        raise ValueError(f"space character in header name: {encoded!r}")
    is_length = name.lower() == "content-length"
    if len(_checked_names) < _CACHE_ENTRIES_LIMIT and len(name) <= _SHORT_NAME_LENGTH:
        _checked_names[name] = is_length
    return is_length


def _check_value(value: object) -> str:
    """`value` itself, or what precedes a NUL in it: mod_wsgi passes C strings on."""
    if not isinstance(value, str):
        _reject_type("header value", value)
    encoded = value.encode("latin-1")
    if b"\r" in encoded or b"\n" in encoded:
        raise ValueError(f"carriage return/line feed character in header value: {encoded!r}")
    end = value.find("\0")
    return value if end < 0 else value[:end]


def _reject_type(what: str, value: object) -> NoReturn:
    raise TypeError(f"{what} must be str, not {type(value).__name__}")


def _parse_length(value: str) -> int:
    digits = value.strip(" \t")
    if not (digits.isascii() and digits.isdigit()):
        raise ValueError(f"invalid Content-Length header value: {value!r}")
    return int(digits)
