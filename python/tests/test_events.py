"""mod_wsgi.subscribe_events and its like: what subscribers are told, what they may change, and that they harm none."""

import gc
import threading
import unittest

from stillhouse.mod_wsgi_module import RequestTimeout

from .memory_exchange import SCRIPT, ClosingBlocks, MemoryExchange, respond_with
from .telemetry_case import TelemetryCase

FACTS = {"script": SCRIPT, "callable": "application", "request_start": 1.5, "queue_start": 2.5}


class EventsCase(TelemetryCase):
    def setUp(self):
        super().setUp()
        self.events = []

        @self.mod_wsgi.subscribe_events
        def keep(name, **payload):
            self.events.append((name, payload))

    def names(self):
        return [name for name, _ in self.events]

    def payload(self, name):
        (payload,) = [payload for found, payload in self.events if found == name]
        return payload


class RequestEventsTest(EventsCase):
    def test_keys(self):
        def read_and_answer(environ, start_response):
            environ["wsgi.input"].read()
            start_response("201 Created", [("A", "b")])
            return [b"one", b"", b"three"]

        changes = {"mod_wsgi.server_pid": "77", "REQUEST_METHOD": "POST"}
        exchange = MemoryExchange(changes, facts=FACTS, blocks=[b"12345", b"678"])
        self.serve(read_and_answer, exchange)
        self.assertEqual(self.names(), ["request_started", "response_started", "request_finished"])
        started, answered, finished = (payload for _, payload in self.events)
        self.assertEqual(
            set(started),
            {"request_id", "thread_id", "daemon_connects", "daemon_restarts", "server_pid", "request_start"}
            | {"queue_start", "daemon_start", "application_start", "application_object", "callable_object"}
            | {"request_environ", "request_data"},
        )
        self.assertIs(started["request_environ"], exchange.environ)
        self.assertIs(started["application_object"], read_and_answer)
        known = {name: started[name] for name in ("request_id", "thread_id", "daemon_connects", "daemon_restarts")}
        self.assertEqual(known, {"request_id": "r1", "thread_id": 1, "daemon_connects": 1, "daemon_restarts": 0})
        self.assertEqual((started["server_pid"], started["callable_object"]), ("77", "application"))
        self.assertEqual((started["request_start"], started["queue_start"]), (1.5, 2.5))
        self.assertLessEqual(started["daemon_start"], started["application_start"])

        self.assertEqual(
            set(answered), {"request_id", "response_status", "response_headers", "exception_info", "request_data"}
        )
        self.assertEqual(answered["response_status"], "201 Created")
        self.assertEqual(answered["response_headers"], [("A", "b")])
        self.assertIsNone(answered["exception_info"])

        self.assertEqual(
            set(finished),
            {"request_id", "thread_id", "server_pid", "request_start", "queue_start", "daemon_start"}
            | {"application_finish", "application_time", "input_reads", "input_length", "input_time"}
            | {"output_length", "output_writes", "output_time", "cpu_user_time", "cpu_system_time", "cpu_time"}
            | {"status", "gil_wait_time", "gil_wait_count", "request_data"},
        )
        self.assertEqual((finished["status"], finished["input_length"], finished["input_reads"]), (201, 8, 3))
        self.assertEqual((finished["output_length"], finished["output_writes"]), (8, 2))
        self.assertEqual(finished["cpu_time"], finished["cpu_user_time"] + finished["cpu_system_time"])
        self.assertGreaterEqual(finished["application_finish"], started["application_start"])
        self.assertIs(started["request_data"], finished["request_data"])
        self.assert_clean_log()

    def test_a_request_without_id_has_none_in_its_events(self):
        self.serve(respond_with(b"x"), MemoryExchange({"mod_wsgi.request_id": None}))
        self.assertEqual([("request_id" in payload) for _, payload in self.events], [False] * 3)

    def test_finished_comes_after_close(self):
        blocks = ClosingBlocks([b"x"])
        closed = []
        self.mod_wsgi.subscribe_events(lambda name, **payload: closed.append((name, blocks.closed)))

        def application(environ, start_response):
            start_response("200 OK", [])
            return blocks

        self.serve(application)
        self.assertEqual(closed[-2:], [("response_started", 0), ("request_finished", 1)])

    def test_what_is_raised_is_an_event(self):
        problem = ValueError("of note")

        def fail(environ, start_response):
            raise problem

        self.serve(fail)
        self.assertEqual(self.names(), ["request_started", "request_exception", "request_finished"])
        payload = self.payload("request_exception")
        self.assertEqual(set(payload), {"request_id", "exception_info", "request_data"})
        self.assertEqual(payload["exception_info"][:2], (ValueError, problem))
        self.assertIsNotNone(payload["exception_info"][2])
        self.assertEqual(self.payload("request_finished")["status"], 500)

    def test_close_that_raises_is_an_event(self):
        def application(environ, start_response):
            start_response("200 OK", [])
            return ClosingBlocks([b"x"], close_failure=KeyError("close"))

        self.serve(application)
        self.assertIs(self.payload("request_exception")["exception_info"][0], KeyError)
        self.assertEqual(self.payload("request_finished")["status"], 200)

    def test_response_started_comes_before_the_headers_are_checked(self):
        self.serve(respond_with(b"", status="nonsense"))
        self.assertEqual(self.payload("response_started")["response_status"], "nonsense")
        self.assertEqual(self.payload("request_finished")["status"], 500)

    def test_response_started_of_an_error_page_has_the_exception(self):
        def application(environ, start_response):
            start_response("200 OK", [])
            start_response("500 Oops", [], (ValueError, ValueError("x"), None))
            return []

        self.serve(application)
        payloads = [payload for name, payload in self.events if name == "response_started"]
        self.assertEqual([payload["exception_info"] is None for payload in payloads], [True, False])
        self.assertEqual(self.payload("request_finished")["status"], 500)

    def test_a_script_that_cannot_be_loaded_has_no_events(self):
        path = f"{self.make_folder()}/broken.wsgi"
        with open(path, "w") as file:
            file.write("raise ValueError\n")
        exchange = MemoryExchange(facts={"script": path, "callable": "application"})
        self.adapter.serve(exchange, 1)
        self.assertEqual(exchange.refusal[0], 500)
        self.assertEqual(self.events, [])

    def test_without_subscribers_nothing_is_measured(self):
        self.install()
        exchange = MemoryExchange()
        seen = []

        def application(environ, start_response):
            seen.append(type(start_response.__self__).__name__)
            start_response("200 OK", [])
            return []

        self.serve(application, exchange)
        self.assertEqual(seen, ["Response"])

    def test_observed_requests_leave_no_garbage(self):
        gc.collect()
        gc.disable()
        self.addCleanup(gc.enable)
        self.events = None
        self.mod_wsgi.event_callbacks[:] = [lambda name, **payload: None]
        self.serve(respond_with(b"x"))
        self.assertEqual(gc.collect(), 0)


class InfluenceTest(TelemetryCase):
    def test_a_subscriber_wraps_the_application(self):
        @self.mod_wsgi.subscribe_events
        def wrap(name, application_object=None, **payload):
            if name != "request_started":
                return None

            def middleware(environ, start_response):
                return [b"<"] + application_object(environ, start_response) + [b">"]

            return {"application_object": middleware}

        # The second is given what the first has made.
        self.mod_wsgi.subscribe_events(wrap)
        self.assertEqual(self.serve(respond_with(b"x")).body, b"<<x>>")
        self.assert_clean_log()

    def test_what_is_returned_is_merged_for_later_subscribers(self):
        seen = []
        self.mod_wsgi.subscribe_events(lambda name, **payload: {"added": name})
        self.mod_wsgi.subscribe_events(lambda name, **payload: seen.append(payload["added"]))
        self.serve(respond_with(b"x"))
        self.assertEqual(seen, ["request_started", "response_started", "request_finished"])

    def test_environ_may_be_changed(self):
        def mark(name, request_environ=None, **payload):
            if name == "request_started":
                request_environ["marked"] = b"yes"

        def answer(environ, start_response):
            start_response("200 OK", [])
            return [environ["marked"]]

        self.mod_wsgi.subscribe_events(mark)
        self.assertEqual(self.serve(answer).body, b"yes")

    def test_an_exception_of_a_subscriber_is_logged_and_harms_nothing(self):
        for problem in (ValueError("mine"), SystemExit(3), KeyboardInterrupt(), GeneratorExit()):
            with self.subTest(problem=problem):
                self.setUp()
                after = []

                @self.mod_wsgi.subscribe_events
                def fail(name, **payload):
                    raise problem

                self.mod_wsgi.subscribe_events(lambda name, **payload: after.append(name))
                self.assertEqual(self.serve(respond_with(b"x")).body, b"x")
                self.assertEqual(after, ["request_started", "response_started", "request_finished"])
                lines = self.sink.lines("error")
                kind = type(problem).__name__
                for name in after:
                    found = [line for line in lines if f"{kind} exception raised by subscriber" in line]
                    self.assertEqual(sum(name in line for line in found), 1, lines)
                self.assertIn("in fail", "\n".join(lines))

    def test_keys_that_are_no_names_are_refused(self):
        self.mod_wsgi.subscribe_events(lambda name, **payload: {1: 2})
        self.mod_wsgi.subscribe_events(lambda name, **payload: None)
        self.assertEqual(self.serve(respond_with(b"x")).body, b"x")
        self.assertEqual(sum("TypeError exception raised" in line for line in self.sink.lines("error")), 3)

    def test_a_timeout_in_a_subscriber_ends_the_request(self):
        @self.mod_wsgi.subscribe_events
        def interrupted(name, **payload):
            if name == "request_started":
                raise RequestTimeout()

        exchange = self.serve(respond_with(b"x"))
        self.assertEqual(exchange.refusal[0], 504)

    def test_a_timeout_after_the_request_is_harmless(self):
        @self.mod_wsgi.subscribe_events
        def interrupted(name, **payload):
            if name == "request_finished":
                raise RequestTimeout()

        for _ in range(2):
            self.assertEqual(self.serve(respond_with(b"x")).body, b"x")
        self.assert_clean_log()

    def test_prints_of_subscribers_are_the_requests(self):
        @self.mod_wsgi.subscribe_events
        def complain(name, **payload):
            if name == "request_finished":
                self.request_environ["wsgi.errors"].write("slow\n")
            elif name == "request_started":
                self.request_environ = payload["request_environ"]

        self.serve(respond_with(b"x"))
        self.assertEqual(self.sink.lines("output"), [f"[script {SCRIPT}] slow"])


class RequestDataTest(TelemetryCase):
    def test_the_application_and_subscribers_share_it(self):
        kept = []

        @self.mod_wsgi.subscribe_events
        def keep(name, request_data, **payload):
            kept.append(dict(request_data))
            request_data[name] = True

        def application(environ, start_response):
            data = self.mod_wsgi.request_data()
            data["application"] = True
            self.assertEqual(self.mod_wsgi.active_requests, {"r1": data})
            self.assertIs(self.mod_wsgi.active_requests["r1"], data)
            start_response("200 OK", [])
            return []

        self.serve(application)
        self.assertEqual([sorted(data) for data in kept][0], [])
        self.assertEqual(sorted(kept[2]), ["application", "request_started", "response_started"])
        self.assertEqual(len(self.mod_wsgi.active_requests), 0)
        self.assert_clean_log()

    def test_it_is_there_without_subscribers_and_new_for_each_request(self):
        seen = []

        def application(environ, start_response):
            data = self.mod_wsgi.request_data()
            seen.append((len(data), data is self.mod_wsgi.request_data()))
            data["x"] = 1
            start_response("200 OK", [])
            return []

        self.serve(application)
        self.serve(application)
        self.assertEqual(seen, [(0, True), (0, True)])

    def test_outside_of_a_request(self):
        with self.assertRaises(RuntimeError):
            self.mod_wsgi.request_data()
        self.assertEqual(dict(self.mod_wsgi.active_requests), {})
        with self.assertRaises(KeyError):
            self.mod_wsgi.active_requests["r1"]

    def test_another_thread_of_a_request_runs_none(self):
        raised = []

        def ask():
            try:
                self.mod_wsgi.request_data()
            except RuntimeError as problem:
                raised.append(problem)

        def application(environ, start_response):
            thread = threading.Thread(target=ask)
            thread.start()
            thread.join()
            start_response("200 OK", [])
            return []

        self.serve(application)
        self.assertEqual(len(raised), 1)


class ProcessEventsTest(EventsCase):
    def test_stopping_is_published_once_to_both_lists(self):
        reasons = []
        self.mod_wsgi.subscribe_shutdown(lambda name, shutdown_reason: reasons.append((name, shutdown_reason)))
        threads = [
            threading.Thread(target=self.telemetry.publish_process_stopping, args=("maximum_requests",))
            for _ in range(4)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(self.events, [("process_stopping", {"shutdown_reason": "maximum_requests"})])
        self.assertEqual(reasons, [("process_stopping", "maximum_requests")])

    def test_shutdown_subscribers_get_nothing_else(self):
        names = []
        self.mod_wsgi.subscribe_shutdown(lambda name, **payload: names.append(name))
        self.serve(respond_with(b"x"))
        self.telemetry.publish_process_signal("SIGHUP", 1)
        self.assertEqual(names, [])

    def test_whatever_a_subscriber_raises_the_others_are_called(self):
        called = []

        def fail(name, **payload):
            raise RequestTimeout()

        self.mod_wsgi.subscribe_shutdown(fail)
        self.mod_wsgi.subscribe_shutdown(lambda name, **payload: called.append(name))
        self.telemetry.publish_process_stopping("shutdown_signal")
        self.assertEqual(called, ["process_stopping"])
        self.assertIn("RequestTimeout exception raised by subscriber", self.sink.text)

    def test_signals(self):
        signals = []

        @self.mod_wsgi.subscribe_signals
        def keep(name, **payload):
            signals.append((name, payload))

        self.telemetry.publish_process_signal("SIGUSR2", 12)
        self.telemetry.publish_process_signal("SIGHUP", 1)
        expected = [
            ("process_signal", {"signame": "SIGUSR2", "signum": 12}),
            ("process_signal", {"signame": "SIGHUP", "signum": 1}),
        ]
        self.assertEqual(signals, expected)
        self.assertEqual(self.events, expected)

    def test_what_cannot_be_called_is_refused(self):
        for subscribe in (
            self.mod_wsgi.subscribe_events,
            self.mod_wsgi.subscribe_shutdown,
            self.mod_wsgi.subscribe_signals,
        ):
            with self.assertRaises(TypeError):
                subscribe("name")

    def test_the_lists_are_the_subscribers(self):
        self.mod_wsgi.event_callbacks.clear()
        self.serve(respond_with(b"x"))
        self.assertEqual(self.events, [])


class EmbeddedTest(TelemetryCase):
    group = ""

    def test_signals_are_the_servers(self):
        callback = self.mod_wsgi.subscribe_signals(print)
        self.assertIs(callback, print)
        self.assertEqual(self.mod_wsgi.signal_callbacks, [])
        lines = self.sink.lines("info")
        self.assertIn("subscribe_signals() has no effect in embedded mode.", lines[0])
        self.assertIn("test_signals_are_the_servers", "\n".join(lines))


if __name__ == "__main__":
    unittest.main()
