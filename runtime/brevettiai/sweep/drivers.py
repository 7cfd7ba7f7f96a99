"""Who drives a sweep: signs of life of its drivers, and which attempt at a run is whose."""

from __future__ import annotations

import json
import os
import time
import uuid
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from brevettiai.io import Storage
from brevettiai.io.locks import lock_abandoned, machine
from brevettiai.io.processes import host, runs
from brevettiai.json_values import is_object
from brevettiai.sweep.errors import SweepError

FOLDER = "drivers"
_CLAIMS = "claims"
_BEAT = 10.0
"""Seconds between signs of life."""
_SILENCE = 120.0
"""Seconds without one after which a driver of another machine counts as dead."""
_LONG_AGO = 1800.0
"""Seconds after which no clocks of two machines differ so much."""


@dataclass
class _Seen:
    """What is known of another driver."""

    beat: int
    since: float


class Drivers:
    """The drivers of a sweep, of which this process is one.

    Attributes:
        id: of this one.
    """

    def __init__(self, io: Storage, folder: str) -> None:
        self.id = uuid.uuid4().hex[:12]
        self._io, self._folder = io, io.path.join(folder, FOLDER)
        self._beats = 0
        self._last_beat = time.monotonic()
        self._began = time.time()
        self._seen: dict[str, _Seen] = {}
        self._dead: set[str] = set()

    def enter(self) -> None:
        """Begin to drive.

        Raises:
            SweepError: the storage cannot keep drivers apart, and another one lives.
        """
        self.beat(force=True)
        lack = self._lack()
        others = self.others() if lack else []
        if others:
            self.leave()
            raise SweepError(
                f"{self._folder}: {lack}, so that only one process at a time may drive a sweep "
                f"there, and {', '.join(others)} does; wait for it, or keep the runs in a database "
                "(--sweep-storage) and the sweep in another folder"
            )

    def leave(self) -> None:
        """End to drive, with nothing running any more."""
        with suppress(OSError):
            self._io.remove(self._path(self.id))

    def beat(self, force: bool = False) -> bool:
        """Give a sign of life, if it is time; whether it is so late that others may miss it."""
        now = time.monotonic()
        if not force and now < self._last_beat + _BEAT:
            return False
        is_late = now > self._last_beat + _SILENCE / 2
        self._last_beat = now
        self._beats += 1
        sign = {
            "id": self.id,
            "host": host(),
            "pid": os.getpid(),
            "processes": _processes(),
            "began": self._began,
            "beat": self._beats,
            "at": time.time(),
        }
        self._io.write_file(self._path(self.id), json.dumps(sign) + "\n")
        return is_late

    def others(self) -> list[str]:
        """Where other drivers live, as `HOST:PID`."""
        living: list[str] = []
        with suppress(FileNotFoundError, NotADirectoryError):
            for name in self._io.listdir(self._folder):
                driver = name.removesuffix(".json")
                if not name.endswith(".json") or driver == self.id:
                    continue
                if self.is_alive(driver):
                    sign = self._sign(driver) or {}
                    living.append(f"{sign.get('host')}:{sign.get('pid')}")
                else:
                    with suppress(OSError):
                        self._io.remove(self._path(driver))
        return living

    def is_alive(self, driver: str) -> bool:
        """Whether a driver lives; of one that is silent on another machine that takes a while."""
        if driver == self.id:
            return True
        if driver in self._dead:
            return False
        sign = self._sign(driver)
        if sign is None or not self._lives(driver, sign):
            self._dead.add(driver)
            return False
        return True

    def _lives(self, driver: str, sign: dict[str, Any]) -> bool:
        pid = sign["pid"]
        if sign["processes"] == _processes() and pid != os.getpid():
            return bool(runs(pid, sign["began"]))
        seen = self._seen.get(driver)
        if seen is None or seen.beat != sign["beat"]:
            self._seen[driver] = _Seen(sign["beat"], time.monotonic())
            return bool(time.time() - sign["at"] < _LONG_AGO)
        return time.monotonic() - seen.since < _SILENCE

    def _sign(self, driver: str) -> dict[str, Any] | None:
        """The last sign of life of a driver; None of one that has left."""
        try:
            with self._io.open(self._path(driver), "rb") as file:
                sign = json.load(file)
        except (FileNotFoundError, NotADirectoryError, ValueError):
            return None
        known = {"host", "pid", "processes", "began", "beat", "at"}
        return sign if is_object(sign) and known <= sign.keys() else None

    def claim(self, number: int, attempt: int) -> str:
        """Make an attempt at a run, not the first one, this driver's; whose it is now."""
        path = self._claim(number, attempt)
        try:
            self._io.create_file(path, self.id.encode())
        except FileExistsError:
            with self._io.open(path, "rb") as file:
                return file.read().decode()
        return self.id

    def is_claimed(self, number: int, attempt: int) -> bool:
        """Whether an attempt at a run is somebody's."""
        return self._io.isfile(self._claim(number, attempt))

    def _claim(self, number: int, attempt: int) -> str:
        return self._io.path.join(self._folder, _CLAIMS, f"{number:04}-{attempt}")

    def _path(self, driver: str) -> str:
        return self._io.path.join(self._folder, f"{driver}.json")

    def _lack(self) -> str:
        """What the storage lacks to keep drivers apart; "" where it does."""
        own = self._path(self.id)
        if not self._io.path.is_address(own):
            lock = lock_abandoned(own)
            if lock is None:
                return "this file system has no locks"
            os.close(lock)
            return ""
        probe = own.removesuffix(".json") + ".probe"
        self._io.create_file(probe, b"1")
        try:
            self._io.create_file(probe, b"2")
        except FileExistsError:
            return ""
        else:
            return "this S3 server knows no conditional writes (If-None-Match)"
        finally:
            with suppress(OSError):
                self._io.remove(probe)


def _processes() -> str:
    """What has the same process ids as this one: a machine since its start, or a container."""
    try:
        space = os.stat("/proc/self/ns/pid").st_ino
    except OSError:
        space = 0
    return f"{machine()}-{space:x}"
