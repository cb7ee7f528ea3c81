"""Sleeps for ?seconds and names its process: `pid bytes`, bytes being the length of the body it read before.

With NOTES_FOLDER in the environ it appends the query string to the file `starts` there before it sleeps.
"""

import os
import time
from urllib.parse import parse_qs


def application(environ, start_response):
    note(environ)
    length = sum(len(block) for block in iter(lambda: environ["wsgi.input"].read(65536), b""))
    query = parse_qs(environ["QUERY_STRING"])
    time.sleep(float(query.get("seconds", ["0"])[0]))
    body = f"{os.getpid()} {length}\n".encode()
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))])
    return [body]


def note(environ):
    folder = environ.get("NOTES_FOLDER")
    if folder is None:
        return
    # One write in append mode: lines of several processes don't mix.
    descriptor = os.open(os.path.join(folder, "starts"), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    try:
        os.write(descriptor, f"{environ['QUERY_STRING']}\n".encode())
    finally:
        os.close(descriptor)
