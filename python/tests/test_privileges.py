"""Giving up root, in processes of their own: the one that runs the tests stays what it is."""

import os
import subprocess
import sys
import tempfile
import unittest

FOLDER = __file__.rsplit("/tests/", 1)[0]
NOBODY = 65_534


def run(program):
    """Runs a program under root's rights; the last line that it prints, evaluated."""
    environment = {**os.environ, "PYTHONPATH": FOLDER, "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-c", f"import os\nfrom stillhouse.privileges import *\n{program}"]
    result = subprocess.run(command, capture_output=True, text=True, timeout=30, env=environment)
    if result.returncode != 0:
        raise AssertionError(result.stderr)
    return eval(result.stdout.splitlines()[-1])


def attempt(call, prepare=""):
    """What the call raised, by name and text."""
    return run(
        f"{prepare}\ntry:\n    {call}\n    print(repr('nothing raised'))\n"
        "except Exception as error:\n    print(repr(f'{type(error).__name__}: {error}'))"
    )


class RefusalTest(unittest.TestCase):
    def test_root_is_no_user_to_become(self):
        refusal = "PrivilegeError: WSGI process blocked from running as root"
        self.assertEqual(attempt("become(0, 0, 'root', [])"), refusal)

    def test_a_process_that_is_not_root(self):
        if os.getuid() == 0:
            prepare = f"os.setresuid({NOBODY}, {NOBODY}, {NOBODY})"
        else:
            prepare = ""
        self.assertRegex(attempt("become(1, 1, 'daemon', [])", prepare), "^PermissionError")


@unittest.skipUnless(os.getuid() == 0, "needs root")
class BecomeTest(unittest.TestCase):
    def test_ids_and_groups(self):
        found = run(
            f"become({NOBODY}, 8, 'nobody', [12, 8])\nprint([os.getresuid(), os.getresgid(), sorted(os.getgroups())])"
        )
        self.assertEqual(found, [(NOBODY,) * 3, (8,) * 3, [8, 12]])

    def test_groups_of_the_system(self):
        found = run(f"become({NOBODY}, 8, 'nobody', None)\nprint(sorted(os.getgroups()))")
        self.assertEqual(found, sorted(os.getgrouplist("nobody", 8)))

    def test_roots_group_is_no_group_to_keep(self):
        for gid, groups in ((0, "[8]"), (8, "[0]")):
            self.assertRegex(attempt(f"become({NOBODY}, {gid}, 'nobody', {groups})"), "still a member of root's group")

    def test_calls_that_do_nothing_are_noticed(self):
        nothing = "lambda *_: None"
        for name, message in (
            ("setresuid", "ids are"),
            ("setresgid", "ids are"),
            ("setgroups", "group"),
            ("chroot", "has not become the root"),
        ):
            prepare = f"os.setgroups([8, 9])\nos.{name} = {nothing}"
            call = f"become({NOBODY}, 8, 'nobody', [12], '/tmp')"
            self.assertRegex(attempt(call, prepare), f"^PrivilegeError: .*{message}", name)

    def test_a_way_back_is_noticed(self):
        prepare = f"os.setresuid = lambda *_: os.setuid(0)\nos.getresuid = lambda: ({NOBODY},) * 3"
        self.assertEqual(
            attempt(f"become({NOBODY}, 8, 'nobody', [12])", prepare), "PrivilegeError: root could be had back"
        )

    def test_a_root_folder(self):
        with tempfile.TemporaryDirectory() as folder:
            os.chmod(folder, 0o755)
            os.mkdir(os.path.join(folder, "inside"))
            found = run(
                f"become({NOBODY}, 8, 'nobody', None, {folder!r})\n"
                "print([os.listdir('/'), os.getcwd(), os.listdir('..'), sorted(os.getgroups())])"
            )
        self.assertEqual(found, [["inside"], "/", ["inside"], sorted(os.getgrouplist("nobody", 8))])
