"""The applications without a framework, one path each: what a server itself costs."""

import time

HELLO = b"hello world\n"
MEGABYTE = b"x" * (1 << 20)
BLOCK = b"x" * (1 << 16)
BLOCKS = 16
OCTETS = "application/octet-stream"


def hello(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "12")])
    return [HELLO]


def echo(environ, start_response):
    body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
    start_response("200 OK", [("Content-Type", OCTETS), ("Content-Length", str(len(body)))])
    return [body]


def upload(environ, start_response):
    """Reads block by block, as a form parser does, and answers with the number of bytes."""
    source, left = environ["wsgi.input"], int(environ["CONTENT_LENGTH"])
    size = 0
    while left > 0:
        block = source.read(min(left, 16384))
        if not block:
            break
        size += len(block)
        left -= len(block)
    answer = b"%d bytes\n" % size
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(answer)))])
    return [answer]


def megabyte(environ, start_response):
    start_response("200 OK", [("Content-Type", OCTETS), ("Content-Length", str(len(MEGABYTE)))])
    return [MEGABYTE]


def stream(environ, start_response):
    """A generator without Content-Length: the server has to delimit the response."""
    start_response("200 OK", [("Content-Type", OCTETS)])
    for _ in range(BLOCKS):
        yield BLOCK


def sleep(seconds):
    def application(environ, start_response):
        time.sleep(seconds)
        return hello(environ, start_response)

    return application


ROUTES = {
    "/hello": hello,
    "/echo": echo,
    "/upload": upload,
    "/megabyte": megabyte,
    "/stream": stream,
    "/sleep-10ms": sleep(0.010),
    "/sleep-100ms": sleep(0.100),
}


def application(environ, start_response):
    return ROUTES[environ["PATH_INFO"]](environ, start_response)
