"""Shows where a request is answered: process group, application group, process, thread, and the whole environ.

/          a page with all of it
/probe     one line for each fact, mod_wsgi.process_group first
/environ   the environ, one key a line
"""

import html
import os
import platform
import threading

TEXT = "text/plain; charset=utf-8"
HTML = "text/html; charset=utf-8"


def facts(environ):
    """Name and value of everything that tells where we are. '' as process group means embedded mode, and as
    application group the main interpreter."""
    return [
        ("mod_wsgi.process_group", environ.get("mod_wsgi.process_group")),
        ("mod_wsgi.application_group", environ.get("mod_wsgi.application_group")),
        ("mod_wsgi.version", environ.get("mod_wsgi.version")),
        ("wsgi.multithread", environ["wsgi.multithread"]),
        ("wsgi.multiprocess", environ["wsgi.multiprocess"]),
        ("pid", os.getpid()),
        ("thread", threading.current_thread().name),
        ("native thread id", threading.get_native_id()),
        ("uid", os.getuid()),
        ("python", platform.python_version()),
        ("server", environ.get("SERVER_SOFTWARE")),
    ]


def lines(pairs):
    return "".join(f"{name} = {value!r}\n" for name, value in pairs)


def table(pairs):
    rows = (f"<tr><th>{html.escape(name)}</th><td>{html.escape(repr(value))}</td></tr>" for name, value in pairs)
    return f"<table>{''.join(rows)}</table>"


def page(environ):
    return (
        '<!doctype html><html lang="en"><head><title>Probe</title>'
        "<style>body{font:1rem/1.4 sans-serif;margin:2rem}th{text-align:left;padding-right:2rem}</style></head>"
        f"<body><h1>Probe</h1>{table(facts(environ))}<h2>Environ</h2>{table(sorted(environ.items()))}</body></html>"
    )


def application(environ, start_response):
    path = environ.get("PATH_INFO", "")
    status, content_type = "200 OK", TEXT
    if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
        status, text = "405 Method Not Allowed", "only GET and HEAD\n"
    elif path in ("", "/"):
        content_type, text = HTML, page(environ)
    elif path == "/probe":
        text = lines(facts(environ))
    elif path == "/environ":
        text = lines(sorted(environ.items()))
    else:
        status, text = "404 Not Found", "try / or /probe or /environ\n"
    # repr() above may show a lone surrogate as it stands; it must not end the answer.
    body = text.encode("utf-8", "backslashreplace")
    headers = [("Content-Type", content_type), ("Content-Length", str(len(body)))]
    if status.startswith("405"):
        headers.append(("Allow", "GET, HEAD"))
    start_response(status, headers)
    return [b""] if environ["REQUEST_METHOD"] == "HEAD" else [body]
