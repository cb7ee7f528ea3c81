"""wsgi.file_wrapper: a file as a response, and when it can be sent without passing through Python.

FileWrapper is what applications see (also as mod_wsgi.FileWrapper); find_span is asked by the adapter about one that
came back as the response iterable.
"""

import io
import os
import stat
from typing import Any, Iterator, NamedTuple, Optional


class FileSpan(NamedTuple):
    """A part of a regular file: from `offset`, `length` bytes to its present end."""

    descriptor: int
    offset: int
    length: int


class FileWrapper:
    """Iterates over a file-like object in blocks. `filelike` and `blksize` are read-only."""

    __slots__ = ("_filelike", "_blksize", "__weakref__")

    def __init__(self, filelike: Any, blksize: int = 8192) -> None:
        if blksize < 0:
            raise ValueError(f"blksize must not be negative, got {blksize}")
        self._filelike = filelike
        self._blksize = blksize

    @property
    def filelike(self) -> Any:
        return self._filelike

    @property
    def blksize(self) -> int:
        return self._blksize

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        block = self._filelike.read(self._blksize)
        if not isinstance(block, bytes):
            raise TypeError(f"file-like object read() must return bytes, not {type(block).__name__}")
        if not block:
            raise StopIteration
        return block

    def close(self) -> None:
        """Closes the file where it can be closed; what goes wrong then is nobody's concern any more."""
        try:
            close = getattr(self._filelike, "close", None)
            if close is not None:
                close()
        except Exception:
            pass  # as mod_wsgi: the response is complete


FileWrapper.__module__ = "mod_wsgi"


def find_span(wrapper: FileWrapper) -> Optional[FileSpan]:
    """What of a regular file is to be sent, or None where the wrapper must be iterated."""
    filelike = wrapper.filelike
    if isinstance(filelike, io.BufferedIOBase) and not hasattr(filelike, "raw"):
        # GzipFile and its like: the descriptor is that of the compressed file, the content is not.
        return None
    try:
        descriptor = filelike.fileno()
        offset = filelike.tell()
        if type(descriptor) is not int or type(offset) is not int or offset < 0:
            return None
        status = os.fstat(descriptor)
    except Exception:
        return None  # no file: io.BytesIO, a pipe, a closed file; iterating it says what is wrong
    if not stat.S_ISREG(status.st_mode):
        return None
    return FileSpan(descriptor, offset, max(0, status.st_size - offset))
