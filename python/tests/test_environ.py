"""What an application finds in environ beyond the CGI variables of the server."""

import gc
import io
import time
import unittest
import warnings
from wsgiref.validate import validator

from stillhouse.file_wrapper import FileWrapper

from .memory_exchange import SCRIPT, AdapterCase, MemoryExchange, respond_with


class EnvironTest(AdapterCase):
    def environ_of(self, **changes):
        seen = {}

        def keep_environ(environ, start_response):
            seen.update(environ)
            start_response("200 OK", [])
            return []

        facts = {"script": SCRIPT, "callable": "application", "request_start": 1.5, "queue_start": 2.5}
        self.serve(keep_environ, MemoryExchange(changes, facts=facts))
        self.assert_clean_log()
        return seen

    def test_constant_keys(self):
        environ = self.environ_of()
        expected = {
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input_terminated": True,
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
            "wsgi.file_wrapper": FileWrapper,
            "mod_wsgi.version": (6, 0, 5),
            "mod_wsgi.process_group": "mysite",
            "mod_wsgi.application_group": "",
            "mod_wsgi.callable_object": "application",
            "mod_wsgi.thread_id": 1,
            "mod_wsgi.request_id": "r1",
            "apache.version": (2, 4, 62),
        }
        self.assertEqual({name: environ[name] for name in expected}, expected)

    def test_times_are_floats_in_order(self):
        before = time.time()
        environ = self.environ_of()
        self.assertEqual((environ["mod_wsgi.request_start"], environ["mod_wsgi.queue_start"]), (1.5, 2.5))
        self.assertLessEqual(before, environ["mod_wsgi.daemon_start"])
        self.assertLessEqual(environ["mod_wsgi.daemon_start"], environ["mod_wsgi.application_start"])

    def test_facts_may_be_missing(self):
        exchange = self.serve(respond_with(b"x"), MemoryExchange(facts={}))
        self.assertEqual(exchange.body, b"x")
        self.assertEqual(exchange.environ["mod_wsgi.callable_object"], "application")
        self.assertEqual(exchange.environ["mod_wsgi.request_start"], exchange.environ["mod_wsgi.daemon_start"])

    def test_scheme(self):
        # ServerName https://... changes the first and not the second, as in mod_wsgi.
        self.assertEqual(self.environ_of(REQUEST_SCHEME="https")["wsgi.url_scheme"], "http")
        self.assertEqual(self.environ_of(REQUEST_SCHEME=None)["wsgi.url_scheme"], "http")

    def test_https_becomes_the_scheme_and_never_reaches_the_application(self):
        for value, scheme in (("on", "https"), ("1", "https"), ("On", "https"), ("off", "http"), ("", "http")):
            environ = self.environ_of(HTTPS=value)
            self.assertNotIn("HTTPS", environ)
            self.assertEqual(environ["wsgi.url_scheme"], scheme, value)

    def test_paths_are_decoded_as_file_names(self):
        as_latin1 = "/srv/caf\u00e9".encode("utf-8").decode("latin-1")
        environ = self.environ_of(DOCUMENT_ROOT=as_latin1, SCRIPT_FILENAME=as_latin1, PATH_INFO=as_latin1)
        self.assertEqual(environ["DOCUMENT_ROOT"], "/srv/caf\u00e9")
        self.assertEqual(environ["SCRIPT_FILENAME"], "/srv/caf\u00e9")
        self.assertEqual(environ["PATH_INFO"], as_latin1)
        self.assertEqual(self.environ_of(DOCUMENT_ROOT="/srv/\xff")["DOCUMENT_ROOT"], "/srv/\udcff")

    def test_input_ends_with_the_request(self):
        stream = self.environ_of()["wsgi.input"]
        self.assertRaisesRegex(RuntimeError, r"^read\(\) called on wsgi.input after request completed$", stream.read)

    def test_a_request_leaves_no_garbage(self):
        application = respond_with(b"x", headers=[("A", "b")])
        self.serve(application)
        gc.collect()
        gc.disable()
        self.addCleanup(gc.enable)
        exchange = MemoryExchange()
        self.adapter.serve(exchange, 1)
        del exchange
        self.assertEqual(gc.collect(), 0)

    def test_nothing_of_a_request_is_shared_with_the_next(self):
        first, second = self.environ_of(), self.environ_of()
        self.assertIsNot(first["wsgi.input"], second["wsgi.input"])
        self.assertIsNot(first["wsgi.errors"], second["wsgi.errors"])


class ConformanceTest(AdapterCase):
    """wsgiref's validator between the adapter and applications: it asserts what PEP 3333 demands of both."""

    def conforms(self, application, exchange=None):
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            exchange = self.serve(validator(application), exchange)
        self.assertEqual(self.sink.lines("error", "warn"), [])
        self.assertTrue(exchange.is_complete)
        return exchange

    def test_list(self):
        exchange = self.conforms(respond_with(b"hello", headers=[("Content-Type", "text/plain")]))
        self.assertEqual(exchange.body, b"hello")

    def test_generator_with_delayed_start(self):
        def delayed_start(environ, start_response):
            start_response("200 OK", [("Content-Type", "text/plain")])
            yield b""
            yield b"a"
            yield b"b"

        self.assertEqual(self.conforms(delayed_start).blocks, [b"a", b"b"])

    def test_write_and_errors(self):
        def write_and_print(environ, start_response):
            write = start_response("200 OK", [("Content-Type", "text/plain")])
            write(b"written ")
            environ["wsgi.errors"].write("one line\n")
            environ["wsgi.errors"].writelines(["two\n", "three\n"])
            environ["wsgi.errors"].flush()
            return [b"returned"]

        self.assertEqual(self.conforms(write_and_print).body, b"written returned")
        self.assertEqual(len(self.sink.lines("output")), 3)

    def test_echo_of_the_input_in_every_form(self):
        def echo(environ, start_response):
            stream = environ["wsgi.input"]
            parts = [stream.read(3), stream.readline(), stream.readlines()[0], b"".join(stream)]
            start_response("200 OK", [("Content-Type", "text/plain")])
            return parts

        exchange = MemoryExchange(
            {"REQUEST_METHOD": "POST", "CONTENT_LENGTH": "12"}, blocks=[b"abcd", b"ef\ngh", b"i\n"]
        )
        self.assertEqual(self.conforms(echo, exchange).body, b"abcdef\nghi\n")

    def test_exc_info_and_head(self):
        def fail_and_recover(environ, start_response):
            import sys

            start_response("200 OK", [("Content-Type", "text/plain")])
            try:
                raise KeyError("x")
            except KeyError:
                start_response("500 Oops", [("Content-Type", "text/plain")], sys.exc_info())
            return [b""]

        exchange = self.conforms(fail_and_recover, MemoryExchange({"REQUEST_METHOD": "HEAD"}))
        self.assertEqual(exchange.status, "500 Oops")

    def test_no_content(self):
        self.conforms(respond_with(status="204 No Content"))

    def test_file_wrapper_behind_middleware_is_iterated(self):
        def send_bytes(environ, start_response):
            start_response("200 OK", [("Content-Type", "text/plain")])
            return environ["wsgi.file_wrapper"](io.BytesIO(b"x" * 10000), 4096)

        self.assertEqual([len(block) for block in self.conforms(send_bytes).blocks], [4096, 4096, 1808])


if __name__ == "__main__":
    unittest.main()
