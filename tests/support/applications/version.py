"""Answers `VERSION PID LENGTH` after ?seconds, LENGTH being that of the request's body. Takes LOAD_SECONDS to load."""

import os
import time
from urllib.parse import parse_qs

VERSION = "old"
LOAD_SECONDS = 0

time.sleep(LOAD_SECONDS)


def application(environ, start_response):
    length = sum(len(block) for block in iter(lambda: environ["wsgi.input"].read(65536), b""))
    query = parse_qs(environ["QUERY_STRING"])
    time.sleep(float(query.get("seconds", ["0"])[0]))
    body = f"{VERSION} {os.getpid()} {length}\n".encode()
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))])
    return [body]
