"""What the threads of this process are doing right now: their Python stacks as text, without locals.

For the log (in mod_wsgi's words) and for the control command `stacks`. Costs nothing until asked for.
"""

import linecache
import os
import re
import sys
import threading
from types import FrameType
from typing import Dict, List, NamedTuple, Optional, Tuple

_PACKAGE_FOLDER = os.path.dirname(os.path.abspath(__file__)) + os.sep
_REQUEST_NAMES = ("wsgi-request-", "wsgi-req-")
# Of a recursion that ran away the innermost frames tell enough.
_FRAMES_LIMIT = 64
_THREAD_LINE = re.compile(r"(?:Current t|T)hread 0x([0-9a-f]+) ")
_FRAME_LINE = re.compile(r'  File "(.*)", line (\d+) in (.*)$')

# What share_process has been told.
_has_neighbours = False
_is_apart = False


class Location(NamedTuple):
    """Where one frame of a stack is."""

    file: str
    line: int
    function: str

    @property
    def source(self) -> str:
        return linecache.getline(self.file, self.line).strip()


def collect_stacks() -> List[Dict[str, object]]:
    """Every Python thread as {tid, name, stack}, request threads first; of a stack the innermost frame first.

    tid is the kernel's, 0 for a thread that was not started by Python; name as `ps` and `top` show it.
    """
    threads = {thread.ident: thread for thread in threading.enumerate()}
    found = []
    for ident, (locations, rest) in _list_stacks().items():
        thread = threads.get(ident)
        if thread is None and _has_neighbours:
            continue  # it is another interpreter's, which tells of it itself
        tid = (thread.native_id or 0) if thread is not None else 0
        name = _kernel_name(tid) or (thread.name if thread is not None else "unknown")
        stack = [f"{item.file}:{item.line} in {item.function}: {item.source}" for item in locations]
        if rest:
            stack.append(f"... {rest} more frames")
        found.append((_order(name, tid), {"tid": tid, "name": name, "stack": stack}))
    found.sort(key=lambda item: item[0])
    return [entry for _, entry in found]


def describe_stack(ident: int) -> str:
    """The application's frames of one thread in mod_wsgi's form, '' where there is no such thread."""
    found = _list_stacks().get(ident)
    if found is None:
        return ""
    locations, rest = found
    lines = []
    for index, item in enumerate(_of_application(locations)):
        intro = "called from" if index else f"Thread {ident} executing"
        lines.append(f'{intro} file "{item.file}", line {item.line}, in {item.function}')
    if rest:
        lines.append(f"called from {rest} more frames")
    return "\n".join(lines)


def runs_function(ident: int, file: str, function: str) -> bool:
    """True where this function of a module of the runtime is on the thread's stack."""
    locations, _ = _list_stacks().get(ident, ([], 0))
    return any(item.function == function and item.file == _PACKAGE_FOLDER + file for item in locations)


def share_process(own_locks: bool) -> None:
    """There are other interpreters in this process; `own_locks`: one of them may have a lock of its own."""
    global _has_neighbours, _is_apart
    _has_neighbours = True
    _is_apart = _is_apart or own_locks


def _list_stacks() -> Dict[int, Tuple[List[Location], int]]:
    """By thread identifier, innermost frame first, with how many more there are."""
    if _is_apart:
        return _parse_stacks()
    return {ident: locate(frame) for ident, frame in sys._current_frames().items()}


def _parse_stacks() -> Dict[int, Tuple[List[Location], int]]:
    """sys._current_frames goes through all interpreters of the process, and crashes it where their threads run meanwhile.

    What faulthandler writes is of this one only. An interpreter with a lock of its own can't load it: nothing then.
    """
    try:
        import faulthandler
    except ImportError:
        return {}
    found: Dict[int, Tuple[List[Location], int]] = {}
    stack: List[Location] = []
    with open(os.memfd_create("stillhouse-stacks"), "r+b", buffering=0) as file:
        faulthandler.dump_traceback(file, all_threads=True)
        file.seek(0)
        text = file.read().decode("utf-8", "replace")
    for line in text.splitlines():
        thread = _THREAD_LINE.match(line)
        if thread is not None:
            stack = []
            found[int(thread.group(1), 16)] = (stack, 0)
            continue
        frame = _FRAME_LINE.match(line)
        if frame is not None and len(stack) < _FRAMES_LIMIT:
            stack.append(Location(frame.group(1), int(frame.group(2)), frame.group(3)))
    return found


def locate(frame: Optional[FrameType]) -> Tuple[List[Location], int]:
    """The frames of a stack from `frame` outwards, and how many more there are beyond the limit.

    The stack may belong to a thread that goes on running meanwhile: then it is a blend of two moments.
    """
    found: List[Location] = []
    rest = 0
    while frame is not None:
        if len(found) < _FRAMES_LIMIT:
            code = frame.f_code
            found.append(Location(code.co_filename, frame.f_lineno or 0, code.co_name))
        else:
            rest += 1
        frame = frame.f_back
    return found, rest


def _of_application(locations: List[Location]) -> List[Location]:
    """Without the runtime's frames that called the application; all of them where it is in no application."""
    count = len(locations)
    while count and _is_ours(locations[count - 1].file):
        count -= 1
    return locations[:count] or locations


def _is_ours(file: str) -> bool:
    return file.startswith(_PACKAGE_FOLDER) or file == threading.__file__


def _kernel_name(tid: int) -> str:
    try:
        with open(f"/proc/self/task/{tid}/comm", encoding="utf-8", errors="replace") as comm:
            return comm.read().strip()
    except OSError:
        return ""


def _order(name: str, tid: int) -> Tuple[int, int]:
    for prefix in _REQUEST_NAMES:
        number = name[len(prefix) :]
        if name.startswith(prefix) and number.isdigit():
            return 0, int(number)
    return 1, tid
