"""The runtime's own modules, for sub-interpreters: each loads them anew, when the files may be out of reach already.

A process that changes its user or its root folder keeps the sources beforehand. The code goes to the interpreters in a
file without a name, which each reads whole at its start.
"""

import importlib.machinery
import marshal
import os
import threading
from types import CodeType
from typing import Dict, Optional, Tuple

_PACKAGE_FOLDER = os.path.dirname(os.path.abspath(__file__))
_PACKAGE = __package__ or "stillhouse"

# Runs in the new interpreter, where nothing of the runtime can be imported yet. Leaves nothing in __main__ and on sys.path.
_PROGRAM = """
def start(image, size, package, folder, control):
    import marshal, os, sys
    from importlib.machinery import ModuleSpec
    modules = marshal.loads(os.pread(image, size, 0))
    class RuntimeLoader:
        @staticmethod
        def find_spec(name, path=None, target=None):
            if name not in modules:
                return None
            spec = ModuleSpec(name, RuntimeLoader, origin=modules[name][0], is_package=name == package)
            spec.has_location = True
            return spec
        @staticmethod
        def create_module(spec):
            return None
        @staticmethod
        def exec_module(module):
            exec(modules[module.__name__][1], module.__dict__)
    sys.meta_path.insert(0, RuntimeLoader)
    # The main interpreter's program was this folder.
    sys.path[:] = [entry for entry in sys.path if os.path.abspath(entry) != folder]
    from importlib import import_module
    import_module(package + ".guest").main(control)
start({image}, {size}, {package!r}, {folder!r}, {control})
"""


class RuntimeImage:
    """Of the main interpreter; for every thread."""

    def __init__(self) -> None:
        self._sources: Optional[Dict[str, bytes]] = None
        self._file: Optional[Tuple[int, int]] = None
        self._lock = threading.Lock()

    def keep_sources(self) -> None:
        """Called while the files can be read, in a process that may not be able to later."""
        self._sources = {}
        for name in _list_files():
            with open(os.path.join(_PACKAGE_FOLDER, name), "rb") as file:
                self._sources[name] = file.read()

    def program(self, control: int) -> str:
        """What a new interpreter is to run; `control` is the descriptor of its line to the main one. Raises OSError."""
        with self._lock:
            if self._file is None:
                self._file = self._write()
            image, size = self._file
        return _PROGRAM.format(image=image, size=size, package=_PACKAGE, folder=_PACKAGE_FOLDER, control=control)

    def _write(self) -> Tuple[int, int]:
        names = _list_files() if self._sources is None else list(self._sources)
        modules: Dict[str, Tuple[str, CodeType]] = {}
        for name in names:
            path = os.path.join(_PACKAGE_FOLDER, name)
            module = _PACKAGE if name == "__init__.py" else f"{_PACKAGE}.{name[:-3]}"
            modules[module] = (path, self._compile(module, name, path))
        data = marshal.dumps(modules)
        image = os.memfd_create("stillhouse-runtime")
        with open(image, "wb", closefd=False) as file:
            file.write(data)
        return image, len(data)

    def _compile(self, module: str, name: str, path: str) -> CodeType:
        if self._sources is not None:
            return compile(self._sources[name], path, "exec", dont_inherit=True)
        # With the cache that importing uses.
        code = importlib.machinery.SourceFileLoader(module, path).get_code(module)
        assert code is not None
        return code


def _list_files() -> "list[str]":
    return [name for name in os.listdir(_PACKAGE_FOLDER) if name.endswith(".py") and name != "__main__.py"]
