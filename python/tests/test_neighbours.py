"""What one interpreter sees of the others in the scoreboard."""

import os
import tempfile
import unittest

from stillhouse import protocol
from stillhouse.neighbours import Neighbours
from stillhouse.scoreboard import Scoreboard


class NeighboursTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.main = Scoreboard(os.path.join(folder.name, "board"), 2)
        self.neighbours = Neighbours(self.main)

    def add(self, name):
        return Scoreboard.attach(self.main.descriptor, 2, self.main.add_area(), name)

    def test_without_others_nothing_is_there(self):
        self.main.open_connection(1)
        self.main.start(0, 1, 1, 1.0, "GET /")
        self.neighbours.look(1.0)
        self.assertEqual((self.neighbours.served, self.neighbours.busy), (0, 0))
        self.assertIsNone(self.neighbours.last_activity)
        self.assertEqual(self.neighbours.silence(100.0), 0.0)

    def test_adds_up_what_the_others_do(self):
        one, other = self.add("one"), self.add("other")
        self.main.add_area()
        for board in (one, other):
            board.start(1, 1, 1, 1.0, "GET /")
            board.finish(1)
            board.start(0, 1, 2, 1.0, "GET /")
        one.note_activity(5.0)
        other.note_activity(7.0)
        self.neighbours.look(10.0)
        self.assertEqual((self.neighbours.served, self.neighbours.busy), (2, 2))
        self.assertEqual(self.neighbours.last_activity, 7.0)

    def test_knows_who_is_silent_for_longest(self):
        one, other = self.add("one"), self.add("other")
        one.prove_life(1000.0)
        self.neighbours.look(10.0)
        other.prove_life(1000.0)
        self.neighbours.look(12.0)
        self.assertEqual(self.neighbours.silence(13.0), 3.0)
        one.prove_life(1001.0)
        self.neighbours.look(14.0)
        self.assertEqual(self.neighbours.silence(14.0), 2.0)
        # The clock of the day may be set; what counts is that something was said.
        other.prove_life(500.0)
        self.neighbours.look(15.0)
        self.assertEqual(self.neighbours.silence(15.0), 1.0)


class LingeringTest(unittest.TestCase):
    def test_what_a_connection_started_is_kept_while_its_requests_run(self):
        with tempfile.TemporaryDirectory() as folder:
            board = Scoreboard(os.path.join(folder, "board"), 1)
            entries = protocol.SCOREBOARD_CONNECTIONS_ENTRIES
            for number in range(1, entries + 1):
                board.open_connection(number)
            board.mark_started(5, 42)
            board.close_connection(5, has_requests=True)
            at = board._lingering[0]
            self.assertEqual(board._memory[at : at + 8], (5).to_bytes(4, "little") + (42).to_bytes(4, "little"))
            # It goes only where there is no room for another one.
            board.open_connection(entries + 1)
            self.assertEqual(board._memory[at : at + 8], (entries + 1).to_bytes(4, "little") + bytes(4))
            self.assertRaises(ValueError, lambda: board.open_connection(entries + 2))
