"""Text streams that end in the error log: wsgi.errors of each request, and sys.stdout and sys.stderr of the process.

Each complete line becomes one record at level error; what lacks its newline waits for it, for flush() or for the end
of the request. On a request thread sys.stdout and sys.stderr write to the log of the request that the thread runs,
elsewhere to the plain log of the process. The adapter makes a RequestLog for each request and enters it in
`request_logs` while the request runs.
"""

import io
import sys
import threading
import warnings
from threading import get_ident
from typing import Any, Dict, Iterable, Mapping, Optional, Protocol, Union

from .error_log import RECORD_BYTES_LIMIT, format_exception
from .exchange import ErrorSink

# A line that never ends is cut by the log anyway: beyond this its rest is not kept.
_PENDING_BYTES_LIMIT = 2 * RECORD_BYTES_LIMIT


class OutputSink(ErrorSink, Protocol):
    """An ErrorSink that also takes what applications print."""

    def output(self, text: str, *, client: Optional[str] = None) -> None:
        """One error record for each line, whatever LogLevel is."""


class LeveledSink(OutputSink, Protocol):
    """An OutputSink that says beforehand what it would not write."""

    def passes(self, level: str) -> bool:
        """Whether LogLevel lets `level` through."""

    def log(
        self,
        level: str,
        message: str,
        *,
        client: Optional[str] = None,
        module: str = "wsgi",
        source: Optional[str] = None,
    ) -> None:
        """As ErrorSink; `source` names the line of code that logs."""


class _Log(Protocol):
    def output(self, text: str) -> None: ...


class RequestLog:
    """The log of one request: its records carry the client and the script. Also what mod_wsgi.request_data() gives."""

    __slots__ = ("_sink", "script", "_address", "_port", "_environ", "has_streams", "_streams", "_data")

    def __init__(
        self,
        sink: OutputSink,
        script: str,
        address: Optional[str],
        port: Optional[str],
        environ: Mapping[str, Any],
    ) -> None:
        self._sink = sink
        self.script = script
        # Not looked up in environ when they are needed: the application may put a proxy's client there.
        self._address = address
        self._port = port
        self._environ = environ
        # True once the request has printed: before that there is nothing to finish.
        self.has_streams = False
        self._streams: Dict[str, "LogStream"]

    @property
    def request_id(self) -> Optional[str]:
        return self._environ.get("mod_wsgi.request_id")

    @property
    def data(self) -> Dict[str, Any]:
        """What the application and its subscribers keep until the end of the request. Made when it is asked for first,
        so that it costs nothing to the others."""
        try:
            return self._data
        except AttributeError:
            self._data: Dict[str, Any] = {}
            return self._data

    def record(self, level: str, message: str, source: Optional[str] = None) -> None:
        """`source`: see LeveledSink, which the sink must be then."""
        if source is None:
            self._sink.log(level, self._mark(message), client=self._client())
        else:
            sink: Any = self._sink
            sink.log(level, self._mark(message), client=self._client(), source=source)

    def record_exception(self, message: str, problem: BaseException) -> None:
        """`message` at level error, then the traceback, a record for each line."""
        self.record("error", f"{message}\n{format_exception(problem)}")

    def output(self, text: str) -> None:
        self._sink.output(self._mark(text), client=self._client())

    def stream(self, name: str) -> "LogStream":
        """This request's end of sys.stdout or sys.stderr."""
        if not self.has_streams:
            self._streams = {}
            self.has_streams = True
        stream = self._streams.get(name)
        if stream is None:
            stream = self._streams[name] = LogStream(self, name)
        return stream

    def finish(self) -> None:
        """What was printed without a newline is logged now."""
        if self.has_streams:
            for stream in self._streams.values():
                stream.close()

    def _mark(self, text: str) -> str:
        mark = f"[script {self.script}] "
        return mark + text.replace("\n", "\n" + mark)

    def _client(self) -> Optional[str]:
        if not self._address:
            return None
        return f"{self._address}:{self._port}" if self._port else self._address


class ProcessLog:
    """Where prints of threads go that run no request."""

    __slots__ = ("_sink",)

    def __init__(self, sink: OutputSink) -> None:
        self._sink = sink

    def output(self, text: str) -> None:
        self._sink.output(text)


# Which request each thread runs: thread identifier to its log. Only that thread enters and removes itself.
request_logs: Dict[int, RequestLog] = {}


class LogStream:
    """The writing half of a text stream: UTF-8 with errors replaced, line by line. Made for each request: kept small."""

    __slots__ = ("_log", "name", "_pending")

    encoding = "utf-8"
    errors = "replace"
    newlines = None
    mode = "w"
    line_buffering = True
    write_through = True
    closed = False

    def __init__(self, log: _Log, name: str) -> None:
        self._log: Optional[_Log] = log
        self.name = name
        self._pending = b""

    def write(self, text: str) -> int:
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        self.feed(text.encode("utf-8", "replace"), "write")
        return len(text)

    def writelines(self, lines: Iterable[str]) -> None:
        if self._log is None:
            self._reject("writelines")
        for line in lines:
            self.write(line)

    def feed(self, data: bytes, method: str) -> None:
        log = self._log
        if log is None:
            self._reject(method)
            return
        end = data.rfind(b"\n")
        if end < 0:
            if len(self._pending) < _PENDING_BYTES_LIMIT:
                self._pending += data
            return
        complete = self._pending + data[:end]
        self._pending = data[end + 1 :]
        log.output(complete.decode("utf-8", "replace"))

    def flush(self) -> None:
        # Silent after the end of the request: logging.shutdown() flushes whatever stream a handler once got.
        if self._pending and self._log is not None:
            pending, self._pending = self._pending, b""
            self._log.output(pending.decode("utf-8", "replace"))

    def close(self) -> None:
        """Logs what waits for its newline; every later write fails."""
        if self._pending:
            self.flush()
        self._log = None

    @property
    def buffer(self) -> "LogBuffer":
        return LogBuffer(self)

    def reconfigure(self, **options: Any) -> None:
        """Accepted for programs that set their encoding at start; the log stays UTF-8 and line buffered."""

    def isatty(self) -> bool:
        return False

    def readable(self) -> bool:
        return False

    def writable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return False

    def fileno(self) -> int:
        raise io.UnsupportedOperation(f"{self.name} has no file descriptor")

    def _reject(self, method: str) -> None:
        raise RuntimeError(f"{method}() called on {self.name.strip('<>')} after request completed")


class LogBuffer:
    """The `buffer` of a LogStream: takes bytes."""

    __slots__ = ("_stream",)

    closed = False

    def __init__(self, stream: "Union[LogStream, StandardStream]") -> None:
        self._stream = stream

    def write(self, data: Union[bytes, bytearray, memoryview]) -> int:
        if isinstance(data, str):
            warnings.warn("write() of str to a binary log stream, use bytes", DeprecationWarning, stacklevel=2)
            data = data.encode("utf-8", "replace")
        block = bytes(memoryview(data))
        self._stream.feed(block, "write")
        return len(block)

    def writelines(self, lines: Iterable[bytes]) -> None:
        for line in lines:
            self.write(line)

    def flush(self) -> None:
        self._stream.flush()

    def isatty(self) -> bool:
        return False

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._stream.fileno()


class _ThreadStream(LogStream):
    """The end of sys.stdout or sys.stderr of a thread that runs no request; lives as long as the thread."""

    __slots__ = ()

    def __del__(self) -> None:
        try:
            self.flush()
        except Exception:
            pass  # the interpreter is being taken down


class StandardStream:
    """sys.stdout or sys.stderr: passes everything to the stream of the request that the calling thread runs."""

    encoding = LogStream.encoding
    errors = LogStream.errors
    newlines = None
    mode = "w"
    line_buffering = True
    write_through = True
    closed = False

    def __init__(self, name: str, sink: OutputSink) -> None:
        self.name = name
        self._log = ProcessLog(sink)
        self._threads = threading.local()

    def write(self, text: str) -> int:
        return self._stream().write(text)

    def writelines(self, lines: Iterable[str]) -> None:
        self._stream().writelines(lines)

    def feed(self, data: bytes, method: str) -> None:
        self._stream().feed(data, method)

    def flush(self) -> None:
        self._stream().flush()

    def close(self) -> None:
        """Only flushes: the next request prints too."""
        self.flush()

    @property
    def buffer(self) -> LogBuffer:
        return LogBuffer(self)

    def reconfigure(self, **options: Any) -> None:
        """As LogStream.reconfigure."""

    def isatty(self) -> bool:
        return False

    def readable(self) -> bool:
        return False

    def writable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return False

    def fileno(self) -> int:
        raise io.UnsupportedOperation(f"{self.name} has no file descriptor")

    def _stream(self) -> LogStream:
        log = request_logs.get(get_ident())
        if log is not None:
            return log.stream(self.name)
        stream = getattr(self._threads, "stream", None)
        if stream is None:
            stream = self._threads.stream = _ThreadStream(self._log, self.name)
        return stream


def install_standard_streams(sink: OutputSink) -> None:
    """From here on what the process prints goes to the error log."""
    sys.stdout = StandardStream("<stdout>", sink)
    sys.stderr = StandardStream("<stderr>", sink)
