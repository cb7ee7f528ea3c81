"""The group's error log: where records of this process go, in the line form of Apache 2.4's default ErrorLogFormat.

Owns no file: the descriptor (an O_APPEND file or a pipe) is opened by whoever starts the process. Everything that logs
comes here, from any thread; one os.write for each record keeps records whole without a lock. Nothing here raises: a
full disk must not fail a request.
"""

import os
import re
import time
import traceback
from threading import get_ident
from types import TracebackType
from typing import Dict, Optional

# Apache's MAX_STRING_LEN: a record with its line end never is longer.
RECORD_BYTES_LIMIT = 8192
_CUT_MARKER = b" [... cut]"

_LEVELS = ("emerg", "alert", "crit", "error", "warn", "notice", "info", "debug") + tuple(
    f"trace{depth}" for depth in range(1, 9)
)
_SEVERITY: Dict[str, int] = {name: number for number, name in enumerate(_LEVELS)}
_SOURCE_SEVERITY = _SEVERITY["debug"]

# Not strftime's names: an application may have set a locale.
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

# What Apache's ap_escape_errorlog_item escapes. It also escapes every byte of a character beyond ASCII; those that can
# be shown are left readable here, the C1 controls and Unicode's line ends are not.
_UNSAFE = re.compile("[\x00-\x1f\\\\\x7f-\x9f\u2028\u2029]")
_NAMED_ESCAPES = {"\b": "\\b", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\v": "\\v", "\\": "\\\\"}

_PACKAGE_FOLDER = os.path.dirname(os.path.abspath(__file__)) + os.sep


class ErrorLog:
    """ErrorSink on a descriptor. `level` is the LogLevel that applies to the module wsgi.

    `application_group`: of a sub-interpreter, whose records name it.
    """

    __slots__ = ("_descriptor", "_place", "_threshold")

    def __init__(self, descriptor: int, level: str = "warn", application_group: str = "") -> None:
        self._descriptor = descriptor
        self._place = f" [application-group {_escape(application_group)}]" if application_group else ""
        self._threshold = _SEVERITY[level]

    def passes(self, level: str) -> bool:
        """Whether LogLevel lets `level` through."""
        return _SEVERITY.get(level, 0) <= self._threshold

    def log(
        self,
        level: str,
        message: str,
        *,
        client: Optional[str] = None,
        module: str = "wsgi",
        source: Optional[str] = None,
    ) -> None:
        """One record for each line of `message`, if LogLevel lets `level` through.

        `source` names the line of code that logs; as with Apache's %7F, records of level debug and below show it.
        """
        severity = _SEVERITY.get(level, 0)
        if severity <= self._threshold:
            self._write_records(level, message, client, module, source if severity >= _SOURCE_SEVERITY else None)

    def output(self, text: str, *, client: Optional[str] = None) -> None:
        """What the application itself wrote: one error record for each line, whatever LogLevel is."""
        self._write_records("error", text, client, "wsgi")

    def _write_records(
        self, level: str, message: str, client: Optional[str], module: str, source: Optional[str] = None
    ) -> None:
        try:
            origin = f" {_escape(source)}:" if source else ""
            peer = f" [client {_escape(client)}]" if client else ""
            thread = f"[pid {os.getpid()}:tid {get_ident()}]"
            prefix = f"[{_timestamp(time.time())}] [{module}:{level}] {thread}{origin}{peer}{self._place} "
            head = prefix.encode("utf-8", "backslashreplace")
            if message.endswith("\n"):
                message = message[:-1]
            for line in message.split("\n"):
                if line.endswith("\r"):
                    line = line[:-1]
                self._write(head + _escape(line).encode("utf-8", "backslashreplace"))
        except Exception:
            pass  # there is nowhere left to report that the log can't be written

    def _write(self, record: bytes) -> None:
        if len(record) >= RECORD_BYTES_LIMIT:
            kept = record[: RECORD_BYTES_LIMIT - len(_CUT_MARKER) - 1]
            # A character cut in its middle goes as a whole.
            record = kept.decode("utf-8", "ignore").encode("utf-8") + _CUT_MARKER
        record += b"\n"
        written = os.write(self._descriptor, record)
        while written < len(record):
            # A signal or a nearly full disk: the rest is better late than never.
            record = record[written:]
            written = os.write(self._descriptor, record)
            if written == 0:
                return


def replace_standard_descriptors(descriptor: int) -> None:
    """The error log is another file from here on: for this runtime, and for whoever else writes to 1 or 2."""
    for standard in (1, 2):
        os.dup2(descriptor, standard)
    os.close(descriptor)


def format_exception(problem: BaseException, *, whole: bool = False) -> str:
    """The traceback as Python prints it, from the application's first frame on, or the `whole`. Raises nothing."""
    try:
        frames = problem.__traceback__
        while not whole and frames is not None and _is_ours(frames):
            frames = frames.tb_next
        return "".join(traceback.format_exception(type(problem), problem, frames)).rstrip("\n")
    except Exception as formatting:
        # An exception whose own methods fail, or too deep a recursion.
        return f"{type(problem).__name__} (its traceback can't be shown: {type(formatting).__name__})"


def _is_ours(frames: TracebackType) -> bool:
    return frames.tb_frame.f_code.co_filename.startswith(_PACKAGE_FOLDER)


def _timestamp(now: float) -> str:
    second = int(now)
    at = time.localtime(second)
    microsecond = int((now - second) * 1_000_000)
    return (
        f"{_DAYS[at.tm_wday]} {_MONTHS[at.tm_mon - 1]} {at.tm_mday:02d} "
        f"{at.tm_hour:02d}:{at.tm_min:02d}:{at.tm_sec:02d}.{microsecond:06d} {at.tm_year}"
    )


def _escape(text: str) -> str:
    if _UNSAFE.search(text) is None:
        return text
    return _UNSAFE.sub(_escape_character, text)


def _escape_character(match: "re.Match[str]") -> str:
    character = match.group()
    named = _NAMED_ESCAPES.get(character)
    if named is not None:
        return named
    return "".join(f"\\x{byte:02x}" for byte in character.encode("utf-8"))
