"""Giving up root: the daemon process becomes the group's user, and makes sure that there is no way back.

Order matters: groups while still root, then gid, then uid (mod_wsgi's CVE-2014-8583 and CVE-2014-0240 were a wrong order
and an unchecked return). Python raises where a call fails; what the kernel then holds is read back all the same.
"""

import os
from typing import List, Optional


class PrivilegeError(Exception):
    """The process does not run as it should; it must not go on."""


def become(uid: int, gid: int, name: str, groups: "Optional[List[int]]") -> None:
    """Takes on the user, for good. `groups`: supplementary groups; None: those the system gives the user.

    Raises PrivilegeError; OSError where the system refuses.
    """
    if uid == 0:
        raise PrivilegeError("WSGI process blocked from running as root")
    if groups is None:
        os.initgroups(name, gid)
    else:
        os.setgroups([gid] + [group for group in groups if group != gid])
    os.setresgid(gid, gid, gid)
    os.setresuid(uid, uid, uid)
    verify(uid, gid)


def verify(uid: int, gid: int) -> None:
    """Raises PrivilegeError unless all ids are as given and root can't be had back."""
    if os.getresuid() != (uid, uid, uid) or os.getresgid() != (gid, gid, gid):
        raise PrivilegeError(f"ids are {os.getresuid()}/{os.getresgid()}, not uid={uid} gid={gid}")
    if 0 in os.getgroups():
        raise PrivilegeError("still a member of root's group")
    try:
        os.setuid(0)
    except PermissionError:
        return
    raise PrivilegeError("root could be had back")
