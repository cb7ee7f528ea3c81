"""The modules that applications import as mod_wsgi and apache."""

import logging
import logging.config
import os
import re
import shutil
import sys
import tempfile
import unittest

from stillhouse.apache_module import install_apache_module
from stillhouse.file_wrapper import FileWrapper
from stillhouse.mod_wsgi_module import RequestTimeout, install_mod_wsgi_module

from .memory_exchange import MemorySink


class ModWsgiModuleTest(unittest.TestCase):
    def setUp(self):
        self.addCleanup(sys.modules.pop, "mod_wsgi", None)

    def install(self, **options):
        return install_mod_wsgi_module(
            group="mysite",
            application_group="",
            maximum_processes=2,
            threads_per_process=15,
            sink=MemorySink(),
            **options,
        )

    def test_attributes(self):
        telemetry = self.install()
        import mod_wsgi

        self.assertEqual(mod_wsgi.version, (6, 0, 5))
        self.assertEqual((mod_wsgi.process_group, mod_wsgi.application_group), ("mysite", ""))
        self.assertEqual((mod_wsgi.maximum_processes, mod_wsgi.threads_per_process), (2, 15))
        self.assertIs(mod_wsgi.FileWrapper, FileWrapper)
        self.assertIs(mod_wsgi.RequestTimeout, RequestTimeout)
        self.assertEqual(repr(RequestTimeout), "<class 'mod_wsgi.RequestTimeout'>")
        self.assertIs(mod_wsgi.event_callbacks, telemetry.events.event_callbacks)
        self.assertEqual((mod_wsgi.shutdown_callbacks, mod_wsgi.signal_callbacks), ([], []))
        self.assertEqual(dict(mod_wsgi.active_requests), {})

    def test_subscribing_returns_the_callback(self):
        self.install()
        import mod_wsgi

        for subscribe in (mod_wsgi.subscribe_events, mod_wsgi.subscribe_shutdown, mod_wsgi.subscribe_signals):
            self.assertIs(subscribe(print), print)
        self.assertEqual(
            (mod_wsgi.event_callbacks, mod_wsgi.shutdown_callbacks, mod_wsgi.signal_callbacks),
            ([print], [print], [print]),
        )

    def test_each_interpreter_has_its_own_subscribers(self):
        first, second = self.install(), self.install()
        first.events.subscribe_events(print)
        self.assertEqual(second.events.event_callbacks, [])

    def test_a_configuration_of_logging_finds_the_handler_by_name(self):
        self.install()
        handlers = {"log": {"class": "mod_wsgi.LogHandler", "level": "ERROR"}}
        loggers = {"of this test": {"handlers": ["log"]}}
        logging.config.dictConfig(
            {"version": 1, "disable_existing_loggers": False, "handlers": handlers, "loggers": loggers}
        )
        (handler,) = logging.getLogger("of this test").handlers
        self.addCleanup(logging.getLogger("of this test").removeHandler, handler)
        self.assertIs(type(handler), sys.modules["mod_wsgi"].LogHandler)

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


class ApacheModuleTest(unittest.TestCase):
    def test_attributes(self):
        self.addCleanup(sys.modules.pop, "apache", None)
        install_apache_module(http_children=2)
        import apache

        self.assertEqual((apache.version, apache.mpm_name), ((2, 4, 62), "event"))
        self.assertEqual((apache.maximum_processes, apache.threads_per_process), (2, 1))
        self.assertRegex(apache.description, r"^Apache/2\.4\.62 \(Unix\) mod_wsgi/6\.0\.5 Python/3\.\d+ Stillhouse$")
        self.assertTrue(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", apache.build_date))


if __name__ == "__main__":
    unittest.main()
