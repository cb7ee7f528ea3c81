"""Takes ?seconds and reports pid and how many requests are inside the application: in this process now and at most.

The body is `pid now most`. With NOTES_FOLDER in the environ, `in PID` and `out PID` lines are appended to its file
`concurrency` at every entry and exit, so that a test can count over all processes.
"""

import os
import threading
import time
from urllib.parse import parse_qs

lock = threading.Lock()
now = 0
most = 0


def application(environ, start_response):
    global now, most
    query = parse_qs(environ["QUERY_STRING"])
    with lock:
        now += 1
        most = max(most, now)
        seen = (now, most)
    note(environ, "in")
    time.sleep(float(query.get("seconds", ["0.05"])[0]))
    note(environ, "out")
    with lock:
        now -= 1
    body = f"{os.getpid()} {seen[0]} {seen[1]}\n".encode()
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))])
    return [body]


def note(environ, what):
    folder = environ.get("NOTES_FOLDER")
    if folder is None:
        return
    # One write in append mode: lines of several processes don't mix.
    descriptor = os.open(os.path.join(folder, "concurrency"), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    try:
        os.write(descriptor, f"{what} {os.getpid()}\n".encode())
    finally:
        os.close(descriptor)
