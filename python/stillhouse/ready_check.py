"""ready-url: a process must answer this request with success before it gets requests of clients.

The request is made inside the process, without a socket: the parent says which script it goes to and what its environ
holds. It is repeated for a while, as what the application needs (a database) may be about to start, too.
"""

import time
from typing import Dict, List, Mapping

from .adapter import Adapter
from .exchange import HeaderList
from .settings import Settings

_ATTEMPT_PAUSE_SECONDS = 1.0
# How long it is tried where no startup-timeout says so.
_LIMIT_SECONDS = 10.0


class ReadyRequest:
    """The Exchange of one such request: no body comes, and of the response only the status counts."""

    def __init__(self, environ: Dict[str, str], facts: Mapping[str, object]) -> None:
        self.environ = environ
        self.facts = facts
        self.client_gone = False
        # Of a response that could not be made: as it would be for a client.
        self.status = 500

    def read(self, size: int) -> bytes:
        return b""

    def respond(self, status: str, headers: HeaderList, block: bytes, last: bool) -> None:
        self.status = int(status[:3])

    def write(self, block: bytes, last: bool = False) -> None:
        pass

    def send_file(self, descriptor: int, offset: int, count: int) -> None:
        pass

    def refuse(self, status: int, reason: str) -> None:
        self.status = status

    def truncate(self, reason: str) -> None:
        self.status = 500


def check_ready(settings: Settings, adapter: Adapter) -> List[Dict[str, str]]:
    """Empty where the application answers with a status below 400; else what the parent is told."""
    request = settings.ready_request
    if request is None:
        return []
    until = time.monotonic() + (settings.startup_timeout or _LIMIT_SECONDS)
    while True:
        exchange = ReadyRequest(dict(request["environ"]), request["facts"])
        adapter.serve(exchange, 0)
        if exchange.status < 400:
            return []
        if time.monotonic() >= until:
            url = exchange.environ.get("REQUEST_URI", request["environ"].get("REQUEST_URI", ""))
            return [{"script": str(request["facts"].get("script")), "message": f"ready-url {url}: {exchange.status}"}]
        time.sleep(_ATTEMPT_PAUSE_SECONDS)
