"""Shows the environ as JSON, every value by its repr where it is no string."""

import json


def application(environ, start_response):
    shown = {key: value if isinstance(value, str) else repr(value) for key, value in environ.items()}
    # Objects are shown as what they are, not as where they are.
    for key in ("wsgi.input", "wsgi.errors", "wsgi.file_wrapper"):
        shown[key] = type(environ[key]).__name__
    environ["wsgi.input"].read()
    start_response("200 OK", [("Content-Type", "application/json")])
    return [json.dumps(shown, sort_keys=True).encode("ascii")]
