"""mod_wsgi.request_metrics and process_metrics: what is counted, and how durations are distributed."""

import threading
import time
import unittest
from unittest import mock

from stillhouse.request_metrics import RequestFigures, RequestMetrics, RunningRequest
from stillhouse.time_distribution import BUCKETS, TimeDistribution, find_bucket

from .memory_exchange import SCRIPT, MemoryExchange, respond_with
from .telemetry_case import THREADS, TelemetryCase

DURATIONS = ("server_time", "queue_time", "daemon_time", "application_time", "request_time") + (
    "input_read_time",
    "output_write_time",
    "gil_wait_time",
)
REQUEST_KEYS = (
    {"pid", "start_time", "stop_time", "sample_period", "request_count", "request_throughput", "capacity_utilization"}
    | {f"request_threads_{name}" for name in ("maximum", "started", "active", "completed", "buckets", "busy_time")}
    | {f"request_threads_{name}" for name in ("cpu_time", "current_elapsed", "max_duration")}
    | {f"{name}{suffix}" for name in DURATIONS for suffix in ("", "_min_us", "_max_us", "_buckets")}
    | {"gil_wait_count", "input_bytes", "input_reads", "output_bytes", "output_writes"}
    | {f"status_{number}xx" for number in range(1, 6)}
    | {"cpu_user_utilization", "cpu_system_utilization", "cpu_utilization"}
    | {"cpu_user_time", "cpu_system_time", "cpu_time", "memory_rss", "memory_max_rss"}
)
PROCESS_KEYS = {"pid", "restart_time", "current_time", "running_time", "request_count", "request_busy_time"} | {
    "request_threads",
    "active_requests",
    "cpu_user_time",
    "cpu_system_time",
    "cpu_time",
    "memory_rss",
    "memory_max_rss",
    "threads",
}


class BucketsTest(unittest.TestCase):
    def test_borders(self):
        milliseconds = {0: 0, 0.999: 0, 1: 0, 1.249: 0, 1.25: 1, 1.5: 2, 1.75: 3, 1.999: 3, 2: 4, 2.5: 5, 3.999: 7}
        milliseconds.update({4: 8, 1000: 39, 1024: 40, 32768: 60, 65535.999: 63, 65536: 64, 1e9: 64})
        for value, bucket in milliseconds.items():
            self.assertEqual(find_bucket(int(value * 1000)), bucket, value)
        self.assertEqual(BUCKETS, 65)

    def test_every_duration_has_a_bucket_that_grows_with_it(self):
        last = microseconds = 0
        while microseconds < 70_000_000:
            microseconds += 1 + microseconds // 50
            bucket = find_bucket(microseconds)
            self.assertIn(bucket - last, (0, 1))
            last = bucket
        self.assertEqual(last, 64)

    def test_distribution(self):
        distribution = TimeDistribution()
        for seconds in (0.002, 0.004, 0.0005):
            distribution.add(seconds)
        described = distribution.describe("x")
        self.assertAlmostEqual(described["x"], 0.0065 / 3)
        self.assertEqual((described["x_min_us"], described["x_max_us"]), (500, 4000))
        self.assertEqual(sum(described["x_buckets"]), 3)
        empty = TimeDistribution().describe("x")
        self.assertEqual(empty, {"x": 0.0, "x_min_us": None, "x_max_us": None, "x_buckets": [0] * 65})


class RecordingTest(TelemetryCase):
    def serve_status(self, status, thread_id=1, **options):
        module = type(threading)(SCRIPT)
        module.application = respond_with(b"12345", status=status)
        self.loader.loaded[SCRIPT] = module
        self.adapter.serve(MemoryExchange(**options), thread_id)

    def test_nothing_is_recorded_until_somebody_asks_for_it(self):
        self.serve_status("200 OK")
        self.assertIsNone(self.mod_wsgi.request_metrics())
        self.assertIsNone(self.mod_wsgi.process_metrics())
        self.assertIsNone(self.mod_wsgi.server_metrics())
        self.assertIsNone(self.mod_wsgi.start_recording_metrics())
        self.assertEqual(self.mod_wsgi.request_metrics()["request_count"], 0)

    def test_keys(self):
        self.mod_wsgi.start_recording_metrics()
        self.assertEqual(set(self.mod_wsgi.request_metrics()), REQUEST_KEYS)
        self.serve_status("200 OK")
        metrics = self.mod_wsgi.request_metrics()
        self.assertEqual(set(metrics), REQUEST_KEYS)
        for name in DURATIONS:
            self.assertEqual(len(metrics[f"{name}_buckets"]), 65)
        for name in ("completed", "buckets", "busy_time", "cpu_time", "current_elapsed", "max_duration"):
            self.assertEqual(len(metrics[f"request_threads_{name}"]), THREADS, name)
        self.assertIsNone(metrics["gil_wait_time"])
        self.assertEqual(set(self.mod_wsgi.process_metrics()), PROCESS_KEYS)

    def test_counts_of_an_interval(self):
        self.mod_wsgi.start_recording_metrics()
        statuses = ["101 Switching", "200 OK", "204 No", "302 Found", "404 Not", "410 Gone", "503 Busy"]
        for number, status in enumerate(statuses):
            self.serve_status(status, thread_id=number % 2 + 1)
        # No status at all: what the server answers counts.
        self.serve(lambda environ, start_response: 1 / 0)
        metrics = self.mod_wsgi.request_metrics()
        self.assertEqual([metrics[f"status_{number}xx"] for number in range(1, 6)], [1, 2, 1, 2, 2])
        self.assertEqual(metrics["request_count"], 8)
        self.assertEqual(metrics["request_threads_completed"], [5, 3, 0])
        self.assertEqual((metrics["request_threads_maximum"], metrics["request_threads_started"]), (3, 2))
        self.assertEqual(metrics["request_threads_active"], 0)
        self.assertEqual((metrics["output_bytes"], metrics["output_writes"]), (35, 7))
        self.assertEqual(sum(metrics["application_time_buckets"]), 8)
        self.assertAlmostEqual(metrics["request_throughput"], 8 / metrics["sample_period"])
        # Each call begins an interval of its own.
        following = self.mod_wsgi.request_metrics()
        self.assertEqual((following["request_count"], following["status_2xx"]), (0, 0))
        self.assertEqual(following["start_time"], metrics["stop_time"])
        self.assertEqual(following["request_threads_started"], 2)

    def test_recording_again_changes_nothing(self):
        self.mod_wsgi.start_recording_metrics()
        self.serve_status("200 OK")
        self.mod_wsgi.start_recording_metrics()
        self.assertEqual(self.mod_wsgi.request_metrics()["request_count"], 1)

    def test_body_and_stages(self):
        self.mod_wsgi.start_recording_metrics()

        def read(environ, start_response):
            environ["wsgi.input"].read()
            start_response("200 OK", [])
            return []

        now = time.time()
        facts = {"script": SCRIPT, "callable": "application", "request_start": now - 3, "queue_start": now - 1}
        self.serve(read, MemoryExchange({"REQUEST_METHOD": "POST"}, facts=facts, blocks=[b"x" * 10]))
        metrics = self.mod_wsgi.request_metrics()
        self.assertEqual((metrics["input_bytes"], metrics["input_reads"]), (10, 2))
        self.assertAlmostEqual(metrics["server_time"], 2, delta=0.001)
        self.assertGreaterEqual(metrics["queue_time"], 1)
        stages = ("server_time", "queue_time", "daemon_time", "application_time")
        self.assertAlmostEqual(metrics["request_time"], sum(metrics[name] for name in stages))
        self.assertEqual(metrics["server_time_buckets"][find_bucket(int(metrics["server_time"] * 1_000_000))], 1)

    def test_a_script_that_cannot_be_loaded_counts(self):
        self.mod_wsgi.start_recording_metrics()
        self.adapter.serve(MemoryExchange(facts={"script": "/absent.wsgi", "callable": "application"}), 1)
        metrics = self.mod_wsgi.request_metrics()
        self.assertEqual((metrics["request_count"], metrics["status_5xx"]), (1, 1))
        self.assertEqual(metrics["application_time"], 0.0)

    def test_a_check_before_the_process_serves_does_not_count(self):
        self.mod_wsgi.start_recording_metrics()
        self.serve_status("200 OK", thread_id=0)
        self.assertEqual(self.mod_wsgi.request_metrics()["request_count"], 0)

    def test_a_running_request_is_seen(self):
        self.mod_wsgi.start_recording_metrics()
        entered, leave = threading.Event(), threading.Event()

        def wait(environ, start_response):
            entered.set()
            leave.wait(10)
            start_response("200 OK", [])
            return []

        module = type(threading)(SCRIPT)
        module.application = wait
        self.loader.loaded[SCRIPT] = module
        thread = threading.Thread(target=self.adapter.serve, args=(MemoryExchange(), 2))
        thread.start()
        entered.wait(10)
        metrics = self.mod_wsgi.request_metrics()
        totals = self.mod_wsgi.process_metrics()
        leave.set()
        thread.join()
        self.assertEqual((metrics["request_threads_active"], metrics["request_count"]), (1, 0))
        self.assertEqual(metrics["request_threads_started"], 1)
        elapsed = metrics["request_threads_current_elapsed"]
        self.assertEqual((elapsed[0], elapsed[2]), (0.0, 0.0))
        self.assertGreater(elapsed[1], 0.0)
        self.assertEqual((totals["active_requests"], totals["request_count"]), (1, 0))
        self.assertGreater(totals["request_busy_time"], 0)
        self.assertEqual(totals["threads"], [{"thread_id": 2, "request_count": 0}])
        metrics = self.mod_wsgi.request_metrics()
        self.assertEqual((metrics["request_threads_active"], metrics["request_count"]), (0, 1))

    def test_totals_do_not_depend_on_intervals(self):
        self.mod_wsgi.start_recording_metrics()
        for _ in range(3):
            self.serve_status("200 OK")
            self.mod_wsgi.request_metrics()
        self.serve_status("200 OK", thread_id=3)
        totals = self.mod_wsgi.process_metrics()
        self.assertEqual(totals["request_count"], 4)
        self.assertEqual(
            totals["threads"], [{"thread_id": 1, "request_count": 3}, {"thread_id": 3, "request_count": 1}]
        )
        self.assertEqual(totals["request_threads"], 2)
        self.assertIs(type(totals["running_time"]), int)
        self.assertGreater(totals["memory_rss"], 1_000_000)
        self.assertGreaterEqual(totals["memory_max_rss"], totals["memory_rss"] // 2)
        self.assertEqual(totals["cpu_time"], totals["cpu_user_time"] + totals["cpu_system_time"])

    def test_many_threads_lose_no_request(self):
        self.mod_wsgi.start_recording_metrics()
        each = 700
        counted = []

        def run(thread_id):
            for _ in range(each):
                self.adapter.serve(MemoryExchange(), thread_id)

        module = type(threading)(SCRIPT)
        module.application = respond_with(b"x")
        self.loader.loaded[SCRIPT] = module
        threads = [threading.Thread(target=run, args=(number + 1,)) for number in range(THREADS)]
        for thread in threads:
            thread.start()
        while any(thread.is_alive() for thread in threads):
            metrics = self.mod_wsgi.request_metrics()
            self.assertLessEqual(metrics["capacity_utilization"], 1.0)
            counted.append(metrics)
        counted.append(self.mod_wsgi.request_metrics())
        self.assertEqual(sum(metrics["request_count"] for metrics in counted), each * THREADS)
        completed = [sum(column) for column in zip(*(metrics["request_threads_completed"] for metrics in counted))]
        self.assertEqual(completed, [each] * THREADS)
        self.assertEqual(self.mod_wsgi.process_metrics()["request_count"], each * THREADS)

    def test_what_nobody_asks_for_is_added_up(self):
        self.mod_wsgi.start_recording_metrics()
        for _ in range(1000):
            self.serve_status("200 OK")
        self.assertLess(len(self.telemetry.metrics._finished), 256)
        self.assertEqual(self.mod_wsgi.request_metrics()["request_count"], 1000)


class EmbeddedRecordingTest(TelemetryCase):
    group = ""

    def test_there_is_no_queue(self):
        self.mod_wsgi.start_recording_metrics()
        facts = {"script": SCRIPT, "callable": "application", "request_start": time.time() - 2}
        self.serve(respond_with(b"x"), MemoryExchange(facts=facts))
        metrics = self.mod_wsgi.request_metrics()
        self.assertIsNone(metrics["queue_time"])
        self.assertIsNone(metrics["daemon_time"])
        self.assertAlmostEqual(metrics["server_time"], 2, delta=0.5)


class BusyTimeTest(unittest.TestCase):
    """On a clock that the test sets."""

    def setUp(self):
        self.now = 100.0
        clock = mock.patch("stillhouse.request_metrics.time.monotonic", lambda: self.now)
        clock.start()
        self.addCleanup(clock.stop)
        self.metrics = RequestMetrics(threads=2, is_embedded=False)
        self.metrics.start_recording()

    def begin(self, thread_id):
        running = RunningRequest(self.now, 0.0)
        self.metrics.begin(thread_id, running)
        return running

    def finish(self, thread_id, running):
        figures = RequestFigures(running, self.now, 1.0, 1.0, 1.0, 1.0, 1.0, 0, 0, 0.0, 0, 0, 0.0, 0.25, 0.25, 200)
        self.metrics.finish(thread_id, figures)

    def test_a_request_over_three_intervals_is_in_each_with_its_part(self):
        self.now = 101.0
        running = self.begin(1)
        self.now = 104.0
        first = self.metrics.request_metrics()
        self.now = 106.0
        second = self.metrics.request_metrics()
        self.now = 107.0
        self.finish(1, running)
        self.now = 108.0
        third = self.metrics.request_metrics()
        self.assertEqual([m["request_threads_busy_time"] for m in (first, second, third)], [[3, 0], [2, 0], [1, 0]])
        self.assertEqual([m["capacity_utilization"] for m in (first, second, third)], [3 / 8, 2 / 4, 1 / 4])
        self.assertEqual([m["request_threads_current_elapsed"][0] for m in (first, second, third)], [3, 5, 0])
        self.assertEqual([m["request_count"] for m in (first, second, third)], [0, 0, 1])
        self.assertEqual(third["request_threads_max_duration"], [6, 0])
        self.assertEqual(third["request_threads_cpu_time"], [0.5, 0])
        self.assertEqual(self.metrics.process_metrics()["request_busy_time"], 6)

    def test_a_request_that_is_just_finishing_counts_once(self):
        running = self.begin(1)
        self.now = 104.0
        # What RequestMetrics.finish has done when another thread asks in its midst.
        with mock.patch.object(self.metrics, "_running", {1: running}):
            self.finish(1, running)
            self.metrics._running[1] = running
            metrics = self.metrics.request_metrics()
        self.assertEqual((metrics["request_count"], metrics["request_threads_active"]), (1, 0))
        self.assertEqual(metrics["request_threads_busy_time"], [4, 0])

    def test_all_threads_busy_is_one(self):
        self.begin(1)
        self.begin(2)
        self.now = 110.0
        self.assertEqual(self.metrics.request_metrics()["capacity_utilization"], 1.0)

    def test_a_clock_that_is_set_back_makes_no_time_negative(self):
        running = self.begin(1)
        figures = RequestFigures(running, self.now, 9.0, 8.0, 7.0, 6.0, 5.0, 0, 0, 0.0, 0, 0, 0.0, None, None, 200)
        self.metrics.finish(1, figures)
        metrics = self.metrics.request_metrics()
        self.assertEqual((metrics["server_time"], metrics["request_time"]), (0.0, 0.0))


if __name__ == "__main__":
    unittest.main()
