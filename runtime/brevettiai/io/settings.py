"""The settings of storage: one table, from the environment or from code."""

from __future__ import annotations

from dataclasses import dataclass

from brevettiai.io.variables import FromEnvironment, setting


@dataclass(frozen=True, kw_only=True)
class StorageSettings(FromEnvironment):
    """How storage waits, shares its work and keeps files; the same in all that use a `Storage`.

    Raises:
        ValueError: a value is none of its kind, or out of its range.
    """

    patience: float = setting(
        300.0,
        "BREVETTIAI_S3_PATIENCE",
        "seconds",
        "how long an operation is tried again while S3 is away",
    )
    connect_timeout: float = setting(
        10.0,
        "BREVETTIAI_S3_CONNECT_TIMEOUT",
        "seconds",
        "how long one attempt to reach S3 may take",
        0.001,
    )
    read_timeout: float = setting(
        20.0,
        "BREVETTIAI_S3_READ_TIMEOUT",
        "seconds",
        "how long S3 may be silent in the midst of a request",
        0.001,
    )
    threads: int = setting(
        32, "BREVETTIAI_S3_THREADS", "files", "files transferred at once", 1, 1000
    )
    part_threads: int = setting(
        10,
        "BREVETTIAI_S3_PART_THREADS",
        "parts",
        "parts of large files transferred at once",
        1,
        1000,
    )
    part_size: int = setting(
        8, "BREVETTIAI_S3_PART_SIZE", "MiB", "size of a part of a large file, at least", 5, 5120
    )
    obstore: int = setting(
        1,
        "BREVETTIAI_S3_OBSTORE",
        "for yes, 0 for no",
        "whether obstore, where it is installed, transfers what it can",
        0,
        1,
    )
    cache_share: float = setting(
        0.25,
        "BREVETTIAI_CACHE_SHARE",
        "of the disk",
        "what the cache of files read from S3 may take; 0 for no cache",
        0,
        1,
    )
    spool_folder: str | None = setting(
        None,
        "BREVETTIAI_S3_SPOOL_FOLDER",
        "",
        "folder of files on their way to S3; by default beside the job's cache",
    )

    @property
    def part_bytes(self) -> int:
        """`part_size` in bytes."""
        return self.part_size << 20
