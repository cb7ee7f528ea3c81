"""The line to the parent: one socket, JSON lines both ways. Its end means that the parent is gone.

From the parent, first how to run (settings.Settings), later commands:
    retire {reason, timeout}   a successor serves: take nothing new, finish within `timeout` seconds, then stop
    kept {message, age}        the successor that was asked for could not be started, `age` seconds ago: go on
    stacks {id}                answered by the event `stacks`
    describe {}                write the requests that run longest to the log, with their Python stacks
    log {}                     with an open descriptor: the error log from here on
To the parent, events:
    ready {pid, failed}        failed: [{script, message}], what was to be loaded before and could not be
    loaded {script, application_group}     for a request: successors load it before they are ready
    replace {reason, message}  a successor is wanted
    stopping {reason}
    failed {message}           this process can't run as configured
    stacks {id, threads}       [{tid, name, stack}]
"""

import array
import json
import os
import socket
import threading
from typing import Any, Dict, List

CONTROL_DESCRIPTOR = 3
_LINE_BYTES_LIMIT = 4_194_304
_RECEIVE_BYTES = 65_536
# More than one at a time would be left open by the kernel's cut: the parent sends them one by one.
_DESCRIPTORS_LIMIT = 4

Command = Dict[str, Any]


class Control:
    """The daemon process's end. `receive` is for the main thread, `send` for every thread."""

    def __init__(self, descriptor: int = CONTROL_DESCRIPTOR) -> None:
        os.set_inheritable(descriptor, False)
        self.socket = socket.socket(fileno=descriptor)
        self._received = bytearray()
        self._descriptors: List[int] = []
        # Commands that came with the settings.
        self._early: List[Command] = []
        self._send_lock = threading.Lock()

    def receive_settings(self) -> Command:
        """The first line. Raises EOFError where the parent has gone, ValueError where it is no JSON object."""
        while True:
            commands = self.receive()
            if commands:
                settings, *self._early = commands
                return settings

    @property
    def has_early(self) -> bool:
        """Commands came with the settings: `receive` has them, and nothing may be there to wait for."""
        return bool(self._early)

    def receive(self) -> List[Command]:
        """Waits for the next bytes; the lines that are whole with them. Raises EOFError, ValueError as above.

        A command that came with a descriptor has it under "descriptor".
        """
        if self._early:
            commands, self._early = self._early, []
            return commands
        space = socket.CMSG_SPACE(_DESCRIPTORS_LIMIT * array.array("i").itemsize)
        block, ancillary, _, _ = self.socket.recvmsg(_RECEIVE_BYTES, space)
        for level, kind, data in ancillary:
            if level == socket.SOL_SOCKET and kind == socket.SCM_RIGHTS:
                descriptors = array.array("i")
                descriptors.frombytes(data[: len(data) - len(data) % descriptors.itemsize])
                for descriptor in descriptors:
                    os.set_inheritable(descriptor, False)
                self._descriptors.extend(descriptors)
        if not block:
            raise EOFError("the parent closed the control socket")
        self._received += block
        if len(self._received) > _LINE_BYTES_LIMIT:
            raise ValueError("control line too long")
        *lines, rest = bytes(self._received).split(b"\n")
        self._received = bytearray(rest)
        return [self._decode(line) for line in lines]

    def _decode(self, line: bytes) -> Command:
        value = json.loads(line)
        if not isinstance(value, dict):
            raise ValueError("control line is not an object")
        if value.get("command") == "log" and self._descriptors:
            value["descriptor"] = self._descriptors.pop(0)
        return value

    def send(self, event: str, **details: object) -> None:
        """Tells the other side; silently nothing where it has gone, which the main thread notices on its own."""
        self._send_line({"event": event, **details})

    def send_command(self, command: str, **details: object) -> None:
        """As `send`, from the main interpreter to another one (guests.py)."""
        self._send_line({"command": command, **details})

    def _send_line(self, value: Command) -> None:
        line = json.dumps(value).encode() + b"\n"
        try:
            with self._send_lock:
                self.socket.sendall(line)
        except OSError:
            pass  # it has gone
