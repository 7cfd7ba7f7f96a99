"""What storage takes of memory and disk: where files wait, and what a full disk says."""

from __future__ import annotations

import errno
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from brevettiai.io import Storage, StorageSettings
from brevettiai.platform import Job
from moto.core import DEFAULT_ACCOUNT_ID
from moto.s3.models import s3_backends
from standins.s3_server import S3Server

ROOT = Path(__file__).resolve().parents[2]
ELSEWHERE = {
    "access_key": "a",
    "secret_key": "x",
    "token": "x",
    "expiry_time": "2999-01-01T00:00:00+00:00",
}


@pytest.fixture
def full_disk() -> Iterator[int]:
    """Files cannot be larger than so many bytes, which the system says as that a disk is full."""
    resource = pytest.importorskip("resource", reason="needs a system with limits of resources")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (3 << 20, before[1]))
    yield 3 << 20
    resource.setrlimit(resource.RLIMIT_FSIZE, before)
    signal.signal(signal.SIGXFSZ, handler)


@pytest.fixture
def no_tmpdir(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A TMPDIR in which nothing can be written."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "no-such-folder"))


def test_files_on_their_way_to_s3_wait_in_the_folder_of_the_job(
    bucket: str, tmp_path: Path, no_tmpdir: None
) -> None:
    job = Job.init(job_dir=tmp_path / "job", cache_path=tmp_path / "cache", settings={}, args=[])
    top, io = f"s3://{bucket}", job.io
    with io.open(f"{top}/file", "wb") as file:
        file.write(b"x" * (2 << 20))
        waiting = [path for path in (tmp_path / "cache").rglob("*.part") if path.is_file()]
        assert len(waiting) == 1
        assert waiting[0].stat().st_mode & 0o077 == 0
    io.s3.add_route(f"{top}/else", lambda: ELSEWHERE)
    io.copy(f"{top}/file", f"{top}/else/file")
    assert io.read_file(f"{top}/else/file") == b"x" * (2 << 20)
    assert not list((tmp_path / "cache").rglob("*.part*"))


def test_the_settings_say_where_files_wait(bucket: str, tmp_path: Path, no_tmpdir: None) -> None:
    spool = tmp_path / "new" / "spool"
    io = Storage(settings=StorageSettings(spool_folder=str(spool)))
    with io.open(f"s3://{bucket}/file", "w") as file:
        file.write("x")
        assert len(list(spool.iterdir())) == 1
    assert list(spool.iterdir()) == []
    assert spool.stat().st_mode & 0o077 == 0


def test_a_full_disk_names_the_file(bucket: str, tmp_path: Path, full_disk: int) -> None:
    io = Storage(settings=StorageSettings(spool_folder=str(tmp_path)))
    top, content = f"s3://{bucket}", bytes(full_disk + 1)
    for path, said in (
        (tmp_path / "file", f"'{tmp_path}/file'"),
        (f"{top}/file", f"'{tmp_path}' -> '{top}/file'"),
    ):
        with pytest.raises(OSError, match=re.escape(said)) as caught, io.open(path, "wb") as file:
            file.write(content)
        assert caught.value.errno == errno.EFBIG
    io.write_file(f"{top}/file", content)
    io.s3.add_route(f"{top}/else", lambda: ELSEWHERE)
    for target, said in (
        (tmp_path / "copy", f"'{tmp_path}/copy'"),
        (f"{top}/else/file", f"'{tmp_path}' -> '{top}/else/file'"),
    ):
        with pytest.raises(OSError, match=re.escape(said) + "$"):
            io.copy(f"{top}/file", target)
    assert os.listdir(tmp_path) == []


MEASURED = """
import json, os, resource, sys, threading, time
from brevettiai.io import Storage

top, folder, kind = sys.argv[1:]
io = Storage()
io.write_file(f"{top}/small", b"x")
io.read_file(f"{top}/small")
size = 300 << 20
path = os.path.join(folder, "large")
content = os.urandom(1 << 20) * 300 if kind == "write" else None

def now():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * resource.getpagesize()

base, most, ends = now(), 0, threading.Event()

def look():
    global most
    while not ends.wait(0.002):
        most = max(most, now())

looking = threading.Thread(target=look)
looking.start()
if kind == "write":
    io.write_file(f"{top}/written", content)
elif kind == "upload":
    io.copy(path, f"{top}/large")
else:
    io.copy(f"{top}/large", path)
ends.set()
looking.join()
print(json.dumps((max(most, now()) - base) / (1 << 20)))
"""


@pytest.mark.slow
@pytest.mark.skipif(not os.path.exists("/proc/self/statm"), reason="needs /proc")
@pytest.mark.parametrize(("kind", "most"), [("write", 20), ("upload", 40), ("download", 40)])
def test_a_large_file_does_not_go_through_memory(
    bucket: str, s3_server: S3Server, tmp_path: Path, kind: str, most: int
) -> None:
    if kind == "upload":
        with open(tmp_path / "large", "wb") as file:
            file.truncate(300 << 20)
    if kind == "download":
        content = bytes(300 << 20)
        s3_backends[DEFAULT_ACCOUNT_ID]["aws"].put_object(bucket, "large", content)
    command = [sys.executable, "-c", MEASURED, f"s3://{bucket}", str(tmp_path), kind]
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT / "runtime"),
        "AWS_ENDPOINT_URL_S3": s3_server.direct_url,
    }
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) < most
