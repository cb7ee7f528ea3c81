"""The channel with real socket pairs and request threads; the tests play the http children."""

import marshal
import os
import random
import struct
import threading
import time
import unittest

from stillhouse import protocol
from stillhouse.exchange import ClientGone, InputBroken

from .channel_peer import HEADER, PATIENCE_SECONDS, Peer, Process, frame, request_frame, u32

OK = "200 OK"


def echo_path(stream):
    stream.respond(OK, [], stream.environ.get("PATH_INFO", "").encode(), True)


def read_all(stream):
    return b"".join(iter(lambda: stream.read(65_536), b""))


class ChannelCase(unittest.TestCase):
    def start(self, application, **options):
        process = Process(application, **options)
        self.addCleanup(process.close)
        return process

    def assert_healthy(self, process):
        """A new connection gets its answer, and every thread still lives."""
        peer = process.connect(number=9_999)
        for request_id in range(1, 9):
            peer.request(request_id, environ={"PATH_INFO": "/fine"})
        answered = {peer.receive()[1] for _ in range(8)}
        self.assertEqual(answered, set(range(1, 9)))
        self.assertTrue(all(thread.is_alive() for thread in process.threads))


class RunningTest(ChannelCase):
    def test_requests_are_answered(self):
        process = self.start(echo_path)
        peer = process.connect()
        for request_id in (1, 2, 3):
            peer.request(request_id, environ={"PATH_INFO": f"/{request_id}"})
        bodies = {}
        for _ in range(3):
            kind, request_id, flags, payload = peer.receive()
            self.assertEqual((kind, flags), (protocol.FRAME_RESPONSE, protocol.FLAG_END))
            bodies[request_id] = payload[4 + len(OK) :]
        self.assertEqual(bodies, {1: b"/1", 2: b"/2", 3: b"/3"})

    def test_never_more_at_once_than_threads_and_in_order(self):
        gate = threading.Semaphore(0)
        started = []

        def application(stream):
            started.append(stream.request_id)
            gate.acquire()
            stream.respond(OK, [], b"", True)

        process = self.start(application, threads=3)
        peer = process.connect()
        peer.send(*(request_frame(request_id) for request_id in range(1, 31)))
        process.until(lambda: len(started) == 3, "the third request")
        for done in range(1, 31):
            gate.release()
            peer.expect(protocol.FRAME_RESPONSE)
            process.until(lambda: len(started) >= min(30, done + 3), "the next request")
            self.assertLessEqual(process.channel.active, 3)
        self.assertEqual(process.most_inside, 3)
        # Neighbours may start side by side, no request overtakes more than those that start with it.
        for index, request_id in enumerate(started):
            self.assertLess(abs(index + 1 - request_id), 3, started)

    def test_one_thread_takes_them_strictly_in_order(self):
        started = []

        def application(stream):
            started.append(stream.request_id)
            stream.respond(OK, [], b"", True)

        process = self.start(application, threads=1)
        peer = process.connect()
        peer.send(*(request_frame(request_id) for request_id in range(1, 101)))
        for request_id in range(1, 101):
            peer.expect(protocol.FRAME_RESPONSE, request_id)
        self.assertEqual(started, list(range(1, 101)))

    def test_frames_cut_at_every_byte(self):
        process = self.start(lambda stream: stream.respond(OK, [], read_all(stream), True), threads=1)
        peer = process.connect()
        whole = request_frame(1, body=True) + frame(protocol.FRAME_DATA, 1, b"body", protocol.FLAG_END)
        for byte in whole:
            peer.send(bytes([byte]))
        self.assertEqual(peer.answer(1), ([OK], b"body", "end"))
        for cut in range(1, len(whole)):
            peer.send(whole.replace(HEADER.pack(0, 1, 0, 0, 0)[4:8], u32(cut + 1))[:cut])
            peer.send(whole.replace(HEADER.pack(0, 1, 0, 0, 0)[4:8], u32(cut + 1))[cut:])
            self.assertEqual(peer.answer(cut + 1)[1], b"body")

    def test_an_environ_of_nearly_a_mebibyte(self):
        process = self.start(lambda stream: stream.respond(OK, [], str(len(stream.environ["K"])).encode(), True))
        peer = process.connect()
        for request_id, length in ((1, 1_000_000), (2, 10), (3, 1_048_000)):
            peer.request(request_id, environ={"K": "x" * length})
            self.assertEqual(peer.answer(request_id)[1], str(length).encode())

    def test_two_connections_do_not_mix(self):
        process = self.start(echo_path)
        peers = [process.connect(), process.connect()]
        for request_id in range(1, 51):
            for peer in peers:
                peer.request(request_id, environ={"PATH_INFO": f"/{peer.number}/{request_id}"})
        for peer in peers:
            bodies = {}
            for _ in range(50):
                _, request_id, _, payload = peer.receive()
                bodies[request_id] = payload[4 + len(OK) :]
            self.assertEqual(bodies, {n: f"/{peer.number}/{n}".encode() for n in range(1, 51)})
        peers[0].close()
        peers[1].request(51, environ={"PATH_INFO": "/still"})
        self.assertEqual(peers[1].answer(51)[1], b"/still")

    def test_a_thread_survives_an_exception(self):
        def application(stream):
            if stream.request_id % 2:
                raise KeyboardInterrupt("injected")
            stream.respond(OK, [], b"", True)

        process = self.start(application, threads=1)
        peer = process.connect()
        peer.request(1)
        peer.request(2)
        peer.expect(protocol.FRAME_ABORT, 1)
        peer.expect(protocol.FRAME_RESPONSE, 2)
        self.assertEqual(process.reports, [("error", "KeyboardInterrupt between requests of thread 1: injected")])

    def test_an_application_that_does_not_answer_gets_an_ending(self):
        process = self.start(lambda stream: None)
        peer = process.connect()
        peer.request(1)
        self.assertEqual(peer.expect(protocol.FRAME_ABORT, 1), b"the request thread ended without an answer")

    def test_started_requests_are_on_the_scoreboard_before_they_run(self):
        marks = []

        def application(stream):
            with open(process.board_path, "rb") as board:
                entry = board.read()[protocol.SCOREBOARD_CONNECTIONS_OFFSET :][:8]
            marks.append(struct.unpack("<II", entry))
            stream.respond(OK, [], b"", True)

        process = self.start(application, threads=1)
        peer = process.connect(number=7)
        for request_id in (1, 2):
            peer.request(request_id)
            peer.expect(protocol.FRAME_RESPONSE, request_id)
        self.assertEqual(marks, [(7, 1), (7, 2)])
        peer.close()
        process.until(lambda: process.reports, "the report")
        with open(process.board_path, "rb") as board:
            self.assertEqual(board.read()[protocol.SCOREBOARD_CONNECTIONS_OFFSET :][:4], u32(0))


class BodyTest(ChannelCase):
    def test_body_of_any_size_within_its_window(self):
        total = 3_000_000
        process = self.start(lambda stream: stream.respond(OK, [], str(len(read_all(stream))).encode(), True))
        peer = process.connect()
        peer.request(1, body=True)
        credit, sent = protocol.REQUEST_WINDOW_BYTES, 0
        while sent < total:
            while credit == 0:
                credit += struct.unpack("<I", peer.expect(protocol.FRAME_CREDIT, 1))[0]
            count = min(credit, 60_000, total - sent)
            peer.data(1, bytes(count), sent + count == total)
            credit -= count
            sent += count
            self.assertLessEqual(credit, protocol.REQUEST_WINDOW_BYTES)
        self.assertEqual(peer.answer(1)[1], str(total).encode())

    def test_more_than_the_window_closes_the_connection(self):
        release = threading.Event()

        def application(stream):
            if stream.request_id == 1:
                release.wait(PATIENCE_SECONDS)
            echo_path(stream)

        process = self.start(application, threads=2)
        self.addCleanup(release.set)
        peer = process.connect()
        peer.request(1, body=True)
        process.until(lambda: process.inside == 1, "the request")
        peer.data(1, bytes(protocol.REQUEST_WINDOW_BYTES))
        peer.request(2)
        peer.expect(protocol.FRAME_RESPONSE, 2)
        peer.data(1, b"!")
        self.assertTrue(peer.is_closed())
        release.set()
        self.assertIn(("error", "connection 1 dropped: protocol of the channel broken: request 1 sent more body than its window"), process.reports)
        self.assert_healthy(process)

    def test_body_that_nobody_reads_ends_with_the_request(self):
        process = self.start(echo_path, threads=1)
        peer = process.connect()
        peer.request(1, body=True)
        peer.expect(protocol.FRAME_RESPONSE, 1)
        for _ in range(5):
            peer.data(1, bytes(50_000))
        peer.data(1, b"", True)
        peer.credit(1, 5)
        peer.send(frame(protocol.FRAME_ABORT, 1), frame(protocol.FRAME_REVOKE, 1))
        peer.request(2, environ={"PATH_INFO": "/next"})
        self.assertEqual(peer.answer(2)[1], b"/next")

    def test_expect_continue_asks_for_the_body_when_it_is_read(self):
        def application(stream):
            stream.respond(OK, [], read_all(stream) if stream.environ["READ"] else b"unread", True)

        process = self.start(application, threads=1)
        peer = process.connect()
        peer.request(1, body=True, expects=True, environ={"READ": "yes"})
        self.assertEqual(peer.expect(protocol.FRAME_CREDIT, 1), u32(protocol.REQUEST_WINDOW_BYTES))
        peer.data(1, b"late", True)
        self.assertEqual(peer.answer(1)[1], b"late")
        peer.request(2, body=True, expects=True, environ={"READ": ""})
        self.assertEqual(peer.answer(2), ([OK], b"unread", "end"))

    def test_client_that_leaves_amid_its_body(self):
        errors = []

        def application(stream):
            try:
                read_all(stream)
            except InputBroken as error:
                errors.append(str(error))
                stream.truncate("gone")

        process = self.start(application, threads=1)
        peer = process.connect()
        peer.request(1, body=True)
        peer.data(1, b"half")
        process.until(lambda: process.inside == 1, "the request")
        peer.send(frame(protocol.FRAME_ABORT, 1))
        self.assertEqual(peer.expect(protocol.FRAME_ABORT, 1), b"gone")
        self.assertEqual(errors, ["Partial results are valid but processing is incomplete"])


class ResponseTest(ChannelCase):
    def test_response_waits_for_credit_and_goes_on(self):
        written = []

        def application(stream):
            stream.respond(OK, [("X-A", "1")], b"", False)
            for index in range(10):
                stream.write(bytes([index]) * 100_000, index == 9)
                written.append(index)

        process = self.start(application, threads=1)
        peer = process.connect()
        peer.request(1)
        got = b""
        head = peer.expect(protocol.FRAME_RESPONSE, 1)
        self.assertEqual(head, u32(12) + b"200 OK\nX-A\n1")
        while len(got) < protocol.RESPONSE_WINDOW_BYTES:
            got += peer.expect(protocol.FRAME_DATA, 1)
        self.assertEqual(len(got), protocol.RESPONSE_WINDOW_BYTES)
        self.assertEqual(written, [0, 1])
        peer.credit(1, 10)
        got += peer.expect(protocol.FRAME_DATA, 1)
        self.assertEqual(len(got), protocol.RESPONSE_WINDOW_BYTES + 10)
        peer.credit(1, protocol.RESPONSE_WINDOW_BYTES)
        _, rest, ending = peer.answer(1)
        self.assertEqual((got + rest, ending), (b"".join(bytes([i]) * 100_000 for i in range(10)), "end"))

    def test_response_that_is_granted_in_advance(self):
        size = protocol.RESPONSE_WINDOW_BYTES + 2 * protocol.ADVANCE_UNIT_BYTES
        done = threading.Event()

        def application(stream):
            stream.respond(OK, [], bytes(size), True)
            done.set()

        process = self.start(application, threads=1)
        peer = process.connect()
        peer.request(1, advance=2)
        self.assertEqual(len(peer.expect(protocol.FRAME_RESPONSE, 1)), 4 + len(OK) + size)
        self.assertTrue(done.wait(PATIENCE_SECONDS))

    def test_client_that_leaves_while_the_response_waits_for_credit(self):
        gone = []

        def application(stream):
            if stream.environ.get("PATH_INFO"):
                return echo_path(stream)
            stream.respond(OK, [], b"", False)
            try:
                while True:
                    stream.write(bytes(100_000))
            except ClientGone:
                gone.append(stream.client_gone)
                stream.truncate("the client left")

        process = self.start(application, threads=1)
        peer = process.connect()
        peer.request(1)
        peer.expect(protocol.FRAME_RESPONSE, 1)
        left = protocol.RESPONSE_WINDOW_BYTES
        while left:
            left -= len(peer.expect(protocol.FRAME_DATA, 1))
        peer.send(frame(protocol.FRAME_ABORT, 1))
        self.assertEqual(peer.expect(protocol.FRAME_ABORT, 1), b"the client left")
        self.assertEqual(gone, [True])
        self.assert_healthy(process)

    def test_connection_that_ends_while_the_response_is_written(self):
        gone = threading.Event()

        def application(stream):
            if stream.environ.get("PATH_INFO"):
                return echo_path(stream)
            stream.respond(OK, [], b"", False)
            try:
                while True:
                    stream.write(bytes(100_000))
            except ClientGone:
                gone.set()

        process = self.start(application, threads=1)
        peer = process.connect()
        peer.request(1)
        peer.expect(protocol.FRAME_RESPONSE, 1)
        peer.close()
        self.assertTrue(gone.wait(PATIENCE_SECONDS))
        self.assert_healthy(process)


class AbortAndRevokeTest(ChannelCase):
    def start_gated(self, threads=1):
        self.gate = threading.Event()
        self.addCleanup(self.gate.set)
        self.started = []

        def application(stream):
            self.started.append((stream.connection.number, stream.request_id))
            if stream.request_id == 1:
                self.gate.wait(PATIENCE_SECONDS)
            stream.respond(OK, [], b"", True)

        process = self.start(application, threads=threads)
        peer = process.connect()
        peer.request(1)
        process.until(lambda: self.started, "the first request")
        return process, peer

    def relieve(self, process):
        """What the monitor does while all request threads are busy."""
        process.channel.relieve(0)

    def test_abort_and_revoke_of_what_waits(self):
        process, peer = self.start_gated()
        for request_id in (2, 3, 4):
            peer.request(request_id)
        peer.send(frame(protocol.FRAME_REVOKE, 3), frame(protocol.FRAME_ABORT, 2), frame(protocol.FRAME_REVOKE, 99))
        self.relieve(process)
        answers = {peer.receive()[:2] for _ in range(2)}
        # An abort is acknowledged too: the http child counts the request until it is over.
        self.assertEqual(answers, {(protocol.FRAME_REVOKED, 3), (protocol.FRAME_REVOKED, 2)})
        self.gate.set()
        self.assertEqual({peer.receive()[1] for _ in range(2)}, {1, 4})
        self.assertEqual(self.started, [(1, 1), (1, 4)])

    def test_revoke_after_the_start_is_ignored(self):
        process, peer = self.start_gated()
        peer.send(frame(protocol.FRAME_REVOKE, 1))
        self.relieve(process)
        self.gate.set()
        peer.expect(protocol.FRAME_RESPONSE, 1)
        self.assertEqual(self.started, [(1, 1)])

    def test_abort_of_what_runs_reaches_the_application(self):
        process, peer = self.start_gated()
        peer.send(frame(protocol.FRAME_ABORT, 1))
        self.relieve(process)
        stream = process.channel.running[0]
        self.assertTrue(stream.client_gone)
        self.gate.set()
        # respond() raised ClientGone out of the application; the thread says that it is over.
        self.assertEqual(peer.receive()[:2], (protocol.FRAME_ABORT, 1))

    def test_connection_that_ends_takes_its_waiting_requests_with_it(self):
        process, peer = self.start_gated()
        other = process.connect()
        peer.request(2)
        other.request(2)
        peer.request(3)
        process.until(lambda: (self.relieve(process), len(process.channel._queue))[1] == 3, "the queue")
        peer.close()
        process.until(lambda: (self.relieve(process), len(process.channel._queue))[1] == 1, "the withdrawal")
        self.gate.set()
        other.expect(protocol.FRAME_RESPONSE, 2)
        self.assertEqual(self.started, [(1, 1), (2, 2)])

    def test_stop_gives_back_what_waits_and_lets_finish_what_runs(self):
        process, peer = self.start_gated()
        for request_id in (2, 3, 4):
            peer.request(request_id)
        process.until(lambda: (self.relieve(process), len(process.channel._queue))[1] == 3, "the queue")
        process.channel.stop()
        peer.request(5)
        process.channel.drain(0.01)
        frames = [peer.receive()[:2] for _ in range(5)]
        given_back = [(protocol.FRAME_REVOKED, request_id) for request_id in (2, 3, 4, 5)]
        self.assertEqual(frames, [(protocol.FRAME_GOODBYE, 0), *given_back])
        self.gate.set()
        peer.expect(protocol.FRAME_RESPONSE, 1)
        process.stop()
        self.assertEqual(self.started, [(1, 1)])

    def test_stop_does_not_wait_for_a_thread_that_waits_for_input(self):
        for _ in range(10):
            process = self.start(lambda stream: stream.respond(OK, [], read_all(stream), True), threads=3)
            peer = process.connect()
            for request_id in (1, 2, 3):
                peer.request(request_id, body=True)
            process.until(lambda: process.inside == 3 and process.channel._lead.is_taken(), "a leader that waits")
            began = time.monotonic()
            process.channel.stop()
            self.assertLess(time.monotonic() - began, 2.0)
            peer.expect(protocol.FRAME_GOODBYE)
            for request_id in (2, 1, 3):
                peer.data(request_id, b"x", True)
                self.assertEqual(peer.answer(request_id)[1], b"x")
            self.assertLess(time.monotonic() - began, 4.0)

    def test_stop_of_idle_threads(self):
        process = self.start(echo_path, threads=4)
        peer = process.connect()
        peer.request(1, environ={"PATH_INFO": "/a"})
        peer.answer(1)
        process.stop()
        peer.expect(protocol.FRAME_GOODBYE)
        late = process.connect()
        late.expect(protocol.FRAME_GOODBYE)

    def test_relief_is_wanted_when_all_threads_are_busy(self):
        process, peer = self.start_gated(threads=1)
        self.assertTrue(process.channel.is_unattended)
        self.gate.set()
        peer.expect(protocol.FRAME_RESPONSE, 1)
        process.until(lambda: not process.channel.is_unattended, "an idle thread")
        self.gate.clear()
        woken = []
        monitor = threading.Thread(target=lambda: woken.append(process.channel.sleep_until_crowded(PATIENCE_SECONDS)))
        monitor.start()
        process.until(lambda: process.channel._relief_asleep, "the monitor's sleep")
        started_before = len(self.started)
        other = process.connect()
        other.request(1)
        process.until(lambda: len(self.started) > started_before, "the request")
        monitor.join(PATIENCE_SECONDS)
        self.assertEqual(woken, [True])
        reads = process.channel.reads
        process.channel.relieve(0)
        self.assertEqual(process.channel.reads, reads + 1)
        self.gate.set()

    def test_nobody_is_woken_while_a_thread_is_idle(self):
        process = self.start(echo_path, threads=2)
        peer = process.connect()
        peer.request(1)
        peer.answer(1)
        self.assertFalse(process.channel.sleep_until_crowded(0.01))
        reads = process.channel.reads
        process.channel.relieve(0)
        self.assertEqual(process.channel.reads, reads, "an idle thread leads already")


class MalformedTest(ChannelCase):
    def check(self, reason, *frames, greet=True):
        process = self.start(echo_path)
        peer = process.connect(greet=greet)
        peer.send(*frames)
        self.assertTrue(peer.is_closed())
        process.until(lambda: process.reports, "the report")
        self.assertEqual(len(process.reports), 1, process.reports)
        self.assertEqual(process.reports[0][0], "error")
        number = peer.number if greet else 0
        self.assertRegex(
            process.reports[0][1], f"^connection {number} dropped: protocol of the channel broken: {reason}"
        )
        self.assert_healthy(process)

    def test_request_before_hello(self):
        self.check("request before hello", request_frame(1), greet=False)

    def test_other_version(self):
        hello = frame(protocol.FRAME_HELLO, 0, struct.pack("<II", 99, 1))
        self.check("protocol version 99", hello, greet=False)

    def test_short_hello(self):
        self.check("hello frame of the wrong length", frame(protocol.FRAME_HELLO, 0, b"abc"), greet=False)

    def test_connection_number_of_nobody(self):
        hello = frame(protocol.FRAME_HELLO, 0, struct.pack("<II", protocol.PROTOCOL_VERSION, 0))
        self.check("connection number 0", hello, greet=False)

    def test_second_hello(self):
        hello = frame(protocol.FRAME_HELLO, 0, struct.pack("<II", protocol.PROTOCOL_VERSION, 5))
        self.check("second hello", hello)

    def test_oversized_frame(self):
        self.check("frame of 1048577 bytes is over the limit", HEADER.pack(1_048_577, 1, 2, 0, 0))

    def test_id_used_twice(self):
        gate = threading.Event()
        process = self.start(lambda stream: gate.wait(PATIENCE_SECONDS))
        self.addCleanup(gate.set)
        peer = process.connect()
        peer.send(request_frame(1), request_frame(1))
        self.assertTrue(peer.is_closed())
        self.assertIn(("error", "connection 1 dropped: protocol of the channel broken: request id 1 used twice"), process.reports)

    def test_unknown_type(self):
        self.check("frame of unknown type 77", request_frame(1, body=True), frame(77, 1))

    def test_credit_of_the_wrong_length(self):
        self.check("credit frame of the wrong length", request_frame(1), frame(protocol.FRAME_CREDIT, 1, b"abc"))

    def test_requests_that_are_no_pair_of_dicts(self):
        values = ((), ({},), ({}, {}, {}), ({}, []), "ab", None, 5, {"a": 1}, ([], {}))
        for value in values:
            with self.subTest(value=value):
                payload = frame(protocol.FRAME_REQUEST, 1, marshal.dumps(value), protocol.FLAG_END)
                self.check("request 1 ", payload)

    def test_requests_that_marshal_chokes_on(self):
        # Cut, empty, a long of nonsense digits, nesting without an end, broken UTF-8, an empty code object.
        payloads = (
            marshal.dumps(({"a": "b"}, {}))[:-3],
            b"",
            b"l" + u32(0x7FFFFFFF),
            b"(\x01\x00\x00\x00" * 5000,
            b"u" + u32(2) + b"\xff\xff",
            b"c" + bytes(100),
            b"?",
        )
        for payload in payloads:
            with self.subTest(payload=payload[:12]):
                self.check("request 1 ", frame(protocol.FRAME_REQUEST, 1, payload, protocol.FLAG_END))

    def test_frame_cut_by_the_connections_end(self):
        process = self.start(echo_path)
        peer = process.connect()
        peer.send(request_frame(1)[:-2])
        peer.close()
        process.until(lambda: process.reports, "the report")
        self.assertEqual(process.reports, [("debug", "connection 1 dropped: closed by the http child")])
        self.assert_healthy(process)

    def test_peer_of_another_user_is_refused(self):
        process = self.start(echo_path, peer_uids=frozenset({os.getuid() + 1}))
        peer = Peer(1)
        self.addCleanup(peer.close)
        process.channel.accept(peer.other)
        self.assertTrue(peer.is_closed())
        self.assertEqual(len(process.reports), 1)
        self.assertEqual(process.reports[0][0], "error")
        self.assertRegex(process.reports[0][1], rf"pid={os.getpid()} with uid={os.getuid()} refused")

    def test_connection_number_in_use(self):
        process = self.start(echo_path)
        first = process.connect(number=5)
        first.request(1, environ={"PATH_INFO": "/a"})
        first.answer(1)
        second = process.connect(number=5)
        self.assertTrue(second.is_closed())
        process.until(lambda: process.reports, "the report")
        # The first one keeps its entry in the scoreboard.
        first.request(2, environ={"PATH_INFO": "/b"})
        self.assertEqual(first.answer(2)[1], b"/b")
        first.close()
        process.until(lambda: len(process.reports) == 2, "the second report")
        third = process.connect(number=5)
        third.request(1, environ={"PATH_INFO": "/c"})
        self.assertEqual(third.answer(1)[1], b"/c")


class HandOverTest(ChannelCase):
    """Whoever waits reads, and nobody is forgotten: a lost wake-up would cost five seconds each."""

    def stress(self, threads, requests, connections=1):
        process = self.start(lambda stream: stream.respond(OK, [], str(len(read_all(stream))).encode(), True), threads=threads)
        peers = [process.connect() for _ in range(connections)]
        answers = [dict() for _ in peers]

        def upload(peer):
            chance = random.Random(peer.number)
            pieces = []
            for request_id in range(1, requests // connections + 1):
                pieces.append(request_frame(request_id, body=True))
                for _ in range(3):
                    pieces.append(frame(protocol.FRAME_DATA, request_id, bytes(chance.randrange(2000))))
                pieces.append(frame(protocol.FRAME_DATA, request_id, b"end", protocol.FLAG_END))
                if chance.random() < 0.3:
                    peer.send(*pieces)
                    pieces = []
            peer.send(*pieces)

        def collect(peer, found):
            while len(found) < requests // connections:
                received = peer.receive()
                if received is None:
                    return
                if received[0] == protocol.FRAME_RESPONSE:
                    found[received[1]] = received[3]

        began = time.monotonic()
        workers = [threading.Thread(target=upload, args=(peer,)) for peer in peers]
        workers += [threading.Thread(target=collect, args=pair) for pair in zip(peers, answers)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join(PATIENCE_SECONDS * 2)
        took = time.monotonic() - began
        self.assertEqual([len(found) for found in answers], [requests // connections] * connections)
        self.assertLess(took, 5.0)
        self.assertLessEqual(process.most_inside, threads)

    def test_two_thousand_requests_with_bodies_over_four_threads(self):
        self.stress(4, 2000)

    def test_over_one_thread(self):
        self.stress(1, 500)

    def test_over_two_connections(self):
        self.stress(4, 2000, connections=2)

    def test_all_threads_wait_for_input_at_once(self):
        process = self.start(lambda stream: stream.respond(OK, [], read_all(stream), True), threads=4)
        peer = process.connect()
        began = time.monotonic()
        for first in range(1, 401, 4):
            group = range(first, first + 4)
            peer.send(*(request_frame(request_id, body=True) for request_id in group))
            process.until(lambda: process.inside == 4, "the fourth request")
            # In the opposite order, one by one: the one that reads is seldom the one that is meant.
            for request_id in reversed(group):
                peer.data(request_id, b"%d" % request_id, True)
                self.assertEqual(peer.answer(request_id), ([OK], b"%d" % request_id, "end"))
        self.assertLess(time.monotonic() - began, 5.0)

    def test_a_thread_that_becomes_idle_starts_what_waits_though_another_waits_for_input(self):
        gates = {2: threading.Event(), 3: threading.Event()}

        def application(stream):
            if stream.request_id in gates:
                gates[stream.request_id].wait(PATIENCE_SECONDS)
            stream.respond(OK, [], read_all(stream), True)

        process = self.start(application, threads=2)
        for gate in gates.values():
            self.addCleanup(gate.set)
        peer = process.connect()
        peer.send(request_frame(1, body=True), request_frame(2))
        process.until(lambda: process.inside == 2, "the second request")
        # Read by the thread of request 1, which leads while it waits for its body.
        peer.request(4)
        process.until(lambda: process.channel._queue and process.channel._lead.is_taken(), "the queue")
        began = time.monotonic()
        gates[2].set()
        peer.expect(protocol.FRAME_RESPONSE, 2)
        peer.expect(protocol.FRAME_RESPONSE, 4)
        self.assertLess(time.monotonic() - began, 2.0)
        peer.data(1, b"", True)
        peer.expect(protocol.FRAME_RESPONSE, 1)

    def test_waiting_for_input_and_for_credit_side_by_side(self):
        def application(stream):
            if stream.request_id % 2:
                stream.respond(OK, [], read_all(stream), True)
            else:
                stream.respond(OK, [], bytes(protocol.RESPONSE_WINDOW_BYTES), False)
                stream.write(b"more", True)

        process = self.start(application, threads=2)
        peer = process.connect()
        began = time.monotonic()
        for first in range(1, 101, 2):
            peer.send(request_frame(first, body=True), request_frame(first + 1))
            got = 0
            while got < protocol.RESPONSE_WINDOW_BYTES:
                kind, request_id, _, payload = peer.receive()
                self.assertEqual(request_id, first + 1)
                got += len(payload) - (4 + len(OK) if kind == protocol.FRAME_RESPONSE else 0)
            peer.credit(first + 1, 4)
            self.assertEqual(peer.expect(protocol.FRAME_DATA, first + 1), b"more")
            peer.data(first, b"x", True)
            self.assertEqual(peer.answer(first)[1], b"x")
        self.assertLess(time.monotonic() - began, 5.0)


if __name__ == "__main__":
    unittest.main()
