"""mod_wsgi.server_metrics: rows for this process and for those whose scoreboard can be read."""

import os
import threading
import time
import unittest

from stillhouse.scoreboard import Scoreboard

from .memory_exchange import SCRIPT, MemoryExchange, respond_with
from .telemetry_case import THREADS, TelemetryCase

SERVER_KEYS = {"server_limit", "thread_limit", "running_generation", "restart_time", "current_time", "running_time"} | {
    "processes"
}
PROCESS_KEYS = {"process_num", "pid", "generation", "quiescing", "workers"}
WORKER_KEYS = {"thread_num", "generation", "status", "access_count", "bytes_served", "start_time", "stop_time"} | {
    "last_used",
    "client",
    "request",
    "vhost",
}


class ServerMetricsTest(TelemetryCase):
    def install(self, **options):
        return super().install(server_metrics=True, generation=4, **options)

    def test_an_idle_process(self):
        metrics = self.mod_wsgi.server_metrics()
        self.assertEqual(set(metrics), SERVER_KEYS)
        self.assertEqual(
            (metrics["server_limit"], metrics["thread_limit"], metrics["running_generation"]), (2, THREADS, 4)
        )
        (process,) = metrics["processes"]
        self.assertEqual(set(process), PROCESS_KEYS)
        self.assertEqual((process["pid"], process["generation"], process["quiescing"]), (os.getpid(), 4, False))
        self.assertEqual([worker["status"] for worker in process["workers"]], ["_"] * THREADS)
        for number, worker in enumerate(process["workers"]):
            self.assertEqual(set(worker), WORKER_KEYS)
            self.assertEqual((worker["thread_num"], worker["access_count"], worker["request"]), (number, 0, None))

    def test_requests_without_recording(self):
        before = time.time()
        changes = {"REQUEST_URI": "/a?b", "SERVER_NAME": "www.example.com"}
        for _ in range(2):
            self.serve(respond_with(b"12345"), MemoryExchange(changes))
        self.assertIsNone(self.mod_wsgi.request_metrics())
        worker = self.mod_wsgi.server_metrics()["processes"][0]["workers"][0]
        self.assertEqual((worker["access_count"], worker["bytes_served"], worker["status"]), (2, 10, "_"))
        self.assertEqual(worker["client"], "192.0.2.7")
        self.assertEqual((worker["request"], worker["vhost"]), ("GET /a?b HTTP/1.1", "www.example.com:80"))
        self.assertLessEqual(before, worker["start_time"])
        self.assertLessEqual(worker["start_time"], worker["stop_time"])
        self.assertEqual(worker["last_used"], worker["stop_time"])

    def test_a_running_request_while_the_process_stops(self):
        seen = []

        def look(environ, start_response):
            for _ in range(2):
                process = self.mod_wsgi.server_metrics()["processes"][0]
                seen.append((process["quiescing"], [worker["status"] for worker in process["workers"]]))
                self.telemetry.publish_process_stopping("shutdown_signal")
            start_response("200 OK", [])
            return []

        module = type(threading)(SCRIPT)
        module.application = look
        self.loader.loaded[SCRIPT] = module
        self.adapter.serve(MemoryExchange(), 2)
        self.assertEqual(seen, [(False, ["_", "W", "_"]), (True, ["_", "G", "_"])])

    def test_other_processes(self):
        folder = self.make_folder()
        own = os.path.join(folder, "daemon-3.scoreboard")
        Scoreboard(own, THREADS)
        other = Scoreboard(os.path.join(folder, "daemon-12.scoreboard"), 2)
        other.open_connection(1)
        other.start(1, 1, 9, 77.5, "GET /secret")
        for name, content in (("daemon-4.scoreboard", b"short"), ("daemon-5.sock", b"")):
            with open(os.path.join(folder, name), "wb") as file:
                file.write(content)
        self.install(scoreboard=own)
        processes = self.mod_wsgi.server_metrics()["processes"]
        self.assertEqual([process["process_num"] for process in processes], [0, 1])
        self.assertEqual(set(processes[1]), PROCESS_KEYS)
        idle, busy = processes[1]["workers"]
        self.assertEqual(set(busy), WORKER_KEYS)
        self.assertEqual((idle["status"], idle["request"]), ("_", None))
        self.assertEqual((busy["status"], busy["request"], busy["start_time"]), ("W", "GET /secret", 77.5))
        other.finish(1)
        busy = self.mod_wsgi.server_metrics()["processes"][1]["workers"][1]
        self.assertEqual((busy["status"], busy["access_count"]), ("_", 1))

    def test_a_folder_that_is_closed_to_us_hides_the_others_only(self):
        self.install(scoreboard="/absent/daemon-1.scoreboard")
        self.assertEqual(len(self.mod_wsgi.server_metrics()["processes"]), 1)


if __name__ == "__main__":
    unittest.main()
