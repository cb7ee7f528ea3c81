"""wsgi.errors, and sys.stdout and sys.stderr as seen by applications."""

import io
import logging
import sys
import threading
import unittest
import warnings

from stillhouse.error_streams import LogStream, RequestLog, install_standard_streams

from .memory_exchange import SCRIPT, AdapterCase, MemoryExchange, MemorySink

MARK = f"[script {SCRIPT}] "


class LogStreamTest(unittest.TestCase):
    def setUp(self):
        self.sink = MemorySink()
        self.stream = LogStream(RequestLog(self.sink, SCRIPT, "192.0.2.7", None, {}), "<wsgi.errors>")

    def printed(self):
        return [line[len(MARK) :] for line in self.sink.lines("output")]

    def test_lines(self):
        self.assertEqual(self.stream.write("one\n"), 4)
        self.assertEqual(self.sink.records, [("output", MARK + "one", "192.0.2.7")])
        self.stream.write("two\nthree\n\n")
        self.assertEqual(self.printed(), ["one", "two", "three", ""])

    def test_incomplete_line_waits(self):
        self.stream.write("a")
        self.stream.write("b")
        self.assertEqual(self.printed(), [])
        self.stream.write("c\nd")
        self.assertEqual(self.printed(), ["abc"])
        self.stream.flush()
        self.stream.flush()
        self.assertEqual(self.printed(), ["abc", "d"])

    def test_close_logs_the_rest_and_expires(self):
        self.stream.write("rest")
        self.stream.close()
        self.assertEqual(self.printed(), ["rest"])
        text = r"^write\(\) called on wsgi.errors after request completed$"
        self.assertRaisesRegex(RuntimeError, text, self.stream.write, "x")
        self.assertRaisesRegex(RuntimeError, text, self.stream.buffer.write, b"x")
        self.assertRaisesRegex(RuntimeError, r"^writelines\(\) called", self.stream.writelines, [])
        self.stream.flush()
        self.stream.close()
        self.assertFalse(self.stream.closed)

    def test_writelines(self):
        self.stream.writelines(["a\n", "b", "c\n"])
        self.assertEqual(self.printed(), ["a", "bc"])

    def test_str_only(self):
        for value in (b"x", None, 1):
            self.assertRaisesRegex(TypeError, "must be str, not", self.stream.write, value)

    def test_what_cannot_be_encoded_is_replaced(self):
        self.stream.write("caf\u00e9 \ud800\n")
        self.assertEqual(self.printed(), ["caf\u00e9 ?"])

    def test_buffer(self):
        buffer = self.stream.buffer
        self.assertEqual(buffer.write(b"caf\xc3"), 4)
        buffer.write(bytearray(b"\xa9 "))
        buffer.write(memoryview(b"\xff\n"))
        buffer.writelines([b"x\n"])
        self.assertEqual(self.printed(), ["caf\u00e9 \ufffd", "x"])
        with self.assertWarns(DeprecationWarning):
            buffer.write("text\n")
        self.assertEqual(self.printed()[-1], "text")

    def test_attributes(self):
        stream = self.stream
        self.assertEqual((stream.encoding, stream.errors, stream.name), ("utf-8", "replace", "<wsgi.errors>"))
        self.assertEqual((stream.isatty(), stream.writable(), stream.readable()), (False, True, False))
        self.assertRaises(OSError, stream.fileno)

    def test_endless_line_is_not_kept_whole(self):
        for _ in range(1000):
            self.stream.write("x" * 1000)
        self.stream.flush()
        self.assertLess(len(self.printed()[0]), 20_000)

    def test_print_and_logging(self):
        print("a", "b", file=self.stream)
        handler = logging.StreamHandler(self.stream)
        handler.emit(logging.LogRecord("n", logging.INFO, "p", 1, "logged", (), None))
        self.assertEqual(self.printed(), ["a b", "logged"])


class RequestStreamsTest(AdapterCase):
    def setUp(self):
        super().setUp()
        self.addCleanup(setattr, sys, "stdout", sys.stdout)
        self.addCleanup(setattr, sys, "stderr", sys.stderr)
        install_standard_streams(self.sink)

    def test_on_a_request_thread(self):
        def print_everywhere(environ, start_response):
            print("to stdout")
            print("to stderr", file=sys.stderr)
            print("to errors", file=environ["wsgi.errors"])
            sys.stdout.buffer.write(b"to buffer\n")
            start_response("200 OK", [])
            return [b"x"]

        self.serve(print_everywhere)
        expected = ["to stdout", "to stderr", "to errors", "to buffer"]
        self.assertEqual(self.sink.records, [("output", MARK + line, "192.0.2.7:4242") for line in expected])

    def test_incomplete_lines_are_logged_at_the_end(self):
        def print_halves(environ, start_response):
            sys.stdout.write("out")
            sys.stderr.write("err")
            environ["wsgi.errors"].write("errors")
            start_response("200 OK", [])
            return [b"x"]

        self.serve(print_halves)
        self.assertEqual(sorted(self.sink.lines("output")), [MARK + "err", MARK + "errors", MARK + "out"])

    def test_close_may_still_print(self):
        def generate(environ, start_response):
            start_response("200 OK", [])
            try:
                yield b"x"
            finally:
                print("closing", file=environ["wsgi.errors"])

        self.serve(generate, MemoryExchange(leaves_after=0))
        self.assertEqual(self.sink.lines("output"), [MARK + "closing"])

    def test_after_the_request(self):
        kept = []

        def keep_errors(environ, start_response):
            kept.append(environ["wsgi.errors"])
            start_response("200 OK", [])
            return [b"x"]

        self.serve(keep_errors)
        self.assertRaisesRegex(RuntimeError, "after request completed", kept[0].write, "late\n")
        kept[0].flush()

    def test_other_threads_write_to_the_plain_log(self):
        def print_from_a_thread(environ, start_response):
            thread = threading.Thread(target=print, args=("from", "a", "thread"))
            thread.start()
            thread.join()
            start_response("200 OK", [])
            return [b"x"]

        self.serve(print_from_a_thread)
        print("between requests")
        self.assertEqual(self.sink.records, [("output", "from a thread", None), ("output", "between requests", None)])

    def test_what_a_thread_left_unfinished_is_logged_when_it_ends(self):
        thread = threading.Thread(target=sys.stdout.write, args=("half",))
        thread.start()
        thread.join()
        self.assertEqual(self.sink.lines("output"), ["half"])

    def test_stream_attributes(self):
        for stream in (sys.stdout, sys.stderr):
            self.assertFalse(stream.isatty())
            self.assertEqual(stream.encoding, "utf-8")
            self.assertRaises(io.UnsupportedOperation, stream.fileno)
            stream.reconfigure(line_buffering=True)
            stream.close()
        with warnings.catch_warnings(record=True):
            warnings.simplefilter("always")
            print("still open")
        self.assertEqual(self.sink.lines("output"), ["still open"])

    def test_print_at_import_goes_to_the_request(self):
        script = self.make_folder() + "/prints.wsgi"
        with open(script, "w") as file:
            file.write("print('importing')\ndef application(e, s):\n    s('200 OK', [])\n    return []\n")
        self.adapter.serve(MemoryExchange(facts={"script": script}), 1)
        self.assertIn(("output", f"[script {script}] importing", "192.0.2.7:4242"), self.sink.records)


if __name__ == "__main__":
    unittest.main()
