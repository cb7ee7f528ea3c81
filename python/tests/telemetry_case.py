"""An AdapterCase whose interpreter has the module mod_wsgi."""

import sys

from stillhouse.adapter import Adapter
from stillhouse.mod_wsgi_module import install_mod_wsgi_module

from .memory_exchange import AdapterCase

THREADS = 3


class TelemetryCase(AdapterCase):
    group = "mysite"

    def setUp(self):
        super().setUp()
        self.install()

    def install(self, **options):
        """Anew: nothing has subscribed."""
        self.telemetry = install_mod_wsgi_module(
            group=self.group,
            application_group="",
            maximum_processes=2,
            threads_per_process=THREADS,
            sink=self.sink,
            **options,
        )
        self.mod_wsgi = sys.modules["mod_wsgi"]
        self.addCleanup(sys.modules.pop, "mod_wsgi", None)
        self.adapter = Adapter(
            group=self.group,
            application_group="",
            multithread=True,
            multiprocess=False,
            run_once=False,
            loader=self.loader,
            sink=self.sink,
            telemetry=self.telemetry,
        )
        return self.mod_wsgi
