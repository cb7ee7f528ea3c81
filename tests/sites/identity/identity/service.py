"""A small identity service: versions, tokens, users. Tokens are signatures, so that every process knows all of them."""

import base64
import hashlib
import hmac
import json
from urllib.parse import quote, unquote

KEY = b"of this test alone"
PASSWORDS = {"demo": "opensesame", "admin": "t\xfcr"}
REASONS = {200: "OK", 201: "Created", 204: "No Content", 300: "Multiple Choices", 400: "Bad Request"}
REASONS.update({401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed"})


class Fault(Exception):
    """An answer that is no success."""

    def __init__(self, status, message, headers=()):
        super().__init__(message)
        self.status = status
        self.headers = list(headers)


def token_of(user):
    signature = hmac.new(KEY, user.encode(), hashlib.sha256).hexdigest()
    return "%s.%s" % (user, signature[:32])


def user_of(token):
    user = (token or "").partition(".")[0]
    if token and user in PASSWORDS and hmac.compare_digest(token, token_of(user)):
        return user
    return None


def basic_user(environ):
    scheme, _, value = environ.get("HTTP_AUTHORIZATION", "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        user, _, password = base64.b64decode(value).decode("utf-8").partition(":")
    except ValueError:
        raise Fault(400, "Authorization can't be read") from None
    return user if PASSWORDS.get(user) == password else None


class Service:
    def __init__(self, face):
        self.face = face

    def __call__(self, environ, start_response):
        try:
            status, headers, value = self.dispatch(environ)
        except Fault as fault:
            status, headers = fault.status, fault.headers
            value = {"error": {"code": status, "title": REASONS[status], "message": str(fault)}}
        body = b"" if value is None else json.dumps(value, sort_keys=True).encode("ascii")
        headers = [*headers, ("Vary", "X-Auth-Token")]
        if value is not None:
            headers += [("Content-Type", "application/json"), ("Content-Length", str(len(body)))]
        start_response("%d %s" % (status, REASONS[status]), headers)
        return [body]

    def dispatch(self, environ):
        path, method = environ["PATH_INFO"], environ["REQUEST_METHOD"]
        if path in ("", "/"):
            return 300, [], {"versions": [self.version(environ)]}
        if path.rstrip("/") == "/v3":
            return 200, [], {"version": self.version(environ)}
        if path == "/v3/auth/tokens":
            return self.tokens(environ, method)
        if path == "/v3/whoami":
            user = basic_user(environ)
            if user is None:
                raise Fault(401, "who are you?", [("WWW-Authenticate", 'Identity uri="/v3"')])
            return 200, [], {"user": user, "face": self.face}
        if path.startswith("/v3/users/"):
            return self.user(environ, method, path[len("/v3/users/") :])
        if path == "/group":
            return 200, [], {
                "process_group": environ["mod_wsgi.process_group"],
                "application_group": environ["mod_wsgi.application_group"],
                "script_name": environ["SCRIPT_NAME"],
                "multithread": environ["wsgi.multithread"],
                "multiprocess": environ["wsgi.multiprocess"],
                "authorization": environ.get("HTTP_AUTHORIZATION"),
            }
        raise Fault(404, "nothing at %s" % path)

    def version(self, environ):
        href = "%s://%s%s/v3/" % (environ["wsgi.url_scheme"], environ["HTTP_HOST"].split(":")[0], environ["SCRIPT_NAME"])
        return {"id": "v3.14", "face": self.face, "links": [{"rel": "self", "href": href}]}

    def tokens(self, environ, method):
        if method == "POST":
            length = int(environ.get("CONTENT_LENGTH") or 0)
            try:
                wanted = json.loads(environ["wsgi.input"].read(length).decode("utf-8"))["auth"]
                user, password = wanted["user"], wanted["password"]
            except (ValueError, KeyError, TypeError):
                raise Fault(400, "Expecting to find auth in request body") from None
            if PASSWORDS.get(user) != password:
                raise Fault(401, "The request you have made requires authentication.")
            return 201, [("X-Subject-Token", token_of(user))], {"token": {"user": user, "methods": ["password"]}}
        if user_of(environ.get("HTTP_X_AUTH_TOKEN")) is None:
            raise Fault(401, "no valid X-Auth-Token")
        user = user_of(environ.get("HTTP_X_SUBJECT_TOKEN"))
        if user is None:
            raise Fault(404, "no such token")
        if method in ("GET", "HEAD"):
            return 200, [("X-Subject-Token", token_of(user))], {"token": {"user": user}}
        if method == "DELETE":
            return 204, [], None
        raise Fault(405, "%s is not for tokens" % method, [("Allow", "GET, HEAD, POST, DELETE")])

    def user(self, environ, method, name):
        if self.face != "admin":
            raise Fault(403, "users are for the admin port")
        if user_of(environ.get("HTTP_X_AUTH_TOKEN")) != "admin":
            raise Fault(401, "no valid X-Auth-Token")
        name = name.encode("latin-1").decode("utf-8", "replace")
        if method == "PATCH":
            length = int(environ.get("CONTENT_LENGTH") or 0)
            return 200, [], {"user": name, "changed": json.loads(environ["wsgi.input"].read(length))}
        return 200, [], {"user": name, "link": quote("/v3/users/" + unquote(name))}


def make_application(face):
    return Service(face)
