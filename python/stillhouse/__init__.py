"""The Python half of Stillhouse: what runs inside a daemon process (or an embedded interpreter).

Standard library only, CPython 3.9 and newer. Two halves that meet only in `exchange.Exchange`:

- running an application: adapter, start_response, request_input, file_wrapper, error_log, script_loader;
- how requests reach it: daemon_process, channel, scoreboard, monitor.

Every interpreter of a process has an application_host; guests and guest are about those beside the main one.
"""
