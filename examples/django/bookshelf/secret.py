"""Secrets that are made once and kept in a file that only its owner may read."""

import os
import secrets
import tempfile
from pathlib import Path


def stored_secret(path: Path, entropy_bytes: int) -> str:
    """The content of `path`; where the file does not exist, a new secret that is then its content."""
    try:
        return path.read_text("ascii")
    except FileNotFoundError:
        pass
    # Several daemon processes may start at once: each writes a whole file of its own, link() lets one of them win, and
    # all of them read the winner's. mkstemp gives mode 0600.
    fd, name = tempfile.mkstemp(dir=path.parent, prefix=".secret-")
    try:
        with os.fdopen(fd, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(entropy_bytes))
        os.link(name, path)
    except FileExistsError:
        pass
    finally:
        os.unlink(name)
    return path.read_text("ascii")
