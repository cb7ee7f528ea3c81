"""In-memory ends for tests: an Exchange made from lists, a log sink that keeps records, and a way to run one app."""

import os
import shutil
import tempfile
import unittest
from typing import Any, Callable, Dict, Iterable, Iterator, List, Optional, Tuple

from stillhouse.adapter import Adapter
from stillhouse.exchange import ClientGone, HeaderList
from stillhouse.script_loader import ScriptLoader

SCRIPT = "/srv/site/app.wsgi"


class MemorySink:
    """ErrorSink and OutputSink that keeps (level, line, client)."""

    def __init__(self) -> None:
        self.records: List[Tuple[str, str, Optional[str]]] = []

    def log(self, level: str, message: str, *, client: Optional[str] = None, module: str = "wsgi") -> None:
        self.records.extend((level, line, client) for line in message.split("\n"))

    def output(self, text: str, *, client: Optional[str] = None) -> None:
        self.records.extend(("output", line, client) for line in text.split("\n"))

    def lines(self, *levels: str) -> List[str]:
        return [line for level, line, _ in self.records if not levels or level in levels]

    @property
    def text(self) -> str:
        return "\n".join(self.lines())


class MemoryExchange:
    """Records the answer; `blocks` are the pieces in which the body arrives."""

    def __init__(
        self,
        environ: Optional[Dict[str, Any]] = None,
        *,
        blocks: Iterable[bytes] = (),
        facts: Optional[Dict[str, Any]] = None,
        leaves_after: Optional[int] = None,
        read_error: Optional[Exception] = None,
    ) -> None:
        self.environ = make_environ(**(environ or {}))
        self.facts = {"script": SCRIPT, "callable": "application"} if facts is None else facts
        # What reached the exchange, in order: tests also put their own marks in.
        self.events: List[Any] = []
        self.status: Optional[str] = None
        self.headers: HeaderList = []
        self.blocks: List[bytes] = []
        self.is_complete = False
        self.refusal: Optional[Tuple[int, str]] = None
        self.truncation: Optional[str] = None
        self.sent_files: List[Tuple[int, int]] = []
        self.client_gone = False
        self._leaves_after = leaves_after
        self._read_error = read_error
        self._input: Iterator[bytes] = iter(blocks)
        self._held = b""

    @property
    def body(self) -> bytes:
        return b"".join(self.blocks)

    def read(self, size: int) -> bytes:
        assert size > 0
        block = self._held or next(self._input, b"")
        if not block and self._read_error is not None:
            raise self._read_error
        self._held = block[size:]
        return block[:size]

    def respond(self, status: str, headers: HeaderList, block: bytes, last: bool) -> None:
        assert self.status is None and self.refusal is None, "answered twice"
        self._check_client()
        self.events.append(("respond", block, last))
        self.status, self.headers = status, headers
        self._take(block, last)

    def write(self, block: bytes, last: bool = False) -> None:
        assert self.status is not None and not self.is_complete and self.truncation is None, "written out of order"
        assert block or last, "an empty block was written"
        self._check_client()
        self.events.append(("write", block, last))
        self._take(block, last)

    def send_file(self, descriptor: int, offset: int, count: int) -> None:
        self._check_client()
        self.sent_files.append((offset, count))
        block = os.pread(descriptor, count, offset)
        self._take(block, len(block) == count)
        if len(block) < count:
            raise OSError("file ended before the response was complete")

    def refuse(self, status: int, reason: str) -> None:
        assert self.status is None and self.refusal is None, "refused after respond"
        self.refusal = (status, reason)

    def truncate(self, reason: str) -> None:
        assert self.status is not None and not self.is_complete, "truncated what is complete"
        self.truncation = reason

    def _take(self, block: bytes, last: bool) -> None:
        if block:
            self.blocks.append(block)
        self.is_complete = last

    def _check_client(self) -> None:
        if self._leaves_after is not None and len(self.blocks) >= self._leaves_after:
            self.client_gone = True
        if self.client_gone:
            raise ClientGone()


def make_environ(**changes: Any) -> Dict[str, Any]:
    """The CGI variables of a plain GET; a change to None leaves the variable out."""
    environ: Dict[str, Any] = {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": "/",
        "QUERY_STRING": "",
        "REQUEST_URI": "/",
        "REQUEST_SCHEME": "http",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "REMOTE_ADDR": "192.0.2.7",
        "REMOTE_PORT": "4242",
        "DOCUMENT_ROOT": "/srv/www",
        "SCRIPT_FILENAME": SCRIPT,
        "HTTP_HOST": "localhost",
        "mod_wsgi.request_id": "r1",
    }
    environ.update(changes)
    return {name: value for name, value in environ.items() if value is not None}


class AdapterCase(unittest.TestCase):
    """Runs applications given as functions, as if a script had defined them."""

    def setUp(self) -> None:
        self.sink = MemorySink()
        self.loader = ScriptLoader(group="mysite", application_group="", sink=self.sink)
        self.adapter = Adapter(
            group="mysite",
            application_group="",
            multithread=True,
            multiprocess=False,
            run_once=False,
            loader=self.loader,
            sink=self.sink,
        )

    def serve(self, application: Callable[..., Any], exchange: Optional[MemoryExchange] = None) -> MemoryExchange:
        if exchange is None:
            exchange = MemoryExchange()
        module = type(os)(SCRIPT)
        module.application = application  # type: ignore[attr-defined]
        self.loader.loaded[SCRIPT] = module
        self.adapter.serve(exchange, 1)
        return exchange

    def assert_clean_log(self) -> None:
        self.assertEqual(self.sink.records, [])

    def make_folder(self) -> str:
        folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, folder)
        return folder


def respond_with(*blocks: bytes, status: str = "200 OK", headers: HeaderList = ()) -> Callable[..., Any]:  # type: ignore[assignment]
    """An application that returns a list of blocks."""

    def application(environ: Dict[str, Any], start_response: Callable[..., Any]) -> List[bytes]:
        start_response(status, list(headers))
        return list(blocks)

    return application


class ClosingBlocks:
    """An iterable that counts its close() calls, and may fail while iterating or closing."""

    def __init__(
        self,
        blocks: Iterable[bytes],
        failure: Optional[BaseException] = None,
        close_failure: Optional[BaseException] = None,
    ) -> None:
        self.closed = 0
        self._blocks = blocks
        self._failure = failure
        self._close_failure = close_failure

    def __iter__(self) -> Iterator[bytes]:
        yield from self._blocks
        if self._failure is not None:
            raise self._failure

    def close(self) -> None:
        self.closed += 1
        if self._close_failure is not None:
            raise self._close_failure
