"""RequestTimeout reaches the request that it is meant for and nothing else, whenever it comes."""

import random
import struct
import sys
import threading
import time
import unittest

from stillhouse import protocol
from stillhouse.interrupt import Interrupter
from stillhouse.mod_wsgi_module import RequestTimeout

from .channel_peer import PATIENCE_SECONDS, Process, frame, u32

OK = "200 OK"
STRESS_SECONDS = 3.0


class InterruptCase(unittest.TestCase):
    def start(self, application, **options):
        process = Process(application, **options)
        self.interrupter = Interrupter(process.channel)
        self.addCleanup(process.close)
        return process

    def interrupt(self, process, slot=0):
        stream = process.channel.running[slot]
        process.until(lambda: self.interrupter.interrupt(slot, stream) or stream.is_over, "the interruption")


class TargetTest(InterruptCase):
    def waits(self, process, slot):
        stream = process.channel.running[slot]
        return stream is not None and stream.is_waiting

    def start_catching(self, action, threads=1):
        """A process, of one thread usually; `action(stream)` runs for /stuck, and what ends it is in `caught`."""
        self.caught = []
        self.inside = threading.Event()

        def application(stream):
            if stream.environ.get("PATH_INFO") == "/stuck":
                self.inside.set()
                try:
                    action(stream)
                except BaseException as problem:
                    self.caught.append(type(problem).__name__)
                    if stream.progress:
                        stream.truncate("interrupted")
                    else:
                        stream.refuse(504, "interrupted")
                    return
            stream.respond(OK, [], b"", True)

        process = self.start(application, threads=threads)
        return process, process.connect()

    def assert_recovered(self, process, peer):
        self.assertEqual(peer.expect(protocol.FRAME_REFUSE, 1)[:2], struct.pack("<H", 504))
        self.assertEqual(self.caught, ["RequestTimeout"])
        peer.request(2)
        peer.expect(protocol.FRAME_RESPONSE, 2)
        self.assertEqual(process.reports, [])

    def test_busy_loop(self):
        def spin(stream):
            while True:
                pass

        process, peer = self.start_catching(spin)
        peer.request(1, environ={"PATH_INFO": "/stuck"})
        self.inside.wait(PATIENCE_SECONDS)
        self.interrupt(process)
        self.assert_recovered(process, peer)

    def test_wait_for_body(self):
        process, peer = self.start_catching(lambda stream: stream.read(1))
        peer.request(1, body=True, environ={"PATH_INFO": "/stuck"})
        process.until(lambda: self.waits(process, 0), "the wait")
        began = time.monotonic()
        self.interrupt(process)
        self.assert_recovered(process, peer)
        self.assertLess(time.monotonic() - began, 4.0, "it was woken")

    def test_two_that_wait_for_body_one_of_them_reading_for_both(self):
        for first in (0, 1):
            process, peer = self.start_catching(lambda stream: stream.read(1), threads=2)
            for request_id in (1, 2):
                peer.request(request_id, body=True, environ={"PATH_INFO": "/stuck"})
            process.until(lambda: self.waits(process, 0) and self.waits(process, 1), "both waits")
            self.interrupt(process, first)
            peer.expect(protocol.FRAME_REFUSE)
            self.assertEqual(self.caught, ["RequestTimeout"])
            self.interrupt(process, 1 - first)
            peer.expect(protocol.FRAME_REFUSE)
            self.assertEqual(self.caught, ["RequestTimeout"] * 2)
            self.assertEqual(process.reports, [])

    def test_wait_for_credit(self):
        def send(stream):
            stream.respond(OK, [], bytes(protocol.RESPONSE_WINDOW_BYTES + 1), True)

        process, peer = self.start_catching(send)
        peer.request(1, environ={"PATH_INFO": "/stuck"})
        left = protocol.RESPONSE_WINDOW_BYTES
        left -= len(peer.expect(protocol.FRAME_RESPONSE, 1)) - len(OK) - 4
        left -= len(peer.expect(protocol.FRAME_DATA, 1))
        self.assertEqual(left, 0)
        process.until(lambda: self.waits(process, 0), "the wait")
        self.interrupt(process)
        process.until(lambda: self.caught, "the exception")
        self.assertEqual(peer.expect(protocol.FRAME_ABORT, 1), b"interrupted")
        self.assertEqual(self.caught, ["RequestTimeout"])

    def test_wait_that_is_left_before_the_thread_sees_it(self):
        """Then the interruption is repeated, now where the thread is."""

        def spin(stream):
            while True:
                pass

        process, peer = self.start_catching(spin)
        peer.request(1, environ={"PATH_INFO": "/stuck"})
        self.inside.wait(PATIENCE_SECONDS)
        stream = process.channel.running[0]
        stream.is_waiting = True
        self.interrupt(process)
        self.assertTrue(stream.raise_in_wait)
        stream.is_waiting = False
        self.interrupt(process)
        self.assert_recovered(process, peer)

    def test_a_request_that_is_over_is_left_alone(self):
        process, peer = self.start_catching(lambda stream: stream.read(1))
        streams = []
        peer.request(2, body=True, environ={"PATH_INFO": "/stuck"})
        process.until(lambda: process.channel.running[0] is not None, "the next request")
        streams.append(process.channel.running[0])
        peer.data(2, b"", True)
        peer.expect(protocol.FRAME_RESPONSE, 2)
        process.until(lambda: streams[0].is_over, "its end")
        self.assertFalse(self.interrupter.interrupt(0, streams[0]))
        peer.request(3)
        peer.expect(protocol.FRAME_RESPONSE, 3)
        self.assertEqual(self.caught, [])

    def test_an_exception_that_comes_too_late_is_withdrawn(self):
        """Injected after the application's last line: raised in the runtime, or withdrawn; never in the next request."""
        process, peer = self.start_catching(lambda stream: None)
        finish = process.channel._conclude
        injected = []

        def conclude(stream):
            if stream.request_id == 1 and not injected:
                injected.append(True)
                other = threading.Thread(target=self.interrupter.interrupt, args=(0, stream))
                other.start()
                other.join()
            finish(stream)

        process.channel._conclude = conclude
        peer.request(1)
        peer.expect(protocol.FRAME_RESPONSE, 1)
        peer.request(2, environ={"PATH_INFO": "/stuck"})
        peer.expect(protocol.FRAME_RESPONSE, 2)
        self.assertEqual((injected, self.caught, process.reports), ([True], [], []))


    def test_a_thread_waits_for_an_injection_under_way(self):
        """At the end of its request, and before it waits: there it might hold the lead."""
        for path in ("/end", "/stuck"):
            process, peer = self.start_catching(lambda stream: stream.read(1))
            gate = threading.Event()
            serve = process._application

            def application(stream, gate=gate, serve=serve):
                gate.wait(PATIENCE_SECONDS)
                serve(stream)

            process._application = application
            peer.request(1, body=True, environ={"PATH_INFO": path})
            process.until(lambda: process.channel.running[0], "the request")
            stream = process.channel.running[0]
            with self.interrupter._lock:
                stream.interrupted = True
                gate.set()
                if path == "/end":
                    peer.expect(protocol.FRAME_RESPONSE, 1)
                process.until(lambda: stream.is_over or stream.is_waiting, "the thread")
                time.sleep(0.1)
                self.assertIs(process.channel.running[0], stream)
                self.assertFalse(process.channel._lead.is_taken(), "it does not lead yet")
            if path == "/end":
                process.until(lambda: process.channel.running[0] is None, "the end")
            else:
                process.until(process.channel._lead.is_taken, "the wait")
                peer.data(1, b"x", True)
                peer.expect(protocol.FRAME_RESPONSE, 1)


class AnswerTest(InterruptCase):
    def test_the_monitor_answers_in_the_place_of_a_thread(self):
        gate = threading.Event()
        seen = []

        def application(stream):
            if stream.request_id == 1:
                gate.wait(PATIENCE_SECONDS)
                try:
                    stream.respond(OK, [], b"late", True)
                except BaseException as problem:
                    seen.append(type(problem).__name__)
                return
            stream.respond(OK, [], b"", True)

        process = self.start(application, threads=1)
        peer = process.connect()
        peer.request(1)
        process.until(lambda: process.channel.running[0], "the request")
        stream = process.channel.running[0]
        self.assertTrue(stream.refuse_instead())
        self.assertFalse(stream.refuse_instead(), "once")
        self.assertEqual(peer.expect(protocol.FRAME_REFUSE, 1), struct.pack("<H", 504) + b"request-timeout has passed")
        gate.set()
        peer.request(2)
        peer.expect(protocol.FRAME_RESPONSE, 2)
        self.assertEqual(seen, ["ClientGone"])

    def test_not_where_the_thread_has_begun_to(self):
        gate = threading.Event()

        def application(stream):
            stream.respond(OK, [], b"a", False)
            gate.wait(PATIENCE_SECONDS)
            stream.write(b"b", True)

        process = self.start(application, threads=1)
        peer = process.connect()
        peer.request(1)
        peer.expect(protocol.FRAME_RESPONSE, 1)
        self.assertFalse(process.channel.running[0].refuse_instead())
        gate.set()
        self.assertEqual(peer.expect(protocol.FRAME_DATA, 1), b"b")

    def test_an_answer_that_could_not_be_sent_is_made_up_for(self):
        gate = threading.Event()
        process = self.start(lambda stream: gate.wait(PATIENCE_SECONDS), threads=1)
        peer = process.connect()
        peer.request(1)
        process.until(lambda: process.channel.running[0], "the request")
        stream = process.channel.running[0]
        with stream.connection._write_lock:
            self.assertFalse(stream.refuse_instead(), "somebody is writing")
            self.assertFalse(self.interrupter.interrupt(0, stream), "so no exception either")
        gate.set()
        self.assertEqual(peer.expect(protocol.FRAME_REFUSE, 1)[:2], struct.pack("<H", 504))

    def test_awaited_leaves_out_what_is_stale(self):
        gate = threading.Event()
        process = self.start(lambda stream: gate.wait(PATIENCE_SECONDS), threads=2)
        self.addCleanup(gate.set)
        peer = process.connect()
        peer.request(1)
        peer.request(2)
        process.until(lambda: process.channel.active == 2, "both")
        process.channel.mark_stale(0, process.channel.running[0])
        self.assertEqual((process.channel.active, process.channel.awaited), (2, 1))
        gate.set()


class StressTest(InterruptCase):
    def test_interruptions_at_random_moments(self):
        threads = 4
        random.seed(4)
        wrong = []
        interrupted = set()

        def application(stream):
            try:
                kind = stream.request_id % 4
                if kind == 0:
                    stream.respond(OK, [("A", "b")], b"x" * 10, True)
                elif kind == 1:
                    while stream.read(100):
                        pass
                    stream.respond(OK, [], b"", True)
                elif kind == 2:
                    stream.respond(OK, [], b"", False)
                    for _ in range(10):
                        stream.write(b"y" * 40_000)
                    stream.write(b"", True)
                else:
                    for _ in range(300):
                        pass
                    stream.respond(OK, [], b"z", True)
            except RequestTimeout:
                if not stream.interrupted:
                    wrong.append(stream.request_id)
                interrupted.add(stream.request_id)
                if stream.request_id % 4 == 2:
                    stream.truncate("interrupted")
                else:
                    stream.refuse(504, "interrupted")

        process = self.start(application, threads=threads)
        survive = process.channel._survive

        def watch(slot, error):
            stream = process.channel.running[slot]
            if isinstance(error, RequestTimeout) and not stream.interrupted:
                wrong.append(stream.request_id)
            survive(slot, error)

        process.channel._survive = watch
        switch_interval = sys.getswitchinterval()
        sys.setswitchinterval(0.00005)
        self.addCleanup(sys.setswitchinterval, switch_interval)
        stopping = threading.Event()
        tries = [0]

        def inject():
            while not stopping.is_set():
                slot = random.randrange(threads)
                stream = process.channel.running[slot]
                time.sleep(random.random() * 0.0003)
                if stream is not None and not stream.interrupted:
                    tries[0] += self.interrupter.interrupt(slot, stream)

        injector = threading.Thread(target=inject)
        injector.start()
        broken = []

        def play(peer):
            try:
                self.play(peer, time.monotonic() + STRESS_SECONDS)
            except BaseException as problem:
                broken.append(problem)

        # Each reads by itself: request threads that write to one must not wait for the other.
        players = [threading.Thread(target=play, args=(process.connect(),)) for _ in range(2)]
        for player in players:
            player.start()
        for player in players:
            player.join()
        stopping.set()
        injector.join(PATIENCE_SECONDS)
        self.assertEqual((wrong, broken), ([], []))
        self.assertTrue(all(thread.is_alive() for thread in process.threads), "no thread is lost")
        self.assertEqual(process.reports, [])
        self.assertGreater(tries[0], 50)
        self.assertGreater(len(interrupted), 10)
        # Every thread still takes requests.
        peer = process.connect()
        for request_id in range(1, 41):
            peer.request(request_id * 4)
        for _ in range(40):
            peer.expect(protocol.FRAME_RESPONSE)

    def play(self, peer, until):
        """Sends requests in batches; every one gets an ending, and no frame is torn."""
        ended = set()
        sent = 0
        while time.monotonic() < until:
            first = sent + 1
            sent += 40
            for request_id in range(first, sent + 1):
                has_body = request_id % 4 == 1
                peer.request(request_id, body=has_body)
                if has_body:
                    peer.data(request_id, b"b" * 1000, True)
            while len(ended) < sent:
                found = peer.receive()
                self.assertIsNotNone(found, "the connection broke")
                kind, request_id, flags, payload = found
                self.assertIn(
                    kind, (protocol.FRAME_RESPONSE, protocol.FRAME_DATA, protocol.FRAME_REFUSE, protocol.FRAME_ABORT)
                )
                if kind == protocol.FRAME_DATA and payload:
                    self.assertEqual(set(payload), {ord("y")}, "frames are whole")
                    peer.send(frame(protocol.FRAME_CREDIT, request_id, u32(len(payload))))
                if flags & protocol.FLAG_END or kind in (protocol.FRAME_REFUSE, protocol.FRAME_ABORT):
                    ended.add(request_id)
