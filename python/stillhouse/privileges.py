"""Giving up root: the daemon process becomes the group's user, and makes sure that there is no way back.

Order matters: chroot, gid and groups while still root, uid last (mod_wsgi's CVE-2014-8583 and CVE-2014-0240 were a
wrong order and an unchecked return). Python raises where a call fails; what the kernel then holds is read back all the
same.
"""

import os
from typing import Iterable, List, Optional


class PrivilegeError(Exception):
    """The process does not run as it should; it must not go on."""


def become(uid: int, gid: int, name: str, groups: "Optional[List[int]]", root: Optional[str] = None) -> None:
    """Takes on the user, for good. `groups`: supplementary groups; None: those the system gives the user.

    `root`: the folder that becomes the root of the file system. Raises PrivilegeError; OSError where the system
    refuses.
    """
    if uid == 0:
        raise PrivilegeError("WSGI process blocked from running as root")
    if groups is None:
        # Asked for before chroot: the user database of the system counts, not one that lies in the folder.
        groups = os.getgrouplist(name, gid)
    wanted = [gid] + [group for group in groups if group != gid]
    if root is not None:
        change_root(root)
    os.setresgid(gid, gid, gid)
    os.setgroups(wanted)
    os.setresuid(uid, uid, uid)
    verify(uid, gid, wanted)


def change_root(root: str) -> None:
    """Raises PrivilegeError unless the folder is the root of the file system afterwards, and the working folder."""
    before = os.stat(root)
    os.chroot(root)
    # Without it the working folder still lies outside, and `..` leads on from there.
    os.chdir("/")
    for path in ("/", "."):
        after = os.stat(path)
        if (after.st_dev, after.st_ino) != (before.st_dev, before.st_ino):
            raise PrivilegeError(f"'{root}' has not become the root of the file system")


def verify(uid: int, gid: int, groups: Iterable[int]) -> None:
    """Raises PrivilegeError unless all ids are as given and root can't be had back."""
    if os.getresuid() != (uid, uid, uid) or os.getresgid() != (gid, gid, gid):
        raise PrivilegeError(f"ids are {os.getresuid()}/{os.getresgid()}, not uid={uid} gid={gid}")
    held = set(os.getgroups())
    if 0 in held or gid == 0:
        raise PrivilegeError("still a member of root's group: name other groups with group= and supplementary-groups=")
    if held != set(groups):
        raise PrivilegeError(f"supplementary groups are {sorted(held)}, not {sorted(groups)}")
    try:
        os.setuid(0)
    except PermissionError:
        return
    raise PrivilegeError("root could be had back")
