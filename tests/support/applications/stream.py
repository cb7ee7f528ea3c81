"""Yields blocks: ?blocks=N&bytes=B&seconds=S (pause before each block but the first)."""

import time
from urllib.parse import parse_qs


def application(environ, start_response):
    query = parse_qs(environ["QUERY_STRING"])

    def number(name, default):
        return float(query.get(name, [default])[0])

    def blocks():
        block = b"x" * int(number("bytes", 1024))
        for index in range(int(number("blocks", 3))):
            if index:
                time.sleep(number("seconds", 0))
            yield block

    start_response("200 OK", [("Content-Type", "application/octet-stream")])
    return blocks()
