"""start_response, write and the headers: rules and error texts."""

import sys
import unittest

from .memory_exchange import AdapterCase, MemoryExchange, respond_with

# Arguments to the exception they must raise. Texts are mod_wsgi 6's.
INVALID_STATUS = {
    "bytes": (b"200 OK", TypeError, "must be str, not bytes"),
    "none": (None, TypeError, "must be str, not NoneType"),
    "number": (200, TypeError, "must be str, not int"),
    "empty": ("", ValueError, "status code must be a 3 digit integer: b''"),
    "word": ("OK", ValueError, "status code must be a 3 digit integer: b'OK'"),
    "two digits": ("20 OK", ValueError, "status code must be a 3 digit integer: b'20 OK'"),
    "four digits": ("2000 OK", ValueError, "status code must be a 3 digit integer: b'2000 OK'"),
    "digits of another script": ("\u0662\u0660\u0660 OK", UnicodeEncodeError, "latin-1"),
    "superscript digits": (
        "\xb2\xb3\xb9 OK",
        ValueError,
        "status code must be a 3 digit integer: b'\\xb2\\xb3\\xb9 OK'",
    ),
    "no space": ("200OK", ValueError, "no space following status code: b'200OK'"),
    "tab for space": ("200\tOK", ValueError, "no space following status code: b'200\\tOK'"),
    "newline in reason": ("200 O\nK", ValueError, "control character in status reason phrase: b'200 O\\nK'"),
    "newline at end": ("200 OK\n", ValueError, "control character in status reason phrase: b'200 OK\\n'"),
    "newline after code": ("200\n", ValueError, "no space following status code: b'200\\n'"),
    "delete in reason": ("200 \x7f", ValueError, "control character in status reason phrase: b'200 \\x7f'"),
    "not latin-1": ("200 \u20ac", UnicodeEncodeError, "latin-1"),
}
INVALID_HEADERS = {
    "tuple": ((("A", "b"),), TypeError, "argument 'headers' must be list, not tuple"),
    "none": (None, TypeError, "argument 'headers' must be list, not NoneType"),
    "dict": ({"A": "b"}, TypeError, "argument 'headers' must be list, not dict"),
    "list entry": ([["A", "b"]], TypeError, "each header must be a 2-tuple, not list"),
    "string entry": (["Ab"], TypeError, "each header must be a 2-tuple, not str"),
    "short entry": ([("A",)], ValueError, "each header must be a 2-tuple, got length 1"),
    "long entry": ([("A", "b", "c")], ValueError, "each header must be a 2-tuple, got length 3"),
    "bytes name": ([(b"A", "b")], TypeError, "must be str, not bytes"),
    "bytes value": ([("A", b"b")], TypeError, "must be str, not bytes"),
    "unhashable name": ([([], "b")], TypeError, "must be str, not list"),
    "number value": ([("Content-Length", 5)], TypeError, "must be str, not int"),
    "empty name": ([("", "b")], ValueError, "header name is empty"),
    "newline in name": ([("A\nB", "b")], ValueError, "control character in header name: b'A\\nB'"),
    "space in name": ([("A B", "b")], ValueError, "space character in header name: b'A B'"),
    "carriage return": ([("A", "b\rc")], ValueError, "carriage return/line feed character in header value: b'b\\rc'"),
    "line feed": ([("A", "b\n")], ValueError, "carriage return/line feed character in header value: b'b\\n'"),
    "line feed after NUL": ([("A", "b\0\nc")], ValueError, "carriage return/line feed character in header value"),
    "name not latin-1": ([("\u20ac", "b")], UnicodeEncodeError, "latin-1"),
    "value not latin-1": ([("A", "\u20ac")], UnicodeEncodeError, "latin-1"),
    "after valid ones": ([("A", "b"), ("A", "b\n")], ValueError, "carriage return/line feed"),
}


class StartResponseTest(AdapterCase):
    def raised_by(self, *arguments):
        """The exception of start_response(*arguments), which then also is what ends the request."""
        caught = []

        def pass_on(environ, start_response):
            try:
                start_response(*arguments)
            except Exception as problem:
                caught.append(problem)
                raise
            return [b"x"]

        exchange = self.serve(pass_on)
        if not caught:
            return None
        self.assertEqual(exchange.refusal[0], 500)
        self.assertIsNone(exchange.status)
        return caught[0]

    def check_table(self, table, make_arguments):
        for name, (value, kind, text) in table.items():
            with self.subTest(name):
                problem = self.raised_by(*make_arguments(value))
                self.assertIs(type(problem), kind)
                self.assertIn(text, str(problem))

    def test_invalid_status(self):
        self.check_table(INVALID_STATUS, lambda status: (status, []))

    def test_invalid_headers(self):
        self.check_table(INVALID_HEADERS, lambda headers: ("200 OK", headers))
        # Again: what the first round kept as checked must not let anything through.
        self.check_table(INVALID_HEADERS, lambda headers: ("200 OK", headers))

    def test_valid_status(self):
        for status in ("200", "200 ", "200 OK", "299 Caf\xe9", "404 Not Found"):
            self.assertEqual(self.serve(respond_with(b"x", status=status)).status, status)
        self.assert_clean_log()

    def test_valid_headers_pass_unchanged(self):
        headers = [
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Set-Cookie", "a=1"),
            ("Set-Cookie", "b=2"),
            ("Connection", "close"),
            ("X-Latin", "caf\xe9"),
            ("X-Tab", "a\tb"),
            ("X-Empty", ""),
            ("x(y)", "separators are not checked"),
        ]
        exchange = self.serve(respond_with(b"x", headers=headers))
        self.assertEqual(exchange.headers, headers)
        self.assertTrue(all(sent is given for sent, given in zip(exchange.headers, headers)))

    def test_nul_ends_a_header_value(self):
        exchange = self.serve(respond_with(b"x", headers=[("A", "b"), ("X", "seen\0hidden")]))
        self.assertEqual(exchange.headers, [("A", "b"), ("X", "seen")])

    def test_headers_appended_after_start_response_are_not_sent(self):
        def append_later(environ, start_response):
            headers = [("A", "b")]
            start_response("200 OK", headers)
            headers.append(("Injected", "x\r\ny"))
            return [b"x"]

        self.assertEqual(self.serve(append_later).headers, [("A", "b")])

    def test_invalid_content_length_fails_at_the_first_output(self):
        for value in ("", "abc", "-1", "+1", "1.5", "1_0", "0x10", "\xb2", "5 5"):
            with self.subTest(value):
                reached = []

                def lie(environ, start_response, value=value, reached=reached):
                    start_response("200 OK", [("content-length", value)])
                    reached.append(True)
                    return [b"x"]

                exchange = self.serve(lie)
                self.assertEqual(exchange.refusal[0], 500)
                self.assertEqual(reached, [True])
                self.assertIn(f"ValueError: invalid Content-Length header value: {value!r}", self.sink.text)

    def test_of_several_content_length_the_last_counts(self):
        headers = [("Content-Length", "9"), ("A", "b"), ("content-length", "2")]
        exchange = self.serve(respond_with(b"xyz", headers=headers))
        self.assertEqual(exchange.headers, [("A", "b"), ("content-length", "2")])
        self.assertEqual(exchange.body, b"xy")

    def test_second_call_before_output_replaces_the_first(self):
        def change_mind(environ, start_response):
            start_response("200 OK", [("Content-Length", "1")])
            start_response("404 Not Found", [("B", "2")])
            return [b"gone"]

        exchange = self.serve(change_mind)
        self.assertEqual((exchange.status, exchange.headers, exchange.body), ("404 Not Found", [("B", "2")], b"gone"))
        self.assert_clean_log()

    def test_a_rejected_call_leaves_the_first_in_place(self):
        def recover(environ, start_response):
            start_response("200 OK", [("A", "b")])
            try:
                start_response("oops", [])
            except ValueError:
                pass
            return [b"x"]

        self.assertEqual(self.serve(recover).headers, [("A", "b")])

    def test_second_call_after_output(self):
        def call_twice(environ, start_response):
            start_response("200 OK", [])
            yield b"x"
            start_response("200 OK", [])

        exchange = self.serve(call_twice)
        self.assertIn("RuntimeError: start_response() called more than once without exc_info", self.sink.text)
        self.assertIsNotNone(exchange.truncation)

    def test_call_after_the_request(self):
        kept = []

        def keep(environ, start_response):
            kept.append(start_response)
            kept.append(start_response("200 OK", []))
            return [b"x"]

        self.serve(keep)
        with self.assertRaisesRegex(RuntimeError, r"^start_response\(\) called after request completed$"):
            kept[0]("200 OK", [])
        with self.assertRaisesRegex(RuntimeError, r"^write\(\) called after request completed$"):
            kept[1](b"x")


class ExcInfoTest(AdapterCase):
    def test_wrong_type(self):
        for value in ((), (1, 2), [1, 2, 3], "abc", 0):
            self.setUp()

            def pass_wrong(environ, start_response, value=value):
                start_response("200 OK", [], value)
                return [b"x"]

            self.assertEqual(self.serve(pass_wrong).refusal[0], 500)
            self.assertIn(
                "RuntimeError: start_response() argument 'exc_info' must be a 3-tuple or None", self.sink.text
            )

    def test_before_output_it_replaces(self):
        def recover(environ, start_response):
            start_response("200 OK", [("A", "b")])
            try:
                raise LookupError("lost")
            except LookupError:
                start_response("500 Failed", [("B", "c")], sys.exc_info())
            return [b"sorry"]

        exchange = self.serve(recover)
        self.assertEqual((exchange.status, exchange.headers, exchange.body), ("500 Failed", [("B", "c")], b"sorry"))
        self.assert_clean_log()

    def test_after_output_it_is_raised_again_with_its_traceback(self):
        def fail_late(environ, start_response):
            start_response("200 OK", [])
            yield b"begun"
            try:
                raise LookupError("lost")
            except LookupError:
                start_response("500 Failed", [], sys.exc_info())
            yield b"never"

        exchange = self.serve(fail_late)
        self.assertEqual(exchange.body, b"begun")
        self.assertIsNotNone(exchange.truncation)
        self.assertTrue(self.sink.text.endswith("LookupError: lost"))
        self.assertNotIn("RuntimeError", self.sink.text)
        self.assertIn("in fail_late", self.sink.text)


class WriteTest(AdapterCase):
    def test_each_write_is_sent_at_once_and_before_what_is_returned(self):
        exchange = MemoryExchange()

        def write_twice(environ, start_response):
            write = start_response("200 OK", [("A", "b")])
            self.assertEqual(exchange.events, [])
            write(b"one")
            exchange.events.append("between")
            write(b"two")
            return [b"three"]

        self.serve(write_twice, exchange)
        self.assertEqual(
            exchange.events,
            [("respond", b"one", False), "between", ("write", b"two", False), ("write", b"three", True)],
        )
        self.assert_clean_log()

    def test_empty_write_sends_the_headers(self):
        exchange = MemoryExchange()

        def write_nothing(environ, start_response):
            write = start_response("200 OK", [])
            write(b"")
            self.assertEqual(exchange.status, "200 OK")
            write(b"")
            return []

        self.serve(write_nothing, exchange)
        self.assertTrue(exchange.is_complete)
        self.assert_clean_log()

    def test_bytes_only(self):
        for value, name in (("text", "str"), (bytearray(b"x"), "bytearray"), (None, "NoneType")):
            self.setUp()

            def write_wrong(environ, start_response, value=value):
                start_response("200 OK", [])(value)
                return []

            self.assertEqual(self.serve(write_wrong).refusal[0], 500)
            self.assertIn(f"TypeError: write() argument must be bytes, not {name}", self.sink.text)


if __name__ == "__main__":
    unittest.main()
