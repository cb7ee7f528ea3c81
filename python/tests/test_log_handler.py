"""mod_wsgi.LogHandler: records of Python's logging in the error log."""

import logging
import os
import re
import tempfile
import unittest
from threading import get_ident

from stillhouse.error_log import ErrorLog
from stillhouse.error_streams import RequestLog, request_logs
from stillhouse.log_handler import find_level, make_log_handler_class
from stillhouse.mod_wsgi_module import RequestTimeout

RECORD = re.compile(r"^\[[^\]]+ \d{4}\] \[wsgi:(\w+)\] \[pid \d+:tid \d+\] (.*)$")


class LogHandlerTest(unittest.TestCase):
    def setUp(self):
        self.logger = logging.Logger("test")

    def attach(self, level="info"):
        descriptor, self.path = tempfile.mkstemp()
        self.addCleanup(os.unlink, self.path)
        self.addCleanup(os.close, descriptor)
        self.log = ErrorLog(descriptor, level=level)
        self.handler = make_log_handler_class(self.log)()
        self.logger.addHandler(self.handler)

    def records(self):
        with open(self.path) as file:
            return [RECORD.match(line).groups() for line in file.read().splitlines()]

    def test_levels(self):
        self.attach("debug")
        for number in (logging.CRITICAL, logging.ERROR, logging.WARNING, logging.INFO, logging.DEBUG):
            self.logger.log(number, "text")
        self.assertEqual([level for level, _ in self.records()], ["crit", "error", "warn", "info", "debug"])

    def test_levels_between_are_rounded_down(self):
        expected = {99: "crit", 49: "error", 39: "warn", 25: "info", 19: "debug", 1: "debug"}
        self.assertEqual({number: find_level(number) for number in expected}, expected)

    def test_what_loglevel_does_not_want_is_not_even_formatted(self):
        self.attach("warn")
        formatted = []
        self.handler.format = lambda record: formatted.append(record) or "text"
        self.logger.info("no")
        self.logger.warning("yes")
        self.assertEqual((len(formatted), self.records()), (1, [("warn", "text")]))

    def test_each_line_is_a_record(self):
        self.attach()
        try:
            raise ValueError("inner")
        except ValueError:
            self.logger.exception("outer")
        texts = [text for level, text in self.records() if level == "error"]
        self.assertEqual(texts[:2], ["outer", "Traceback (most recent call last):"])
        self.assertEqual(texts[-1], "ValueError: inner")

    def test_debug_names_the_line_of_code(self):
        self.attach("debug")
        self.logger.debug("here")
        self.logger.info("there")
        (_, debug), (_, info) = self.records()
        self.assertRegex(debug, r"^test_log_handler\.py\(\d+\): here$")
        self.assertEqual(info, "there")

    def test_a_request_thread_logs_for_its_request(self):
        self.attach()
        thread = get_ident()
        request_logs[thread] = RequestLog(self.log, "/app.wsgi", "192.0.2.7", "4242", {})
        self.addCleanup(request_logs.pop, thread, None)
        self.logger.warning("one\ntwo")
        mark = "[client 192.0.2.7:4242] [script /app.wsgi] "
        self.assertEqual(self.records(), [("warn", f"{mark}one"), ("warn", f"{mark}two")])

    def test_a_formatter_that_fails_is_reported_by_logging(self):
        self.attach()
        reported = []
        self.handler.handleError = reported.append
        self.logger.warning("%d", "no number")
        self.assertEqual((len(reported), self.records()), (1, []))

    def test_a_timeout_passes(self):
        self.attach()

        def interrupt(record):
            raise RequestTimeout()

        self.handler.format = interrupt
        with self.assertRaises(RequestTimeout):
            self.logger.warning("x")

    def test_handler_class(self):
        self.attach()
        self.assertIsInstance(self.handler, logging.Handler)
        self.assertEqual(f"{type(self.handler).__module__}.{type(self.handler).__qualname__}", "mod_wsgi.LogHandler")
        self.assertEqual(make_log_handler_class(self.log)(logging.ERROR).level, logging.ERROR)


if __name__ == "__main__":
    unittest.main()
