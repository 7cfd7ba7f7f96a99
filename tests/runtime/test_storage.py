"""One contract for every storage: each test runs on local folders and on S3."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
import threading
from pathlib import Path, PurePosixPath
from typing import Any

import pytest
from brevettiai.io import Storage, StorageError, TransferError
from brevettiai.io.path import join, relpath, split_name
from brevettiai.platform import Job

NAMES = [
    "plain.txt",
    "with blank.txt",
    "a#b.txt",
    "100%.txt",
    "a%20b.txt",
    "a+b.txt",
    "größe-字.txt",
    "a&b=c.txt",
    "it's.txt",
    ".hidden",
] + ([] if os.name == "nt" else ["who?.txt", "a:b.txt", "star*.txt", "back\\slash.txt"])


def write_tree(io: Storage, top: str, files: dict[str, str]) -> None:
    for name, content in files.items():
        io.write_file(join(top, *name.split("/")), content)


def read_tree(io: Storage, top: str) -> dict[str, bytes]:
    return {
        relpath(join(folder, name), top).replace(os.sep, "/"): io.read_file(join(folder, name))
        for folder, _, names in io.walk(top)
        for name in names
    }


def test_addresses_that_pathlib_folded_are_whole_again(
    io: Storage, bucket: str, tmp_path: Path
) -> None:
    top = PurePosixPath(f"s3://{bucket}/folded")
    io.write_file(top / "a.txt", "a")
    (tmp_path / "tree").mkdir()
    (tmp_path / "tree" / "b.txt").write_text("b")
    io.upload_tree(tmp_path / "tree", top)
    io.copy(top / "a.txt", str(top / "c.txt"))
    assert read_tree(io, f"s3://{bucket}/folded") == {"a.txt": b"a", "b.txt": b"b", "c.txt": b"a"}
    assert join(top, "a.txt") == f"s3://{bucket}/folded/a.txt"


@pytest.mark.parametrize("scheme", ["gs", "https", "file"])
def test_no_other_address_is_a_local_path(
    io: Storage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, scheme: str
) -> None:
    monkeypatch.chdir(tmp_path)
    for path in (PurePosixPath(f"{scheme}://x/a"), f"{scheme}://x/a"):
        with pytest.raises(OSError, match=f"no storage for {scheme}://"):
            io.write_file(path, "a")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", NAMES)
def test_a_file_is_read_as_it_was_written_whatever_its_name(
    io: Storage, top: str, name: str
) -> None:
    path = io.path.join(top, name)
    io.write_file(path, f"content of {name}\r\n")
    assert io.read_file(path) == f"content of {name}\r\n".encode()
    assert io.isfile(path)
    assert list(io.walk(top)) == [(top, [], [name])]


def test_writing_overwrites_and_takes_bytes_and_text(io: Storage, top: str) -> None:
    path = io.path.join(top, "a", "b.bin")
    for content in (b"\x00\xff", "ä", b"", bytearray(b"x"), memoryview(b"y" * 3_000_000)):
        io.write_file(path, content)
        expected = content.encode() if isinstance(content, str) else bytes(content)
        assert io.read_file(path) == expected
        assert io.get_md5(path) == hashlib.md5(expected).hexdigest()


def test_only_bytes_and_text_are_content(io: Storage, top: str) -> None:
    for content in (5, ["x"], None):
        with pytest.raises(TypeError):
            io.write_file(io.path.join(top, "file"), content)
    assert list(io.walk(top)) == []


@pytest.mark.parametrize("operation", ["read_file", "remove", "get_md5", "open"])
def test_a_missing_file_is_named(io: Storage, top: str, operation: str) -> None:
    path = io.path.join(top, "no-such.txt")
    io.write_file(io.path.join(top, "other"), "")
    with pytest.raises(FileNotFoundError) as caught:
        getattr(io, operation)(path)
    assert caught.value.filename == path
    assert not io.isfile(path)


@pytest.mark.parametrize("operation", ["copy", "move", "download_tree"])
def test_a_missing_source_is_named(io: Storage, top: str, operation: str) -> None:
    path = io.path.join(top, "no-such")
    with pytest.raises(FileNotFoundError) as caught:
        getattr(io, operation)(path, io.path.join(top, "target"))
    assert caught.value.filename == path


def test_a_folder_is_no_file(io: Storage, top: str) -> None:
    io.write_file(io.path.join(top, "folder", "file"), "x")
    folder = io.path.join(top, "folder")
    assert not io.isfile(folder)
    with pytest.raises(OSError, match="folder"):
        io.read_file(folder)


def test_open_reads_and_seeks(io: Storage, top: str) -> None:
    path = io.path.join(top, "data")
    content = os.urandom(300_000)
    io.write_file(path, content)
    with io.open(path, "rb") as file:
        assert file.read(10) == content[:10]
        file.seek(-5, os.SEEK_END)
        assert file.read() == content[-5:]
        file.seek(200_000)
        assert file.read(70_000) == content[200_000:270_000]
        assert file.seek(0) == 0
        assert file.read() == content


def test_open_writes_text_with_newlines_as_they_are(io: Storage, top: str) -> None:
    path = io.path.join(top, "lines.txt")
    with io.open(path, "w") as file:
        file.write("eins\nzwei\r\nümlaut")
    assert io.read_file(path) == "eins\nzwei\r\nümlaut".encode()
    with io.open(path) as file:
        assert file.read() == "eins\nzwei\r\nümlaut"
    with io.open(path, "w", encoding="latin-1") as file:
        file.write("ü")
    assert io.read_file(path) == b"\xfc"


@pytest.mark.parametrize("mode", ["w", "wb"])
def test_a_file_appears_whole_or_not_at_all(io: Storage, top: str, mode: str) -> None:
    path = io.path.join(top, "whole")
    io.write_file(path, "before")

    half = "half" if mode == "w" else b"half"

    def fail() -> None:
        with io.open(path, mode) as file:
            file.write(half)
            assert io.read_file(path) == b"before"
            raise KeyError("the writer fails")

    with pytest.raises(KeyError):
        fail()
    dropped = io.open(path, mode)
    dropped.write(half)
    del dropped
    assert io.read_file(path) == b"before"
    assert list(io.walk(top)) == [(top, [], ["whole"])]

    with io.open(path, mode) as file:
        file.write(half)
    assert io.read_file(path) == b"half"


def test_open_refuses_modes_that_change_a_file_in_place(io: Storage, top: str) -> None:
    for mode in ("r+", "x", "rb+", "a+"):
        with pytest.raises(ValueError, match="mode"):
            io.open(io.path.join(top, "file"), mode)


TREE = {
    "b.txt": "1",
    "a.txt": "2",
    "a/x.txt": "3",
    "a/b/y.txt": "4",
    "a-b/z.txt": "5",
    "a b/w.txt": "6",
    ".hidden/h.txt": "7",
    "a/.secret": "8",
}


def test_walk_has_the_order_and_shape_of_os_walk(io: Storage, top: str) -> None:
    write_tree(io, top, TREE)
    expected = [
        ("", [".hidden", "a", "a b", "a-b"], ["a.txt", "b.txt"]),
        (".hidden", [], ["h.txt"]),
        ("a", ["b"], [".secret", "x.txt"]),
        ("a/b", [], ["y.txt"]),
        ("a b", [], ["w.txt"]),
        ("a-b", [], ["z.txt"]),
    ]
    assert [
        (join(top, *folder.split("/")) if folder else top, folders, files)
        for folder, folders, files in expected
    ] == list(io.walk(top))


def test_walk_keeps_out_of_removed_and_hidden_folders(io: Storage, top: str) -> None:
    write_tree(io, top, TREE)
    seen = []
    for folder, folders, _ in io.walk(top, exclude_hidden=True):
        seen.append(relpath(folder, top))
        folders[:] = [name for name in folders if name != "a-b"]
    assert seen == [".", "a", os.path.join("a", "b") if "://" not in top else "a/b", "a b"]
    assert ".secret" not in str(list(io.walk(top, exclude_hidden=True)))


def test_walk_of_nothing_gives_nothing(io: Storage, top: str) -> None:
    io.write_file(io.path.join(top, "file"), "x")
    assert list(io.walk(io.path.join(top, "absent"))) == []
    assert list(io.walk(io.path.join(top, "file"))) == []
    assert list(io.walk(io.path.join(top, "fil"))) == []


def test_copy_and_move_files(io: Storage, top: str) -> None:
    first, second, third = (io.path.join(top, name) for name in ("1", "d/2", "d/e/3"))
    io.write_file(first, "content")
    io.write_file(second, "old")
    io.copy(first, second)
    assert io.read_file(first) == io.read_file(second) == b"content"
    io.move(second, third)
    assert not io.isfile(second)
    assert io.read_file(third) == b"content"
    io.copy(first, first)
    io.move(first, first)
    assert io.read_file(first) == b"content"


def test_copy_and_move_folders(io: Storage, top: str) -> None:
    source = io.path.join(top, "source")
    write_tree(io, source, TREE)
    expected = {name: content.encode() for name, content in TREE.items()}
    io.copy(source, io.path.join(top, "copy"))
    assert read_tree(io, io.path.join(top, "copy")) == expected
    io.move(source, io.path.join(top, "moved"))
    assert read_tree(io, io.path.join(top, "moved")) == expected
    assert read_tree(io, source) == {}
    with pytest.raises(ValueError, match="into itself"):
        io.copy(io.path.join(top, "copy"), io.path.join(top, "copy", "deeper"))


def test_what_appears_during_a_move_is_lost_nowhere(
    io: Storage, top: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, target = io.path.join(top, "source"), io.path.join(top, "target")
    write_tree(io, source, TREE)
    io.write_file(io.path.join(target, "b.txt"), "old")
    write, late = Storage(), {f"a/late{number}": str(number).encode() for number in range(20)}

    def write_late(*_: object) -> None:
        for name, content in late.items():
            write.write_file(io.path.join(source, *name.split("/")), content)

    if "://" in top:
        backend, _ = io._at(top)
        remove_files = backend.remove_files
        monkeypatch.setattr(
            backend, "remove_files", lambda *given: (write_late(), remove_files(*given))
        )
    else:
        monkeypatch.setattr("brevettiai.io.local.os.rmdir", write_late)
    io.move(source, target)
    expected = {name: content.encode() for name, content in TREE.items()}
    there = {**read_tree(io, source), **read_tree(io, target)}
    assert there == expected | late
    assert read_tree(io, target).items() >= expected.items()


def test_move_into_itself_is_refused(io: Storage, top: str) -> None:
    write_tree(io, top, TREE)
    with pytest.raises(ValueError, match="into itself"):
        io.move(top, io.path.join(top, "deeper"))
    assert len(read_tree(io, top)) == len(TREE)


def test_remove_a_file_and_a_folder(io: Storage, top: str) -> None:
    write_tree(io, top, TREE)
    io.remove(io.path.join(top, "a.txt"))
    io.remove(io.path.join(top, "a"))
    assert sorted(read_tree(io, top)) == [".hidden/h.txt", "a b/w.txt", "a-b/z.txt", "b.txt"]


def test_make_dirs_can_be_repeated(io: Storage, top: str) -> None:
    for _ in range(2):
        io.make_dirs(io.path.join(top, "a", "b"))
    io.write_file(io.path.join(top, "a", "b", "c"), "")
    assert read_tree(io, top) == {"a/b/c": b""}


def test_trees_go_up_and_down(io: Storage, top: str, tmp_path: Path) -> None:
    local = str(tmp_path / "local")
    files = {f"d{n % 7}/{n}-{name}": str(n) for n, name in enumerate(NAMES * 8)}
    write_tree(io, local, files)
    assert io.upload_tree(local, top) == len(files)
    back = str(tmp_path / "back")
    assert io.download_tree(top, back) == len(files)
    assert read_tree(io, back) == {name: content.encode() for name, content in files.items()}


def test_an_empty_folder_is_an_empty_tree(io: Storage, top: str, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert io.upload_tree(tmp_path / "empty", top) == 0


def test_failures_within_a_tree_are_reported_and_the_rest_is_done(
    io: Storage, top: str, tmp_path: Path
) -> None:
    write_tree(io, top, {"good": "1", "bad/one": "2", "other": "3"})
    back = tmp_path / "back"
    io.write_file(back / "bad", "a file where a folder must be")
    with pytest.raises(TransferError, match="bad") as caught:
        io.download_tree(top, back)
    assert caught.value.done == 2
    assert [path for path, _ in caught.value.failures] == [join(top, "bad", "one")]
    assert (back / "good").read_text() == "1"
    assert (back / "other").read_text() == "3"


def test_writers_in_threads_do_not_mix(io: Storage, top: str) -> None:
    path = io.path.join(top, "shared")
    contents = [bytes([n]) * 100_000 for n in range(8)]
    threads = [threading.Thread(target=io.write_file, args=(path, c)) for c in contents]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert io.read_file(path) in contents


# Local folders only


def test_a_written_file_keeps_links_and_permissions(tmp_path: Path) -> None:
    io = Storage()
    real = tmp_path / "real"
    io.write_file(real, "old")
    real.chmod(0o640)
    (tmp_path / "link").symlink_to(real)
    io.write_file(tmp_path / "link", "new")
    assert (tmp_path / "link").is_symlink()
    assert real.read_text() == "new"
    if os.name != "nt":
        assert stat.S_IMODE(real.stat().st_mode) == 0o640
        umask = os.umask(0)
        os.umask(umask)
        io.write_file(tmp_path / "fresh", "")
        assert stat.S_IMODE((tmp_path / "fresh").stat().st_mode) == 0o666 & ~umask


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    io = Storage()
    io.write_file(tmp_path / "file", "x")
    with pytest.raises(OSError, match="file"):
        io.write_file(tmp_path / "file" / "below", "x")
    with pytest.raises(IsADirectoryError, match=tmp_path.name):
        io.write_file(tmp_path, "x")


def test_links_to_folders_are_uploaded_once_and_never_in_circles(tmp_path: Path) -> None:
    io = Storage()
    io.write_file(tmp_path / "elsewhere" / "file", "x")
    (tmp_path / "tree").mkdir()
    (tmp_path / "tree" / "linked").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "tree" / "circle").symlink_to(tmp_path / "tree")
    assert io.upload_tree(tmp_path / "tree", tmp_path / "copy") == 1
    assert (tmp_path / "copy" / "linked" / "file").read_text() == "x"


def test_other_schemes_are_refused() -> None:
    with pytest.raises(StorageError, match="gs://"):
        Storage().read_file("gs://bucket/key")


# Paths


def test_join_and_relpath_of_addresses() -> None:
    assert join("s3://b", "a b", "c#d") == "s3://b/a b/c#d"
    assert join("s3://b/a/", "/c") == "s3://b/a/c"
    assert join("folder", "s3://b/a", "c") == "s3://b/a/c"
    assert join("s3://b/a", "") == "s3://b/a"
    assert relpath("s3://b/a/c/d", "s3://b/a") == "c/d"
    assert relpath("s3://b/a/", "s3://b/a") == "."
    with pytest.raises(ValueError, match="does not lie"):
        relpath("s3://b/ab", "s3://b/a")


@pytest.mark.parametrize("name", ["", "/a", "a//b", "..", "a/../b", ".", "a/", "C:/x", "a\nb"])
def test_names_that_leave_their_folder_are_refused(name: str) -> None:
    with pytest.raises(ValueError, match="no name inside a folder"):
        split_name(name, windows=False)


@pytest.mark.parametrize("name", ["a\\..\\b", "\\\\host\\share", "C:x", "nul.txt", "a. ", "a<b"])
def test_windows_has_more_names_that_are_refused(name: str) -> None:
    with pytest.raises(ValueError):
        split_name(name, windows=True)


@pytest.mark.parametrize("wrap", [str, PurePosixPath])
def test_a_job_lies_where_its_folded_address_says(
    bucket: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wrap: Any
) -> None:
    monkeypatch.chdir(tmp_path)
    folder = PurePosixPath(f"s3://{bucket}/job")
    given = {"job_dir": wrap(folder), "args": []}
    flags = {"args": ["--job_dir", str(folder)]}
    for options in (given, flags):
        job = Job.init(**options)
        assert job.job_dir == f"s3://{bucket}/job"
        assert job.io.isfile(f"s3://{bucket}/job/artifacts/output.json")
    assert not list(tmp_path.iterdir())


def test_a_folder_that_is_moved_keeps_its_empty_folders(io: Storage, tmp_path: Path) -> None:
    for name in ("new", "into/merged"):
        (tmp_path / "source" / "empty" / "inner").mkdir(parents=True)
        (tmp_path / "source" / "script").write_text("#!/bin/sh")
        (tmp_path / "into" / "merged" / "empty").mkdir(parents=True, exist_ok=True)
        io.move(tmp_path / "source", tmp_path / name)
        assert (tmp_path / name / "empty" / "inner").is_dir()
        assert (tmp_path / name / "script").is_file()
        assert not (tmp_path / "source").exists()


def test_across_disks_a_folder_is_copied_and_removed(
    io: Storage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_tree(io, str(tmp_path / "source"), TREE)

    def refuse(*_: object) -> None:
        raise OSError(errno.EXDEV, "another disk")

    rename = os.rename
    monkeypatch.setattr(os, "rename", refuse)
    io.move(tmp_path / "source", tmp_path / "target")
    monkeypatch.setattr(os, "rename", rename)
    assert len(read_tree(io, str(tmp_path / "target"))) == len(TREE)
    assert not (tmp_path / "source").exists()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
def test_copies_keep_permissions(io: Storage, tmp_path: Path) -> None:
    script = tmp_path / "script"
    script.write_text("#!/bin/sh")
    script.chmod(0o755)
    old = os.umask(0o022)
    try:
        io.copy(script, tmp_path / "copy")
    finally:
        os.umask(old)
    assert stat.S_IMODE((tmp_path / "copy").stat().st_mode) == 0o755


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes with names")
def test_a_pipe_in_a_tree_is_a_failure_and_blocks_nothing(io: Storage, tmp_path: Path) -> None:
    write_tree(io, str(tmp_path / "source"), TREE)
    os.mkfifo(tmp_path / "source" / "pipe")
    with pytest.raises(TransferError, match="no regular file") as caught:
        io.copy(tmp_path / "source", tmp_path / "target")
    assert caught.value.done == len(TREE)
    assert caught.value.failures[0][0] == str(tmp_path / "source" / "pipe")


def test_what_was_not_begun_is_counted(io: Storage, tmp_path: Path) -> None:
    (tmp_path / "source").mkdir()
    for number in range(500):
        (tmp_path / "source" / f"{number:03}").symlink_to("nowhere")
    with pytest.raises(TransferError, match="were not begun") as caught:
        io.copy(tmp_path / "source", tmp_path / "target")
    error = caught.value
    assert len(error.failures) + error.done + error.left == 500


def test_text_modes_can_be_said(io: Storage, top: str) -> None:
    path = io.path.join(top, "file")
    with io.open(path, "wt") as file:
        file.write("ä")
    with io.open(path, "rt") as file:
        assert file.read() == "ä"
