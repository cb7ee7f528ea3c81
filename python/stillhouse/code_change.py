"""What a changed script means to a daemon process: it asks for a successor and goes on until that one serves.

The request that notices the change is given back to wait for the new code; every other one is run with the old code
meanwhile, and so is everything where the new code can't be loaded.
"""

import os
import time
from typing import Callable, Dict, Optional, Tuple

from .script_loader import ScriptLoader

# A script whose reload_required() keeps saying so is not asked for a successor more often than this.
_ASK_AGAIN_SECONDS = 10.0


class CodeChange:
    """Remembers which change of which script a successor was asked for. Called by the request threads."""

    def __init__(self, loader: ScriptLoader, request_replacement: Callable[[str, str], bool], group: str) -> None:
        self._loader = loader
        self._request_replacement = request_replacement
        self._group = group
        # By script: the modification time that was noticed, and when.
        self._noticed: Dict[str, Tuple[Optional[int], float]] = {}

    def is_news(self, script: str) -> bool:
        """True where the script has changed and this call is the first to notice it: a successor has been asked for."""
        if not self._loader.reload_required(script):
            return False
        now = time.monotonic()
        modified = _modification_time(script)
        noticed = self._noticed.get(script)
        if noticed is not None and noticed[0] == modified and now - noticed[1] < _ASK_AGAIN_SECONDS:
            return False
        # Two threads may come here at once; only one of them gets its wish through. A change that comes while a successor
        # is being started is not noted: that one may have loaded what was there before, and fail with it.
        return self._ask(script, modified, now)

    def replacement_failed(self, age: float) -> None:
        """The successor that was started `age` seconds ago failed. Called by the main thread.

        Not before a script changes again is another one asked for; at once where it has changed since.
        """
        now = time.monotonic()
        for script, (modified, noticed_at) in list(self._noticed.items()):
            module = self._loader.loaded.get(script)
            current = _modification_time(script)
            if module is None or current == module.__dict__.get("__mtime__"):
                continue
            if current != modified or noticed_at > now - age:
                self._ask(script, current, now)
            else:
                self._noticed[script] = (modified, float("inf"))

    def _ask(self, script: str, modified: Optional[int], now: float) -> bool:
        message = f"Forcing restart of daemon process '{self._group}' due to modification of script '{script}'."
        if not self._request_replacement("script_reload", message):
            return False
        self._noticed[script] = (modified, now)
        return True


def _modification_time(path: str) -> Optional[int]:
    """In microseconds, as `__mtime__`; None where the file is not there."""
    try:
        return os.stat(path).st_mtime_ns // 1000
    except OSError:
        return None
