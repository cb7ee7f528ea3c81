"""The module `mod_wsgi` that applications import: it exists only in memory.

Called once when an interpreter is set up, before any script is loaded. The module holds what is the interpreter's own:
its subscribers and its metrics.
"""

import sys
from importlib.machinery import PathFinder
from types import ModuleType
from typing import Optional, Tuple

from .error_log import ErrorLog
from .error_streams import LeveledSink
from .events import ActiveRequests, Events, request_data
from .file_wrapper import FileWrapper
from .log_handler import make_log_handler_class
from .request_metrics import RequestMetrics
from .request_timeout import RequestTimeout
from .server_metrics import ServerMetrics
from .telemetry import Telemetry

__all__ = ["APACHE_VERSION", "MOD_WSGI_VERSION", "RequestTimeout", "install_mod_wsgi_module"]

# The compatibility level: the mod_wsgi and Apache whose behaviour is offered to applications.
MOD_WSGI_VERSION: Tuple[int, int, int] = (6, 0, 5)
APACHE_VERSION: Tuple[int, int, int] = (2, 4, 62)

_ERROR_LOG_DESCRIPTOR = 2


def install_mod_wsgi_module(
    *,
    group: str,
    application_group: str,
    maximum_processes: int,
    threads_per_process: int,
    sink: Optional[LeveledSink] = None,
    server_metrics: bool = False,
    generation: int = 1,
    scoreboard: Optional[str] = None,
) -> Telemetry:
    """Makes `import mod_wsgi` work, and returns what adapter and process must tell it.

    `group` is '' in embedded mode, `application_group` '' for the main interpreter. `sink`: where LogHandler and what
    subscribers raise go; None is the standard error. `server_metrics`: server_metrics() is allowed; `generation` and
    `scoreboard`, the path of this process's scoreboard, are for that.
    """
    if sink is None:
        sink = ErrorLog(_ERROR_LOG_DESCRIPTOR)
    metrics = RequestMetrics(threads=threads_per_process, is_embedded=not group, watches_workers=server_metrics)
    server = None
    if server_metrics:
        server = ServerMetrics(metrics, processes=maximum_processes, generation=generation, scoreboard=scoreboard)
    events = Events(sink=sink, is_embedded=not group)
    telemetry = Telemetry(events, metrics, server)
    module = ModuleType("mod_wsgi", "What a WSGI application can learn about the process that hosts it.")
    module.__dict__.update(
        version=MOD_WSGI_VERSION,
        process_group=group,
        application_group=application_group,
        maximum_processes=maximum_processes,
        threads_per_process=threads_per_process,
        FileWrapper=FileWrapper,
        RequestTimeout=RequestTimeout,
        LogHandler=make_log_handler_class(sink),
        event_callbacks=events.event_callbacks,
        shutdown_callbacks=events.shutdown_callbacks,
        signal_callbacks=events.signal_callbacks,
        active_requests=ActiveRequests(),
        subscribe_events=events.subscribe_events,
        subscribe_shutdown=events.subscribe_shutdown,
        subscribe_signals=events.subscribe_signals,
        request_data=request_data,
        start_recording_metrics=metrics.start_recording,
        request_metrics=metrics.request_metrics,
        process_metrics=metrics.process_metrics,
        server_metrics=telemetry.server_metrics,
    )
    # The package of the same name from PyPI has submodules (mod_wsgi.express) that must stay importable.
    installed = PathFinder.find_spec("mod_wsgi")
    if installed is not None and installed.submodule_search_locations is not None:
        module.__path__ = list(installed.submodule_search_locations)
    sys.modules["mod_wsgi"] = module
    return telemetry
