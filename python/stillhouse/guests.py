"""The sub-interpreters of a daemon process as its main thread sees them; guest.py is what runs inside.

    absent ──first connection, or preload──▶ starting ──ready──▶ serving ──stop──▶ idle ──▶ finished ──exit──▶ exited
                                                 └────────▶ failed (made anew for the next connection)

Each is made in a thread of its own, which becomes the interpreter's main thread: nobody else waits for it meanwhile.
Connections that come for one that is starting wait here. There is a limit, as names may come from clients (%{HOST}).
"""

import os
import select
import socket
import sys
import threading
import time
from collections import deque
from typing import Callable, Deque, Dict, Iterable, Iterator, List, Optional, Tuple

from . import protocol
from .application_host import Failures
from .channel import Channel
from .control import Command, Control
from .error_log import ErrorLog
from .permits import Permits, make_permits
from .process_naming import describe_process, set_thread_name
from .runtime_image import RuntimeImage
from .scoreboard import Scoreboard
from .settings import Settings
from .stacks import share_process
from .sub_interpreters import InterpreterFailed, are_available, can_have_own_lock, create_interpreter, run_in_interpreter

_REPORT_SECONDS = 10.0
# After a failure the next connection has it tried again, but not at once.
_RETRY_SECONDS = 10.0
_POLL_SECONDS = 0.1

Event = Tuple[str, Command]


class _Guest:
    def __init__(self, name: str, control: Control, far_end: socket.socket) -> None:
        self.name = name
        self.control = control
        # The interpreter's end of the line, until it has it.
        self.far_end = far_end
        self.waiting: List[socket.socket] = []
        self.is_serving = False
        self.is_idle = False
        self.is_finished = False
        self.has_exited = False


class Guests:
    """Used by the main thread; only `has_loaded` is for others too.

    `nudge` wakes the main thread, which then calls `collect_failed`.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        scoreboard: Scoreboard,
        channel: Channel,
        image: RuntimeImage,
        log: ErrorLog,
        nudge: Callable[[], None],
    ) -> None:
        self._settings = settings
        self._scoreboard = scoreboard
        self._channel = channel
        self._image = image
        self._log = log
        self._nudge = nudge
        self._guests: Dict[str, _Guest] = {}
        self._by_socket: Dict[int, _Guest] = {}
        self._failed: Deque[Tuple[_Guest, str]] = deque()
        # With those that came to nothing: what was made stays for as long as the process.
        self._made = 0
        self._failures: Dict[str, Tuple[str, float]] = {}
        self._is_exiting = False
        self._permits: Optional[Permits] = None
        # As the process was started: what the application of one interpreter puts there is not meant for the others.
        self._environment = {os.fsdecode(name): os.fsdecode(value) for name, value in os.environb.items()}
        self._next_report = 0.0
        asked = [settings.per_interpreter_gil, *(one.per_interpreter_gil for one in settings.interpreter_options)]
        self._may_have_own_locks = any(asked) and can_have_own_lock()
        self._stops = False
        # A script has been loaded in one of them.
        self.has_loaded = False

    def __bool__(self) -> bool:
        return bool(self._guests)

    @property
    def sockets(self) -> Iterable[int]:
        """What the main thread polls."""
        return self._by_socket

    def connect(self, name: str, peer: socket.socket) -> None:
        """Passes on the connection of an http child that is for this application group; its hello is still unread."""
        if self._stops:
            # It says goodbye there, and gives back what comes over it.
            self._channel.accept(peer)
            return
        guest = self._guests.get(name)
        if guest is None:
            objection = self._find_objection(name)
            if objection is not None:
                self._channel.accept(peer, objection)
                return
            guest = self._start(name)
        if guest.is_serving:
            guest.control.send_command("connect", socket=peer.detach())
        else:
            guest.waiting.append(peer)

    def start(self, names: Iterable[str], on_event: Callable[[str, Command], None]) -> Failures:
        """Makes those that have scripts to load when the process starts, and waits until they have."""
        failures: Failures = []
        for name in names:
            objection = self._find_objection(name)
            if objection is None:
                self._start(name)
            else:
                failures.append({"script": f"application group '{name}'", "message": objection})
        starting = set(self._guests)
        while starting:
            for name, event in self.poll(_POLL_SECONDS):
                if event["event"] == "ready":
                    failures += event["failed"]
                    starting.discard(name)
                else:
                    on_event(name, event)
            for name, message in self.collect_failed():
                failures.append({"script": f"application group '{name}'", "message": message})
                starting.discard(name)
        return failures

    def receive(self, descriptor: int) -> Iterator[Event]:
        """What the interpreter at the other end of this socket tells, `ready` included."""
        guest = self._by_socket.get(descriptor)
        if guest is None:
            return
        try:
            events = guest.control.receive()
        except (EOFError, OSError, ValueError):
            # Its program has ended: the thread that ran it says why.
            del self._by_socket[descriptor]
            return
        for event in events:
            name = event.get("event")
            if name == "ready":
                self._serve(guest)
            elif name == "idle":
                guest.is_idle = True
            elif name == "finished":
                guest.is_finished = True
            elif name == "exited":
                guest.has_exited = True
            elif name == "loaded":
                self.has_loaded = True
            yield guest.name, event

    def poll(self, seconds: float) -> Iterator[Event]:
        """As `receive`, for whichever has something to tell within that time."""
        if not self._by_socket and seconds > 0:
            time.sleep(seconds)
        poll = select.poll()
        for descriptor in self._by_socket:
            poll.register(descriptor, select.POLLIN)
        for descriptor, _ in poll.poll(seconds * 1000):
            yield from self.receive(descriptor)

    @property
    def serving(self) -> int:
        """How many of them have told that they are ready."""
        return sum(guest.is_serving for guest in self._guests.values())

    def tell(self, command: str, **details: object) -> None:
        """To every one of them that serves."""
        for guest in self._guests.values():
            if guest.is_serving:
                guest.control.send_command(command, **details)

    def collect_failed(self) -> List[Tuple[str, str]]:
        """Names and reasons of those that could not be made, or have ended. What waited for them is refused."""
        found = []
        while self._failed:
            guest, message = self._failed.popleft()
            self._by_socket.pop(guest.control.socket.fileno(), None)
            guest.control.socket.close()
            if self._guests.get(guest.name) is guest:
                del self._guests[guest.name]
            self._failures[guest.name] = (message, time.monotonic() + _RETRY_SECONDS)
            text = f"application group '{guest.name}' of {describe_process(self._settings.group)}"
            if guest.is_serving:
                self._log.log("crit", f"sub-interpreter of {text} has ended: {message}")
            else:
                self._log.log("error", f"no sub-interpreter could be made for {text}: {message}")
            for peer in guest.waiting:
                self._channel.accept(peer, f"no sub-interpreter for application group '{guest.name}'")
            guest.waiting.clear()
            guest.far_end.close()
            found.append((guest.name, message))
        return found

    # Shutdown.

    def stop(self) -> None:
        """Nothing is handed to them from here on; what waits for one that is not ready goes elsewhere."""
        self._stops = True
        for guest in self._guests.values():
            for peer in guest.waiting:
                self._channel.accept(peer)
            guest.waiting.clear()

    @property
    def are_idle(self) -> bool:
        return all(guest.is_idle or not guest.is_serving for guest in self._guests.values())

    @property
    def are_finished(self) -> bool:
        return all(guest.is_finished or not guest.is_serving for guest in self._guests.values())

    def exit(self) -> None:
        """Has all of them run what is registered at exit."""
        self._is_exiting = True
        self.tell("exit")

    def wait_for_exit(self, seconds: float) -> bool:
        """Waits until what is registered at exit has run in all of them. False where that takes longer."""
        until = time.monotonic() + seconds
        while any(guest.is_serving and not guest.has_exited for guest in self._guests.values()):
            if time.monotonic() >= until:
                return False
            for _ in self.poll(_POLL_SECONDS):
                pass
            self.collect_failed()
        return True

    # Making one.

    def _find_objection(self, name: str) -> Optional[str]:
        limit = protocol.SUB_INTERPRETERS_LIMIT
        now = time.monotonic()
        message, until = self._failures.get(name, ("", 0.0))
        if now < until:
            return f"no sub-interpreter for application group '{name}': {message}"
        if self._made < limit:
            return None
        if now >= self._next_report:
            self._next_report = now + _REPORT_SECONDS
            self._log.log(
                "error",
                f"no sub-interpreter for application group '{name}': {describe_process(self._settings.group)} has {limit} "
                "already, which is the limit; its requests get 503. Choose names of which there are fewer with "
                "WSGIApplicationGroup (%{HOST} is what clients send).",
            )
        return f"this process has {limit} application groups already"

    def _start(self, name: str) -> _Guest:
        self._made += 1
        near, far = socket.socketpair()
        guest = _Guest(name, Control(near.detach()), far)
        self._guests[name] = guest
        self._by_socket[guest.control.socket.fileno()] = guest
        if self._permits is None:
            self._permits = make_permits(self._settings.threads)
        self._channel.require_permits(self._permits)
        threading.Thread(target=self._run, args=(guest, self._scoreboard.add_area()), name="wsgi-group", daemon=True).start()
        return guest

    def _serve(self, guest: _Guest) -> None:
        guest.is_serving = True
        if self._permits is not None:
            self._channel.require_permits(self._permits)
        for peer in guest.waiting:
            guest.control.send_command("connect", socket=peer.detach())
        guest.waiting.clear()
        if self._stops:
            # It has not been told to stop, nor has it got anything to do.
            guest.is_idle = guest.is_finished = True
            if self._is_exiting:
                guest.control.send_command("exit")
        self._log.log(
            "info", f"Created sub-interpreter '{guest.name}' in {describe_process(self._settings.group)}."
        )

    def _run(self, guest: _Guest, area: int) -> None:
        """The life of the interpreter, in its main thread."""
        set_thread_name("wsgi-group")
        try:
            self._enter(guest, area)
            message = "it has come to its end"
        except (InterpreterFailed, OSError, RuntimeError) as error:
            message = str(error)
        if self._is_exiting:
            guest.has_exited = True
            return
        self._failed.append((guest, message))
        self._nudge()

    def _enter(self, guest: _Guest, area: int) -> None:
        settings = self._settings.for_interpreter(guest.name)
        if not are_available():
            raise InterpreterFailed("this Python has no module to make sub-interpreters with")
        own_lock = settings.per_interpreter_gil and can_have_own_lock()
        if settings.per_interpreter_gil and not own_lock:
            version = ".".join(map(str, sys.version_info[:2]))
            self._log.log(
                "warn",
                f"WSGIPerInterpreterGIL has no effect on application group '{guest.name}' of "
                f"{describe_process(settings.group)}: Python {version} has one lock for all interpreters.",
            )
        share_process(self._may_have_own_locks)
        interpreter = create_interpreter(own_lock)
        program = self._image.program(guest.far_end.fileno())
        assert self._permits is not None
        guest.control.send_command(
            "start",
            settings=settings.encode(),
            application_group=guest.name,
            area=area,
            scoreboard=self._scoreboard.descriptor,
            permits=self._permits.handle,
            own_locks=self._may_have_own_locks,
            environment=self._environment,
        )
        guest.far_end.detach()
        run_in_interpreter(interpreter, program)
