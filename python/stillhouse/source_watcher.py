"""Notices that a file of the application has changed, for `reload-on-changes`: made for development.

The monitor asks once a second. Every module that is loaded counts, whoever loaded it, and every script; of compiled
modules the source. A file that vanishes has changed. Costs one stat per module and look.
"""

import os
import sys
from typing import Dict, Iterable, Optional


class SourceWatcher:
    """Remembers the modification time that each file had when it was first seen."""

    def __init__(self) -> None:
        self._times: Dict[str, Optional[int]] = {}

    def find_change(self) -> Optional[str]:
        """The path of a file that is not what it was, or None. Files seen for the first time are remembered."""
        times = self._times
        for path in _source_files():
            modified = _modification_time(path)
            if times.setdefault(path, modified) != modified:
                return path
        return None

    def forget(self) -> None:
        """What the files are at the next look is what they should be: a change has been acted upon."""
        self._times.clear()


def _source_files() -> Iterable[str]:
    # A copy: the application's threads import while we look.
    for module in list(sys.modules.values()):
        path = getattr(module, "__file__", None)
        if isinstance(path, str):
            yield path


def _modification_time(path: str) -> Optional[int]:
    try:
        return os.stat(path).st_mtime_ns
    except OSError:
        return None  # gone, or inside an archive: then it is None each time
