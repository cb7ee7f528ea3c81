"""Everything that the channel does, twice more: where the lead is kept whenever it may be, and where it never is."""

import threading
import unittest
from unittest import mock

from stillhouse import protocol

from . import test_channel
from .channel_peer import Process


class AlwaysKept(test_channel.ChannelCase):
    def start(self, application, **options):
        process = Process(application, keeps_lead=True, **options)
        self.addCleanup(process.close)
        return process


class NeverKept(test_channel.ChannelCase):
    def start(self, application, **options):
        process = Process(application, keeps_lead=False, **options)
        self.addCleanup(process.close)
        return process


class AlwaysKeptRunningTest(AlwaysKept, test_channel.RunningTest):
    pass


class AlwaysKeptBodyTest(AlwaysKept, test_channel.BodyTest):
    pass


class AlwaysKeptResponseTest(AlwaysKept, test_channel.ResponseTest):
    pass


class AlwaysKeptAbortAndRevokeTest(AlwaysKept, test_channel.AbortAndRevokeTest):
    pass


class AlwaysKeptHandOverTest(AlwaysKept, test_channel.HandOverTest):
    pass


class NeverKeptRunningTest(NeverKept, test_channel.RunningTest):
    pass


class NeverKeptBodyTest(NeverKept, test_channel.BodyTest):
    pass


class NeverKeptResponseTest(NeverKept, test_channel.ResponseTest):
    pass


class NeverKeptAbortAndRevokeTest(NeverKept, test_channel.AbortAndRevokeTest):
    pass


class AlwaysKeptWaitTest(AlwaysKept):
    # Nobody takes the lead over, however slow the machine is.
    @mock.patch("stillhouse.lead._PATIENCE_SECONDS", 1000.0)
    @mock.patch("stillhouse.lead._CALM_LOOKS", 1_000_000)
    def test_who_waits_for_its_body_reads_it_itself(self):
        seen = []

        def application(stream):
            block = stream.read(10)
            while block:
                seen.append((threading.get_ident(), block))
                block = stream.read(10)
            stream.respond("200 OK", [], b"", True)

        process = self.start(application, threads=3)
        readers = []
        read = process.channel._read

        def noting_read(timeout):
            reads = read(timeout)
            readers.append(threading.get_ident())
            return reads

        process.channel._read = noting_read
        handed_over = []
        step_down = process.channel._step_down
        process.channel._step_down = lambda: (handed_over.append(len(seen)), step_down())
        peer = process.connect()
        peer.request(1, body=True)
        for index in range(5):
            peer.data(1, bytes([index]))
            process.until(lambda index=index: len(seen) > index, "the block")
        peer.data(1, b"", True)
        peer.expect(protocol.FRAME_RESPONSE, 1)
        who = seen[0][0]
        self.assertEqual([block for _, block in seen], [bytes([index]) for index in range(5)])
        self.assertEqual(set(readers[-5:]), {who})
        self.assertFalse([count for count in handed_over if count < 5], "nobody else was woken to lead meanwhile")


class NeverKeptHandOverTest(NeverKept, test_channel.HandOverTest):
    pass


if __name__ == "__main__":
    unittest.main()
