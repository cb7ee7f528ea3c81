"""Scripts as modules: identity, failures that may heal, and when a reload is required."""

import hashlib
import os
import pickle
import sys
import threading
import unittest

from stillhouse.mod_wsgi_module import RequestTimeout
from stillhouse.script_loader import ScriptFailed, ScriptLoader, describe_interpreter

from .memory_exchange import AdapterCase, MemoryExchange

HELLO = """
def application(environ, start_response):
    start_response("200 OK", [])
    return [b"hello"]
"""


class ScriptCase(AdapterCase):
    def setUp(self):
        super().setUp()
        self.script = os.path.join(self.make_folder(), "app.wsgi")
        self.name = "_mod_wsgi_" + hashlib.md5(self.script.encode()).hexdigest()
        self.addCleanup(sys.modules.pop, self.name, None)

    def write(self, source, mtime=None):
        with open(self.script, "w", encoding="utf-8") as file:
            file.write(source)
        if mtime is not None:
            os.utime(self.script, (mtime, mtime))

    def request(self):
        exchange = MemoryExchange(facts={"script": self.script})
        self.adapter.serve(exchange, 1)
        return exchange


class LoadTest(ScriptCase):
    def test_identity(self):
        self.write(HELLO, mtime=1_600_000_000.5)
        module = self.loader.load(self.script)
        self.assertEqual(module.__name__, self.name)
        self.assertIs(sys.modules[self.name], module)
        self.assertEqual(module.__file__, self.script)
        self.assertEqual(module.__mtime__, 1_600_000_000_500_000)
        self.assertEqual(os.listdir(os.path.dirname(self.script)), ["app.wsgi"])
        self.assertEqual(
            self.sink.records,
            [("info", f"Loading WSGI script '{self.script}' into main interpreter of daemon process 'mysite'.", None)],
        )

    def test_is_in_sys_modules_while_it_runs(self):
        self.write("import sys\nassert sys.modules[__name__].__dict__ is globals()\nclass Kept: pass\n" + HELLO)
        module = self.loader.load(self.script)
        kept = pickle.loads(pickle.dumps(module.Kept()))
        self.assertIs(type(kept), module.Kept)

    def test_is_executed_once(self):
        self.write("import sys\nsys.loads = getattr(sys, 'loads', 0) + 1\n" + HELLO)
        self.addCleanup(delattr, sys, "loads")
        for _ in range(3):
            self.assertEqual(self.request().body, b"hello")
        self.assertEqual(sys.loads, 1)

    def test_a_changed_script_is_not_executed_again(self):
        self.write(HELLO, mtime=1000)
        self.request()
        self.write(HELLO.replace("hello", "other"), mtime=2000)
        self.assertEqual(self.request().body, b"hello")

    def test_declared_encoding(self):
        with open(self.script, "wb") as file:
            file.write(b"# -*- coding: latin-1 -*-\nword = 'caf\xe9'\n" + HELLO.encode())
        self.assertEqual(self.loader.load(self.script).word, "caf\u00e9")

    def test_one_script_at_a_time(self):
        folder = os.path.dirname(self.script)
        order = []
        sys.order = order
        self.addCleanup(delattr, sys, "order")
        for name in ("one", "two"):
            with open(os.path.join(folder, name), "w") as file:
                file.write("import sys, time\nsys.order.append('in')\ntime.sleep(0.02)\nsys.order.append('out')\n")
        threads = [
            threading.Thread(target=self.loader.load, args=(os.path.join(folder, name),))
            for name in ("one", "two", "one")
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(order, ["in", "out", "in", "out"])


class FailureTest(ScriptCase):
    def assert_refused(self, *phrases):
        exchange = self.request()
        self.assertEqual(exchange.refusal[0], 500)
        for phrase in phrases:
            self.assertIn(phrase, self.sink.text)
        self.assertNotIn(self.name, sys.modules)
        self.assertEqual({client for level, _, client in self.sink.records if level == "error"}, {"192.0.2.7:4242"})
        self.assertNotIn("script_loader.py", self.sink.text)

    def test_exception(self):
        self.write("def helper():\n    raise ImportError('no such thing')\nhelper()\n")
        self.assert_refused(
            f"Unable to execute Python script file '{self.script}' for main interpreter of daemon process 'mysite'.",
            "Traceback (most recent call last):",
            "in helper",
            "ImportError: no such thing",
        )

    def test_syntax_error(self):
        self.write("def application(:\n")
        self.assert_refused(f"Could not compile Python script file '{self.script}' for", "SyntaxError")

    def test_nul_in_source(self):
        self.write("x = 1\0")
        self.assert_refused("Could not compile Python script file")

    def test_exits(self):
        self.write("import sys\nsys.exit(3)\n")
        self.assert_refused(
            f"SystemExit exception raised executing Python script file '{self.script}' for "
            "main interpreter of daemon process 'mysite'; ignored."
        )
        self.write("raise KeyboardInterrupt\n")
        self.assert_refused("Unable to execute Python script file", "KeyboardInterrupt")

    def test_vanished(self):
        self.assert_refused(f"Could not read Python script file '{self.script}' for", "No such file or directory")

    def test_directory(self):
        os.mkdir(self.script)
        self.assert_refused("Could not read Python script file", "Is a directory")

    def test_the_next_request_tries_again(self):
        self.write("raise ValueError('not yet')\n")
        self.assertEqual(self.request().refusal[0], 500)
        self.assertEqual(self.request().refusal[0], 500)
        self.assertEqual(self.sink.text.count("ValueError: not yet"), 2)
        self.write(HELLO)
        self.assertEqual(self.request().body, b"hello")

    def test_timeout_while_loading(self):
        self.write("from stillhouse.mod_wsgi_module import RequestTimeout\nraise RequestTimeout\n")
        self.assertEqual(self.request().refusal[0], 504)
        self.assertNotIn(self.name, sys.modules)

    def test_preloading_says_so(self):
        self.write("raise ValueError\n")
        self.assertRaises(ScriptFailed, self.loader.load, self.script)
        self.assertIn("Unable to execute Python script file", self.sink.text)


class ReloadRequiredTest(ScriptCase):
    def test_not_loaded(self):
        self.write(HELLO)
        self.assertFalse(self.loader.reload_required(self.script))

    def test_modification_time(self):
        self.write(HELLO, mtime=1000)
        self.loader.load(self.script)
        for offset_us, expected in ((0, False), (1, True), (-1, True), (1_000_000, True), (0, False)):
            modified_ns = 1000 * 10**9 + offset_us * 1000
            os.utime(self.script, ns=(modified_ns, modified_ns))
            self.assertIs(self.loader.reload_required(self.script), expected, offset_us)

    def test_missing_or_spoiled_mtime(self):
        self.write(HELLO)
        module = self.loader.load(self.script)
        module.__mtime__ = "yesterday"
        self.assertTrue(self.loader.reload_required(self.script))
        del module.__mtime__
        self.assertTrue(self.loader.reload_required(self.script))

    def test_file_gone_for_the_moment(self):
        self.write(HELLO)
        self.loader.load(self.script)
        os.unlink(self.script)
        self.assertFalse(self.loader.reload_required(self.script))

    def test_callback(self):
        self.write("asked = []\nanswer = 0\ndef reload_required(path):\n    asked.append(path)\n    return answer\n")
        module = self.loader.load(self.script)
        self.assertIs(self.loader.reload_required(self.script), False)
        module.answer = "yes"
        self.assertIs(self.loader.reload_required(self.script), True)
        self.assertEqual(module.asked, [self.script] * 2)

    def test_raising_callback_means_no(self):
        for source in ("1 / 0", "raise SystemExit"):
            self.setUp()
            self.write(f"def reload_required(path):\n    {source}\n")
            self.loader.load(self.script)
            self.assertFalse(self.loader.reload_required(self.script))
            self.assertIn("exception raised by reload_required()", self.sink.text)

    def test_timeout_in_the_callback_passes(self):
        self.write("def reload_required(path):\n    raise timeout\n")
        self.loader.load(self.script).timeout = RequestTimeout
        self.assertRaises(RequestTimeout, self.loader.reload_required, self.script)


class DescriptionTest(unittest.TestCase):
    def test_interpreters(self):
        self.assertEqual(describe_interpreter("g", ""), "main interpreter of daemon process 'g'")
        self.assertEqual(describe_interpreter("g", "a|/x"), "sub interpreter 'a|/x' of daemon process 'g'")
        self.assertEqual(describe_interpreter("", ""), "main interpreter of embedded process")
        self.assertEqual(ScriptLoader(group="g", application_group="", sink=None).interpreter.split()[0], "main")


if __name__ == "__main__":
    unittest.main()
