"""Sweeps that are driven by several, interrupted, or killed: each run is recorded once."""

from __future__ import annotations

import errno
import json
import os
import random
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

optuna = pytest.importorskip("optuna", reason="needs optuna")
from brevettiai.io import Storage, processes  # noqa: E402
from brevettiai.sweep.definition import begin_or_join, read_definition  # noqa: E402
from brevettiai.sweep.drivers import Drivers  # noqa: E402
from brevettiai.sweep.errors import SweepError, SweepWordsError  # noqa: E402
from brevettiai.sweep.rows import read_rows  # noqa: E402
from brevettiai.sweep.runs import Run  # noqa: E402
from brevettiai.sweep.storages import open_storage, without_password  # noqa: E402
from standins.s3_server import S3Server  # noqa: E402
from standins.sweeps import StepRunner, Sweep, Watcher  # noqa: E402

needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
SCHEMA = {
    "type": "object",
    "properties": {
        "rate": {"type": "number", "minimum": 0, "maximum": 1},
        "kind": {"enum": ["a", "b"]},
    },
}


@pytest.fixture
def cls(class_of: Callable[..., Any]) -> Any:
    return class_of(SCHEMA)


@pytest.fixture
def sweep(cls: Any, tmp_path: Path) -> Sweep:
    return Sweep(cls, str(tmp_path / "sweep"), "rate", "kind")


def job(run: Run) -> Iterator[dict[str, Any]]:
    yield {"loss": 2 * run.config["rate"]}
    return {"loss": run.config["rate"]}


class Diary:
    """What is written of runs that begin, by several processes."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.touch()

    def job(self, run: Run) -> Iterator[dict[str, Any]]:
        with self.path.open("a") as file:
            file.write(f"{run.number} {run.attempt} {run.config['rate']}\n")
        yield {"loss": run.config["rate"]}
        time.sleep(0.002)
        return {"loss": run.config["rate"]}

    def has(self, number: int) -> bool:
        return len(self.entries()) >= number

    def entries(self) -> list[tuple[int, int, float]]:
        lines = [line.split() for line in self.path.read_text().splitlines()]
        return [(int(number), int(attempt), float(rate)) for number, attempt, rate in lines]


def drive_in_child(sweep: Sweep, diary: Diary, **given: Any) -> int:
    process = os.fork()
    if process == 0:
        code = 1
        try:
            sweep.io = Storage()
            sweep.drive(StepRunner(diary.job, 2), **given)
            code = 0
        finally:
            os._exit(code)
    return process


def wait_for(condition: Callable[..., bool], *given: Any) -> None:
    until = time.monotonic() + 300
    while not condition(*given):
        assert time.monotonic() < until
        time.sleep(0.002)


def is_over(process: int) -> bool:
    ended, status = os.waitpid(process, os.WNOHANG)
    assert not ended or os.waitstatus_to_exitcode(status) == 0
    return bool(ended)


def assert_each_once(sweep: Sweep, diary: Diary, runs: int) -> None:
    """Every run is recorded once, with the settings that its last attempt had."""
    rows = read_rows(sweep.io, sweep.folder)
    lines = Path(sweep.folder, "runs.jsonl").read_text().splitlines()
    assert [json.loads(line)["run"] for line in lines] == list(range(runs))
    assert {row.state for row in rows} == {"done"}
    entries = diary.entries()
    # No attempt is made twice; those at a run have the same settings; none follows its record.
    assert max(Counter((number, attempt) for number, attempt, _ in entries).values()) == 1
    assert {number for number, *_ in entries} == set(range(runs))
    for row in rows:
        tries = [entry for entry in entries if entry[0] == row.run]
        assert {rate for *_, rate in tries} == {row.params["rate"]}
        assert max(attempt for _, attempt, _ in tries) == row.attempts
    url = read_definition(sweep.io, sweep.folder).storage
    storage, _ = open_storage(sweep.io, sweep.folder, url)
    [study] = storage.get_all_studies()
    trials = storage.get_all_trials(study._study_id)
    assert [trial.state.name for trial in trials[:runs]] == ["COMPLETE"] * runs
    # Both drivers may have begun the last one at once: it waits for a sweep of more runs.
    assert {trial.state.name for trial in trials[runs:]} <= {"WAITING"}


@needs_fork
@pytest.mark.parametrize("storage", ["", pytest.param("sqlite", marks=pytest.mark.slow)])
def test_a_driver_that_is_killed_at_any_moment_records_each_run_once(
    sweep: Sweep, tmp_path: Path, storage: str
) -> None:
    diary, chance = Diary(tmp_path / "diary"), random.Random(1)
    runs = 12 if storage else 40
    given = {"runs": runs, "search": "random", "storage": ""}
    if storage:
        given["storage"] = f"sqlite:///{tmp_path}/sweeps.db"
    for _ in range(runs // 4):
        process = drive_in_child(sweep, diary, **given)
        target = len(diary.entries()) + chance.randrange(5)
        wait_for(diary.has, target)
        time.sleep(chance.random() * 0.01)
        os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)
    result = sweep.drive(StepRunner(diary.job, 2), **given)
    assert len(result.rows) == runs
    assert_each_once(sweep, diary, runs)


@needs_fork
@pytest.mark.parametrize("kills", [0, pytest.param(6, marks=pytest.mark.slow)])
def test_two_drivers_share_a_sweep(sweep: Sweep, tmp_path: Path, kills: int) -> None:
    diary, chance, runs = Diary(tmp_path / "diary"), random.Random(2), 40
    drivers = [drive_in_child(sweep, diary, runs=runs, search="random") for _ in range(2)]
    for turn in range(kills):
        target = len(diary.entries()) + chance.randrange(6)
        wait_for(diary.has, min(target, runs))
        process = drivers[turn % 2]
        if not is_over(process):
            os.kill(process, signal.SIGKILL)
            os.waitpid(process, 0)
        drivers[turn % 2] = drive_in_child(sweep, diary, runs=runs, search="random")
    for process in drivers:
        wait_for(is_over, process)
    assert_each_once(sweep, diary, runs)
    if not kills:
        assert len({row.params["rate"] for row in read_rows(sweep.io, sweep.folder)}) == runs


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_sweep_goes_on_where_it_was(
    sweep: Sweep, number: signal.Signals, interrupting: object
) -> None:
    def interrupted(run: Run) -> Iterator[dict[str, Any]]:
        yield {"loss": 1}
        if run.number == 4:
            signal.raise_signal(number)
        yield {"loss": 1}
        return {"loss": run.config["rate"]}

    before = signal.getsignal(number)
    first = StepRunner(interrupted, 3)
    result = sweep.drive(first, runs=8)
    assert result.interrupted
    assert signal.getsignal(number) == before
    assert [row.run for row in result.rows] == [0, 1, 2]
    second = StepRunner(job, 3)
    result = sweep.drive(second, runs=8)
    assert not result.interrupted
    assert [row.state for row in result.rows] == ["done"] * 8
    waited = {run.number: run for run in first.submitted if run.number > 2}
    assert list(waited) == [3, 4, 5]
    for run in second.submitted[:3]:
        assert (run.attempt, run.config) == (2, waited[run.number].config)


def test_the_second_interrupt_ends_a_sweep_at_once(sweep: Sweep, interrupting: object) -> None:
    def stubborn(run: Run) -> Iterator[dict[str, Any]]:
        while True:
            signal.raise_signal(signal.SIGINT)
            yield {"loss": 1}

    class Deaf(StepRunner):
        def stop(self, number: int) -> None:
            pass

    with pytest.raises(KeyboardInterrupt):
        sweep.drive(Deaf(stubborn), runs=3)
    assert [row.attempts for row in sweep.drive(job, runs=3).rows] == [2, 1, 1]


def test_of_those_who_begin_at_once_one_begins(sweep: Sweep) -> None:
    def begin(number: int) -> str:
        return begin_or_join(Storage(), sweep.folder, sweep.definition(runs=number + 1)).id

    with ThreadPoolExecutor(8) as pool:
        ids = set(pool.map(lambda _: begin(0), range(8)))
    assert ids == {read_definition(sweep.io, sweep.folder).id}
    assert begin(5) in ids
    assert read_definition(sweep.io, sweep.folder).runs == 6


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"format": 2, "brevetti": "9.1"}', r"later version of brevetti \(9.1\): .* upgrade"),
        ('{"format": 1}', "no definition of a sweep: it has no program, no settings"),
        ("[1", "no definition of a sweep"),
    ],
)
def test_what_is_no_sweep(sweep: Sweep, text: str, words: str) -> None:
    with pytest.raises(SweepWordsError, match="there is no sweep"):
        read_definition(sweep.io, sweep.folder)
    path = Path(sweep.folder, "sweep.json")
    path.parent.mkdir()
    path.write_text(text)
    with pytest.raises(SweepError, match=words):
        sweep.drive(job)
    assert path.read_text() == text


def test_half_a_line_of_a_killed_driver_is_no_line(sweep: Sweep) -> None:
    sweep.drive(job, runs=2)
    log = Path(sweep.folder, "optuna.log")
    with log.open("a") as file:
        file.write('{"op_code":4,"study_')
    with Path(sweep.folder, "runs.jsonl").open("a") as file:
        file.write('{"run": 7, "st')
    assert len(sweep.drive(job, runs=4).rows) == 4
    assert [json.loads(line) for line in log.read_text().splitlines()]
    assert len(Path(sweep.folder, "runs.jsonl").read_text().splitlines()) == 4


def test_a_journal_that_is_damaged_or_gone_is_told_and_nothing_is_lost(sweep: Sweep) -> None:
    sweep.drive(job, runs=2)
    log, rows = Path(sweep.folder, "optuna.log"), Path(sweep.folder, "runs.jsonl")
    whole, written = log.read_bytes(), rows.read_bytes()
    log.write_bytes(whole + b"\0garbage\n")
    with pytest.raises(SweepError, match=r"optuna\.log: is damaged, as .*garbage"):
        sweep.drive(job, runs=3)
    log.unlink()
    with pytest.raises(SweepError, match=r"runs\.jsonl has runs, of which nothing is stored"):
        sweep.drive(job, runs=3)
    assert rows.read_bytes() == written
    log.write_bytes(whole)
    assert len(sweep.drive(job, runs=3).rows) == 3


def test_a_silent_driver_of_another_machine_counts_as_dead_after_a_while(
    sweep: Sweep, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, there = Drivers(sweep.io, sweep.folder), Drivers(sweep.io, sweep.folder)
    with monkeypatch.context() as patch:
        patch.setattr("brevettiai.sweep.drivers._processes", lambda: "another machine")
        there.enter()
    here.enter()
    assert here.others() == [f"{os.uname().nodename}:{os.getpid()}"]
    monkeypatch.setattr("brevettiai.sweep.drivers._SILENCE", 0)
    there.beat(force=True)
    assert here.is_alive(there.id)
    assert not here.is_alive(there.id)
    assert (here.claim(3, 2), there.claim(3, 2)) == (here.id, here.id)


def test_a_file_system_without_locks_takes_one_driver(
    sweep: Sweep, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(descriptor: int, wait: bool) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr("brevettiai.io.locks._lock", refuse)
    assert len(sweep.drive(job, runs=2).rows) == 2
    other = Drivers(sweep.io, sweep.folder)
    other.enter()
    with pytest.raises(SweepError, match=r"this file system has no locks, .* wait for it"):
        sweep.drive(job, runs=3)
    other.leave()
    assert len(sweep.drive(job, runs=3).rows) == 3


def test_a_driver_that_others_took_for_dead_leaves_its_runs_to_them(sweep: Sweep) -> None:
    """As one whose machine slept for an hour."""
    other = Sweep(sweep.cls, sweep.folder, *sweep.names)

    def sleepy(run: Run) -> Iterator[dict[str, Any]]:
        yield {"loss": 9}
        if run.number == 1:
            for sign in Path(sweep.folder, "drivers").glob("*.json"):
                sign.unlink()
            other.drive(job, runs=3)
        return {"loss": 9}

    result = sweep.drive(sleepy, runs=3)
    assert [row.attempts for row in result.rows] == [1, 2, 1]
    assert result.rows[1].values != (9,)
    assert read_rows(sweep.io, sweep.folder) == list(result.rows)


def test_runs_in_a_database(sweep: Sweep, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    url = f"sqlite:///{tmp_path}/sweeps.db"
    first = sweep.drive(job, storage_url=url, storage=url, runs=3)
    second = sweep.drive(job, storage_url=url, storage=url, runs=5)
    assert second.rows[:3] == first.rows
    assert len(second.rows) == 5
    assert not Path(sweep.folder, "optuna.log").exists()
    other = Sweep(sweep.cls, sweep.folder + "2", "rate")
    assert len(other.drive(job, storage_url=url, storage=url, runs=2).rows) == 2


def test_a_database_that_is_new_to_several_at_once(sweep: Sweep, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/sweeps.db"
    with ThreadPoolExecutor(4) as pool:
        opened = list(pool.map(lambda _: open_storage(sweep.io, "", url)[0], range(4)))
    assert [storage.get_all_studies() for storage in opened] == [[]] * 4


@needs_fork
def test_a_driver_that_nobody_buried_is_dead() -> None:
    process = os.fork()
    if process == 0:
        os._exit(0)
    since = time.time() + 1
    wait_for(lambda: not processes.runs(process, since))
    assert os.waitpid(process, 0) == (process, 0)
    assert processes.runs(os.getppid(), since)


def test_the_password_of_a_database_is_neither_stored_nor_shown(sweep: Sweep) -> None:
    for url, bare in (
        ("postgresql://me:s3cret@host/db", "postgresql://me@host/db"),
        (
            "mysql+pymysql://me:s3cret@host:1/db?ssl_key_password=s3cret&a=1",
            "mysql+pymysql://me@host:1/db?a=1",
        ),
        ("sqlite:///a.db", "sqlite:///a.db"),
    ):
        assert without_password(url) == bare
        begin_or_join(sweep.io, sweep.folder + bare[:5], sweep.definition(storage=url))
        assert "s3cret" not in Path(sweep.folder + bare[:5], "sweep.json").read_text()
    with pytest.raises(SweepWordsError, match="--sweep-storage is the URL") as raised:
        without_password("me:s3cret")
    assert "s3cret" not in str(raised.value)
    with pytest.raises(SweepError) as failed:
        sweep.drive(job, storage_url="postgresql://me:s3cret@127.0.0.1:1/db")
    assert "s3cret" not in str(failed.value)
    with pytest.raises(SweepError, match=r"nowhere/a\.db: cannot be opened: "):
        sweep.drive(job, storage_url="sqlite:///nowhere/a.db")


# On S3


@pytest.fixture
def on_s3(cls: Any, s3_server: S3Server, bucket: str) -> Sweep:
    return Sweep(cls, f"s3://{bucket}/sweeps/one", "rate", "kind")


def test_a_sweep_on_s3(on_s3: Sweep, s3_server: S3Server) -> None:
    first = on_s3.drive(StepRunner(job, 2), runs=4)
    s3_server.requests.clear()
    second = on_s3.drive(StepRunner(job, 2), runs=8)
    assert second.rows[:4] == first.rows
    assert [row.state for row in second.rows] == ["done"] * 8
    assert read_rows(on_s3.io, on_s3.folder) == list(second.rows)
    assert second.rows[7].job_dir == f"{on_s3.folder}/runs/0007"
    # A run takes three objects of the journal, and a sweep few others, some as time passes.
    puts = Counter("/optuna/" in path for method, path in s3_server.requests if method == "PUT")
    assert 4 * 3 <= puts[True] < 4 * 4
    assert puts[False] < 10


def test_two_on_s3_write_one_journal(on_s3: Sweep) -> None:
    stores = [open_storage(Storage(), on_s3.folder)[0] for _ in range(2)]
    study = stores[0].create_new_study([optuna.study.StudyDirection.MINIMIZE], "x")
    for store in (*stores, *stores):
        trial = store.create_new_trial(study)
        store.set_trial_intermediate_value(trial, 1, 0.5)
        store.set_trial_state_values(trial, optuna.trial.TrialState.COMPLETE, [trial])
    [again, _] = open_storage(Storage(), on_s3.folder)
    for store in (*stores[1:], again):
        trials = store.get_all_trials(study)
        assert [trial.value for trial in trials] == [0, 1, 2, 3]
        assert all(trial.intermediate_values == {1: 0.5} for trial in trials)


def test_a_reply_that_is_lost_writes_an_entry_once(on_s3: Sweep, s3_server: S3Server) -> None:
    faults = iter(["lost"] * 5)
    s3_server.gate = lambda key, method, path: (
        next(faults, None) if method == "PUT" and "/optuna/" in path else None
    )
    result = on_s3.drive(job, runs=3)
    assert [row.run for row in result.rows] == [0, 1, 2]
    assert next(faults, None) is None


@pytest.mark.slow
@pytest.mark.parametrize("server", ["minio"])
def test_s3_without_conditional_writes_takes_one_driver(on_s3: Sweep, server: str) -> None:
    assert len(on_s3.drive(StepRunner(job, 2), runs=4).rows) == 4
    other = Drivers(Storage(), on_s3.folder)
    other.enter()
    with pytest.raises(SweepError, match=r"knows no conditional writes .* \(--sweep-storage\)"):
        on_s3.drive(job, runs=6)
    other.leave()
    assert len(on_s3.drive(job, Watcher(), runs=6).rows) == 6
