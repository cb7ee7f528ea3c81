"""Raises when one block is on its way."""


def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    yield b"one block\n"
    raise ValueError("one block was sent")
