"""WSGI scripts as Python modules: loading, module identity, and when a script has changed.

One loader for each interpreter; the adapter and whoever preloads scripts call it. In a daemon process a changed script
of an application is never executed again: `reload_required` tells, and the process is replaced. In embedded mode it is
(`discard_changed`), and so are scripts that the server itself asks (`load_current`). Service scripts are executed once
(`run_service_script`).
"""

import os
import re
import sys
import threading
from types import ModuleType
from typing import Callable, Dict, Optional

from .error_log import format_exception
from .exchange import ErrorSink
from .mod_wsgi_module import RequestTimeout
from .process_naming import describe_process

try:
    # hashlib would load OpenSSL into every process, for nothing but names.
    from _md5 import md5
except ImportError:
    from hashlib import md5  # a Python that was built without its own

Record = Callable[[str, str], None]

# One script at a time is loaded in a process, whatever the interpreter. Reentrant: a script may have others loaded.
_module_lock = threading.RLock()


# What CPython, Cython, PyO3 and NumPy say of a module that a sub-interpreter can't load.
_MAIN_ONLY = re.compile(
    r"sub-?interpreter|one interpreter per process|once per (?:interpreter )?process|interpreter change detected", re.I
)


class ScriptFailed(Exception):
    """The script could not be loaded. It is in the log already; the message is for the one who asked."""


class ScriptLoader:
    """The loaded scripts of one interpreter.

    `loaded` maps a script's path to its module. It is read without the lock: entries come and go whole, under it.
    """

    __slots__ = ("interpreter", "loaded", "_sink", "_is_main")

    def __init__(self, *, group: str, application_group: str, sink: ErrorSink) -> None:
        self.interpreter = describe_interpreter(group, application_group)
        self.loaded: Dict[str, ModuleType] = {}
        self._sink = sink
        self._is_main = not application_group

    def load(self, path: str, record: Optional[Record] = None) -> ModuleType:
        """The module of the script, executed now if it was not yet. After a failure the next call tries again.

        `record(level, message)` is where to log for a request. Raises ScriptFailed, RequestTimeout.
        """
        if record is None:
            record = self._record
        with _module_lock:
            module = self.loaded.get(path)
            if module is None:
                module = self._execute(path, record)
                self.loaded[path] = module
            return module

    def load_current(self, path: str, record: Record) -> ModuleType:
        """As `load`, but a script that has changed is executed again, in this process: for scripts of no application.

        What the former module had imported or started stays. Raises ScriptFailed, also where the script is gone.
        """
        with _module_lock:
            self.discard_changed(path, gone_counts=True)
            return self.load(path, record)

    def discard_changed(self, path: str, *, gone_counts: bool = False) -> None:
        """Forgets the script's module where `reload_required` says so; whoever asks for it next has it executed anew.

        Requests that run keep the module that they have.
        """
        module = self.loaded.get(path)
        if not self.reload_required(path, gone_counts=gone_counts):
            return
        with _module_lock:
            # Another thread may have been first, and have loaded the new one.
            if self.loaded.get(path) is module:
                self._record("info", f"Reloading WSGI script '{path}' into {self.interpreter}.")
                sys.modules.pop(module_name(path), None)
                del self.loaded[path]

    def run_service_script(self, path: str) -> None:
        """Executes a script that blocks in a main loop of its own. Raises ScriptFailed, and SystemExit as it comes.

        Without the lock: threads that the script starts may have others loaded while it runs.
        """
        self._execute(path, self._record, lets_exit=True)

    def reload_required(self, path: str, *, gone_counts: bool = False) -> bool:
        """True where the loaded script is not the one on disk any more, or its own reload_required() says so.

        The modification time only has to differ: an older file counts. A file that is gone for the moment is no reason,
        unless `gone_counts`: a process started now could not load it.
        """
        module = self.loaded.get(path)
        if module is None:
            return False
        loaded_at = module.__dict__.get("__mtime__")
        if type(loaded_at) is not int:
            return True
        try:
            if os.stat(path).st_mtime_ns // 1000 != loaded_at:
                return True
        except OSError:
            if gone_counts:
                return True
        callback = module.__dict__.get("reload_required")
        if callback is None:
            return False
        with _module_lock:
            try:
                return bool(callback(path))
            except RequestTimeout:
                raise
            except BaseException as problem:
                self._record(
                    "error",
                    f"{type(problem).__name__} exception raised by reload_required() of WSGI script '{path}'; "
                    f"the script is not reloaded.\n{format_exception(problem)}",
                )
                return False

    def _execute(self, path: str, record: Record, lets_exit: bool = False) -> ModuleType:
        self._record("info", f"Loading WSGI script '{path}' into {self.interpreter}.")
        try:
            with open(path, "rb") as file:
                modified_at = os.fstat(file.fileno()).st_mtime_ns // 1000
                source = file.read()
        except OSError as problem:
            record("error", f"Could not read Python script file '{path}' for {self.interpreter}: {problem}.")
            raise ScriptFailed(f"could not read the script: {problem.strerror}") from None
        try:
            code = compile(source, path, "exec", dont_inherit=True)
        except Exception as problem:
            # SyntaxError; ValueError for a NUL in older Pythons; RecursionError, MemoryError for nesting too deep.
            self._record_failure(record, path, f"Could not compile Python script file '{path}' for", problem, "")
            raise ScriptFailed("could not compile the script") from None
        name = module_name(path)
        module = ModuleType(name)
        module.__file__ = path
        module.__dict__["__mtime__"] = modified_at
        sys.modules[name] = module
        try:
            exec(code, module.__dict__)
        except BaseException as problem:
            sys.modules.pop(name, None)
            if isinstance(problem, RequestTimeout) or (lets_exit and isinstance(problem, SystemExit)):
                raise
            if isinstance(problem, SystemExit):
                text = f"SystemExit exception raised executing Python script file '{path}' for"
                self._record_failure(record, path, text, problem, "; ignored")
            else:
                self._record_failure(record, path, f"Unable to execute Python script file '{path}' for", problem, "")
            raise ScriptFailed("could not execute the script") from None
        # A module may put another object in its place, as with import.
        replaced = sys.modules.get(name)
        return replaced if isinstance(replaced, ModuleType) else module

    def _record_failure(self, record: Record, path: str, text: str, problem: BaseException, consequence: str) -> None:
        record("error", f"{text} {self.interpreter}{consequence}.\n{format_exception(problem)}")
        self.record_cure(record, path, problem)

    def record_cure(self, record: Record, path: str, problem: BaseException) -> None:
        """Says what helps where an extension module does not work in a sub-interpreter."""
        if not self._is_main and needs_main_interpreter(problem):
            record(
                "error",
                f"a module that WSGI script '{path}' imports does not work in a sub-interpreter: run the script in the "
                "main one, with 'WSGIApplicationGroup %{GLOBAL}'.",
            )

    def _record(self, level: str, message: str) -> None:
        self._sink.log(level, message)


def needs_main_interpreter(problem: BaseException) -> bool:
    """True where an import failed because of the interpreter it was made in."""
    seen = set()
    cause: Optional[BaseException] = problem
    while cause is not None and id(cause) not in seen:
        if isinstance(cause, ImportError) and _MAIN_ONLY.search(str(cause)) is not None:
            return True
        seen.add(id(cause))
        cause = cause.__cause__ or cause.__context__
    return False


def module_name(path: str) -> str:
    """The name of a script's module in sys.modules; mod_wsgi's, so `__name__.startswith('_mod_wsgi_')` tells."""
    digest = md5(os.fsencode(path), usedforsecurity=False)
    return f"_mod_wsgi_{digest.hexdigest()}"


def describe_interpreter(group: str, application_group: str) -> str:
    """How log messages name an interpreter."""
    interpreter = f"sub interpreter '{application_group}'" if application_group else "main interpreter"
    return f"{interpreter} of {describe_process(group)}"
