"""The main thread's view of the sub-interpreters, against one that the test plays itself."""

import json
import socket
import tempfile
import unittest
from unittest import mock

from stillhouse import guests as guests_module
from stillhouse import protocol
from stillhouse.error_log import ErrorLog
from stillhouse.guests import Guests
from stillhouse.settings import Settings

from .channel_peer import Process

PATIENCE_SECONDS = 10.0


class GuestsTest(unittest.TestCase):
    def setUp(self):
        self.process = Process(lambda stream: stream.respond("200 OK", [], b"main", True))
        self.addCleanup(self.process.close)
        self.output = tempfile.TemporaryFile()
        self.addCleanup(self.output.close)
        settings = Settings(
            group="site", threads=2, processes=1, multiprocess=False, socket="", scoreboard="", http_uid=0
        )
        # The interpreter itself is not made: the test is at the other end of its line.
        starter = mock.patch.object(guests_module.Guests, "_run", lambda *_: None)
        starter.start()
        self.addCleanup(starter.stop)
        self.guests = Guests(
            settings,
            scoreboard=self.process.board,
            channel=self.process.channel,
            image=None,
            log=ErrorLog(self.output.fileno(), "info"),
            nudge=lambda: None,
        )

    def connect(self, name):
        near, far = socket.socketpair()
        self.addCleanup(near.close)
        self.guests.connect(name, far)
        guest = self.guests._guests[name]
        self.addCleanup(lambda: [end.close() for end in (guest.far_end, guest.control.socket, *guest.waiting)])
        return near

    def tell(self, name, event):
        guest = self.guests._guests[name]
        guest.far_end.settimeout(PATIENCE_SECONDS)
        guest.far_end.sendall(json.dumps({"event": event, "failed": []}).encode() + b"\n")
        return list(self.guests.poll(PATIENCE_SECONDS))

    def heard(self, name):
        lines = self.guests._guests[name].far_end.recv(65536).decode().splitlines()
        return [json.loads(line)["command"] for line in lines]

    def test_connections_wait_until_it_is_ready(self):
        self.connect("a")
        self.connect("a")
        self.assertEqual(len(self.guests._guests["a"].waiting), 2)
        self.tell("a", "ready")
        self.assertEqual(self.heard("a"), ["connect", "connect"])
        self.connect("a")
        self.assertEqual(self.heard("a"), ["connect"])

    def test_the_end_waits_for_those_that_serve(self):
        self.connect("a")
        self.tell("a", "ready")
        self.guests.stop()
        self.guests.tell("stop", reason="test")
        self.assertFalse(self.guests.are_idle)
        self.tell("a", "idle")
        self.assertTrue(self.guests.are_idle)
        self.assertFalse(self.guests.are_finished)
        self.tell("a", "finished")
        self.assertTrue(self.guests.are_finished)
        self.guests.exit()
        self.assertFalse(self.guests.wait_for_exit(0.0))
        self.tell("a", "exited")
        self.assertTrue(self.guests.wait_for_exit(0.0))

    def test_one_that_is_ready_too_late_holds_up_nothing(self):
        peer = self.connect("a")
        self.guests.stop()
        self.assertTrue(self.guests.are_finished)
        # Its connection has gone to the main interpreter, which says goodbye when it stops.
        self.assertEqual(self.guests._guests["a"].waiting, [])
        self.tell("a", "ready")
        self.assertTrue(self.guests.are_idle)
        self.assertTrue(self.guests.are_finished)
        self.guests.exit()
        self.assertEqual(self.heard("a"), ["exit"])
        peer.close()

    def test_one_that_fails_is_not_tried_again_at_once(self):
        peer = self.connect("a")
        self.guests._failed.append((self.guests._guests["a"], "no memory"))
        self.assertEqual(self.guests.collect_failed(), [("a", "no memory")])
        self.assertFalse(self.guests)
        peer.settimeout(PATIENCE_SECONDS)
        self.assertEqual(peer.recv(protocol.FRAME_HEADER_BYTES)[8], protocol.FRAME_GOODBYE)
        self.assertIn("no memory", self.guests._find_objection("a"))
        self.assertIsNone(self.guests._find_objection("b"))
