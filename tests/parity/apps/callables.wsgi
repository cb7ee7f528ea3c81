"""Several applications in one script."""


def _named(name):
    def run(environ, start_response):
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [name.encode(), b" ", environ["mod_wsgi.callable_object"].encode()]

    return run


application = _named("the usual one")
other = _named("the other one")
