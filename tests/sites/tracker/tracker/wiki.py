"""A wiki page for every path."""

from html import escape


def make_wiki(name):
    def application(environ, start_response):
        path = environ["PATH_INFO"].encode("latin-1").decode("utf-8", "replace")
        user = environ.get("REMOTE_USER", "nobody")
        text = "%s %s|%s for %s in %s\n" % (
            name,
            environ["SCRIPT_NAME"],
            escape(path),
            user,
            environ["mod_wsgi.process_group"],
        )
        body = text.encode("utf-8")
        start_response("200 OK", [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(body)))])
        return [body]

    return application
