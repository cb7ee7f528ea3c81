"""Answers with the request's body, block by block."""


def application(environ, start_response):
    start_response(
        "200 OK",
        [
            ("Content-Type", environ.get("CONTENT_TYPE") or "application/octet-stream"),
            ("X-Request-Length", environ.get("CONTENT_LENGTH", "none")),
        ],
    )
    return iter(lambda: environ["wsgi.input"].read(65536), b"")
