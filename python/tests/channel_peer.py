"""The http child's end of the channel for tests: a socket pair, frames by hand, and a process of request threads."""

import marshal
import os
import socket
import struct
import tempfile
import threading
import time

from stillhouse import protocol
from stillhouse.channel import Channel
from stillhouse.scoreboard import Scoreboard

HEADER = struct.Struct("<IIBBH")
# Nothing here takes longer, however slow the machine is.
PATIENCE_SECONDS = 10.0
# Codes of marshal that are followed by a length: CPython allocates as much as they claim.
_SIZED = b"([<>l{"


def frame(kind, request_id=0, payload=b"", flags=0, advance=0):
    return HEADER.pack(len(payload), request_id, kind, flags, advance) + payload


def harmless(noise):
    """Noise without what would make CPython allocate gigabytes; who sends frames is trusted as far as that."""
    return bytes(0 if byte & 0x7F in _SIZED else byte for byte in noise)


def u32(value):
    return struct.pack("<I", value)


def request_frame(request_id, *, body=False, expects=False, environ=None, facts=None, advance=0):
    flags = (0 if body else protocol.FLAG_END) | (protocol.FLAG_EXPECT_CONTINUE if expects else 0)
    payload = marshal.dumps((environ if environ is not None else {"REQUEST_METHOD": "GET"}, facts or {}))
    return frame(protocol.FRAME_REQUEST, request_id, payload, flags, advance)


class Peer:
    """One http child's connection."""

    def __init__(self, number):
        self.number = number
        self.socket, self.other = socket.socketpair()
        self.socket.settimeout(PATIENCE_SECONDS)
        self._received = b""

    def greet(self):
        hello = struct.pack("<II", protocol.PROTOCOL_VERSION, self.number)
        self.send(frame(protocol.FRAME_HELLO, 0, hello))

    def send(self, *frames):
        self.socket.sendall(b"".join(frames))

    def request(self, request_id, **options):
        self.send(request_frame(request_id, **options))

    def data(self, request_id, block, last=False):
        self.send(frame(protocol.FRAME_DATA, request_id, block, protocol.FLAG_END if last else 0))

    def credit(self, request_id, count):
        self.send(frame(protocol.FRAME_CREDIT, request_id, u32(count)))

    def receive(self):
        """The next frame as (kind, id, flags, payload); None at the connection's end."""
        while True:
            if len(self._received) >= HEADER.size:
                length, request_id, kind, flags, _ = HEADER.unpack_from(self._received)
                end = HEADER.size + length
                if len(self._received) >= end:
                    payload = self._received[HEADER.size : end]
                    self._received = self._received[end:]
                    return kind, request_id, flags, payload
            try:
                block = self.socket.recv(1_000_000)
            except ConnectionResetError:
                return None
            if not block:
                return None
            self._received += block

    def expect(self, kind, request_id=None):
        """The payload of the next frame, which must be of this kind."""
        found = self.receive()
        assert found is not None, f"connection closed instead of frame {kind}"
        assert found[0] == kind and request_id in (None, found[1]), f"frame {found} instead of {kind} of {request_id}"
        return found[3]

    def answer(self, request_id):
        """The whole body of a response, credit given as it comes; (head, body, how it ended)."""
        head, body = None, b""
        while True:
            found = self.receive()
            assert found is not None, "connection closed before the answer was complete"
            kind, which, flags, payload = found
            assert which == request_id, found
            if kind == protocol.FRAME_CREDIT:
                continue
            if kind == protocol.FRAME_RESPONSE:
                length = struct.unpack_from("<I", payload)[0]
                head = payload[4 : 4 + length].decode("latin-1").split("\n")
                payload = payload[4 + length :]
            elif kind != protocol.FRAME_DATA:
                return head, body, (kind, payload)
            body += payload
            if flags & protocol.FLAG_END:
                return head, body, "end"
            if payload:
                self.credit(request_id, len(payload))

    def is_closed(self):
        """Reads up to the connection's end."""
        while self.receive() is not None:
            pass
        return True

    def close(self):
        self.socket.close()


class Process:
    """A channel with its request threads, run by `application(stream)`."""

    def __init__(self, application, threads=2, peer_uids=None, keeps_lead=None):
        self.reports = []
        self.folder = tempfile.mkdtemp(prefix="stillhouse-channel-")
        self.board_path = os.path.join(self.folder, "board")
        self.board = Scoreboard(self.board_path, threads)
        self.channel = Channel(
            threads,
            scoreboard=self.board,
            peer_uids=frozenset({os.getuid()}) if peer_uids is None else peer_uids,
            send_timeout=PATIENCE_SECONDS,
            report=lambda level, message: self.reports.append((level, message)),
        )
        if keeps_lead is not None:
            self.channel._lead_policy.advises_keeping = lambda now: keeps_lead
        self._application = application
        self._peers = []
        self._numbers = 0
        self.inside = 0
        self.most_inside = 0
        self._lock = threading.Lock()
        self.threads = [
            threading.Thread(target=self.channel.serve, args=(slot, self._run), daemon=True) for slot in range(threads)
        ]
        for thread in self.threads:
            thread.start()

    def connect(self, number=None, greet=True):
        self._numbers += 1
        peer = Peer(self._numbers if number is None else number)
        self._peers.append(peer)
        if greet:
            peer.greet()
        self.channel.accept(peer.other)
        return peer

    def _run(self, stream, slot):
        with self._lock:
            self.inside += 1
            self.most_inside = max(self.most_inside, self.inside)
        try:
            self._application(stream)
        finally:
            with self._lock:
                self.inside -= 1

    def stop(self):
        self.channel.stop()
        deadline = time.monotonic() + PATIENCE_SECONDS
        while self.channel.active and time.monotonic() < deadline:
            self.channel.drain(0.05)
        for thread in self.threads:
            thread.join(PATIENCE_SECONDS)

    def close(self):
        for peer in self._peers:
            peer.close()
        self.stop()
        self.channel.drain(0)
        assert not any(thread.is_alive() for thread in self.threads), "a request thread did not end"
        os.unlink(self.board_path)
        os.rmdir(self.folder)

    def until(self, condition, what):
        """Waits for something that another thread is about to do."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not condition():
            assert time.monotonic() < deadline, f"{what} never came"
            time.sleep(0.001)
