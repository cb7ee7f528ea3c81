"""A program of its own: sends descriptor 4 over the socket that is descriptor 3, with the command that says what it is.

Run by the parent (src/wsgi/pass-descriptor.ts), which as a Node program can't send descriptors itself.
"""

import array
import json
import socket

_SOCKET = 3
_DESCRIPTOR = 4


def main() -> None:
    control = socket.socket(fileno=_SOCKET)
    line = json.dumps({"command": "log"}).encode() + b"\n"
    rights = array.array("i", [_DESCRIPTOR])
    # The other end is the parent's, too, and does not block: a full buffer is an error here, and reported as one.
    if control.sendmsg([line], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, rights)]) != len(line):
        raise SystemExit(1)


if __name__ == "__main__":
    main()
