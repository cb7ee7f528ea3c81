"""Answers with the request's method, what was said of its body, and the body."""


def application(environ, start_response):
    body = environ["wsgi.input"].read()
    start_response("200 OK", [("Content-Type", "application/octet-stream")])
    said = "%s %s %s " % (environ["REQUEST_METHOD"], environ.get("CONTENT_TYPE"), environ.get("CONTENT_LENGTH"))
    return [said.encode("latin-1"), body]
