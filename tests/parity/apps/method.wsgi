"""Tells the method in a header, so that HEAD can see it."""


def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain"), ("X-Method", environ["REQUEST_METHOD"])])
    return [b"method"]
