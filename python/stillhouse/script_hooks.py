"""Scripts that the server itself asks about a request: dispatch scripts, and those of access and authentication.

They run in a process group of their own (src/wsgi/group-catalog.ts, scriptsGroup); mod_wsgi runs them in Apache's
children. A question comes as a request whose fact `dispatch`, `allow_access`, `check_password` or `groups_for_user`
names the script, and is answered by an empty response with what the script's functions have returned as headers;
src/server/script-question.ts reads it. What the three of access and authentication mean is in auth_hooks.py.
"""

from functools import partial
from threading import get_ident
from types import ModuleType
from typing import Any, Callable, Dict, List, Mapping, Optional, Tuple

from .adapter import decode_path
from .auth_hooks import AUTH_HOOKS, AuthHook
from .error_log import format_exception
from .error_streams import LogStream, OutputSink, RequestLog, request_logs
from .exchange import ClientGone, Exchange, HeaderList
from .mod_wsgi_module import APACHE_VERSION, MOD_WSGI_VERSION
from .script_loader import ScriptFailed, ScriptLoader

# In the order in which they are called: name of the function, name of the answer's header.
_DISPATCH_FUNCTIONS: Tuple[Tuple[str, str], ...] = (
    ("process_group", "process-group"),
    ("application_group", "application-group"),
    ("callable_object", "callable-object"),
)
_PATHS = ("DOCUMENT_ROOT", "SCRIPT_FILENAME")


class ScriptHooks:
    """Runs the server's scripts in one application group of this process. Called by the request threads."""

    __slots__ = ("_loader", "_sink", "_application_group")

    def __init__(self, *, loader: ScriptLoader, sink: OutputSink, application_group: str = "") -> None:
        self._loader = loader
        self._sink = sink
        self._application_group = application_group

    def serve(self, exchange: Exchange, thread_id: int) -> None:
        """Answers the question whatever the script does. Never raises. `thread_id` is as Adapter.serve has it."""
        facts = exchange.facts
        try:
            hook = next((one for one in AUTH_HOOKS if one.function in facts), None)
            script = facts["dispatch" if hook is None else hook.function]
            assert isinstance(script, str)
            environ: Dict[str, Any] = exchange.environ
            address, port = environ.get("REMOTE_ADDR"), environ.get("REMOTE_PORT")
            log = RequestLog(self._sink, script, address, port, environ)
        except BaseException as problem:
            # The parent and this runtime do not fit together.
            stack = format_exception(problem, whole=True)
            self._sink.log("error", f"question of the server could not be read\n{stack}")
            exchange.refuse(500, "the question could not be read")
            return
        errors = LogStream(log, "<wsgi.errors>")
        request_logs[get_ident()] = log
        try:
            if hook is None:
                answer = self._dispatch(script, environ, facts, errors, log)
            else:
                answer = self._authorise(hook, script, environ, facts, errors, log)
            exchange.respond("200 OK", answer, b"", True)
        except ClientGone:
            exchange.refuse(500, "the client left")
        except BaseException as problem:
            # An exception of the script, or a value that is no name: said already, the server shows its page.
            log.record_exception(
                f"{type(problem).__name__} exception raised processing WSGI dispatch script '{script}' "
                f"for {self._loader.interpreter}.",
                problem,
            )
            exchange.refuse(500, "the dispatch script failed")
        finally:
            request_logs.pop(get_ident(), None)
            errors.close()
            log.finish()

    def _dispatch(
        self, script: str, environ: Dict[str, Any], facts: Mapping[str, object], errors: LogStream, log: RequestLog
    ) -> HeaderList:
        module = self._load(script, facts, log)
        if module is None:
            return []  # the request goes where the configuration sends it
        self._complete(environ, errors)
        headers: List[Tuple[str, str]] = []
        for function, header in _DISPATCH_FUNCTIONS:
            choose = module.__dict__.get(function)
            if choose is not None:
                value = _choice(choose, environ, function)
                if value is not None:
                    headers.append((header, value))
        return headers

    def _authorise(
        self,
        hook: AuthHook,
        script: str,
        environ: Dict[str, Any],
        facts: Mapping[str, object],
        errors: LogStream,
        log: RequestLog,
    ) -> HeaderList:
        """Asks the one function of a script of access or authentication. A script that fails opens no door."""
        module = self._load(script, facts, log)
        if module is None:
            return hook.failure
        function = module.__dict__.get(hook.function)
        if function is None:
            log.record("error", f"Target WSGI {hook.kind} script '{script}' does not provide {hook.provides}.")
            return hook.failure
        self._complete(environ, errors)
        environ["apache.version"] = APACHE_VERSION
        environ["mod_wsgi.version"] = MOD_WSGI_VERSION
        is_https = facts.get("https") is True
        environ["mod_ssl.is_https"] = lambda: int(is_https)
        environ["mod_ssl.var_lookup"] = partial(_tls_variable, facts)
        try:
            return hook.ask(function, environ, facts)
        except BaseException as problem:
            log.record_exception(
                f"{type(problem).__name__} exception raised processing WSGI {hook.kind} script '{script}' "
                f"for {self._loader.interpreter}.",
                problem,
            )
            return hook.failure

    def _load(self, script: str, facts: Mapping[str, object], log: RequestLog) -> Optional[ModuleType]:
        """None where it can't be loaded, which is logged with its traceback."""
        loader = self._loader
        try:
            # Without WSGIScriptReloading a script that was loaded once stays.
            load = loader.load_current if facts.get("reloads") else loader.load
            return load(script, log.record)
        except ScriptFailed:
            return None

    def _complete(self, environ: Dict[str, Any], errors: LogStream) -> None:
        for name in _PATHS:
            path = environ.get(name)
            if path is not None and not path.isascii():
                environ[name] = decode_path(path)
        environ["mod_wsgi.process_group"] = ""
        environ["mod_wsgi.application_group"] = self._application_group
        environ["wsgi.errors"] = errors


def _tls_variable(facts: Mapping[str, object], name: object) -> object:
    """What mod_ssl.var_lookup gives: the value of SSL_PROTOCOL and its kin; None where there is none."""
    if isinstance(name, bytes):
        name = name.decode("latin-1")
    if not isinstance(name, str):
        raise TypeError(f"byte string value expected, value of type {type(name).__name__} found")
    return facts.get(f"tls {name}")


def _choice(choose: Callable[[Dict[str, Any]], object], environ: Dict[str, Any], function: str) -> "str | None":
    """What the function chooses, latin-1 decoded; None to leave it to the configuration."""
    value = choose(environ)
    if value is None:
        return None
    what = function.replace("_", " ").capitalize()
    if isinstance(value, bytes):
        text = value.decode("latin-1")
    elif isinstance(value, str):
        text = value
        try:
            text.encode("latin-1")
        except UnicodeEncodeError:
            message = f"{what} must be a byte string, value containing non 'latin-1' characters found"
            raise TypeError(message) from None
    else:
        raise TypeError(f"{what} must be a byte string, value of type {type(value).__name__} found")
    if "\n" in text or "\0" in text:
        raise ValueError(f"{what} must not contain a line feed or a NUL")
    return text
