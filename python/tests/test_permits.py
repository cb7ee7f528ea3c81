"""Permits in both forms, and a channel whose request threads need them."""

import os
import sys
import threading
import unittest
from unittest import mock

from stillhouse import permits
from stillhouse.permits import attach_permits, make_permits

from .channel_peer import Process


def without_semaphores(name, *rest):
    raise OSError("no /dev/shm")


class PermitsTest(unittest.TestCase):
    def exercise(self, made):
        attached = attach_permits(made.handle)
        self.assertTrue(made.try_acquire())
        self.assertTrue(attached.try_acquire())
        self.assertFalse(made.try_acquire())
        self.assertFalse(attached.try_acquire())
        attached.release()
        self.assertTrue(made.try_acquire())
        made.release()
        made.release()
        self.assertTrue(attached.try_acquire())

    def test_by_semaphore(self):
        made = make_permits(2)
        self.assertIn("semaphore", made.handle)
        self.exercise(made)

    def test_by_pipe_where_no_semaphore_can_be_made(self):
        with mock.patch.object(permits, "_make_semaphore", without_semaphores):
            made = make_permits(2)
        self.assertEqual(set(made.handle), {"read", "write"})
        self.exercise(made)
        for descriptor in made.handle.values():
            os.close(descriptor)


class ChannelWithPermitsTest(unittest.TestCase):
    def setUp(self):
        self.gate = threading.Event()
        self.inside = threading.Semaphore(0)

        def application(stream):
            self.inside.release()
            self.gate.wait(10)
            stream.respond("200 OK", [], b"done", True)

        self.process = Process(application, threads=2)
        self.addCleanup(self.process.close)
        self.addCleanup(self.gate.set)
        self.peer = self.process.connect()

    def highest_started(self):
        connections = self.process.board._entries
        return int.from_bytes(self.process.board._memory[connections[1] : connections[1] + 4], sys.byteorder)

    def test_a_request_without_a_permit_has_not_started_and_can_be_asked_back(self):
        shared = make_permits(1)
        self.process.channel.require_permits(shared)
        self.peer.request(1)
        self.assertTrue(self.inside.acquire(timeout=10))
        self.peer.request(2)
        self.assertFalse(self.inside.acquire(timeout=0.1))
        self.assertEqual(self.highest_started(), 1)
        self.assertFalse(shared.try_acquire())
        self.gate.set()
        self.assertEqual(self.peer.answer(1)[1], b"done")
        self.assertEqual(self.peer.answer(2)[1], b"done")
        self.process.until(shared.try_acquire, "the permit")

    def test_requests_that_run_when_permits_come_get_theirs(self):
        self.peer.request(1)
        self.assertTrue(self.inside.acquire(timeout=10))
        shared = make_permits(2)
        self.process.channel.require_permits(shared)
        self.process.channel.require_permits(shared)
        self.assertTrue(shared.try_acquire())
        self.assertFalse(shared.try_acquire())
        self.gate.set()
        self.peer.answer(1)
        self.process.until(shared.try_acquire, "the permit")
        self.assertFalse(shared.try_acquire())

    def test_a_channel_that_waits_for_a_permit_stops(self):
        shared = make_permits(1)
        self.assertTrue(shared.try_acquire())
        self.process.channel.require_permits(shared)
        self.peer.request(1)
        self.assertFalse(self.inside.acquire(timeout=0.1))
        self.process.channel.stop()
        kinds = [self.peer.receive()[0] for _ in range(2)]
        from stillhouse import protocol

        self.assertEqual(sorted(kinds), sorted((protocol.FRAME_GOODBYE, protocol.FRAME_REVOKED)))
