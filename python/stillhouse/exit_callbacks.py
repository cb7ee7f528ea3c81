"""What Python does when an interpreter is taken down, for one that never is: the process ends with os._exit.

In the order of Py_FinalizeEx: what waits for the executors of concurrent.futures, threads that are no daemons, and what
atexit has registered.
"""

import atexit
import sys
import threading
from typing import Callable

from .error_log import ErrorLog, format_exception


def run_exit_callbacks(log: ErrorLog, joins_threads: bool = True) -> None:
    """Returns when all have: what bounds that is the reaper. `joins_threads`: False where no thread can be a daemon."""
    for callback in reversed(getattr(threading, "_threading_atexits", ())):
        _run(callback, log)
    if joins_threads:
        ours = (threading.current_thread(), threading.main_thread())
        for thread in threading.enumerate():
            if thread not in ours and not thread.daemon:
                thread.join()
    # Each of them is run, whatever others raise.
    _run(atexit._run_exitfuncs, log)
    for stream in (sys.stdout, sys.stderr):
        _run(stream.flush, log)


def _run(callback: Callable[[], object], log: ErrorLog) -> None:
    try:
        callback()
    except BaseException as problem:
        log.log("error", f"{type(problem).__name__} exception raised at exit; ignored.\n{format_exception(problem)}")
