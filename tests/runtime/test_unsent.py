"""What could not be uploaded stays on this machine, is named, and can be sent later."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from brevettiai.io import Storage
from brevettiai.platform import Job, PlatformError
from brevettiai.platform.__main__ import main
from brevettiai.platform.unsent import UnsentError
from standins.platform_server import JOB_ID, KEY, PlatformServer
from standins.s3_server import S3Server

RUNTIME = Path(__file__).parents[2] / "runtime"


@pytest.fixture
def store(bucket: str) -> Storage:
    """A storage that opens the whole bucket, with the environment's credentials."""
    return Storage()


@pytest.fixture(autouse=True)
def temp(
    platform: PlatformServer,
    s3_server: S3Server,
    store: Storage,
    bucket: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Path:
    """A job on the platform, and the parent of its temporary folder."""
    info: dict[str, Any] = {
        "id": JOB_ID,
        "host_name": platform.url,
        "complete_url": f"/api/models/{JOB_ID}/complete?key={KEY}&path=",
        "remote_url": f"/api/models/{JOB_ID}/epoch",
        "api_key": KEY,
    }
    store.write_file(f"s3://{bucket}/{JOB_ID}/info.json", json.dumps(info))
    temp = tmp_path / "temp"
    temp.mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["job.py"])
    monkeypatch.setattr("tempfile.tempdir", str(temp))
    monkeypatch.setenv("TMPDIR", str(temp))
    monkeypatch.setenv("BREVETTIAI_HOST_NAME", platform.url)
    monkeypatch.setenv("BREVETTIAI_DATA_BUCKET", f"s3://{bucket}")
    monkeypatch.setenv("BREVETTIAI_S3_PATIENCE", "0.2")
    monkeypatch.setenv("BREVETTIAI_PLATFORM_PATIENCE", "0.2")
    for name in ("job_id", "api_key", "BREVETTI_AI_CACHE", "RANK", "LOCAL_RANK"):
        monkeypatch.delenv(name, raising=False)
    return temp


PROGRAM = """
import sys
from brevettiai.platform import Job

class Training(Job):
    def run(self):
        path = self.temp_path("model.tar.gz")
        self.io.write_file(path, b"weights" * 300_000)
        print("trained", flush=True)
        sys.stdin.readline()
        return path

Training.init().start()
"""


def run_job(s3_server: S3Server, gate: Any) -> subprocess.CompletedProcess[str]:
    """A job on the platform, whose S3 has a gate since it was trained."""
    environment = {**os.environ, "PYTHONPATH": str(RUNTIME), "job_id": JOB_ID, "api_key": KEY}
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    assert process.stdout.readline() == "trained\n"
    s3_server.gate = gate
    _, said = process.communicate("\n", timeout=100)
    return subprocess.CompletedProcess([], process.returncode, "", said)


def test_a_model_that_s3_did_not_take_stays_and_is_sent_by_the_command_it_names(
    platform: PlatformServer,
    s3_server: S3Server,
    store: Storage,
    bucket: str,
    temp: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    done = run_job(s3_server, lambda *_: "SlowDown")
    assert done.returncode == 1
    (folder,) = temp.iterdir()
    last = done.stderr.strip().splitlines()[-1]
    assert "During handling of" not in done.stderr
    assert f"That stays in {folder}; `python -m brevettiai.platform send {folder}` sends" in last
    kept = [path for path in folder.rglob("*") if path.is_file()]
    names = {path.relative_to(folder).parts[-1] for path in kept}
    assert names == {".lock", "job.json", "model.tar.gz", "output.json", "completion.json"}
    for path in kept:
        assert KEY.encode() not in path.read_bytes()
        assert b"k3y" not in path.read_bytes()
    assert platform.posts == []

    words = ["send", str(folder)]
    monkeypatch.setenv("api_key", KEY)
    assert main(words) == 1  # S3 is away still.
    assert "not sent" in capsys.readouterr().err
    s3_server.open_gate()
    assert main(words) == 0
    said = capsys.readouterr().out.splitlines()
    artifacts = f"s3://{bucket}/{JOB_ID}/artifacts"
    assert said == [
        f"sent {artifacts}/model.tar.gz",
        f"sent {artifacts}/output.json",
        f"completed job {JOB_ID}",
    ]
    assert store.read_file(f"{artifacts}/model.tar.gz") == b"weights" * 300_000
    output = json.loads(store.read_file(f"{artifacts}/output.json"))
    assert (output["state"], output["error"]) == ("completed", None)
    ((address, _),) = platform.posts
    assert address.endswith("path=artifacts/model.tar.gz")
    assert list(temp.iterdir()) == []
    assert main(words) == 1
    assert "no folder of a job" in capsys.readouterr().err


def test_the_command_sends_metrics_too_before_the_job_is_complete(
    platform: PlatformServer,
    s3_server: S3Server,
    store: Storage,
    bucket: str,
    temp: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("BREVETTIAI_METRICS_PATIENCE", "0")
    job = Job.init(JOB_ID, KEY)
    folder = job.temp_path()
    s3_server.gate = lambda *_: "SlowDown"
    platform.gate = lambda *_: False
    job.log(epoch=0, loss=0.5)
    with pytest.raises(UnsentError):
        job.start()
    job._launch.temp_dir.remove()
    s3_server.open_gate()
    platform.gate = lambda *_: True
    platform.posts.clear()
    monkeypatch.delenv("BREVETTIAI_METRICS_PATIENCE")
    assert main(["send", folder, "--api_key", KEY]) == 0
    artifacts = f"s3://{bucket}/{JOB_ID}/artifacts"
    (line,) = store.read_file(f"{artifacts}/metrics.jsonl").splitlines()
    assert json.loads(line)["loss"] == 0.5
    assert json.loads(store.read_file(f"{artifacts}/metrics-sent.json")) == {"1": 0}
    (epoch, form), (complete, _) = platform.posts
    assert epoch.endswith("/epoch")
    assert json.loads(form["data"][0]) == {"epoch": 0, "loss": 0.5}
    assert "/complete" in complete
    assert list(temp.iterdir()) == []


def test_a_platform_that_is_away_at_the_end_can_be_told_later(
    platform: PlatformServer, temp: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    job = Job.init(JOB_ID, KEY)
    package = job.temp_path("model")
    job.io.write_file(package, "x")
    platform.failures = [503] * 100
    with pytest.raises(
        PlatformError, match=r"503.*That stays in .*; `python -m .* send "
    ) as caught:
        job.complete(package)
    assert "k3y" not in str(caught.value)
    folder = job._launch.temp_dir()
    assert main(["send", folder]) == 1
    assert "a process still works there" in capsys.readouterr().err
    job._launch.temp_dir.remove()
    assert main(["send", folder]) == 1
    assert "has a key: pass it as --api_key" in capsys.readouterr().err
    platform.failures = []
    assert main(["send", folder, "--api_key", KEY]) == 0
    ((address, _),) = platform.posts
    assert address.endswith("&path=artifacts/model")
    assert not os.path.exists(folder)
    job._launch.attempt.end("completed")


def test_an_artifact_is_kept_until_it_is_uploaded_after_all(
    s3_server: S3Server, store: Storage, bucket: str, tmp_path: Path
) -> None:
    job = Job.init(JOB_ID, KEY)
    s3_server.gate = lambda *_: "AccessDenied"
    (tmp_path / "file").write_text("first")
    with pytest.raises(UnsentError, match=r"S3 denies access.*That stays in") as caught:
        job.upload_artifact("a/b.txt", tmp_path / "file")
    assert caught.value.name == "artifacts/a/b.txt"
    with pytest.raises(UnsentError):
        job.upload_artifact("c.txt", "text")
    (tmp_path / "file").write_text("written over")
    kept = Path(job._launch.temp_dir.unsent(), "files", "artifacts")
    assert (kept / "a" / "b.txt").read_text() == "first"
    assert (kept / "c.txt").read_text() == "text"
    with pytest.raises(FileNotFoundError, match="absent"):
        job.upload_artifact("d", tmp_path / "absent")
    s3_server.open_gate()
    job.upload_artifact("a/b.txt", "second")
    assert [path.name for path in kept.rglob("*.txt")] == ["c.txt"]
    job._launch.attempt.end("completed")


def test_the_next_attempt_sends_what_the_one_before_could_not(
    s3_server: S3Server, store: Storage, bucket: str, temp: Path, platform: PlatformServer
) -> None:
    job = Job.init(JOB_ID, KEY)
    package = job.temp_path("model.tar.gz")
    job.io.write_file(package, "weights")
    s3_server.gate = lambda *_: "AccessDenied"
    with pytest.raises(UnsentError) as caught:
        job.complete(package)
    job._end("failed", caught.value)
    job._launch.temp_dir.remove()  # As at the end of its process.
    begun = threading.Event()
    # What the earlier attempt left is sent when this one has stored its first output.
    s3_server.gate = lambda key, method, path: (
        begun.wait(30) and None if method == "GET" and "uploads" in path else None
    )
    job = Job.init(JOB_ID, KEY)
    begun.set()
    assert job._launch.temp_dir.clearing
    job._launch.temp_dir.clearing.join()
    artifacts = f"s3://{bucket}/{JOB_ID}/artifacts"
    assert store.read_file(f"{artifacts}/model.tar.gz") == b"weights"
    ((_, _, names),) = store.walk(artifacts)
    (aside,) = set(names) - {"model.tar.gz", "output.json"}
    assert json.loads(store.read_file(f"{artifacts}/{aside}"))["state"] == "failed"
    assert json.loads(store.read_file(f"{artifacts}/output.json"))["state"] == "running"
    job.complete()
    assert len(platform.posts) == 1


def test_what_cannot_be_kept_either_is_told_as_what_it_was(
    s3_server: S3Server, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    job = Job.init(JOB_ID, KEY)
    s3_server.gate = lambda *_: "AccessDenied"
    Path(job._launch.temp_dir.unsent(), "files").write_text("in the way")
    with pytest.raises(PermissionError, match="S3 denies access") as caught:
        job.upload_artifact("c.txt", "text")
    assert "stays" not in str(caught.value)
    assert "artifacts/c.txt could not be kept on this machine either" in caplog.text
    job._launch.attempt.end("completed")


def test_where_there_is_no_room_for_a_copy_the_file_gets_another_name(
    s3_server: S3Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = Job.init(JOB_ID, KEY)
    s3_server.gate = lambda *_: "AccessDenied"
    path = Path(job.temp_path("model"))
    path.write_text("weights")

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as disk:
        disk.setattr("shutil.copyfileobj", full)
        with pytest.raises(UnsentError):
            job.upload_artifact("model", path)
    kept = Path(job._launch.temp_dir.unsent(), "files", "artifacts", "model")
    assert kept.samefile(path)
    job._launch.attempt.end("completed")
