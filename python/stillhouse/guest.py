"""A sub-interpreter of a daemon process from the inside: one application group beside the main interpreter.

    wsgi-group      its main thread: does what the main interpreter tells it, runs its part of the shutdown
    wsgi-monitor    timers of its requests; attends to its channel when every request thread is busy
    request 1..num

Objects can't be shared between interpreters, so both talk over a socket pair, as daemon process and parent do; within a
process open descriptors go over it as numbers. guests.py is the other side.

From the main interpreter, first what guests.py sends as `start`, then commands:
    connect {socket}    a connection of an http child that is for this application group
    stop {reason}       the process shuts down: tell subscribers, start nothing more, let requests end
    retire {}           start nothing more, let requests end
    exit {}             run what is registered to be run at exit
    kept, stacks, describe, signal {name, number}   as in control.py
To it, events:
    ready {failed}      failed: [{script, message}]
    loaded, replace, stop_process {reason}, stacks      as in control.py
    idle {}             no request is running any more that is waited for
    finished {}         and the http children have closed
    exited {}
"""

import os
import select
import socket
import threading
import time
from typing import Dict, Optional

from .application_host import ApplicationHost, make_channel
from .control import Command, Control
from .daemon_threads import can_have_daemon_threads, make_thread
from .error_log import ErrorLog
from .exit_callbacks import run_exit_callbacks
from .permits import attach_permits
from .process_naming import name_threads_without_procfs, set_thread_name
from .process_setup import prepare_interpreter
from .scoreboard import Scoreboard
from .settings import Settings
from .shutdown import PARTING_SECONDS
from .stacks import collect_stacks, share_process

_DRAIN_SECONDS = 0.1


def main(control: int) -> None:
    """The life of the interpreter; entered once, by the thread that becomes its main thread."""
    line = Control(control)
    _Guest(line, line.receive_settings()).live()


class _Guest:
    """The interpreter, and to its monitor and request threads the caretaker of the process."""

    def __init__(self, control: Control, first: Command) -> None:
        self._control = control
        name: str = first["application_group"]
        settings = Settings.decode(first["settings"])
        if settings.chroot is not None:
            name_threads_without_procfs()
        set_thread_name("wsgi-group")
        self._log = ErrorLog(2, level=settings.log_level, application_group=name)
        share_process(bool(first["own_locks"]))
        _restore_environment(first["environment"])
        prepare_interpreter(settings, self._log)
        scoreboard = Scoreboard.attach(first["scoreboard"], settings.threads, first["area"], name)
        self._channel = make_channel(settings, scoreboard, self._log)
        self._channel.require_permits(attach_permits(first["permits"]))
        self._wanted_lock = threading.Lock()
        self._is_wanted = False
        self._host = ApplicationHost(
            settings,
            application_group=name,
            channel=self._channel,
            log=self._log,
            caretaker=self,
            on_loaded=lambda script: control.send("loaded", script=script),
        )
        self._parting_since: Optional[float] = None
        self._is_idle = False
        self._is_finished = False
        self._has_exited = False

    def live(self) -> None:
        host = self._host
        host.install_streams()
        host.prepare()
        failed = host.load_scripts()
        host.start()
        self._control.send("ready", failed=failed)
        while not self._has_exited:
            if self._parting_since is None or self._is_finished:
                self._receive()
            else:
                self._finish()

    # For monitor and request threads.

    def request_replacement(self, reason: str, message: str) -> bool:
        with self._wanted_lock:
            if self._is_wanted:
                return False
            self._is_wanted = True
        self._control.send("replace", reason=reason, message=message)
        return True

    def request_stop(self, reason: str) -> None:
        self._control.send("stop_process", reason=reason)

    # For the main thread.

    def _receive(self) -> None:
        for command in self._control.receive():
            self._obey(command)

    def _obey(self, command: Command) -> None:
        name = command.get("command")
        if name == "connect":
            peer = socket.socket(fileno=command["socket"])
            peer.setblocking(True)
            self._channel.accept(peer)
        elif name == "kept":
            self._is_wanted = False
            self._host.go_on(float(command["age"]))
        elif name == "stacks":
            self._control.send("stacks", id=command["id"], threads=collect_stacks())
        elif name == "describe":
            self._host.monitor.describe_running()
        elif name == "signal":
            # In a thread of its own: subscribers may keep it for as long as they like.
            arguments = (str(command["name"]), int(command["number"]))
            publish = self._host.telemetry.publish_process_signal
            make_thread(publish, "wsgi-signal", arguments).start()
        elif name == "retire":
            self._part()
        elif name == "stop":
            self._host.monitor.stop_watching()
            self._host.telemetry.publish_process_stopping(str(command["reason"]))
            self._part()
        elif name == "exit":
            run_exit_callbacks(self._log, joins_threads=can_have_daemon_threads())
            self._control.send("exited")
            self._has_exited = True

    def _part(self) -> None:
        """Nothing starts from here on."""
        if self._parting_since is None:
            self._channel.stop()
            self._parting_since = time.monotonic()

    def _finish(self) -> None:
        """One step towards the end of the requests; commands come in between."""
        if select.select([self._control.socket], [], [], 0)[0]:
            self._receive()
        self._channel.drain(_DRAIN_SECONDS)
        now = time.monotonic()
        if not self._is_idle:
            if self._channel.awaited > 0:
                return
            self._is_idle = True
            self._parting_since = now
            self._control.send("idle")
        # Reads on until they have closed: see finish_requests.
        if not self._channel.is_connected or now - (self._parting_since or now) >= PARTING_SECONDS:
            self._is_finished = True
            self._control.send("finished")


def _restore_environment(environment: Dict[str, str]) -> None:
    """os.environ begins as the process's did, without what applications of other interpreters have set since.

    Only this interpreter's view of it: the C library's is the process's, and what the others rely on.
    """
    seen = getattr(os.environ, "_data", None)
    if seen is not None:
        seen.clear()
        seen.update({os.fsencode(name): os.fsencode(value) for name, value in environment.items()})
