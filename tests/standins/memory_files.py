"""A back end that keeps files in memory, as that of `docs/backends.md` does."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from datetime import datetime, timezone
from hashlib import md5

from brevettiai.io import FileEntry
from brevettiai.io.object_store import ObjectStore

Kept = dict[str, tuple[bytes, datetime]]


class MemoryFiles(ObjectStore):
    kept: Kept = {}  # noqa: RUF012

    def read_file(self, path: str) -> bytes:
        if path.endswith("/"):
            raise IsADirectoryError(errno.EISDIR, "Is a folder", path)
        if path not in self.kept:
            raise FileNotFoundError(errno.ENOENT, "No such file", path)
        return self.kept[path][0]

    def write_file(self, path: str, content: bytes | memoryview) -> None:
        self.kept[path] = bytes(content), datetime.now(timezone.utc)

    def remove_file(self, path: str) -> None:
        self.kept.pop(path, None)

    def find(self, path: str) -> FileEntry | None:
        if path not in self.kept:
            return None
        content, modified = self.kept[path]
        name = path.rpartition("/")[2]
        return FileEntry(name, len(content), modified, md5(content).hexdigest())

    def below(self, folder: str) -> Iterator[FileEntry]:
        for path in [*self.kept]:
            found = self.find(path) if path.startswith(folder) else None
            if found:
                yield found._replace(name=path[len(folder) :])

    def known_md5(self, path: str) -> str:
        return md5(self.read_file(path)).hexdigest()
