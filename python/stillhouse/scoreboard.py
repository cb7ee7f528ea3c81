"""The scoreboard of one daemon process: which request each request thread is running.

Kept in shared memory so that it costs no system call and outlives the process: after a crash the http children read
the file and know which requests had started (never run again) and which had not (given to another process).

Every interpreter of the process writes an area of its own; the main one's is the first and makes the file. Areas are
also what interpreters can see of each other.
"""

import mmap
import os
import struct
from typing import Dict, List, NamedTuple, Optional

from . import protocol

_HEADER = struct.Struct("<8sII")
_SLOT = struct.Struct("<IId")
_UINT32 = struct.Struct("<I")
_UINT16 = struct.Struct("<H")
_COUNTERS = struct.Struct("<II")
_FLOAT64 = struct.Struct("<d")
_LABEL_BYTES_LIMIT = protocol.SCOREBOARD_SLOT_BYTES - protocol.SLOT_LABEL


class AreaFigures(NamedTuple):
    """What one interpreter shows to the others."""

    # Requests that its threads have finished, and how many run.
    served: int
    busy: int
    # Since the epoch; 0.0 before the first proof of life.
    alive_at: float
    # On the monotonic clock; 0.0 where there was no activity, or nobody watches it.
    activity_at: float


class Scoreboard:
    """Writer of one area of the scoreboard; one slot for each request thread, numbered from 0."""

    def __init__(self, path: str, slots: int, owner: "int | None" = None) -> None:
        """Creates the file, mode 0600, with the area of the main interpreter.

        `owner` is the uid of the http children where that differs.
        """
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        try:
            os.ftruncate(descriptor, _area_bytes(slots))
            if owner is not None:
                os.fchown(descriptor, owner, -1)
            self._open(descriptor, slots, 0, "")
        except BaseException:
            os.close(descriptor)
            raise

    @classmethod
    def attach(cls, descriptor: int, slots: int, area: int, name: str) -> "Scoreboard":
        """The area that `add_area` has made room for, in the interpreter `name`. `descriptor` stays the caller's."""
        board = cls.__new__(cls)
        board._open(descriptor, slots, area, name)
        return board

    def _open(self, descriptor: int, slots: int, area: int, name: str) -> None:
        self.descriptor = descriptor
        self.slots = slots
        self._areas = area + 1
        self._start = area * _area_bytes(slots)
        self._memory = mmap.mmap(descriptor, self._start + _area_bytes(slots))
        self._served = [0] * slots
        self._entries: Dict[int, int] = {}
        # Entries of connections that are gone and whose requests may still run: the last to be given away.
        self._lingering: List[int] = []
        text = name.encode("latin-1", "replace")[: protocol.SCOREBOARD_NAME_BYTES_LIMIT]
        at = self._start + protocol.SCOREBOARD_NAME_OFFSET
        self._memory[at : at + len(text)] = text
        _UINT16.pack_into(self._memory, self._start + protocol.SCOREBOARD_NAME_BYTES, len(text))
        _HEADER.pack_into(self._memory, self._start, protocol.SCOREBOARD_MAGIC, slots, os.getpid())

    def add_area(self) -> int:
        """Makes room for one more interpreter; returns its number. For the main interpreter, one thread at a time."""
        os.ftruncate(self.descriptor, (self._areas + 1) * _area_bytes(self.slots))
        self._areas += 1
        return self._areas - 1

    def read_others(self) -> List[Optional[AreaFigures]]:
        """The figures of every other interpreter, in the order of their areas; None of one that is being made."""
        size = _area_bytes(self.slots)
        found = []
        for area in range(self._areas):
            if area * size != self._start:
                found.append(_read_figures(os.pread(self.descriptor, size, area * size), self.slots))
        return found

    def occupy(self, slot: int, thread_id: int) -> None:
        """The thread with this operating system id answers for `slot`."""
        base = self._base(slot)
        _COUNTERS.pack_into(self._memory, base + protocol.SLOT_SERVED, self._served[slot], thread_id)

    def open_connection(self, connection: int) -> None:
        """Gives the connection an entry in the table of highest started ids. The number may be one that had one."""
        for entry in range(protocol.SCOREBOARD_CONNECTIONS_ENTRIES):
            at = (
                self._start
                + protocol.SCOREBOARD_CONNECTIONS_OFFSET
                + entry * protocol.SCOREBOARD_CONNECTIONS_ENTRY_BYTES
            )
            if _UINT32.unpack_from(self._memory, at)[0] in (0, connection):
                break
        else:
            if not self._lingering:
                raise ValueError("more http children than the scoreboard has room for")
            at = self._lingering[0]
        if at in self._lingering:
            self._lingering.remove(at)
        _UINT32.pack_into(self._memory, at + 4, 0)
        _UINT32.pack_into(self._memory, at, connection)
        self._entries[connection] = at + 4

    def close_connection(self, connection: int, has_requests: bool = False) -> None:
        """`has_requests`: what it tells of them is kept for whoever asks what became of them."""
        at = self._entries.pop(connection, None)
        if at is None:
            return
        if has_requests:
            self._lingering.append(at - 4)
        else:
            _UINT32.pack_into(self._memory, at - 4, 0)

    def mark_started(self, connection: int, request_id: int) -> None:
        """From now on this request, and every one before it on its connection, counts as started.

        Called in the order of ids, by the holder of the channel's lead.
        """
        _UINT32.pack_into(self._memory, self._entries[connection], request_id)

    def prove_life(self, now: float) -> None:
        """The interpreter is not stuck. `now`: seconds since the epoch."""
        _FLOAT64.pack_into(self._memory, self._start + protocol.SCOREBOARD_ALIVE_AT, now)

    def note_activity(self, now: float) -> None:
        """A request that counts for inactivity-timeout has begun or ended. `now`: monotonic."""
        _FLOAT64.pack_into(self._memory, self._start + protocol.SCOREBOARD_ACTIVITY_AT, now)

    def start(self, slot: int, connection: int, request_id: int, started_at: float, label: str) -> None:
        """The thread is about to run this request."""
        base = self._base(slot)
        memory = self._memory
        text = label.encode("latin-1", "replace")[:_LABEL_BYTES_LIMIT]
        at = base + protocol.SLOT_LABEL
        memory[at : at + len(text)] = text
        _UINT16.pack_into(memory, base + protocol.SLOT_LABEL_BYTES, len(text))
        _SLOT.pack_into(memory, base, connection, request_id, started_at)

    def finish(self, slot: int) -> None:
        """The last byte of the answer has been handed to the connection. A second call for one request counts nothing."""
        base = self._base(slot)
        if not _UINT32.unpack_from(self._memory, base + protocol.SLOT_REQUEST_ID)[0]:
            return
        _UINT32.pack_into(self._memory, base + protocol.SLOT_REQUEST_ID, 0)
        self._served[slot] += 1
        _UINT32.pack_into(self._memory, base + protocol.SLOT_SERVED, self._served[slot])

    @property
    def served(self) -> int:
        """How many requests all request threads of this interpreter have finished."""
        return sum(self._served)

    def _base(self, slot: int) -> int:
        return self._start + protocol.SCOREBOARD_HEADER_BYTES + slot * protocol.SCOREBOARD_SLOT_BYTES


def _area_bytes(slots: int) -> int:
    return protocol.SCOREBOARD_HEADER_BYTES + slots * protocol.SCOREBOARD_SLOT_BYTES


def _read_figures(data: bytes, slots: int) -> Optional[AreaFigures]:
    if not data.startswith(protocol.SCOREBOARD_MAGIC):
        return None
    served = busy = 0
    for slot in range(slots):
        base = protocol.SCOREBOARD_HEADER_BYTES + slot * protocol.SCOREBOARD_SLOT_BYTES
        served += _UINT32.unpack_from(data, base + protocol.SLOT_SERVED)[0]
        busy += _UINT32.unpack_from(data, base + protocol.SLOT_REQUEST_ID)[0] != 0
    return AreaFigures(
        served,
        busy,
        _FLOAT64.unpack_from(data, protocol.SCOREBOARD_ALIVE_AT)[0],
        _FLOAT64.unpack_from(data, protocol.SCOREBOARD_ACTIVITY_AT)[0],
    )
