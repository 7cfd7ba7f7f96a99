"""Asking, listing, ranges, appending, local files and sync: the same on local folders and on S3."""

from __future__ import annotations

import hashlib
import io as standard_io
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone
from glob import glob
from pathlib import Path, PurePath
from types import SimpleNamespace
from typing import Any, ClassVar

import pytest
from brevettiai.io import FileEntry, Progress, Storage, StorageSettings, SyncResult, TransferError
from moto.core import DEFAULT_ACCOUNT_ID
from moto.s3.models import s3_backends
from standins.s3_server import S3Server

TREE = {
    "a.txt": "1",
    "a/x.txt": "22",
    "a/b/y.txt": "333",
    "a/b/.z": "4",
    "a-b/x.txt": "5",
    ".hidden/x.txt": "6",
    "[c]/x.txt": "7",
    "c/x.txt": "8",
}


def write_tree(io: Storage, top: str, files: dict[str, str]) -> None:
    for name, content in files.items():
        io.write_file(io.path.join(top, *name.split("/")), content)


def contents(io: Storage, top: str) -> dict[str, str]:
    return {
        entry.name: io.read_file(io.path.join(top, *entry.name.split("/"))).decode()
        for entry in io.files(top)
    }


def test_what_is_there(io: Storage, top: str) -> None:
    write_tree(io, top, TREE)
    join = io.path.join
    there = {name: (io.exists(p), io.isfile(p), io.isdir(p)) for name, p in [
        ("file", join(top, "a.txt")),
        ("folder", join(top, "a")),
        ("folder/", join(top, "a") + "/"),
        ("deep", PurePath(join(top, "a", "b"))),
        ("absent", join(top, "a.tx")),
        ("beginning", join(top, "a-")),
        ("file/", join(top, "a.txt") + "/"),
    ]}  # fmt: skip
    file, folder, absent = (True, True, False), (True, False, True), (False, False, False)
    assert there == {
        "file": file,
        **dict.fromkeys(("folder", "folder/", "deep"), folder),
        **dict.fromkeys(("absent", "beginning", "file/"), absent),
    }


def test_what_is_known_of_a_file(io: Storage, top: str) -> None:
    path = io.path.join(top, "a", "file.bin")
    io.write_file(path, b"12345")
    found = io.stat(path)
    assert (found.name, found.size, found.is_folder) == ("file.bin", 5, False)
    assert found.modified is not None
    assert abs(found.modified - datetime.now(timezone.utc)) < timedelta(minutes=1)
    folder = io.stat(io.path.join(top, "a"))
    assert (folder.name, folder.size, folder.is_folder) == ("a", 0, True)
    again = io.stat(path)
    assert again.etag == found.etag != ""
    io.write_file(path, b"1234!")
    assert io.stat(path).etag != found.etag
    with pytest.raises(FileNotFoundError) as caught:
        io.stat(io.path.join(top, "absent"))
    assert caught.value.filename == io.path.join(top, "absent")


def test_what_is_in_a_folder(io: Storage, top: str) -> None:
    write_tree(io, top, TREE)
    assert io.listdir(top) == [".hidden", "[c]", "a", "a-b", "a.txt", "c"]
    assert io.listdir(io.path.join(top, "a") + "/") == ["b", "x.txt"]
    assert [(e.name, e.size, e.is_folder) for e in io.scandir(io.path.join(top, "a"))] == [
        ("b", 0, True),
        ("x.txt", 2, False),
    ]
    with pytest.raises(FileNotFoundError):
        io.listdir(io.path.join(top, "absent"))
    with pytest.raises(NotADirectoryError):
        io.listdir(io.path.join(top, "a.txt"))


def test_every_file_with_its_size(io: Storage, top: str) -> None:
    write_tree(io, top, TREE)
    found = list(io.files(top))
    assert {entry.name: entry.size for entry in found} == {n: len(c) for n, c in TREE.items()}
    assert all(isinstance(e, FileEntry) and e.etag and e.modified for e in found)
    assert list(io.files(io.path.join(top, "absent"))) == []
    assert list(io.files(io.path.join(top, "a.txt"))) == []


PATTERNS = [
    *("*", "*.txt", "a*", "a/*", "*/x.txt", "*/*", "*/", "**", "**/", "**/*.txt", "a/**"),
    *("a/**/", "**/x.txt", "**/b/*", "*/**", "a/**/*", "**/*/**", "a/*/", "[ac].txt", "?.txt"),
    *(".*", ".*/*", ".hidden/**", "a/b/.*", "[[]c]/*", "[!a]/*", "a.txt", "a", "a/", "no/*"),
    *("no", "*/absent", "*/b/", "*/x.txt/", "a**/x.txt", "**/**/y.txt", "a/b/**/y.txt"),
]


def test_patterns_mean_what_they_mean_to_the_standard_library(
    io: Storage, bucket: str, tmp_path: Path
) -> None:
    write_tree(io, str(tmp_path), TREE)
    write_tree(io, f"s3://{bucket}/top", TREE)
    for pattern in PATTERNS:
        expected = set(glob(str(tmp_path / pattern) + "/" * pattern.endswith("/"), recursive=True))
        expected = {path.replace(str(tmp_path), "") for path in expected}
        for top in (str(tmp_path), f"s3://{bucket}/top"):
            found = io.glob(f"{top}/{pattern}")
            assert found == sorted(found), pattern
            assert {path.replace(top, "") for path in found} == expected, pattern


def test_a_path_in_a_pattern_can_stand_for_itself(io: Storage, top: str) -> None:
    write_tree(io, top, TREE)
    folder = io.path.join(top, "[c]")
    assert io.glob(io.path.join(io.path.escape(folder), "*")) == [io.path.join(folder, "x.txt")]
    assert io.glob(io.path.join(folder, "*")) == [io.path.join(top, "c", "x.txt")]


def test_wildcards_list_each_folder_once(io: Storage, bucket: str, s3_server: S3Server) -> None:
    write_tree(io, f"s3://{bucket}/top", TREE)
    for pattern, most in (("*.txt", 1), ("a/**/*.txt", 1), ("a/*.txt", 1), ("*/*.txt", 5)):
        s3_server.requests.clear()
        assert io.glob(f"s3://{bucket}/top/{pattern}")
        assert len(s3_server.requests) == most


SLICES = [(0, 5), (3, None), (-4, None), (2, -2), (-5, -2), (0, 0), (5, 3), (8, 99), (99, None)]


@pytest.mark.parametrize(("start", "end"), [*SLICES, (99, 100), (-99, None), (-99, 3)])
def test_a_part_of_a_file(io: Storage, top: str, start: int, end: int | None) -> None:
    content = b"0123456789"
    io.write_file(io.path.join(top, "file"), content)
    assert io.read_file(io.path.join(top, "file"), start, end) == content[start:end]
    io.write_file(io.path.join(top, "empty"), b"")
    assert io.read_file(io.path.join(top, "empty"), start, end) == b""
    with pytest.raises(FileNotFoundError):
        io.read_file(io.path.join(top, "absent"), start, end)


def test_only_the_part_is_transferred(io: Storage, bucket: str, s3_server: S3Server) -> None:
    content = os.urandom(100_000)
    io.write_file(f"s3://{bucket}/file", content)
    s3_server.requests.clear()
    s3_server.cut = 1
    assert io.read_file(f"s3://{bucket}/file", 500, 90_000) == content[500:90_000]
    assert [method for method, _ in s3_server.requests] == ["GET", "GET"]


def test_append_locally(io: Storage, tmp_path: Path) -> None:
    path = tmp_path / "new" / "log.txt"
    for line in ("eins\n", "zwei\r\n"):
        with io.open(path, "a") as file:
            file.write(line)
    with io.open(path, "ab") as file:
        file.write(b"3")
        file.flush()
        assert path.read_bytes() == b"eins\nzwei\r\n3"


def test_s3_says_what_to_do_instead_of_appending(io: Storage, bucket: str) -> None:
    for mode in ("a", "ab"):
        with pytest.raises(standard_io.UnsupportedOperation, match="local_file"):
            io.open(f"s3://{bucket}/log", mode)  # type: ignore[call-overload]


def test_a_local_file_stands_for_one_to_write(io: Storage, top: str) -> None:
    path = io.path.join(top, "sub", "model.keras")
    with io.local_file(path, "w") as local:
        assert local.endswith("model.keras")
        Path(local).write_text("model")
        assert not io.exists(path)
    assert io.read_file(path) == b"model"
    assert io.listdir(io.path.join(top, "sub")) == ["model.keras"]
    assert not os.path.exists(local)

    def fail() -> None:
        with io.local_file(path, "w") as local:
            Path(local).write_text("half")
            raise KeyError("the saver fails")

    with pytest.raises(KeyError):
        fail()
    assert io.read_file(path) == b"model"


def test_a_local_file_stands_for_one_to_read_or_change(io: Storage, top: str) -> None:
    path = io.path.join(top, "table.csv")
    with io.local_file(path, "a") as local:
        assert not os.path.exists(local)
        Path(local).write_text("a,b\n")
    with io.local_file(path, "a") as local, open(local, "a", newline="") as file:
        file.write("1,2\n")
    with io.local_file(path) as local:
        assert Path(local).read_bytes() == b"a,b\n1,2\n"
    assert io.read_file(path) == b"a,b\n1,2\n"
    assert os.path.exists(local) == (local == path)


def test_a_local_file_that_is_none(io: Storage, top: str) -> None:
    path = io.path.join(top, "file.txt")
    with pytest.raises(FileNotFoundError), io.local_file(path):
        pass
    with pytest.raises(FileNotFoundError, match="Nothing was written"), io.local_file(path, "w"):
        pass
    with pytest.raises(IsADirectoryError, match="upload_tree"), io.local_file(path, "w") as local:
        os.makedirs(os.path.join(local, "inside"))
    assert not io.exists(path)
    assert not os.path.exists(local)
    with pytest.raises(ValueError, match="mode"), io.local_file(path, "rb"):  # type: ignore[arg-type]
        pass


def test_a_local_file_in_use_is_no_leftover(io: Storage, tmp_path: Path) -> None:
    with io.local_file(tmp_path / "model.keras", "w") as local:
        Path(local).write_text("half")
        assert io.remove_leftovers(tmp_path) == 0
        assert io.listdir(tmp_path) == []
    assert io.listdir(tmp_path) == ["model.keras"]


def test_sync_moves_what_changed(io: Storage, top: str, tmp_path: Path) -> None:
    write_tree(io, str(tmp_path / "new"), TREE)
    for source, target in ((str(tmp_path / "new"), top), (top, str(tmp_path / "back"))):
        names = tuple(sorted(TREE))
        assert io.sync(source, target) == SyncResult(names, 0, ())
        assert io.sync(source, target) == SyncResult((), len(TREE), ())
        io.write_file(io.path.join(source, "a", "x.txt"), "99")
        io.write_file(io.path.join(source, "new"), "n")
        io.remove(io.path.join(source, "a.txt"))
        result = io.sync(source, target)
        assert result == SyncResult(("a/x.txt", "new"), len(TREE) - 2, ())
        assert contents(io, target) == {**contents(io, source), "a.txt": "1"}
        result = io.sync(source, target, delete=True)
        assert result == SyncResult((), len(TREE), ("a.txt",))
        assert contents(io, target) == contents(io, source)
        write_tree(io, source, TREE)
        io.remove(io.path.join(source, "new"))
        io.sync(source, target, delete=True)
    assert contents(io, str(tmp_path / "back")) == TREE


def test_sync_sees_another_content_of_the_same_size_and_an_older_time(
    io: Storage, top: str, tmp_path: Path
) -> None:
    io.write_file(tmp_path / "local" / "file", "new")
    os.utime(tmp_path / "local" / "file", (1, 1))
    io.write_file(io.path.join(top, "file"), "old")
    assert io.sync(tmp_path / "local", top).copied == ("file",)
    os.utime(tmp_path / "local" / "file", (2e9, 2e9))
    assert io.sync(tmp_path / "local", top).copied == ()
    io.write_file(io.path.join(top, "file"), "old")
    os.utime(tmp_path / "local" / "file", (2e9, 2e9))
    assert io.sync(top, tmp_path / "local").copied == ("file",)


def test_sync_of_500_unchanged_files_is_one_listing(
    io: Storage, bucket: str, s3_server: S3Server, tmp_path: Path
) -> None:
    (tmp_path / "up").mkdir()
    for number in range(500):
        (tmp_path / "up" / str(number)).write_text(str(number))
        # Straight into moto's memory: five hundred uploads are not what is tested here.
        content = str(number).encode()
        s3_backends[DEFAULT_ACCOUNT_ID]["aws"].put_object(bucket, f"tree/{number}", content)
    assert io.sync(tmp_path / "up", f"s3://{bucket}/tree").unchanged == 500
    assert io.sync(f"s3://{bucket}/tree", tmp_path / "up").unchanged == 500
    assert len(s3_server.requests) == 2


def test_sync_knows_large_files_by_their_parts(
    bucket: str, s3_server: S3Server, tmp_path: Path
) -> None:
    io = Storage(settings=StorageSettings(part_size=6))
    top, content = f"s3://{bucket}/tree", os.urandom(13 << 20)
    io.write_file(tmp_path / "local" / "large", content)
    assert io.sync(tmp_path / "local", top).copied == ("large",)
    os.utime(tmp_path / "local" / "large", (2e9, 2e9))
    assert io.stat(f"{top}/large").etag.endswith("-3")
    assert io.sync(tmp_path / "local", top).copied == ()
    io.write_file(tmp_path / "local" / "large", content[:-1] + b"x")
    os.utime(tmp_path / "local" / "large", (2e9, 2e9))
    assert io.sync(tmp_path / "local", top).copied == ("large",)


def test_sync_removes_nothing_where_something_failed_or_the_source_is_missing(
    io: Storage, top: str, tmp_path: Path
) -> None:
    write_tree(io, top, {"bad/one": "1", "good": "2"})
    back = tmp_path / "back"
    write_tree(io, str(back), {"bad": "a file where a folder must be", "good": "2", "more": "3"})
    with pytest.raises(TransferError) as caught:
        io.sync(top, back, delete=True)
    assert (caught.value.done, len(caught.value.failures)) == (0, 1)
    with pytest.raises(FileNotFoundError):
        io.sync(io.path.join(top, "absent"), back, delete=True)
    assert sorted(io.listdir(back)) == ["bad", "good", "more"]
    with pytest.raises(ValueError, match="into itself"):
        io.sync(top, io.path.join(top, "inside"))


def test_progress_is_told_file_by_file(io: Storage, top: str, tmp_path: Path) -> None:
    write_tree(io, str(tmp_path / "up"), TREE)
    size = sum(map(len, TREE.values()))
    calls: list[tuple[Any, ...]] = [
        (io.upload_tree, tmp_path / "up", top),
        (io.download_tree, top, tmp_path / "down"),
        (io.sync, top, tmp_path / "down"),
    ]
    for call, source, target in calls:
        seen: list[Progress] = []
        call(source, target, progress=seen.append)
        assert [each.files for each in seen] == list(range(1, len(TREE) + 1))
        assert seen[-1] == Progress(len(TREE), size, len(TREE), size)
        assert [each.size for each in seen] == sorted(each.size for each in seen)


class Bar:
    """What a bar of `tqdm` is told."""

    bars: ClassVar[list[Bar]] = []

    def __init__(self, **options: Any) -> None:
        self.options, self.count, self.closed = options, 0, False
        self.bars.append(self)

    def reset(self, total: int) -> None:
        self.total = total

    def set_postfix_str(self, text: str, refresh: bool) -> None:
        self.text = text

    def update(self, count: int) -> None:
        self.count += count

    def close(self) -> None:
        self.closed = True


def test_a_bar_is_shown_at_a_terminal_where_tqdm_is_installed(
    io: Storage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_tree(io, str(tmp_path / "up"), TREE)
    Bar.bars.clear()
    monkeypatch.setitem(sys.modules, "tqdm", SimpleNamespace(tqdm=Bar))
    io.upload_tree(tmp_path / "up", tmp_path / "no terminal")
    assert Bar.bars == []
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    io.upload_tree(tmp_path / "up", tmp_path / "one")
    (bar,) = Bar.bars
    size = sum(map(len, TREE.values()))
    assert (bar.count, bar.total, bar.closed) == (size, size, True)
    assert bar.text == f"{len(TREE)} of {len(TREE)} files"
    io.upload_tree(tmp_path / "up", tmp_path / "told", progress=lambda progress: None)
    assert len(Bar.bars) == 1
    monkeypatch.setitem(sys.modules, "tqdm", None)
    assert io.upload_tree(tmp_path / "up", tmp_path / "not installed") == len(TREE)


def test_write_file_does_not_mind_the_shape_of_its_buffer(io: Storage, top: str) -> None:
    buffers: list[Any] = [memoryview(b"abcdef")[::2], memoryview(b"abcdef").cast("B", (2, 3))]
    for content in (*buffers, memoryview(b"").cast("B"), bytearray(b"x" * (9 << 20))):
        io.write_file(io.path.join(top, "file"), content)
        found = hashlib.md5(io.read_file(io.path.join(top, "file"))).digest()
        assert found == hashlib.md5(bytes(content)).digest()


def test_a_file_is_created_once(request: pytest.FixtureRequest, io: Storage, top: str) -> None:
    if "minio" in str(request.node.callspec.id):
        pytest.skip("that server knows no conditional writes")
    path = io.path.join(top, "folder", "a.json")

    def create(number: int) -> bool:
        try:
            io.create_file(path, b"%d" % number)
        except FileExistsError:
            return False
        return True

    if top.startswith("memory"):  # Which does nothing at once.
        created = [create(number) for number in range(8)]
    else:
        with ThreadPoolExecutor(8) as pool:
            created = list(pool.map(create, range(8)))
    assert sum(created) == 1
    assert io.read_file(path) == b"%d" % created.index(True)
    with pytest.raises(FileExistsError) as raised:
        io.create_file(path, b"9")
    assert raised.value.filename == path
    assert [entry.name for entry in io.files(top)] == ["folder/a.json"]


def test_a_file_is_created_though_the_reply_is_lost(
    s3_client: str, s3_server: S3Server, bucket: str
) -> None:
    io, path = Storage(), f"s3://{bucket}/a.json"
    lost = iter(["lost"])
    s3_server.gate = lambda key, method, path: next(lost, None) if method == "PUT" else None
    io.create_file(path, b"mine")
    assert io.read_file(path) == b"mine"
    assert next(lost, None) is None
    with pytest.raises(FileExistsError):
        io.create_file(path, b"another")
