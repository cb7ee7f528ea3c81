"""The scoreboard's file, read as others read it."""

import os
import struct
import tempfile
import unittest

from stillhouse import protocol
from stillhouse.scoreboard import Scoreboard


class ScoreboardTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = os.path.join(folder.name, "board")
        self.board = Scoreboard(self.path, 2)

    def read(self):
        with open(self.path, "rb") as file:
            return file.read()

    def slot(self, index):
        base = protocol.SCOREBOARD_HEADER_BYTES + index * protocol.SCOREBOARD_SLOT_BYTES
        data = self.read()[base : base + protocol.SCOREBOARD_SLOT_BYTES]
        connection, request_id, started_at, served, thread_id, length = struct.unpack_from("<IIdIIH", data)
        return connection, request_id, started_at, served, thread_id, data[32 : 32 + length]

    def connections(self):
        at = protocol.SCOREBOARD_CONNECTIONS_OFFSET
        pairs = struct.iter_unpack("<II", self.read()[at : at + 8 * protocol.SCOREBOARD_CONNECTIONS_ENTRIES])
        return {number: highest for number, highest in pairs if number}

    def test_header_and_rights(self):
        data = self.read()
        self.assertEqual(struct.unpack_from("<8sII", data), (protocol.SCOREBOARD_MAGIC, 2, os.getpid()))
        self.assertEqual(len(data), protocol.SCOREBOARD_HEADER_BYTES + 2 * protocol.SCOREBOARD_SLOT_BYTES)
        self.assertEqual(os.stat(self.path).st_mode & 0o777, 0o600)

    def test_never_takes_over_a_file(self):
        self.assertRaises(FileExistsError, lambda: Scoreboard(self.path, 2))

    def test_life_of_a_slot(self):
        self.board.occupy(1, 4711)
        self.board.start(1, 3, 99, 12.5, "GET /")
        self.assertEqual(self.slot(1), (3, 99, 12.5, 0, 4711, b"GET /"))
        self.board.finish(1)
        self.assertEqual(self.slot(1)[1:4], (0, 12.5, 1))
        self.board.start(1, 3, 100, 13.5, "GET /b")
        self.board.finish(1)
        self.assertEqual(self.slot(1), (3, 0, 13.5, 2, 4711, b"GET /b"))
        self.assertEqual(self.slot(0), (0, 0, 0.0, 0, 0, b""))

    def test_labels_are_cut_and_never_raise(self):
        room = protocol.SCOREBOARD_SLOT_BYTES - protocol.SLOT_LABEL
        self.board.start(0, 1, 1, 0.0, "x" * 1000)
        self.assertEqual(self.slot(0)[5], b"x" * room)
        self.board.start(0, 1, 1, 0.0, "caf\xe9 \u20ac \ud800")
        self.assertEqual(self.slot(0)[5], b"caf\xe9 ? ?")
        self.assertEqual(self.slot(1), (0, 0, 0.0, 0, 0, b""))

    def test_connections(self):
        for number in (5, 6, 7):
            self.board.open_connection(number)
        self.board.mark_started(6, 41)
        self.board.mark_started(5, 3)
        self.assertEqual(self.connections(), {5: 3, 6: 41, 7: 0})
        self.board.close_connection(6)
        self.board.close_connection(6)
        self.board.close_connection(99)
        self.assertEqual(self.connections(), {5: 3, 7: 0})
        self.board.open_connection(8)
        self.assertEqual(self.connections(), {5: 3, 8: 0, 7: 0})

    def test_a_table_that_is_full(self):
        more = protocol.SCOREBOARD_CONNECTIONS_ENTRIES + 1
        for number in range(1, more):
            self.board.open_connection(number)
        with self.assertRaisesRegex(ValueError, "more http children than the scoreboard has room for"):
            self.board.open_connection(more)
        self.board.close_connection(17)
        self.board.open_connection(more)
        self.assertEqual(len(self.connections()), protocol.SCOREBOARD_CONNECTIONS_ENTRIES)
