"""The error log's records: form, escaping, levels, limits."""

import os
import re
import tempfile
import threading
import unittest

from stillhouse.error_log import RECORD_BYTES_LIMIT, ErrorLog, format_exception


class ErrorLogTest(unittest.TestCase):
    def setUp(self):
        file = tempfile.TemporaryFile()
        self.addCleanup(file.close)
        self.file = file
        self.log = ErrorLog(file.fileno(), "info")

    def written(self):
        size = os.fstat(self.file.fileno()).st_size
        return os.pread(self.file.fileno(), size, 0).decode("utf-8").splitlines()

    def messages(self):
        return [line.split("] ", 3)[3] for line in self.written()]

    def test_form(self):
        self.log.log("error", "message", client="192.0.2.7:4242")
        self.log.log("info", "message", module="core")
        first, second = self.written()
        moment = r"\[(Mon|Tue|Wed|Thu|Fri|Sat|Sun) [A-Z][a-z]{2} \d\d \d\d:\d\d:\d\d\.\d{6} \d{4}\]"
        process = rf"\[pid {os.getpid()}:tid {threading.get_ident()}\]"
        self.assertRegex(first, rf"^{moment} \[wsgi:error\] {process} \[client 192\.0\.2\.7:4242\] message$")
        self.assertRegex(second, rf"^{moment} \[core:info\] {process} message$")

    def test_a_sub_interpreter_names_itself(self):
        log = ErrorLog(self.file.fileno(), "info", "www|/a\n")
        log.log("error", "message", client="192.0.2.7:4242")
        log.output("printed")
        first, second = self.written()
        self.assertTrue(first.endswith(" [client 192.0.2.7:4242] [application-group www|/a\\n] message"), first)
        self.assertTrue(second.endswith("] [application-group www|/a\\n] printed"), second)

    def test_level_filters_messages_but_no_output(self):
        log = ErrorLog(self.file.fileno(), "crit")
        log.log("error", "filtered")
        log.log("crit", "kept")
        log.output("printed")
        self.assertEqual(self.messages(), ["kept", "printed"])
        self.assertIn("[wsgi:error]", self.written()[1])

    def test_debug_and_trace(self):
        self.log.log("debug", "filtered")
        ErrorLog(self.file.fileno(), "trace1").log("trace2", "filtered")
        ErrorLog(self.file.fileno(), "trace2").log("trace1", "kept")
        self.assertEqual(self.messages(), ["kept"])

    def test_a_record_for_each_line(self):
        self.log.output("one\ntwo\r\n\nfour\n")
        self.assertEqual(self.messages(), ["one", "two", "", "four"])

    def test_escapes(self):
        self.log.output('quote " tab \t nul \0 escape \x1b delete \x7f backslash \\ carriage \r.')
        self.log.output("caf\u00e9 \u20ac \x85 \u2028 \udcff")
        self.assertEqual(
            self.messages(),
            [
                'quote " tab \\t nul \\x00 escape \\x1b delete \\x7f backslash \\\\ carriage \\r.',
                "caf\u00e9 \u20ac \\xc2\\x85 \\xe2\\x80\\xa8 \\udcff",
            ],
        )

    def test_client_cannot_forge_a_record(self):
        self.log.log("error", "x", client="1.2.3.4\n[forged")
        self.assertEqual(len(self.written()), 1)

    def test_long_record_is_cut_with_a_marker(self):
        for text in ("x" * 20_000, "\u20ac" * 20_000, "x" + "\u20ac" * 20_000, "\0" * 20_000):
            self.setUp()
            self.log.output(text)
            (line,) = self.written()
            length = len(line.encode("utf-8")) + 1
            self.assertLessEqual(length, RECORD_BYTES_LIMIT)
            self.assertGreater(length, RECORD_BYTES_LIMIT - 8)
            self.assertTrue(line.endswith(" [... cut]"))

    def test_record_at_the_limit_is_whole(self):
        self.log.output("")
        overhead = len(self.written()[0]) + 1
        self.log.output("x" * (RECORD_BYTES_LIMIT - overhead))
        self.assertEqual(len(self.written()[1]) + 1, RECORD_BYTES_LIMIT)
        self.assertNotIn("cut", self.written()[1])
        self.log.output("x" * (RECORD_BYTES_LIMIT - overhead + 1))
        self.assertEqual(len(self.written()[2]) + 1, RECORD_BYTES_LIMIT)
        self.assertIn("cut", self.written()[2])

    def test_one_write_for_each_record(self):
        reader, writer = os.pipe()
        try:
            ErrorLog(writer).output("x" * 3000)
            self.assertTrue(os.read(reader, 65536).endswith(b"x\n"))
        finally:
            os.close(reader)
            os.close(writer)

    @unittest.skipUnless(os.path.exists("/dev/full"), "needs a full disk")
    def test_full_disk(self):
        descriptor = os.open("/dev/full", os.O_WRONLY)
        try:
            ErrorLog(descriptor).output("lost")
        finally:
            os.close(descriptor)

    def test_bad_descriptor_and_bad_message(self):
        ErrorLog(-1).output("lost")
        self.log.log("error", None)  # type: ignore[arg-type]
        self.log.log("no such level", "shown")
        self.assertEqual(self.messages(), ["shown"])


class FormatExceptionTest(unittest.TestCase):
    def test_causes(self):
        try:
            try:
                raise KeyError("inner")
            except KeyError as inner:
                raise ValueError("outer") from inner
        except ValueError as problem:
            text = format_exception(problem)
        self.assertTrue(re.search(r"KeyError: 'inner'.*direct cause.*ValueError: outer$", text, re.DOTALL))


if __name__ == "__main__":
    unittest.main()
