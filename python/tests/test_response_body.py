"""Iteration over the response: what is sent when, Content-Length, and close()."""

import unittest

from .memory_exchange import AdapterCase, ClosingBlocks, MemoryExchange, respond_with


def yield_blocks(*blocks, headers=(), status="200 OK"):
    def application(environ, start_response):
        start_response(status, list(headers))
        yield from blocks

    return application


class IterationTest(AdapterCase):
    def test_single_block_of_a_list_is_marked_last(self):
        for kind in (list, tuple):
            exchange = self.serve(lambda environ, start_response: start_response("200 OK", []) and kind((b"x",)))
            self.assertEqual(exchange.events, [("respond", b"x", True)])

    def test_last_block_of_a_longer_list_is_marked_last(self):
        exchange = self.serve(respond_with(b"a", b"", b"b"))
        self.assertEqual(exchange.events, [("respond", b"a", False), ("write", b"b", True)])

    def test_list_with_an_empty_end(self):
        exchange = self.serve(respond_with(b"a", b""))
        self.assertEqual(exchange.events, [("respond", b"a", False), ("write", b"", True)])

    def test_nothing_but_headers(self):
        for application in (respond_with(), respond_with(b""), yield_blocks(), yield_blocks(b"", b"")):
            self.assertEqual(self.serve(application).events, [("respond", b"", True)])

    def test_each_block_is_sent_before_the_next_is_asked_for(self):
        exchange = MemoryExchange()

        def watch(environ, start_response):
            start_response("200 OK", [])
            for block in (b"", b"a", b"", b"b"):
                exchange.events.append(("yields", block))
                yield block

        self.serve(watch, exchange)
        self.assertEqual(
            exchange.events,
            [
                ("yields", b""),
                ("yields", b"a"),
                ("respond", b"a", False),
                ("yields", b""),
                ("yields", b"b"),
                ("write", b"b", False),
                ("write", b"", True),
            ],
        )

    def test_iterable_by_getitem(self):
        class Indexed:
            def __getitem__(self, index):
                return (b"a", b"b")[index]

        def application(environ, start_response):
            start_response("200 OK", [])
            return Indexed()

        self.assertEqual(self.serve(application).body, b"ab")

    def test_bytes_subclass_is_a_block(self):
        class Block(bytes):
            pass

        self.assertEqual(self.serve(respond_with(Block(b"x"))).body, b"x")

    def test_wrong_blocks(self):
        for value, name in (
            ("text", "str"),
            (bytearray(b"x"), "bytearray"),
            (memoryview(b"x"), "memoryview"),
            (1, "int"),
        ):
            self.setUp()
            exchange = self.serve(respond_with(value))
            self.assertEqual(exchange.refusal[0], 500)
            self.assertIn(f"TypeError: response iterable must yield bytes, not {name}", self.sink.text)

    def test_wrong_block_after_a_good_one(self):
        exchange = self.serve(respond_with(b"good", "bad"))
        self.assertEqual(exchange.body, b"good")
        self.assertIsNotNone(exchange.truncation)

    def test_bytes_returned_bare(self):
        exchange = self.serve(lambda environ, start_response: start_response("200 OK", []) and b"bare")
        self.assertEqual(exchange.refusal[0], 500)
        self.assertIn("TypeError: response iterable must yield bytes, not int", self.sink.text)

    def test_none_returned(self):
        exchange = self.serve(lambda environ, start_response: None)
        self.assertEqual(exchange.refusal[0], 500)
        self.assertIn("TypeError: 'NoneType' object is not iterable", self.sink.text)

    def test_output_before_start_response(self):
        for application in (lambda environ, start_response: [b"x"], lambda environ, start_response: []):
            self.setUp()
            self.assertEqual(self.serve(application).refusal[0], 500)
            self.assertIn(
                "RuntimeError: start_response() must be called before response content is produced", self.sink.text
            )


class ContentLengthTest(AdapterCase):
    def test_exact(self):
        exchange = self.serve(respond_with(b"four", headers=[("Content-Length", "4")]))
        self.assertEqual(exchange.events, [("respond", b"four", True)])
        self.assert_clean_log()

    def test_generator_is_ended_by_its_last_promised_byte(self):
        exchange = self.serve(yield_blocks(b"fo", b"ur", headers=[("Content-Length", "4")]))
        self.assertEqual(exchange.events, [("respond", b"fo", False), ("write", b"ur", True)])
        self.assert_clean_log()

    def test_end_waits_while_input_may_follow(self):
        exchange = MemoryExchange({"REQUEST_METHOD": "POST", "CONTENT_LENGTH": "6"}, blocks=[b"abc", b"def"])

        def echo_then_check_the_end(environ, start_response):
            start_response("200 OK", [("Content-Length", "3")])
            yield environ["wsgi.input"].read(3)
            self.assertEqual(environ["wsgi.input"].read(), b"def")

        self.serve(echo_then_check_the_end, exchange)
        self.assertEqual(exchange.events, [("respond", b"abc", False), ("write", b"", True)])
        self.assert_clean_log()

    def test_no_read_after_the_end_reaches_the_exchange(self):
        exchange = MemoryExchange({"REQUEST_METHOD": "POST", "CONTENT_LENGTH": "3"}, blocks=[b"abc"])

        def echo_until_the_end(environ, start_response):
            start_response("200 OK", [("Content-Length", "3")])
            block = environ["wsgi.input"].read(3)
            while block:
                yield block
                exchange.read = None  # what would block: the end of the body has no frame of its own any more
                block = environ["wsgi.input"].read(3)

        self.serve(echo_until_the_end, exchange)
        self.assertEqual(exchange.events, [("respond", b"abc", True)])
        self.assert_clean_log()

    def test_excess_is_cut_silently(self):
        for application in (
            respond_with(b"fourteen", headers=[("Content-Length", "4")]),
            respond_with(b"fo", b"urteen", b"more", headers=[("Content-Length", "4")]),
            yield_blocks(b"four", b"teen", headers=[("Content-Length", "4")]),
            yield_blocks(b"f", b"ourteen", headers=[("Content-Length", "4")]),
        ):
            self.setUp()
            exchange = self.serve(application)
            self.assertEqual(exchange.body, b"four")
            self.assertTrue(exchange.is_complete)
            self.assertEqual([level for level, _, _ in self.sink.records], ["debug"])
            self.assertIn("Content length mismatch, expected 4, response generated ", self.sink.text)

    def test_excess_by_write(self):
        def write_too_much(environ, start_response):
            write = start_response("200 OK", [("Content-Length", "4")])
            write(b"fourteen")
            write(b"more")
            return [b"and more"]

        exchange = self.serve(write_too_much)
        self.assertEqual(exchange.body, b"four")
        self.assertTrue(exchange.is_complete)
        self.assertIn("expected 4, response generated 20", self.sink.text)

    def test_zero(self):
        exchange = self.serve(respond_with(b"x", headers=[("Content-Length", "0")]))
        self.assertEqual((exchange.body, exchange.is_complete), (b"", True))

    def test_short_response_is_truncated_with_one_line(self):
        for application in (
            respond_with(headers=[("Content-Length", "10")]),
            respond_with(b"four", headers=[("Content-Length", "10")]),
            respond_with(b"fo", b"ur", headers=[("Content-Length", "10")]),
            yield_blocks(b"four", headers=[("Content-Length", "10")]),
        ):
            self.setUp()
            exchange = self.serve(application)
            self.assertFalse(exchange.is_complete)
            self.assertIsNotNone(exchange.truncation)
            ((level, line, client),) = self.sink.records
            self.assertEqual((level, client), ("warn", "192.0.2.7:4242"))
            self.assertIn("Content length mismatch, expected 10, response generated ", line)

    def test_responses_without_a_body_promise_nothing(self):
        for method, status in (("HEAD", "200 OK"), ("GET", "204 No Content"), ("GET", "304 Not Modified")):
            for blocks in ((), (b"four",), (b"fo", b"ur"), (b"fourteen",)):
                for make in (respond_with, yield_blocks):
                    with self.subTest(method=method, status=status, blocks=blocks):
                        self.setUp()
                        application = make(*blocks, status=status, headers=[("Content-Length", "6")])
                        exchange = self.serve(application, MemoryExchange({"REQUEST_METHOD": method}))
                        self.assertTrue(exchange.is_complete)
                        self.assertEqual(exchange.headers, [("Content-Length", "6")])
                        self.assertEqual(self.sink.lines("warn", "error"), [])


class CloseTest(AdapterCase):
    def serve_result(self, result, exchange=None, status="200 OK"):
        def application(environ, start_response):
            if status:
                start_response(status, [])
            return result

        return self.serve(application, exchange)

    def test_after_a_whole_response(self):
        result = ClosingBlocks([b"a", b"b"])
        self.assertTrue(self.serve_result(result).is_complete)
        self.assertEqual(result.closed, 1)

    def test_after_an_exception_before_output(self):
        result = ClosingBlocks([], failure=ValueError("early"))
        self.assertEqual(self.serve_result(result).refusal[0], 500)
        self.assertEqual(result.closed, 1)

    def test_after_an_exception_in_the_middle(self):
        result = ClosingBlocks([b"a"], failure=ValueError("late"))
        self.assertIsNotNone(self.serve_result(result).truncation)
        self.assertEqual(result.closed, 1)

    def test_without_start_response(self):
        result = ClosingBlocks([b"a"])
        self.serve_result(result, status="")
        self.assertEqual(result.closed, 1)

    def test_when_iter_itself_fails(self):
        class NotIterable:
            closed = 0

            def close(self):
                self.closed += 1

        result = NotIterable()
        self.assertEqual(self.serve_result(result).refusal[0], 500)
        self.assertEqual(result.closed, 1)

    def test_when_the_client_left(self):
        for leaves_after in (0, 1, 2):
            result = ClosingBlocks([b"a", b"b"])
            self.serve_result(result, MemoryExchange(leaves_after=leaves_after))
            self.assertEqual(result.closed, 1)
        self.assertEqual(self.sink.lines("error", "warn", "info"), [])

    def test_generator_is_told(self):
        told = []

        def generate():
            try:
                yield b"a"
                yield b"b"
            except GeneratorExit:
                told.append("exit")
                raise

        self.serve_result(generate(), MemoryExchange(leaves_after=0))
        self.assertEqual(told, ["exit"])

    def test_its_exceptions_are_only_logged(self):
        for failure in (ValueError("in close"), SystemExit(3), KeyboardInterrupt()):
            self.setUp()
            result = ClosingBlocks([b"a"], close_failure=failure)
            exchange = self.serve_result(result)
            self.assertEqual((exchange.body, exchange.is_complete, exchange.truncation), (b"a", True, None))
            self.assertEqual(result.closed, 1)
            self.assertIn(f"{type(failure).__name__} exception raised processing WSGI script", self.sink.text)

    def test_its_exception_does_not_hide_the_first(self):
        self.serve_result(ClosingBlocks([b"a"], failure=ValueError("first"), close_failure=KeyError("second")))
        self.assertIn("ValueError: first", self.sink.text)
        self.assertIn("KeyError: 'second'", self.sink.text)

    def test_looked_up_after_iteration(self):
        class ClosesLate(ClosingBlocks):
            close = None

            def __iter__(self):
                yield b"a"
                self.close = lambda: setattr(self, "closed", self.closed + 1)

        result = ClosesLate([])
        self.serve_result(result)
        self.assertEqual(result.closed, 1)
        self.assert_clean_log()


if __name__ == "__main__":
    unittest.main()
