"""The module `apache`, which applications import for facts about the server in front of the daemon processes.

Under Apache its values are the MPM's, also inside daemon processes. Here the http children take the MPM's place.
"""

import os
import sys
import time
from types import ModuleType
from typing import Tuple

from .mod_wsgi_module import APACHE_VERSION, MOD_WSGI_VERSION


def install_apache_module(
    *, http_children: int = 1, mpm_name: str = "event", version: Tuple[int, int, int] = APACHE_VERSION
) -> ModuleType:
    """Makes `import apache` work. `http_children`: how many there are; each runs all its connections in one thread."""
    module = ModuleType("apache", "What a WSGI application can learn about the server in front of it.")
    apache_text, mod_wsgi_text = (".".join(map(str, numbers)) for numbers in (version, MOD_WSGI_VERSION))
    python = f"{sys.version_info[0]}.{sys.version_info[1]}"
    module.version = version  # type: ignore[attr-defined]
    module.maximum_processes = max(1, http_children)  # type: ignore[attr-defined]
    module.threads_per_process = 1  # type: ignore[attr-defined]
    module.description = (  # type: ignore[attr-defined]
        f"Apache/{apache_text} (Unix) mod_wsgi/{mod_wsgi_text} Python/{python} Stillhouse"
    )
    module.mpm_name = mpm_name  # type: ignore[attr-defined]
    module.build_date = _find_build_date()  # type: ignore[attr-defined]
    sys.modules["apache"] = module
    return module


def _find_build_date() -> str:
    """When this program was installed, in the form of Apache's: nothing here is compiled."""
    try:
        at = time.gmtime(os.stat(os.path.dirname(os.path.abspath(__file__))).st_mtime)
    except OSError:
        return ""  # out of reach for this process's user, or behind its chroot
    return (
        f"{at.tm_year:04d}-{at.tm_mon:02d}-{at.tm_mday:02d}T{at.tm_hour:02d}:{at.tm_min:02d}:{at.tm_sec:02d}"
    )
