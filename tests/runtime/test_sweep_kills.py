"""A sweep of 200 runs on two Dask clusters, whose workers are killed at random, and its driver."""

from __future__ import annotations

import json
import os
import random
import re
import shlex
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

import psutil
import pytest
from brevetti_gen import generate

pytestmark = pytest.mark.slow

RUNTIME = Path(__file__).parents[2] / "runtime"
RUNS = 200
SCHEMA = {
    "type": "object",
    "properties": {
        "seed": {"type": "integer", "default": 0},
        "lr": {"type": "number", "minimum": 0, "maximum": 1, "default": 0.5},
        "kind": {"enum": ["small", "large"], "default": "small"},
    },
}
PROGRAM = """\
import time
from brevettiai.platform import Job
from settings import Training

class Train(Job):
    settings: Training

    def run(self):
        if self.settings.lr > 0.97:
            raise ValueError("diverged")
        for epoch in range(4):
            time.sleep(0.03)
            self.log(epoch=epoch, loss=self.settings.lr + (self.settings.kind == "small") / 4)

if __name__ == "__main__":
    Train.init().start()
"""


def started(folder: Path, *words: str) -> subprocess.Popen[str]:
    """Python with some words, where the program is, which Ctrl-C can end."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTEST_ADDOPTS"}
    environment["PYTHONPATH"] = os.pathsep.join([str(folder), str(RUNTIME)])
    environment["DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT"] = "60s"
    with open(folder / f"{'-'.join(words[1:2])}.log", "a") as log:
        return subprocess.Popen(
            [sys.executable, *words],
            cwd=folder,
            env=environment,
            stdout=subprocess.PIPE if "train" in words else log,
            stderr=log,
            text=True,
        )


def wait_until(holds: Callable[[], Any]) -> Any:
    until = time.monotonic() + 600
    while not (found := holds()):
        assert time.monotonic() < until
        time.sleep(0.05)
    return found


@contextmanager
def cluster(folder: Path, name: str) -> Iterator[tuple[str, psutil.Process]]:
    """A scheduler and a worker with its nanny; its address, and the process of the nanny."""
    place = folder / f"{name}.json"
    dask = ("-m", "distributed.cli.dask_scheduler")
    scheduler = started(
        folder,
        *(*dask, "--host", "127.0.0.1", "--port", "0", "--no-dashboard"),
        *("--scheduler-file", str(place)),
    )
    nanny: subprocess.Popen[str] | None = None
    try:
        wait_until(lambda: place.exists() and place.read_text().strip().endswith("}"))
        address = json.loads(place.read_text())["address"]
        nanny = started(
            folder,
            *("-m", "distributed.cli.dask_worker", address, "--nworkers", "1", "--nthreads", "2"),
            *("--host", "127.0.0.1", "--no-dashboard", "--memory-limit", "0"),
            *("--local-directory", str(folder / f"{name}-worker")),
        )
        yield address, psutil.Process(nanny.pid)
    finally:
        for process in (nanny, scheduler):
            if process is not None:
                with suppress(psutil.NoSuchProcess):
                    own = psutil.Process(process.pid)
                    for each in [own, *own.children(recursive=True)]:
                        with suppress(psutil.NoSuchProcess):
                            each.kill()
                process.wait()


def kill_workers(
    nannies: list[psutil.Process], folder: Path, ended: threading.Event, killed: list[int]
) -> None:
    """Kill a worker after some runs, again and again; its nanny starts another one."""
    chance = random.Random(7)
    due = 0
    while not ended.wait(0.05):
        if len(rows_in(folder)) < due:
            continue
        with suppress(psutil.NoSuchProcess):
            for child in chance.choice(nannies).children():
                if "spawn_main" in " ".join(child.cmdline()):
                    child.kill()
                    killed.append(child.pid)
                    due = len(rows_in(folder)) + chance.randint(20, 40)


def rows_in(folder: Path) -> list[dict[str, Any]]:
    path = folder / "runs.jsonl"
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def test_each_run_is_recorded_once_whatever_is_killed(tmp_path: Path) -> None:
    (tmp_path / "schemas").mkdir()
    (tmp_path / "schemas" / "training.schema.json").write_text(json.dumps(SCHEMA))
    generate([tmp_path / "schemas"], tmp_path / "settings")
    (tmp_path / "train.py").write_text(PROGRAM)
    folder = tmp_path / "sweep"
    words = ["-m", "train", "--sweep", "lr kind", "--goal", "min loss", "--runs", str(RUNS)]
    words += ["--sweep-dir", "sweep", "--search", "random", "--prune", "median", "--retries", "5"]
    resume = ["-m", "train", "--resume", "--sweep-dir", "sweep"]
    killed: list[int] = []
    ended = threading.Event()
    with ExitStack() as stack:
        places = [stack.enter_context(cluster(tmp_path, name)) for name in ("one", "two")]
        (one, _), (two, _) = places
        nannies = [nanny for _, nanny in places]
        killer = threading.Thread(target=kill_workers, args=(nannies, folder, ended, killed))
        first = started(tmp_path, *words, "--cluster", one)
        wait_until(lambda: rows_in(folder))
        second = started(tmp_path, *words, "--cluster", two)
        killer.start()
        try:
            wait_until(lambda: len(rows_in(folder)) > RUNS // 4)
            first.send_signal(signal.SIGKILL)
            first.wait()
            third = started(tmp_path, *resume, "--cluster", one)
            outputs = [process.communicate(timeout=600)[0] for process in (second, third)]
        finally:
            ended.set()
            killer.join()
            for process in (first, second):
                process.kill()
    assert (second.returncode, third.returncode) == (0, 0)
    assert len(killed) > 2

    rows = rows_in(folder)
    assert sorted(row["run"] for row in rows) == list(range(RUNS))
    states = {state: [row for row in rows if row["state"] == state] for state in _STATES}
    assert sum(map(len, states.values())) == RUNS
    assert all(states.values())
    assert any(row["attempts"] > 1 for row in rows)
    # What the program itself did wrong is the only reason for a run to have failed.
    assert all(row["params.lr"] > 0.97 for row in states["failed"])
    # Both say the same; the printed command line does the same again.
    best = min(states["done"], key=lambda row: row["metrics.loss"])
    for output in outputs:
        (command,) = re.findall(r"^  (python -m train .*)$", output, re.MULTILINE)
        assert f"of run {best['run']}\n" in output
    again = started(tmp_path, *shlex.split(command)[1:], "--job_dir", "again")
    again.communicate(timeout=600)
    made = json.loads((tmp_path / "again/artifacts/output.json").read_text())
    there = json.loads((folder / f"runs/{best['run']:04}/artifacts/output.json").read_text())
    assert made["output"] == there["output"] == {"loss": best["metrics.loss"]}
    assert made["config"]["settings"] == there["config"]["settings"]


_STATES = ("done", "failed", "pruned")
