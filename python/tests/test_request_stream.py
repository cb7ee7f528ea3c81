"""One request as its thread sees it, over a connection that only keeps what is sent."""

import os
import struct
import tempfile
import threading
import unittest

from stillhouse import protocol
from stillhouse.exchange import ClientGone, InputBroken
from stillhouse.request_stream import RequestStream

from .channel_peer import HEADER

WINDOW = protocol.RESPONSE_WINDOW_BYTES


class MemoryChannel:
    """Runs the next of `happenings` each time the stream would wait."""

    def __init__(self):
        self.happenings = []
        self.waits = 0

    def wait(self, stream, seen):
        self.waits += 1
        assert self.happenings, "the stream waits for ever"
        if stream.events == seen:
            self.happenings.pop(0)()


class MemoryConnection:
    def __init__(self):
        self.channel = MemoryChannel()
        self.sent = []
        self.is_open = True

    def send(self, *parts):
        if not self.is_open:
            return False
        data = b"".join(bytes(part) for part in parts)
        while data:
            length, request_id, kind, flags, _ = HEADER.unpack_from(data)
            assert request_id == 7 and length <= protocol.FRAME_PAYLOAD_BYTES_LIMIT
            assert len(data) >= HEADER.size + length, "a frame is cut"
            self.sent.append((kind, flags, data[HEADER.size : HEADER.size + length]))
            data = data[HEADER.size + length :]
        return True


class StreamCase(unittest.TestCase):
    def setUp(self):
        self.connection = MemoryConnection()
        self.channel = self.connection.channel

    def stream(self, flags=0, advance=0):
        return RequestStream(self.connection, 7, {}, {}, flags, advance)

    @property
    def sent(self):
        return self.connection.sent

    def body(self):
        """The response's body so far; checks that only its last frame ends it."""
        parts = []
        for index, (kind, flags, payload) in enumerate(self.sent):
            if kind == protocol.FRAME_RESPONSE:
                payload = payload[4 + struct.unpack_from("<I", payload)[0] :]
            parts.append(payload)
            self.assertTrue(not flags & protocol.FLAG_END or index == len(self.sent) - 1)
        return b"".join(parts)

    def ended(self):
        return bool(self.sent and self.sent[-1][1] & protocol.FLAG_END)


class ReadTest(StreamCase):
    def test_no_body(self):
        stream = self.stream(protocol.FLAG_END)
        self.assertEqual((stream.read(10), stream.read(1)), (b"", b""))

    def test_blocks_are_cut_to_what_was_asked_for(self):
        stream = self.stream()
        stream.take_data(b"abcde", 0)
        stream.take_data(b"", 0)
        stream.take_data(b"f", protocol.FLAG_END)
        self.assertEqual([stream.read(2), stream.read(9), stream.read(9), stream.read(9)], [b"ab", b"cde", b"f", b""])
        self.assertEqual(self.channel.waits, 0)

    def test_waits_for_bytes_and_for_the_end(self):
        stream = self.stream()
        self.channel.happenings = [
            lambda: stream.take_credit(5),
            lambda: stream.take_data(b"", 0),
            lambda: stream.take_data(b"x", 0),
            lambda: stream.take_data(b"", protocol.FLAG_END),
        ]
        self.assertEqual([stream.read(5), stream.read(5)], [b"x", b""])

    def test_credit_is_given_back_in_steps_and_not_after_the_end(self):
        stream = self.stream()
        step = protocol.REQUEST_WINDOW_BYTES // 4
        stream.take_data(bytes(step - 1), 0)
        stream.read(step)
        self.assertEqual(self.sent, [])
        stream.take_data(b"x", 0)
        stream.read(step)
        self.assertEqual(self.sent, [(protocol.FRAME_CREDIT, 0, struct.pack("<I", step))])
        stream.take_data(bytes(step), protocol.FLAG_END)
        stream.read(step)
        self.assertEqual(len(self.sent), 1)

    def test_window(self):
        stream = self.stream()
        self.assertTrue(stream.take_data(bytes(protocol.REQUEST_WINDOW_BYTES), 0))
        self.assertFalse(stream.take_data(b"x", 0))
        other = self.stream()
        for _ in range(10):
            self.assertTrue(other.take_data(bytes(protocol.REQUEST_WINDOW_BYTES), 0))
            self.assertEqual(len(other.read(1_000_000)), protocol.REQUEST_WINDOW_BYTES)

    def test_the_first_read_asks_a_client_that_waits_for_100_continue(self):
        stream = self.stream(protocol.FLAG_EXPECT_CONTINUE)
        self.channel.happenings = [lambda: stream.take_data(b"x", protocol.FLAG_END)]
        self.assertEqual(stream.read(1), b"x")
        self.assertEqual(self.sent, [(protocol.FRAME_CREDIT, 0, struct.pack("<I", protocol.REQUEST_WINDOW_BYTES))])

    def test_client_that_left_after_part_of_the_body(self):
        stream = self.stream()
        stream.take_data(b"part", 0)
        stream.take_abort()
        self.assertEqual(stream.read(10), b"part")
        with self.assertRaisesRegex(InputBroken, "^Partial results are valid but processing is incomplete$"):
            stream.read(10)

    def test_body_that_was_complete_is_read_though_the_client_left(self):
        stream = self.stream()
        stream.take_data(b"whole", protocol.FLAG_END)
        stream.take_abort()
        self.assertEqual((stream.read(10), stream.read(10)), (b"whole", b""))


class WriteTest(StreamCase):
    def test_response_in_one_frame(self):
        stream = self.stream(protocol.FLAG_END)
        stream.respond("200 OK", [("A", "1"), ("B", "caf\xe9")], b"body", True)
        head = b"200 OK\nA\n1\nB\ncaf\xe9"
        frame = (protocol.FRAME_RESPONSE, protocol.FLAG_END, struct.pack("<I", len(head)) + head + b"body")
        self.assertEqual(self.sent, [frame])
        stream.finish()
        self.assertEqual(len(self.sent), 1)

    def test_empty_blocks(self):
        stream = self.stream(protocol.FLAG_END)
        stream.respond("200 OK", [], b"", False)
        stream.write(b"")
        stream.write(b"", True)
        self.assertTrue(self.ended())
        self.assertEqual(self.body(), b"")

    def test_blocks_around_every_limit(self):
        limit = protocol.FRAME_PAYLOAD_BYTES_LIMIT
        for size in (1, 32_768, 32_769, WINDOW - 1, WINDOW, WINDOW + 1, limit, limit + 1, 3 * limit + 5):
            for first in (True, False):
                with self.subTest(size=size, first=first):
                    self.setUp()
                    stream = self.stream(protocol.FLAG_END)
                    self.channel.happenings = [lambda: stream.take_credit(limit * 2)] * 5
                    block = os.urandom(size)
                    if first:
                        stream.respond("200 OK", [], block, True)
                    else:
                        stream.respond("200 OK", [], b"", False)
                        stream.write(block, True)
                    self.assertEqual(self.body(), block)
                    self.assertTrue(self.ended())

    def test_more_credit_than_a_frame_holds(self):
        stream = self.stream(protocol.FLAG_END)
        stream.take_credit(10 * protocol.FRAME_PAYLOAD_BYTES_LIMIT)
        block = bytes(2 * protocol.FRAME_PAYLOAD_BYTES_LIMIT + 1)
        stream.respond("200 OK", [("A", "b" * 1000)], block, True)
        self.assertEqual(len(self.body()), len(block))
        self.assertTrue(self.ended())

    def test_what_is_granted_in_advance_needs_no_credit(self):
        room = WINDOW + 3 * protocol.ADVANCE_UNIT_BYTES
        for size in (room, room + 1):
            with self.subTest(size=size):
                self.setUp()
                stream = self.stream(protocol.FLAG_END, advance=3)
                seen = []
                self.channel.happenings = [lambda: (seen.append(len(self.body())), stream.take_credit(1))]
                stream.respond("200 OK", [], bytes(size), True)
                self.assertEqual((seen, len(self.body())), ([room] if size > room else [], size))

    def test_block_that_credit_allows_stays_with_its_head(self):
        """So the http child knows the length of the body."""
        stream = self.stream(protocol.FLAG_END)
        stream.respond("200 OK", [], bytes(WINDOW), True)
        self.assertEqual([(kind, flags) for kind, flags, _ in self.sent], [(protocol.FRAME_RESPONSE, protocol.FLAG_END)])

    def test_head_goes_with_the_first_block_where_a_frame_is_too_small_for_both(self):
        stream = self.stream(protocol.FLAG_END, advance=100)
        calls = []
        send = self.connection.send
        self.connection.send = lambda *parts: calls.append(parts) or send(*parts)
        stream.respond("200 OK", [], bytes(protocol.FRAME_PAYLOAD_BYTES_LIMIT), True)
        self.assertEqual([kind for kind, _, _ in self.sent], [protocol.FRAME_RESPONSE, protocol.FRAME_DATA])
        self.assertEqual(len(calls), 1)

    def test_no_byte_without_credit(self):
        stream = self.stream(protocol.FLAG_END)
        seen = []
        self.channel.happenings = [
            lambda: (seen.append(len(self.body())), stream.take_credit(1)),
            lambda: (seen.append(len(self.body())), stream.take_credit(10)),
        ]
        stream.respond("200 OK", [], bytes(WINDOW + 5), True)
        self.assertEqual(seen, [WINDOW, WINDOW + 1])
        self.assertEqual(len(self.body()), WINDOW + 5)

    def test_credit_that_comes_while_a_block_is_counted(self):
        stream = self.stream(protocol.FLAG_END)
        stream.respond("200 OK", [], b"", False)

        class Block(bytes):
            def __len__(self):
                # What another thread, the leader, may do at this very moment.
                stream.take_credit(1)
                return super().__len__()

        granted = WINDOW
        for _ in range(3):
            before = stream._granted
            stream.write(Block(b"x" * 1000))
            granted += stream._granted - before - 1000
        self.assertEqual(stream._credit, granted)

    def test_head_longer_than_a_frame(self):
        stream = self.stream(protocol.FLAG_END)
        with self.assertRaises(ValueError):
            stream.respond("200 OK", [("A", "x" * protocol.FRAME_PAYLOAD_BYTES_LIMIT)], b"", True)
        self.assertEqual(self.sent, [])

    def test_client_gone(self):
        stream = self.stream(protocol.FLAG_END)
        stream.respond("200 OK", [], b"", False)
        stream.take_abort()
        for write in (
            lambda: stream.write(b"x"),
            lambda: stream.write(bytes(WINDOW * 2)),
            lambda: stream.respond("200 OK", [], b"", True),
            lambda: stream.send_file(0, 0, 1),
        ):
            self.assertRaises(ClientGone, write)
        # The http child counts the request as running until it hears of its end.
        stream.finish()
        self.assertEqual(self.sent[-1][0], protocol.FRAME_ABORT)

    def test_connection_gone(self):
        stream = self.stream(protocol.FLAG_END)
        self.connection.is_open = False
        self.assertRaises(ClientGone, lambda: stream.respond("200 OK", [], b"", False))
        self.assertTrue(stream.client_gone)

    def test_refuse_and_truncate_once(self):
        stream = self.stream(protocol.FLAG_END)
        stream.refuse(503, "später")
        stream.refuse(500, "again")
        stream.truncate("again")
        stream.finish()
        self.assertEqual(self.sent, [(protocol.FRAME_REFUSE, 0, struct.pack("<H", 503) + "später".encode())])

    def test_what_has_no_answer_is_ended(self):
        stream = self.stream(protocol.FLAG_END)
        stream.respond("200 OK", [], b"part", False)
        stream.finish()
        stream.finish()
        self.assertEqual([kind for kind, _, _ in self.sent], [protocol.FRAME_RESPONSE, protocol.FRAME_ABORT])


class SendFileTest(StreamCase):
    def setUp(self):
        super().setUp()
        self.file = tempfile.TemporaryFile()
        self.addCleanup(self.file.close)
        self.content = os.urandom(WINDOW * 3)
        self.file.write(self.content)
        self.file.flush()

    def test_a_part_of_a_file(self):
        stream = self.stream(protocol.FLAG_END)
        self.channel.happenings = [lambda: stream.take_credit(WINDOW)] * 4
        stream.respond("200 OK", [], b"<", False)
        stream.send_file(self.file.fileno(), 10, WINDOW * 2)
        self.assertEqual(self.body(), b"<" + self.content[10 : 10 + WINDOW * 2])
        self.assertTrue(self.ended())

    def test_nothing_of_a_file(self):
        stream = self.stream(protocol.FLAG_END)
        stream.respond("200 OK", [], b"", False)
        stream.send_file(self.file.fileno(), 0, 0)
        self.assertTrue(self.ended())

    def test_file_that_is_shorter_than_announced(self):
        stream = self.stream(protocol.FLAG_END)
        self.channel.happenings = [lambda: stream.take_credit(WINDOW)] * 5
        stream.respond("200 OK", [], b"", False)
        with self.assertRaisesRegex(OSError, "file ended before the response was complete"):
            stream.send_file(self.file.fileno(), WINDOW * 2, WINDOW * 2)
        self.assertFalse(self.ended())
        stream.truncate("short")
        self.assertEqual(self.sent[-1][0], protocol.FRAME_ABORT)

    def test_descriptor_that_is_closed(self):
        stream = self.stream(protocol.FLAG_END)
        stream.respond("200 OK", [], b"", False)
        self.assertRaises(OSError, lambda: stream.send_file(10_000, 0, 5))


class WakeTest(StreamCase):
    def test_a_waiter_is_released_once_by_anything_that_happens(self):
        for happen in (
            lambda stream: stream.take_data(b"x", 0),
            lambda stream: stream.take_credit(1),
            lambda stream: stream.take_abort(),
            lambda stream: stream.wake(),
        ):
            stream = self.stream()
            waiter = threading.Lock()
            waiter.acquire()
            stream.waiter = waiter
            happen(stream)
            self.assertTrue(waiter.acquire(False))
            self.assertIsNone(stream.waiter)
            happen(stream)
            self.assertFalse(waiter.acquire(False))
            self.assertEqual(stream.events, 2)
