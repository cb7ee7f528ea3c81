"""Gets stuck in the way that ?how names, names its process otherwise.

sleep, loop, pipe (os.read of a pipe that nobody writes to), swallow (goes on after RequestTimeout), body (a response that
does not end).
"""

import os
import time
from urllib.parse import parse_qs


def application(environ, start_response):
    how = parse_qs(environ["QUERY_STRING"]).get("how", [""])[0]
    if how == "sleep":
        sleep_long()
    elif how == "loop":
        loop_long()
    elif how == "pipe":
        read_pipe()
    elif how == "swallow":
        try:
            sleep_long()
        except BaseException:
            read_pipe()
    body = f"{os.getpid()}\n".encode()
    start_response("200 OK", [("Content-Type", "text/plain")])
    if how == "body":
        return begin_and_sleep(body)
    return [body]


def sleep_long():
    time.sleep(60)


def loop_long():
    until = time.monotonic() + 60
    while time.monotonic() < until:
        pass


def read_pipe():
    os.read(os.pipe()[0], 1)


def begin_and_sleep(body):
    yield body
    sleep_long()
    yield body
