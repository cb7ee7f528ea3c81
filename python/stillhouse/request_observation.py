"""One request as subscribers and metrics see it. The adapter makes an Observation only where there is somebody to tell.

It stands between the adapter and the exchange: what passes through is counted and timed, in MeasuredExchange; what the
application calls is told to subscribers, in ObservedResponse and Observation.
"""

from time import monotonic, perf_counter, time
from typing import Any, Callable, Dict, Mapping, Optional, Tuple

from .error_streams import RequestLog
from .exchange import Exchange, HeaderList
from .process_usage import thread_cpu_time
from .request_input import RequestInput
from .request_metrics import RequestFigures, RunningRequest
from .request_timeout import RequestTimeout
from .start_response import Response
from .telemetry import Telemetry

# What an application gets that ends without a word: the status of mod_wsgi's request_finished is never 0.
_NO_STATUS = 500


class MeasuredExchange:
    """An Exchange that counts what goes through it. Times in seconds."""

    __slots__ = (
        "environ",
        "facts",
        "status",
        "input_reads",
        "input_length",
        "input_time",
        "output_writes",
        "output_length",
        "output_time",
        "_exchange",
    )

    def __init__(self, exchange: Exchange) -> None:
        self.environ: Dict[str, str] = exchange.environ
        self.facts: Mapping[str, object] = exchange.facts
        self.status = _NO_STATUS
        self.input_reads = 0
        self.input_length = 0
        self.input_time = 0.0
        self.output_writes = 0
        self.output_length = 0
        self.output_time = 0.0
        self._exchange = exchange

    @property
    def client_gone(self) -> bool:
        return self._exchange.client_gone

    def read(self, size: int) -> bytes:
        self.input_reads += 1
        started = perf_counter()
        try:
            block = self._exchange.read(size)
        finally:
            self.input_time += perf_counter() - started
        self.input_length += len(block)
        return block

    def respond(self, status: str, headers: HeaderList, block: bytes, last: bool) -> None:
        self.status = int(status[:3])
        started = perf_counter()
        try:
            self._exchange.respond(status, headers, block, last)
        finally:
            self.output_time += perf_counter() - started
        self._count(len(block))

    def write(self, block: bytes, last: bool = False) -> None:
        started = perf_counter()
        try:
            self._exchange.write(block, last)
        finally:
            self.output_time += perf_counter() - started
        self._count(len(block))

    def send_file(self, descriptor: int, offset: int, count: int) -> None:
        started = perf_counter()
        try:
            self._exchange.send_file(descriptor, offset, count)
        finally:
            self.output_time += perf_counter() - started
        self._count(count)

    def refuse(self, status: int, reason: str) -> None:
        self.status = status
        self._exchange.refuse(status, reason)

    def truncate(self, reason: str) -> None:
        self._exchange.truncate(reason)

    def _count(self, length: int) -> None:
        if length:
            self.output_writes += 1
            self.output_length += length


class Observation:
    """Follows one request from its first moment in the adapter to its last. Used by the thread that runs it."""

    __slots__ = (
        "exchange",
        "_telemetry",
        "_log",
        "_thread_id",
        "_running",
        "_cpu",
        "_identity",
        "_application_start",
        "_environ",
        "_is_begun",
    )

    def __init__(self, telemetry: Telemetry, exchange: Exchange, log: RequestLog, thread_id: int) -> None:
        self.exchange = MeasuredExchange(exchange)
        self._telemetry = telemetry
        self._log = log
        self._thread_id = thread_id
        environ = exchange.environ
        # What the application may change is read before it does.
        request_id = log.request_id
        self._identity: Dict[str, Any] = {} if request_id is None else {"request_id": request_id}
        metrics = telemetry.metrics
        if metrics.watches_workers:
            request = f"{environ.get('REQUEST_METHOD')} {environ.get('REQUEST_URI')} {environ.get('SERVER_PROTOCOL')}"
            vhost = f"{environ.get('SERVER_NAME')}:{environ.get('SERVER_PORT')}"
            self._running = RunningRequest(monotonic(), time(), environ.get("REMOTE_ADDR"), request, vhost)
        else:
            self._running = RunningRequest(monotonic(), time())
        self._application_start = 0.0
        self._environ: Dict[str, Any] = {}
        self._is_begun = False
        self._cpu = thread_cpu_time()

    def begin(self) -> None:
        """The request counts as running from here until `finish`.

        One that no request thread runs (number 0: a check of the process before it serves) is in no metrics.
        """
        metrics = self._telemetry.metrics
        if metrics.is_active and 1 <= self._thread_id <= metrics.threads:
            self._is_begun = True
            metrics.begin(self._thread_id, self._running)

    def make_response(self, request_input: RequestInput, is_head: bool, header_line_limit: int) -> Response:
        return ObservedResponse(self, self.exchange, self._log, request_input, is_head, header_line_limit)

    def start(self, application: Any, environ: Dict[str, Any]) -> Any:
        """The application is about to be called: returns what is to be called, which subscribers may have replaced."""
        self._application_start = environ["mod_wsgi.application_start"]
        # What request_finished says must not depend on what the application does to its environ.
        self._environ = find_lasting(environ)
        events = self._telemetry.events
        if not events.event_callbacks:
            return application
        facts = self.exchange.facts
        payload: Dict[str, Any] = {
            **self._identity,
            "thread_id": self._thread_id,
            # How often the http child had to turn to a daemon process, and how many of those restarted instead.
            "daemon_connects": facts.get("daemon_connects", 1),
            "daemon_restarts": facts.get("daemon_restarts", 0),
            **self._environ,
            "application_start": self._application_start,
            "application_object": application,
            "callable_object": environ.get("mod_wsgi.callable_object"),
            "request_environ": environ,
            "request_data": self._log.data,
        }
        events.publish("request_started", payload, self._log)
        return payload["application_object"]

    def respond(self, status: str, headers: HeaderList, exc_info: Optional[Tuple[Any, Any, Any]]) -> None:
        """The application has called start_response."""
        events = self._telemetry.events
        if events.event_callbacks:
            payload = {
                **self._identity,
                "response_status": status,
                "response_headers": headers,
                "exception_info": exc_info,
                "request_data": self._log.data,
            }
            events.publish("response_started", payload, self._log)

    def finish(self) -> None:
        """The request is answered, and the application's iterable closed."""
        exchange = self.exchange
        finished_at = time()
        cpu_before, cpu_after = self._cpu, thread_cpu_time()
        user: Optional[float] = None
        system: Optional[float] = None
        if cpu_before is not None and cpu_after is not None:
            user = cpu_after.user - cpu_before.user
            system = cpu_after.system - cpu_before.system
        metrics = self._telemetry.metrics
        application_start = self._application_start or finished_at
        # Where the application was never called its environ is as it was.
        facts = self._environ or find_lasting(exchange.environ)
        if self._is_begun:
            figures = RequestFigures(
                running=self._running,
                finished=monotonic(),
                request_start=facts["request_start"],
                queue_start=facts["queue_start"],
                daemon_start=facts["daemon_start"],
                application_start=application_start,
                application_finish=finished_at,
                input_reads=exchange.input_reads,
                input_length=exchange.input_length,
                input_time=exchange.input_time,
                output_writes=exchange.output_writes,
                output_length=exchange.output_length,
                output_time=exchange.output_time,
                cpu_user_time=user,
                cpu_system_time=system,
                status=exchange.status,
            )
            metrics.finish(self._thread_id, figures)
        events = self._telemetry.events
        if not events.event_callbacks or not self._application_start:
            return
        payload: Dict[str, Any] = {
            **self._identity,
            "thread_id": self._thread_id,
            **facts,
            "application_finish": finished_at,
            "application_time": max(0.0, finished_at - application_start),
            "input_reads": exchange.input_reads,
            "input_length": exchange.input_length,
            "input_time": exchange.input_time,
            "output_length": exchange.output_length,
            "output_writes": exchange.output_writes,
            "output_time": exchange.output_time,
            "status": exchange.status,
            # CPython does not tell how long a thread waits for the GIL.
            "gil_wait_time": None,
            "gil_wait_count": None,
            "request_data": self._log.data,
        }
        if user is not None and system is not None:
            payload["cpu_user_time"] = user
            payload["cpu_system_time"] = system
            payload["cpu_time"] = user + system
        try:
            events.publish("request_finished", payload, self._log)
        except RequestTimeout:
            pass  # the request is over; the thread goes on


def find_lasting(environ: Mapping[str, Any]) -> Dict[str, Any]:
    """What both request_started and request_finished have of environ."""
    return {
        "server_pid": environ.get("mod_wsgi.server_pid"),
        "request_start": environ.get("mod_wsgi.request_start", 0.0),
        "queue_start": environ.get("mod_wsgi.queue_start", 0.0),
        "daemon_start": environ.get("mod_wsgi.daemon_start", 0.0),
    }


class ObservedResponse(Response):
    """A Response whose start_response is an event."""

    __slots__ = ("_observation",)

    def __init__(
        self,
        observation: Observation,
        exchange: Exchange,
        log: RequestLog,
        request_input: RequestInput,
        is_head: bool,
        header_line_limit: int,
    ) -> None:
        super().__init__(exchange, log, request_input, is_head, header_line_limit)
        self._observation = observation

    def start(
        self, status: str, headers: HeaderList, exc_info: Optional[Tuple[Any, Any, Any]] = None
    ) -> Callable[[bytes], None]:
        # After the types of the arguments, before what they say: as in mod_wsgi.
        if self._exchange is not None and isinstance(status, str) and isinstance(headers, list):
            self._observation.respond(status, headers, exc_info)
        return super().start(status, headers, exc_info)
