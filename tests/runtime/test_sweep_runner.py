"""The runner of a sweep: on this machine, and on a Dask cluster whose processes are killed."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from brevettiai.sweep import dask_runner
from brevettiai.sweep.dask_runner import DaskRunner, cluster_runner
from brevettiai.sweep.errors import ClusterError
from brevettiai.sweep.local_runner import LocalRunner
from brevettiai.sweep.needs import Needs
from brevettiai.sweep.program import Program
from brevettiai.sweep.runs import Ended, Reported, Run
from standins import swept_function, swept_job
from standins.processes import all_end, pids_below

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has no such signals")
TESTS = Path(__file__).parents[1]
RUNTIME = TESTS.parent / "runtime"
PLACES = Program.of_function(swept_function.places)


def hear(
    runner: DaskRunner | LocalRunner,
    until: Callable[[list[Any]], bool],
    into: list[Any] | None = None,
) -> list[Any]:
    """What a runner says, until that is enough."""
    heard: list[Any] = [] if into is None else into
    limit = time.monotonic() + 300
    while not until(heard):
        assert time.monotonic() < limit, heard
        for each in runner.events(1):
            heard.append(each)
    return heard


def ends(heard: list[Any]) -> dict[int, Ended]:
    """The ends of runs by their numbers, of which each is heard once."""
    found = [each for each in heard if isinstance(each, Ended)]
    assert len({each.number for each in found}) == len(found)
    return {each.number: each for each in found}


def report_of(heard: list[Any], number: int) -> bool:
    return any(isinstance(each, Reported) and each.number == number for each in heard)


def submit(runner: DaskRunner | LocalRunner, numbers: range, **config: Any) -> None:
    for number in numbers:
        runner.submit(Run(number, 1, None, {"waits": False, **config}))


@pytest.fixture(scope="module")
def local() -> Iterator[LocalRunner]:
    runner = LocalRunner(PLACES, workers=2)
    yield runner
    runner.close()


def test_runs_on_this_machine_end_once_each(local: LocalRunner) -> None:
    assert local.capacity == 2
    submit(local, range(20))
    found = ends(hear(local, lambda heard: len(ends(heard)) == 20))
    assert {each.outcome for each in found.values()} == {"done"}
    assert len({each.metrics["pid"] for each in found.values()}) == 20
    assert not [*local.events(0)]


def test_runs_are_asked_to_stop_before_and_while_they_run(local: LocalRunner) -> None:
    submit(local, range(3), waits=True)
    heard = hear(local, lambda heard: report_of(heard, 0) and report_of(heard, 1))
    local.stop(2)
    heard += hear(local, lambda heard: 2 in ends(heard))
    for number in (0, 1, 7):
        local.stop(number)
    heard += hear(local, lambda heard: {0, 1} <= ends(heard).keys())
    assert {each.outcome for each in ends(heard).values()} == {"stopped"}
    assert ends(heard)[0].metrics["pid"] > 0
    assert not ends(heard)[2].metrics


def test_closing_ends_all_and_tells_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "4,GPU-5,6")
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    before = pids_below(os.getpid())
    runner = LocalRunner(PLACES, workers=4, needs=Needs(cores=2, gpus=1))
    assert runner.capacity == 3
    submit(runner, range(3))
    found = ends(hear(runner, lambda heard: len(ends(heard)) == 3)).values()
    assert {each.metrics["OMP_NUM_THREADS"] for each in found} == {"2"}
    submit(runner, range(5), waits=True)
    hear(runner, lambda heard: all(report_of(heard, each) for each in range(3)))
    processes = pids_below(os.getpid()) - before
    assert len(processes) == 4
    runner.close()
    assert {each.outcome for each in ends([*runner.events(0)]).values()} == {"stopped"}
    all_end(processes)


def test_each_run_has_a_gpu_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "GPU-a,GPU-b")
    runner = LocalRunner(PLACES, needs=Needs(gpus=1))
    submit(runner, range(6))
    found = ends(hear(runner, lambda heard: len(ends(heard)) == 6)).values()
    runner.close()
    assert {each.metrics["CUDA_VISIBLE_DEVICES"] for each in found} == {"GPU-a", "GPU-b"}


@pytest.mark.parametrize(
    ("needs", "error"),
    [
        (Needs(gpus=2), "each run is to have 2 GPU, and 1 are found on this machine"),
        (Needs(memory=10**15), "each run is to have 1e+03 TB of memory, and this machine has "),
    ],
)
def test_what_this_machine_lacks_is_told(
    needs: Needs, error: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "0")
    with pytest.raises(ClusterError) as caught:
        LocalRunner(PLACES, needs=needs)
    assert str(caught.value).startswith(error)


def test_a_scheduler_that_does_not_answer_is_told_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dask_runner, "_PATIENCE", 1)
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        silent = f"tcp://127.0.0.1:{deaf.getsockname()[1]}"
        for address in (silent, "tcp://127.0.0.1:1", "what://x"):
            with pytest.raises(ClusterError, match=f"no Dask scheduler answers at {address} with"):
                cluster_runner(address, PLACES)


def test_the_main_program_is_run_again_without_its_key(tmp_path: Path) -> None:
    (tmp_path / "tell.py").write_text(
        "import json, sys\n"
        "from settings_of_mine import LIMIT\n"
        "from brevettiai.sweep.program import Program\n"
        "program = Program.of_main()\n"
        "print(json.dumps([program.kind, program.name, program.argv, program.needs]))\n"
    )
    (tmp_path / "settings_of_mine.py").write_text("LIMIT = 3\n")
    words = ["--api_key", "hunter2", "--job-id=7", "--api-key=hunter2", "--x", "1"]
    said = [
        subprocess.run(
            [sys.executable, *program, *words],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(RUNTIME)},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for program in (["tell.py"], ["-m", "tell"])
    ]
    assert '["file", ' in said[0]
    assert str(tmp_path / "tell.py") in said[0]
    assert '["module", "tell", ["--job-id=7", "--x", "1"]' in said[1]
    assert all('"settings_of_mine"' not in each and "hunter2" not in each for each in said)


SWEEPS_ALONE = """
import os, sys
sys.path.insert(0, {tests!r})
from brevettiai.sweep.{runner}
from brevettiai.sweep.program import Program
from brevettiai.sweep.runs import Run
from standins import swept_function

runner = begin({words}Program.of_function(swept_function.places))
for number in range(2):
    runner.submit(Run(number, 1, None, {{"waits": True}}))
left = 2
while left:
    for event in runner.events(1):
        print(int(event.metrics["pid"]), flush=True)
        left -= 1
sys.stdin.read()
"""


def driver(
    runner: str = "local_runner import LocalRunner as begin", words: str = ""
) -> tuple[subprocess.Popen[str], set[int]]:
    """A process that has begun two runs, and their processes."""
    text = SWEEPS_ALONE.format(tests=str(TESTS), runner=runner, words=words)
    environ = {**os.environ, "PYTHONPATH": str(RUNTIME)}
    process = subprocess.Popen(
        [sys.executable, "-c", text],
        env=environ,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    return process, {int(process.stdout.readline()) for _ in range(2)}


def test_nothing_is_left_behind_when_the_driver_is_killed() -> None:
    process, runs = driver()
    there = pids_below(process.pid) | runs
    assert len(there) == 3
    process.kill()
    process.communicate()
    all_end(there)


class DaskProcesses:
    """A scheduler of Dask and two workers, as processes of their own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.scheduler: subprocess.Popen[bytes] | None = None
        self.workers: list[subprocess.Popen[bytes]] = []
        self.address = ""

    def complete(self) -> None:
        """Start those that do not run, or not any more."""
        if self.scheduler is None or self.scheduler.poll() is not None:
            self.close()
            with socket.create_server(("127.0.0.1", 0)) as free:
                port = free.getsockname()[1]
            self.address = f"tcp://127.0.0.1:{port}"
            words = ["--host", "127.0.0.1", "--port", str(port), "--no-dashboard"]
            self.scheduler = self.start("scheduler", *words)
        self.workers = [worker for worker in self.workers if worker.poll() is None]
        while len(self.workers) < 2:
            words = [self.address, "--nthreads", "1", "--no-dashboard", "--no-nanny"]
            self.workers.append(self.start("worker", *words))

    def start(self, kind: str, *words: str) -> subprocess.Popen[bytes]:
        with open(self.folder / "dask.log", "ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", f"distributed.cli.dask_{kind}", *words],
                cwd=self.folder,
                env={**os.environ, "PYTHONPATH": str(RUNTIME)},
                stdout=log,
                stderr=log,
            )

    def close(self) -> None:
        """Kill all."""
        processes = [*self.workers, *([self.scheduler] if self.scheduler else [])]
        for process in processes:
            process.kill()
            process.wait()
        self.workers, self.scheduler = [], None


@pytest.fixture(scope="module")
def dask_of_module(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DaskProcesses]:
    processes = DaskProcesses(tmp_path_factory.mktemp("dask"))
    yield processes
    processes.close()


@pytest.fixture
def dask(dask_of_module: DaskProcesses, monkeypatch: pytest.MonkeyPatch) -> DaskProcesses:
    monkeypatch.setattr(dask_runner, "_PATIENCE", 300)
    dask_of_module.complete()
    return dask_of_module


def joined(runner: DaskRunner, capacity: int) -> None:
    """Wait until a runner has a capacity."""
    hear(runner, lambda heard: runner.capacity == capacity)


@pytest.mark.slow
def test_runs_of_a_killed_worker_are_lost_and_others_go_on(dask: DaskProcesses) -> None:
    runner = cluster_runner(dask.address, PLACES)
    joined(runner, 2)
    submit(runner, range(2), waits=True)
    heard = hear(runner, lambda heard: report_of(heard, 0) and report_of(heard, 1))
    runs = {int(each.metrics["pid"]) for each in heard}
    dask.workers[0].kill()
    heard = hear(runner, lambda heard: len(ends(heard)) == 1)
    [lost] = ends(heard).values()
    assert (lost.outcome, lost.error) == ("lost", "its worker was lost")
    assert runner.capacity == 1
    dask.complete()
    joined(runner, 2)
    runner.stop(1 - lost.number)
    submit(runner, range(10, 20))
    found = ends(hear(runner, lambda heard: len(ends(heard)) == 11))
    assert found.pop(1 - lost.number).outcome == "stopped"
    assert {each.outcome for each in found.values()} == {"done"}
    all_end(runs)
    runner.close()
    assert [worker.poll() for worker in dask.workers] == [None, None]
    # The worker is there for others, and nothing of this sweep is left there.
    other = cluster_runner(dask.address, PLACES)
    submit(other, range(1))
    assert ends(hear(other, lambda heard: bool(ends(heard))))[0].outcome == "done"
    other.close()


@pytest.mark.slow
def test_workers_have_nothing_of_a_sweep_whose_driver_is_killed(dask: DaskProcesses) -> None:
    runner = cluster_runner(dask.address, PLACES)
    joined(runner, 2)
    runner.close()
    process, runs = driver("dask_runner import cluster_runner as begin", f"{dask.address!r}, ")
    there = runs | {each for worker in dask.workers for each in pids_below(worker.pid)}
    process.kill()
    process.communicate()
    all_end(there)
    assert [worker.poll() for worker in dask.workers] == [None, None]


@pytest.mark.slow
def test_the_code_of_a_program_reaches_workers_that_lack_it(
    dask: DaskProcesses, tmp_path: Path
) -> None:
    runner = cluster_runner(dask.address, Program("file", str(swept_job.__file__)))
    joined(runner, 2)
    runner.submit(Run(0, 1, str(tmp_path / "run"), {"do": "tell"}))
    ended = ends(hear(runner, lambda heard: bool(ends(heard))))[0]
    assert ended.outcome == "done", ended.error
    runner.close()
    assert "output of tell" in (tmp_path / "run" / "output.log").read_text()


@pytest.mark.slow
def test_what_workers_lack_is_told_before_anything_runs(
    dask: DaskProcesses, monkeypatch: pytest.MonkeyPatch
) -> None:
    runner = cluster_runner(dask.address, PLACES)
    joined(runner, 2)
    runner.close()
    from brevettiai.sweep import dask_runner

    with monkeypatch.context() as lacking:
        lacking.setattr(dask_runner, "versions_of", lambda imports: {"no-such-thing": "1.0"})
        with pytest.raises(ClusterError) as caught:
            cluster_runner(dask.address, PLACES)
    assert "tcp://127.0.0.1:" in str(caught.value)
    assert "no-such-thing is not installed (here 1.0)" in str(caught.value)
    with pytest.raises(ClusterError, match="no worker has one: start workers with"):
        cluster_runner(dask.address, PLACES, needs=Needs(gpus=1))


@pytest.mark.slow
def test_a_scheduler_that_goes_ends_the_sweep(dask: DaskProcesses) -> None:
    runner = cluster_runner(dask.address, PLACES)
    joined(runner, 2)
    submit(runner, range(2), waits=True)
    heard = hear(runner, lambda heard: report_of(heard, 0) and report_of(heard, 1))
    assert dask.scheduler is not None
    dask.scheduler.kill()
    gone: list[Any] = []
    with pytest.raises(ClusterError, match="is gone"):
        hear(runner, lambda heard: False, gone)
    assert {each.outcome for each in ends(gone).values()} == {"lost"}
    assert len(gone) == 2
    runner.close()
    all_end({int(each.metrics["pid"]) for each in heard})
