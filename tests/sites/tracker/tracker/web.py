"""A tracker as small as can be: wiki pages, tickets, attachments, users that the server has let in."""

import os
from html import escape
from urllib.parse import parse_qs

PARENT = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "projects")


def page(title, text):
    return ("<html><head><title>%s</title></head><body><h1>%s</h1>%s</body></html>\n" % (title, title, text)).encode()


def dispatch_request(environ, start_response):
    def answer(status, body, *headers):
        start_response(status, [("Content-Type", "text/html;charset=utf-8"), *headers])
        return [body]

    def redirect(path, *headers):
        return answer("302 Found", b"", ("Location", environ["SCRIPT_NAME"] + path), *headers)

    name = environ["SCRIPT_NAME"].rpartition("/")[2]
    folder = environ.get("TRAC_ENV") or os.path.join(PARENT, name)
    if not os.path.isdir(folder):
        return answer("404 Not Found", page("No project", escape(name)))
    project = os.path.basename(folder)
    path, user = environ["PATH_INFO"], environ.get("REMOTE_USER", "anonymous")
    if path in ("", "/"):
        return redirect("/wiki")
    if path == "/login":
        # The server has asked for the password already.
        cookie = ("Set-Cookie", "trac_auth=%s; Path=%s; HttpOnly" % (user, environ["SCRIPT_NAME"]))
        return redirect("/wiki", cookie, ("Set-Cookie", "trac_form=1"))
    if path.startswith("/wiki"):
        wanted = path[len("/wiki") :].lstrip("/").encode("latin-1").decode("utf-8", "replace") or "WikiStart"
        query = parse_qs(environ["QUERY_STRING"])
        if query.get("format") == ["txt"]:
            start_response("200 OK", [("Content-Type", "text/plain"), ("ETag", '"%s-1"' % project)])
            return [b"= ", wanted.encode(), b" =\n", b"of %s\n" % project.encode()]
        return answer("200 OK", page(escape(wanted), "%s: seen by %s" % (project, escape(user))))
    if path.startswith("/ticket/"):
        number = path[len("/ticket/") :]
        if not number.isdigit():
            return answer("404 Not Found", page("No ticket", escape(number)))
        return answer("200 OK", page("#" + number, "%s, by %s" % (project, user)), ("Cache-Control", "must-revalidate"))
    if path == "/newticket":
        if environ["REQUEST_METHOD"] != "POST":
            return answer("200 OK", page("New ticket", "<form method=post></form>"))
        length = int(environ.get("CONTENT_LENGTH") or 0)
        fields = parse_qs(environ["wsgi.input"].read(length).decode("utf-8"))
        return redirect("/ticket/%d" % (40 + len(fields.get("summary", [""])[0])), ("X-Fields", " ".join(sorted(fields))))
    if path.startswith("/raw-attachment/"):
        file = os.path.join(folder, "attachments", os.path.basename(path))
        if not os.path.isfile(file):
            return answer("404 Not Found", page("No attachment", ""))
        size = os.path.getsize(file)
        start_response("200 OK", [("Content-Type", "application/octet-stream"), ("Content-Length", str(size))])
        return environ["wsgi.file_wrapper"](open(file, "rb"))
    if path == "/rpc":
        token = environ.get("HTTP_AUTHORIZATION", "none")
        return answer("200 OK" if token == "Bearer t0ken" else "403 Forbidden", token.encode("latin-1"))
    if path == "/env":
        keys = ("SCRIPT_NAME", "REQUEST_URI", "REMOTE_USER", "AUTH_TYPE", "HTTP_AUTHORIZATION", "mod_wsgi.process_group")
        lines = ["%s=%s\n" % (key, environ.get(key, "-")) for key in keys]
        start_response("200 OK", [("Content-Type", "text/plain")])
        return ["".join(lines).encode("latin-1")]
    return answer("404 Not Found", page("Error: Not Found", "No handler matched request to %s" % escape(path)))
