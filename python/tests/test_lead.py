"""The lead: whoever takes the token has it, and one that is kept for long is taken over by the deputy."""

import threading
import time
import unittest

from stillhouse.lead import Lead

PATIENCE_SECONDS = 10.0


class LeadTest(unittest.TestCase):
    def setUp(self):
        self.lead = Lead()
        self.takers = []
        self.threads = []
        self.hold = threading.Event()
        self.addCleanup(self.finish)

    def finish(self):
        self.hold.set()
        for thread in self.threads:
            thread.join(PATIENCE_SECONDS)
            self.assertFalse(thread.is_alive())

    def start_idle_thread(self):
        """One that wants to lead, and does so until the end of the test."""

        def wait():
            self.lead.acquire()
            self.takers.append(threading.current_thread())
            self.hold.wait(PATIENCE_SECONDS)
            self.lead.release()

        thread = threading.Thread(target=wait, daemon=True)
        self.threads.append(thread)
        thread.start()
        return thread

    def until(self, condition, what):
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not condition():
            self.assertLess(time.monotonic(), deadline, f"{what} never came")
            time.sleep(0.001)

    def lead_with_deputy(self):
        self.lead.acquire()
        deputy = self.start_idle_thread()
        self.until(lambda: self.lead.is_watched, "the deputy")
        return deputy

    def test_nothing_is_kept_without_a_deputy(self):
        self.lead.acquire()
        self.assertFalse(self.lead.keep(time.monotonic()))
        self.assertFalse(self.lead.resume())
        self.assertTrue(self.lead.is_taken())
        self.lead.release()
        self.assertFalse(self.lead.is_taken())

    def test_the_thread_that_kept_it_goes_on_with_it_once(self):
        self.lead_with_deputy()
        # As fresh as can be, however slow this machine is.
        self.assertTrue(self.lead.keep(time.monotonic() + PATIENCE_SECONDS))
        self.assertTrue(self.lead.resume())
        self.assertFalse(self.lead.resume())
        self.assertEqual(self.takers, [])
        self.lead.release()

    def test_one_that_is_kept_for_long_is_taken_over(self):
        deputy = self.lead_with_deputy()
        self.assertTrue(self.lead.keep(time.monotonic()))
        self.until(lambda: self.takers == [deputy], "the new leader")
        self.assertFalse(self.lead.resume())
        self.assertTrue(self.lead.is_taken())

    def test_one_that_is_kept_for_short_times_only_is_not(self):
        self.lead_with_deputy()
        for _ in range(200):
            if not self.lead.keep(time.monotonic() + PATIENCE_SECONDS):
                break  # the deputy sleeps: this thread was late
            time.sleep(0.0002)
            self.assertTrue(self.lead.resume())
        self.assertEqual(self.takers, [])
        self.lead.release()

    def test_one_that_is_released_goes_to_the_deputy_asleep_or_not(self):
        for pause in (0.0, 0.3):
            with self.subTest(pause=pause):
                self.lead.try_acquire()
                deputy = self.start_idle_thread()
                time.sleep(pause)
                if pause:
                    self.until(lambda: not self.lead.is_watched, "the deputy's sleep")
                    self.assertFalse(self.lead.keep(time.monotonic()), "nobody would watch")
                self.lead.release()
                self.until(lambda: deputy in self.takers, "the new leader")
                self.hold.set()
                deputy.join(PATIENCE_SECONDS)
                self.hold.clear()

    def test_many_threads_lead_one_at_a_time(self):
        inside = []
        most = []
        done = []

        def work():
            leads = False
            for turn in range(300):
                if not leads:
                    self.lead.acquire()
                inside.append(None)
                most.append(len(inside))
                inside.pop()
                leads = self.lead.keep(time.monotonic())
                if not leads:
                    self.lead.release()
                if turn % 50 == 0:
                    time.sleep(0.004)
                if leads:
                    leads = self.lead.resume()
            if leads:
                self.lead.release()
            done.append(None)

        self.threads = [threading.Thread(target=work, daemon=True) for _ in range(4)]
        for thread in self.threads:
            thread.start()
        for thread in self.threads:
            thread.join(PATIENCE_SECONDS)
        self.assertEqual((len(done), max(most), self.lead.is_taken()), (4, 1, False))


if __name__ == "__main__":
    unittest.main()
