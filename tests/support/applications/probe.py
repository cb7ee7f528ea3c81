"""Prints the environ, one `key = repr(value)` line each, as the articles' probe does."""


def application(environ, start_response):
    lines = [f"{key} = {value!r}" for key, value in sorted(environ.items())]
    body = "\n".join(lines).encode("utf-8", "backslashreplace") + b"\n"
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))])
    return [body]
