"""Starts a WSGI server that has no command for several processes: binds once, forks, and serves in each child.

    python serve.py waitress|fastpysgi|bjoern MODULE PORT PROCESSES THREADS
"""

import importlib
import os
import signal
import socket
import sys

KEEP_ALIVE_SECONDS = 75
BACKLOG = 2048
CONNECTIONS = 10_000


def serve_waitress(application, listener, port, threads):
    import waitress

    waitress.serve(
        application,
        sockets=[listener],
        threads=threads,
        channel_timeout=KEEP_ALIVE_SECONDS,
        connection_limit=CONNECTIONS,
        # select() ends at descriptor 1024.
        asyncore_use_poll=True,
    )


def serve_bjoern(application, listener, port, threads):
    import bjoern

    bjoern.server_run(listener, application)


def serve_fastpysgi(application, listener, port, threads):
    """Binds by itself, with SO_REUSEPORT."""
    import fastpysgi

    fastpysgi.server.backlog = BACKLOG
    fastpysgi.server.tcp_nodelay = 1
    fastpysgi.run(application, "127.0.0.1", port)


SERVERS = {"waitress": serve_waitress, "fastpysgi": serve_fastpysgi, "bjoern": serve_bjoern}


def main() -> None:
    kind, module, port, processes, threads = sys.argv[1], sys.argv[2], *map(int, sys.argv[3:6])
    listener = None
    if kind != "fastpysgi":
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        listener.bind(("127.0.0.1", port))
        listener.listen(BACKLOG)
        listener.setblocking(False)
    children = []
    for _ in range(processes):
        pid = os.fork()
        if pid == 0:
            application = importlib.import_module(module).application
            SERVERS[kind](application, listener, port, threads)
            os._exit(0)
        children.append(pid)
    if listener is not None:
        listener.close()

    def stop(*_):
        for pid in children:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        os._exit(0)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    while True:
        pid, status = os.wait()
        # A server that loses a process is not measured on with the others.
        print(f"serve.py: process {pid} ended with status {status}", file=sys.stderr, flush=True)
        children.remove(pid)
        stop()


if __name__ == "__main__":
    main()
