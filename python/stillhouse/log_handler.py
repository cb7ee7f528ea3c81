"""mod_wsgi.LogHandler: Python's logging into the error log, with the level of each record.

What an application prints goes to the log at level error whatever it is; a handler of this class keeps the level, and
LogLevel of the configuration decides what is written.
"""

import logging
import os
from threading import get_ident
from typing import Optional, Type

from .error_streams import LeveledSink, request_logs


def make_log_handler_class(sink: LeveledSink) -> Type[logging.Handler]:
    """The class for an interpreter whose log is `sink`."""

    class LogHandler(logging.Handler):
        """A logging.Handler whose records go to the server's error log, one for each line, at the level that they have.

        In a request thread they carry the request's client and script.
        """

        def emit(self, record: logging.LogRecord) -> None:
            try:
                level = find_level(record.levelno)
                # Before the work of formatting.
                if not sink.passes(level):
                    return
                text = self.format(record)
                source = _describe_source(record)
                log = request_logs.get(get_ident())
                if log is not None:
                    log.record(level, text, source)
                else:
                    sink.log(level, text, source=source)
            except RecursionError:
                raise  # as logging.StreamHandler: handleError would only go deeper
            except Exception:
                self.handleError(record)

    LogHandler.__module__ = "mod_wsgi"
    LogHandler.__qualname__ = "LogHandler"
    return LogHandler


def find_level(number: int) -> str:
    """Apache's name for a level of the logging module; what lies between two is the lower one."""
    if number >= logging.CRITICAL:
        return "crit"
    if number >= logging.ERROR:
        return "error"
    if number >= logging.WARNING:
        return "warn"
    if number >= logging.INFO:
        return "info"
    return "debug"


def _describe_source(record: logging.LogRecord) -> Optional[str]:
    """As Apache's %F shows it."""
    if not record.pathname:
        return None
    return f"{os.path.basename(record.pathname)}({record.lineno})"
