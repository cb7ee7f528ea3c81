"""What a changed script makes a process ask for."""

import os
import tempfile
import time
import unittest
from types import ModuleType

from stillhouse.code_change import CodeChange


class FakeLoader:
    def __init__(self):
        self.loaded = {}

    def load(self, path):
        module = ModuleType("script")
        module.__dict__["__mtime__"] = os.stat(path).st_mtime_ns // 1000
        self.loaded[path] = module

    def reload_required(self, path):
        return os.stat(path).st_mtime_ns // 1000 != self.loaded[path].__dict__["__mtime__"]


class CodeChangeTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.script = os.path.join(folder.name, "site.wsgi")
        open(self.script, "w").close()
        self.loader = FakeLoader()
        self.loader.load(self.script)
        self.asked = []
        self.is_wanted = False
        self.change = CodeChange(self.loader, self.request, "site")

    def request(self, reason, message):
        if self.is_wanted:
            return False
        self.is_wanted = True
        self.asked.append((reason, message))
        return True

    def touch(self, seconds):
        os.utime(self.script, (seconds, seconds))

    def fail(self, age):
        self.is_wanted = False
        self.change.replacement_failed(age)

    def test_the_first_to_notice_asks_and_the_others_go_on(self):
        self.assertFalse(self.change.is_news(self.script))
        self.touch(1000)
        self.assertTrue(self.change.is_news(self.script))
        self.assertFalse(self.change.is_news(self.script))
        reason, message = self.asked[0]
        self.assertEqual(reason, "script_reload")
        self.assertIn(f"Forcing restart of daemon process 'site' due to modification of script '{self.script}'", message)
        self.assertEqual(len(self.asked), 1)

    def test_code_that_failed_is_not_asked_for_again_until_it_changes(self):
        self.touch(1000)
        self.change.is_news(self.script)
        time.sleep(0.01)
        self.fail(age=0)
        self.assertFalse(self.change.is_news(self.script))
        self.touch(2000)
        self.assertTrue(self.change.is_news(self.script))
        self.assertEqual(len(self.asked), 2)

    def test_a_script_that_was_mended_while_the_broken_one_was_loaded_is_asked_for_at_once(self):
        self.touch(1000)
        self.change.is_news(self.script)
        self.touch(2000)
        self.fail(age=0)
        self.assertEqual(len(self.asked), 2)
        # Of that one the same again.
        time.sleep(0.01)
        self.fail(age=0)
        self.assertEqual(len(self.asked), 2)

    def test_a_change_that_was_noticed_after_the_successor_was_started_is_asked_for_again(self):
        self.touch(1000)
        self.change.is_news(self.script)
        self.fail(age=3600)
        self.assertEqual(len(self.asked), 2)

    def test_the_old_file_that_is_back_is_no_change(self):
        before = os.stat(self.script)
        self.touch(1000)
        self.change.is_news(self.script)
        os.utime(self.script, ns=(before.st_atime_ns, before.st_mtime_ns))
        self.fail(age=0)
        self.assertEqual(len(self.asked), 1)

    def test_a_change_that_comes_while_another_wish_is_pending_is_asked_for_later(self):
        self.is_wanted = True
        self.touch(1000)
        self.assertFalse(self.change.is_news(self.script))
        self.is_wanted = False
        self.assertTrue(self.change.is_news(self.script))


if __name__ == "__main__":
    unittest.main()
