"""Requests by a function call, without Node.js: the memory is this test's, and so is what flushes."""

import ctypes
import marshal
import struct
import threading
import unittest
from typing import Any, Callable, Dict, List, Optional, Tuple

from stillhouse import protocol
from stillhouse.direct_calls import DirectCalls
from stillhouse.exchange import ClientGone
from stillhouse.request_stream import RequestStream

_HEADER = struct.Struct("<IIBBH")
_MEMORY_BYTES = 4096
_ID = 7


class _Board:
    def finish(self, slot: int) -> None:
        pass


class _Channel:
    """As much of a channel as a call needs."""

    def __init__(self) -> None:
        self.scoreboard = _Board()
        self.takes = True

    def run_here(
        self, slot: int, stream: RequestStream, run: Callable[[RequestStream, int], None], thread: threading.Thread
    ) -> bool:
        if self.takes:
            run(stream, slot)
            stream.finish()
        return self.takes


class DirectCallsTest(unittest.TestCase):
    def setUp(self) -> None:
        self.channel = _Channel()
        self.memory = ctypes.create_string_buffer(_MEMORY_BYTES)
        self.flushed: List[bytes] = []
        self.is_there = True
        self.reports: List[Tuple[str, str]] = []
        self.seen: Dict[str, Any] = {}
        self.body = b""

    def call(self, run: Callable[[RequestStream], None], body: bytes = b"", payload: Optional[bytes] = None) -> int:
        channel: Any = self.channel
        calls = DirectCalls(channel, lambda stream, slot: run(stream), lambda *report: self.reports.append(report))
        self.calls = calls
        self.flush = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_int)(self._flush)
        flush = ctypes.cast(self.flush, ctypes.c_void_p).value
        assert flush is not None
        open_address, call_address, take_address = calls.addresses
        opened = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p)(open_address)
        opened(ctypes.addressof(self.memory), _MEMORY_BYTES, flush)
        self._take = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_int)(take_address)
        if payload is None:
            payload = marshal.dumps(({"REQUEST_METHOD": "GET"}, {"script": "/x"}))
        data = _HEADER.pack(len(payload), _ID, protocol.FRAME_REQUEST, protocol.FLAG_END, 0) + payload + body
        ctypes.memmove(self.memory, data, len(data))
        return ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_int)(call_address)(len(data))

    def _flush(self, size: int) -> int:
        self.flushed.append(self.read(size))
        return int(self.is_there)

    def read(self, size: int) -> bytes:
        if size <= _MEMORY_BYTES:
            return self.memory.raw[:size]
        larger = ctypes.create_string_buffer(size)
        self._take(ctypes.addressof(larger), size)
        return larger.raw[:size]

    def frames(self, data: bytes) -> List[Tuple[int, int, bytes]]:
        found, at = [], 0
        while at < len(data):
            length, request_id, kind, flags, _ = _HEADER.unpack_from(data, at)
            self.assertEqual(request_id, _ID)
            at += _HEADER.size
            found.append((kind, flags, data[at : at + length]))
            at += length
        return found

    def test_an_answer_of_one_block_is_left_for_the_return(self) -> None:
        def run(stream: RequestStream) -> None:
            self.seen = {**stream.environ, "body": stream.read(100), "end": stream.read(100)}
            stream.respond("200 OK", [("A", "b")], b"block", True)

        size = self.call(run, b"the body")
        head = b"200 OK\nA\nb"
        payload = struct.pack("<I", len(head)) + head + b"block"
        self.assertEqual(self.frames(self.read(size)), [(protocol.FRAME_RESPONSE, protocol.FLAG_END, payload)])
        self.assertEqual(self.seen, {"REQUEST_METHOD": "GET", "body": b"the body", "end": b""})
        self.assertEqual(self.flushed, [])

    def test_blocks_are_flushed_one_by_one_whatever_their_size(self) -> None:
        large = b"x" * 3_000_000

        def run(stream: RequestStream) -> None:
            stream.respond("200 OK", [], b"first", False)
            self.assertEqual(len(self.flushed), 1)
            stream.write(large)
            self.assertGreater(len(self.flushed), 1)
            stream.write(large, True)

        size = self.call(run)
        flushed = [frame for data in self.flushed for frame in self.frames(data)]
        self.assertEqual(b"".join(payload for kind, _, payload in flushed if kind == protocol.FRAME_DATA)[: len(large)], large)
        last = self.frames(self.read(size))
        self.assertTrue(last[-1][1] & protocol.FLAG_END)
        total = sum(len(payload) for kind, _, payload in flushed + last if kind == protocol.FRAME_DATA)
        self.assertEqual(total, 2 * len(large))

    def test_a_client_that_has_left(self) -> None:
        self.is_there = False

        def run(stream: RequestStream) -> None:
            with self.assertRaises(ClientGone):
                stream.respond("200 OK", [], b"first", False)
            self.assertTrue(stream.client_gone)

        self.frames(self.read(self.call(run)))
        self.assertEqual(len(self.flushed), 1)

    def test_a_request_without_an_answer_is_cut_off(self) -> None:
        size = self.call(lambda stream: None)
        self.assertEqual([kind for kind, _, _ in self.frames(self.read(size))], [protocol.FRAME_ABORT])

    def test_what_is_not_started_is_declined(self) -> None:
        self.channel.takes = False
        self.assertEqual(self.call(lambda stream: self.fail("it was started")), -1)
        self.assertEqual(self.reports, [])

    def test_what_can_not_be_decoded_is_declined_and_reported(self) -> None:
        self.assertEqual(self.call(lambda stream: self.fail("it was started"), payload=b"\xff\xff"), -1)
        self.assertEqual(self.reports[0][0], "error")

    def test_another_thread_writes_and_the_own_one_passes_it_on(self) -> None:
        def run(stream: RequestStream) -> None:
            stream.respond("200 OK", [], b"first", False)
            other = threading.Thread(target=stream.write, args=(b"other",))
            other.start()
            other.join()
            self.assertEqual(len(self.flushed), 1)
            stream.write(b"last", True)

        size = self.call(run)
        self.assertEqual([payload for _, _, payload in self.frames(self.read(size))], [b"other", b"last"])


if __name__ == "__main__":
    unittest.main()
