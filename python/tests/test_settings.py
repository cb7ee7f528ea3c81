"""What the parent says at start, as values."""

import unittest

from stillhouse.settings import Settings, User

REQUIRED = {
    "group": "g",
    "threads": 5,
    "processes": 2,
    "multiprocess": True,
    "socket": "/s",
    "scoreboard": "/b",
    "http_uid": 33,
}


class SettingsTest(unittest.TestCase):
    def test_required_values_and_defaults(self):
        settings = Settings.decode(REQUIRED)
        self.assertEqual((settings.group, settings.threads, settings.http_uid), ("g", 5, 33))
        self.assertEqual((settings.user, settings.home, settings.python_path, settings.preload), (None, None, (), []))
        self.assertEqual((settings.deadlock_timeout, settings.shutdown_timeout), (300, 5))

    def test_user(self):
        user = {"uid": 1, "gid": 2, "name": "www", "home": "/h", "groups": [3]}
        self.assertEqual(Settings.decode({**REQUIRED, "user": user}).user, User(1, 2, "www", "/h", [3]))
        self.assertIsNone(Settings.decode({**REQUIRED, "user": None}).user)

    def test_names_that_are_not_known(self):
        with self.assertRaisesRegex(ValueError, "^unknown settings from the parent: colour, zeal$"):
            Settings.decode({**REQUIRED, "zeal": 1, "colour": 2})

    def test_values_that_are_missing(self):
        self.assertRaises(TypeError, lambda: Settings.decode({"group": "g"}))

    def test_lists_are_not_shared(self):
        self.assertIsNot(Settings.decode(REQUIRED).preload, Settings.decode(REQUIRED).preload)

    def test_options_of_single_interpreters(self):
        options = [
            {"application_group": None, "per_interpreter_gil": True, "python_path": ["/all"]},
            {"application_group": "a", "per_interpreter_gil": False, "python_path": ["/a"]},
            {"application_group": "", "restrict_stdin": True},
        ]
        settings = Settings.decode({**REQUIRED, "python_path": ["/group"], "interpreter_options": options})
        main, a, b = (settings.for_interpreter(name) for name in ("", "a", "b"))
        self.assertEqual([one.per_interpreter_gil for one in (main, a, b)], [True, False, True])
        self.assertEqual([one.restrict_stdin for one in (main, a, b)], [True, False, False])
        self.assertEqual((a.python_path, b.python_path), (["/a", "/all", "/group"], ["/all", "/group"]))
