"""When the lead is kept: for fast applications that do not wait."""

import time
import unittest

from stillhouse.lead_policy import LeadPolicy


class LeadPolicyTest(unittest.TestCase):
    def setUp(self):
        self.policy = LeadPolicy()

    def run_requests(self, count, work):
        """`work` stands for the application."""
        kept = 0
        for _ in range(count):
            started = time.monotonic()
            if self.policy.advises_keeping(started):
                kept += 1
                waits = self.policy.begin()
                work()
                self.policy.end(started, waits)
            else:
                work()
        return kept

    def advises_keeping(self):
        return self.policy.advises_keeping(0.0)

    def end(self, seconds):
        waits = self.policy.begin()
        self.policy.end(time.monotonic() - seconds, waits)

    def test_fast_applications_keep_it(self):
        for _ in range(1000):
            self.end(0.0001)
        self.assertTrue(self.advises_keeping())

    def test_slow_ones_do_not(self):
        for _ in range(50):
            self.end(0.01)
        self.assertFalse(self.advises_keeping())

    def test_a_slow_one_among_many_fast_ones_makes_no_difference(self):
        for turn in range(500):
            self.end(10.0 if turn % 100 == 50 else 0.0001)
            self.assertTrue(self.advises_keeping())

    def test_short_waits_count(self):
        self.run_requests(400, lambda: time.sleep(0.0002))
        self.assertFalse(self.advises_keeping())

    def test_a_trial_finds_that_they_are_fast_again(self):
        for _ in range(50):
            self.end(0.01)
        self.assertFalse(self.advises_keeping())
        later = time.monotonic() + 10.0
        self.assertTrue(self.policy.advises_keeping(later), "time for a trial")
        self.end(0.0001)
        self.assertTrue(self.advises_keeping())

    def test_trials_that_fail_become_rare(self):
        started = time.monotonic()
        kept = 0
        while time.monotonic() - started < 1.0:
            kept += self.run_requests(1, lambda: time.sleep(0.01))
        # About a hundred requests; the first few make the average, then one after 50 ms, 100, 200, 400.
        self.assertLess(kept, 16)


if __name__ == "__main__":
    unittest.main()
