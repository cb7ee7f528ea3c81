"""The waits keep their promises in request threads and elsewhere, and end when an exception is injected.

They replace functions of the standard library, so all of it runs in a process of its own.
"""

import os
import subprocess
import sys
import unittest

SCRIPT = r'''
import ctypes, pickle, queue, selectors, socket, subprocess, sys, threading, time
from time import monotonic
original_sleep = time.sleep
from stillhouse import interruptible_waits as waits

waits._SLICE_SECONDS = 0.05
waits.install_interruptible_waits()
waits.install_interruptible_waits()

class Injected(BaseException):
    pass

def in_request_thread(action, inject_after=None):
    """(what came of it, seconds)"""
    outcome = []
    def run():
        waits.enroll()
        began = monotonic()
        try:
            result = action()
        except BaseException as problem:
            result = type(problem).__name__
        outcome.extend((result, monotonic() - began))
    thread = threading.Thread(target=run)
    thread.start()
    if inject_after is not None:
        original_sleep(inject_after)
        ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread.ident), ctypes.py_object(Injected))
    thread.join(20)
    assert not thread.is_alive(), "it waits on"
    return outcome

near, far = socket.socketpair()
reader = near.makefile("rb", buffering=0)
selector = selectors.DefaultSelector(); selector.register(near, selectors.EVENT_READ)
condition = threading.Condition()
def wait_for_condition():
    with condition:
        return condition.wait()
blocking = {
    "sleep": lambda: time.sleep(30),
    "event": lambda: threading.Event().wait(),
    "queue": lambda: queue.Queue().get(),
    "condition": wait_for_condition,
    "semaphore": lambda: threading.Semaphore(0).acquire(),
    "selector": lambda: selector.select(),
    "socket": lambda: reader.read(1),
    "output": lambda: subprocess.run(["sleep", "30"], capture_output=True),
    "process": lambda: subprocess.run(["sleep", "30"], timeout=60),
}
for name, action in blocking.items():
    result, seconds = in_request_thread(action, 0.1)
    assert result == "Injected", (name, result)
    assert seconds < 10, (name, seconds)
assert not condition._waiters and condition.acquire(False), "an interrupted waiter leaves nothing behind"
condition.release()

# With a timeout, over several slices.
for name, action, expected in (
    ("sleep", lambda: time.sleep(0.3), None),
    ("event", lambda: threading.Event().wait(0.3), False),
    ("queue", lambda: queue.Queue().get(timeout=0.3), "Empty"),
    ("selector", lambda: selector.select(0.3), []),
):
    result, seconds = in_request_thread(action)
    assert result == expected, (name, result)
    assert 0.29 < seconds < 10, (name, seconds)

# What is waited for comes.
def later(action):
    threading.Timer(0.2, action).start()
event = threading.Event(); later(event.set)
assert in_request_thread(lambda: event.wait())[0] is True
box = queue.Queue(); later(lambda: box.put("it"))
assert in_request_thread(lambda: box.get())[0] == "it"
later(lambda: far.send(b"y"))
assert in_request_thread(lambda: reader.read(1))[0] == b"y"
later(lambda: far.send(b"z"))
assert len(in_request_thread(lambda: selector.select())[0]) == 1
near.recv(1)

# No notification is lost between slices.
turns = 200
def ping_pong():
    table, done = threading.Condition(), []
    def other():
        waits.enroll()
        for turn in range(turns):
            with table:
                while len(done) != 2 * turn + 1:
                    table.wait()
                done.append(turn); table.notify()
    threading.Thread(target=other).start()
    for turn in range(turns):
        with table:
            done.append(turn); table.notify()
            while len(done) != 2 * turn + 2:
                table.wait()
    return len(done)
waits._SLICE_SECONDS = 0.00001
assert in_request_thread(ping_pong)[0] == 2 * turns
waits._SLICE_SECONDS = 0.05

# The same to whoever looks at them.
assert pickle.loads(pickle.dumps(time.sleep)) is time.sleep
class Holder:
    sleep = time.sleep
Holder().sleep(0)
for wrong in (lambda: time.sleep(-1), lambda: time.sleep("x"), lambda: time.sleep()):
    kind = in_request_thread(wrong)[0]
    assert kind in ("ValueError", "TypeError"), kind
assert in_request_thread(lambda: threading.Condition().wait())[0] == "RuntimeError"
reader.close()
assert in_request_thread(lambda: reader.read(1))[0] == "ValueError"
print("fine")
'''


class InterruptibleWaitsTest(unittest.TestCase):
    def test_all_of_it(self):
        folder = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
        done = subprocess.run(
            [sys.executable, "-B", "-c", SCRIPT],
            env={**os.environ, "PYTHONPATH": folder},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=120,
        )
        self.assertEqual(done.stdout.decode().strip(), "fine")
