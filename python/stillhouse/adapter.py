"""Runs WSGI applications: one request whole, from the server's CGI variables to close() (PEP 3333).

The channel's request threads, and later an embedded interpreter, call Adapter.serve for each request; everything they
must know of the request is in its Exchange. Runs tens of thousands of times a second: what is the same for all
requests is made in __init__, and what is rarely needed is made when it is.
"""

import os
from threading import get_ident
from time import time
from typing import Any, Callable, Dict, Optional, Tuple

from .error_log import format_exception
from .error_streams import LogStream, OutputSink, RequestLog, request_logs
from .events import Events
from .exchange import ClientGone, Exchange
from .file_wrapper import FileWrapper, find_span
from .mod_wsgi_module import APACHE_VERSION, MOD_WSGI_VERSION
from .request_input import RequestInput
from .request_metrics import RequestMetrics
from .request_observation import Observation
from .request_timeout import RequestTimeout
from .script_loader import ScriptFailed, ScriptLoader
from .start_response import DEFAULT_HEADER_LINE_BYTES_LIMIT, HeaderLineTooLong, Response
from .telemetry import Telemetry

_HTTPS_ON = ("on", "1")


class Adapter:
    """The applications of one application group in this process."""

    __slots__ = (
        "_constants",
        "_event_callbacks",
        "_group",
        "_header_line_limit",
        "_interpreter",
        "_is_embedded",
        "_loaded",
        "_loader",
        "_metrics",
        "_sink",
        "_telemetry",
    )

    def __init__(
        self,
        *,
        group: str,
        application_group: str,
        multithread: bool,
        multiprocess: bool,
        run_once: bool,
        loader: ScriptLoader,
        sink: OutputSink,
        telemetry: Optional[Telemetry] = None,
        header_buffer_size: int = 0,
        mod_wsgi_version: Tuple[int, int, int] = MOD_WSGI_VERSION,
        apache_version: Tuple[int, int, int] = APACHE_VERSION,
    ) -> None:
        """`telemetry`: what install_mod_wsgi_module returned for this interpreter; None where nothing can subscribe.

        `header_buffer_size`: bytes that one header of a response may have, name and value; 0 is mod_wsgi's default.
        """
        if telemetry is None:
            metrics = RequestMetrics(threads=1, is_embedded=not group)
            telemetry = Telemetry(Events(sink=sink, is_embedded=not group), metrics, None)
        self._telemetry = telemetry
        self._metrics = telemetry.metrics
        self._event_callbacks = telemetry.events.event_callbacks
        self._header_line_limit = header_buffer_size or DEFAULT_HEADER_LINE_BYTES_LIMIT
        self._group = group
        self._loader = loader
        self._loaded = loader.loaded
        self._interpreter = loader.interpreter
        self._is_embedded = not group
        self._sink = sink
        self._constants: Dict[str, Any] = {
            "wsgi.version": (1, 0),
            "wsgi.input_terminated": True,
            "wsgi.multithread": multithread,
            "wsgi.multiprocess": multiprocess,
            "wsgi.run_once": run_once,
            "wsgi.file_wrapper": FileWrapper,
            "mod_wsgi.version": mod_wsgi_version,
            "mod_wsgi.process_group": group,
            "mod_wsgi.application_group": application_group,
            "apache.version": apache_version,
        }

    def serve(self, exchange: Exchange, thread_id: int) -> None:
        """Runs the request and answers it, whatever the application does. Never raises.

        `thread_id` is the number of the request thread in its process, from 1.
        """
        try:
            environ: Dict[str, Any] = exchange.environ
            fact: Callable[[str], Any] = exchange.facts.get
            script = fact("script") or decode_path(environ.get("SCRIPT_FILENAME", ""))
            log = RequestLog(self._sink, script, environ.get("REMOTE_ADDR"), environ.get("REMOTE_PORT"), environ)
            errors = LogStream(log, "<wsgi.errors>")
            is_head = environ.get("REQUEST_METHOD") == "HEAD"
            if self._event_callbacks or self._metrics.is_active:
                observation = Observation(self._telemetry, exchange, log, thread_id)
                request_input = RequestInput(observation.exchange)
                response = observation.make_response(request_input, is_head, self._header_line_limit)
                observation.begin()
            else:
                observation = None
                request_input = RequestInput(exchange)
                response = Response(exchange, log, request_input, is_head, self._header_line_limit)
            thread = get_ident()
            request_logs[thread] = log
        except BaseException as problem:
            # A defect of the exchange, or a RequestTimeout that came too late for the request before.
            self._report(problem)
            exchange.refuse(500, "the request could not be run")
            return
        try:
            daemon_start = time()
            environ.update(self._constants)
            https = environ.pop("HTTPS", None)
            if https is not None and https.lower() in _HTTPS_ON:
                environ["wsgi.url_scheme"] = "https"
            else:
                environ["wsgi.url_scheme"] = "http"
            path = environ.get("DOCUMENT_ROOT")
            if path is not None and not path.isascii():
                environ["DOCUMENT_ROOT"] = decode_path(path)
            path = environ.get("SCRIPT_FILENAME")
            if path is not None and not path.isascii():
                environ["SCRIPT_FILENAME"] = decode_path(path)
            environ["wsgi.input"] = request_input
            environ["wsgi.errors"] = errors
            environ["mod_wsgi.thread_id"] = thread_id
            environ["mod_wsgi.request_start"] = fact("request_start") or daemon_start
            if self._is_embedded:
                environ["mod_wsgi.queue_start"] = environ["mod_wsgi.daemon_start"] = 0.0
            else:
                environ["mod_wsgi.queue_start"] = fact("queue_start") or daemon_start
                environ["mod_wsgi.daemon_start"] = daemon_start
            name = environ["mod_wsgi.callable_object"] = fact("callable") or "application"

            module = self._loaded.get(script) or self._loader.load(script, log.record)
            application = module.__dict__.get(name)
            if application is None:
                log.record("error", f"Target WSGI script '{script}' does not contain WSGI application '{name}'.")
                response.refuse(404 if self._is_embedded else 500, "the script has no such application object")
            else:
                environ["mod_wsgi.application_start"] = time()
                if observation is not None:
                    application = observation.start(application, environ)
                self._run(application, environ, response, log)
        except BaseException as problem:
            self._conclude(problem, response, request_input, log)
        try:
            if observation is not None:
                observation.finish()
            errors.close()
            if log.has_streams:
                log.finish()
        except BaseException as problem:
            self._report(problem)
        finally:
            request_logs.pop(thread, None)
            response.expire()
            request_input.expire()

    def _run(self, application: Any, environ: Dict[str, Any], response: Response, log: RequestLog) -> None:
        """Calls the application, sends what it yields, and closes it: once, on every path."""
        is_plain = False
        result = application(environ, response.start)
        try:
            # Neither has a close().
            kind = type(result)
            is_plain = kind is list or kind is tuple
            if isinstance(result, FileWrapper) and not response.headers_sent:
                span = find_span(result)
                if span is not None:
                    response.send_file(*span)
                    return
            # Of a list it is known beforehand which block is the last; of others the count never comes to 0.
            left = len(result) if is_plain else 0
            emit = response.emit
            for block in result:
                left -= 1
                if not isinstance(block, bytes):
                    raise TypeError(f"response iterable must yield bytes, not {type(block).__name__}")
                if block:
                    emit(block, left == 0)
            response.finish()
        finally:
            if not is_plain:
                self._close(result, log)

    def _close(self, result: Any, log: RequestLog) -> None:
        try:
            close = getattr(result, "close", None)
            if close is not None:
                close()
        except RequestTimeout:
            pass  # the response is complete or lost already; the thread goes on
        except BaseException as problem:
            self._record_exception(problem, log)

    def _conclude(
        self, problem: BaseException, response: Response, request_input: RequestInput, log: RequestLog
    ) -> None:
        """The one mapping of what ends a request to log lines and statuses."""
        try:
            if isinstance(problem, ScriptFailed):
                response.refuse(500, str(problem))
            elif isinstance(problem, RequestTimeout):
                if response.headers_sent and not response.ended:
                    log.record("error", "Request interrupted by RequestTimeout after headers sent; response truncated.")
                else:
                    log.record("error", "Request interrupted by RequestTimeout; thread recovered.")
                response.refuse(504, "request-timeout has passed")
            elif isinstance(problem, HeaderLineTooLong):
                log.record("error", f"Response header line too long from daemon process '{self._group}': {problem}.")
                response.refuse(500, "header-buffer-size is too small for a header of the response")
            elif _is_departure(problem, response, request_input):
                log.record("debug", "Client closed connection.")
                response.refuse(500, "the client left")
            else:
                self._record_exception(problem, log)
                response.refuse(500, f"the application raised {type(problem).__name__}")
        except BaseException as further:
            # A RequestTimeout came meanwhile, or the exchange failed. An answer that was made stays.
            self._report(further)
            response.refuse(500, "the request could not be concluded")

    def _record_exception(self, problem: BaseException, log: RequestLog) -> None:
        consequence = "; ignored" if isinstance(problem, SystemExit) else ""
        log.record_exception(
            f"{type(problem).__name__} exception raised processing WSGI script '{log.script}' "
            f"for {self._interpreter}{consequence}.",
            problem,
        )
        self._loader.record_cure(log.record, log.script, problem)
        if self._event_callbacks:
            payload: Dict[str, Any] = {} if log.request_id is None else {"request_id": log.request_id}
            payload["exception_info"] = (type(problem), problem, problem.__traceback__)
            payload["request_data"] = log.data
            self._telemetry.events.publish("request_exception", payload, log)

    def _report(self, problem: BaseException) -> None:
        """What went wrong outside of the application."""
        self._sink.log("error", f"request could not be served\n{format_exception(problem, whole=True)}")


def decode_path(value: str) -> str:
    """A path as the file system functions take it, from its latin-1 form; that form where it can't be decoded."""
    try:
        return os.fsdecode(value.encode("latin-1"))
    except UnicodeError:
        return value


def _is_departure(problem: BaseException, response: Response, request_input: RequestInput) -> bool:
    """True where the client's leaving is what ended the request, also if the application wrapped the exception."""
    seen = set()
    cause: Optional[BaseException] = problem
    while cause is not None and id(cause) not in seen:
        if isinstance(cause, ClientGone) or cause is response.client_error or cause is request_input.client_error:
            return True
        seen.add(id(cause))
        cause = cause.__cause__ or cause.__context__
    return False
