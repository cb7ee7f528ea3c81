"""Dispatch scripts: what their functions see, what counts as an answer, and what happens where there is none."""

import os
import sys

from stillhouse.script_hooks import ScriptHooks
from stillhouse.script_loader import module_name

from .memory_exchange import AdapterCase, MemoryExchange


class DispatchTest(AdapterCase):
    def setUp(self):
        super().setUp()
        self.script = os.path.join(self.make_folder(), "dispatch.py")
        self.addCleanup(sys.modules.pop, module_name(self.script), None)
        self.hooks = ScriptHooks(loader=self.loader, sink=self.sink)
        self.mtime = 1_600_000_000

    def write(self, source):
        with open(self.script, "w", encoding="utf-8") as file:
            file.write(source)
        self.mtime += 1
        os.utime(self.script, (self.mtime, self.mtime))

    def ask(self, reloads=True, **environ):
        exchange = MemoryExchange(environ, facts={"dispatch": self.script, "reloads": reloads})
        self.hooks.serve(exchange, 1)
        return exchange

    def answer(self, source, **environ):
        self.write(source)
        exchange = self.ask(**environ)
        self.assertTrue(exchange.is_complete, exchange.refusal)
        self.assertEqual((exchange.status, exchange.body), ("200 OK", b""))
        return dict(exchange.headers)

    def test_functions_are_called_in_order(self):
        answer = self.answer(
            "seen = []\n"
            "def callable_object(environ): seen.append('c'); return 'app' + ''.join(seen)\n"
            "def application_group(environ): seen.append('a'); return b'%{GLOBAL}'\n"
            "def process_group(environ): seen.append('p'); return environ['HTTP_HOST']\n"
        )
        expected = {"process-group": "localhost", "application-group": "%{GLOBAL}", "callable-object": "apppac"}
        self.assertEqual(answer, expected)

    def test_what_is_not_defined_or_none_is_left_alone(self):
        self.assertEqual(self.answer("def process_group(environ): return None\n"), {})
        self.assertEqual(self.answer("def callable_object(environ): return ''\n"), {"callable-object": ""})

    def test_bytes_and_text_are_latin_1(self):
        self.assertEqual(self.answer("def process_group(environ): return b'\\xe9'\n"), {"process-group": "\xe9"})
        self.assertEqual(self.answer("def process_group(environ): return '\\xe9'\n"), {"process-group": "\xe9"})

    def test_environ(self):
        self.write(
            "def process_group(environ):\n"
            "    global seen\n"
            "    seen = environ\n"
            "    environ['wsgi.errors'].write('noted\\n')\n"
        )
        self.ask(DOCUMENT_ROOT="/srv/caf\xc3\xa9")
        seen = self.loader.loaded[self.script].seen
        self.assertEqual(seen["mod_wsgi.process_group"], "")
        self.assertEqual(seen["mod_wsgi.application_group"], "")
        self.assertEqual(seen["REQUEST_METHOD"], "GET")
        self.assertEqual(seen["DOCUMENT_ROOT"], "/srv/caf\xe9")
        self.assertNotIn("wsgi.input", seen)
        self.assertIn(("output", f"[script {self.script}] noted", "192.0.2.7:4242"), self.sink.records)

    def test_wrong_values_are_errors(self):
        cases = {
            "return 1": "Process group must be a byte string, value of type int found",
            "return '\\u20ac'": "value containing non 'latin-1' characters found",
            "return 'a\\nb'": "must not contain a line feed",
            "raise KeyError('k')": "KeyError exception raised processing WSGI dispatch script",
            "raise SystemExit": "SystemExit exception raised processing WSGI dispatch script",
        }
        for statement, message in cases.items():
            with self.subTest(statement):
                self.write(f"def process_group(environ): {statement}\n")
                self.sink.records.clear()
                exchange = self.ask()
                self.assertEqual(exchange.refusal, (500, "the dispatch script failed"))
                self.assertIn(message, "\n".join(self.sink.lines("error")))

    def test_a_script_that_can_not_be_loaded_leaves_the_request_alone(self):
        self.assertEqual(self.ask().headers, [])
        self.assertIn("Could not read Python script file", self.sink.text)
        self.assertEqual(self.answer("1 / 0\n"), {})
        self.assertIn("ZeroDivisionError", self.sink.text)
        self.assertEqual(self.answer("def process_group(environ): return 'mended'\n"), {"process-group": "mended"})

    def test_a_changed_script_is_loaded_in_place(self):
        self.assertEqual(self.answer("def process_group(environ): return 'a'\n"), {"process-group": "a"})
        self.assertEqual(self.answer("def process_group(environ): return 'b'\n"), {"process-group": "b"})
        self.assertIn(f"Reloading WSGI script '{self.script}'", self.sink.text)
        self.write("def process_group(environ): return 'c'\n")
        self.assertEqual(self.ask(reloads=False).headers, [("process-group", "b")])
        os.unlink(self.script)
        self.assertEqual(self.ask().headers, [])

    def test_a_question_that_is_none_is_refused(self):
        exchange = MemoryExchange(facts={})
        self.hooks.serve(exchange, 1)
        self.assertEqual(exchange.refusal, (500, "the question could not be read"))
