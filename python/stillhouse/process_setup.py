"""From a process that has just been started to one that runs as its group's options say: socket, user, folder, Python.

Called once each, in this order, by the main thread of a daemon process before there are others.
"""

import locale
import os
import site
import socket
import sys

from . import privileges
from .error_log import ErrorLog
from .settings import Settings


class CannotStart(Exception):
    """This process can't run as configured; starting it again would not help."""


def listen(settings: Settings) -> socket.socket:
    """Only the http children's user may connect: the mode says so before the socket listens."""
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    former = os.umask(0o177)
    try:
        listener.bind(settings.socket)
    except OSError as error:
        raise CannotStart(f"can't bind '{settings.socket}': {error.strerror}") from error
    finally:
        os.umask(former)
    if settings.user:
        os.chown(settings.socket, settings.http_uid, -1)
    listener.listen(settings.listen_backlog)
    listener.setblocking(False)
    return listener


def take_identity(settings: Settings, log: ErrorLog) -> None:
    user = settings.user
    if user is not None:
        try:
            privileges.become(user.uid, user.gid, user.name, user.groups)
        except OSError as error:
            raise CannotStart(f"can't become user '{user.name}': {error.strerror}") from error
        os.environ["HOME"] = user.home
        for name in ("USER", "USERNAME", "LOGNAME"):
            if name in os.environ:
                os.environ[name] = user.name
    _change_folder(settings, log)
    if settings.umask is not None:
        os.umask(settings.umask)


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


def prepare_python(settings: Settings, log: ErrorLog) -> None:
    if settings.lang is not None:
        os.environ["LANG"] = settings.lang
    if settings.locale is not None:
        os.environ["LC_ALL"] = settings.locale
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
    before = list(sys.path)
    for folder in settings.python_path:
        site.addsitedir(folder)
    added = [entry for entry in sys.path if entry not in before]
    sys.path[:] = added + before
    if settings.home is not None:
        sys.path.insert(0, settings.home)
    sys.argv = ["mod_wsgi"]
