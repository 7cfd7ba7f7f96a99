"""Jobs that are killed at any moment: nothing is half, nothing stored is lost, nothing is left."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
from brevettiai.io import Storage
from brevettiai.io.whole import is_part
from standins.killed_job import is_whole, step_of
from standins.s3_server import S3Server

TESTS = Path(__file__).parents[1]
pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")


class Killer:
    """Begins attempts at a job, and kills them."""

    def __init__(self, job_dir: str, cache: Path) -> None:
        self.job_dir, self.cache = job_dir, cache
        paths = [str(TESTS), str(TESTS.parent / "runtime")]
        self._process = subprocess.Popen(
            [sys.executable, str(TESTS / "standins" / "killed_job.py")],
            # Without git, which would look at the project's files in each attempt.
            env={**os.environ, "PYTHONPATH": os.pathsep.join(paths), "PATH": ""},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            bufsize=1,
        )
        self.stored: dict[str, int] = {}
        self._step = 0.1

    def _begin(self, what: str) -> int:
        assert self._process.stdin
        self._process.stdin.write(f"{what} {self.job_dir} {self.cache}\n")
        assert self._process.stdout
        word, pid = self._process.stdout.readline().split()
        assert word == "pid"
        return int(pid)

    def _said(self) -> Iterator[tuple[str, str]]:
        assert self._process.stdout
        while (line := self._process.stdout.readline().strip()) != "end":
            assert line
            word, _, value = line.partition(" ")
            yield word, value

    def kill(self, chance: random.Random) -> None:
        """Let an attempt store some things, and kill it in the midst of another one."""
        pid = self._begin("work")
        begun = time.monotonic()
        left = chance.randrange(7)
        pause = chance.random()
        if not left:  # Before it has stored anything.
            time.sleep(pause * self._step)
            os.kill(pid, signal.SIGKILL)
        for word, value in self._said():
            self.stored[word] = int(value)
            left -= 1
            if not left:
                self._step = min(1.0, 0.25 * (time.monotonic() - begun))
                time.sleep(pause * self._step)
                os.kill(pid, signal.SIGKILL)

    def start(self) -> int | None:
        """Begin an attempt that ends at once; the step of the checkpoint that it found."""
        self._begin("start")
        ((word, value),) = self._said()
        assert word == "found"
        return json.loads(value)

    def stop(self) -> None:
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait()


def check(killer: Killer, io: Storage) -> None:
    """What is visible after a kill is whole, and nothing that was stored is lost."""
    artifacts = io.path.join(killer.job_dir, "artifacts")
    for name in ("small", "large"):
        path = io.path.join(artifacts, name)
        if name in killer.stored or io.isfile(path):
            found = io.read_file(path)
            assert is_whole(found)
            assert step_of(found) >= killer.stored.get(name, 0)
    if "output" in killer.stored:
        output = json.loads(io.read_file(io.path.join(artifacts, "output.json")))
        assert output["output"]["step"] >= killer.stored["output"]


def run_kills(killer: Killer, io: Storage, kills: int) -> None:
    chance = random.Random(kills)
    for _ in range(kills):
        killer.kill(chance)
        check(killer, io)
        found = killer.start()
        assert found != -1
        assert (found or 0) >= killer.stored.get("checkpoint", 0)
        # Nothing is left: no folder of temporary files, and no hidden file.
        assert set(os.listdir(killer.cache)) <= {".read-cache", ".spool"}
        assert parts_below(killer.cache) == []
    assert killer.stored["checkpoint"] > 1


def parts_below(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if is_part(path.name) or path.suffix == ".part"]


@pytest.mark.parametrize("kills", [6, pytest.param(120, marks=pytest.mark.slow)])
def test_kills_of_a_local_job(tmp_path: Path, kills: int) -> None:
    (tmp_path / "cache").mkdir()
    killer = Killer(str(tmp_path / "job"), tmp_path / "cache")
    try:
        run_kills(killer, Storage(), kills)
        assert parts_below(tmp_path / "job") == []
        (spool,) = [*(tmp_path / "job").rglob(".spool"), None][:1]
        assert spool is None or os.listdir(spool) == []
    finally:
        killer.stop()


@pytest.mark.slow
def test_kills_of_a_job_on_s3(bucket: str, s3_server: S3Server, tmp_path: Path) -> None:
    (tmp_path / "cache").mkdir()
    client = boto3.client("s3", region_name="eu-west-1", endpoint_url=s3_server.direct_url)
    killer = Killer(f"s3://{bucket}/job", tmp_path / "cache")
    try:
        run_kills(killer, Storage(), 12)
    finally:
        killer.stop()
    assert not client.list_multipart_uploads(Bucket=bucket).get("Uploads")
    for _, folders, names in Storage().walk(f"s3://{bucket}/job/artifacts/checkpoints"):
        assert "data" not in folders or names == ["manifest.json"]
