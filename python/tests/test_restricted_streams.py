"""WSGIRestrictStdin and WSGIRestrictStdout."""

import os
import subprocess
import sys
import unittest

from stillhouse.restricted_streams import RestrictedStream

FOLDER = __file__.rsplit("/tests/", 1)[0]


def run(program):
    environment = {**os.environ, "PYTHONPATH": FOLDER, "PYTHONDONTWRITEBYTECODE": "1"}
    program = f"from stillhouse.restricted_streams import install_restrictions\n{program}"
    return subprocess.run(
        [sys.executable, "-c", program], input="given\n", capture_output=True, text=True, timeout=30, env=environment
    )


class RestrictedStreamTest(unittest.TestCase):
    def test_every_use_is_an_error_that_names_the_stream(self):
        stream = RestrictedStream("sys.stdin")
        for use in (
            lambda: stream.read(),
            lambda: stream.buffer,
            lambda: stream.fileno(),
            lambda: hasattr(stream, "isatty"),
            lambda: print("text", file=stream),
        ):
            with self.assertRaisesRegex(OSError, "^sys.stdin access restricted by mod_wsgi$"):
                use()

    def test_iteration(self):
        self.assertRaises(TypeError, lambda: list(RestrictedStream("sys.stdin")))

    def test_only_what_is_asked_for(self):
        result = run("install_restrictions(stdin=False, stdout=False)\nimport sys\nprint(sys.stdin.read(), end='')")
        self.assertEqual((result.returncode, result.stdout), (0, "given\n"))
        result = run("install_restrictions(stdin=True, stdout=False)\nprint('text')\nimport sys\nsys.stdin.read()")
        self.assertEqual((result.returncode, result.stdout), (1, "text\n"))
        self.assertIn("OSError: sys.stdin access restricted by mod_wsgi", result.stderr)

    def test_the_end_of_python_is_no_failure(self):
        result = run("install_restrictions(stdin=True, stdout=True)")
        self.assertEqual((result.returncode, result.stdout, result.stderr), (0, "", ""))
