"""WSGIRestrictStdin and WSGIRestrictStdout: using sys.stdin or sys.stdout raises an error, as in mod_wsgi.

An application that prints, or that waits for input nobody will give, is then found out where it does so.
"""

import sys
from typing import Any


class RestrictedStream:
    """Stands for a standard stream; every use of it raises OSError."""

    __slots__ = ("_name",)

    # The one question that is answered: Python asks it before it flushes the standard streams at its end, and would
    # otherwise report a failure and exit with status 120.
    closed = True

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, attribute: str) -> Any:
        raise OSError(f"{self._name} access restricted by mod_wsgi")


def install_restrictions(*, stdin: bool, stdout: bool) -> None:
    """Call after sys.stdout has got its usual replacement, before code of the application runs."""
    if stdin:
        sys.stdin = RestrictedStream("sys.stdin")  # type: ignore[assignment]
    if stdout:
        sys.stdout = RestrictedStream("sys.stdout")  # type: ignore[assignment]
