"""Limits that the kernel enforces, in processes of their own."""

import os
import subprocess
import sys
import unittest

FOLDER = __file__.rsplit("/tests/", 1)[0]
PROGRAM = """
import json
import os
import resource
import sys
from stillhouse.resource_limits import apply_limits
from stillhouse.settings import Settings

before, values = eval(sys.argv[1])
for name, limit in before.items():
    resource.setrlimit(getattr(resource, name), (limit, limit))
if os.getuid() == 0:
    # Root may raise what others may not.
    os.setresuid(65534, 65534, 65534)
settings = Settings(
    group="g", threads=values.pop("threads", 1), processes=1, multiprocess=False, socket="", scoreboard="", http_uid=0,
    **{"stack_size": 65536, **values},
)
messages = []
apply_limits(settings, lambda level, message: messages.append((level, message)))
names = ("RLIMIT_CPU", "RLIMIT_DATA", "RLIMIT_AS")
print(repr((messages, [resource.getrlimit(getattr(resource, name)) for name in names])))
"""
FREE = (-1, -1)


def apply(before, **values):
    environment = {**os.environ, "PYTHONPATH": FOLDER, "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-c", PROGRAM, repr((before, values))]
    result = subprocess.run(command, capture_output=True, text=True, timeout=30, env=environment)
    if result.returncode != 0:
        raise AssertionError(result.stderr)
    return eval(result.stdout)


class LimitsTest(unittest.TestCase):
    def test_nothing_asked_for(self):
        self.assertEqual(apply({}), ([], [FREE, FREE, FREE]))

    def test_all(self):
        messages, limits = apply(
            {}, cpu_time_limit=10, shutdown_timeout=5, memory_limit=1 << 30, virtual_memory_limit=1 << 33
        )
        self.assertEqual((messages, limits), ([], [(10, 16), (1 << 30, 1 << 30), (1 << 33, 1 << 33)]))

    def test_a_limit_that_can_not_be_set_is_a_warning_and_the_others_hold(self):
        messages, limits = apply({"RLIMIT_DATA": 1 << 30}, memory_limit=1 << 31, virtual_memory_limit=1 << 33)
        self.assertEqual(limits, [FREE, (1 << 30, 1 << 30), (1 << 33, 1 << 33)])
        ((level, message),) = messages
        self.assertEqual(level, "warn")
        self.assertRegex(message, "^Unable to set memory limit of 2147483648 bytes for daemon process 'g': ")

    def test_stacks_that_leave_no_room(self):
        messages, _ = apply({}, memory_limit=1 << 30, threads=1024, stack_size=1 << 20)
        ((level, message),) = messages
        self.assertEqual(level, "warn")
        self.assertRegex(message, "^the stacks of 1024 threads in daemon process 'g' take 1073741824 bytes ")
        self.assertEqual(apply({}, memory_limit=1 << 30, threads=1023, stack_size=1 << 20)[0], [])
