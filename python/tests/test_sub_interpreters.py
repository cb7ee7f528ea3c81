"""Interpreters in a process of their own, as the tests' own must end without os._exit: what was made can't be unmade."""

import os
import subprocess
import sys
import textwrap
import unittest

_PACKAGE_PARENT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def run(program):
    lines = f"import sys\nsys.path.insert(0, {_PACKAGE_PARENT!r})\n{textwrap.dedent(program)}"
    done = subprocess.run([sys.executable, "-B", "-c", lines], capture_output=True, text=True, timeout=60)
    return done.returncode, done.stdout, done.stderr


class SubInterpretersTest(unittest.TestCase):
    def test_runs_a_program_to_its_end_and_tells_what_it_raised(self):
        status, output, errors = run(
            """
            import os
            from stillhouse.sub_interpreters import InterpreterFailed, create_interpreter, run_in_interpreter
            one = create_interpreter()
            run_in_interpreter(one, "import threading, os; t = threading.Thread(target=os.write, args=(1, b'thread ')); t.start(); t.join()")
            try:
                run_in_interpreter(one, "raise ValueError('what it says')")
            except InterpreterFailed as failed:
                os.write(1, b"told" if "what it says" in str(failed) else str(failed).encode())
            os._exit(0)
            """
        )
        self.assertEqual((status, output), (0, "thread told"), errors)

    def test_the_runtime_loads_from_memory_where_its_files_are_gone(self):
        status, output, errors = run(
            """
            import os
            from stillhouse import runtime_image
            from stillhouse.sub_interpreters import create_interpreter, run_in_interpreter
            image = runtime_image.RuntimeImage()
            image.keep_sources()
            # Nothing of it is read from files after this.
            runtime_image._list_files = None
            program = image.program(0).replace(
                'import_module(package + ".guest").main(control)',
                'guest = import_module(package + ".guest"); os.write(1, os.path.basename(guest.__file__).encode())',
            )
            run_in_interpreter(create_interpreter(), program)
            os._exit(0)
            """
        )
        self.assertEqual((status, output), (0, "guest.py"), errors)

    def test_exit_callbacks_run_whatever_some_of_them_raise(self):
        status, output, errors = run(
            """
            import atexit, os, threading
            from stillhouse.error_log import ErrorLog
            from stillhouse.exit_callbacks import run_exit_callbacks
            ended = threading.Event()
            threading.Thread(target=lambda: (ended.wait(), os.write(1, b"thread "))).start()
            threading._register_atexit(ended.set)
            atexit.register(os.write, 1, b"first")
            atexit.register(lambda: 1 / 0)
            atexit.register(os.write, 1, b"last ")
            run_exit_callbacks(ErrorLog(1))
            os._exit(0)
            """
        )
        self.assertEqual(status, 0)
        self.assertTrue(output.startswith("thread last first"), output + errors)
        self.assertIn("ZeroDivisionError", output + errors)


class CureTest(unittest.TestCase):
    def test_knows_what_extension_modules_say(self):
        from stillhouse.script_loader import needs_main_interpreter

        for text in (
            "module _some does not support loading in subinterpreters",
            "cannot load module more than once per process",
            "Interpreter change detected - this module can only be loaded into one interpreter per process.",
            "PyO3 modules do not yet support subinterpreters, see https://github.com/PyO3/pyo3/issues/576",
            "PyO3 modules may only be initialized once per interpreter process",
        ):
            self.assertTrue(needs_main_interpreter(ImportError(text)), text)
        wrapped = RuntimeError("numpy could not be imported")
        wrapped.__cause__ = ImportError("cannot load module more than once per process")
        self.assertTrue(needs_main_interpreter(wrapped))
        self.assertFalse(needs_main_interpreter(ImportError("No module named 'interpreter'")))
        self.assertFalse(needs_main_interpreter(ValueError("does not support loading in subinterpreters")))
