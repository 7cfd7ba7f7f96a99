"""The settings of storage: one table, from the environment or from code."""

from __future__ import annotations

import math
import os
from dataclasses import dataclass, field, fields
from functools import lru_cache
from typing import Any, NamedTuple


class Setting(NamedTuple):
    """What is known of a setting beside its name and default.

    Attributes:
        variable: of the environment.
        unit: what its number counts; empty where it is a path.
        says: what it sets.
        least: the smallest value.
        most: the largest value.
    """

    variable: str
    unit: str
    says: str
    least: float = 0
    most: float = math.inf


def _setting(default: object, *facts: Any) -> Any:
    return field(default=default, metadata={"setting": Setting(*facts)})


@dataclass(frozen=True, kw_only=True)
class StorageSettings:
    """How storage waits, shares its work and keeps files; the same in all that use a `Storage`.

    Raises:
        ValueError: a value is none of its kind, or out of its range.
    """

    patience: float = _setting(
        300.0,
        "BREVETTIAI_S3_PATIENCE",
        "seconds",
        "how long an operation is tried again while S3 is away",
    )
    connect_timeout: float = _setting(
        10.0,
        "BREVETTIAI_S3_CONNECT_TIMEOUT",
        "seconds",
        "how long one attempt to reach S3 may take",
        0.001,
    )
    read_timeout: float = _setting(
        20.0,
        "BREVETTIAI_S3_READ_TIMEOUT",
        "seconds",
        "how long S3 may be silent in the midst of a request",
        0.001,
    )
    threads: int = _setting(
        32, "BREVETTIAI_S3_THREADS", "files", "files transferred at once", 1, 1000
    )
    part_threads: int = _setting(
        10,
        "BREVETTIAI_S3_PART_THREADS",
        "parts",
        "parts of large files transferred at once",
        1,
        1000,
    )
    part_size: int = _setting(
        8, "BREVETTIAI_S3_PART_SIZE", "MiB", "size of a part of a large file, at least", 5, 5120
    )
    obstore: int = _setting(
        1,
        "BREVETTIAI_S3_OBSTORE",
        "for yes, 0 for no",
        "whether obstore, where it is installed, transfers what it can",
        0,
        1,
    )
    cache_share: float = _setting(
        0.25,
        "BREVETTIAI_CACHE_SHARE",
        "of the disk",
        "what the cache of files read from S3 may take; 0 for no cache",
        0,
        1,
    )
    spool_folder: str | None = _setting(
        None,
        "BREVETTIAI_S3_SPOOL_FOLDER",
        "",
        "folder of files on their way to S3; by default beside the job's cache",
    )

    def __post_init__(self) -> None:
        for name, setting in SETTINGS.items():
            _require(getattr(self, name), _DEFAULTS[name], name, setting)

    @property
    def part_bytes(self) -> int:
        """`part_size` in bytes."""
        return self.part_size << 20

    @staticmethod
    def from_environment() -> StorageSettings:
        """The settings that the environment gives; a value that is none is told and left out."""
        return _parsed(tuple(os.environ.get(each.variable, "") for each in SETTINGS.values()))


SETTINGS: dict[str, Setting] = {
    each.name: each.metadata["setting"] for each in fields(StorageSettings)
}
"""The table: of each name what is known of it."""

_DEFAULTS: dict[str, Any] = {each.name: each.default for each in fields(StorageSettings)}


def _require(value: Any, default: object, name: str, setting: Setting) -> None:
    if not setting.unit:
        fits = value is None or isinstance(value, str)
        if not fits:
            raise ValueError(f"{name} must be the path of a folder, not {value!r}")
        return
    kinds = (int,) if isinstance(default, int) else (int, float)
    is_number = isinstance(value, kinds) and not isinstance(value, bool)
    if not (is_number and setting.least <= value <= setting.most):
        raise ValueError(f"{name} must be {_range(default, setting)}, not {value!r}")


def _range(default: object, setting: Setting) -> str:
    kind = "a whole number" if isinstance(default, int) else "a number"
    most = "" if math.isinf(setting.most) else f" to {setting.most:g}"
    return f"{kind} ({setting.unit}) from {setting.least:g}{most}"


@lru_cache(maxsize=8)  # So that what is wrong is told once.
def _parsed(texts: tuple[str, ...]) -> StorageSettings:
    found: dict[str, Any] = {}
    for (name, setting), text in zip(SETTINGS.items(), texts, strict=True):
        if not text:
            continue
        default = _DEFAULTS[name]
        value: object = text
        try:
            if setting.unit:
                value = int(text) if isinstance(default, int) else float(text)
        except ValueError:
            pass
        try:
            _require(value, default, setting.variable, setting)
        except ValueError as error:
            import logging

            logging.getLogger(__name__).warning("%s: it is taken for %s", error, default)
        else:
            found[name] = value
    return StorageSettings(**found)
