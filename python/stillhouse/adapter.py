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
from .exchange import ClientGone, Exchange
from .file_wrapper import FileWrapper, find_span
from .mod_wsgi_module import APACHE_VERSION, MOD_WSGI_VERSION, RequestTimeout
from .request_input import RequestInput
from .script_loader import ScriptFailed, ScriptLoader
from .start_response import Response

_HTTPS_ON = ("on", "1")


class Adapter:
    """The applications of one application group in this process."""

    __slots__ = ("_constants", "_interpreter", "_is_embedded", "_loader", "_loaded", "_sink")

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
        mod_wsgi_version: Tuple[int, int, int] = MOD_WSGI_VERSION,
        apache_version: Tuple[int, int, int] = APACHE_VERSION,
    ) -> None:
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
            "mod_wsgi.request_handler": "wsgi-script",
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
            log = RequestLog(self._sink, script, environ.get("REMOTE_ADDR"), environ.get("REMOTE_PORT"))
            errors = LogStream(log, "<wsgi.errors>")
            request_input = RequestInput(exchange)
            response = Response(exchange, log, request_input, environ.get("REQUEST_METHOD") == "HEAD")
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
                environ["wsgi.url_scheme"] = environ.get("REQUEST_SCHEME", "http")
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
            environ["mod_wsgi.queue_start"] = 0.0 if self._is_embedded else fact("queue_start") or daemon_start
            environ["mod_wsgi.daemon_start"] = 0.0 if self._is_embedded else daemon_start
            name = environ["mod_wsgi.callable_object"] = fact("callable") or "application"

            module = self._loaded.get(script) or self._loader.load(script, log.record)
            application = module.__dict__.get(name)
            if application is None:
                log.record("error", f"Target WSGI script '{script}' does not contain WSGI application '{name}'.")
                response.refuse(404 if self._is_embedded else 500, "the script has no such application object")
            else:
                environ["mod_wsgi.application_start"] = time()
                self._run(application, environ, response, log)
        except BaseException as problem:
            self._conclude(problem, response, request_input, log)
        try:
            errors.close()
            log.finish()
        except BaseException as problem:
            self._report(problem)
        finally:
            request_logs.pop(thread, None)
            response.expire()
            request_input.expire()

    def _run(self, application: Any, environ: Dict[str, Any], response: Response, log: RequestLog) -> None:
        """Calls the application, sends what it yields, and closes it: once, on every path."""
        result = application(environ, response.start)
        try:
            if isinstance(result, FileWrapper) and not response.headers_sent:
                span = find_span(result)
                if span is not None:
                    response.send_file(*span)
                    return
            # Of a list it is known beforehand which block is the last; of others the count never comes to 0.
            kind = type(result)
            left = len(result) if kind is list or kind is tuple else 0
            emit = response.emit
            for block in result:
                left -= 1
                if not isinstance(block, bytes):
                    raise TypeError(f"response iterable must yield bytes, not {type(block).__name__}")
                if block:
                    emit(block, left == 0)
            response.finish()
        finally:
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
