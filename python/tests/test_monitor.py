"""The monitor re-arms the watchdog and reads when all request threads are busy; the watchdog itself is a fake."""

import faulthandler
import os
import signal
import threading
import time
import unittest
from unittest import mock

from stillhouse import monitor as monitor_module
from stillhouse.monitor import Monitor

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

    def sleep_until_crowded(self, seconds):
        return self.relief_wanted.acquire(timeout=min(seconds, 0.01))

    def relieve(self):
        self.reliefs += 1
        self.reads += 1
        self.relieved.set()


class FakeWatcher:
    def __init__(self):
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
        )
        for patch in patches:
            patch.start()
            self.addCleanup(patch.stop)
        self.channel = FakeChannel()
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
        )
        monitor.start()
        return monitor

    def test_the_watchdog_is_armed_again_and_again(self):
        monitor = self.start(300)
        self.assertEqual(self.armed[0], (300, True, 2), "before the first tick already")
        self.assertTrue(self.enough.wait(PATIENCE_SECONDS))
        monitor.stop()
        self.assertEqual(set(self.armed), {(300, True, 2)})
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
        # The proof of life goes on meanwhile: once a second, which is counted in looks.
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

    def test_a_changed_source_file_ends_the_process_once(self):
        watcher = FakeWatcher()
        signals = []
        with mock.patch.object(os, "kill", lambda pid, number: signals.append((pid, number))):
            monitor = self.start(300, watcher)
            watcher.changed = "/app/views.py"
            self.enough.wait(PATIENCE_SECONDS)
            deadline = time.monotonic() + PATIENCE_SECONDS
            while not signals and time.monotonic() < deadline:
                time.sleep(0.005)
            time.sleep(0.05)
            monitor.stop()
        self.assertEqual(signals, [(os.getpid(), signal.SIGTERM)])
        self.assertEqual(self.reports, [("info", "'/app/views.py' has changed; restarting")])
