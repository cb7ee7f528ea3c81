"""Stacks as text: those of other threads, while they wait in functions that the tests name."""

import threading
import unittest

from stillhouse import stacks
from stillhouse.process_naming import set_thread_name
from stillhouse.stacks import collect_stacks, describe_stack, runs_function

PATIENCE_SECONDS = 10.0


class StacksTest(unittest.TestCase):
    def start(self, name, action):
        ready = threading.Event()

        def run():
            set_thread_name(name)
            ready.set()
            action()

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        self.assertTrue(ready.wait(PATIENCE_SECONDS))
        return thread

    def setUp(self):
        self.gate = threading.Lock()
        self.gate.acquire()
        self.addCleanup(self.gate.release)

    def wait_in_here(self):
        secret_local = "hunter2"  # noqa: F841
        with self.gate:
            pass

    def settle(self, thread):
        while not runs_here(thread.ident, "wait_in_here"):
            pass

    def test_collected(self):
        request = self.start("wsgi-request-2", self.wait_in_here)
        first = self.start("wsgi-request-1", self.wait_in_here)
        other = self.start("other", self.wait_in_here)
        for thread in (request, first, other):
            self.settle(thread)
        found = collect_stacks()
        self.assertEqual([entry["name"] for entry in found[:2]], ["wsgi-request-1", "wsgi-request-2"])
        self.assertEqual([entry["tid"] for entry in found[:2]], [first.native_id, request.native_id])
        self.assertIn("other", [entry["name"] for entry in found[2:]])
        self.assertRegex(found[0]["stack"][0], rf"^{__file__}:\d+ in wait_in_here: with self\.gate:$")
        self.assertNotIn("hunter2", "\n".join(found[0]["stack"][1:]))

    def test_described(self):
        thread = self.start("x", self.wait_in_here)
        self.settle(thread)
        lines = describe_stack(thread.ident).split("\n")
        self.assertRegex(lines[0], rf'^Thread {thread.ident} executing file "{__file__}", line \d+, in wait_in_here$')
        self.assertRegex(lines[1], rf'^called from file "{__file__}", line \d+, in run$')
        self.assertEqual(len(lines), 2, "threading's own frames are left out")
        self.assertEqual(describe_stack(1), "")

    def test_deep_recursion_is_cut(self):
        def descend(depth):
            if depth:
                descend(depth - 1)
            else:
                self.wait_in_here()

        thread = self.start("x", lambda: descend(200))
        self.settle(thread)
        lines = describe_stack(thread.ident).split("\n")
        self.assertEqual(len(lines), stacks._FRAMES_LIMIT + 1)
        self.assertRegex(lines[-1], r"^called from 1\d\d more frames$")


def runs_here(ident, function):
    import sys

    frame = sys._current_frames().get(ident)
    while frame is not None:
        if frame.f_code.co_name == function:
            return True
        frame = frame.f_back
    return False


class RunsFunctionTest(unittest.TestCase):
    def test_of_the_runtime_only(self):
        ident = threading.get_ident()
        self.assertFalse(runs_function(ident, "script_loader.py", "_execute"))
        self.assertTrue(runs_function(ident, "stacks.py", "runs_function"))
