"""Chapters of storage: trees of small files, one large file, and the memory that it takes.

All talk to one server of S3 on this machine, in a process of its own: the MinIO-based one of
JuiceFS, else that of moto.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import bench_storage as storage
from measuring import MISSING, Case, counted

_NAMES = {
    "base": "brevetti",
    "fast": "brevetti with fast",
    "boto3_requests": "boto3, requests",
    "boto3_files": "boto3, files",
}
_MODULES = {"base": "boto3", "boto3_requests": "boto3", "boto3_files": "boto3", "fast": "obstore"}
_UP_CLOCK, _UP, _DOWN_CLOCK, _DOWN = range(4)


@contextmanager
def _server() -> Iterator[None]:
    """A server with the bucket; the variables of this process lead to it meanwhile."""
    variables = {
        "AWS_ACCESS_KEY_ID": storage.KEY,
        "AWS_SECRET_ACCESS_KEY": storage.KEY,
        "AWS_REGION": "us-east-1",
        "AWS_DEFAULT_REGION": "us-east-1",
    }
    before = dict(os.environ)
    has_gateway = shutil.which("juicefs") or Path(sys.executable).with_name("juicefs").exists()
    try:
        with (storage.gateway if has_gateway else storage.moto)() as url:
            os.environ.update(variables, AWS_ENDPOINT_URL_S3=url)
            storage.make_client().create_bucket(Bucket=storage.BUCKET)
            yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def _is_there(name: str) -> bool:
    return importlib.util.find_spec(_MODULES.get(name, name)) is not None


def _measure(files: int, size: int, rounds: int, top: Path) -> dict[str, list[list[float]] | str]:
    """The rounds of each peer; one that fails is left out of all of them."""
    found: dict[str, list[list[float]] | str] = {}
    names = [name for name in storage.PEERS if _is_there(name)]
    for name in list(names):  # warm, and told right from wrong
        try:
            storage.measure_rounds([name], 1, 10, 1, top)
        except Exception as error:
            names.remove(name)
            found[name] = f"fails: {type(error).__name__}"
    found |= storage.measure_rounds(names, files, size, rounds, top)
    return {_NAMES.get(name, name): found.get(name, MISSING) for name in storage.PEERS}


@cache
def _small() -> list[tuple[int, dict[str, list[list[float]] | str]]]:
    with _server(), tempfile.TemporaryDirectory() as top:
        return [(n, _measure(n, 10_000, 3, Path(top))) for n in (1, 10, 100, 300)]


@cache
def _large() -> list[tuple[int, dict[str, list[list[float]] | str]]]:
    with _server(), tempfile.TemporaryDirectory() as top:
        return [(n, _measure(1, n << 20, 3, Path(top))) for n in (1, 16, 256)]


def _cases(
    measured: list[tuple[int, dict[str, list[list[float]] | str]]], which: int, unit: str
) -> list[Case]:
    return [
        Case(
            counted(size, unit) if unit == "file" else f"{size:,} {unit}",
            {
                name: took if isinstance(took, str) else [each[which] for each in took]
                for name, took in found.items()
            },
            size,
        )
        for size, found in measured
    ]


def small_up(quick: bool) -> list[Case]:
    return _cases(_small(), _UP, "file")


def small_down(quick: bool) -> list[Case]:
    return _cases(_small(), _DOWN, "file")


def large_up(quick: bool) -> list[Case]:
    return _cases(_large(), _UP_CLOCK, "MiB")


def large_down(quick: bool) -> list[Case]:
    return _cases(_large(), _DOWN_CLOCK, "MiB")


def large_memory(quick: bool) -> list[Case]:
    """What a process takes more than before, for one file of 128 MiB."""
    up: dict[str, list[float] | str] = {}
    down: dict[str, list[float] | str] = {}
    with _server():
        own = [sys.executable, storage.__file__, "--bucket", storage.BUCKET, "--memory", "128"]
        for name in storage.PEERS:
            shown = _NAMES.get(name, name)
            if not _is_there(name):
                up[shown] = down[shown] = MISSING
                continue
            done = subprocess.run([*own, "--memory-of", name], capture_output=True, text=True)
            if done.returncode:
                up[shown] = down[shown] = "fails"
                continue
            *_, more_up, more_down = done.stdout.split()
            up[shown], down[shown] = ([max(1.0, float(n)) * 2**20] for n in (more_up, more_down))
    return [Case("128 MiB up", up), Case("128 MiB down", down)]
