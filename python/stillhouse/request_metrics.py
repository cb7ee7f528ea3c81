"""Figures over the requests of this process: mod_wsgi.request_metrics, process_metrics and their recording.

One RequestMetrics for each interpreter. Request threads enter what they run in `_running` and append what they have run
to `_finished`; they take no lock for that (a thread that loses the processor inside one would hold up all others). The
one who asks for figures adds up what has finished, under `_lock`; so does a request thread once that has become many.

What makes it safe: setting, popping and copying a dict with int keys, and appending to and popping from a deque, are
single C calls that other threads see done or not done, with the GIL and without. Each key of `_running` is written by
the one request thread of that number. Sums belong to the holder of `_lock`.
"""

import os
import threading
import time
from collections import deque
from typing import Any, Deque, Dict, List, NamedTuple, Optional, Set, Tuple

from .process_usage import maximum_resident_bytes, process_cpu_time, resident_bytes
from .time_distribution import TimeDistribution

# Without anybody who asks for figures this many requests at most wait to be added up.
_FINISHED_LIMIT = 256

_DURATIONS = (
    "server_time",
    "queue_time",
    "daemon_time",
    "application_time",
    "request_time",
    "input_read_time",
    "output_write_time",
    "gil_wait_time",
)
# Only a daemon process has these two; how long a thread waits for the GIL CPython tells nobody.
_DAEMON_DURATIONS = ("queue_time", "daemon_time")
_UNMEASURED = "gil_wait_time"


class RunningRequest(NamedTuple):
    """What a request thread runs. `started` on time.monotonic's clock, `started_at` since the epoch."""

    started: float
    started_at: float
    client: Optional[str] = None
    request: Optional[str] = None
    vhost: Optional[str] = None


class RequestFigures(NamedTuple):
    """What came of one request. Times since the epoch, durations in seconds, lengths in bytes."""

    running: RunningRequest
    # On time.monotonic's clock, as running.started.
    finished: float
    request_start: float
    # Both 0.0 in embedded mode.
    queue_start: float
    daemon_start: float
    # That of application_finish where the application was never called.
    application_start: float
    application_finish: float
    input_reads: int
    input_length: int
    input_time: float
    output_writes: int
    output_length: int
    output_time: float
    # None where the system does not tell.
    cpu_user_time: Optional[float]
    cpu_system_time: Optional[float]
    status: int


class Worker:
    """One request thread over the life of the process."""

    __slots__ = ("access_count", "bytes_served", "last", "stopped_at")

    def __init__(self) -> None:
        self.access_count = 0
        self.bytes_served = 0
        self.last: Optional[RunningRequest] = None
        self.stopped_at = 0.0


class _Thread:
    """One request thread over an interval."""

    __slots__ = ("completed", "busy_time", "cpu_time", "max_duration")

    def __init__(self) -> None:
        self.completed = 0
        self.busy_time = 0.0
        self.cpu_time = 0.0
        self.max_duration = 0.0


class _Interval:
    """What request_metrics() adds up from one call to the next."""

    def __init__(self, threads: int) -> None:
        self.started_at = time.time()
        self.started = time.monotonic()
        self.cpu = process_cpu_time()
        self.count = 0
        self.statuses = [0] * 5
        self.durations = {name: TimeDistribution() for name in _DURATIONS}
        self.input_bytes = 0
        self.input_reads = 0
        self.output_bytes = 0
        self.output_writes = 0
        self.threads = [_Thread() for _ in range(threads)]

    def add(self, thread_id: int, figures: RequestFigures) -> None:
        self.count += 1
        kind = figures.status // 100
        self.statuses[kind - 1 if 1 <= kind <= 5 else 4] += 1
        self.input_bytes += figures.input_length
        self.input_reads += figures.input_reads
        self.output_bytes += figures.output_length
        self.output_writes += figures.output_writes
        durations = self.durations
        for name, seconds in _split(figures):
            durations[name].add(seconds)
        durations["input_read_time"].add(figures.input_time)
        durations["output_write_time"].add(figures.output_time)
        thread = self.threads[thread_id - 1]
        thread.completed += 1
        # What was before this interval is in another one's sum already.
        thread.busy_time += max(0.0, figures.finished - max(figures.running.started, self.started))
        thread.cpu_time += (figures.cpu_user_time or 0.0) + (figures.cpu_system_time or 0.0)
        thread.max_duration = max(thread.max_duration, figures.finished - figures.running.started)


class RequestMetrics:
    """Records requests once somebody asked for that; see mod_wsgi's start_recording_metrics."""

    def __init__(self, *, threads: int, is_embedded: bool, watches_workers: bool = False) -> None:
        """`watches_workers`: server_metrics() is allowed, so what each thread does is noted from the start."""
        self.threads = threads
        self.started_at = time.time()
        self.watches_workers = watches_workers
        # What the adapter asks before each request.
        self.is_active = watches_workers
        self._is_embedded = is_embedded
        self._started = time.monotonic()
        self._running: Dict[int, RunningRequest] = {}
        self._finished: Deque[Tuple[int, RequestFigures]] = deque()
        self._lock = threading.Lock()
        self._interval: Optional[_Interval] = None
        self._workers: Dict[int, Worker] = {}
        self._request_count = 0
        self._busy_time = 0.0
        self._counts = [0] * threads

    # For request threads.

    def begin(self, thread_id: int, running: RunningRequest) -> None:
        self._running[thread_id] = running

    def finish(self, thread_id: int, figures: RequestFigures) -> None:
        # In this order: one who asks now may meet the request twice, and can tell, but never misses it.
        self._finished.append((thread_id, figures))
        self._running.pop(thread_id, None)
        if len(self._finished) >= _FINISHED_LIMIT:
            with self._lock:
                self._add_up()

    # For applications.

    def start_recording(self) -> None:
        """From here on requests count. Later calls change nothing."""
        with self._lock:
            if self._interval is None:
                self._add_up()
                self._interval = _Interval(self.threads)
                self.is_active = True

    def request_metrics(self) -> Optional[Dict[str, Any]]:
        """Figures since the last call, or since start_recording_metrics(); None before that.

        There can be one consumer in a process: each call begins a new interval. Every gil_wait_* is None or empty:
        CPython does not tell how long a thread waits for the GIL.
        """
        with self._lock:
            if self._interval is None:
                return None
            running = self._add_up_and_list_running()
            interval = self._interval
            following = self._interval = _Interval(self.threads)
        return self._describe(interval, following, running)

    def process_metrics(self) -> Optional[Dict[str, Any]]:
        """Totals of this process. Requests count from start_recording_metrics() on; None before that."""
        with self._lock:
            if self._interval is None:
                return None
            running = self._add_up_and_list_running()
            request_count = self._request_count
            busy_time = self._busy_time
            counts = list(self._counts)
        now = time.monotonic()
        cpu = process_cpu_time()
        seen = [index for index, count in enumerate(counts) if count or index + 1 in running]
        return {
            "pid": os.getpid(),
            "restart_time": self.started_at,
            "current_time": time.time(),
            "running_time": int(now - self._started),
            "request_count": request_count,
            "request_busy_time": busy_time + sum(now - request.started for request in running.values()),
            "request_threads": len(seen),
            "active_requests": len(running),
            "cpu_user_time": cpu.user,
            "cpu_system_time": cpu.system,
            "cpu_time": cpu.user + cpu.system,
            "memory_rss": resident_bytes(),
            "memory_max_rss": maximum_resident_bytes(),
            "threads": [{"thread_id": index + 1, "request_count": counts[index]} for index in seen],
        }

    def list_workers(self) -> "List[Tuple[Worker, Optional[RunningRequest]]]":
        """Each request thread, in order of its number, and what it runs."""
        with self._lock:
            running = self._add_up_and_list_running()
            workers = []
            for index in range(self.threads):
                known = self._workers.get(index + 1)
                copy = Worker()
                if known is not None:
                    copy.access_count, copy.bytes_served = known.access_count, known.bytes_served
                    copy.last, copy.stopped_at = known.last, known.stopped_at
                workers.append((copy, running.get(index + 1)))
            return workers

    # Under the lock.

    def _add_up_and_list_running(self) -> Dict[int, RunningRequest]:
        running = self._running.copy()
        finished = self._add_up()
        return {number: request for number, request in running.items() if id(request) not in finished}

    def _add_up(self) -> Set[int]:
        """Returns the identities of the running requests that turned out to have finished.

        To be compared only with objects that were there before the call: no other one has their identities.
        """
        pending = self._finished
        interval = self._interval
        identities: Set[int] = set()
        while pending:
            thread_id, figures = pending.popleft()
            identities.add(id(figures.running))
            worker = self._workers.get(thread_id)
            if worker is None:
                worker = self._workers[thread_id] = Worker()
            worker.access_count += 1
            worker.bytes_served += figures.output_length
            worker.last = figures.running
            worker.stopped_at = figures.application_finish
            if interval is not None:
                interval.add(thread_id, figures)
                self._request_count += 1
                self._busy_time += figures.finished - figures.running.started
                self._counts[thread_id - 1] += 1
        return identities

    def _describe(
        self, interval: _Interval, following: _Interval, running: Dict[int, RunningRequest]
    ) -> Dict[str, Any]:
        threads = self.threads
        stopped = following.started
        period = max(stopped - interval.started, 1e-6)
        elapsed = [0.0] * threads
        busy = [thread.busy_time for thread in interval.threads]
        for number, request in running.items():
            elapsed[number - 1] = max(0.0, stopped - request.started)
            busy[number - 1] += max(0.0, stopped - max(request.started, interval.started))
        completed = [thread.completed for thread in interval.threads]
        user = (following.cpu.user - interval.cpu.user) / period
        system = (following.cpu.system - interval.cpu.system) / period
        metrics: Dict[str, Any] = {
            "pid": os.getpid(),
            "start_time": interval.started_at,
            "stop_time": following.started_at,
            "sample_period": period,
            "request_count": interval.count,
            "request_throughput": interval.count / period,
            "capacity_utilization": min(1.0, sum(busy) / (period * max(1, threads))),
            "request_threads_maximum": threads,
            "request_threads_started": sum(
                1 for index, count in enumerate(self._counts) if count or index + 1 in running
            ),
            "request_threads_active": len(running),
            "request_threads_completed": completed,
            "request_threads_buckets": list(completed),
            "request_threads_busy_time": busy,
            "request_threads_cpu_time": [thread.cpu_time for thread in interval.threads],
            "request_threads_current_elapsed": elapsed,
            "request_threads_max_duration": [thread.max_duration for thread in interval.threads],
        }
        for name, distribution in interval.durations.items():
            is_measured = name != _UNMEASURED and not (self._is_embedded and name in _DAEMON_DURATIONS)
            metrics.update(distribution.describe(name, is_measured=is_measured))
        metrics["gil_wait_count"] = None
        metrics["input_bytes"] = interval.input_bytes
        metrics["input_reads"] = interval.input_reads
        metrics["output_bytes"] = interval.output_bytes
        metrics["output_writes"] = interval.output_writes
        for index, count in enumerate(interval.statuses):
            metrics[f"status_{index + 1}xx"] = count
        for name, rate in (("cpu_user", user), ("cpu_system", system), ("cpu", user + system)):
            # The second name is mod_wsgi's older one, for the same rate.
            metrics[f"{name}_utilization"] = metrics[f"{name}_time"] = rate
        metrics["memory_rss"] = resident_bytes()
        metrics["memory_max_rss"] = maximum_resident_bytes()
        return metrics


def _split(figures: RequestFigures) -> "List[Tuple[str, float]]":
    """The stages of a request. None is negative, even if the clock was set back meanwhile."""
    application_time = max(0.0, figures.application_finish - figures.application_start)
    if figures.queue_start:
        stages = [
            ("server_time", max(0.0, figures.queue_start - figures.request_start)),
            ("queue_time", max(0.0, figures.daemon_start - figures.queue_start)),
            ("daemon_time", max(0.0, figures.application_start - figures.daemon_start)),
        ]
    else:
        stages = [("server_time", max(0.0, figures.application_start - figures.request_start))]
    stages.append(("application_time", application_time))
    stages.append(("request_time", sum(seconds for _, seconds in stages)))
    return stages
