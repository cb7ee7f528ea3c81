"""Paths of the machine, and what a process makes of them whose root is a folder."""

import unittest

from stillhouse.root_folder import RootFolder


class Request:
    def __init__(self, environ, facts):
        self.environ = environ
        self.facts = facts
        self.refused = None

    def refuse(self, status, reason):
        self.refused = (status, reason)


class Sink:
    def __init__(self):
        self.records = []

    def log(self, level, message, **_):
        self.records.append((level, message))


def latin(path):
    return path.encode().decode("latin-1")


class PathsTest(unittest.TestCase):
    def test_paths_in_the_folder(self):
        root = RootFolder("/jail/")
        self.assertEqual(root.inside("/jail/a/b"), "/a/b")
        self.assertEqual(root.inside("/jail"), "/")
        self.assertIsNone(root.inside("/jail-other/a"))
        self.assertIsNone(root.inside("/a"))

    def test_scripts_of_the_configuration_may_be_named_from_inside(self):
        root = RootFolder("/jail")
        self.assertEqual((root.named("/jail/a.wsgi"), root.named("/a.wsgi")), ("/a.wsgi", "/a.wsgi"))

    def test_the_root_of_the_machine(self):
        root = RootFolder("/")
        self.assertEqual(root.inside("/a"), "/a")


class AdmitTest(unittest.TestCase):
    def admit(self, environ, facts, folder="/jail"):
        request, sink = Request(environ, facts), Sink()
        return RootFolder(folder).admit(request, sink), request, sink

    def test_all_paths_are_shortened(self):
        admitted, request, sink = self.admit(
            {
                "SCRIPT_FILENAME": "/jail/www/a.wsgi",
                "DOCUMENT_ROOT": "/jail/www",
                "CONTEXT_DOCUMENT_ROOT": "/jail",
                "mod_wsgi.handler_script": "/jail/handler.py",
                "PATH_INFO": "/jail",
            },
            {"script": "/jail/handler.py", "dispatch": "/dispatch.py", "callable": "/jail/x"},
        )
        self.assertTrue(admitted)
        self.assertEqual(
            request.environ,
            {
                "SCRIPT_FILENAME": "/www/a.wsgi",
                "DOCUMENT_ROOT": "/www",
                "CONTEXT_DOCUMENT_ROOT": "/",
                "mod_wsgi.handler_script": "/handler.py",
                "PATH_INFO": "/jail",
            },
        )
        self.assertEqual(
            request.facts, {"script": "/handler.py", "dispatch": "/dispatch.py", "callable": "/jail/x"}
        )
        self.assertEqual((request.refused, sink.records), (None, []))

    def test_a_document_root_outside_is_removed(self):
        admitted, request, _ = self.admit(
            {"SCRIPT_FILENAME": "/jail/a.wsgi", "DOCUMENT_ROOT": "/srv", "mod_wsgi.handler_script": ""},
            {"script": "/jail/a.wsgi"},
        )
        self.assertTrue(admitted)
        self.assertEqual(request.environ, {"SCRIPT_FILENAME": "/a.wsgi", "mod_wsgi.handler_script": ""})

    def test_a_script_outside_is_refused(self):
        path = "/jail-other/a.wsgi"
        admitted, request, sink = self.admit({"SCRIPT_FILENAME": path}, {"script": path})
        self.assertFalse(admitted)
        self.assertEqual(request.refused, (500, "the script is not located within the chroot directory"))
        self.assertEqual(
            sink.records, [("error", "WSGI script '/jail-other/a.wsgi' not located within chroot directory '/jail'.")]
        )

    def test_names_that_are_no_ascii(self):
        admitted, request, _ = self.admit(
            {"SCRIPT_FILENAME": latin("/gefängnis/ü.wsgi")}, {"script": "/gefängnis/ü.wsgi"}, "/gefängnis"
        )
        self.assertTrue(admitted)
        self.assertEqual((request.environ["SCRIPT_FILENAME"], request.facts["script"]), (latin("/ü.wsgi"), "/ü.wsgi"))
