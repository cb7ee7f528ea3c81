"""The line on which faulthandler writes stacks: to the parent, which makes whole lines of the log of what comes in bits.

faulthandler needs no interpreter's lock for that, nor a whole process: it writes a word at a time.
"""

import os

STACK_DESCRIPTOR = 4
_ERROR_LOG_DESCRIPTOR = 2


def open_stack_line() -> None:
    """From here on a fatal signal leaves the stacks of all threads."""
    # Not every sub-interpreter can import it, and all of them import this module.
    import faulthandler

    os.set_inheritable(STACK_DESCRIPTOR, False)
    faulthandler.enable(file=STACK_DESCRIPTOR)


def write_to_log_itself() -> None:
    """For a process without a parent."""
    os.dup2(_ERROR_LOG_DESCRIPTOR, STACK_DESCRIPTOR, inheritable=False)
