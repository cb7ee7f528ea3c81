"""Ends its process without a word, after a block when asked with ?after=block; answers otherwise with ?no."""

import os


def application(environ, start_response):
    if environ["QUERY_STRING"] == "no":
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [str(os.getpid()).encode()]
    if environ["QUERY_STRING"] == "after=block":
        return one_block(start_response)
    os._exit(3)


def one_block(start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    yield b"one block\n"
    os._exit(3)
