"""Locks on files that end with the process that holds them, however it ends.

They tell a file of a living process from what a killed one left behind: process ids are used
again, and mean something else in each container; a lock is known to the kernel that all share.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from functools import lru_cache

if sys.platform == "win32":
    import msvcrt

    _FAR = 1 << 62
    """Where no content is: a locked range cannot be written by others."""

    def _lock(descriptor: int, wait: bool) -> None:
        at = os.lseek(descriptor, 0, os.SEEK_CUR)
        os.lseek(descriptor, _FAR, os.SEEK_SET)
        try:
            msvcrt.locking(descriptor, msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)
        finally:
            os.lseek(descriptor, at, os.SEEK_SET)

else:
    import fcntl

    def _lock(descriptor: int, wait: bool) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))


def open_locked(path: str, flags: int, mode: int = 0o600) -> int:
    """Open a file that is created, as `os.open` does, and hold it until it is closed.

    Where the file system has no locks it is not held, and never counts as abandoned.
    """
    while True:
        descriptor = os.open(path, flags | os.O_CREAT, mode)
        with suppress(OSError):
            _lock(descriptor, wait=True)
        # `lock_abandoned` may have been here first, for somebody who removed the file.
        if _is_at(descriptor, path):
            return descriptor
        os.close(descriptor)


def lock_abandoned(path: str) -> int | None:
    """Hold a file that nobody holds; its descriptor, None where it is held, gone or unknown."""
    with suppress(OSError):
        # NFS locks only what could be written.
        access = os.O_RDWR if os.access(path, os.W_OK) else os.O_RDONLY
        descriptor = os.open(path, access | getattr(os, "O_NOFOLLOW", 0))
        with suppress(OSError):
            _lock(descriptor, wait=False)
            if _is_at(descriptor, path):
                return descriptor
        os.close(descriptor)
    return None


def keep_lock(descriptor: int) -> int | None:
    """Keep a file locked that is closed next; what to close instead.

    None on Windows, where a file that is open can be neither renamed nor removed.
    """
    return None if sys.platform == "win32" else os.dup(descriptor)


def _is_at(descriptor: int, path: str) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), os.stat(path))
    except FileNotFoundError:
        return False


@lru_cache(maxsize=1)
def machine() -> str:
    """Two short marks of this machine: of its start, which containers share, and of its name."""
    from zlib import crc32

    name = os.uname().nodename if hasattr(os, "uname") else os.environ.get("COMPUTERNAME", "")
    try:
        with open("/proc/sys/kernel/random/boot_id", encoding="ascii") as file:
            start = file.read().strip()
    except OSError:
        start = name
    return f"{crc32(start.encode()):08x}-{crc32(name.encode()):08x}"


def on_this_machine(mark: str) -> bool:
    """Whether a `machine()` is this one, as far as its start or its name tells.

    Locks that other machines hold on a shared disk may not be seen here.
    """
    return any(one == own for one, own in zip(mark.split("-"), machine().split("-"), strict=False))
