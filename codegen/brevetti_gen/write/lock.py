"""One run at a time in one output folder."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path

from ..problems import refused

WAIT_SECONDS = 60.0


@contextmanager
def locked(folder: Path) -> Generator[bool]:
    """Hold the lock of an existing folder; it ends with the process, however that ends.

    Gives False where the file system knows no locks: then only whole-file renames protect.

    Raises:
        GenerationError: another run has been writing into it for `WAIT_SECONDS`.
        OSError: the folder cannot be opened.
    """
    descriptor = _open(folder)
    try:
        deadline = time.monotonic() + WAIT_SECONDS
        while True:
            try:
                _acquire(descriptor)
            except BlockingIOError:
                if time.monotonic() > deadline:
                    text = "another run of brevetti-gen is writing here"
                    raise refused("busy", text, folder, "wait for it, then try again") from None
                time.sleep(0.02)
            except OSError:
                yield False
                return
            else:
                yield True
                return
    finally:
        with suppress(OSError):
            os.close(descriptor)


if sys.platform == "win32":
    import hashlib
    import msvcrt
    import tempfile

    def _open(folder: Path) -> int:
        # Windows cannot lock a folder, and a lock file of ours is not wanted inside it.
        name = hashlib.sha256(os.path.realpath(folder).casefold().encode()).hexdigest()[:32]
        path = Path(tempfile.gettempdir(), f"brevetti-{name}.lock")
        return os.open(path, os.O_RDWR | os.O_CREAT)

    def _acquire(descriptor: int) -> None:
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except PermissionError:
            raise BlockingIOError from None

else:
    import fcntl

    def _open(folder: Path) -> int:
        return os.open(folder, os.O_RDONLY)

    def _acquire(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
