"""How one daemon process is to run: the first line on the control socket, as values.

Named tuples, whose lists are not to be changed: dataclasses would cost each process a third of its start.
"""

from typing import Any, Dict, List, NamedTuple, Optional, Sequence


class User(NamedTuple):
    """Whom to become. `groups`: supplementary groups, None for those that the system gives the user."""

    uid: int
    gid: int
    name: str
    home: str
    groups: Optional[List[int]] = None


class ScriptPlace(NamedTuple):
    """A script, and in which application group it runs; '' is the main interpreter."""

    path: str
    application_group: str = ""


class InterpreterOptions(NamedTuple):
    """What an <WSGIInterpreterOptions> container says; None is not said."""

    # None: of every application group.
    application_group: Optional[str] = None
    per_interpreter_gil: Optional[bool] = None
    switch_interval: Optional[float] = None
    python_path: Sequence[str] = ()
    restrict_signal: Optional[bool] = None
    restrict_stdin: Optional[bool] = None
    restrict_stdout: Optional[bool] = None


_OVERRIDES = ("per_interpreter_gil", "switch_interval", "restrict_signal", "restrict_stdin", "restrict_stdout")


class Settings(NamedTuple):
    """Names follow WSGIDaemonProcess's options; timeouts in seconds, sizes in bytes, 0 is off."""

    group: str
    threads: int
    processes: int
    multiprocess: bool
    socket: str
    scoreboard: str
    # The http children's uid where it is not this process's own at start.
    http_uid: int
    run_once: bool = False
    # None: stay who we are (the server was not started as root).
    user: Optional[User] = None
    listen_backlog: int = 100
    display_name: Optional[str] = None
    home: Optional[str] = None
    umask: Optional[int] = None
    lang: Optional[str] = None
    locale: Optional[str] = None
    python_path: Sequence[str] = ()
    python_eggs: Optional[str] = None
    stack_size: int = 0
    cpu_priority: int = 0
    deadlock_timeout: float = 300
    shutdown_timeout: float = 5
    socket_timeout: float = 60
    # Registrations of signal handlers by the application are ignored.
    restrict_signal: bool = True
    # Use of sys.stdin or sys.stdout raises an error.
    restrict_stdin: bool = False
    restrict_stdout: bool = False
    # False: the process ends without taking Python down, and so without what atexit has registered.
    destroy_interpreter: bool = True
    # CoreDumpDirectory is set: the process may leave its memory in a file when it crashes.
    core_dumps: bool = False
    # Stop, to be replaced, when a file of the application changes.
    reload_on_changes: bool = False
    # Scripts to load before the first request, in order.
    preload: Sequence[ScriptPlace] = ()
    # Scripts that other processes of the group have loaded for requests: loaded likewise, where they are still there.
    known_scripts: Sequence[ScriptPlace] = ()
    # ready-url: {"environ", "facts", "application_group"} of the request to be answered with success.
    ready_request: Optional[Dict[str, Any]] = None
    log_level: str = "warn"
    http_children: int = 1
    mpm_name: str = "event"
    # Which configuration or code of the group this process belongs to; grows.
    generation: int = 1
    graceful_timeout: float = 15
    # 0: graceful_timeout.
    eviction_timeout: float = 0
    maximum_requests: int = 0
    restart_interval: float = 0
    # Resident size at which the process asks to be replaced.
    memory_recycle: int = 0
    inactivity_timeout: float = 0
    request_timeout: float = 0
    interrupt_timeout: float = 0
    startup_timeout: float = 0
    cpu_time_limit: int = 0
    memory_limit: int = 0
    virtual_memory_limit: int = 0
    chroot: Optional[str] = None
    # Owner of the socket where it is not the http children's user.
    socket_uid: Optional[int] = None
    # The http children's group; they use it to reach a socket that belongs to another user.
    http_gid: Optional[int] = None
    send_buffer_size: int = 0
    receive_buffer_size: int = 0
    # 0: 32768.
    header_buffer_size: int = 0
    # None: Python's own.
    switch_interval: Optional[float] = None
    server_metrics: bool = False
    # Sub-interpreters have a lock of their own.
    per_interpreter_gil: bool = False
    # For single interpreters; of two that say the same the later one counts.
    interpreter_options: Sequence[InterpreterOptions] = ()

    def for_interpreter(self, application_group: str) -> "Settings":
        """As they are in one interpreter of the process."""
        changed: Dict[str, Any] = {}
        path = list(self.python_path)
        for options in self.interpreter_options:
            if options.application_group not in (None, application_group):
                continue
            for name in _OVERRIDES:
                value = getattr(options, name)
                if value is not None:
                    changed[name] = value
            # The later, the nearer to the front.
            path = [*options.python_path, *path]
        return self._replace(**changed, python_path=path)

    def encode(self) -> Dict[str, Any]:
        """What `decode` takes."""
        options = [one._asdict() for one in self.interpreter_options]
        return {**self._asdict(), "user": self.user and self.user._asdict(), "interpreter_options": options}

    @staticmethod
    def decode(value: Dict[str, Any]) -> "Settings":
        """Raises ValueError for a name that this runtime does not know: parent and runtime do not fit together."""
        unknown = sorted(set(value).difference(Settings._fields))
        if unknown:
            raise ValueError(f"unknown settings from the parent: {', '.join(unknown)}")
        user = value.get("user")
        made: Dict[str, Any] = {**value, "user": User(**user) if user else None}
        for name in ("preload", "known_scripts"):
            made[name] = [ScriptPlace(*place) for place in value.get(name, ())]
        made["interpreter_options"] = [InterpreterOptions(**one) for one in value.get("interpreter_options", ())]
        return Settings(**made)
