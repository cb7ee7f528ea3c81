"""CPython's interpreters within one process: the module that makes them has another name, and another form, since 3.13.

What was found out, and what the callers keep to:
- An interpreter is entered once, by the thread that is to be its main thread. Threads started inside serve side by
  side; entering it from several outside threads works from 3.13 on only.
- None is ever destroyed: one that ever had threads hangs on 3.11. The process ends with os._exit.
"""

import sys
from typing import Any, Optional

try:
    import _interpreters  # type: ignore[import-not-found]
except ImportError:
    _interpreters = None
try:
    import _xxsubinterpreters  # type: ignore[import-not-found]
except ImportError:
    _xxsubinterpreters = None

# From here on an interpreter can have a lock of its own (PEP 684).
_OWN_LOCK_VERSION = (3, 12)
# Interpreters live as long as somebody knows them.
_made = []


class InterpreterFailed(Exception):
    """It could not be made, or what ran in it raised; the message is a sentence."""


def are_available() -> bool:
    return _interpreters is not None or _xxsubinterpreters is not None


def can_have_own_lock() -> bool:
    return sys.version_info[:2] >= _OWN_LOCK_VERSION


def create_interpreter(own_lock: bool = False) -> Any:
    """An interpreter that may have threads and daemon threads; one that is not to have a lock of its own any module, too.

    Raises InterpreterFailed.
    """
    try:
        if _interpreters is not None:
            interpreter = _interpreters.create(_describe(own_lock))
        elif _xxsubinterpreters is not None:
            # `isolated` is what gives it a lock of its own from 3.12 on, and forbids threads before.
            interpreter = _xxsubinterpreters.create(isolated=own_lock)
        else:
            raise InterpreterFailed("this Python has no module to make sub-interpreters with")
    except (RuntimeError, MemoryError) as error:
        raise InterpreterFailed(f"interpreter creation failed: {error}") from error
    _made.append(interpreter)
    return interpreter


def run_in_interpreter(interpreter: Any, program: str) -> None:
    """Enters it in the calling thread and runs the program to its end. Raises InterpreterFailed."""
    problem: Optional[Any] = None
    try:
        if _interpreters is not None:
            problem = _interpreters.exec(interpreter, program)
        else:
            _xxsubinterpreters.run_string(interpreter, program)
    except Exception as error:
        raise InterpreterFailed(str(error)) from error
    if problem is not None:
        raise InterpreterFailed(getattr(problem, "errdisplay", None) or problem.formatted)


def _describe(own_lock: bool) -> Any:
    if not own_lock:
        return _interpreters.new_config("legacy")
    # Modules that share state between interpreters would not be protected by anything.
    return _interpreters.new_config("isolated", allow_daemon_threads=True, allow_exec=True, check_multi_interp_extensions=True)
