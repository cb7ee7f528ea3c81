"""The line to the parent."""

import json
import os
import socket
import threading
import unittest

from stillhouse.control import Control


class ControlTest(unittest.TestCase):
    def setUp(self):
        self.parent, child = socket.socketpair()
        self.control = Control(child.detach())
        self.addCleanup(self.parent.close)
        self.addCleanup(self.control.socket.close)

    def test_first_line_in_pieces(self):
        line = json.dumps({"group": "\u00fc", "threads": 3}).encode() + b"\n"
        self.parent.sendall(line)
        self.assertEqual(self.control.receive_settings(), {"group": "\u00fc", "threads": 3})
        big = {"python_path": ["x" * 1000] * 500}
        sender = threading.Thread(target=self.parent.sendall, args=(json.dumps(big).encode() + b"\n",))
        sender.start()
        self.assertEqual(self.control.receive_settings(), big)
        sender.join()

    def test_parent_that_has_gone(self):
        self.parent.sendall(b'{"group"')
        self.parent.close()
        with self.assertRaisesRegex(EOFError, "the parent closed the control socket"):
            self.control.receive_settings()

    def test_lines_that_are_no_object(self):
        for line in (b"[1]\n", b"nonsense\n", b"\xff\xff\n", b"1\n"):
            self.parent.sendall(line)
            self.assertRaises(ValueError, self.control.receive_settings)

    def test_several_commands_at_once(self):
        self.parent.sendall(b'{"command":"kept"}\n{"command":"stacks","id":1}\n{"command":"re')
        self.assertEqual(self.control.receive(), [{"command": "kept"}, {"command": "stacks", "id": 1}])
        self.parent.sendall(b'tire"}\n')
        self.assertEqual(self.control.receive(), [{"command": "retire"}])

    def test_a_command_that_comes_with_the_settings(self):
        self.parent.sendall(b'{"group":"x"}\n{"command":"kept"}\n{"command":"stacks","id":1}\n')
        self.assertFalse(self.control.has_early)
        self.assertEqual(self.control.receive_settings(), {"group": "x"})
        self.assertTrue(self.control.has_early)
        self.assertEqual(self.control.receive(), [{"command": "kept"}, {"command": "stacks", "id": 1}])
        self.assertFalse(self.control.has_early)

    def test_a_log_comes_with_its_descriptor(self):
        read_end, write_end = os.pipe()
        self.addCleanup(os.close, read_end)
        socket.send_fds(self.parent, [b'{"command":"log"}\n'], [write_end])
        os.close(write_end)
        (command,) = self.control.receive()
        self.assertFalse(os.get_inheritable(command["descriptor"]))
        os.write(command["descriptor"], b"x")
        os.close(command["descriptor"])
        self.assertEqual(os.read(read_end, 10), b"x")

    def test_events(self):
        self.control.send("ready", pid=5)
        self.control.send("failed", message="wei\u00df nicht\nzwei")
        lines = self.parent.recv(1000).split(b"\n")
        self.assertEqual(json.loads(lines[0]), {"event": "ready", "pid": 5})
        self.assertEqual(json.loads(lines[1]), {"event": "failed", "message": "wei\u00df nicht\nzwei"})
        self.assertEqual(lines[2:], [b""])

    def test_nothing_happens_where_the_parent_has_gone(self):
        self.parent.close()
        self.control.send("stopping", reason="x")
        self.control.send("stopping", reason="y")

    def test_children_do_not_inherit_it(self):
        self.assertFalse(os.get_inheritable(self.control.socket.fileno()))
