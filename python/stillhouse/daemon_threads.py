"""Threads that do not keep an interpreter from ending, where it can have such."""

import threading
from typing import Callable, Tuple


def can_have_daemon_threads() -> bool:
    """False in a sub-interpreter with a lock of its own before Python 3.13."""
    try:
        threading.Thread(daemon=True)
    except RuntimeError:
        return False
    return True


def make_thread(target: Callable[..., None], name: str, args: Tuple[object, ...] = ()) -> threading.Thread:
    """A daemon thread, or a plain one where there can't be any: the process ends with os._exit then."""
    return threading.Thread(target=target, args=args, name=name, daemon=can_have_daemon_threads())
