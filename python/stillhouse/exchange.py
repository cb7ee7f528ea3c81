"""The border between running an application and how requests reach it.

The adapter sees one request as an Exchange: in a daemon process the channel makes them from frames, an embedded
interpreter makes them from a function call, tests make them from lists.
"""

from typing import Dict, List, Mapping, Optional, Protocol, Tuple

HeaderList = List[Tuple[str, str]]


class ClientGone(Exception):
    """The client left: nobody will read what is written. Not an error of anybody."""


class InputBroken(Exception):
    """The request body can't be read to its end; the message says why, in mod_wsgi's words."""


class Exchange(Protocol):
    """One request and the answer to it."""

    # CGI variables from the server, native strings (latin-1 decoded, PEP 3333). Owned by the adapter once handed over.
    environ: Dict[str, str]

    # Facts about the request that are no CGI variables (mod_wsgi's own keys): see the request frame.
    facts: Mapping[str, object]

    def read(self, size: int) -> bytes:
        """Up to `size` (> 0) bytes of the body, at least one; b'' at its end.

        Blocks until there is something. Raises InputBroken, or ClientGone.
        """

    def respond(self, status: str, headers: HeaderList, block: bytes, last: bool) -> None:
        """Sends the status line, the headers and the first block of the body, which may be empty, in one go.

        `last`: the body ends with this block. Raises ClientGone. Called once at most, before `write`.
        """

    def write(self, block: bytes, last: bool = False) -> None:
        """Sends one more block. Returns when it is on its way. Raises ClientGone."""

    def send_file(self, descriptor: int, offset: int, count: int) -> None:
        """Sends `count` bytes of a regular file as the rest of the body, and ends it. Raises ClientGone, OSError."""

    def refuse(self, status: int, reason: str) -> None:
        """No response can be made: the server answers with its own page of `status`. Only before `respond`."""

    def truncate(self, reason: str) -> None:
        """The response that has begun can't be completed: the client must see that it is incomplete."""

    @property
    def client_gone(self) -> bool:
        """True once the client is known to have left."""


class ErrorSink(Protocol):
    """Where log lines go: the group's error log in Apache's form."""

    def log(self, level: str, message: str, *, client: Optional[str] = None, module: str = "wsgi") -> None:
        """One record for each line of `message`. `level` is Apache's: emerg ... debug."""
