"""Names that ps and top show, of a process of its own: argv of the one that runs the tests stays as it is."""

import subprocess
import sys
import threading
import unittest

from stillhouse.process_naming import request_thread_name, set_thread_name

PADDING = " " * 128
PROGRAM = """
import sys
from stillhouse.process_naming import set_display_name
set_display_name(sys.argv[1])
with open("/proc/self/cmdline", "rb") as file:
    print(repr(file.read()))
"""


def command_line_after(name, padding=PADDING):
    command = [sys.executable, "-c", PROGRAM, name, padding]
    folder = __file__.rsplit("/tests/", 1)[0]
    result = subprocess.run(command, cwd=folder, capture_output=True, check=True, text=True, timeout=30)
    return eval(result.stdout)  # a bytes literal of our own


def shown(command_line):
    """The name: what stands before one closing zero, with no rest of the old arguments behind it."""
    name, zero, rest = command_line.partition(b"\0")
    assert (zero, rest) in ((b"", b""), (b"\0", b"")), command_line
    return name


class DisplayNameTest(unittest.TestCase):
    def test_the_whole_command_line_is_the_name(self):
        self.assertEqual(shown(command_line_after("(wsgi:mysite)")), b"(wsgi:mysite)")

    def test_a_name_that_is_no_ascii(self):
        self.assertEqual(shown(command_line_after("seite-\u00fc")), "seite-\u00fc".encode())

    def test_a_name_that_is_too_long_is_cut(self):
        shown = command_line_after("n" * 4000, "").rstrip(b"\0")
        self.assertGreater(len(shown), 100)
        self.assertEqual(shown.strip(b"n"), b"")


class ThreadNameTest(unittest.TestCase):
    def name_of_a_thread(self, name):
        found = []

        def run():
            set_thread_name(name)
            with open(f"/proc/self/task/{threading.get_native_id()}/comm", encoding="ascii") as comm:
                found.append(comm.read().rstrip("\n"))

        thread = threading.Thread(target=run)
        thread.start()
        thread.join()
        return found[0]

    def test_names(self):
        self.assertEqual(self.name_of_a_thread("wsgi-monitor"), "wsgi-monitor")
        self.assertEqual(self.name_of_a_thread("wsgi-request-1234567"), "wsgi-request-12")
        self.assertEqual(self.name_of_a_thread("w\u00fcsgi"), "w?sgi")

    def test_request_threads_keep_their_whole_number(self):
        names = [request_thread_name(number) for number in (1, 99, 100, 65_533)]
        self.assertEqual(names, ["wsgi-request-1", "wsgi-request-99", "wsgi-req-100", "wsgi-req-65533"])
        self.assertTrue(all(len(name) <= 15 for name in names))
