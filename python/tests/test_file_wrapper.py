"""wsgi.file_wrapper: what is sent as a file, and what is iterated."""

import gzip
import io
import os
import tempfile
import unittest

from stillhouse.file_wrapper import FileWrapper

from .memory_exchange import AdapterCase, ClosingBlocks, MemoryExchange

CONTENT = bytes(range(256)) * 100


class FileWrapperTest(unittest.TestCase):
    def test_iterates_in_blocks(self):
        self.assertEqual([len(block) for block in FileWrapper(io.BytesIO(CONTENT))], [8192, 8192, 8192, 1024])
        self.assertEqual([len(block) for block in FileWrapper(io.BytesIO(CONTENT), 20000)], [20000, 5600])

    def test_attributes_are_read_only(self):
        file = io.BytesIO()
        wrapper = FileWrapper(file, 10)
        self.assertEqual((wrapper.filelike, wrapper.blksize), (file, 10))
        for name in ("filelike", "blksize", "other"):
            self.assertRaises(AttributeError, setattr, wrapper, name, 1)

    def test_negative_block_size(self):
        self.assertRaises(ValueError, FileWrapper, io.BytesIO(), -1)

    def test_read_must_return_bytes(self):
        self.assertRaisesRegex(TypeError, "must return bytes, not str", next, FileWrapper(io.StringIO("text")))

    def test_close(self):
        file = io.BytesIO()
        FileWrapper(file).close()
        self.assertTrue(file.closed)
        FileWrapper(ClosingBlocks([], close_failure=ValueError())).close()
        FileWrapper(object()).close()


class SendFileTest(AdapterCase):
    def setUp(self):
        super().setUp()
        self.file = tempfile.TemporaryFile()
        self.file.write(CONTENT)
        self.file.seek(0)
        self.addCleanup(self.file.close)

    def serve_file(self, file=None, headers=(), environ=None, wrapper=FileWrapper, before=b"", status="200 OK"):
        def send_file(environ, start_response):
            write = start_response(status, list(headers))
            if before:
                write(before)
            return wrapper(self.file if file is None else file)

        return self.serve(send_file, MemoryExchange(environ))

    def test_regular_file(self):
        exchange = self.serve_file(headers=[("A", "b")])
        self.assertEqual(exchange.sent_files, [(0, len(CONTENT))])
        self.assertEqual(exchange.body, CONTENT)
        self.assertEqual(exchange.events, [("respond", b"", False)])
        self.assertEqual(exchange.headers, [("A", "b"), ("Content-Length", str(len(CONTENT)))])
        self.assertTrue(self.file.closed)
        self.assert_clean_log()

    def test_subclass(self):
        class Subclass(FileWrapper):
            pass

        self.assertEqual(len(self.serve_file(wrapper=Subclass).sent_files), 1)

    def test_from_where_the_file_stands(self):
        # A buffered reader: the descriptor itself is further ahead than tell().
        with open(os.path.join(self.make_folder(), "data"), "w+b") as file:
            file.write(CONTENT)
            file.seek(0)
            file.read(10)
            exchange = self.serve_file(file)
        self.assertEqual(exchange.sent_files, [(10, len(CONTENT) - 10)])
        self.assertEqual(exchange.body, CONTENT[10:])
        self.assertEqual(exchange.headers, [("Content-Length", str(len(CONTENT) - 10))])

    def test_content_length_of_the_application(self):
        self.file.seek(5)
        exchange = self.serve_file(headers=[("Content-Length", "100")])
        self.assertEqual(exchange.body, CONTENT[5:105])
        self.assertEqual(exchange.headers, [("Content-Length", "100")])
        self.assertTrue(exchange.is_complete)

    def test_content_length_beyond_the_file(self):
        exchange = self.serve_file(headers=[("Content-Length", str(len(CONTENT) + 1))])
        self.assertEqual(exchange.body, CONTENT)
        self.assertIsNotNone(exchange.truncation)
        self.assertTrue(self.file.closed)
        self.assertIn("OSError: file ended before the response was complete", self.sink.text)

    def test_invalid_content_length(self):
        self.assertEqual(self.serve_file(headers=[("Content-Length", "x")]).refusal[0], 500)
        self.assertTrue(self.file.closed)

    def test_empty_rest(self):
        for position in (len(CONTENT), len(CONTENT) + 50):
            self.setUp()
            self.file.seek(position)
            exchange = self.serve_file()
            self.assertEqual(exchange.events, [("respond", b"", True)])
            self.assertEqual(exchange.headers, [("Content-Length", "0")])

    def test_head_is_answered_without_the_file(self):
        exchange = self.serve_file(environ={"REQUEST_METHOD": "HEAD"})
        self.assertEqual(exchange.events, [("respond", b"", True)])
        self.assertEqual(exchange.headers, [("Content-Length", str(len(CONTENT)))])
        self.assertTrue(self.file.closed)

    def test_iterated_after_write(self):
        exchange = self.serve_file(before=b"before ")
        self.assertEqual((exchange.sent_files, exchange.body), ([], b"before " + CONTENT))

    def test_no_file(self):
        exchange = self.serve_file(io.BytesIO(CONTENT))
        self.assertEqual((exchange.sent_files, exchange.body, exchange.headers), ([], CONTENT, []))

    def test_pipe(self):
        reader, writer = os.pipe()
        os.write(writer, b"through a pipe")
        os.close(writer)
        exchange = self.serve_file(os.fdopen(reader, "rb"))
        self.assertEqual((exchange.sent_files, exchange.body), ([], b"through a pipe"))

    def test_object_that_has_a_position_in_what_is_no_regular_file(self):
        reader, writer = os.pipe()
        os.write(writer, b"counted")
        os.close(writer)

        class CountedPipe:
            fileno = staticmethod(lambda: reader)
            tell = staticmethod(lambda: 0)
            read = staticmethod(lambda size: os.read(reader, size))
            close = staticmethod(lambda: os.close(reader))

        exchange = self.serve_file(CountedPipe())
        self.assertEqual((exchange.sent_files, exchange.body), ([], b"counted"))

    def test_compressed_file_is_sent_as_what_it_contains(self):
        self.file.truncate(0)
        with gzip.GzipFile(fileobj=self.file, mode="wb") as packed:
            packed.write(b"contained")
        self.file.seek(0)
        exchange = self.serve_file(gzip.GzipFile(fileobj=self.file))
        self.assertEqual((exchange.sent_files, exchange.body), ([], b"contained"))

    def test_without_start_response(self):
        exchange = self.serve(lambda environ, start_response: FileWrapper(self.file))
        self.assertEqual(exchange.refusal[0], 500)
        self.assertTrue(self.file.closed)

    def test_closed_file(self):
        self.file.close()
        self.assertEqual(self.serve_file().refusal[0], 500)
        self.assertIn("ValueError", self.sink.text)

    def test_client_gone(self):
        def send_file(environ, start_response):
            start_response("200 OK", [])
            return FileWrapper(self.file)

        self.serve(send_file, MemoryExchange(leaves_after=0))
        self.assertTrue(self.file.closed)
        self.assertEqual(self.sink.lines("error", "warn", "info"), [])


if __name__ == "__main__":
    unittest.main()
