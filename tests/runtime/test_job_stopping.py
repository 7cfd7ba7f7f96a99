"""What signals do to a job: at once, where it suits it, again, and in other processes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from brevettiai.platform import Job

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has no such signals")
RUNTIME = Path(__file__).parents[2] / "runtime"


@pytest.fixture(autouse=True)
def workplace(workplace: Path) -> Iterator[Path]:
    """The same, and the handlers that Python has by itself."""
    defaults = {
        signal.SIGTERM: signal.SIG_DFL,
        signal.SIGINT: signal.default_int_handler,
        signal.SIGUSR1: signal.SIG_DFL,
    }
    before = {number: signal.signal(number, handler) for number, handler in defaults.items()}
    yield workplace
    assert {number: signal.getsignal(number) for number in defaults} == defaults
    for number, handler in before.items():
        signal.signal(number, handler)


def job_of(run: Callable[[Job], object], **attributes: Any) -> Job:
    """A job in the folder `here` that does what `run` says."""
    cls = type("Training", (Job,), {"run": run, **attributes})
    job: Job = cls.init(job_dir="here", args=[])
    return job


def patient(self: Job) -> None:
    """An `on_stop` that leaves it to the job where it ends."""


def state() -> str:
    return str(json.loads(Path("here/artifacts/output.json").read_text("utf-8"))["state"])


@pytest.mark.parametrize(
    ("number", "error", "code"),
    [(signal.SIGTERM, SystemExit, 143), (signal.SIGINT, KeyboardInterrupt, None)],
)
def test_a_signal_ends_the_work_at_once(
    number: int, error: type[BaseException], code: int | None
) -> None:
    steps: list[str] = []

    def run(self: Job) -> None:
        assert not self.stopping
        try:
            signal.raise_signal(number)
            steps.append("never")
        finally:
            steps.append(f"asked: {self.stopping}")

    with pytest.raises(error) as caught:
        job_of(run).start()
    assert getattr(caught.value, "code", None) == code
    assert steps == ["asked: True"]
    assert state() == "stopped"


def test_a_job_may_stop_where_it_suits_it() -> None:
    steps: list[int] = []

    def run(self: Job) -> None:
        for step in range(10):
            if step == 2:
                signal.raise_signal(signal.SIGTERM)
            steps.append(step)
            if step % 2:
                self.check_stopping()

    with pytest.raises(SystemExit) as caught:
        job_of(run, on_stop=patient).start()
    assert caught.value.code == 143
    assert steps == [0, 1, 2, 3]
    assert state() == "stopped"


def test_work_that_stops_when_asked_is_not_complete_and_its_package_is_kept() -> None:
    def run(self: Job) -> str:
        signal.raise_signal(signal.SIGTERM)
        assert self.stopping
        path = self.temp_path("half.bin")
        self.io.write_file(path, b"half")
        return path

    with pytest.raises(SystemExit) as caught:
        job_of(run, on_stop=patient).start()
    assert caught.value.code == 143
    assert state() == "stopped"
    assert Path("here/artifacts/half.bin").read_bytes() == b"half"


def test_work_that_catches_the_exception_and_returns_is_complete() -> None:
    def run(self: Job) -> None:
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)

    job_of(run).start()
    assert state() == "completed"


def test_the_callback_is_called_once() -> None:
    calls: list[bool] = []

    def on_stop(self: Job) -> None:
        calls.append(self.stopping)

    def run(self: Job) -> None:
        signal.raise_signal(signal.SIGTERM)
        assert calls == [True]
        signal.raise_signal(signal.SIGINT)  # As launchers send after a Ctrl-C.
        assert calls == [True, True]

    with pytest.raises(SystemExit):
        job_of(run, on_stop=on_stop).start()


def test_the_same_signal_again_ends_the_work_at_once() -> None:
    def run(self: Job) -> None:
        signal.raise_signal(signal.SIGTERM)
        signal.raise_signal(signal.SIGTERM)
        pytest.fail("not at once")

    with pytest.raises(SystemExit) as caught:
        job_of(run, on_stop=patient, stop_grace=None).start()
    assert caught.value.code == 143
    assert state() == "stopped"


def test_the_grace_period_ends() -> None:
    def run(self: Job) -> None:
        signal.raise_signal(signal.SIGTERM)
        time.sleep(60)

    began = time.monotonic()
    with pytest.raises(SystemExit) as caught:
        job_of(run, on_stop=patient, stop_grace=0.1).start()
    assert caught.value.code == 143
    assert time.monotonic() - began < 30
    assert state() == "stopped"


def test_a_first_signal_does_not_disturb_the_completion(monkeypatch: pytest.MonkeyPatch) -> None:
    def run(self: Job) -> None:
        write = self.io.write_file

        def write_file(path: Any, content: Any) -> None:
            monkeypatch.setattr(self.io, "write_file", write)
            signal.raise_signal(signal.SIGTERM)
            write(path, content)

        monkeypatch.setattr(self.io, "write_file", write_file)

    job = job_of(run)
    job.start()
    assert job.stopping
    assert state() == "completed"


def test_a_first_signal_does_not_disturb_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    def run(self: Job) -> None:
        write = self.io.write_file

        def write_file(path: Any, content: Any) -> None:
            signal.raise_signal(signal.SIGTERM)
            write(path, content)

        monkeypatch.setattr(self.io, "write_file", write_file)
        raise ValueError("no such class")

    with pytest.raises(ValueError, match="no such class"):
        job_of(run).start()
    assert state() == "failed"


def test_other_signals_may_ask_too() -> None:
    def run(self: Job) -> None:
        signal.raise_signal(signal.SIGUSR1)

    names = (*Job.stop_signals, "SIGUSR1", "SIGNOWHERE")
    with pytest.raises(SystemExit) as caught:
        job_of(run, stop_signals=names).start()
    assert caught.value.code == 128 + signal.SIGUSR1


def test_handlers_of_others_are_left_alone() -> None:
    seen: list[int] = []

    def theirs(number: int, frame: Any) -> None:
        seen.append(number)

    def run(self: Job) -> None:
        signal.raise_signal(signal.SIGTERM)
        assert not self.stopping
        signal.signal(signal.SIGINT, theirs)  # Set later, over that of the job.
        signal.raise_signal(signal.SIGINT)

    before = signal.signal(signal.SIGTERM, theirs)
    try:
        job_of(run).start()
        assert signal.getsignal(signal.SIGTERM) is theirs
        assert signal.getsignal(signal.SIGINT) is theirs
    finally:
        signal.signal(signal.SIGTERM, before)
        signal.signal(signal.SIGINT, signal.default_int_handler)
    assert seen == [signal.SIGTERM, signal.SIGINT]
    assert state() == "completed"


def test_in_another_thread_there_is_the_flag_alone() -> None:
    begun, asked = threading.Event(), threading.Event()
    ended: list[BaseException] = []

    def run(self: Job) -> None:
        assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
        begun.set()
        assert asked.wait(30)
        assert self.stopping
        self.check_stopping()

    def work() -> None:
        try:
            job.start()
        except SystemExit as error:
            ended.append(error)

    job = job_of(run)
    thread = threading.Thread(target=work)
    thread.start()
    assert begun.wait(30)
    job.request_stop()
    asked.set()
    thread.join()
    assert [getattr(error, "code", None) for error in ended] == [143]
    assert state() == "stopped"


def test_a_with_block_is_stopped_too() -> None:
    job = job_of(lambda self: None, on_stop=patient)
    with pytest.raises(SystemExit) as caught, job:
        signal.raise_signal(signal.SIGTERM)
    assert job.stopping
    assert caught.value.code == 143
    assert state() == "stopped"


FORKING = """
import os, signal, sys
signal.signal(signal.SIGTERM, signal.SIG_DFL)
from brevettiai.platform import Job

class Training(Job):
    def on_stop(self):
        pass

    def run(self):
        process = os.fork()
        if not process:
            signal.pause()
        os.kill(process, signal.SIGTERM)
        _, status = os.waitpid(process, 0)
        print(os.WIFSIGNALED(status), self.stopping)

Training.init(job_dir="here", args=[]).start()
"""


def test_forked_workers_end_by_a_signal_as_others_do(workplace: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", FORKING],
        env={**os.environ, "PYTHONPATH": str(RUNTIME)},
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    )
    assert done.stdout == "True False\n"
    assert state() == "completed"
