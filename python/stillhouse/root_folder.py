"""chroot: a process whose root is a folder of the machine, and what becomes of the paths that come from outside.

The interpreter, its standard library as far as the runtime needs it, and the runtime itself are loaded before;
whatever the application imports comes from inside the folder. So it must hold, at the same paths as outside, the standard library
of the same Python version and the shared libraries of the extension modules in use, beside the application.
The socket, the scoreboard and the logs are open by then and stay where they are, outside.
"""

import codecs
import importlib
import os
import sys
from typing import Dict, Mapping, Optional, Protocol, cast

from .exchange import ErrorSink
from .process_naming import name_threads_without_procfs

# What Python and this runtime load only when they need it: for tracebacks, for encodings, at their end.
_LATE_MODULES = (
    "_colorize",
    "ast",
    "atexit",
    "copyreg",
    "ctypes",
    "linecache",
    "locale",
    "pwd",
    "signal",
    "tokenize",
    "traceback",
    "tracemalloc",
    "unicodedata",
    "warnings",
)
_ENCODINGS = ("ascii", "idna", "latin-1", "utf-8", "unicode_escape")


class RootedRequest(Protocol):
    """What is needed of a request: see exchange.Exchange."""

    environ: Dict[str, str]
    facts: Mapping[str, object]

    def refuse(self, status: int, reason: str) -> None: ...


def load_before_chroot() -> None:
    """Loads what would be looked for inside the folder otherwise."""
    for name in _LATE_MODULES:
        try:
            importlib.import_module(name)
        except ImportError:
            pass  # another Python version has it not
    for name in (*_ENCODINGS, sys.getfilesystemencoding()):
        codecs.lookup(name)
    name_threads_without_procfs()
    try:
        import ctypes

        # glibc looks for it when a thread is ended (pthread_exit), and aborts the process where it is not found.
        ctypes.CDLL("libgcc_s.so.1")
    except (ImportError, OSError):
        pass  # a Python without ctypes, or another C library


def forget_outside() -> None:
    """After chroot: what Python has remembered of folders is of those outside."""
    sys.path_importer_cache.clear()
    importlib.invalidate_caches()


class RootFolder:
    """Paths of the machine as processes see them whose root is `folder`."""

    def __init__(self, folder: str) -> None:
        self.folder = os.path.normpath(folder)
        # environ has paths as latin-1 decoded bytes, which the server writes in UTF-8 whatever our locale is.
        self._native = self.folder.encode("utf-8", "surrogateescape").decode("latin-1")

    def inside(self, path: str) -> Optional[str]:
        """The path as seen from inside; None for one that is not in the folder."""
        return _shorten(path, self.folder)

    def named(self, path: str) -> str:
        """Where a script is that the configuration names: from outside, or, as in mod_wsgi, from inside already."""
        return self.inside(path) or path

    def admit(self, request: RootedRequest, sink: ErrorSink) -> bool:
        """Turns the request's paths into those inside. False, with 500 as its answer, where the script is not there."""
        environ = request.environ
        requested = environ.get("SCRIPT_FILENAME", "")
        shown = _shorten(requested, self._native)
        if shown is None:
            path = requested.encode("latin-1").decode("utf-8", "replace")
            sink.log("error", f"WSGI script '{path}' not located within chroot directory '{self.folder}'.")
            request.refuse(500, "the script is not located within the chroot directory")
            return False
        environ["SCRIPT_FILENAME"] = shown
        for name in ("DOCUMENT_ROOT", "CONTEXT_DOCUMENT_ROOT"):
            documents = environ.pop(name, None)
            documents = None if documents is None else _shorten(documents, self._native)
            if documents is not None:
                environ[name] = documents
        handler = environ.get("mod_wsgi.handler_script")
        if handler:
            environ["mod_wsgi.handler_script"] = _shorten(handler, self._native) or handler
        # Decoded for this request alone, so nobody else sees the change.
        facts = cast(Dict[str, object], request.facts)
        for name in ("script", "dispatch"):
            path = facts.get(name)
            if isinstance(path, str):
                facts[name] = self.named(path)
        return True


def _shorten(path: str, folder: str) -> Optional[str]:
    if folder == "/":
        return path
    if path == folder:
        return "/"
    return path[len(folder) :] if path.startswith(folder + "/") else None
