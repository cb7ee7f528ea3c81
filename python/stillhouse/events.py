"""What applications subscribe to: requests, signals, and the end of the process (mod_wsgi.subscribe_*).

One Events object for each interpreter, held by its module `mod_wsgi`: a subscriber sees the requests of its own
interpreter only. Subscribers are called by the thread in which something happens: the request thread, the main thread
for process_stopping, the thread that delivers signals for process_signal.

Without a lock: the lists of subscribers are only appended to, and copied by one C call (`tuple(list)`) before each
round, which is atomic with the GIL and takes the list's own lock without it. Payloads belong to the thread that
publishes.
"""

import threading
import traceback
from typing import Any, Callable, Dict, Iterable, Iterator, List, Mapping, Optional, TypeVar

from .error_log import format_exception
from .error_streams import RequestLog, request_logs
from .exchange import ErrorSink
from .request_timeout import RequestTimeout

Callback = TypeVar("Callback", bound=Callable[..., Any])


class Events:
    """The subscribers of one interpreter."""

    __slots__ = ("event_callbacks", "shutdown_callbacks", "signal_callbacks", "_sink", "_is_embedded", "_stopping_once")

    def __init__(self, *, sink: ErrorSink, is_embedded: bool) -> None:
        # Never replaced: the adapter keeps the first, and looks whether it is empty before each request.
        self.event_callbacks: List[Callable[..., Any]] = []
        self.shutdown_callbacks: List[Callable[..., Any]] = []
        self.signal_callbacks: List[Callable[..., Any]] = []
        self._sink = sink
        self._is_embedded = is_embedded
        self._stopping_once = threading.Lock()

    # For applications.

    def subscribe_events(self, callback: Callback) -> Callback:
        """Calls `callback(name, **payload)` for every event. A dict that it returns is merged into the payload."""
        _append(self.event_callbacks, callback)
        return callback

    def subscribe_shutdown(self, callback: Callback) -> Callback:
        """Calls `callback('process_stopping', shutdown_reason=...)` once, when the process shuts down."""
        _append(self.shutdown_callbacks, callback)
        return callback

    def subscribe_signals(self, callback: Callback) -> Callback:
        """Calls `callback('process_signal', signame=..., signum=...)` for SIGHUP and SIGUSR2 to a daemon process.

        In embedded mode the signals are the server's: `callback` is dropped, and the log says so.
        """
        if self._is_embedded:
            _check(callback)
            stack = "".join(traceback.format_stack()[:-1])
            self._sink.log("info", f"subscribe_signals() has no effect in embedded mode.\n{stack}")
        else:
            _append(self.signal_callbacks, callback)
        return callback

    # For the process.

    def publish_process_stopping(self, shutdown_reason: str) -> None:
        """To be called by the main thread before it waits for running requests. Later calls do nothing.

        Returns when every subscriber has: what bounds that is the reaper.
        """
        if not self._stopping_once.acquire(False):
            return
        payload = {"shutdown_reason": shutdown_reason}
        self._publish_for_process("process_stopping", payload, (self.event_callbacks, self.shutdown_callbacks))

    def publish_process_signal(self, signame: str, signum: int) -> None:
        """To be called by a thread that may be kept by subscribers for as long as they like."""
        payload = {"signame": signame, "signum": signum}
        self._publish_for_process("process_signal", payload, (self.event_callbacks, self.signal_callbacks))

    def _publish_for_process(
        self, name: str, payload: Dict[str, Any], lists: Iterable[List[Callable[..., Any]]]
    ) -> None:
        for callbacks in lists:
            for callback in tuple(callbacks):
                try:
                    self._call(callback, name, payload)
                except BaseException as problem:
                    self._report(callback, name, problem, None)

    # For the adapter.

    def publish(self, name: str, payload: Dict[str, Any], log: RequestLog) -> None:
        """Tells the subscribers of something about a request; what they return is merged into `payload`.

        What they raise is logged and ends nothing. Raises RequestTimeout only: it is meant for the request, whichever
        code runs in its thread at that moment.
        """
        for callback in tuple(self.event_callbacks):
            try:
                self._call(callback, name, payload)
            except RequestTimeout:
                raise
            except BaseException as problem:
                self._report(callback, name, problem, log)

    def _call(self, callback: Callable[..., Any], name: str, payload: Dict[str, Any]) -> None:
        returned = callback(name, **payload)
        if isinstance(returned, dict):
            if not all(isinstance(key, str) for key in returned):
                raise TypeError("the keys of a dict that a subscriber returns must be str")
            payload.update(returned)

    def _report(self, callback: Any, name: str, problem: BaseException, log: Optional[RequestLog]) -> None:
        subscriber = getattr(callback, "__qualname__", None) or type(callback).__qualname__
        message = f"{type(problem).__name__} exception raised by subscriber '{subscriber}' of event '{name}'; ignored."
        if log is not None:
            log.record_exception(message, problem)
        else:
            self._sink.log("error", f"{message}\n{format_exception(problem)}")


class ActiveRequests(Mapping[str, Dict[str, Any]]):
    """mod_wsgi.active_requests: of each running request that has an id, what request_data() gives it.

    A view: it costs requests nothing.
    """

    __slots__ = ()

    def __getitem__(self, request_id: str) -> Dict[str, Any]:
        for log in request_logs.copy().values():
            if log.request_id == request_id:
                return log.data
        raise KeyError(request_id)

    def __iter__(self) -> Iterator[str]:
        ids = [log.request_id for log in request_logs.copy().values()]
        return iter([request_id for request_id in ids if request_id is not None])

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __repr__(self) -> str:
        return repr(dict(self))


def request_data() -> Dict[str, Any]:
    """The dict of the request that the calling thread runs: for whoever wants to keep something until its end.

    Raises RuntimeError in a thread that runs none.
    """
    log = request_logs.get(threading.get_ident())
    if log is None:
        raise RuntimeError("no active request for this thread")
    return log.data


def _append(callbacks: List[Callable[..., Any]], callback: Callable[..., Any]) -> None:
    _check(callback)
    callbacks.append(callback)


def _check(callback: object) -> None:
    if not callable(callback):
        raise TypeError(f"subscriber must be callable, not {type(callback).__name__}")
