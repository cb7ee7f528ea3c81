"""Tells which thread runs it, and does what the query string says."""

import ctypes
import os
import threading
import time

FOLDER = os.path.join(os.path.dirname(__file__), "writable")


def note(text):
    with open(os.path.join(FOLDER, "notes"), "a") as file:
        file.write(text + "\n")


def wait_for(name):
    note("waits for " + name)
    while not os.path.exists(os.path.join(FOLDER, name)):
        time.sleep(0.01)


def application(environ, start_response):
    # Node.js's own thread has the process's id.
    thread = "main" if threading.get_native_id() == os.getpid() else "request"
    headers = [("Content-Type", "text/plain"), ("X-Thread", thread)]
    action, _, value = environ["QUERY_STRING"].partition("=")
    return ACTIONS[action](environ, start_response, headers, value)


def answer(environ, start_response, headers, value):
    start_response("200 OK", headers)
    return [b"answer"]


def lengthy(environ, start_response, headers, value):
    start_response("200 OK", headers + [("Content-Length", "6")])
    return [b"answer"]


def status(environ, start_response, headers, value):
    start_response(value + " Any", headers)
    return [b"answer"]


def echo(environ, start_response, headers, value):
    stream = environ["wsgi.input"]
    if value == "lines":
        body = b"|".join(stream)
    else:
        body = stream.read(2) + b"|" + stream.read()
    start_response("200 OK", headers)
    return [body]


def blocks(environ, start_response, headers, value):
    start_response("200 OK", headers)
    yield b"first"
    wait_for("go")
    yield b"second"


class Closing:
    def __init__(self, blocks, name):
        self._blocks = iter(blocks)
        self._name = name

    def __iter__(self):
        return self._blocks

    def close(self):
        note("closed " + self._name)


def closing(environ, start_response, headers, value):
    start_response("200 OK", headers)
    return Closing([b"one", b"", b"two"], value)


def write(environ, start_response, headers, value):
    put = start_response("200 OK", headers)
    put(b"written")
    wait_for("go")
    put(b" and ")
    return [b"returned"]


def wrapped(environ, start_response, headers, value):
    start_response("200 OK", headers)
    return environ["wsgi.file_wrapper"](open(os.path.join(os.path.dirname(__file__), value), "rb"))


def fail(environ, start_response, headers, value):
    if value == "before":
        raise ValueError("before start_response")
    start_response("200 OK", headers)
    if value == "after":
        raise ValueError("after start_response")
    return fail_late()


def fail_late():
    yield b"first"
    raise ValueError("after the first block")


def flood(environ, start_response, headers, value):
    start_response("200 OK", headers)
    return Closing(make_flood(), "flood")


def make_flood():
    while True:
        note("block")
        yield b"x" * 1_000_000


def sleep(environ, start_response, headers, value):
    note("sleeps " + value)
    time.sleep(float(value))
    return answer(environ, start_response, headers, value)


def keep_lock(environ, start_response, headers, value):
    note("keeps the lock " + value)
    ctypes.PyDLL(None).sleep(int(value))
    return answer(environ, start_response, headers, value)


def crash(environ, start_response, headers, value):
    ctypes.string_at(0)


def print_lines(environ, start_response, headers, value):
    print("printed")
    environ["wsgi.errors"].write("told\n")
    return answer(environ, start_response, headers, value)


ACTIONS = {
    "": answer,
    "lengthy": lengthy,
    "status": status,
    "echo": echo,
    "blocks": blocks,
    "closing": closing,
    "write": write,
    "wrapped": wrapped,
    "fail": fail,
    "flood": flood,
    "sleep": sleep,
    "keep-lock": keep_lock,
    "crash": crash,
    "print": print_lines,
}
