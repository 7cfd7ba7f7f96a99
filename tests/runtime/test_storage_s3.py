"""What only S3 has: long listings, marks of folders, broken streams, refusals, routes."""

from __future__ import annotations

import base64
import errno
import hashlib
import os
import threading
import time
import zlib
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone, tzinfo
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import boto3
import pytest
from botocore.credentials import RefreshableCredentials
from brevettiai.io import Storage, StorageError, StorageSettings, TransferError, s3_credentials
from brevettiai.io.cache import ReadCache
from brevettiai.io.s3_checksums import PartsCheck
from brevettiai.io.transfer import transfer
from moto.core import DEFAULT_ACCOUNT_ID
from moto.s3.models import s3_backends
from standins.s3_server import S3Server

both_clients = pytest.mark.usefixtures("s3_client")


class Disk(NamedTuple):
    total: int
    used: int
    free: int


both_servers = pytest.mark.parametrize(
    "top", ["moto", pytest.param("minio", marks=pytest.mark.slow)], indirect=True
)


@pytest.fixture
def top(bucket: str) -> str:
    return f"s3://{bucket}"


def owner(s3_server: S3Server):
    return boto3.client("s3", region_name="eu-west-1", endpoint_url=s3_server.direct_url)


def test_a_listing_of_more_than_one_page(
    io: Storage, top: str, bucket: str, s3_server: S3Server, tmp_path: Path
) -> None:
    for number in range(1050):
        # Straight into moto's memory: a thousand uploads are not what is tested here.
        s3_backends[DEFAULT_ACCOUNT_ID]["aws"].put_object(bucket, f"many/{number:04}.txt", b"x")
    [(folder, folders, files)] = io.walk(f"{top}/many")
    assert (folder, folders) == (f"{top}/many", [])
    assert files == [f"{number:04}.txt" for number in range(1050)]
    io.remove(f"{top}/many")
    assert list(io.walk(f"{top}/many")) == []


def test_marks_of_folders_are_folders_and_no_files(
    io: Storage, top: str, bucket: str, s3_server: S3Server, tmp_path: Path
) -> None:
    for key in ("a/", "a/empty/", "a/b/file"):
        owner(s3_server).put_object(Bucket=bucket, Key=key, Body=b"")
    assert list(io.walk(top)) == [
        (top, ["a"], []),
        (f"{top}/a", ["b", "empty"], []),
        (f"{top}/a/b", [], ["file"]),
        (f"{top}/a/empty", [], []),
    ]
    assert not io.isfile(f"{top}/a")
    assert not io.isfile(f"{top}/a/")
    assert io.download_tree(f"{top}/a", tmp_path / "a") == 1
    io.remove(f"{top}/a")
    assert list(io.walk(top)) == []


def test_names_that_leave_the_folder_are_not_downloaded(
    io: Storage, top: str, bucket: str, s3_server: S3Server, tmp_path: Path
) -> None:
    for key in ("tree/good", "tree//slashes", "tree/bad\x07name"):
        owner(s3_server).put_object(Bucket=bucket, Key=key, Body=b"x")
    with pytest.raises(TransferError, match="no name inside a folder") as caught:
        io.download_tree(f"{top}/tree", tmp_path / "down")
    assert len(caught.value.failures) == 2
    assert os.listdir(tmp_path) == ["down"]
    assert os.listdir(tmp_path / "down") == ["good"]
    with pytest.raises(ValueError, match=r"'\.\.'"):
        io.write_file(f"{top}/a/../../b", b"x")


@both_clients
@both_servers
def test_reading_goes_on_where_a_stream_broke(
    io: Storage, top: str, s3_server: S3Server, tmp_path: Path
) -> None:
    content = os.urandom(3 << 20)
    io.write_file(f"{top}/data", content)
    s3_server.cut = 2
    with io.open(f"{top}/data", "rb") as file:
        assert file.read() == content
    s3_server.cut = 2
    assert io.read_file(f"{top}/data") == content
    s3_server.cut = 2
    io.download_tree(top, tmp_path / "down")
    assert (tmp_path / "down" / "data").read_bytes() == content
    s3_server.cut = 100  # Half of what was left comes each time.
    assert io.read_file(f"{top}/data") == content
    assert s3_server.cut < 95


@both_servers
def test_an_open_file_stays_the_version_it_was(io: Storage, top: str) -> None:
    io.write_file(f"{top}/data", b"a" * 3_000_000)
    with io.open(f"{top}/data", "rb") as file:
        assert file.read(10) == b"a" * 10
        io.write_file(f"{top}/data", b"b" * 3_000_000)
        file.seek(2_500_000)
        with pytest.raises(OSError, match="data"):
            file.read(10)


@both_servers
def test_large_files_go_in_parts(
    io: Storage, top: str, s3_server: S3Server, tmp_path: Path
) -> None:
    content = os.urandom(20 << 20)
    (tmp_path / "large").write_bytes(content)
    io.copy(tmp_path / "large", f"{top}/large")
    assert sum("partNumber=" in path for _, path in s3_server.requests) == 3
    assert io.get_md5(f"{top}/large") == hashlib.md5(content).hexdigest()
    io.copy(f"{top}/large", tmp_path / "back")
    assert (tmp_path / "back").read_bytes() == content
    assert sorted(os.listdir(tmp_path)) == ["back", "large"]


@both_clients
@both_servers
def test_a_failed_download_leaves_what_was_there(
    io: Storage, top: str, s3_server: S3Server, tmp_path: Path
) -> None:
    for size in (1000, 12 << 20):
        io.write_file(f"{top}/data", b"x" * size)
        (tmp_path / "data").write_text("before")
        s3_server.gate = lambda key, method, path: "AccessDenied" if method == "GET" else None
        with pytest.raises(PermissionError, match="S3 denies access"):
            io.copy(f"{top}/data", tmp_path / "data")
        assert (tmp_path / "data").read_text() == "before"
        assert os.listdir(tmp_path) == ["data"]
        s3_server.open_gate()


@both_clients
@both_servers
def test_a_failed_upload_is_an_error_on_closing(io: Storage, top: str, s3_server: S3Server) -> None:
    file = io.open(f"{top}/data", "wb")
    file.write(b"x")
    s3_server.gate = lambda *_: "AccessDenied"
    with pytest.raises(PermissionError, match="S3 denies access"):
        file.close()


@both_clients
@both_servers
@pytest.mark.parametrize("operation", ["read_file", "isfile", "remove", "get_md5"])
def test_a_refusal_names_the_path(
    io: Storage, top: str, s3_server: S3Server, operation: str
) -> None:
    s3_server.gate = lambda *_: "AccessDenied"
    with pytest.raises(PermissionError) as caught:
        getattr(io, operation)(f"{top}/data")
    assert caught.value.filename == f"{top}/data"


@both_clients
@both_servers
def test_a_tree_that_fails_file_by_file_is_given_up(
    io: Storage, top: str, s3_server: S3Server, tmp_path: Path
) -> None:
    for number in range(300):
        (tmp_path / str(number)).write_text("x")
    s3_server.gate = lambda *_: "AccessDenied"
    with pytest.raises(TransferError, match=r"more, in \.failures") as caught:
        io.upload_tree(tmp_path, top)
    assert 20 <= len(caught.value.failures) < 300
    assert caught.value.done == 0


def test_a_whole_bucket_is_not_removed(io: Storage, top: str) -> None:
    for path in (top, top + "/"):
        with pytest.raises(PermissionError, match="whole bucket"):
            io.remove(path)


@both_servers
def test_paths_without_a_bucket_or_key_are_refused(io: Storage, top: str) -> None:
    with pytest.raises(ValueError, match="names no bucket"):
        io.read_file("s3:///key")
    for path in (top, f"{top}/", f"{top}/a/"):
        with pytest.raises(IsADirectoryError):
            io.write_file(path, b"x")


@both_clients
def test_credentials_are_those_of_the_nearest_prefix(
    io: Storage, top: str, s3_server: S3Server
) -> None:
    seen: list[str] = []

    def note(key: str, method: str, path: str) -> None:
        seen.append(key)

    def source(name: str):
        return lambda: {
            "access_key": name,
            "secret_key": "x",
            "token": "x",
            "expiry_time": "2999-01-01T00:00:00+00:00",
        }

    s3_server.gate = note
    io.s3.add_route(f"{top}/a", source("outer"))
    io.s3.add_route(f"{top}/a/b/", source("inner"))
    for name in ("a/x", "a/b/x", "a/bc/x", "ab/x"):
        io.write_file(f"{top}/{name}", b"")
    assert seen == ["outer", "inner", "outer", "AKIAENVIRONMENT"]


@both_clients
def test_threads_share_one_fetch_of_credentials(io: Storage, top: str, s3_server: S3Server) -> None:
    fetched: list[int] = []

    def source() -> dict[str, str]:
        fetched.append(1)
        expiry = "2999-01-01T00:00:00+00:00"
        return {"access_key": "a", "secret_key": "x", "token": "x", "expiry_time": expiry}

    io.s3.add_route(top, source)
    paths = [f"{top}/{number}" for number in range(16)]
    threads = [threading.Thread(target=io.write_file, args=(path, b"x")) for path in paths]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(fetched) == 1


@both_clients
@pytest.mark.parametrize("size", [5_000, 3 << 20])
def test_a_flipped_bit_is_noticed_and_read_again(
    io: Storage, top: str, s3_server: S3Server, size: int, tmp_path: Path
) -> None:
    content = os.urandom(size)
    io.write_file(f"{top}/file", content)
    s3_server.flip = 2
    assert io.read_file(f"{top}/file") == content
    assert s3_server.flip == 0
    s3_server.flip = 2
    with io.open(f"{top}/file", "rb") as file:
        assert file.read() == content
    assert s3_server.flip == 0


def test_what_was_given_of_a_damaged_file_is_told(
    io: Storage, top: str, s3_server: S3Server
) -> None:
    content = os.urandom(3 << 20)
    io.write_file(f"{top}/file", content)
    s3_server.flip = 1
    with io.open(f"{top}/file", "rb") as file, pytest.raises(StorageError, match="checksum"):
        sum(map(len, iter(partial(file.read, 1000), b"")))


@both_clients
def test_damage_that_does_not_end_is_told(io: Storage, top: str, s3_server: S3Server) -> None:
    io.write_file(f"{top}/file", os.urandom(5_000))
    s3_server.flip = 100
    with pytest.raises(StorageError, match="does not fit its checksum"):
        io.read_file(f"{top}/file")
    with io.open(f"{top}/file", "rb") as file, pytest.raises(StorageError, match="checksum"):
        file.read()


@both_clients
@pytest.mark.parametrize("damage", ["cut", "flipped", "zeroed", "tag", "empty"])
def test_a_damaged_entry_of_the_cache_is_read_again(
    top: str, s3_server: S3Server, tmp_path: Path, damage: str
) -> None:
    io, content = Storage(partial(str, tmp_path)), os.urandom(10_000)
    io.write_file(f"{top}/file", content)
    assert io.read_file(f"{top}/file") == content
    (entry,) = [path for path in tmp_path.rglob("*") if path.is_file()]
    kept = entry.read_bytes()
    head = kept.index(content)
    entry.write_bytes(
        {
            "cut": kept[:-100],
            "flipped": kept[:-1] + bytes([kept[-1] ^ 1]),
            "zeroed": kept[:head] + bytes(len(content)),
            "tag": kept.replace(b'"', b"'", 1),
            "empty": b"",
        }[damage]
    )
    assert io.read_file(f"{top}/file") == content
    s3_server.requests.clear()
    assert io.read_file(f"{top}/file") == content
    assert entry.read_bytes() == kept


def test_the_cache_drops_what_was_used_last_of_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda folder: Disk(400_000, 1000, 399_000))
    cache = ReadCache(str(tmp_path), 0.25)
    for number in range(60):
        cache.keep(str(number), "tag", os.urandom(4_000))
        for age, entry in enumerate(sorted(tmp_path.rglob("*/*"), key=os.path.getmtime)):
            os.utime(entry, (age, age))
        assert cache.find("0")
    assert sum(path.stat().st_size for path in tmp_path.rglob("*/*")) <= 100_000
    found = [number for number in range(60) if cache.find(str(number))]
    assert found[0] == 0
    assert found[1:] == [*range(60 - len(found) + 1, 60)]


@both_servers
def test_a_list_of_keys_to_remove_tells_its_md5(io: Storage, top: str, s3_server: S3Server) -> None:
    io.write_file(f"{top}/a/b", b"x")
    sent: list[dict[str, str]] = []
    io.s3._route(top).connect().client.meta.events.register_last(
        "before-send.s3.DeleteObjects", lambda request, **_: sent.append(request.headers)
    )
    io.remove(f"{top}/a")
    assert len(sent) == 1
    assert sent[0]["Content-MD5"]


@both_clients
def test_credentials_that_are_valid_still_are_used_while_there_are_no_new_ones(
    io: Storage,
    top: str,
    s3_server: S3Server,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    past = timedelta()

    class Clock(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Clock:
            return super().now(tz) + past

    def left(credentials: Any) -> float:
        return float((credentials._expiry_time - Clock.now(timezone.utc)).total_seconds())

    monkeypatch.setattr(s3_credentials, "datetime", Clock)
    monkeypatch.setattr(RefreshableCredentials, "_seconds_remaining", left)
    asked: list[int] = []
    end = datetime.now(timezone.utc) + timedelta(hours=1)

    def source() -> dict[str, str]:
        asked.append(1)
        if len(asked) > 1:
            raise PermissionError("the platform is away")
        kept = {"access_key": "a", "secret_key": "x", "token": "x"}
        return {**kept, "expiry_time": end.isoformat()}

    io.s3.add_route(top, source)
    io.write_file(f"{top}/file", b"x")
    assert len(asked) == 1
    past = timedelta(minutes=50)
    for _ in range(5):
        assert io.read_file(f"{top}/file") == b"x"
    assert len(asked) == 2
    assert "could not be renewed yet: the platform is away" in caplog.text
    past = timedelta(hours=1)
    with pytest.raises(PermissionError, match="the platform is away"):
        io.read_file(f"{top}/file")


@both_clients
@both_servers
@pytest.mark.parametrize("code", ["drop", pytest.param("SlowDown", marks=pytest.mark.slow)])
def test_an_outage_in_the_midst_of_many_files_fails_none(
    io: Storage, top: str, s3_server: S3Server, tmp_path: Path, code: str
) -> None:
    (tmp_path / "up").mkdir()
    for number in range(80):
        (tmp_path / "up" / str(number)).write_bytes(os.urandom(200))
    (tmp_path / "up" / "large").write_bytes(os.urandom(9 << 20))
    begun: list[float] = []

    def gate(key: str, method: str, path: str) -> str | None:
        begun.append(time.monotonic())
        return code if len(begun) > 30 and time.monotonic() - begun[30] < 2 else None

    s3_server.gate = gate
    assert io.upload_tree(tmp_path / "up", f"{top}/tree") == 81
    assert time.monotonic() - begun[0] > 2
    s3_server.open_gate()
    assert io.download_tree(f"{top}/tree", tmp_path / "down") == 81
    for path in (tmp_path / "up").iterdir():
        assert (tmp_path / "down" / path.name).read_bytes() == path.read_bytes()


@both_clients
def test_patience_ends(top: str, s3_server: S3Server) -> None:
    io = Storage(settings=StorageSettings(patience=1))
    io.write_file(f"{top}/file", b"x")
    s3_server.gate = lambda *_: "SlowDown"
    s3_server.requests.clear()
    with pytest.raises(StorageError, match="SlowDown"):
        io.read_file(f"{top}/file")
    assert len(s3_server.requests) >= 4


def test_the_attempts_that_aws_is_told_count(
    io: Storage, top: str, s3_server: S3Server, monkeypatch: pytest.MonkeyPatch, s3_client: str
) -> None:
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "2")
    s3_server.gate = lambda *_: "SlowDown"
    with pytest.raises(StorageError, match="SlowDown"):
        io.read_file(f"{top}/file")
    assert len(s3_server.requests) == {"boto3": 2, "obstore": 1 + 2}[s3_client]


def test_what_aws_is_told_is_looked_up_only_where_waiting_may_help(
    io: Storage, top: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not io.isfile(f"{top}/absent")
    monkeypatch.setattr("brevettiai.io.s3_client._own_attempts", lambda: 1 / 0)
    assert not io.isfile(f"{top}/absent")


def test_failures_are_told_also_where_the_rest_cannot_be_listed() -> None:
    def items() -> Iterator[int]:
        yield from range(500)
        raise StorageError(errno.EIO, "S3 is away", "s3://bucket")

    with pytest.raises(TransferError, match="were not begun") as caught:
        transfer(items(), lambda item: 1 // 0, str, 32)
    error = caught.value
    assert len(error.failures) + error.done + error.left == 500


@pytest.mark.parametrize("operation", ["read_file", "isfile", "get_md5", "remove", "listdir"])
@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("RequestTimeTooSkewed", "set its clock right"),
        ("InvalidAccessKeyId", "are these the credentials for this path"),
        ("PermanentRedirect", "set AWS_ENDPOINT_URL_S3 to where it leads"),
        ("KeyTooLongError", "KeyTooLongError"),
    ],
)
def test_an_error_says_how_to_mend_it(
    io: Storage, top: str, s3_server: S3Server, operation: str, code: str, said: str
) -> None:
    s3_server.gate = lambda *_: code
    with pytest.raises(OSError, match=said) as caught:
        getattr(io, operation)(f"{top}/data")
    assert caught.value.filename == f"{top}/data"


@both_servers
@pytest.mark.parametrize("operation", ["read_file", "isfile", "get_md5", "remove", "listdir"])
def test_a_wrong_key_is_told(
    top: str, s3_server: S3Server, operation: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "another secret")
    if s3_server.has_moto:
        s3_server.gate = lambda *_: "SignatureDoesNotMatch"
    with pytest.raises(PermissionError, match="are these the credentials") as caught:
        getattr(Storage(), operation)(f"{top}/data")
    assert caught.value.filename == f"{top}/data"
    assert "another secret" not in str(caught.value)


def test_new_credentials_that_have_expired_tell_of_the_clock(io: Storage, top: str) -> None:
    past = {"access_key": "a", "secret_key": "x", "token": "x"}
    io.s3.add_route(top, lambda: {**past, "expiry_time": "2001-01-01T00:00:00+00:00"})
    with pytest.raises(PermissionError, match="set the clock of this machine right") as caught:
        io.read_file(f"{top}/data")
    assert caught.value.filename == f"{top}/data"


@both_clients
@pytest.mark.parametrize("s3_client", ["boto3"], indirect=True)
@pytest.mark.parametrize("size", [2 << 20, 9 << 20])
@pytest.mark.parametrize("operation", ["read", "download"])
def test_a_file_that_is_replaced_while_it_is_read_is_read_anew(
    io: Storage, top: str, s3_server: S3Server, tmp_path: Path, operation: str, size: int
) -> None:
    io.write_file(f"{top}/data", os.urandom(size))
    new, bodies = os.urandom(size - 1000), []

    def gate(key: str, method: str, path: str) -> str | None:
        if method == "GET":
            bodies.append(path)
            if len(bodies) == 2:
                Storage().write_file(f"{top}/data", new)
            return "cut" if len(bodies) == 1 else None
        return None

    s3_server.gate = gate
    if operation == "read":
        assert io.read_file(f"{top}/data") == new
    else:
        io.copy(f"{top}/data", tmp_path / "data")
        assert (tmp_path / "data").read_bytes() == new
    assert len(bodies) > 2


@pytest.mark.parametrize("size", [3 << 20, 20 << 20])
def test_a_damaged_download_is_noticed_and_done_again(
    io: Storage, top: str, s3_server: S3Server, tmp_path: Path, size: int
) -> None:
    content = os.urandom(size)
    io.write_file(f"{top}/data", content)
    s3_server.flip_parts = 1
    io.copy(f"{top}/data", tmp_path / "data")
    assert s3_server.flip_parts == 0
    assert (tmp_path / "data").read_bytes() == content
    s3_server.flip_parts = 1000
    with pytest.raises(StorageError, match="does not fit its checksum"):
        io.copy(f"{top}/data", tmp_path / "data")
    assert (tmp_path / "data").read_bytes() == content


@pytest.mark.parametrize("parts", [[4, 4, 4, 2], [4, 2, 4, 1], [4]])
def test_parts_are_checked_by_the_checksum_of_their_checksums(
    tmp_path: Path, parts: list[int]
) -> None:
    contents = [os.urandom(size << 18) for size in parts]
    (tmp_path / "file").write_bytes(b"".join(contents))
    sums = b"".join(zlib.crc32(content).to_bytes(4, "big") for content in contents)
    told = f"{base64.b64encode(zlib.crc32(sums).to_bytes(4, 'big')).decode()}-{len(parts)}"

    class Client:
        def head_object(self, PartNumber: int = 0, **_: str) -> dict[str, object]:
            size = parts[0] if PartNumber else sum(parts)
            tag = f'"x-{len(parts)}"'
            return {"ContentLength": size << 18, "ChecksumCRC32": told, "ETag": tag}

    check = PartsCheck("bucket", "key")
    even = parts != [4, 2, 4, 1]
    assert check.fits(Client(), tmp_path / "file") == even
    # Its parts are of different sizes: twice the same is no damage.
    assert check.fits(Client(), tmp_path / "file")
    (tmp_path / "file").write_bytes(b"damaged".join(contents) + b"x")
    assert not check.fits(Client(), tmp_path / "file")


@both_servers
def test_keys_that_are_odd(io: Storage, top: str, tmp_path: Path) -> None:
    for name in ("a" * 200 + "/" + "b" * 200, " a b ", "a+b%2Fc%", "größe é 字😀", "~", "-"):
        for content in (b"", b"x"):
            io.write_file(f"{top}/{name}", content)
            io.copy(f"{top}/{name}", f"{top}/copied/{name}")
            io.move(f"{top}/copied/{name}", f"{top}/moved/{name}")
            assert io.read_file(f"{top}/moved/{name}") == content
    with io.open(f"{top}/empty", "wb"):
        pass
    assert io.read_file(f"{top}/empty") == b""
    assert io.download_tree(top, tmp_path / "down") == 13
    assert (tmp_path / "down" / "empty").read_bytes() == b""
