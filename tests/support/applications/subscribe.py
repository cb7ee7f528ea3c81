"""Subscribes to events: adds a middleware to every request, keeps the names of events, prints what comes of the process."""

import json
import threading

import mod_wsgi

names = []
finished = []


@mod_wsgi.subscribe_events
def wrap(name, application_object=None, request_data=None, **payload):
    if name == "request_started":
        request_data["script"] = payload["request_environ"]["SCRIPT_NAME"]

        def middleware(environ, start_response):
            def add_header(status, headers, exc_info=None):
                return start_response(status, [*headers, ("X-Wrapped", environ["mod_wsgi.request_id"])], exc_info)

            return application_object(environ, add_header)

        return {"application_object": middleware}
    return None


@mod_wsgi.subscribe_events
def keep(name, **payload):
    if name.startswith("re"):
        names.append(name)
    if name == "request_finished":
        finished.append({key: value for key, value in payload.items() if key != "request_data"})


@mod_wsgi.subscribe_events
def fail(name, request_environ=None, **payload):
    if name == "request_started" and request_environ["PATH_INFO"] == "/subscriber-fails":
        raise SystemExit("subscriber")


@mod_wsgi.subscribe_shutdown
def report_end(name, shutdown_reason):
    print("subscriber:", name, shutdown_reason, threading.current_thread() is threading.main_thread())


@mod_wsgi.subscribe_signals
def report_signal(name, signame, signum):
    print("subscriber:", name, signame, signum)


def application(environ, start_response):
    if environ["PATH_INFO"] == "/fail":
        raise ValueError("application")
    if environ["PATH_INFO"] == "/report":
        body = json.dumps({"names": names, "finished": finished}).encode()
        names.clear()
        finished.clear()
    else:
        body = json.dumps(mod_wsgi.request_data()).encode()
    start_response("200 OK", [("Content-Length", str(len(body)))])
    return [body]
