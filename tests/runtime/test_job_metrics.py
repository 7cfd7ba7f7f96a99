"""Metrics of a job: the journal on disk, and their way to the platform."""

from __future__ import annotations

import inspect
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from brevettiai.io import Storage
from brevettiai.platform import Job
from brevettiai.platform.journal import JOURNAL, SENT, Journal
from standins.platform_server import JOB_ID, KEY, PlatformServer

RUNTIME = Path(__file__).parents[2] / "runtime"


def lines_of(text: bytes | str) -> list[dict[str, Any]]:
    """The lines of a journal, without the time."""
    lines = [json.loads(line) for line in text.splitlines()]
    for line in lines:
        assert isinstance(line.pop("_time"), float)
    return lines


def local_job(folder: Path) -> Job:
    return Job.init(job_dir=folder, args=[])


def run_script(script: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", script],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(RUNTIME), "TMPDIR": str(folder)},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def journal_in(folder: Path) -> list[dict[str, Any]]:
    return lines_of((folder / "artifacts" / JOURNAL).read_text())


def output_in(folder: Path) -> dict[str, Any]:
    return json.loads((folder / "artifacts" / "output.json").read_text())["output"]


# The journal


def test_metrics_are_lines_of_the_journal_and_the_latest_are_output(tmp_path: Path) -> None:
    numpy = pytest.importorskip("numpy", reason="needs numpy")
    job = local_job(tmp_path)
    job.log(step=1, epoch=0, loss=0.5, **{"val/loss": numpy.float32(0.25)})
    job.log(loss=float("nan"), sizes=numpy.arange(2))
    job.log(step=2, self=3)
    with pytest.raises(ValueError, match="'_line' is no name for a metric: the journal tells by"):
        job.log(step=3, _line=7)
    job.complete()
    assert journal_in(tmp_path) == [
        {"_attempt": 1, "_line": 0, "step": 1, "epoch": 0, "loss": 0.5, "val/loss": 0.25},
        {"_attempt": 1, "_line": 1, "loss": None, "sizes": [0, 1]},
        {"_attempt": 1, "_line": 2, "step": 2, "self": 3},
    ]
    output = output_in(tmp_path)
    assert output == {"loss": None, "val/loss": 0.25, "sizes": [0, 1], "self": 3}


def test_threads_that_log_first_at_once_write_one_journal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads = 4
    together = threading.Barrier(threads)
    begin = Journal.__init__

    def begin_slowly(self: Journal, folder: str) -> None:
        begin(self, folder)
        with suppress(threading.BrokenBarrierError):
            together.wait(0.2)  # Would any other thread open it too, it would do so now.

    monkeypatch.setattr(Journal, "__init__", begin_slowly)
    job = local_job(tmp_path)
    with ThreadPoolExecutor(threads) as pool:
        each = [pool.submit(job.log, step=step) for step in range(threads)]
    assert [future.exception() for future in each] == [None] * threads
    job.complete()
    assert sorted(line["_line"] for line in journal_in(tmp_path)) == list(range(threads))


@pytest.mark.skipif(not os.path.isdir("/proc/self/fd"), reason="needs /proc")
def test_a_job_that_ended_holds_no_file_open(tmp_path: Path) -> None:
    job = local_job(tmp_path)
    job.log(step=1)
    opened = {os.path.realpath(f"/proc/self/fd/{each}") for each in os.listdir("/proc/self/fd")}
    assert str(tmp_path / "artifacts" / JOURNAL) in opened
    job.complete()
    opened = {os.path.realpath(f"/proc/self/fd/{each}") for each in os.listdir("/proc/self/fd")}
    assert not [each for each in opened if each.startswith(str(tmp_path))]


@pytest.mark.skipif(os.name == "nt", reason="permissions of POSIX")
def test_who_may_read_the_output_may_read_the_metrics(tmp_path: Path) -> None:
    job = local_job(tmp_path)
    job.log(step=1)
    job.complete()
    modes = {each.stat().st_mode for each in (tmp_path / "artifacts").iterdir()}
    assert len(modes) == 1


def test_a_kill_leaves_whole_lines_and_the_next_attempt_goes_on(tmp_path: Path) -> None:
    script = """
import os, signal
from brevettiai.platform import Job
job = Job.init(job_dir="here", args=[])
for step in range(1000):
    job.log(step=step, loss=1 / (1 + step))
os.kill(os.getpid(), signal.SIGKILL)
"""
    run_script(script, tmp_path)
    journal = tmp_path / "here" / "artifacts" / JOURNAL
    assert [line["step"] for line in lines_of(journal.read_text())] == list(range(1000))
    with journal.open("a") as file:
        file.write('{"_attempt": 1, "_line": 1000, "st')
    job = local_job(tmp_path / "here")
    assert job.attempt == 2
    job.log(step=1000, loss=0)
    lines = journal_in(tmp_path / "here")
    assert len(lines) == 1001
    assert lines[-1] == {"_attempt": 2, "_line": 0, "step": 1000, "loss": 0}


@pytest.mark.skipif(os.name == "nt", reason="Windows limits no files")
def test_a_full_disk_is_told_once_and_the_work_goes_on(tmp_path: Path) -> None:
    script = """
import resource
from brevettiai.platform import Job
job = Job.init(job_dir="here", args=[])
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
for step in range(200):
    job.log(step=step, loss=step, text="x" * 1000)
job.complete()
"""
    result = run_script(script, tmp_path)
    assert result.stderr.count("metrics.jsonl cannot be written") == 1, result.stderr
    assert result.returncode == 0
    steps = [line["step"] for line in journal_in(tmp_path / "here")]
    assert steps == list(range(len(steps)))
    assert 80 < len(steps) < 100
    assert output_in(tmp_path / "here")["loss"] == 199


def test_a_write_that_fails_halfway_leaves_no_half_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = Journal(str(tmp_path))
    journal.append(1, {"step": 0})
    write, calls = os.write, iter([True, False])

    def full(descriptor: int, raw: bytes) -> int:
        if next(calls):
            return write(descriptor, raw[:9])
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("os.write", full)
        with pytest.raises(OSError, match="No space"):
            journal.append(1, {"step": 1})
    journal.append(1, {"step": 2})
    assert [line["step"] for line in lines_of(Path(journal.path).read_bytes())] == [0, 2]


def test_a_journal_that_is_gone_is_told(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    journal = Journal(str(tmp_path))
    journal.append(1, {"loss": 0.5})
    (tmp_path / JOURNAL).unlink()
    assert list(journal.read(0)) == []
    assert "metrics.jsonl is gone, and the metrics in it are not sent" in caplog.text


def test_damaged_lines_are_left_out(tmp_path: Path) -> None:
    lines = [b'{"_attempt": 1, "_line": 0, "a": 1}\n', b"\0\0\0\n", b"[]\n", b'{"_line": 3}\n']
    lines += [b'{"_attempt": 1, "_line": 4, "a": 5}\n', b'{"_attempt": 1, "_line": 5']
    (tmp_path / JOURNAL).write_bytes(b"".join(lines))
    journal = Journal(str(tmp_path))
    assert [line.values for line in journal.read(0)] == [{"a": 1}, {"a": 5}]
    journal.append(1, {"a": 6})
    assert [line.number for line in journal.read(0)] == [0, 4, 5]


def test_other_processes_of_a_job_write_no_journal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RANK", "1")
    job = local_job(tmp_path)
    job.log(epoch=0, loss=1)
    job.get_remote_monitor().on_epoch_end(1, {"loss": 2})
    assert job.metrics == {"loss": 1}
    assert not (tmp_path / "artifacts" / JOURNAL).exists()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_forked_worker_writes_no_journal(tmp_path: Path) -> None:
    job = local_job(tmp_path)
    job.log(step=0)
    child = os.fork()
    if not child:
        job.log(step=1)
        os._exit(0)
    os.waitpid(child, 0)
    job.log(step=2)
    assert [line["step"] for line in journal_in(tmp_path)] == [0, 2]


# The way to the platform


@pytest.fixture
def gate(platform: PlatformServer) -> Iterator[threading.Event]:
    """Metrics and completions are answered when it is set."""
    event = threading.Event()

    def wait(method: str, path: str) -> bool:
        if method == "POST":
            event.wait(30)
        return True

    platform.gate = wait
    yield event
    event.set()


def sent_to(platform: PlatformServer) -> list[dict[str, Any]]:
    """The metrics that the platform has."""
    return [json.loads(form["data"][0]) for path, form in platform.posts if "data" in form]


def sending(job: Job) -> threading.Thread:
    """The thread that sends the metrics of a job."""
    record = job._life.metrics
    assert record is not None
    assert record._sender is not None
    thread = record._sender._thread
    assert thread is not None
    return thread


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tries follow each other soon."""
    monkeypatch.setattr("brevettiai.platform.client._FIRST_PAUSE", 0.01)
    monkeypatch.setattr("brevettiai.platform.sending._BETWEEN", 0.0)


def test_epochs_arrive_in_order_and_before_the_completion(
    job: Job, platform: PlatformServer
) -> None:
    monitor = job.get_remote_monitor()
    for epoch in range(5):
        monitor.on_epoch_end(epoch, {"loss": epoch / 2})
    thread = sending(job)
    job.complete()
    assert sent_to(platform) == [{"epoch": epoch, "loss": epoch / 2} for epoch in range(5)]
    assert platform.posts[-1][0].startswith(f"/api/models/{JOB_ID}/complete")
    assert len(set(platform.marks)) == len(platform.posts) == 6
    thread.join(20)
    assert not thread.is_alive()


def test_a_hanging_platform_makes_nobody_wait(
    job: Job,
    platform: PlatformServer,
    gate: threading.Event,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monitor = job.get_remote_monitor()
    monitor.on_epoch_end(0, {"loss": 0.5})
    took: list[float] = []
    for epoch in range(1, 50):
        begun = time.perf_counter()
        monitor.on_epoch_end(epoch, {"loss": 0.5})
        took.append(time.perf_counter() - begun)
    assert sorted(took)[25] < 0.005
    assert not platform.posts
    assert job._life.metrics is not None
    job._life.metrics.flush(0.05)
    assert "from epoch 0 on did not reach the platform within 0.05 s" in caplog.text
    gate.set()
    monitor.on_epoch_end(50)
    job._flush_metrics()
    assert [each["epoch"] for each in sent_to(platform)] == list(range(51))


def test_what_waits_of_one_epoch_is_sent_together(
    job: Job, platform: PlatformServer, gate: threading.Event
) -> None:
    job.log(epoch=0, loss=9)
    job.log(step=0, other=1)
    for step in range(100):
        job.log(step=step, epoch=1, loss=step, **({"once": 1} if step == 5 else {}))
    job.log(epoch=2, loss=0)
    gate.set()
    job._flush_metrics()
    sent = sent_to(platform)
    assert sent[0] == {"epoch": 0, "loss": 9}
    assert sent[-2]["loss"] == 99
    assert sent[-1] == {"epoch": 2, "loss": 0}
    assert len(sent) <= 4
    merged = {name: value for each in sent[1:-1] for name, value in each.items()}
    assert merged == {"epoch": 1, "step": 99, "loss": 99, "once": 1}


def test_an_outage_loses_nothing_and_a_lost_reply_is_marked(
    job: Job, platform: PlatformServer
) -> None:
    platform.failures = [503, 500, 429, 502]
    platform.headers = {"Retry-After": "0"}
    platform.lost = 1
    for epoch in range(3):
        job.log(epoch=epoch, loss=epoch)
    job._flush_metrics()
    # It came twice, with one mark: the platform can tell.
    assert [each["epoch"] for each in sent_to(platform)] == [0, 0, 1, 2]
    assert platform.marks[0] == platform.marks[1]
    assert len(set(platform.marks)) == 3


def test_what_the_platform_refuses_is_told_once_and_blocks_nothing(
    job: Job, platform: PlatformServer, caplog: pytest.LogCaptureFixture
) -> None:
    platform.failures = [400, 302]
    for epoch in range(3):
        job.log(epoch=epoch)
    job._flush_metrics()
    assert [each["epoch"] for each in sent_to(platform)] == [2]
    told = [each for each in caplog.records if "were not sent" in each.getMessage()]
    assert [each.levelname for each in told if each.levelno >= 30] == ["WARNING"]
    assert "The metrics of epoch 0 were not sent" in told[0].getMessage()


def test_the_next_attempt_sends_what_was_not(
    job: Job, store: Storage, bucket: str, platform: PlatformServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a new machine: all that it has is in the bucket."""
    job.log(epoch=0, loss=3)
    job._flush_metrics()
    monkeypatch.setenv("BREVETTIAI_METRICS_PATIENCE", "0.05")
    stopped = Job.init(JOB_ID, KEY)
    platform.gate = lambda method, path: method != "POST"
    stopped.log(epoch=1, loss=2)
    thread = sending(stopped)
    stopped._end("stopped")
    thread.join(20)  # What is under way is not known to others.
    place = f"s3://{bucket}/{JOB_ID}/artifacts/"
    assert json.loads(store.read_file(place + SENT)) == {"1": 0}

    platform.gate = lambda method, path: True
    last = Job.init(JOB_ID, KEY)
    last.log(epoch=2, loss=1)
    monkeypatch.setattr(last._life.metrics, "_patience", 20.0)
    last.complete()
    assert [each["epoch"] for each in sent_to(platform)] == [0, 1, 2]
    lines = lines_of(store.read_file(place + JOURNAL))
    assert [(line["_attempt"], line["epoch"]) for line in lines] == [(1, 0), (2, 1), (3, 2)]
    assert json.loads(store.read_file(place + SENT)) == {"1": 0, "2": 0, "3": 0}


def test_what_a_killed_attempt_left_on_this_machine_is_sent(
    store: Storage, bucket: str, info: dict[str, Any], platform: PlatformServer, tmp_path: Path,
    platform_environment: None,
) -> None:  # fmt: skip
    store.write_file(f"s3://{bucket}/{JOB_ID}/info.json", json.dumps(info))
    script = f"""
import os, signal
from brevettiai.platform import Job
job = Job.init({JOB_ID!r}, {KEY!r}, args=[])
job.log(epoch=0)
job._flush_metrics()
job.upload_job_output()
job._life.metrics._sender.notify = lambda: None
job.log(epoch=1)
os.kill(os.getpid(), signal.SIGKILL)
"""
    run_script(script, tmp_path / "tmp")
    assert [each["epoch"] for each in sent_to(platform)] == [0]
    job = Job.init(JOB_ID, KEY)
    job.complete()
    assert [each["epoch"] for each in sent_to(platform)] == [0, 1]
    lines = lines_of(store.read_file(job.artifact_path(JOURNAL)))
    assert [(line["_attempt"], line["epoch"]) for line in lines] == [(1, 0), (1, 1)]
    assert not [path for path in (tmp_path / "tmp").rglob("*") if path.name in (JOURNAL, SENT)]


def test_a_journal_that_grows_is_stored_with_the_output(
    job: Job, store: Storage, bucket: str
) -> None:
    place = f"s3://{bucket}/{JOB_ID}/artifacts/{JOURNAL}"
    job.log(step=0)
    job.upload_job_output()
    assert len(lines_of(store.read_file(place))) == 1
    store.remove(place)
    job.upload_job_output()
    assert not store.isfile(place)
    job.log(step=1)
    job.upload_job_output()
    assert len(lines_of(store.read_file(place))) == 2


# Callbacks


def test_the_monitor_has_all_that_keras_calls(tmp_path: Path) -> None:
    job = local_job(tmp_path)
    monitor = job.get_remote_monitor()
    monitor.set_params({"epochs": 2})
    monitor.set_model(object())
    for phase in ("train", "test", "predict"):
        assert not getattr(monitor, f"_implements_{phase}_batch_hooks")()
    monitor.on_train_begin(None)
    for epoch in range(2):
        monitor.on_epoch_begin(epoch, None)
        for batch in range(3):
            for kind in ("", "train_", "test_", "predict_"):
                getattr(monitor, f"on_{kind}batch_begin")(batch, logs={})
                getattr(monitor, f"on_{kind}batch_end")(batch, logs={"loss": 1.0})
        monitor.on_epoch_end(epoch, {"loss": 0.5, "val_loss": 0.7})
    for hook in ("train_end", "test_begin", "test_end", "predict_begin", "predict_end"):
        getattr(monitor, f"on_{hook}")(None)
    assert [line["epoch"] for line in journal_in(tmp_path)] == [0, 1]
    assert job.metrics == {}
    assert not hasattr(monitor, "epochs")


def test_the_monitor_has_all_that_lightning_calls(tmp_path: Path) -> None:
    monitor = local_job(tmp_path).get_remote_monitor()
    trainer = SimpleNamespace(
        is_global_zero=True, current_epoch=4, global_step=40, callback_metrics={"loss": 0.5}
    )
    module = object()
    monitor.setup(trainer, module, stage="fit")
    for hook in ("fit_start", "sanity_check_end", "train_start", "validation_epoch_end"):
        getattr(monitor, f"on_{hook}")(trainer, module)
    monitor.on_train_batch_end(trainer, module, {"loss": 1}, [1, 2], 0)
    monitor.on_train_epoch_end(trainer, module)
    monitor.on_save_checkpoint(trainer, module, {})
    monitor.on_exception(trainer, module, RuntimeError())
    monitor.load_state_dict(monitor.state_dict())
    monitor.teardown(trainer, module, stage="fit")
    trainer.is_global_zero = False
    monitor.on_train_epoch_end(trainer, module)
    assert isinstance(monitor.state_key, str)
    assert inspect.ismethod(monitor.state_dict)
    assert journal_in(tmp_path) == [
        {"_attempt": 1, "_line": 0, "loss": 0.5, "step": 40, "epoch": 4}
    ]
