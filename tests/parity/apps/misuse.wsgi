"""What applications do wrong, one mistake for each path."""

import sys

PLAIN = ("Content-Type", "text/plain")


def raises(environ, start_response):
    raise ValueError("the application failed")


def raises_after_start(environ, start_response):
    start_response("200 OK", [PLAIN])
    raise ValueError("the application failed")


def raises_in_generator(environ, start_response):
    start_response("200 OK", [PLAIN])
    raise ValueError("the generator failed")
    yield b""


def exits(environ, start_response):
    sys.exit("out of here")


def interrupted(environ, start_response):
    raise KeyboardInterrupt()


def never_starts(environ, start_response):
    return [b"no start_response"]


def never_starts_and_empty(environ, start_response):
    return []


def returns_none(environ, start_response):
    start_response("200 OK", [PLAIN])


def returns_str(environ, start_response):
    start_response("200 OK", [PLAIN])
    return ["text"]


def returns_bare_bytes(environ, start_response):
    start_response("200 OK", [PLAIN])
    return b"bytes"


def returns_bytearray(environ, start_response):
    start_response("200 OK", [PLAIN])
    return [bytearray(b"bytes")]


def status_is_bytes(environ, start_response):
    start_response(b"200 OK", [PLAIN])
    return [b""]


def status_is_number(environ, start_response):
    start_response(200, [PLAIN])
    return [b""]


def status_of_words(environ, start_response):
    start_response("OK", [PLAIN])
    return [b""]


def status_of_two_digits(environ, start_response):
    start_response("20 OK", [PLAIN])
    return [b""]


def status_without_space(environ, start_response):
    start_response("200OK", [PLAIN])
    return [b""]


def status_with_newline(environ, start_response):
    start_response("200 OK\nX-Injected: 1", [PLAIN])
    return [b""]


def headers_are_tuple(environ, start_response):
    start_response("200 OK", (PLAIN,))
    return [b""]


def headers_are_dict(environ, start_response):
    start_response("200 OK", {"Content-Type": "text/plain"})
    return [b""]


def header_is_list(environ, start_response):
    start_response("200 OK", [["Content-Type", "text/plain"]])
    return [b""]


def header_of_three(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain", "more")])
    return [b""]


def header_name_is_bytes(environ, start_response):
    start_response("200 OK", [(b"Content-Type", "text/plain")])
    return [b""]


def header_value_is_number(environ, start_response):
    start_response("200 OK", [PLAIN, ("Content-Length", 0)])
    return [b""]


def header_value_with_newline(environ, start_response):
    start_response("200 OK", [PLAIN, ("X-Value", "one\r\nX-Injected: 1")])
    return [b""]


def header_name_with_space(environ, start_response):
    start_response("200 OK", [PLAIN, ("X Name", "value")])
    return [b""]


def header_name_with_colon(environ, start_response):
    start_response("200 OK", [PLAIN, ("X:Name", "value")])
    return [b"colon"]


def header_name_empty(environ, start_response):
    start_response("200 OK", [PLAIN, ("", "value")])
    return [b""]


def header_beyond_latin(environ, start_response):
    start_response("200 OK", [PLAIN, ("X-Value", "\u20ac")])
    return [b""]


def length_of_words(environ, start_response):
    start_response("200 OK", [PLAIN, ("Content-Length", "many")])
    return [b"text"]


def length_negative(environ, start_response):
    start_response("200 OK", [PLAIN, ("Content-Length", "-1")])
    return [b"text"]


def exc_info_is_no_tuple(environ, start_response):
    start_response("200 OK", [PLAIN], ValueError("no tuple"))
    return [b""]


def writes_str(environ, start_response):
    start_response("200 OK", [PLAIN])("text")
    return [b""]


def starts_after_output(environ, start_response):
    start_response("200 OK", [PLAIN])
    yield b"output"
    start_response("500 Late", [PLAIN])
    yield b"more"


def close_raises(environ, start_response):
    start_response("200 OK", [PLAIN])
    return Closing()


class Closing:
    def __iter__(self):
        return iter([b"complete"])

    def close(self):
        raise ValueError("close failed")


def application(environ, start_response):
    run = globals()[environ["PATH_INFO"].strip("/").replace("-", "_")]
    return run(environ, start_response)
