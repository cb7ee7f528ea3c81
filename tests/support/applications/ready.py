"""Answers /health with the status in the file `health` (`STATUS`, or `STATUS TIMES`, then 200) of the folder `writable`.

Each answer to /health is noted in the file `attempts` there: pid, status, path, query and method.
"""

import os

FOLDER = os.path.join(os.path.dirname(__file__), "writable")
FAIL_FIRST = 0
asked = 0


def application(environ, start_response):
    global asked
    status = 200
    if environ["PATH_INFO"] == "/health":
        asked += 1
        status = health()
        note = f"{os.getpid()} {status} {environ['PATH_INFO']} {environ['QUERY_STRING']} {environ['REQUEST_METHOD']}\n"
        with open(os.path.join(FOLDER, "attempts"), "a") as file:
            file.write(note)
    body = b"ready\n"
    start_response(f"{status} Whatever", [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))])
    return [body]


def health():
    if asked <= FAIL_FIRST:
        return 503
    try:
        with open(os.path.join(FOLDER, "health")) as file:
            status, *times = file.read().split()
    except FileNotFoundError:
        return 200
    return int(status) if not times or asked <= int(times[0]) else 200
