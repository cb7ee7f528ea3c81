"""From a process that has just been started to one that runs as its group's options say: socket, user, folder, Python.

Called once each, in this order, by the main thread of a daemon process before there are others.
"""

import os
import site
import socket
import sys
import threading
from typing import Callable, FrozenSet

from . import privileges
from .error_log import ErrorLog
from .resource_limits import apply_limits
from .root_folder import forget_outside, load_before_chroot
from .settings import Settings

_PR_SET_DUMPABLE = 4
# Where send-buffer-size is 0: with room for several blocks of several request threads none of them waits for the http
# child between two of its own. Linux grants as much of it as net.core.wmem_max allows.
_SEND_BUFFER_BYTES = 1_048_576


class CannotStart(Exception):
    """This process can't run as configured; starting it again would not help."""


def listen(settings: Settings) -> socket.socket:
    """Only the http children's user and that of socket-user may connect: the mode says so before the socket listens."""
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    former = os.umask(0o177)
    try:
        listener.bind(settings.socket)
    except OSError as error:
        raise CannotStart(f"can't bind '{settings.socket}': {error.strerror}") from error
    finally:
        os.umask(former)
    if settings.user:
        _give_socket(settings)
    listener.listen(settings.listen_backlog)
    listener.setblocking(False)
    return listener


def _give_socket(settings: Settings) -> None:
    """To the http children's user; under socket-user to that one, and the http children get in by their group."""
    owner = settings.socket_uid
    if owner is None or owner == settings.http_uid:
        os.chown(settings.socket, settings.http_uid, -1)
        return
    if settings.http_gid is None:
        raise CannotStart("socket-user without the group of the http children: the parent does not fit this runtime")
    os.chown(settings.socket, owner, settings.http_gid)
    # Others of that group get as far as accept(), where `peer_uids` decides.
    os.chmod(settings.socket, 0o660)


def peer_uids(settings: Settings) -> FrozenSet[int]:
    """Whose connections are accepted."""
    extra = () if settings.user is None or settings.socket_uid is None else (settings.socket_uid,)
    return frozenset((settings.http_uid, *extra))


def size_buffers(peer: socket.socket, settings: Settings) -> None:
    """send-buffer-size and receive-buffer-size of an accepted connection: Linux does not pass on the listener's."""
    peer.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, settings.send_buffer_size or _SEND_BUFFER_BYTES)
    if settings.receive_buffer_size:
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, settings.receive_buffer_size)


def set_priority(settings: Settings) -> None:
    """While still root: only root may ask for more than others have."""
    if not settings.cpu_priority:
        return
    try:
        os.setpriority(os.PRIO_PROCESS, 0, settings.cpu_priority)
    except OSError as error:
        raise CannotStart(f"can't set cpu-priority={settings.cpu_priority}: {error.strerror}") from error


def take_identity(settings: Settings, log: ErrorLog) -> None:
    """Root folder, ids, working folder, umask, limits; in mod_wsgi's order. For good."""
    user = settings.user
    if settings.chroot is not None:
        if user is None:
            # Root gets out of every folder, and others are not allowed to enter one.
            raise CannotStart("Cannot chroot WSGI daemon process when not root")
        load_before_chroot()
    elif user is not None:
        _load_library()
    make_dumpable = _dump_switch() if settings.core_dumps else None
    if user is not None:
        try:
            privileges.become(user.uid, user.gid, user.name, user.groups, settings.chroot)
        except OSError as error:
            inside = f" in '{settings.chroot}'" if settings.chroot is not None else ""
            raise CannotStart(f"can't become user '{user.name}'{inside}: {error.strerror}") from error
        os.environ["HOME"] = user.home
        for name in ("USER", "USERNAME", "LOGNAME"):
            if name in os.environ:
                os.environ[name] = user.name
    if settings.chroot is not None:
        forget_outside()
        _check_library(settings, log)
    _change_folder(settings, log)
    if settings.umask is not None:
        os.umask(settings.umask)
    if make_dumpable is not None:
        make_dumpable()
    apply_limits(settings, log.log)


def _load_library() -> None:
    """What Python loads when it needs it, for tracebacks and host names: its folder may be closed to the group's user."""
    import encodings.idna
    import linecache
    import tokenize
    import traceback  # noqa: F401


def _dump_switch() -> Callable[[], None]:
    """What turns core dumps on again: giving up root turns them off. Loaded while the library can be reached."""
    import ctypes

    prctl = ctypes.CDLL(None, use_errno=True).prctl

    def make_dumpable() -> None:
        number = ctypes.c_ulong
        if prctl(_PR_SET_DUMPABLE, number(1), number(0), number(0), number(0)) != 0:
            raise CannotStart(f"can't allow core dumps: {os.strerror(ctypes.get_errno())}")

    return make_dumpable


def _check_library(settings: Settings, log: ErrorLog) -> None:
    if not os.path.exists(os.__file__):
        log.log(
            "warn",
            f"daemon process '{settings.group}': chroot folder '{settings.chroot}' has no Python standard library at "
            f"'{os.path.dirname(os.__file__)}': what is not loaded yet can't be imported",
        )


def _change_folder(settings: Settings, log: ErrorLog) -> None:
    """To `home`, else to the home of a user of the group's own, else to /."""
    home = settings.home
    if home is not None:
        try:
            os.chdir(home)
        except OSError as error:
            raise CannotStart(
                f"can't change to home '{home}': {error.strerror}; "
                "name another folder with home= of WSGIDaemonProcess"
            ) from error
        return
    os.chdir("/")
    user = settings.user
    if user is None or user.uid == settings.http_uid:
        return
    try:
        os.chdir(user.home)
    except OSError as error:
        # As it is for nobody, whose home is not meant to exist.
        log.log(
            "info",
            f"daemon process '{settings.group}' runs in '/': home '{user.home}' of user '{user.name}': "
            f"{error.strerror}",
        )


def prepare_environment(settings: Settings, log: ErrorLog) -> None:
    """What all interpreters of the process share."""
    if settings.lang is not None:
        os.environ["LANG"] = settings.lang
    if settings.locale is not None:
        os.environ["LC_ALL"] = settings.locale
        import locale

        try:
            locale.setlocale(locale.LC_ALL, settings.locale)
        except locale.Error:
            log.log(
                "warn",
                f"Unable to set locale '{settings.locale}' for daemon process '{settings.group}'; "
                "going on with the inherited one. 'C.UTF-8' is always there.",
            )
    if settings.python_eggs is not None:
        os.environ["PYTHON_EGG_CACHE"] = settings.python_eggs


def prepare_interpreter(settings: Settings, log: ErrorLog) -> None:
    """What each interpreter has of its own: sys.path, sys.argv, the size of its threads' stacks."""
    before = list(sys.path)
    for folder in settings.python_path:
        if not os.path.exists(folder):
            log.log("warn", f"daemon process '{settings.group}': python-path has '{folder}', which can't be found")
        site.addsitedir(folder)
    added = [entry for entry in sys.path if entry not in before]
    sys.path[:] = added + before
    if settings.home is not None:
        sys.path.insert(0, settings.home)
    sys.argv = ["mod_wsgi"]
    if settings.switch_interval is not None:
        sys.setswitchinterval(settings.switch_interval)
    if settings.stack_size:
        threading.stack_size(settings.stack_size)
