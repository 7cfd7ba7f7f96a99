"""S3 by obstore: what goes that way, and what boto3 does instead."""

from __future__ import annotations

import importlib
import logging
import os
import subprocess
import sys
from typing import Any

import pytest
from brevettiai.io import Storage, StorageSettings
from brevettiai.io.s3_client import Connection
from standins.forking import forks, in_children
from standins.s3_clients import use_client
from standins.s3_server import S3Server


@pytest.fixture
def top(bucket: str, monkeypatch: pytest.MonkeyPatch) -> str:
    use_client("obstore", monkeypatch)
    return f"s3://{bucket}"


def connection(io: Storage, top: str) -> Connection:
    return io.s3._route(top).connect()


def calls_of_boto3(io: Storage, top: str) -> list[str]:
    """The operations that boto3 does from now on."""
    calls: list[str] = []

    def note(model: Any, **_: Any) -> None:
        calls.append(model.name)

    connection(io, top).client.meta.events.register("before-call.s3", note)
    return calls


def test_whole_objects_go_by_obstore(io: Storage, top: str, tmp_path: Any) -> None:
    calls = calls_of_boto3(io, top)
    io.write_file(f"{top}/a", b"a" * 100_000)
    io.write_file(tmp_path / "up" / "b", b"b")
    io.upload_tree(tmp_path / "up", top)
    assert io.read_file(f"{top}/a") == b"a" * 100_000
    assert io.download_tree(top, tmp_path / "down") == 2
    assert calls == ["ListObjectsV2"]


@pytest.mark.parametrize("key", ["/a", "a//b", "a\x07b"])
def test_what_obstore_cannot_name_goes_by_boto3(
    io: Storage, top: str, bucket: str, s3_server: S3Server, key: str
) -> None:
    calls = calls_of_boto3(io, top)
    io.write_file(f"{top}/{key}", b"content")
    assert io.read_file(f"{top}/{key}") == b"content"
    assert calls == ["PutObject", "GetObject"]
    assert [*s3_server.objects(bucket)] == [key]


def test_obstore_has_a_rest_where_it_fails(
    io: Storage, top: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    fast = connection(io, top).obstore
    assert fast is not None
    tried: list[str] = []

    def refuse(bucket: str) -> None:
        tried.append(bucket)
        raise RuntimeError("a certificate is missing\nDebug source: much more")

    monkeypatch.setattr(fast, "_store", refuse)
    for number in range(10):
        io.write_file(f"{top}/a", str(number))
        assert io.read_file(f"{top}/a") == str(number).encode()
    assert len(tried) == 5
    (said,) = [each for each in caplog.records if each.levelno == logging.WARNING]
    assert said.getMessage().endswith("as obstore fails: a certificate is missing")


def test_where_tags_are_no_digests_boto3_reads(
    io: Storage, top: str, s3_server: S3Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    io.write_file(f"{top}/a", b"content")
    # As where objects are encrypted with a key of one's own.
    monkeypatch.setattr("brevettiai.io.s3_obstore.md5", lambda content: "0" * 32)
    assert io.read_file(f"{top}/a") == b"content"
    s3_server.requests.clear()
    assert io.read_file(f"{top}/a") == b"content"
    assert len(s3_server.requests) == 1


def test_obstore_is_used_only_where_it_is_installed_and_wanted(
    top: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert connection(Storage(settings=StorageSettings(obstore=0)), top).obstore is None
    load = importlib.import_module

    def without(name: str) -> Any:
        if name == "obstore":
            raise ModuleNotFoundError(name)
        return load(name)

    monkeypatch.setattr(importlib, "import_module", without)
    assert connection(Storage(), top).obstore is None


def test_obstore_is_loaded_for_s3_only(top: str, tmp_path: Any) -> None:
    code = f"""if True:
        import sys
        from brevettiai.io import Storage
        io = Storage()
        io.write_file({str(tmp_path / "a")!r}, b"")
        assert "obstore" not in sys.modules
        io.write_file({top + "/a"!r}, b"")
        assert "obstore" in sys.modules
    """
    subprocess.run([sys.executable, "-c", code], check=True, timeout=300)


@forks
def test_a_forked_process_goes_by_boto3(io: Storage, top: str) -> None:
    content = os.urandom(20_000)
    io.write_file(f"{top}/a", content)

    def reads_and_writes() -> bool:
        calls = calls_of_boto3(io, top)
        read = io.read_file(f"{top}/a") == content
        io.write_file(f"{top}/{os.getpid()}", b"")
        return read and calls == ["GetObject", "PutObject"]

    assert in_children(2, reads_and_writes) == [0, 0]
    calls = calls_of_boto3(io, top)
    assert io.read_file(f"{top}/a") == content
    assert not calls
