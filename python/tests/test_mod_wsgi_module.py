"""The module that applications import as mod_wsgi."""

import os
import shutil
import sys
import tempfile
import unittest

from stillhouse.file_wrapper import FileWrapper
from stillhouse.mod_wsgi_module import RequestTimeout, install_mod_wsgi_module


class ModWsgiModuleTest(unittest.TestCase):
    def setUp(self):
        self.addCleanup(sys.modules.pop, "mod_wsgi", None)

    def install(self):
        return install_mod_wsgi_module(
            group="mysite", application_group="", maximum_processes=2, threads_per_process=15
        )

    def test_attributes(self):
        self.install()
        import mod_wsgi

        self.assertEqual(mod_wsgi.version, (6, 0, 5))
        self.assertEqual((mod_wsgi.process_group, mod_wsgi.application_group), ("mysite", ""))
        self.assertEqual((mod_wsgi.maximum_processes, mod_wsgi.threads_per_process), (2, 15))
        self.assertIs(mod_wsgi.FileWrapper, FileWrapper)
        self.assertIs(mod_wsgi.RequestTimeout, RequestTimeout)
        self.assertEqual(repr(RequestTimeout), "<class 'mod_wsgi.RequestTimeout'>")

    def test_installed_package_stays_importable_beneath(self):
        folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, folder)
        os.mkdir(os.path.join(folder, "mod_wsgi"))
        for name, text in (("__init__", "raise RuntimeError"), ("express", "found = True")):
            with open(os.path.join(folder, "mod_wsgi", f"{name}.py"), "w") as file:
                file.write(text)
        sys.path.insert(0, folder)
        self.addCleanup(sys.path.remove, folder)
        self.addCleanup(sys.modules.pop, "mod_wsgi.express", None)
        self.install()
        import mod_wsgi.express

        self.assertTrue(mod_wsgi.express.found)


if __name__ == "__main__":
    unittest.main()
