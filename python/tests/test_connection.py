"""What a connection does with the parts of a frame: one write, whole or never again."""

import socket
import unittest

from stillhouse.connection import Connection


class FakeSocket:
    """Takes as much of each write as it is told."""

    def __init__(self, takes=(), raises=None):
        self.takes = list(takes)
        self.raises = raises
        self.sent = b""
        self.calls = []
        self.is_shut = False

    def sendmsg(self, parts):
        data = b"".join(parts)
        size = self.takes.pop(0) if self.takes else len(data)
        self.calls.append("sendmsg")
        self.sent += data[:size]
        return size

    def sendall(self, data):
        self.calls.append("sendall")
        if self.raises is not None:
            raise self.raises
        self.sent += data

    def shutdown(self, how):
        assert how == socket.SHUT_RDWR
        self.is_shut = True


class Interrupted(BaseException):
    pass


PARTS = (b"header", memoryview(b"x" * 100))
WHOLE = b"header" + b"x" * 100


class SendTest(unittest.TestCase):
    def test_parts_in_one_call(self):
        peer = FakeSocket()
        self.assertTrue(Connection(None, peer).send(*PARTS))
        self.assertEqual((peer.calls, peer.sent), (["sendmsg"], WHOLE))

    def test_what_the_call_left_over_follows(self):
        for taken in (1, 6, 7, 105):
            peer = FakeSocket([taken])
            self.assertTrue(Connection(None, peer).send(*PARTS))
            self.assertEqual((peer.calls, peer.sent, peer.is_shut), (["sendmsg", "sendall"], WHOLE, False))

    def test_nothing_follows_a_frame_that_is_cut(self):
        peer = FakeSocket([7], BlockingIOError())
        connection = Connection(None, peer)
        self.assertFalse(connection.send(*PARTS))
        self.assertTrue(peer.is_shut)
        self.assertFalse(connection.send(b"frame"))
        self.assertEqual(peer.sent, WHOLE[:7])

    def test_an_exception_that_is_injected_amid_a_frame(self):
        peer = FakeSocket([7], Interrupted())
        connection = Connection(None, peer)
        with self.assertRaises(Interrupted):
            connection.send(*PARTS)
        self.assertTrue(peer.is_shut)
        self.assertFalse(connection.send(b"frame"))

    def test_an_exception_that_is_injected_before_a_frame(self):
        class Interrupting(FakeSocket):
            def sendmsg(self, parts):
                raise Interrupted()

        peer = Interrupting()
        connection = Connection(None, peer)
        with self.assertRaises(Interrupted):
            connection.send(*PARTS)
        self.assertFalse(peer.is_shut)
        self.assertTrue(connection.send(b"frame"))
        self.assertEqual(peer.sent, b"frame")


if __name__ == "__main__":
    unittest.main()
