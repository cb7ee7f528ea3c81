"""The module `mod_wsgi` that applications import: it exists only in memory.

Called once when an interpreter is set up, before any script is loaded. Only attributes that work are there.
"""

import sys
from importlib.machinery import PathFinder
from types import ModuleType
from typing import Tuple

from .file_wrapper import FileWrapper

# The compatibility level: the mod_wsgi and Apache whose behaviour is offered to applications.
MOD_WSGI_VERSION: Tuple[int, int, int] = (6, 0, 5)
APACHE_VERSION: Tuple[int, int, int] = (2, 4, 62)


class RequestTimeout(BaseException):
    """Raised in a request thread whose request runs too long (interrupt-timeout).

    A direct subclass of BaseException, as in mod_wsgi: `except Exception` in an application must not swallow it.
    """


RequestTimeout.__module__ = "mod_wsgi"


def install_mod_wsgi_module(
    *, group: str, application_group: str, maximum_processes: int, threads_per_process: int
) -> ModuleType:
    """Makes `import mod_wsgi` give this process's facts.

    `group` is '' in embedded mode, `application_group` '' for the main interpreter.
    """
    module = ModuleType("mod_wsgi", "What a WSGI application can learn about the process that hosts it.")
    module.version = MOD_WSGI_VERSION  # type: ignore[attr-defined]
    module.process_group = group  # type: ignore[attr-defined]
    module.application_group = application_group  # type: ignore[attr-defined]
    module.maximum_processes = maximum_processes  # type: ignore[attr-defined]
    module.threads_per_process = threads_per_process  # type: ignore[attr-defined]
    module.FileWrapper = FileWrapper  # type: ignore[attr-defined]
    module.RequestTimeout = RequestTimeout  # type: ignore[attr-defined]
    # The package of the same name from PyPI has submodules (mod_wsgi.express) that must stay importable.
    installed = PathFinder.find_spec("mod_wsgi")
    if installed is not None and installed.submodule_search_locations is not None:
        module.__path__ = list(installed.submodule_search_locations)
    sys.modules["mod_wsgi"] = module
    return module
