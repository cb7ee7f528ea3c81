"""The line to the parent: one socket, JSON lines both ways. Its end means that the parent is gone.

First line from the parent: how to run (a dict, see daemon_process.Settings). To the parent: {"event": ...}.
"""

import json
import os
import socket
from typing import Any, Dict

CONTROL_DESCRIPTOR = 3
_LINE_BYTES_LIMIT = 4_194_304


class Control:
    """The daemon process's end."""

    def __init__(self, descriptor: int = CONTROL_DESCRIPTOR) -> None:
        os.set_inheritable(descriptor, False)
        self.socket = socket.socket(fileno=descriptor)

    def receive(self) -> Dict[str, Any]:
        """The first line. Raises EOFError where the parent has gone, ValueError where it is no JSON object."""
        received = bytearray()
        while not received.endswith(b"\n"):
            block = self.socket.recv(65_536)
            if not block:
                raise EOFError("the parent closed the control socket")
            received += block
            if len(received) > _LINE_BYTES_LIMIT:
                raise ValueError("control line too long")
        value = json.loads(received)
        if not isinstance(value, dict):
            raise ValueError("control line is not an object")
        return value

    def send(self, event: str, **details: object) -> None:
        """Tells the parent; silently nothing where it has gone, which the main thread notices on its own."""
        try:
            self.socket.sendall(json.dumps({"event": event, **details}).encode() + b"\n")
        except OSError:
            pass  # the parent has gone
