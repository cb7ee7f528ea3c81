"""wsgi.input in all its forms, over bodies that arrive in inconvenient pieces."""

import tracemalloc
import unittest

from stillhouse.exchange import ClientGone, InputBroken
from stillhouse.request_input import RequestInput

from .memory_exchange import MemoryExchange

BODY = b"first\nsecond line\n\nno newline at the end"
LINES = [b"first\n", b"second line\n", b"\n", b"no newline at the end"]


def split(body, size):
    return [body[at : at + size] for at in range(0, len(body), size)]


def make_input(*blocks, **options):
    return RequestInput(MemoryExchange(blocks=blocks, **options))


class FormsTest(unittest.TestCase):
    def each_input(self):
        for size in (1, 2, 3, 5, 6, 7, 100):
            with self.subTest(block_size=size):
                yield make_input(*split(BODY, size))

    def test_read_all(self):
        for arguments in ((), (-1,), (None,), (1000,)):
            for stream in self.each_input():
                self.assertEqual(stream.read(*arguments), BODY)
                self.assertEqual(stream.read(*arguments), b"")
                self.assertEqual(stream.read(1), b"")

    def test_read_gives_exactly_what_was_asked_for(self):
        for count in (1, 2, 5, 7, 11):
            for stream in self.each_input():
                parts = list(iter(lambda: stream.read(count), b""))
                self.assertEqual(parts, split(BODY, count))

    def test_read_of_nothing(self):
        stream = make_input(b"ab")
        self.assertEqual(stream.read(0), b"")
        self.assertEqual(stream.readline(0), b"")
        self.assertEqual(stream.read(), b"ab")

    def test_readline(self):
        for stream in self.each_input():
            self.assertEqual([stream.readline() for _ in LINES], LINES)
            self.assertEqual(stream.readline(), b"")

    def test_readline_with_a_limit(self):
        for stream in self.each_input():
            parts = list(iter(lambda: stream.readline(4), b""))
            self.assertEqual(parts, [part for line in LINES for part in split(line, 4)])

    def test_readline_with_a_limit_at_the_newline(self):
        stream = make_input(b"ab\ncd")
        self.assertEqual([stream.readline(3), stream.readline(3)], [b"ab\n", b"cd"])

    def test_readlines(self):
        for arguments in ((), (-1,), (None,), (0,)):
            for stream in self.each_input():
                self.assertEqual(stream.readlines(*arguments), LINES)

    def test_readlines_with_a_hint(self):
        for hint, count in ((1, 1), (6, 1), (7, 2), (18, 2), (19, 3), (1000, 4)):
            for stream in self.each_input():
                self.assertEqual(stream.readlines(hint), LINES[:count])
                self.assertEqual(stream.read(), b"".join(LINES[count:]))

    def test_iteration(self):
        for stream in self.each_input():
            self.assertEqual(list(stream), LINES)
            self.assertRaises(StopIteration, next, stream)

    def test_forms_may_be_mixed(self):
        for stream in self.each_input():
            self.assertEqual(stream.read(2), b"fi")
            self.assertEqual(stream.readline(), b"rst\n")
            self.assertEqual(next(stream), b"second line\n")
            self.assertEqual(stream.read(3), b"\nno")
            self.assertEqual(stream.readlines(), [b" newline at the end"])

    def test_content_length_does_not_limit(self):
        stream = RequestInput(MemoryExchange({"CONTENT_LENGTH": "3"}, blocks=[b"abc", b"def"]))
        self.assertEqual(stream.read(), b"abcdef")

    def test_close_does_nothing(self):
        stream = make_input(b"abc")
        stream.close()
        self.assertEqual(stream.read(), b"abc")

    def test_is_no_file(self):
        for name in ("seek", "tell", "readinto", "fileno"):
            self.assertFalse(hasattr(make_input(), name), name)


class ErrorTest(unittest.TestCase):
    def test_broken_input(self):
        stream = make_input(b"abc", read_error=InputBroken("The timeout specified has expired"))
        self.assertEqual(stream.read(3), b"abc")
        with self.assertRaisesRegex(OSError, "^mod_wsgi request data read error: The timeout specified has expired$"):
            stream.read(1)
        self.assertIsNone(stream.client_error)
        for again in (stream.read, stream.readline, stream.readlines, lambda: next(stream)):
            with self.assertRaisesRegex(OSError, "^mod_wsgi request data read error: input is already in error state$"):
                again()

    def test_client_gone(self):
        stream = make_input(read_error=ClientGone())
        with self.assertRaisesRegex(OSError, "Partial results are valid but processing is incomplete") as raised:
            stream.readline()
        self.assertIs(stream.client_error, raised.exception)

    def test_after_the_request(self):
        stream = make_input(b"abc\ndef")
        stream.readline()
        stream.expire()
        for method in (stream.read, stream.readline, stream.readlines):
            text = rf"^{method.__name__}\(\) called on wsgi.input after request completed$"
            self.assertRaisesRegex(RuntimeError, text, method)
        self.assertRaisesRegex(RuntimeError, "after request completed", next, stream)


class MemoryTest(unittest.TestCase):
    """A body of 2 GiB that exists only as one frame, handed out again and again."""

    BODY_BYTES = 2 << 30
    FRAME = (b"x" * 1023 + b"\n") * 64

    def run_whole_body(self, take, body_bytes=BODY_BYTES):
        frame = self.FRAME
        stream = make_input(*())
        stream._exchange._input = (frame for _ in range(body_bytes // len(frame)))
        total = sum(map(len, iter(lambda: take(stream), b"")))
        self.assertEqual(total, body_bytes)

    def test_read_in_pieces(self):
        self.run_whole_body(lambda stream: stream.read(65_536))

    def test_read_in_odd_pieces(self):
        self.run_whole_body(lambda stream: stream.read(50_001), self.BODY_BYTES)

    def test_readline(self):
        # By lines a call each KiB: an eighth of the body says the same.
        self.run_whole_body(lambda stream: stream.readline(), self.BODY_BYTES // 8)

    def test_memory_stays_constant(self):
        tracemalloc.start()
        try:
            self.run_whole_body(lambda stream: stream.read(50_001), self.BODY_BYTES // 16)
            self.run_whole_body(lambda stream: stream.readline(), self.BODY_BYTES // 256)
            self.assertLess(tracemalloc.get_traced_memory()[1], 1 << 20)
        finally:
            tracemalloc.stop()

    def test_small_reads_of_a_large_block_are_not_quadratic(self):
        asked = []
        exchange = MemoryExchange(blocks=[b"x" * 1_000_000])
        read = exchange.read
        exchange.read = lambda size: asked.append(size) or read(size)
        stream = RequestInput(exchange)
        self.assertEqual(sum(map(len, iter(lambda: stream.read(10), b""))), 1_000_000)
        self.assertLessEqual(len(asked), 1_000_000 // 65_536 + 2)

    def test_a_line_of_many_blocks(self):
        stream = make_input(*([b"x" * 1000] * 5000 + [b"\nrest"]))
        self.assertEqual(len(stream.readline()), 5_000_001)
        self.assertEqual(stream.read(), b"rest")


if __name__ == "__main__":
    unittest.main()
