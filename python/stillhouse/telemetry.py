"""What one interpreter tells of its requests: who listens, and what is recorded.

Made by install_mod_wsgi_module for the interpreter, which holds it in its module `mod_wsgi`; handed to the adapter, which
looks here before each request whether anybody is interested, and to the process, which publishes what happens to it.
"""

from typing import Any, Dict, Optional

from .events import Events
from .request_metrics import RequestMetrics
from .server_metrics import ServerMetrics


class Telemetry:
    """Events and metrics of one interpreter."""

    __slots__ = ("events", "metrics", "_server")

    def __init__(self, events: Events, metrics: RequestMetrics, server: Optional[ServerMetrics]) -> None:
        self.events = events
        self.metrics = metrics
        # None where this process may not see what others run.
        self._server = server

    def server_metrics(self) -> Optional[Dict[str, Any]]:
        """The request threads of this daemon process, and of others of the server as far as this one may see them.

        None unless the process group has server-metrics=on.
        """
        return self._server.describe() if self._server is not None else None

    def publish_process_stopping(self, shutdown_reason: str) -> None:
        """See Events."""
        if self._server is not None:
            self._server.is_stopping = True
        self.events.publish_process_stopping(shutdown_reason)

    def publish_process_signal(self, signame: str, signum: int) -> None:
        """See Events."""
        self.events.publish_process_signal(signame, signum)
