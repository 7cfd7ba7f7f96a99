"""What killed processes leave: known for sure, taken over or cleared away by the next start."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
from brevettiai.io import Storage, StorageSettings, locks
from brevettiai.io.leftovers import remove_parts
from brevettiai.io.whole import Destination, WholeBinaryWriter, is_part, part_name
from brevettiai.platform import Job
from brevettiai.platform.leftovers import hold_abandoned
from brevettiai.platform.temporary import TempFolder
from standins.s3_server import S3Server

RUNTIME = Path(__file__).parents[2] / "runtime"


class Holder:
    """A process that holds a folder of temporary files, until it is killed."""

    def __init__(self, parent: Path, job_id: str = "job", work: str = "") -> None:
        code = (
            "import os, sys\n"
            "from brevettiai.platform.temporary import TempFolder\n"
            f"folder = TempFolder({job_id!r}, {str(parent)!r})\n"
            f"path = folder()\n{work}\n"
            "print(path, flush=True)\n"
            "sys.stdin.read()\n"
        )
        self._process = subprocess.Popen(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONPATH": str(RUNTIME)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout
        self.folder = Path(self._process.stdout.readline().strip())

    def kill(self) -> Path:
        self._process.kill()
        self._process.communicate()
        return self.folder


@pytest.fixture
def holders(tmp_path: Path) -> Iterator[list[Holder]]:
    started: list[Holder] = []
    yield started
    for holder in started:
        holder.kill()


UNSENT = "open(os.path.join(folder.unsent(), 'metrics.jsonl'), 'w').write('x')"


def cleared(folder: TempFolder) -> TempFolder:
    """After it took over, and cleared away."""
    folder.take_over(int)
    assert folder.clearing
    folder.clearing.join()
    return folder


def test_the_folder_of_a_killed_process_goes_with_the_next_start(
    tmp_path: Path, holders: list[Holder]
) -> None:
    work = "os.makedirs(path + '/a/b'); open(path + '/a/b/c', 'w').write('x')"
    holders += [Holder(tmp_path, work=work), Holder(tmp_path, "other"), Holder(tmp_path, work=work)]
    living = holders.pop().folder
    for holder in holders:
        holder.kill()
    cleared(TempFolder("job", str(tmp_path)))
    assert list(tmp_path.iterdir()) == [living]
    assert (living / "a" / "b" / "c").read_text() == "x"


def test_what_was_not_sent_is_taken_over_by_the_same_job_only(
    tmp_path: Path, holders: list[Holder], caplog: pytest.LogCaptureFixture
) -> None:
    holders += [Holder(tmp_path, work=UNSENT), Holder(tmp_path, "other", UNSENT)]
    own, other = [holder.kill() for holder in holders]
    with caplog.at_level(logging.WARNING):
        first = cleared(TempFolder("job", str(tmp_path)))
        cleared(TempFolder("job", str(tmp_path)))
    (bundle,) = first.earlier
    assert Path(bundle, "metrics.jsonl").read_text() == "x"
    assert bundle.startswith(first())
    assert not own.exists()
    assert other.exists()
    (said,) = [record.getMessage() for record in caplog.records]
    assert "job other did not send" in said
    assert f"send {other}" in said


def test_what_was_taken_over_twice_is_still_one_bundle_each(
    tmp_path: Path, holders: list[Holder]
) -> None:
    for _ in range(2):
        holders.append(Holder(tmp_path, work=f"folder.take_over(int)\n{UNSENT}"))
        holders[-1].kill()
    found = cleared(TempFolder("job", str(tmp_path)))
    assert len(found.earlier) == 2
    assert len(list(tmp_path.iterdir())) == 1


def test_a_process_that_ends_keeps_only_what_is_unsent(tmp_path: Path) -> None:
    code = (
        "import os\nfrom brevettiai.platform.temporary import TempFolder\n"
        f"folder = TempFolder('job', {str(tmp_path)!r})\nopen(folder() + '/file', 'w')\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(RUNTIME)}
    subprocess.run([sys.executable, "-c", code + "folder.unsent()"], check=True, env=environment)
    assert list(tmp_path.iterdir()) == []
    subprocess.run([sys.executable, "-c", code + UNSENT], check=True, env=environment)
    (folder,) = tmp_path.iterdir()
    assert sorted(path.name for path in folder.iterdir()) == [".lock", ".unsent"]
    found = cleared(TempFolder("job", str(tmp_path)))
    assert len(found.earlier) == 1


def test_only_rank_0_takes_over(
    tmp_path: Path, holders: list[Holder], monkeypatch: pytest.MonkeyPatch
) -> None:
    holders.append(Holder(tmp_path, work=UNSENT))
    dead = holders[0].kill()
    monkeypatch.setenv("RANK", "1")
    assert cleared(TempFolder("job", str(tmp_path))).earlier == []
    assert dead.exists()


def test_folders_of_other_machines_and_strangers_stay(
    tmp_path: Path, holders: list[Holder], monkeypatch: pytest.MonkeyPatch
) -> None:
    holders.append(Holder(tmp_path))
    elsewhere = holders[0].kill()
    (elsewhere / ".lock").write_text("00000000-11111111")
    stranger = tmp_path / "config-id-job-stranger"
    stranger.mkdir()
    (stranger / "file").write_text("x")
    (tmp_path / "config-id-job-empty").mkdir()
    cleared(TempFolder("job", str(tmp_path)))
    assert sorted(tmp_path.iterdir()) == sorted([elsewhere, stranger])


def test_a_machine_is_known_by_its_start_or_its_name() -> None:
    start, name = locks.machine().split("-")
    assert locks.on_this_machine(f"{start}-other")
    assert locks.on_this_machine(f"other-{name}")
    assert not locks.on_this_machine("other-other")
    assert not locks.on_this_machine("")


def test_where_there_are_no_locks_nothing_counts_as_abandoned(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_locks(descriptor: int, wait: bool) -> None:
        raise OSError("No locks available")

    monkeypatch.setattr(locks, "_lock", no_locks)
    folder = TempFolder("job", str(tmp_path))()
    assert hold_abandoned(folder) is None
    assert os.path.isdir(folder)


def test_a_lock_that_was_removed_before_it_was_held_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, calls = str(tmp_path / "lock"), []
    lock = locks._lock

    def removed_first(descriptor: int, wait: bool) -> None:
        calls.append(descriptor)
        if len(calls) == 1:
            os.remove(path)
        lock(descriptor, wait)

    monkeypatch.setattr(locks, "_lock", removed_first)
    descriptor = locks.open_locked(path, os.O_RDWR | os.O_EXCL)
    assert len(calls) == 2
    assert os.path.samestat(os.fstat(descriptor), os.stat(path))
    assert locks.lock_abandoned(path) is None
    os.close(descriptor)
    again = locks.lock_abandoned(path)
    assert again is not None
    os.close(again)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_worker_that_outlives_its_parent_keeps_the_folder(
    tmp_path: Path, holders: list[Holder]
) -> None:
    work = "child = os.fork()\nif child == 0:\n    sys.stdout.close(); os.close(1)\n"
    work += "    import signal; signal.pause()\nopen(path + '/child', 'w').write(str(child))"
    holders.append(Holder(tmp_path, work=work))
    folder = holders[0].folder
    child = int((folder / "child").read_text())
    try:
        holders[0].kill()
        assert hold_abandoned(str(folder)) is None
    finally:
        os.kill(child, signal.SIGKILL)


WRITERS = """
from brevettiai.io import Storage
from brevettiai.io.local import destination_of
file = Storage().open(path + '/whole', 'wb')
file.write(b'x' * 3_000_000)
outer = destination_of(path + '/by-path')
part = outer.__enter__()
open(part, 'w').close()
open(part + '.1a2b', 'w').close()
"""


def test_parts_of_killed_writers_go_and_those_of_living_ones_stay(
    tmp_path: Path, holders: list[Holder]
) -> None:
    holders.append(Holder(tmp_path, work=WRITERS))
    folder = holders[0].folder
    parts = [path for path in folder.iterdir() if ".part" in path.name]
    assert len(parts) == 4
    io = Storage()
    assert io.remove_leftovers(tmp_path) == 0
    holders[0].kill()
    assert io.remove_leftovers(tmp_path) == 4
    assert [path.name for path in folder.iterdir()] == [".lock"]


def test_parts_of_other_machines_stay(tmp_path: Path) -> None:
    for name in (".brevetti-00000000-11111111-abc.part", ".brevetti-abc.part"):
        (tmp_path / name).touch()
    assert Storage().remove_leftovers(tmp_path) == 0


def test_a_file_on_its_way_to_its_place_is_no_leftover(tmp_path: Path) -> None:
    removed: list[int] = []

    def put(written: str) -> None:
        removed.append(remove_parts(str(tmp_path)))
        os.replace(written, tmp_path / "file")

    for _ in range(2):
        with WholeBinaryWriter(Destination(str(tmp_path / part_name()), "file", put)) as file:
            file.write(b"x")
        with Destination(str(tmp_path / part_name()), "file", put) as part:
            Path(part).write_bytes(b"x")
    assert removed == [0] * 4
    assert os.listdir(tmp_path) == ["file"]


def test_unfinished_uploads_below_a_folder_are_aborted(bucket: str, s3_server: S3Server) -> None:
    client = boto3.client("s3", region_name="eu-west-1", endpoint_url=s3_server.direct_url)
    for key in ("job/a", "job/b/c", "job-2/a"):
        client.create_multipart_upload(Bucket=bucket, Key=key)
    io = Storage()
    years = 1000 * 365 * 86_400.0  # The server says that all uploads began in 2010.
    assert io.remove_leftovers(f"s3://{bucket}/job", years) == 0
    assert io.remove_leftovers(f"s3://{bucket}/job") == 2
    assert io.remove_leftovers(f"s3://{bucket}/job", 0) == 0
    (left,) = client.list_multipart_uploads(Bucket=bucket)["Uploads"]
    assert left["Key"] == "job-2/a"


def test_uploads_of_this_process_are_no_leftovers(bucket: str, s3_server: S3Server) -> None:
    io = Storage(settings=StorageSettings(patience=2))
    found: list[int] = []

    def gate(key: str, method: str, path: str) -> None:
        # The server says that the upload began in 2010.
        if method == "PUT" and "partNumber=1&" in f"{path}&" and not found:
            found.append(io.remove_leftovers(f"s3://{bucket}/job", 0))

    s3_server.gate = gate
    io.write_file(f"s3://{bucket}/job/large", bytes(20 << 20))
    assert found == [0]
    assert io.stat(f"s3://{bucket}/job/large").size == 20 << 20


def test_the_next_start_of_a_job_clears_its_folders(
    tmp_path: Path, holders: list[Holder], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temp"))
    for name in ("temp", "cache", "job"):
        (tmp_path / name).mkdir()
    work = "file = Storage().open({!r} + '/file', 'wb')"
    for place in ("temp", "cache/.spool", "cache/.read-cache/ab", "job/artifacts"):
        inside = f"from brevettiai.io import Storage\n{work.format(str(tmp_path / place))}"
        holders.append(Holder(tmp_path / "cache", work=inside))
        holders[-1].kill()
    assert sum(is_part(path.name) for path in tmp_path.rglob("*")) == 4
    words = ["--job_dir", str(tmp_path / "job"), "--cache_path", str(tmp_path / "cache")]
    job = Job.init(args=words)
    assert job._launch.temp_dir.clearing
    job._launch.temp_dir.clearing.join()
    assert not [path for path in tmp_path.rglob("*") if is_part(path.name)]
    assert sorted(os.listdir(tmp_path / "cache")) == [".read-cache", ".spool"]
