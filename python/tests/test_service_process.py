"""Service scripts, each in a process of its own: how they begin, and every way in which they end."""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import unittest

_FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir)
_WAIT_SECONDS = 20

_PROGRAM = """
import sys
sys.path.insert(0, sys.argv[1])
from stillhouse.caretaker import SignalPipe
signals = SignalPipe()
print("signals are caught", file=sys.stderr, flush=True)
from stillhouse.control import Control
from stillhouse.error_log import ErrorLog
from stillhouse.error_streams import install_standard_streams
from stillhouse.script_loader import ScriptLoader
from stillhouse.service_process import run_service
from stillhouse.settings import Settings
from stillhouse.stack_line import write_to_log_itself
control = Control(int(sys.argv[2]))
settings = Settings.decode(control.receive_settings())
log = ErrorLog(2, level="info")
write_to_log_itself()
install_standard_streams(log)
loader = ScriptLoader(group=settings.group, application_group="", sink=log)
sys.exit(run_service(settings, control=control, log=log, signals=signals, loader=loader))
"""

_FOREVER = "import time\nprint('begun')\nwhile True: time.sleep(60)\n"


class Service:
    """One service process and the parent's end of its control line."""

    def __init__(self, *sources, shutdown_timeout=5, signal_first=None):
        self._folder = tempfile.TemporaryDirectory()
        scripts = []
        for number, source in enumerate(sources):
            scripts.append(os.path.join(self._folder.name, f"service{number}.py"))
            with open(scripts[-1], "w", encoding="utf-8") as file:
                file.write(source)
        ours, theirs = socket.socketpair()
        self._control = ours
        self._lines = ours.makefile("r")
        self.process = subprocess.Popen(
            [sys.executable, "-B", "-c", _PROGRAM, _FOLDER, str(theirs.fileno())],
            pass_fds=[theirs.fileno()],
            stderr=subprocess.PIPE,
            text=True,
        )
        theirs.close()
        if signal_first is not None:
            self.wait_for("signals are caught")
            self.process.send_signal(signal_first)
        self.send(
            group="jobs",
            threads=0,
            processes=1,
            multiprocess=False,
            socket="",
            scoreboard="",
            http_uid=0,
            shutdown_timeout=shutdown_timeout,
            preload=[[script, ""] for script in scripts],
        )

    def send(self, **message):
        self._control.sendall(json.dumps(message).encode() + b"\n")

    def event(self):
        line = self._lines.readline()
        return json.loads(line) if line else None

    def wait_for(self, text):
        for line in self.process.stderr:
            if text in line:
                return
        raise AssertionError(f"{text} did not come up")

    def lose_parent(self):
        self._lines.close()
        self._control.close()

    def finish(self):
        """Exit status, what was logged, the remaining events."""
        _, log = self.process.communicate(timeout=_WAIT_SECONDS)
        events = [] if self._control.fileno() == -1 else [json.loads(line) for line in self._lines]
        return self.process.returncode, log, events

    def close(self):
        self.process.kill()
        self.process.wait()
        self.process.stderr.close()
        self.lose_parent()
        self._folder.cleanup()


class ServiceProcessTest(unittest.TestCase):
    def start(self, *sources, **settings):
        service = Service(*sources, **settings)
        self.addCleanup(service.close)
        return service

    def begin(self, *sources, **settings):
        service = self.start(*sources, **settings)
        self.assertEqual(service.event(), {"event": "ready", "pid": service.process.pid, "failed": []})
        return service

    def test_is_ready_before_the_script_blocks_and_ends_by_signal(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            service = self.begin(_FOREVER)
            service.wait_for("begun")
            service.process.send_signal(number)
            status, log, events = service.finish()
            self.assertEqual((status, events), (0, [{"event": "stopping", "reason": "shutdown_signal"}]), log)
            self.assertNotIn(":error]", log)

    def test_scripts_run_one_after_the_other_to_their_end(self):
        service = self.begin("print('one')\n", "import sys\nprint('two')\nsys.exit(3)\n", "print('three')\n")
        status, log, events = service.finish()
        self.assertEqual((status, events), (0, [{"event": "stopping", "reason": "service_ended"}]), log)
        self.assertRegex(log, "(?s)one.*two.*three")
        self.assertNotIn("SystemExit", log)

    def test_no_script_begins_after_a_signal(self):
        service = self.begin(_FOREVER, "print('second')\n")
        service.wait_for("begun")
        service.process.terminate()
        self.assertNotIn("second", service.finish()[1])

    def test_a_script_that_fails(self):
        service = self.begin("1 / 0\n")
        status, log, events = service.finish()
        self.assertEqual((status, events), (1, []))
        self.assertIn("Unable to execute Python script file", log)
        self.assertIn("ZeroDivisionError", log)

    def test_threads_of_the_script_are_the_service(self):
        service = self.begin(
            "import threading, time\n"
            "def work():\n"
            "    time.sleep(0.3)\n"
            "    print('worked')\n"
            "threading.Thread(target=work).start()\n"
        )
        status, log, events = service.finish()
        self.assertEqual((status, events), (0, [{"event": "stopping", "reason": "service_ended"}]), log)
        self.assertRegex(log, "(?s)worked.*Stopping process 'jobs'")

    def test_retires(self):
        service = self.begin(_FOREVER)
        service.wait_for("begun")
        service.send(command="retire", reason="restart", timeout=15)
        status, _, events = service.finish()
        self.assertEqual((status, events), (0, [{"event": "stopping", "reason": "restart"}]))

    def test_ends_with_its_parent(self):
        service = self.begin(_FOREVER)
        service.wait_for("begun")
        service.lose_parent()
        status, log, _ = service.finish()
        self.assertEqual(status, 0)
        self.assertIn("parent process has gone; daemon process 'jobs' stops", log)

    def test_ends_with_its_parent_whatever_the_script_thinks_of_it(self):
        service = self.begin("import signal\nsignal.signal(signal.SIGTERM, lambda *_: print('no'))\n" + _FOREVER)
        service.wait_for("begun")
        service.lose_parent()
        self.assertEqual(service.finish()[0], -signal.SIGKILL)

    def test_a_script_that_does_not_end_is_ended(self):
        service = self.begin(
            "import time\nwhile True:\n    try:\n        print('begun')\n        while True: time.sleep(60)\n"
            "    except SystemExit: pass\n",
            shutdown_timeout=1,
        )
        service.wait_for("begun")
        service.process.terminate()
        status, log, _ = service.finish()
        self.assertEqual(status, 1)
        self.assertIn("Timeout (0:00:01)!", log)

    def test_a_signal_before_the_script(self):
        service = self.begin(_FOREVER, signal_first=signal.SIGTERM)
        status, log, events = service.finish()
        self.assertEqual((status, events), (0, [{"event": "stopping", "reason": "shutdown_signal"}]), log)
        self.assertNotIn("begun", log)
