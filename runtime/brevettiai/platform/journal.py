"""The journal of a job's metrics: lines of JSON in a local file that only grows.

Each line is an object: `_attempt`, the number of the attempt that wrote it, `_line`, its number
among those of the attempt, and `_time`, in seconds since 1970, beside `step`, `epoch` and the
metrics. A line is written by one call of the system, so a killed process leaves whole ones.
"""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from typing import IO, Any, NamedTuple, cast

from brevettiai.io.local import write_whole
from brevettiai.json_values import json_of

JOURNAL, SENT = "metrics.jsonl", "metrics-sent.json"
"""Its name, and that of the record of what the platform has of it."""

_encode = json.JSONEncoder(allow_nan=False).encode


class Line(NamedTuple):
    """A line of a journal, and the position where it ends."""

    attempt: int
    number: int
    values: dict[str, Any]
    end: int


class Journal:
    """The journal in a folder.

    Attributes:
        path: of its file.
        size: in bytes, of its whole lines.
        sent: of each attempt the number of the last line that the platform has, or refused.
    """

    def __init__(self, folder: str) -> None:
        self.path = os.path.join(folder, JOURNAL)
        self.sent: dict[int, int] = {}
        self.size = 0
        self._file: int | None = None
        self._lock = threading.Lock()
        self._last: dict[int, int] = {}
        if os.path.exists(self.path):
            self._go_on(folder)

    def _go_on(self, folder: str) -> None:
        """Go on with what is in the folder already; a line that was cut goes."""
        with open(self.path, "rb") as file:
            for _, line in _parsed(file):
                self._last[line.attempt] = line.number
                self.size = line.end
        os.truncate(self.path, self.size)
        with suppress(FileNotFoundError), open(os.path.join(folder, SENT), "rb") as file:
            self.sent = sent_of(file.read())

    def append(self, attempt: int, values: Mapping[str, Any]) -> Mapping[str, Any]:
        """Write a line; its values as they were written, plain ones.

        Raises:
            OSError: it cannot be written; the file is as before.
            ValueError: a value has a name that tells of the line itself.
        """
        with self._lock:
            number = self._last.get(attempt, -1) + 1
            facts = {"_attempt": attempt, "_line": number, "_time": round(time.time(), 3)}
            if taken := [name for name in facts if name in values]:
                text = f"{taken[0]!r} is no name for a metric: the journal tells by it of its lines"
                raise ValueError(text)
            try:
                text = _encode({**facts, **values})
            except (TypeError, ValueError):
                from brevettiai.platform.output import storable

                values = storable(values)
                text = _encode({**facts, **values})
            self._write(text.encode() + b"\n")
            self._last[attempt] = number
        return values

    def _write(self, raw: bytes) -> None:
        if self._file is None:
            os.makedirs(os.path.dirname(self.path), exist_ok=True)
            self._file = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o666)
        try:
            written = os.write(self._file, raw)
            if written < len(raw):  # The disk is full.
                os.write(self._file, raw[written:])
        except OSError:
            os.ftruncate(self._file, self.size)
            raise
        self.size += len(raw)

    def take_in(self, lines: Iterable[bytes]) -> None:
        """Write what is not there yet of the journal of earlier attempts, as it is."""
        for raw, line in _parsed(lines):
            if line.number > self._last.get(line.attempt, -1):
                self._write(raw)
                self._last[line.attempt] = line.number

    def take_in_sent(self, sent: Mapping[int, int]) -> None:
        """Take over what earlier attempts noted as sent."""
        for attempt, number in sent.items():
            self.sent[attempt] = max(number, self.sent.get(attempt, -1))

    def read(self, position: int) -> Iterator[Line]:
        """The lines from a position on, without those that the platform has."""
        if self._file is None and not self.size:
            return
        try:
            file = open(self.path, "rb")  # noqa: SIM115
        except FileNotFoundError:
            import logging

            text = "%s is gone, and the metrics in it are not sent"
            logging.getLogger(__name__).warning(text, self.path)
            return
        with file:
            file.seek(position)
            for _, line in _parsed(file, position):
                if line.number > self.sent.get(line.attempt, -1):
                    yield line

    def note_sent(self, sent: Mapping[int, int]) -> None:
        """Note, on disk too, what the platform has."""
        self.sent = {**self.sent, **sent}
        if self.size:  # It may be gone meanwhile.
            write_whole(os.path.join(os.path.dirname(self.path), SENT), self.sent_text())

    def sent_text(self) -> bytes:
        """The record of what the platform has."""
        return _encode(self.sent).encode()

    def copy_to(self, file: IO[bytes]) -> int:
        """Write the lines that there are to another file; its size in bytes."""
        left = size = self.size
        with open(self.path, "rb") as own:
            while left:
                piece = own.read(min(left, 1 << 20))
                file.write(piece)
                left -= len(piece)
        return size

    def close(self) -> None:
        """Close the file; the next line opens it again."""
        with self._lock:
            if self._file is not None:
                os.close(self._file)
            self._file = None

    def remove(self) -> None:
        """Remove it, as all that it holds is elsewhere."""
        self.close()
        self.size = 0
        remove_journal(os.path.dirname(self.path))


def remove_journal(folder: str) -> None:
    """Remove the journal in a folder that nobody writes, if there is one."""
    for name in (JOURNAL, SENT):
        with suppress(FileNotFoundError):
            os.remove(os.path.join(folder, name))


def sent_of(text: bytes) -> dict[int, int]:
    """What `sent_text` says; nothing where it is damaged."""
    try:
        said = json_of(text)
        return {int(attempt): int(number) for attempt, number in said.items()}
    except (ValueError, TypeError, AttributeError, OverflowError):
        return {}


def _parsed(lines: Iterable[bytes], position: int = 0) -> Iterator[tuple[bytes, Line]]:
    """The whole lines of a journal; damaged ones are left out."""
    for raw in lines:
        if raw[-1:] != b"\n":
            return  # A write was cut, or is on its way.
        position += len(raw)
        try:
            values = cast("dict[str, Any]", json_of(raw))
            yield raw, Line(int(values.pop("_attempt")), int(values.pop("_line")), values, position)
        except (ValueError, TypeError, KeyError, AttributeError, OverflowError):
            continue
