"""When timers are due, on a clock that the tests make."""

import math
import unittest

from stillhouse.timers import (
    ASK_AGAIN_SECONDS,
    Appeal,
    InactivityTimer,
    Limits,
    RequestTimer,
    Running,
    StartupTimer,
)


class RequestTimerTest(unittest.TestCase):
    def look(self, timer, now, *running):
        return [(verdict.action, verdict.running.slot, verdict.elapsed) for verdict in timer.look(now, running)]

    def test_what_a_request_is_allowed_grows_with_the_threads(self):
        for threads, factor in ((1, 1.0), (5, 2.61), (10, 3.30), (15, 3.71), (25, 4.22)):
            timer = RequestTimer(Limits(threads=threads, request_timeout=10))
            self.assertAlmostEqual(timer.allowed, 10 * factor, delta=0.1)
            self.assertAlmostEqual(timer.allowed, 10 * (1 + math.log(threads)))

    def test_off(self):
        timer = RequestTimer(Limits(interrupt_timeout=5))
        self.assertEqual(self.look(timer, 1e9, Running(0, "a", 0.0)), [])

    def test_given_up_once_where_there_is_no_interrupt(self):
        timer = RequestTimer(Limits(request_timeout=2))
        request = Running(0, object(), 10.0)
        self.assertEqual(self.look(timer, 12.0, request), [], "elapsed must be greater")
        self.assertEqual(self.look(timer, 12.5, request), [("give_up", 0, 2.5)])
        self.assertEqual(self.look(timer, 13.5, request), [("linger", 0, 3.5)])
        timer.ask_again(20.0)
        self.assertEqual(self.look(timer, 49.0, request), [("linger", 0, 39.0)])
        self.assertEqual(self.look(timer, 50.0, request), [("give_up", 0, 40.0)])
        self.assertEqual(self.look(timer, 51.0, request), [("linger", 0, 41.0)])

    def test_interrupted_and_then_given_up(self):
        timer = RequestTimer(Limits(request_timeout=2, interrupt_timeout=5))
        request = Running(3, object(), 0.0)
        self.assertEqual(self.look(timer, 3.0, request), [("interrupt", 3, 3.0)])
        self.assertEqual(self.look(timer, 4.0, request), [("linger", 3, 4.0)])
        self.assertEqual(self.look(timer, 7.9, request), [("linger", 3, 7.9)])
        self.assertEqual(self.look(timer, 8.0, request), [("give_up", 3, 8.0)])
        self.assertEqual(self.look(timer, 9.0, request), [("linger", 3, 9.0)])

    def test_the_next_request_of_the_thread_begins_anew(self):
        timer = RequestTimer(Limits(request_timeout=2, interrupt_timeout=5))
        self.look(timer, 3.0, Running(0, "first", 0.0))
        self.assertEqual(self.look(timer, 9.0, Running(0, "second", 8.0)), [])
        self.assertEqual(self.look(timer, 11.0, Running(0, "second", 8.0)), [("interrupt", 0, 3.0)])
        self.assertEqual(self.look(timer, 12.0), [])
        self.assertEqual(timer._interrupted, {}, "what is over is not kept")

    def test_one_interrupt_at_each_look_the_oldest_first(self):
        timer = RequestTimer(Limits(request_timeout=2, interrupt_timeout=5))
        running = (Running(0, "a", 1.0), Running(1, "b", 0.5), Running(2, "c", 9.0))
        self.assertEqual(self.look(timer, 10.0, *running), [("interrupt", 1, 9.5)])
        self.assertEqual(self.look(timer, 11.0, *running), [("linger", 1, 10.5), ("interrupt", 0, 10.0)])


class StartupTimerTest(unittest.TestCase):
    def test_expires_once(self):
        timer = StartupTimer(Limits(startup_timeout=5))
        events = [timer.look(now, first, False) for now, first in ((0, None), (9, 8), (12.9, 8), (13, 8), (99, 8))]
        self.assertEqual(events, [None, "started", None, "expired", None])

    def test_cancelled_by_the_first_script(self):
        timer = StartupTimer(Limits(startup_timeout=5))
        self.assertEqual([timer.look(1, 1, False), timer.look(2, 1, True)], ["started", "cancelled"])
        self.assertIsNone(timer.look(99, 1, False))

    def test_never_started_where_a_script_is_there_already(self):
        timer = StartupTimer(Limits(startup_timeout=5))
        self.assertIsNone(timer.look(1, None, True))
        self.assertIsNone(timer.look(99, 5, False))

    def test_off(self):
        self.assertIsNone(StartupTimer(Limits()).look(99, 0, False))


class InactivityTimerTest(unittest.TestCase):
    def test_life(self):
        timer = InactivityTimer(Limits(inactivity_timeout=5))
        self.assertFalse(timer.look(99, None, True))
        self.assertFalse(timer.look(99, 94.1, True))
        self.assertFalse(timer.look(120, 94.1, False))
        self.assertTrue(timer.look(121, 94.1, True))
        self.assertFalse(timer.look(122, 94.1, True))

    def test_off(self):
        self.assertFalse(InactivityTimer(Limits()).look(99, 0, True))


class AppealTest(unittest.TestCase):
    def test_one_at_a_time_and_again_after_a_while(self):
        appeal = Appeal()
        self.assertTrue(appeal.begin(0.0))
        self.assertFalse(appeal.begin(1.0, at_once=True))
        appeal.fail(2.0)
        self.assertFalse(appeal.begin(2.0 + ASK_AGAIN_SECONDS - 0.1))
        self.assertTrue(appeal.begin(3.0, at_once=True))
        appeal.fail(4.0)
        self.assertTrue(appeal.begin(4.0 + ASK_AGAIN_SECONDS))
