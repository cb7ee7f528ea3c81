"""mod_wsgi.server_metrics(): Apache's scoreboard, made from what a daemon process can know.

There is no scoreboard of the whole server here. Rows are of daemon processes: this one with all that is known of its
request threads, and others of the server as far as their scoreboard files may be read by this process's user. What
is not known of those (bytes, clients, generation) is None. Key by key the form is mod_wsgi's.
"""

import os
import re
import struct
import time
from typing import Any, Dict, List, Optional, Tuple

from . import protocol
from .request_metrics import RequestMetrics, RunningRequest, Worker

_FILE_NAME = re.compile(r"daemon-(\d+)\.scoreboard")
_HEADER = struct.Struct("<8sII")
_SLOT = struct.Struct("<IIdI")
_LABEL_BYTES = struct.Struct("<H")

# mod_status's letters.
_READY = "_"
_WRITING = "W"
_FINISHING = "G"


class ServerMetrics:
    """Answers server_metrics() in a process that may ask."""

    def __init__(self, metrics: RequestMetrics, *, processes: int, generation: int, scoreboard: Optional[str]) -> None:
        """`scoreboard`: this process's file; its folder has those of the others. None: only this process is shown."""
        self._metrics = metrics
        self._processes = processes
        self._generation = generation
        self._scoreboard = scoreboard
        self.is_stopping = False

    def describe(self) -> Dict[str, Any]:
        started_at = self._metrics.started_at
        now = time.time()
        own = self._describe_own()
        others = list_other_processes(self._scoreboard) if self._scoreboard is not None else []
        processes = [own] + others
        for number, process in enumerate(processes):
            process["process_num"] = number
        return {
            "server_limit": self._processes,
            "thread_limit": self._metrics.threads,
            "running_generation": self._generation,
            "restart_time": started_at,
            "current_time": now,
            "running_time": int(now - started_at),
            "processes": processes,
        }

    def _describe_own(self) -> Dict[str, Any]:
        return {
            "process_num": 0,
            "pid": os.getpid(),
            "generation": self._generation,
            "quiescing": self.is_stopping,
            "workers": [
                self._describe_worker(number, worker, running)
                for number, (worker, running) in enumerate(self._metrics.list_workers())
            ],
        }

    def _describe_worker(self, number: int, worker: Worker, running: Optional[RunningRequest]) -> Dict[str, Any]:
        request = running or worker.last
        status = _WRITING if running is not None else _READY
        return {
            "thread_num": number,
            "generation": self._generation,
            "status": _FINISHING if self.is_stopping and running is not None else status,
            "access_count": worker.access_count,
            "bytes_served": worker.bytes_served,
            "start_time": request.started_at if request is not None else 0.0,
            # Of the request before, while one runs.
            "stop_time": worker.stopped_at,
            "last_used": running.started_at if running is not None else worker.stopped_at,
            "client": request.client if request is not None else None,
            "request": request.request if request is not None else None,
            "vhost": request.vhost if request is not None else None,
        }


def list_other_processes(scoreboard: str) -> List[Dict[str, Any]]:
    """One row for each other daemon process whose scoreboard can be read, oldest first."""
    folder, own = os.path.split(scoreboard)
    found: List[Tuple[int, str]] = []
    try:
        for name in os.listdir(folder):
            match = _FILE_NAME.fullmatch(name)
            if match is not None and name != own:
                found.append((int(match.group(1)), name))
    except OSError:
        return []  # the folder is the server's own: another user may only pass through it
    rows = []
    for _, name in sorted(found):
        try:
            with open(os.path.join(folder, name), "rb") as file:
                row = _decode(file.read())
        except OSError:
            continue  # that process has ended meanwhile, or it is another user's
        if row is not None:
            rows.append(row)
    return rows


def _decode(data: bytes) -> Optional[Dict[str, Any]]:
    if len(data) < protocol.SCOREBOARD_HEADER_BYTES:
        return None
    magic, slots, pid = _HEADER.unpack_from(data)
    area_bytes = protocol.SCOREBOARD_HEADER_BYTES + slots * protocol.SCOREBOARD_SLOT_BYTES
    if magic != protocol.SCOREBOARD_MAGIC or len(data) < area_bytes:
        return None  # just being made
    workers: List[Dict[str, Any]] = []
    for area in range(0, len(data) - area_bytes + 1, area_bytes):
        if data.startswith(protocol.SCOREBOARD_MAGIC, area):
            workers += _decode_area(data, area, slots, len(workers))
    return {"process_num": 0, "pid": pid, "generation": None, "quiescing": None, "workers": workers}


def _decode_area(data: bytes, area: int, slots: int, first: int) -> List[Dict[str, Any]]:
    workers = []
    for slot in range(slots):
        base = area + protocol.SCOREBOARD_HEADER_BYTES + slot * protocol.SCOREBOARD_SLOT_BYTES
        _, request_id, started_at, served = _SLOT.unpack_from(data, base)
        (length,) = _LABEL_BYTES.unpack_from(data, base + protocol.SLOT_LABEL_BYTES)
        label = data[base + protocol.SLOT_LABEL :][:length].decode("latin-1")
        workers.append(
            {
                "thread_num": first + slot,
                "generation": None,
                "status": _WRITING if request_id else _READY,
                "access_count": served,
                "bytes_served": None,
                "start_time": started_at,
                "stop_time": None,
                "last_used": started_at,
                "client": None,
                "request": label or None,
                "vhost": None,
            }
        )
    return workers
