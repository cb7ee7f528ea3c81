"""What ends a request early: exceptions, exits, timeouts, clients that leave."""

import unittest

from stillhouse.exchange import ClientGone, InputBroken
from stillhouse.mod_wsgi_module import RequestTimeout

from .memory_exchange import SCRIPT, AdapterCase, ClosingBlocks, MemoryExchange


def raise_before_output(problem, start=True):
    def application(environ, start_response):
        if start:
            start_response("200 OK", [])
        raise problem

    return application


def raise_after_output(problem):
    def application(environ, start_response):
        start_response("200 OK", [])
        yield b"begun"
        raise problem

    return application


class ExceptionTest(AdapterCase):
    def test_before_output_the_server_answers_500(self):
        for problem in (ValueError("no"), SystemExit(1), KeyboardInterrupt(), GeneratorExit(), MemoryError()):
            for start in (True, False):
                self.setUp()
                exchange = self.serve(raise_before_output(problem, start))
                self.assertEqual(exchange.refusal, (500, f"the application raised {type(problem).__name__}"))
                self.assertIsNone(exchange.status)

    def test_after_output_the_response_is_truncated(self):
        for problem in (ValueError("no"), SystemExit(1), KeyboardInterrupt()):
            self.setUp()
            exchange = self.serve(raise_after_output(problem))
            self.assertEqual((exchange.body, exchange.is_complete), (b"begun", False))
            self.assertIsNotNone(exchange.truncation)
            self.assertIsNone(exchange.refusal)

    def test_after_the_whole_response_it_stays(self):
        def fail_after_the_end(environ, start_response):
            start_response("200 OK", [("Content-Length", "5")])
            yield b"whole"
            raise ValueError("late")

        exchange = self.serve(fail_after_the_end)
        self.assertEqual((exchange.body, exchange.is_complete, exchange.truncation), (b"whole", True, None))
        self.assertIn("ValueError: late", self.sink.text)

    def test_log(self):
        self.serve(raise_before_output(ValueError("of note")))
        mark = f"[script {SCRIPT}] "
        lines = self.sink.lines()
        self.assertEqual(
            lines[0],
            f"{mark}ValueError exception raised processing WSGI script '{SCRIPT}' "
            "for main interpreter of daemon process 'mysite'.",
        )
        self.assertEqual(lines[1], f"{mark}Traceback (most recent call last):")
        self.assertEqual(lines[-1], f"{mark}ValueError: of note")
        self.assertNotIn("adapter.py", self.sink.text)
        self.assertEqual({(level, client) for level, _, client in self.sink.records}, {("error", "192.0.2.7:4242")})

    def test_system_exit_is_ignored(self):
        self.serve(raise_before_output(SystemExit(3)))
        self.assertIn("SystemExit exception raised processing WSGI script", self.sink.lines()[0])
        self.assertTrue(self.sink.lines()[0].endswith("'mysite'; ignored."))

    def test_exception_that_cannot_be_shown(self):
        class Opaque(Exception):
            def __str__(self):
                raise RecursionError

        self.assertEqual(self.serve(raise_before_output(Opaque())).refusal[0], 500)
        self.assertIn("Opaque exception raised processing", self.sink.text)

    def test_the_next_request_is_served(self):
        self.serve(raise_before_output(SystemExit(3)))
        exchange = self.serve(lambda environ, start_response: start_response("200 OK", []) and [b"fine"])
        self.assertEqual(exchange.body, b"fine")

    def test_an_exchange_that_fails_does_not_raise_into_the_thread(self):
        class FailingExchange(MemoryExchange):
            def respond(self, *arguments):
                raise ValueError("respond")

            def truncate(self, reason):
                raise ValueError("truncate")

        self.serve(lambda environ, start_response: start_response("200 OK", []) and [b"x"], FailingExchange())
        self.assertIn("ValueError: respond", self.sink.text)
        self.assertIn("ValueError: truncate", self.sink.text)


class RequestTimeoutTest(AdapterCase):
    def test_before_output(self):
        exchange = self.serve(raise_before_output(RequestTimeout()))
        self.assertEqual(exchange.refusal[0], 504)
        self.assertEqual(
            self.sink.lines("error"), [f"[script {SCRIPT}] Request interrupted by RequestTimeout; thread recovered."]
        )

    def test_after_output(self):
        exchange = self.serve(raise_after_output(RequestTimeout()))
        self.assertIsNotNone(exchange.truncation)
        self.assertEqual(
            self.sink.lines("error"),
            [f"[script {SCRIPT}] Request interrupted by RequestTimeout after headers sent; response truncated."],
        )

    def test_in_close_it_is_swallowed(self):
        result = ClosingBlocks([b"x"], close_failure=RequestTimeout())
        exchange = self.serve(lambda environ, start_response: start_response("200 OK", []) and result)
        self.assertTrue(exchange.is_complete)
        self.assert_clean_log()

    def test_passes_by_handlers_of_exception(self):
        self.assertEqual(RequestTimeout.__bases__, (BaseException,))


class ClientGoneTest(AdapterCase):
    def assert_quiet(self):
        self.assertEqual(self.sink.lines("error", "warn", "notice", "info"), [])

    def test_iteration_stops(self):
        reached = []

        def count_blocks(environ, start_response):
            start_response("200 OK", [])
            for number in range(10):
                reached.append(number)
                yield b"x"

        self.serve(count_blocks, MemoryExchange(leaves_after=2))
        self.assertEqual(reached, [0, 1, 2])
        self.assert_quiet()
        self.assertEqual(self.sink.lines("debug"), [f"[script {SCRIPT}] Client closed connection."])

    def test_write_raises(self):
        seen = []

        def write_on(environ, start_response):
            write = start_response("200 OK", [])
            write(b"a")
            for _ in range(2):
                try:
                    write(b"b")
                except OSError as problem:
                    seen.append(str(problem))
            write(b"c")

        self.serve(write_on, MemoryExchange(leaves_after=1))
        self.assertEqual(seen, ["mod_wsgi client connection closed"] * 2)
        self.assert_quiet()

    def test_what_write_raised_stays_quiet_when_wrapped(self):
        def wrap(environ, start_response):
            write = start_response("200 OK", [])
            try:
                write(b"a")
            except OSError as problem:
                raise RuntimeError("could not stream") from problem

        self.serve(wrap, MemoryExchange(leaves_after=0))
        self.assert_quiet()

    def test_iteration_after_a_swallowed_write_error_stops(self):
        result = ClosingBlocks([b"a", b"b"])

        def swallow(environ, start_response):
            write = start_response("200 OK", [])
            try:
                write(b"a")
            except OSError:
                pass
            return result

        self.serve(swallow, MemoryExchange(leaves_after=0))
        self.assertEqual(result.closed, 1)
        self.assert_quiet()

    def test_input_that_breaks_because_the_client_left(self):
        for problem in (ClientGone(), InputBroken("Partial results are valid but processing is incomplete")):
            exchange = MemoryExchange({"REQUEST_METHOD": "POST"}, blocks=[b"abc"], read_error=problem)
            exchange.client_gone = True
            self.serve(lambda environ, start_response: environ["wsgi.input"].read(), exchange)
            self.assert_quiet()

    def test_an_error_of_its_own_is_still_logged(self):
        def fail_meanwhile(environ, start_response):
            raise KeyError("a real mistake")

        exchange = MemoryExchange()
        exchange.client_gone = True
        self.serve(fail_meanwhile, exchange)
        self.assertIn("KeyError: 'a real mistake'", self.sink.text)


class MissingCallableTest(AdapterCase):
    def test_missing(self):
        exchange = self.serve(None)
        self.assertEqual(exchange.refusal[0], 500)
        self.assertEqual(
            self.sink.lines("error"),
            [f"[script {SCRIPT}] Target WSGI script '{SCRIPT}' does not contain WSGI application 'application'."],
        )

    def test_named(self):
        exchange = MemoryExchange(facts={"script": SCRIPT, "callable": "handle_request"})
        self.serve(raise_before_output(ValueError()), exchange)
        self.assertEqual(exchange.refusal[0], 500)
        self.assertIn("does not contain WSGI application 'handle_request'.", self.sink.text)

    def test_not_callable(self):
        self.assertEqual(self.serve("not a function").refusal[0], 500)
        self.assertIn("TypeError: 'str' object is not callable", self.sink.text)


if __name__ == "__main__":
    unittest.main()
