"""Answers with JSON about the process it runs in: what options of WSGIDaemonProcess can be seen by. ?allocate=N first takes N bytes."""

import ctypes
import json
import locale
import os
import resource
import socket
import stat
import sys

# What the process was told at its start, before an application could have changed it.
AT_IMPORT = {"cwd": os.getcwd(), "path": list(sys.path), "argv": list(sys.argv)}


def stack_bytes():
    """Of the calling thread."""
    library = ctypes.CDLL(None)
    library.pthread_self.restype = ctypes.c_void_p
    attributes = ctypes.create_string_buffer(256)
    size = ctypes.c_size_t()
    library.pthread_getattr_np(ctypes.c_void_p(library.pthread_self()), attributes)
    library.pthread_attr_getstacksize(attributes, ctypes.byref(size))
    library.pthread_attr_destroy(attributes)
    return size.value


def connections():
    """[send buffer, receive buffer] of each connection that came in on a socket with a name."""
    found = []
    for name in os.listdir("/proc/self/fd"):
        try:
            descriptor = os.dup(int(name))
        except OSError:
            continue  # the listing itself
        if not stat.S_ISSOCK(os.fstat(descriptor).st_mode):
            os.close(descriptor)
            continue
        with socket.socket(fileno=descriptor) as one:
            accepting = one.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN)
            if one.family == socket.AF_UNIX and one.getsockname() and not accepting:
                sizes = (socket.SO_SNDBUF, socket.SO_RCVBUF)
                found.append([one.getsockopt(socket.SOL_SOCKET, size) for size in sizes])
    return found


def application(environ, start_response):
    query = environ["QUERY_STRING"]
    if query.startswith("allocate="):
        bytearray(int(query[len("allocate=") :]))
    report = {
        **AT_IMPORT,
        "pid": os.getpid(),
        "environ": dict(os.environ),
        "locale": locale.setlocale(locale.LC_ALL),
        "fileNames": sys.getfilesystemencoding(),
        "prefix": sys.prefix,
        "switchInterval": sys.getswitchinterval(),
        "stackBytes": stack_bytes(),
        "priority": os.getpriority(os.PRIO_PROCESS, 0),
        "cpuLimit": resource.getrlimit(resource.RLIMIT_CPU),
        "dataLimit": resource.getrlimit(resource.RLIMIT_DATA),
        "addressLimit": resource.getrlimit(resource.RLIMIT_AS),
        "connections": connections(),
        "multiprocess": environ["wsgi.multiprocess"],
        "multithread": environ["wsgi.multithread"],
        "runOnce": environ["wsgi.run_once"],
    }
    body = json.dumps(report).encode()
    start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
    return [body]
