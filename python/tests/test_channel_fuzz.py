"""Whatever comes over a connection: it is served or dropped with a reason, and nothing hangs, grows or dies of it.

STILLHOUSE_FUZZ_SECONDS says for how long; without it as many rounds as are quick.
"""

import os
import random
import threading
import time
import unittest

from stillhouse import connection, protocol
from stillhouse.exchange import ClientGone

from .channel_peer import HEADER, Process, frame, harmless, request_frame, u32

ROUNDS = 300
KINDS = (
    protocol.FRAME_HELLO,
    protocol.FRAME_REQUEST,
    protocol.FRAME_DATA,
    protocol.FRAME_CREDIT,
    protocol.FRAME_ABORT,
    protocol.FRAME_REVOKE,
    protocol.FRAME_GOODBYE,
    0,
    77,
    255,
)
BLOCK = b"x" * 5000


def answer(stream):
    """In more than one frame."""
    try:
        stream.respond("200 OK", [], BLOCK, False)
        stream.write(BLOCK, True)
    except ClientGone:
        pass


class ChannelFuzzTest(unittest.TestCase):
    def setUp(self):
        self.process = Process(answer, threads=3)
        self.addCleanup(self.process.close)

    def make_bytes(self, chance):
        """What a peer may send: valid frames, frames of nonsense, and bytes of either changed or cut."""
        parts = []
        request_id = 0
        for _ in range(chance.randrange(1, 12)):
            if chance.random() < 0.5:
                request_id += 1
                parts.append(request_frame(request_id, body=chance.random() < 0.3, expects=chance.random() < 0.1))
            elif chance.random() < 0.3:
                parts.append(frame(protocol.FRAME_CREDIT, request_id, u32(chance.choice((0, 1, 65536, 2**32 - 1)))))
            elif chance.random() < 0.1:
                # A length without its payload, up to far beyond the limit.
                parts.append(HEADER.pack(chance.choice((1 << 20, (1 << 20) + 1, 2**32 - 1)), request_id, 2, 0, 0))
            else:
                payload = harmless(chance.randbytes(chance.choice((0, 1, 4, 8, 50, 3000))))
                flags = chance.randrange(256)
                parts.append(frame(chance.choice(KINDS), chance.choice((0, 1, request_id, 2**32 - 1)), payload, flags))
        data = bytearray(b"".join(parts))
        if data and chance.random() < 0.4:
            for _ in range(chance.randrange(1, 4)):
                data[chance.randrange(len(data))] = harmless([chance.randrange(256)])[0]
        if chance.random() < 0.3:
            del data[chance.randrange(len(data) + 1) :]
        return bytes(data)

    def send_all(self, peer, data, chance):
        """In pieces, up to where the process hangs up."""
        at = 0
        try:
            while at < len(data):
                size = chance.choice((1, 7, 12, 4096, len(data)))
                peer.socket.sendall(data[at : at + size])
                at += size
        except OSError:
            pass  # it was dropped: the rest is of no interest

    def check_buffers(self):
        for one in list(self.process.channel._connections.values()):
            limit = protocol.FRAME_PAYLOAD_BYTES_LIMIT + protocol.FRAME_HEADER_BYTES
            self.assertLessEqual(len(one._buffer), max(limit, connection._RECEIVE_BYTES))

    def test_random_frames(self):
        seconds = float(os.environ.get("STILLHOUSE_FUZZ_SECONDS", "0"))
        started = time.monotonic()
        threads = threading.active_count()
        rounds = dropped = 0
        while rounds < ROUNDS or time.monotonic() - started < seconds:
            rounds += 1
            chance = random.Random(rounds)
            with self.subTest(round=rounds):
                peer = self.process.connect(greet=chance.random() < 0.9)
                self.send_all(peer, self.make_bytes(chance), chance)
                self.check_buffers()
                # Whoever behaves is served as ever.
                other = self.process.connect()
                other.request(1)
                self.assertEqual(other.answer(1), (["200 OK"], BLOCK + BLOCK, "end"))
                peer.close()
                other.close()
                self.process.until(lambda: not self.process.channel._connections, "the end of both connections")
                self.process._peers.clear()
        self.process.until(lambda: self.process.channel.active == 0, "the end of all requests")
        for level, message in self.process.reports:
            if level == "error":
                dropped += 1
                self.assertRegex(message, r"^connection \d+ dropped: protocol of the channel broken: .")
        self.assertGreater(dropped, rounds // 10, "the rounds are too tame")
        self.assertLessEqual(threading.active_count(), threads)
        self.assertFalse(self.process.channel._queue)


if __name__ == "__main__":
    unittest.main()
