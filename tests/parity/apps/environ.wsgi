"""Shows the environ as JSON, every value by its repr where it is no string."""

import json


def methods_of(thing, names):
    return " ".join(name for name in names if callable(getattr(thing, name, None)))


def application(environ, start_response):
    shown = {key: value if isinstance(value, str) else repr(value) for key, value in environ.items()}
    # Objects are shown by what they can do.
    shown["wsgi.input"] = methods_of(environ["wsgi.input"], ("read", "readline", "readlines", "__iter__"))
    shown["wsgi.errors"] = methods_of(environ["wsgi.errors"], ("write", "writelines", "flush"))
    shown["wsgi.file_wrapper"] = str(callable(environ["wsgi.file_wrapper"]))
    environ["wsgi.input"].read()
    start_response("200 OK", [("Content-Type", "application/json")])
    return [json.dumps(shown, sort_keys=True).encode("ascii")]
