"""header-buffer-size: how long one header of a response may be."""

import unittest

from stillhouse.adapter import Adapter

from .memory_exchange import SCRIPT, AdapterCase, respond_with


class HeaderBufferSizeTest(AdapterCase):
    def limit(self, header_buffer_size):
        self.adapter = Adapter(
            group="mysite",
            application_group="",
            multithread=True,
            multiprocess=False,
            run_once=False,
            loader=self.loader,
            sink=self.sink,
            header_buffer_size=header_buffer_size,
        )

    def test_a_longer_header_is_refused(self):
        for configured, limit in ((0, 32_768), (8192, 8192), (100_000, 100_000)):
            with self.subTest(configured=configured):
                self.limit(configured)
                value = "v" * (limit - len("Name: "))
                exchange = self.serve(respond_with(b"x", headers=[("A", "b"), ("Name", value)]))
                self.assertEqual((exchange.body, exchange.headers[1]), (b"x", ("Name", value)))
                self.assert_clean_log()
                exchange = self.serve(respond_with(b"x", headers=[("Name", value + "v")]))
                self.assertEqual((exchange.refusal[0], exchange.status), (500, None))
                self.assertEqual(
                    self.sink.lines("error"),
                    [
                        f"[script {SCRIPT}] Response header line too long from daemon process 'mysite': "
                        f"header 'Name' of {limit + 1} bytes, limit {limit}."
                    ],
                )
                self.sink.records.clear()

    def test_many_headers_within_the_limit_are_fine(self):
        self.limit(8192)
        headers = [("Set-Cookie", "c" * 5000)] * 8
        self.assertEqual(self.serve(respond_with(b"x", headers=headers)).headers, headers)
        self.assert_clean_log()

    def test_the_name_counts(self):
        self.limit(8192)
        for _ in range(2):
            name = "N" * 5000
            self.assertEqual(self.serve(respond_with(b"x", headers=[(name, "v" * 3190)])).body, b"x")
            exchange = self.serve(respond_with(b"x", headers=[(name, "v" * 3191)]))
            self.assertEqual(exchange.refusal[0], 500)
            self.assertLess(len(self.sink.lines("error")[-1]), 1000)

    def test_an_application_may_answer_otherwise(self):
        def recover(environ, start_response):
            try:
                start_response("200 OK", [("A", "b" * 40_000)])
            except ValueError:
                start_response("500 Sorry", [])
            return [b"sorry"]

        exchange = self.serve(recover)
        self.assertEqual((exchange.status, exchange.body), ("500 Sorry", b"sorry"))
        self.assert_clean_log()


if __name__ == "__main__":
    unittest.main()
