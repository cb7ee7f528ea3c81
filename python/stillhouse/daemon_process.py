"""The daemon process: its threads from start to end.

    main       caretaker (caretaker.py): accepts connections, waits for signals and the parent; runs the shutdown
    monitor    timers; attends to the channel when every request thread is busy
    deadlock   faulthandler's watchdog: ends a process whose interpreter is stuck
    request 1..num
    reaper     only during shutdown (shutdown.py)

These are the threads of the main interpreter. Each further application group has an interpreter of its own, with the
threads that guest.py names.

Started by the parent (src/wsgi/daemon-handle.ts) with the error log as descriptors 1 and 2, the control socket as 3 and
the line for stacks as 4.
"""

import math
import os
from typing import List

from . import privileges, protocol
from .application_host import ApplicationHost, make_channel
from .caretaker import Caretaker, SignalPipe
from .control import Control
from .error_log import ErrorLog
from .exit_callbacks import run_exit_callbacks
from .guests import Guests
from .neighbours import Neighbours
from .process_naming import set_display_name, set_thread_name
from .process_setup import (
    CannotStart,
    listen,
    prepare_environment,
    prepare_interpreter,
    set_priority,
    take_identity,
)
from .reception import Reception
from .runtime_image import RuntimeImage
from .scoreboard import Scoreboard
from .service_process import run_service
from .settings import Settings
from .shutdown import finish_requests, start_reaper
from .stack_line import open_stack_line, write_to_log_itself

# Without a parent nobody waits for us: no longer than this, whatever shutdown-timeout says.
_ORPHAN_SHUTDOWN_SECONDS = 3.0


def main() -> int:
    """Exit status: 0 after an orderly end, protocol.DAEMON_EXIT_CANNOT_START with an event for the parent."""
    signals = SignalPipe()
    control = Control()
    try:
        settings = Settings.decode(control.receive_settings())
    except EOFError:
        return 0
    log = ErrorLog(2, level=settings.log_level)
    try:
        process = DaemonProcess(settings, control, log, signals)
    except (CannotStart, privileges.PrivilegeError, OSError) as error:
        control.send("failed", message=str(error))
        return protocol.DAEMON_EXIT_CANNOT_START
    return process.run()


class DaemonProcess:
    """One process of a daemon process group."""

    def __init__(self, settings: Settings, control: Control, log: ErrorLog, signals: SignalPipe) -> None:
        self._settings = settings
        self._control = control
        self._log = log
        self._signals = signals
        if settings.display_name:
            set_display_name(settings.display_name)
        set_thread_name("wsgi-main")
        set_priority(settings)
        self._listener = listen(settings)
        owner = settings.http_uid if settings.user else None
        scoreboard = Scoreboard(settings.scoreboard, settings.threads, owner)
        image = RuntimeImage()
        if settings.user is not None or settings.chroot is not None:
            image.keep_sources()
        take_identity(settings, log)
        prepare_environment(settings, log)
        own = settings.for_interpreter("")
        prepare_interpreter(own, log)
        self._channel = make_channel(settings, scoreboard, log)
        self._guests = Guests(
            settings, scoreboard=scoreboard, channel=self._channel, image=image, log=log, nudge=signals.nudge
        )
        self._caretaker = Caretaker(
            settings,
            control=control,
            log=log,
            signals=signals,
            reception=Reception(settings, listener=self._listener, channel=self._channel, guests=self._guests),
            channel=self._channel,
            guests=self._guests,
            on_kept=lambda age: self._host.go_on(age),
            on_cpu_limit=lambda: self._host.monitor.cpu_time_exceeded(),
            on_signal=lambda name, number: self._host.telemetry.publish_process_signal(name, number),
            on_describe=lambda: self._host.monitor.describe_running(),
        )
        self._host = ApplicationHost(
            own,
            application_group="",
            channel=self._channel,
            log=log,
            caretaker=self._caretaker,
            on_loaded=lambda script: control.send("loaded", script=script, application_group=""),
            is_loaded=lambda: self._guests.has_loaded or bool(self._host.loader.loaded),
            neighbours=Neighbours(scoreboard),
        )

    def run(self) -> int:
        settings = self._settings
        self._log.log("info", f"Starting daemon process '{settings.group}' with threads={settings.threads}.")
        open_stack_line()
        self._host.install_streams()
        if settings.threads == 0:
            return run_service(
                settings, control=self._control, log=self._log, signals=self._signals, loader=self._host.loader
            )
        self._host.prepare()
        failed = self._host.load_scripts()
        failed += self._guests.start(self._find_first_guests(), self._caretaker.on_guest_event)
        try:
            self._host.start()
        except RuntimeError as error:
            # The stacks of threads count against memory-limit and virtual-memory-limit.
            self._control.send("failed", message=f"{error}: raise the memory limits, or lower threads or stack-size")
            return protocol.DAEMON_EXIT_CANNOT_START
        self._control.send("ready", pid=os.getpid(), failed=failed)
        return self._shut_down(self._caretaker.attend())

    def _find_first_guests(self) -> List[str]:
        """Application groups that are there when the process serves, in the order of their scripts."""
        settings = self._settings
        names = [place.application_group for place in (*settings.preload, *settings.known_scripts)]
        if settings.ready_request is not None:
            names.append(settings.ready_request.get("application_group", ""))
        return [name for name in dict.fromkeys(names) if name]

    def _shut_down(self, reason: str) -> int:
        settings = self._settings
        orphaned = reason == "parent_gone"
        self._control.send("stopping", reason=reason)
        self._log.log("info", f"Shutdown requested for daemon process '{settings.group}'.")
        timeout = settings.shutdown_timeout
        if orphaned:
            self._log.log("error", f"parent process has gone; daemon process '{settings.group}' stops")
            timeout = min(timeout or _ORPHAN_SHUTDOWN_SECONDS, _ORPHAN_SHUTDOWN_SECONDS)
            write_to_log_itself()
        self._host.monitor.stop_watching()
        if timeout > 0:
            start_reaper(timeout, settings.group, self._log)
        self._guests.stop()
        self._guests.tell("stop", reason=reason)
        self._host.telemetry.publish_process_stopping(reason)
        finish_requests(self._channel, self._caretaker.attend_to_ending)
        self._listener.close()
        self._log.log("info", f"Stopping process '{settings.group}'.")
        if orphaned:
            self._remove_files()
        if not settings.destroy_interpreter:
            os._exit(0)
        if self._guests:
            self._exit_all(timeout)
        return 0

    def _exit_all(self, timeout: float) -> None:
        """The sub-interpreters first, as mod_wsgi does; one that takes long must not cost the others their callbacks."""
        self._guests.exit()
        is_over = self._guests.wait_for_exit(timeout / 2 if timeout > 0 else math.inf)
        run_exit_callbacks(self._log)
        if not is_over:
            self._guests.wait_for_exit(math.inf)
        # An interpreter that had threads can't be taken down.
        os._exit(0)

    def _remove_files(self) -> None:
        """The parent removes its children's files; where it can't any more, we try."""
        for path in (self._settings.socket, self._settings.scoreboard):
            try:
                os.unlink(path)
            except OSError:
                pass  # the folder may not be ours to write in: the next start of the server removes it
