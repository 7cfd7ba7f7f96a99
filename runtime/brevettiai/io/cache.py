"""A cache of files read from S3, in a local folder.

An entry counts only as long as S3 says that the object is still the same, so a cache saves the
transfer, never the question. Entries are named by a hash: no path can lead out of the folder.
"""

from __future__ import annotations

import os

from brevettiai.io.local import write_whole

_MOST_OF_DISK = 0.8


class ReadCache:
    """Files by their paths, each with the tag of its version; the folder comes with the first."""

    def __init__(self, folder: str) -> None:
        self._folder = folder

    def find(self, path: str) -> tuple[str, bytes] | None:
        """The tag and the content of the version that is kept of a path, None without one."""
        try:
            with open(self._entry(path), "rb") as file:
                return file.readline().rstrip(b"\n").decode(), file.read()
        except (OSError, ValueError):
            return None

    def keep(self, path: str, tag: str, content: bytes) -> None:
        """Keep a version of a file, unless the disk is nearly full or says no."""
        import shutil

        try:
            os.makedirs(self._folder, exist_ok=True)
            disk = shutil.disk_usage(self._folder)
            if disk.used + len(content) < _MOST_OF_DISK * disk.total:
                write_whole(self._entry(path), tag.encode() + b"\n", content)
        except OSError:
            pass  # Caching is a kindness: the content is at hand without it.

    def _entry(self, path: str) -> str:
        from hashlib import sha256

        name = sha256(path.encode()).hexdigest()
        return os.path.join(self._folder, name[:2], name)
