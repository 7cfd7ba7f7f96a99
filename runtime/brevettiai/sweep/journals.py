"""Optuna's journal, as a sweep's drivers write it: in as few pieces as can be."""

from __future__ import annotations

import json
import os
import time
from abc import abstractmethod
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from typing import Any, TypeAlias

from optuna.storages.journal import BaseJournalBackend

from brevettiai.io import Storage
from brevettiai.io.locks import open_locked
from brevettiai.sweep.errors import SweepError

Entry: TypeAlias = "dict[str, Any]"

_OF_OWN_RUNS = frozenset([5, 7, 8, 9])
"""Operations that set something of a trial: parameters, values of steps, attributes. Only the
driver that runs it does so, so that it does not matter what others write meanwhile."""


class Journal(BaseJournalBackend):
    """What all write in one order, and each replays.

    What is set of a trial takes effect here at once, and is written with the next entry that may
    concern others, or when `flush` is called.
    """

    def __init__(self) -> None:
        self._unwritten: list[Entry] = []
        self._heard: deque[Entry] = deque()

    def append_logs(self, logs: Sequence[Entry]) -> None:
        """Append entries, all or none of them."""
        # As others will read them.
        entries: list[Entry] = json.loads(json.dumps(list(logs)))
        if all(entry["op_code"] in _OF_OWN_RUNS for entry in entries):
            self._unwritten += entries
        else:
            self._write_all(entries)
        self._heard += entries

    def flush(self) -> None:
        """Write what was not written yet."""
        if self._unwritten:
            self._write_all([])

    def read_logs(self, log_number_from: int) -> Iterator[Entry]:
        """What is new since the last one that was read; nobody asks for anything else.

        What is left when whoever replays them fails at one comes first the next time.
        """
        self._heard += self._news()
        while self._heard:
            yield self._heard.popleft()

    def _write_all(self, entries: Sequence[Entry]) -> None:
        whole = [*self._unwritten, *entries]
        text = "".join(json.dumps(each, separators=(",", ":")) + "\n" for each in whole)
        self._heard += self._write(text.encode())
        self._unwritten.clear()

    @abstractmethod
    def _write(self, text: bytes) -> list[Entry]:
        """Append lines after all that others wrote, which it gives where that is news."""

    @abstractmethod
    def _news(self) -> list[Entry]:
        """What others wrote since the last time."""


def _entries(lines: Iterable[bytes], path: str) -> list[Entry]:
    entries: list[Entry] = []
    for line in lines:
        try:
            entries.append(json.loads(line))
        except ValueError:
            raise SweepError(
                f"{path}: is damaged, as {line[:40]!r} is no entry of a journal; without that line "
                "the sweep goes on"
            ) from None
    return entries


class FileJournal(Journal):
    """A journal in a local file, which others can read as Optuna's `JournalFileBackend`.

    Its lock is the kernel's, and ends with the process that holds it, however it ends; half a line
    that one left is removed by the next who writes. The disk is asked to keep what is written once
    a second: of a machine that loses its power, the last second may be lost.
    """

    _PAUSE = 1.0

    def __init__(self, path: str) -> None:
        super().__init__()
        self._path = path
        self._offset = 0
        self._kept = 0.0
        with suppress(FileExistsError):
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))

    def _write(self, text: bytes) -> list[Entry]:
        descriptor = open_locked(self._path, os.O_RDWR | os.O_APPEND, 0o666)
        try:
            news = self._news()
            if os.fstat(descriptor).st_size > self._offset:  # By half a line, nothing else.
                os.ftruncate(descriptor, self._offset)
            with os.fdopen(os.dup(descriptor), "ab") as file:
                file.write(text)
            if time.monotonic() > self._kept + self._PAUSE:
                os.fsync(descriptor)
                self._kept = time.monotonic()
            self._offset += len(text)
            return news
        finally:
            os.close(descriptor)

    def _news(self) -> list[Entry]:
        if os.stat(self._path).st_size == self._offset:  # Asked far more often than there are any.
            return []
        with open(self._path, "rb") as file:
            file.seek(self._offset)
            content = file.read()
        whole = content[: content.rfind(b"\n") + 1]  # The rest is being written.
        self._offset += len(whole)
        return _entries(whole.splitlines(), self._path)


class ObjectJournal(Journal):
    """A journal of numbered objects, each of which only one can create.

    Others are asked for news once in a while.
    """

    _PAUSE = 1.0
    _THREADS = 16

    def __init__(self, io: Storage, folder: str) -> None:
        super().__init__()
        self._io, self._folder = io, folder
        self._next = 0
        self._asked: float | None = None

    def _write(self, text: bytes) -> list[Entry]:
        news: list[Entry] = []
        if self._asked is None:
            news = self._news()
        while True:
            try:
                self._io.create_file(self._path(self._next), text)
            except FileExistsError:
                news += self._read(self._next)
                self._next += 1
            else:
                self._next += 1
                self._asked = time.monotonic()
                return news

    def _news(self) -> list[Entry]:
        news: list[Entry] = []
        if self._asked is None:
            news = self._all()
        elif time.monotonic() < self._asked + self._PAUSE:
            return news
        else:
            with suppress(FileNotFoundError):
                while True:
                    news += self._read(self._next)
                    self._next += 1
        self._asked = time.monotonic()
        return news

    def _all(self) -> list[Entry]:
        from concurrent.futures import ThreadPoolExecutor

        names = [entry.name.partition(".")[0] for entry in self._io.files(self._folder)]
        self._next = max((int(name) + 1 for name in names if name.isdecimal()), default=0)
        with ThreadPoolExecutor(self._THREADS) as pool:
            return [each for part in pool.map(self._read, range(self._next)) for each in part]

    def _read(self, number: int) -> list[Entry]:
        with self._io.open(self._path(number), "rb") as file:  # Not through the cache.
            return _entries(file, self._path(number))

    def _path(self, number: int) -> str:
        return self._io.path.join(self._folder, f"{number:08}.jsonl")
