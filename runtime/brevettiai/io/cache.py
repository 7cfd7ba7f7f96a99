"""A cache of files read from S3, in a local folder.

An entry counts only as long as S3 says that the object is still the same, so a cache saves the
transfer, never the question; and only as long as it is what was read, which a digest in it tells.
Entries are named by a hash: no path can lead out of the folder, which is its user's alone.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

from brevettiai.io.local import destination_of
from brevettiai.io.whole import WholeBinaryWriter

_NEVER_KEPT = "/info.json"
"""The end of the paths of files that are not kept: on the platform these hold keys."""
_MOST_OF_DISK = 0.8
_SWEPT_AFTER = 1 / 16
"""Of its share, how much is added before the folder is looked through again."""


class ReadCache:
    """Files by their paths, each with the tag of its version; the folder comes with the first.

    Args:
        share: how much of the disk it may take, from 0 to 1.
    """

    def __init__(self, folder: str, share: float) -> None:
        self._folder = folder
        self._share = share
        self._added: float | None = None

    def find(self, path: str) -> tuple[str, bytes] | None:
        """The tag and the content of the version that is kept of a path, None without one."""
        entry = self._entry(path)
        try:
            with open(entry, "rb") as file:
                tag, digest = (file.readline().rstrip(b"\n").decode() for _ in range(2))
                content = file.read()
            if digest != _digest(tag, content) or path.endswith(_NEVER_KEPT):
                os.remove(entry)
                return None
            os.utime(entry)  # So that what is used goes last.
        except (OSError, ValueError):
            return None
        return tag, content

    def keep(self, path: str, tag: str, content: bytes) -> None:
        """Keep a version of a file, unless the disk is nearly full or says no.

        What was not used for the longest time goes where all takes more than its share.
        """
        import shutil

        if path.endswith(_NEVER_KEPT):
            return
        try:
            os.makedirs(self._folder, mode=0o700, exist_ok=True)
            disk = shutil.disk_usage(self._folder)
            share = self._share * disk.total
            if len(content) > share * _SWEPT_AFTER:
                return
            if self._added is None or self._added > share * _SWEPT_AFTER:
                os.chmod(self._folder, 0o700)
                self._sweep(share * (1 - 2 * _SWEPT_AFTER))
                self._added = 0
            if disk.used + len(content) < _MOST_OF_DISK * disk.total:
                lines = f"{tag}\n{_digest(tag, content)}\n"
                with WholeBinaryWriter(destination_of(self._entry(path), 0o600)) as file:
                    file.writelines((lines.encode(), content))
                self._added += len(content)
        except OSError:
            pass  # Caching is a kindness: the content is at hand without it.

    def _sweep(self, most: float) -> None:
        """Remove the oldest entries, until all that is left has at most so many bytes."""
        for _, size, entry in sorted(self._entries(), reverse=True):
            most -= size
            if most < 0:
                os.remove(entry)

    def _entries(self) -> Iterator[tuple[float, int, str]]:
        for folder, _, names in os.walk(self._folder):
            for name in names:
                entry = os.path.join(folder, name)
                known = os.stat(entry)
                yield known.st_mtime, known.st_size, entry

    def _entry(self, path: str) -> str:
        from hashlib import sha256

        name = sha256(path.encode()).hexdigest()
        return os.path.join(self._folder, name[:2], name)


def _digest(tag: str, content: bytes) -> str:
    from hashlib import sha256

    digest = sha256(tag.encode())
    digest.update(content)
    return digest.hexdigest()
