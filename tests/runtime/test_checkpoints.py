"""Checkpoints: stored in the background, whole or not at all, and found again anywhere."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from brevettiai.io import Storage, StorageError
from brevettiai.platform import Job, checkpoint_sender
from standins.s3_server import S3Server

RUNTIME = Path(__file__).parents[2] / "runtime"

MakeJob = Callable[[], Job]


@pytest.fixture(autouse=True)
def workplace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "temp").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temp"))
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temp"))
    monkeypatch.setattr(sys, "argv", ["job.py"])
    monkeypatch.setattr(checkpoint_sender, "_PAUSES", (0.05, 0.2))
    for name in ("job_id", "api_key", "BREVETTI_AI_CACHE", "RANK", "LOCAL_RANK"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


both = pytest.mark.parametrize("job_dir", ["local", "s3"], indirect=True)


@pytest.fixture(params=["local", pytest.param("s3", marks=pytest.mark.slow)])
def job_dir(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "local":
        return str(tmp_path / "job")
    return f"s3://{request.getfixturevalue('bucket')}/job"


def attempt(job_dir: str) -> Job:
    """A new attempt at the job, as on another machine."""
    return Job.init(args=["--job_dir", job_dir, "--job_id", "the-job"])


def files_below(io: Storage, folder: str) -> set[str]:
    return {
        io.path.relpath(io.path.join(top, name), folder).replace(os.sep, "/")
        for top, _, names in io.walk(folder)
        for name in names
    }


@both
def test_a_new_attempt_finds_the_last_checkpoint(job_dir: str, tmp_path: Path) -> None:
    first = attempt(job_dir)
    assert first.latest_checkpoint() is None
    weights = tmp_path / "weights.pt"
    for step in (10, 20):
        weights.write_bytes(b"%d" % step)
        pending = first.checkpoint(weights, step=step, metrics={"loss": 1 / step})
        weights.write_bytes(b"written over")
        assert pending.wait(30)

    found = attempt(job_dir).latest_checkpoint()
    assert found is not None
    assert (found.step, found.metrics, found.number, found.is_file) == (20, {"loss": 0.05}, 2, True)
    with found.open() as file:
        assert file.read() == b"20"
    path = found.download(tmp_path / "down")
    assert path == str(tmp_path / "down" / "weights.pt")
    assert Path(path).read_bytes() == b"20"
    assert found.path.replace("\\", "/").endswith("/artifacts/checkpoints/20/data/weights.pt")
    assert [each.step for each in first.checkpoints()] == [10, 20]


def test_a_checkpoint_may_be_a_folder(job_dir: str, tmp_path: Path) -> None:
    (tmp_path / "state" / "optimizer").mkdir(parents=True)
    (tmp_path / "state" / "manifest.json").write_text("not ours")
    (tmp_path / "state" / "optimizer" / "rank 0").write_bytes(b"x" * 1000)
    job = attempt(job_dir)
    assert job.checkpoint(tmp_path / "state", step=0, move=True).wait(30)
    assert not (tmp_path / "state").exists()
    found = job.latest_checkpoint()
    assert found is not None
    assert set(found.files) == {"manifest.json", "optimizer/rank 0"}
    assert found.download(tmp_path / "down") == str(tmp_path / "down")
    assert (tmp_path / "down" / "optimizer" / "rank 0").read_bytes() == b"x" * 1000
    with found.open("manifest.json") as file:
        assert file.read() == b"not ours"
    with pytest.raises(FileNotFoundError, match="no file"):
        found.open("other")


def test_the_last_and_the_best_are_kept(job_dir: str, tmp_path: Path) -> None:
    job = attempt(job_dir)
    (tmp_path / "data.bin").write_text("x")
    for step, accuracy in enumerate([0.5, 0.9, 0.9, 0.7, float("nan"), 0.8]):
        (tmp_path / "data.bin").write_text(str(step))
        said = {"accuracy": accuracy, "loss": -accuracy}
        job.checkpoint(
            tmp_path / "data.bin", step=step, metrics=said, monitor="accuracy", mode="max", keep=2
        ).wait(30)
    job._finish_checkpoints(30)
    job = attempt(job_dir)
    best = job.best_checkpoint()
    assert best is not None
    assert best.step == 2
    worst = job.best_checkpoint("loss", "max")
    assert worst is not None
    assert worst.step == 5
    assert job.best_checkpoint("other") is None
    job.checkpoint(tmp_path / "data.bin", step=6, keep=1).wait(30)
    job._finish_checkpoints(30)
    assert [each.step for each in job.checkpoints()] == [2, 6]
    top = job.artifact_path("checkpoints")
    assert {name.partition("/")[0] for name in files_below(job.io, top)} == {"2", "6"}


def test_a_step_that_is_stored_again_leaves_the_one_before_whole(
    job_dir: str, tmp_path: Path
) -> None:
    job = attempt(job_dir)
    for content in ("a", "b", "b"):
        (tmp_path / "w").write_text(content)
        assert job.checkpoint(tmp_path / "w", step=7).wait(30)
    assert [each.number for each in job.checkpoints()] == [1, 2]
    found = job.latest_checkpoint()
    assert found is not None
    assert found.open().read() == b"b"


def test_a_torn_checkpoint_is_none_and_goes_with_the_next_start(
    job_dir: str, tmp_path: Path
) -> None:
    job = attempt(job_dir)
    (tmp_path / "w").write_text("x")
    assert job.checkpoint(tmp_path / "w", step=1).wait(30)
    top = job.artifact_path("checkpoints")
    job.io.write_file(job.io.path.join(top, "2", "data", "w"), "half")
    job.io.write_file(job.io.path.join(top, "3", "data", "w"), "of another file")
    job.io.write_file(job.io.path.join(top, "3", "manifest.json"), "{}")
    assert [each.step for each in job.checkpoints()] == [1]
    job = attempt(job_dir)
    assert job._launch.temp_dir.clearing
    job._launch.temp_dir.clearing.join()
    names = {name.partition("/")[0] for name in files_below(job.io, top)}
    assert names == {"1", "3"}


def test_a_damaged_checkpoint_is_told_and_one_that_lacks_files_is_left_out(
    job_dir: str, tmp_path: Path
) -> None:
    job = attempt(job_dir)
    for step in (1, 2):
        (tmp_path / "w").write_text(f"content {step}")
        assert job.checkpoint(tmp_path / "w", step=step).wait(30)
    found = job.latest_checkpoint()
    assert found is not None
    job.io.write_file(found.path, "CONTENT 2")
    for read in (found.open, lambda: found.download(tmp_path / "down")):
        with pytest.raises(StorageError, match=r"step 2 is damaged.*job\.checkpoints\(\)"):
            read()
    assert not (tmp_path / "down" / "w").exists()
    job.io.remove(found.path)
    earlier = job.latest_checkpoint()
    assert earlier is not None
    assert earlier.step == 1


@pytest.mark.parametrize(
    "wrong", [{"step": -1}, {"step": 1, "keep": 0}, {"step": 1, "mode": "best"}, {"step": 1.5}]
)
def test_wrong_arguments_are_told(tmp_path: Path, wrong: dict) -> None:
    with pytest.raises((ValueError, TypeError)):
        attempt(str(tmp_path / "job")).checkpoint(tmp_path, **wrong)


def test_what_is_not_there_leaves_nothing(tmp_path: Path) -> None:
    job = attempt(str(tmp_path / "job"))
    with pytest.raises(FileNotFoundError):
        job.checkpoint(tmp_path / "absent", step=1)
    (tmp_path / "empty").mkdir()
    with pytest.raises(FileNotFoundError, match="no files"):
        job.checkpoint(tmp_path / "empty", step=1)
    assert job.latest_checkpoint() is None
    assert not list((tmp_path / "job").rglob("*.part"))


def test_only_the_first_process_stores(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RANK", "1")
    job = attempt(str(tmp_path / "job"))
    assert job.checkpoint(tmp_path / "absent", step=1).wait(0) is False


def test_the_newest_wins_where_s3_is_slower(
    bucket: str, s3_server: S3Server, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    job = attempt(f"s3://{bucket}/job")
    begun, go_on = threading.Event(), threading.Event()

    def gate(key: str, method: str, path: str) -> None:
        if method == "PUT" and "/data/" in path:
            begun.set()
            go_on.wait(30)

    s3_server.gate = gate
    pending = []
    for step in range(6):
        (tmp_path / "w").write_text(str(step))
        pending.append(job.checkpoint(tmp_path / "w", step=step))
        assert begun.wait(30)
        spool = Path(job._launch.temp_dir.unsent(), "checkpoints")
        assert len(list(spool.iterdir())) <= 2
    go_on.set()
    assert [each.wait(30) for each in pending] == [True, *[False] * 4, True]
    assert [each.step for each in job.checkpoints()] == [0, 5]
    assert "checkpoints are made faster" in caplog.text


def test_what_fails_is_tried_again(
    bucket: str, s3_server: S3Server, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    job = attempt(f"s3://{bucket}/job")
    refused: list[str] = []

    def gate(key: str, method: str, path: str) -> str | None:
        # A request that is refused is made once more, with new credentials.
        if method == "PUT" and "manifest" in path and len(refused) < 4:
            refused.append(path)
            return "AccessDenied"
        return None

    s3_server.gate = gate
    (tmp_path / "w").write_text("x")
    assert job.checkpoint(tmp_path / "w", step=1).wait(30)
    assert "was not stored; that is tried again" in caplog.text
    assert [each.step for each in job.checkpoints()] == [1]
    assert files_below(job.io, job.artifact_path("checkpoints")) == {
        "1/data/w",
        "1/manifest.json",
    }


PROGRAM = """
import sys, time
from brevettiai.platform import Job

class Training(Job):
    def run(self):
        for step in (1, 2):
            open("w", "w").write(f"content {step}")
            self.checkpoint("w", step=step, move=True)
            WAIT
        print("ready", flush=True)
        time.sleep(60)

Training.init(args=["--job_dir", sys.argv[1], "--job_id", "the-job"]).start()
"""


def start(job_dir: str, wait: str = "pass") -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM.replace("WAIT", wait), job_dir],
        env={**os.environ, "PYTHONPATH": str(RUNTIME)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    assert process.stdout.readline() == "ready\n"
    return process


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signals")
def test_sigterm_lets_the_checkpoint_on_its_way_arrive(job_dir: str, s3_server: S3Server) -> None:
    asked = threading.Event()

    def gate(key: str, method: str, path: str) -> str | None:
        if "checkpoints" in path and method == "PUT" and not asked.wait(30):
            return "AccessDenied"
        return None

    s3_server.gate = gate
    process = start(job_dir)
    process.send_signal(signal.SIGTERM)
    asked.set()
    _, said = process.communicate(timeout=300)
    assert process.returncode == 143, said
    assert not os.listdir("temp")
    found = attempt(job_dir).latest_checkpoint()
    assert found is not None
    assert found.step == 2


def test_a_snapshot_that_was_not_stored_when_the_process_was_killed_is_taken_over(
    bucket: str, s3_server: S3Server, workplace: Path
) -> None:
    job_dir = f"s3://{bucket}/job"
    refuses = True

    def gate(key: str, method: str, path: str) -> str | None:
        return "AccessDenied" if refuses and method == "PUT" and "checkpoints" in path else None

    s3_server.gate = gate
    process = start(job_dir)
    process.kill()
    process.communicate()
    refuses = False
    found = attempt(job_dir).latest_checkpoint()
    assert found is not None
    assert found.step == 2
    assert found.open().read() == b"content 2"


def test_what_is_not_stored_at_the_end_stays_and_is_told(
    bucket: str, s3_server: S3Server, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    job = attempt(f"s3://{bucket}/job")
    s3_server.gate = lambda key, method, path: (
        "AccessDenied" if method == "PUT" and "checkpoints" in path else None
    )
    (tmp_path / "w").write_text("x")
    job.checkpoint(tmp_path / "w", step=3)
    with caplog.at_level(logging.ERROR):
        job._finish_checkpoints(0.2)
        job._finish_checkpoints(0.2)
    (said,) = [each.getMessage() for each in caplog.records if each.levelno == logging.ERROR]
    assert "The checkpoint of step 3 is not stored" in said
    assert f"send {job._launch.temp_dir()}" in said
    s3_server.open_gate()
