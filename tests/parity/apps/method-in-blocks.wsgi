"""Tells the method in a header, so that HEAD can see it; nobody knows how long the body is before it ends."""


def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain"), ("X-Method", environ["REQUEST_METHOD"])])
    yield b"met"
    yield b"hod"
