"""The scoreboard of one daemon process: which request each request thread is running.

Kept in shared memory so that it costs no system call and outlives the process: after a crash the http children read
the file and know which requests had started (never run again) and which had not (given to another process).
"""

import mmap
import os
import struct
from typing import Dict

from . import protocol

_HEADER = struct.Struct("<8sII")
_SLOT = struct.Struct("<IId")
_UINT32 = struct.Struct("<I")
_COUNTERS = struct.Struct("<II")
_FLOAT64 = struct.Struct("<d")
_LABEL_BYTES = struct.Struct("<H")
_LABEL_BYTES_LIMIT = protocol.SCOREBOARD_SLOT_BYTES - protocol.SLOT_LABEL


class Scoreboard:
    """Writer of the scoreboard file; one slot for each request thread, numbered from 0."""

    def __init__(self, path: str, slots: int, owner: "int | None" = None) -> None:
        """Creates the file, mode 0600; `owner` is the uid of the http children where that differs."""
        size = protocol.SCOREBOARD_HEADER_BYTES + slots * protocol.SCOREBOARD_SLOT_BYTES
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        try:
            os.ftruncate(descriptor, size)
            if owner is not None:
                os.fchown(descriptor, owner, -1)
            self._memory = mmap.mmap(descriptor, size)
        finally:
            os.close(descriptor)
        self._served = [0] * slots
        self._entries: Dict[int, int] = {}
        _HEADER.pack_into(self._memory, 0, protocol.SCOREBOARD_MAGIC, slots, os.getpid())

    def occupy(self, slot: int, thread_id: int) -> None:
        """The thread with this operating system id answers for `slot`."""
        base = self._base(slot)
        _COUNTERS.pack_into(self._memory, base + protocol.SLOT_SERVED, self._served[slot], thread_id)

    def open_connection(self, connection: int) -> None:
        """Gives the connection an entry in the table of highest started ids. The number may be one that had one."""
        for entry in range(protocol.SCOREBOARD_CONNECTIONS_ENTRIES):
            at = protocol.SCOREBOARD_CONNECTIONS_OFFSET + entry * protocol.SCOREBOARD_CONNECTIONS_ENTRY_BYTES
            if _UINT32.unpack_from(self._memory, at)[0] in (0, connection):
                _UINT32.pack_into(self._memory, at + 4, 0)
                _UINT32.pack_into(self._memory, at, connection)
                self._entries[connection] = at + 4
                return
        raise ValueError("more http children than the scoreboard has room for")

    def close_connection(self, connection: int) -> None:
        at = self._entries.pop(connection, None)
        if at is not None:
            _UINT32.pack_into(self._memory, at - 4, 0)

    def mark_started(self, connection: int, request_id: int) -> None:
        """From now on this request, and every one before it on its connection, counts as started.

        Called in the order of ids, by the holder of the channel's lead.
        """
        _UINT32.pack_into(self._memory, self._entries[connection], request_id)

    def prove_life(self, now: float) -> None:
        """The interpreter is not stuck. `now`: seconds since the epoch."""
        _FLOAT64.pack_into(self._memory, protocol.SCOREBOARD_ALIVE_AT, now)

    def start(self, slot: int, connection: int, request_id: int, started_at: float, label: str) -> None:
        """The thread is about to run this request."""
        base = self._base(slot)
        memory = self._memory
        text = label.encode("latin-1", "replace")[:_LABEL_BYTES_LIMIT]
        at = base + protocol.SLOT_LABEL
        memory[at : at + len(text)] = text
        _LABEL_BYTES.pack_into(memory, base + protocol.SLOT_LABEL_BYTES, len(text))
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
        """How many requests all request threads have finished."""
        return sum(self._served)

    @staticmethod
    def _base(slot: int) -> int:
        return protocol.SCOREBOARD_HEADER_BYTES + slot * protocol.SCOREBOARD_SLOT_BYTES
