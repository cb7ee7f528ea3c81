"""Answers /metrics with what mod_wsgi's metrics functions say, and starts recording at /start."""

import json
import time

import mod_wsgi


def application(environ, start_response):
    environ["wsgi.input"].read()
    path = environ["PATH_INFO"]
    status = "200 OK"
    body = b"body"
    if path == "/start":
        mod_wsgi.start_recording_metrics()
    elif path == "/metrics":
        wait_until_alone()
        metrics = {
            "request": mod_wsgi.request_metrics(),
            "process": mod_wsgi.process_metrics(),
            "server": mod_wsgi.server_metrics(),
        }
        body = json.dumps(metrics).encode()
    elif path == "/absent":
        status = "404 Not Found"
    start_response(status, [("Content-Length", str(len(body)))])
    return [body]


def wait_until_alone():
    """A request counts when its thread is done with it: a little after its client has the response."""
    totals = mod_wsgi.process_metrics()
    while totals is not None and totals["active_requests"] > 1:
        time.sleep(0.001)
        totals = mod_wsgi.process_metrics()
