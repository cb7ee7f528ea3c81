"""Responses that are right, one for each path."""

import io
import os
import time

PLAIN = ("Content-Type", "text/plain")


def hello(environ, start_response):
    start_response("200 OK", [PLAIN, ("Content-Length", "12")])
    return [b"Hello World!"]


def unmeasured(environ, start_response):
    start_response("200 OK", [PLAIN])
    return [b"Hello ", b"World!"]


def no_content(environ, start_response):
    start_response("204 No Content", [("X-Kept", "yes")])
    return []


def no_content_with_body(environ, start_response):
    start_response("204 No Content", [PLAIN])
    return [b"dropped"]


def not_modified(environ, start_response):
    start_response("304 Not Modified", [("ETag", '"v1"'), ("X-Kept", "yes")])
    return []


def not_modified_with_type(environ, start_response):
    start_response("304 Not Modified", [PLAIN, ("ETag", '"v1"'), ("Cache-Control", "max-age=60")])
    return [b"dropped"]


def cookies(environ, start_response):
    start_response("200 OK", [PLAIN, ("Set-Cookie", "a=1; Path=/"), ("Set-Cookie", "b=2"), ("Set-Cookie", "a=1")])
    return [b"two of them"]


def repeated(environ, start_response):
    start_response(
        "200 OK", [PLAIN, ("X-Repeated", "one"), ("x-repeated", "two"), ("Vary", "Cookie"), ("Vary", "Accept")]
    )
    return [b"joined"]


def repeated_singles(environ, start_response):
    start_response(
        "201 Created",
        [
            ("Content-Type", "text/html"),
            ("Location", "/first"),
            ("Last-Modified", "Fri, 01 Mar 2024 12:00:00 GMT"),
            ("Content-Length", "1"),
            PLAIN,
            ("location", "/second"),
            ("Last-Modified", "Sat, 02 Mar 2024 12:00:00 GMT"),
            ("content-length", "4"),
            ("ETag", '"one"'),
            ("ETag", '"two"'),
        ],
    )
    return [b"last"]


def challenges(environ, start_response):
    start_response(
        "401 Unauthorized",
        [PLAIN, ("WWW-Authenticate", 'Basic realm="one"'), ("WWW-Authenticate", 'Digest realm="two"')],
    )
    return [b"who are you?"]


def created(environ, start_response):
    start_response("201 Was Made", [PLAIN, ("Location", "http://elsewhere.example/made")])
    return [b"made"]


def moved(environ, start_response):
    start_response("302 Found", [("Location", "/local/path"), PLAIN])
    return [b"over there"]


def teapot(environ, start_response):
    start_response("418 I'm a teapot", [PLAIN])
    return [b"short and stout"]


def unknown_status(environ, start_response):
    start_response("799 Never heard of it", [PLAIN])
    return [b"?"]


def missing(environ, start_response):
    start_response("404 Not Found", [PLAIN])
    return [b"the application's own page"]


def failing(environ, start_response):
    start_response("500 Internal Server Error", [PLAIN])
    return [b"the application's own failure"]


def empty(environ, start_response):
    start_response("200 OK", [PLAIN])
    return []


def without_type(environ, start_response):
    start_response("200 OK", [])
    return [b"no type"]


def sends_elsewhere(environ, start_response):
    start_response("200 OK", [PLAIN, ("Location", "/there.txt?x=1")])
    return [b"not seen"]


def type_with_case(environ, start_response):
    start_response("200 OK", [("Content-Type", "Text/HTML; Charset=UTF-8")])
    return [b"typed"]


def latin(environ, start_response):
    start_response("200 OK", [PLAIN, ("X-Latin", "caf\u00e9")])
    return [b"caf\xe9"]


def dated(environ, start_response):
    start_response(
        "200 OK",
        [PLAIN, ("Last-Modified", "Fri, 01 Mar 2024 12:00:00 GMT"), ("ETag", '"app-1"'), ("Content-Length", "5")],
    )
    return [b"dated"]


def empty_header(environ, start_response):
    start_response("200 OK", [PLAIN, ("X-Empty", "")])
    return [b"empty"]


def writes(environ, start_response):
    write = start_response("200 OK", [PLAIN])
    write(b"written ")
    write(b"and ")
    return [b"returned"]


def replaced(environ, start_response):
    start_response("200 OK", [PLAIN, ("X-First", "1")])
    start_response("202 Accepted", [PLAIN, ("X-Second", "2")])
    return [b"second"]


def replaced_with_error(environ, start_response):
    import sys

    start_response("200 OK", [PLAIN, ("X-First", "1")])
    try:
        raise ValueError("caught")
    except ValueError:
        start_response("503 Service Unavailable", [PLAIN, ("Retry-After", "5")], sys.exc_info())
    return [b"replaced"]


def too_long(environ, start_response):
    start_response("200 OK", [PLAIN, ("Content-Length", "5")])
    return [b"Hello ", b"World!"]


def file_wrapped(environ, start_response):
    start_response("200 OK", [PLAIN])
    return environ["wsgi.file_wrapper"](open(os.path.join(os.path.dirname(__file__), "wrapped.txt"), "rb"))


def file_wrapped_from_middle(environ, start_response):
    wrapped = open(os.path.join(os.path.dirname(__file__), "wrapped.txt"), "rb")
    wrapped.seek(4)
    start_response("200 OK", [PLAIN, ("Content-Length", "5")])
    return environ["wsgi.file_wrapper"](wrapped)


def memory_wrapped(environ, start_response):
    start_response("200 OK", [PLAIN])
    return environ["wsgi.file_wrapper"](io.BytesIO(b"from memory"), 4)


def generated(environ, start_response):
    start_response("200 OK", [PLAIN])
    for number in range(5):
        yield b"%d\n" % number


def status_without_reason(environ, start_response):
    start_response("200", [PLAIN])
    return [b"no reason"]


def logs(environ, start_response):
    environ["wsgi.errors"].write("a line for the error log\n")
    print("printed to stdout")
    start_response("200 OK", [PLAIN])
    return [b"logged"]


def hop_by_hop(environ, start_response):
    start_response("200 OK", [PLAIN, ("X-Other", "kept")])
    return [b"hop"]


def large(environ, start_response):
    start_response("200 OK", [PLAIN])
    return [b"x" * 100000, b"y" * 100000]


def sleeps(environ, start_response):
    start_response("200 OK", [PLAIN])
    yield b"before "
    time.sleep(0.2)
    yield b"after"


def application(environ, start_response):
    respond = globals()[environ["PATH_INFO"].strip("/").replace("-", "_")]
    return respond(environ, start_response)
