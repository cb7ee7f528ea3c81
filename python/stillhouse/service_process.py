"""A daemon process without request threads (threads=0): it runs the import scripts of its group as a service.

    main            executes the scripts, one after the other; each blocks in a main loop of its own
    wsgi-caretaker  listens to the parent
    reaper          once the process was told to stop: faulthandler's watchdog, armed with shutdown-timeout

SIGTERM and SIGINT raise SystemExit in the script; a script may register handlers of its own for them. The process ends
when its scripts have returned and the threads that they started are over, and the parent starts another one at once.
"""

import os
import signal
import threading
from types import FrameType
from typing import Optional

from .caretaker import SignalPipe
from .control import Command, Control
from .error_log import ErrorLog, replace_standard_descriptors
from .monitor import arm_watchdog
from .process_naming import set_thread_name
from .script_loader import ScriptFailed, ScriptLoader
from .settings import Settings
from .stack_line import write_to_log_itself
from .stacks import collect_stacks

# Apache gives a process that runs a service this long; without a parent nobody else counts the time.
_STOP_SECONDS = 3.0
_EXIT_SCRIPT_FAILED = 1
_STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT)


def run_service(
    settings: Settings, *, control: Control, log: ErrorLog, signals: SignalPipe, loader: ScriptLoader
) -> int:
    """The life of the process once it is set up; returns its exit status. For the main thread."""
    return _Service(settings, control, log, loader).run(signals)


class _Service:
    def __init__(self, settings: Settings, control: Control, log: ErrorLog, loader: ScriptLoader) -> None:
        self._settings = settings
        self._control = control
        self._log = log
        self._loader = loader
        self._reason: Optional[str] = None
        # The main thread is in the script's code, and an exception there is the script's affair.
        self._in_script = False

    def run(self, signals: SignalPipe) -> int:
        for number in _STOP_SIGNALS:
            signal.signal(number, self._on_stop_signal)
        for number in (signal.SIGHUP, signal.SIGUSR1, signal.SIGUSR2):
            signal.signal(number, signal.SIG_IGN)
        # Other daemon processes have a main thread that reads this; here it runs the script.
        signal.set_wakeup_fd(-1)
        if any(number in _STOP_SIGNALS for number in signals.read()):
            self._reason = "shutdown_signal"  # it came while the process started
        # Said before the scripts begin: they are not expected to come to an end.
        self._control.send("ready", pid=os.getpid(), failed=[])
        threading.Thread(target=self._attend, name="wsgi-caretaker", daemon=True).start()
        failed = self._run_scripts()
        name = self._settings.group
        if self._reason is not None:
            self._log.log("info", f"Shutdown requested for daemon process '{name}'.")
        elif failed:
            # No orderly end: the parent lets some time pass between such processes.
            return _EXIT_SCRIPT_FAILED
        self._control.send("stopping", reason=self._reason or "service_ended")
        self._log.log("info", f"Stopping process '{name}'.")
        return 0

    def _run_scripts(self) -> bool:
        """True where a script could not be executed to its end."""
        failed = False
        for script, _ in self._settings.preload:
            try:
                self._enter_script()
                self._loader.run_service_script(script)
            except ScriptFailed:
                failed = True  # logged with its traceback
            except SystemExit:
                pass  # how a service ends, by itself or because it was told to
            finally:
                self._in_script = False
            if self._reason is not None:
                return failed
        self._join_threads()
        return failed

    def _join_threads(self) -> None:
        """A script may have started threads and returned: the service is what they do, and signals end it."""
        try:
            self._enter_script()
            for thread in threading.enumerate():
                if thread is not threading.main_thread() and not thread.daemon:
                    thread.join()
        except SystemExit:
            pass
        finally:
            self._in_script = False

    def _enter_script(self) -> None:
        self._in_script = True
        # A signal that came before this line found no script to interrupt.
        if self._reason is not None:
            raise SystemExit(0)

    def _on_stop_signal(self, number: int, frame: Optional[FrameType]) -> None:
        first = self._reason is None
        self._reason = self._reason or "shutdown_signal"
        if first and self._settings.shutdown_timeout > 0:
            arm_watchdog(self._settings.shutdown_timeout, "wsgi-reaper", "wsgi-main")
        if self._in_script:
            raise SystemExit(0)

    # The caretaker's thread.

    def _attend(self) -> None:
        set_thread_name("wsgi-caretaker")
        while True:
            try:
                for command in self._control.receive():
                    self._obey(command)
            except (EOFError, OSError, ValueError):
                self._outlive_parent()
                return

    def _obey(self, command: Command) -> None:
        name = command.get("command")
        if name == "retire":
            # A service has nothing to finish first: what it does ends where SystemExit finds it.
            self._stop(str(command["reason"]))
        elif name == "stacks":
            self._control.send("stacks", id=command["id"], threads=collect_stacks())
        elif name == "log":
            descriptor = command.get("descriptor")
            if isinstance(descriptor, int):
                replace_standard_descriptors(descriptor)

    def _outlive_parent(self) -> None:
        self._log.log("error", f"parent process has gone; daemon process '{self._settings.group}' stops")
        write_to_log_itself()
        self._stop("parent_gone")
        threading.Event().wait(_STOP_SECONDS)
        # The script, or a handler of its own, did not care.
        os.kill(os.getpid(), signal.SIGKILL)

    def _stop(self, reason: str) -> None:
        self._reason = self._reason or reason
        main = threading.main_thread().ident
        assert main is not None
        # To that thread: what it waits in must be interrupted.
        signal.pthread_kill(main, signal.SIGTERM)
