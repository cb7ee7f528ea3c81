"""The monitor re-arms the watchdog and reads when all request threads are busy; the watchdog itself is a fake."""

import faulthandler
import threading
import time
import unittest
from unittest import mock

from stillhouse import monitor as monitor_module
from stillhouse.monitor import Monitor
from stillhouse.request_stream import RequestStream
from stillhouse.timers import Limits

PATIENCE_SECONDS = 10.0


class FakeChannel:
    def __init__(self):
        self.relief_wanted = threading.Lock()
        self.relief_wanted.acquire()
        self.reads = 0
        self.reliefs = 0
        self.is_unattended = True
        self.crowded = threading.Event()
        self.relieved = threading.Event()
        self.running = []
        self.started = []
        self.threads = []
        self.awaited = 0
        self.last_activity = None
        self.watches_activity = False
        self.on_finished = None
        self.interrupter = None
        self.scoreboard = FakeScoreboard()
        self.stale = []

    def mark_stale(self, slot, stream):
        self.stale.append((slot, stream))

    def sleep_until_crowded(self, seconds):
        return self.relief_wanted.acquire(timeout=min(seconds, 0.01))

    def relieve(self, seconds):
        time.sleep(seconds)
        self.reliefs += 1
        self.reads += 1
        self.relieved.set()


class FakeScoreboard:
    served = 0

    def prove_life(self, now):
        pass


class FakeWatcher:
    def __init__(self):
        self.changed = None

    def forget(self):
        self.changed = None

    def find_change(self):
        return self.changed


class MonitorTest(unittest.TestCase):
    def setUp(self):
        self.armed = []
        self.names = []
        self.enough = threading.Event()
        self.cancelled = 0
        patches = (
            mock.patch.object(faulthandler, "dump_traceback_later", self.arm),
            mock.patch.object(faulthandler, "cancel_dump_traceback_later", self.cancel),
            mock.patch.object(monitor_module, "set_thread_name", self.names.append),
            mock.patch.object(monitor_module, "_RELIEF_SECONDS", 0.001),
            mock.patch.object(monitor_module, "_TICK_SECONDS", 0.01),
        )
        for patch in patches:
            patch.start()
            self.addCleanup(patch.stop)
        self.channel = FakeChannel()
        self.caretaker = FakeCaretaker()
        self.reports = []

    def arm(self, seconds, *, exit, file):
        self.armed.append((seconds, exit, file))
        if len(self.armed) >= 5:
            self.enough.set()

    def cancel(self):
        self.cancelled += 1

    def start(self, timeout, watcher=None):
        monitor = Monitor(
            self.channel,
            deadlock_timeout=timeout,
            watcher=watcher,
            report=lambda level, message: self.reports.append((level, message)),
            group="site",
            limits=Limits(),
            caretaker=self.caretaker,
            log=lambda level, message: self.reports.append((level, message)),
            is_loaded=lambda: True,
        )
        monitor.start()
        return monitor

    def test_the_watchdog_is_armed_again_and_again(self):
        monitor = self.start(300)
        self.assertEqual(self.armed[0], (300, True, 4), "before the first tick already")
        self.assertTrue(self.enough.wait(PATIENCE_SECONDS))
        monitor.stop()
        self.assertEqual(set(self.armed), {(300, True, 4)})
        count = len(self.armed)
        self.assertEqual(self.cancelled, 1)
        time.sleep(0.05)
        self.assertEqual(len(self.armed), count, "nothing arms it after the end")

    def test_the_deadlock_thread_gets_its_name_from_the_one_that_makes_it(self):
        self.start(300).stop()
        self.assertEqual(self.names[:2], ["wsgi-deadlock", "wsgi-main"])
        self.assertIn("wsgi-monitor", self.names)

    def test_no_watchdog_where_deadlock_timeout_is_off(self):
        monitor = self.start(0)
        time.sleep(0.05)
        monitor.stop()
        self.assertEqual(self.armed, [])

    def test_relief_while_all_threads_are_busy(self):
        monitor = self.start(300)
        self.channel.relief_wanted.release()
        self.assertTrue(self.channel.relieved.wait(PATIENCE_SECONDS))
        before = len(self.armed)
        deadline = time.monotonic() + PATIENCE_SECONDS
        # The proof of life goes on meanwhile.
        while len(self.armed) == before and time.monotonic() < deadline:
            time.sleep(0.005)
        self.assertGreater(len(self.armed), before)
        monitor.stop()

    def test_no_relief_where_somebody_attends(self):
        self.channel.is_unattended = False
        monitor = self.start(0)
        self.channel.relief_wanted.release()
        time.sleep(0.2)
        monitor.stop()
        self.assertEqual(self.channel.reliefs, 0)

    def test_stop_ends_it_also_amid_a_relief(self):
        monitor = self.start(300)
        self.channel.relief_wanted.release()
        self.assertTrue(self.channel.relieved.wait(PATIENCE_SECONDS))
        began = time.monotonic()
        monitor.stop()
        self.assertLess(time.monotonic() - began, 1.5)
        self.assertFalse(monitor._thread.is_alive())

    def test_a_changed_source_file_has_the_process_replaced_once(self):
        watcher = FakeWatcher()
        monitor = self.start(300, watcher)
        watcher.changed = "/app/views.py"
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not self.caretaker.replacements and time.monotonic() < deadline:
            time.sleep(0.005)
        # Some looks later it has not been asked for again.
        self.enough.wait(PATIENCE_SECONDS)
        monitor.stop()
        self.assertEqual(self.caretaker.replacements, [("script_reload", "'/app/views.py' has changed")])
        self.assertEqual(self.reports, [("info", "'/app/views.py' has changed; restarting")])


class FakeCaretaker:
    def __init__(self):
        self.replacements = []
        self.stops = []

    def request_replacement(self, reason, message):
        self.replacements.append((reason, message))
        return True

    def request_stop(self, reason):
        self.stops.append(reason)


class FakeStream(RequestStream):
    """A request of which only the flags matter."""

    def __init__(self, facts=None, answers=True):
        super().__init__(None, 1, {"REQUEST_METHOD": "GET", "REQUEST_URI": "/x", "mod_wsgi.request_id": "Abc"}, facts or {}, 0)
        self.answers = answers
        self.refusals = 0

    def refuse_instead(self):
        self.refusals += 1
        return self.answers


class TimersOfMonitorTest(unittest.TestCase):
    """What the monitor does when something is due; ticks and the clock are made by the test."""

    def setUp(self):
        self.channel = FakeChannel()
        self.caretaker = FakeCaretaker()
        self.lines = []
        self.now = 100.0
        self.loaded = False
        self.size = 0

    def monitor(self, **limits):
        monitor = Monitor(
            self.channel,
            deadlock_timeout=0,
            watcher=None,
            report=lambda level, message: self.lines.append((level, message)),
            group="site",
            limits=Limits(**limits),
            caretaker=self.caretaker,
            log=lambda level, message: self.lines.append((level, message)),
            is_loaded=lambda: self.loaded,
            clock=lambda: self.now,
            resident_size=lambda: self.size,
        )
        return monitor

    def pass_time(self, monitor, seconds):
        for _ in range(int(seconds)):
            self.now += 1.0
            monitor._tick()
        self.assertEqual([line for line in self.lines if line[0] == "error"], [])

    def run_request(self, stream=None, slot=0):
        while len(self.channel.running) <= slot:
            self.channel.running.append(None)
            self.channel.started.append(0.0)
            self.channel.threads.append(threading.current_thread())
        self.channel.running[slot] = stream if stream is not None else FakeStream()
        self.channel.started[slot] = self.now
        return self.channel.running[slot]

    @property
    def texts(self):
        return [message for _, message in self.lines]

    def test_request_timeout_without_interrupt(self):
        monitor = self.monitor(request_timeout=3)
        stream = self.run_request()
        self.pass_time(monitor, 3)
        self.assertEqual((self.lines, stream.refusals), ([], 0))
        self.pass_time(monitor, 1)
        self.assertEqual(self.caretaker.replacements, [("request_timeout", "request GET /x (id Abc) has run for 4 s")])
        self.assertEqual(stream.refusals, 1, "its client is answered")
        self.assertEqual(self.channel.stale, [(0, stream)])
        self.assertRegex(self.texts[0], r"^request GET /x \(id Abc\) has run for 4\.0 s in request thread 1 \(tid \d+\) of ")
        self.assertRegex(
            self.texts[1],
            r"^Dumping stack trace for active Python threads of main interpreter of daemon process 'site'\.\n"
            r'Thread \d+ executing file ".*", line \d+, in .*\ncalled from file ".*", line \d+, in ',
        )
        self.assertEqual(self.texts[2], "Daemon process request time limit exceeded, stopping daemon process 'site'.")
        self.pass_time(monitor, 100)
        self.assertEqual(len(self.caretaker.replacements), 1)

    def test_request_timeout_while_others_run(self):
        monitor = self.monitor(request_timeout=3)
        self.run_request()
        self.channel.awaited = 1
        self.pass_time(monitor, 4)
        self.assertEqual(
            self.texts[-1],
            "Daemon process request time limit exceeded; waiting for in-flight requests to complete in process 'site'.",
        )

    def test_without_graceful_timeout_nobody_is_waited_for(self):
        monitor = self.monitor(request_timeout=3, graceful_timeout=0)
        self.run_request()
        self.channel.awaited = 1
        self.pass_time(monitor, 4)
        self.assertEqual(self.texts[-1], "Daemon process request time limit exceeded, stopping daemon process 'site'.")

    def test_a_replacement_that_failed_is_asked_for_again_later(self):
        monitor = self.monitor(request_timeout=3)
        self.run_request()
        self.pass_time(monitor, 4)
        monitor.replacement_failed()
        self.pass_time(monitor, 28)
        self.assertEqual(len(self.caretaker.replacements), 1)
        self.pass_time(monitor, 4)
        self.assertEqual(len(self.caretaker.replacements), 2)

    def test_restart_interval_and_memory(self):
        monitor = self.monitor(restart_interval=10, memory_recycle=50 * 1_048_576)
        self.pass_time(monitor, 5)
        self.assertEqual(self.caretaker.replacements, [])
        self.size = 50 * 1_048_576
        self.pass_time(monitor, 2)
        message = "resident size 50 MiB has reached memory-recycle=50 MiB"
        self.assertEqual(self.caretaker.replacements, [("memory_recycle", message)])
        self.pass_time(monitor, 5)
        self.assertEqual(len(self.caretaker.replacements), 1, "one at a time")
        self.size = 0
        monitor.replacement_failed()
        self.pass_time(monitor, 31)
        self.assertEqual(self.caretaker.replacements[1:], [("restart_interval", "restart-interval=10 has passed")])
        self.assertEqual(self.texts[-1], "Application restart timer expired, stopping process 'site'.")

    def test_maximum_requests_is_noticed_by_the_thread_that_reaches_it(self):
        self.monitor(maximum_requests=5)
        self.channel.awaited = 2
        for served in range(1, 8):
            self.channel.scoreboard.served = served
            self.channel.on_finished()
            self.assertEqual(len(self.caretaker.replacements), 1 if served >= 5 else 0)
        self.assertEqual(
            self.texts, ["Maximum requests reached; attempting graceful shutdown of daemon process 'site'."]
        )

    def test_what_keeps_the_threads_busy_is_described_oldest_first(self):
        monitor = self.monitor()
        for slot in range(7):
            self.run_request(slot=slot)
            self.now += 1
        monitor.describe_running()
        said = [text for text in self.texts if "while other requests wait" in text]
        self.assertEqual(len(said), 5)
        self.assertIn("has run for 7.0 s in request thread 1 (tid", said[0])
        self.assertIn("has run for 3.0 s in request thread 5 (tid", said[4])
        self.assertEqual(sum("Dumping stack trace" in text for text in self.texts), 5)
        self.assertIn("test_what_keeps_the_threads_busy", "".join(self.texts))

    def test_cpu_time(self):
        monitor = self.monitor()
        monitor.cpu_time_exceeded()
        monitor.cpu_time_exceeded()
        self.assertEqual([reason for reason, _ in self.caretaker.replacements], ["cpu_time_limit"])
        self.assertEqual(
            self.texts, ["Exceeded CPU time limit; triggering immediate shutdown of daemon process 'site'."]
        )

    def test_startup(self):
        monitor = self.monitor(startup_timeout=5)
        self.pass_time(monitor, 20)
        self.assertEqual(self.lines, [])
        self.run_request()
        self.pass_time(monitor, 4)
        self.assertEqual(self.texts, ["Application startup timer started for daemon process 'site'."])
        self.pass_time(monitor, 10)
        self.assertEqual(self.texts[1:], ["Application startup timer expired, stopping daemon process 'site'."])
        self.assertEqual(self.caretaker.stops, ["startup_timeout"])

    def test_startup_that_succeeds(self):
        monitor = self.monitor(startup_timeout=5)
        self.run_request()
        self.pass_time(monitor, 2)
        self.loaded = True
        self.pass_time(monitor, 10)
        self.assertEqual(self.texts[1:], ["Application startup timer cancelled for daemon process 'site'."])
        self.assertEqual(self.caretaker.stops, [])

    def test_inactivity(self):
        monitor = self.monitor(inactivity_timeout=5)
        self.assertTrue(self.channel.watches_activity)
        self.pass_time(monitor, 20)
        self.assertEqual(self.caretaker.stops, [], "unarmed before the first request")
        stream = self.run_request()
        self.channel.last_activity = self.now
        self.pass_time(monitor, 20)
        self.assertEqual(self.caretaker.stops, [], "a request runs")
        stream.take_data(b"x", 0)
        stream.read(1)
        self.pass_time(monitor, 1)
        self.channel.running[0] = None
        self.pass_time(monitor, 4)
        self.assertEqual(self.caretaker.stops, [], "its last output is not long ago")
        self.pass_time(monitor, 10)
        self.assertEqual(self.caretaker.stops, ["inactivity_timeout"])
        self.assertEqual(self.texts, ["Daemon process idle inactivity timer expired, stopping process 'site'."])

    def test_ignored_activity(self):
        monitor = self.monitor(inactivity_timeout=5)
        self.channel.last_activity = self.now
        stream = self.run_request(FakeStream({"ignore_activity": True}))
        self.pass_time(monitor, 4)
        stream.take_data(b"x", 0)
        stream.read(1)
        self.pass_time(monitor, 1)
        self.channel.running[0] = None
        self.pass_time(monitor, 2)
        self.assertEqual(self.caretaker.stops, ["inactivity_timeout"])

    def test_a_defect_does_not_end_the_proof_of_life(self):
        monitor = self.monitor(memory_recycle=1)
        monitor._resident_size = lambda: 1 // 0
        self.now += 1
        monitor._tick()
        self.assertEqual(self.lines[0][0], "error")
        self.assertIn("ZeroDivisionError", self.texts[0])
