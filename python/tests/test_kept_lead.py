"""The kept lead: whoever takes the token has the lead, and a slow request does not keep it."""

import threading
import time
import unittest

from stillhouse.kept_lead import KeptLead


class KeptLeadTest(unittest.TestCase):
    def setUp(self) -> None:
        self.given_up = threading.Semaphore(0)
        self.lead = KeptLead(self.given_up.release)

    def is_given_up(self, timeout: float = 5) -> bool:
        return self.given_up.acquire(timeout=timeout)

    def test_the_thread_that_kept_it_goes_on_with_it(self) -> None:
        self.assertTrue(self.lead.keep())
        self.assertTrue(self.lead.resume())
        self.assertFalse(self.lead.resume(), "once only")
        self.assertFalse(self.is_given_up(0))

    def test_the_watch_gives_up_what_is_kept_for_long_also_after_it_has_slept(self) -> None:
        self.lead.start()
        for _ in range(2):
            self.assertTrue(self.lead.keep())
            self.assertTrue(self.is_given_up())
            self.assertFalse(self.lead.resume())
            time.sleep(0.2)

    def test_fast_requests_are_left_alone(self) -> None:
        self.lead.start()
        for _ in range(2000):
            self.assertTrue(self.lead.keep())
            if not self.lead.resume():
                break  # this thread had to wait for a processor meanwhile
        else:
            self.assertFalse(self.is_given_up(0))

    def test_slow_applications_do_not_keep_it(self) -> None:
        self.lead.count(0.1)
        self.assertFalse(self.lead.keep())
        for _ in range(100):
            self.lead.count(0.00001)
        self.assertTrue(self.lead.keep())

    def test_one_that_must_wait_gives_it_up_once(self) -> None:
        self.lead.keep()
        self.lead.release()
        self.lead.release()
        self.assertTrue(self.is_given_up(0))
        self.assertFalse(self.is_given_up(0))


if __name__ == "__main__":
    unittest.main()
