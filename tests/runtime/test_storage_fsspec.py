"""The storage as an `fsspec` filesystem, and local files and options for other libraries."""

from __future__ import annotations

import gzip
import os
import pickle
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from brevettiai.io import Storage, StorageError
from standins.s3_server import S3Server

pytest.importorskip("fsspec", reason="needs fsspec")

TREE = {"a.txt": b"1", "b/c.txt": b"22", "b/d/e.txt": b"333"}
TEMPORARY = {
    "access_key": "AKIATEMPORARY",
    "secret_key": "x",
    "token": "t",
    "expiry_time": "2999-01-01T00:00:00+00:00",
}


@pytest.fixture
def fs(io: Storage) -> Any:
    return io.fs


@pytest.fixture
def tree(io: Storage, top: str) -> str:
    top = io.path.join(top, "tree")
    for name, content in TREE.items():
        io.write_file(io.path.join(top, *name.split("/")), content)
    return top


def test_reading_and_asking(fs: Any, tree: str) -> None:
    assert fs.cat_file(f"{tree}/b/c.txt") == b"22"
    assert fs.cat(fs.find(tree)) == {f"{tree}/{name}": c for name, c in TREE.items()}
    assert fs.head(f"{tree}/b/d/e.txt", 2) == fs.tail(f"{tree}/b/d/e.txt", 2) == b"33"
    assert fs.exists(tree)
    assert not fs.exists(f"{tree}/no")
    assert (fs.isdir(tree), fs.isfile(tree), fs.isfile(f"{tree}/a.txt")) == (True, False, True)
    info = fs.info(f"{tree}/b/c.txt")
    assert (info["name"], info["size"], info["type"]) == (f"{tree}/b/c.txt", 2, "file")
    assert isinstance(fs.modified(f"{tree}/a.txt"), datetime)
    assert fs.ukey(f"{tree}/a.txt") != fs.ukey(f"{tree}/b/c.txt")
    assert fs.size(f"{tree}/b/d/e.txt") == 3
    with pytest.raises(FileNotFoundError):
        fs.info(f"{tree}/no")
    with pytest.raises(IsADirectoryError), fs.open(f"{tree}/b", "rb"):
        pass


def test_listing(fs: Any, tree: str) -> None:
    assert fs.ls(tree, detail=False) == [f"{tree}/a.txt", f"{tree}/b"]
    assert [each["type"] for each in fs.ls(tree + "/")] == ["file", "directory"]
    assert fs.ls(f"{tree}/a.txt", detail=False) == [f"{tree}/a.txt"]
    assert fs.find(tree) == [f"{tree}/{name}" for name in TREE]
    assert fs.find(f"{tree}/a.txt") == [f"{tree}/a.txt"]
    assert fs.find(tree, withdirs=True) == sorted(
        [tree, f"{tree}/b", f"{tree}/b/d", *(f"{tree}/{name}" for name in TREE)]
    )
    assert fs.find(tree, maxdepth=1) == [f"{tree}/a.txt"]
    assert fs.glob(f"{tree}/**/*.txt") == [f"{tree}/{name}" for name in TREE]
    assert fs.glob(f"{tree}/*.txt") == [f"{tree}/a.txt"]
    assert fs.du(tree) == 6
    assert [(p, sorted(d), sorted(f)) for p, d, f in fs.walk(tree)] == [
        (tree, ["b"], ["a.txt"]),
        (f"{tree}/b", ["d"], ["c.txt"]),
        (f"{tree}/b/d", [], ["e.txt"]),
    ]


def test_ranges(fs: Any, io: Storage, top: str) -> None:
    content = os.urandom(3_000_000)
    io.write_file(f"{top}/large", content)
    for start, end in ((None, None), (5, 9), (-7, None), (None, -5), (2_999_990, 4_000_000)):
        assert fs.cat_file(f"{top}/large", start, end) == content[start:end]
    paths = [f"{top}/large"] * 3 + [f"{top}/no"]
    *found, missing = fs.cat_ranges(paths, [0, 1000, -10, 0], [10, 2000, None, 5])
    assert found == [content[:10], content[1000:2000], content[-10:]]
    assert isinstance(missing, FileNotFoundError)
    with pytest.raises(FileNotFoundError):
        fs.cat_ranges(paths, 0, 5, on_error="raise")
    with fs.open(f"{top}/large", "rb", block_size=100_000) as file:
        assert file.read(10) == content[:10]
        file.seek(-20, os.SEEK_END)
        assert file.read() == content[-20:]
        file.seek(0)
        assert file.read() == content


def test_one_version_is_read(fs: Any, io: Storage, top: str) -> None:
    io.write_file(f"{top}/file", b"1" * 1_000_000)
    etag = io.stat(f"{top}/file").etag
    assert io.read_file(f"{top}/file", 0, 5, etag=etag) == b"1" * 5
    with fs.open(f"{top}/file", "rb", block_size=1000) as file:
        assert file.read(10) == b"1" * 10
        io.write_file(f"{top}/file", b"2" * 1_000_000)
        if "://" in top:
            with pytest.raises(StorageError):
                file.read()
    with pytest.raises(StorageError):
        io.read_file(f"{top}/file", 0, 5, etag=etag)


def test_writing(fs: Any, io: Storage, top: str) -> None:
    path = f"{top}/new/file"
    for mode in ("wb", "w"):
        with fs.open(path, mode) as file:
            file.write("text" if mode == "w" else b"bytes")
            assert not fs.exists(path) or mode == "w"
        assert fs.cat_file(path) == (b"text" if mode == "w" else b"bytes")

        def fail(mode: str = mode) -> None:
            with fs.open(path, mode) as file:
                file.write("half" if mode == "w" else b"half")
                raise KeyError("the writer fails")

        before = fs.cat_file(path)
        with pytest.raises(KeyError):
            fail()
        assert fs.cat_file(path) == before
    with fs.open(path, "r") as file:
        assert file.read() == "text"
    for mode in ("wb", "wt"):
        with pytest.raises(NotImplementedError, match="wrap it"):
            fs.open(f"{path}.gz", mode, compression="infer")
    with fs.open(f"{path}.gz", "wb") as file, gzip.open(file, "wb") as packed:
        packed.write(b"x" * 1000)
    with fs.open(f"{path}.gz", "rt", compression="infer") as file:
        assert file.read() == "x" * 1000
    fs.pipe({f"{top}/p1": b"1", f"{top}/p2": b"2"})
    fs.write_text(f"{top}/p3", "3")
    assert fs.cat([f"{top}/p{n}" for n in (1, 2, 3)]) == {
        f"{top}/p{n}": b"%d" % n for n in (1, 2, 3)
    }
    with pytest.raises(FileExistsError):
        fs.open(path, "xb")
    with pytest.raises(FileExistsError):
        fs.pipe_file(path, b"", mode="create")
    fs.touch(f"{top}/empty")
    assert fs.size(f"{top}/empty") == 0
    with pytest.raises(NotImplementedError, match="transactions"), fs.transaction:
        fs.open(path, "wb")
    with pytest.raises(ValueError):
        fs.open(path, "r+b")


def test_appending_is_for_local_files(fs: Any, tree: str) -> None:
    if "://" in tree:
        with pytest.raises(OSError, match="append"):
            fs.open(f"{tree}/a.txt", "ab")
        return
    with fs.open(f"{tree}/a.txt", "ab") as file:
        file.write(b"2")
    assert fs.cat_file(f"{tree}/a.txt") == b"12"


def test_moving_copying_removing(fs: Any, tree: str, top: str) -> None:
    fs.cp_file(f"{tree}/a.txt", f"{top}/x/y.txt")
    assert fs.cat_file(f"{top}/x/y.txt") == b"1"
    fs.copy(tree, f"{top}/copy", recursive=True)
    assert fs.find(f"{top}/copy") == [f"{top}/copy/{name}" for name in TREE]
    fs.mv(f"{top}/copy", f"{top}/moved", recursive=True)
    assert not fs.exists(f"{top}/copy")
    fs.mv(f"{top}/moved/a.txt", f"{top}/moved/b/")
    assert fs.ls(f"{top}/moved/b", detail=False) == [
        f"{top}/moved/b/{name}" for name in ("a.txt", "c.txt", "d")
    ]
    fs.rm_file(f"{top}/moved/b/a.txt")
    with pytest.raises(IsADirectoryError):
        fs.rm(f"{top}/moved")
    with pytest.raises(OSError, match="not empty"):
        fs.rmdir(f"{top}/moved")
    with pytest.raises(FileNotFoundError):
        fs.rm(f"{top}/no")
    fs.rm(f"{top}/moved", recursive=True)
    assert not fs.exists(f"{top}/moved")
    fs.makedirs(f"{top}/new/folder", exist_ok=True)
    with pytest.raises(FileExistsError):
        fs.mkdir(tree)


def test_getting_and_putting(fs: Any, tree: str, top: str, tmp_path: Path) -> None:
    fs.get(tree, str(tmp_path / "down"), recursive=True)
    found = {
        path.relative_to(tmp_path / "down").as_posix(): path.read_bytes()
        for path in (tmp_path / "down").rglob("*.txt")
    }
    assert found == TREE
    fs.put(str(tmp_path / "down"), f"{top}/up", recursive=True)
    assert fs.find(f"{top}/up") == [f"{top}/up/{name}" for name in TREE]
    fs.get_file(f"{tree}/a.txt", tmp_path / "one")
    assert (tmp_path / "one").read_bytes() == b"1"
    with open(tmp_path / "two", "wb") as file:
        fs.get_file(f"{tree}/b/c.txt", file)
    assert (tmp_path / "two").read_bytes() == b"22"


def test_a_mapping_of_a_folder(fs: Any, tree: str) -> None:
    mapping = fs.get_mapper(tree)
    assert dict(mapping) == TREE
    mapping["new/key"] = b"value"
    del mapping["a.txt"]
    assert sorted(mapping) == ["b/c.txt", "b/d/e.txt", "new/key"]


def test_it_travels(fs: Any, tree: str) -> None:
    again = pickle.loads(pickle.dumps(fs))
    assert again.cat_file(f"{tree}/a.txt") == b"1"
    assert again.storage.settings == fs.storage.settings


def test_it_has_the_credentials_of_the_prefix(
    io: Storage, bucket: str, s3_server: S3Server
) -> None:
    io.s3.add_route(f"s3://{bucket}/mine", lambda: TEMPORARY)
    seen: set[str] = set()

    def note(key: str, method: str, path: str) -> None:
        seen.add(key)

    s3_server.gate = note
    io.fs.pipe_file(f"s3://{bucket}/mine/file", b"x")
    assert seen == {"AKIATEMPORARY"}
    options = io.storage_options(f"s3://{bucket}/mine/file")
    assert (options["key"], options["secret"], options["token"]) == ("AKIATEMPORARY", "x", "t")
    assert options["client_kwargs"]["endpoint_url"] == s3_server.url
    assert "key" not in io.storage_options(f"s3://{bucket}/other")


def test_local_paths_need_no_options(io: Storage, tmp_path: Path) -> None:
    assert io.storage_options(tmp_path / "file") == {}
