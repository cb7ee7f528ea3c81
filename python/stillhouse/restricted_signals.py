"""WSGIRestrictSignal: applications may not take over the signals that end or replace this process.

Many libraries register a handler when they are imported. In a request thread Python refuses that with an exception, and
in the main thread it would take the process's own handlers away; so the registration is ignored, as in mod_wsgi.
"""

import signal
import traceback
from typing import Any

from .exchange import ErrorSink


def restrict_signals(sink: ErrorSink) -> None:
    """Replaces signal.signal for what runs from now on. Not to be called before our own handlers are in place."""

    def ignore(number: int, handler: Any) -> Any:
        stack = "".join(traceback.format_stack()[:-1])
        sink.log("info", f"Ignoring Python signal handler registration for signal {int(number)}.\n{stack}")
        return handler

    signal.signal = ignore  # type: ignore[assignment]
