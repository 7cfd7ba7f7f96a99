"""Messages over pipes between the processes of a sweep: pickles behind their length."""

from __future__ import annotations

import os
import pickle
import struct
import threading
from collections.abc import Iterator
from typing import IO, Any

_LENGTH = struct.Struct(">Q")
_AT_ONCE = 4096
"""Bytes that a pipe takes whole or not at all, on any system that has pipes of POSIX."""


def packed(message: object) -> bytes:
    """A message as bytes."""
    raw = pickle.dumps(message, protocol=pickle.HIGHEST_PROTOCOL)
    return _LENGTH.pack(len(raw)) + raw


class Unpacker:
    """Makes messages of bytes as they come."""

    def __init__(self) -> None:
        self._bytes = bytearray()

    def feed(self, raw: bytes) -> Iterator[Any]:
        """The messages that are whole now."""
        self._bytes += raw
        while len(self._bytes) >= _LENGTH.size:
            [length] = _LENGTH.unpack_from(self._bytes)
            end = _LENGTH.size + length
            if len(self._bytes) < end:
                return
            body = bytes(self._bytes[_LENGTH.size : end])
            del self._bytes[:end]
            yield pickle.loads(body)


def read(file: IO[bytes]) -> Any:
    """The next message of a file, None at its end.

    A message that was cut, as who wrote it was killed, is none.
    """
    head = _read(file, _LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    [length] = _LENGTH.unpack(head)
    body = _read(file, length)
    return pickle.loads(body) if len(body) == length else None


def _read(file: IO[bytes], count: int) -> bytes:
    """So many bytes, fewer at the end: without a buffer a pipe gives only what it holds."""
    raw = bytearray()
    while len(raw) < count and (more := file.read(count - len(raw))):
        raw += more
    return bytes(raw)


class Channel:
    """The end of a pipe that messages are written to, from any thread.

    What a signal raises meanwhile leaves no message half written: a short one is written at once,
    a long one by a thread that signals do not disturb.
    """

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._lock = threading.RLock()

    def send(self, message: object) -> None:
        """Write a message; it is lost where nobody reads any more."""
        raw = packed(message)
        if len(raw) <= _AT_ONCE:
            self._write(raw)
            return
        writer = threading.Thread(target=self._write, args=(raw,), name="brevettiai-report")
        writer.start()
        writer.join()

    def _write(self, raw: bytes) -> None:
        with self._lock:
            left = memoryview(raw)
            try:
                while left:
                    left = left[os.write(self._descriptor, left) :]
            except (BrokenPipeError, ConnectionError):
                pass
