"""What killed processes leave: known for sure, taken over or cleared away by the next start."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from brevettiai.io import locks
from brevettiai.platform.leftovers import hold_abandoned
from brevettiai.platform.temporary import TempFolder

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
    folder.take_over()
    if folder._clearing:
        folder._clearing.join()
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
    for _ in range(3):
        holders.append(Holder(tmp_path, work=f"folder.take_over()\n{UNSENT}"))
        holders[-1].kill()
    found = cleared(TempFolder("job", str(tmp_path)))
    assert len(found.earlier) == 3
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
