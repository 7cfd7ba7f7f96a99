"""Storage over a network where everything goes wrong that passes: what it returns is so."""

from __future__ import annotations

import hashlib
import os
import random
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from brevettiai.io import Storage, StorageSettings
from standins.faults import EXPIRY, PASSING, STALLS, Faults
from standins.s3_server import S3Server

NAMES = [
    *["plain", "a b+c", "a%20b", "größe-字", "d/x", "d/y", "d/e/z", "d/e/é?#", "f/1", "f/2", "f/3"]
]
SIZES = [0, 1, 1000, 1000, 40_000, 40_000, 300_000]
LARGE = 9 << 20

pytestmark = pytest.mark.usefixtures("s3_client")
threads_and_clients = pytest.mark.parametrize(
    ("threads", "s3_client"), [(1, "boto3"), (4, "obstore")], indirect=["s3_client"]
)


class Walker:
    """Does operations drawn by a seed, and knows what must be there after each.

    Attributes:
        there: the content of each object by its name below the top.
        done: how many operations were done.
    """

    def __init__(self, io: Storage, top: str, folder: Path, seed: int) -> None:
        self.io, self.top, self.folder = io, top, folder
        self.random = random.Random(seed)
        self.there: dict[str, bytes] = {}
        self.done = 0
        kinds: dict[Callable[[], None], float] = {
            self.write: 20,
            self.write_by_parts: 8,
            self.read: 25,
            self.read_with_seeks: 10,
            self.read_a_range: 6,
            self.ask: 12,
            self.walk: 3,
            self.look: 6,
            self.copy: 6,
            self.move: 6,
            self.remove: 6,
            self.up: 2,
            self.down: 1,
            self.sync_up: 1,
            self.sync_down: 1,
            self.append_to_local_file: 3,
            self.move_folder: 1,
            self.remove_folder: 1,
            self.large: 0.5,
        }
        self._kinds, self._weights = [*kinds], [*kinds.values()]

    def walk_through(self, operations: int) -> None:
        while self.done < operations:
            (operation,) = self.random.choices(self._kinds, self._weights)
            operation()
            self.done += 1

    def path(self, name: str) -> str:
        return f"{self.top}/{name}"

    def name(self) -> str:
        return self.random.choice(NAMES)

    def present(self) -> str:
        """The name of an object that is there."""
        if not self.there:
            self.write()
        return self.random.choice(sorted(self.there))

    def below(self, folder: str) -> dict[str, bytes]:
        return {
            name[len(folder) :]: content
            for name, content in self.there.items()
            if name.startswith(folder)
        }

    def content(self, size: int | None = None) -> bytes:
        size = self.random.choice(SIZES) if size is None else size
        return self.random.randbytes(min(size, 1000)) * -(-size // 1000)

    def write(self) -> None:
        name, content = self.name(), self.content()
        self.io.write_file(self.path(name), content)
        self.there[name] = content

    def write_by_parts(self) -> None:
        name, content = self.name(), self.content()
        with self.io.open(self.path(name), "wb") as file:
            file.write(content[: len(content) // 3])
            file.write(content[len(content) // 3 :])
        self.there[name] = content

    def read(self) -> None:
        name = self.name()
        if name in self.there:
            assert self.io.read_file(self.path(name)) == self.there[name]
        else:
            with pytest.raises(FileNotFoundError):
                self.io.read_file(self.path(name))

    def read_with_seeks(self) -> None:
        name = self.present()
        content = self.there[name]
        with self.io.open(self.path(name), "rb") as file:
            if self.random.random() < 0.5:
                assert file.read() == content
            for _ in range(2):
                place = self.random.randint(0, len(content))
                file.seek(place)
                size = self.random.randint(0, len(content) + 5)
                assert file.read(size) == content[place : place + size]

    def read_a_range(self) -> None:
        name = self.present()
        content = self.there[name]
        start = self.random.randint(0, len(content))
        stop = self.random.randint(start, len(content))
        assert self.io.read_file(self.path(name), start, stop) == content[start:stop]

    def look(self) -> None:
        """By every verb that lists."""
        sizes = {name: len(content) for name, content in self.there.items()}
        assert {entry.name: entry.size for entry in self.io.files(self.top)} == sizes
        ones = [name for name in self.there if name.startswith("d/e/")]
        found = self.io.glob(self.path("d/e/*"))
        assert sorted(found) == sorted(map(self.path, ones))
        name = self.name()
        assert self.io.exists(self.path(name)) == (name in self.there)
        assert self.io.isdir(self.path("d")) == bool(self.below("d/"))
        if name in self.there:
            assert self.io.stat(self.path(name)).size == sizes[name]

    def append_to_local_file(self) -> None:
        """A file that is uploaded when it is closed."""
        name = self.present()
        content = self.content()
        with self.io.local_file(self.path(name), "a") as local, open(local, "ab") as file:
            file.write(content)
        self.there[name] += content

    def ask(self) -> None:
        name = self.name()
        assert self.io.isfile(self.path(name)) == (name in self.there)
        if name in self.there:
            digest = hashlib.md5(self.there[name]).hexdigest()
            assert self.io.get_md5(self.path(name)) == digest

    def walk(self) -> None:
        found = [
            self.io.path.relpath(self.io.path.join(folder, name), self.top)
            for folder, _, names in self.io.walk(self.top)
            for name in names
        ]
        assert sorted(found) == sorted(self.there)

    def copy(self) -> None:
        source, target = self.present(), self.name()
        self.io.copy(self.path(source), self.path(target))
        self.there[target] = self.there[source]

    def move(self) -> None:
        source, target = self.present(), self.name()
        self.io.move(self.path(source), self.path(target))
        self.there[target] = self.there[source]
        if source != target:
            del self.there[source]

    def remove(self) -> None:
        name = self.name()
        if name in self.there:
            self.io.remove(self.path(name))
            del self.there[name]
        else:
            with pytest.raises(FileNotFoundError):
                self.io.remove(self.path(name))

    def up(self) -> None:
        folder = self.folder / f"up{self.done}"
        for number in range(self.random.randint(1, 9)):
            content = self.content()
            self.io.write_file(folder / "f" / str(number), content)
            self.there[f"f/{number}"] = content
        assert self.io.upload_tree(folder, self.top) == len(list((folder / "f").iterdir()))

    def down(self) -> None:
        self.present()
        folder = self.folder / f"down{self.done}"
        assert self.io.download_tree(self.top, folder) == len(self.there)
        found = {
            path.relative_to(folder).as_posix(): path.read_bytes()
            for path in folder.rglob("*")
            if path.is_file()
        }
        assert found == self.there

    def sync_up(self) -> None:
        """Some files are new, some changed, some gone."""
        folder = self.folder / "synced"
        for name in self.random.sample(NAMES[4:], 3):
            self.io.write_file(folder / name, self.content())
        kept = {p.relative_to(folder).as_posix(): p for p in folder.rglob("*") if p.is_file()}
        delete = self.random.random() < 0.5
        self.io.sync(folder, self.top, delete=delete)
        self.there = {
            **({} if delete else self.there),
            **{name: path.read_bytes() for name, path in kept.items()},
        }

    def sync_down(self) -> None:
        self.present()
        folder = self.folder / "mirror"
        self.io.sync(self.top, folder, delete=True)
        files = [path for path in folder.rglob("*") if path.is_file()]
        found = {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}
        assert found == self.there

    def move_folder(self) -> None:
        moved = self.below("d/")
        if moved:
            self.io.move(self.path("d"), self.path("f"))
        for name, content in moved.items():
            del self.there[f"d/{name}"]
            self.there[f"f/{name}"] = content

    def remove_folder(self) -> None:
        removed = self.below("f/")
        if removed:
            self.io.remove(self.path("f"))
        else:
            with pytest.raises(FileNotFoundError):
                self.io.remove(self.path("f"))
        for name in removed:
            del self.there[f"f/{name}"]

    def large(self) -> None:
        content = self.content(LARGE)
        local = self.folder / "large"
        local.write_bytes(content)
        self.io.copy(local, self.path("large"))
        self.io.copy(self.path("large"), self.path("copied"))
        self.io.copy(self.path("copied"), local)
        assert local.read_bytes() == content
        assert self.io.read_file(self.path("large")) == content
        self.io.move(self.path("large"), self.path("copied"))
        self.io.remove(self.path("copied"))


def renewed() -> dict[str, str]:
    kept = {"access_key": "AKIARENEWED", "secret_key": "x", "token": "x"}
    return {**kept, "expiry_time": "2999-01-01T00:00:00+00:00"}


def walk_under_faults(
    s3_server: S3Server, bucket: str, folder: Path, faults: Faults, *, threads: int, each: int
) -> None:
    """Operations in threads that share a storage; what the server has then must be there."""
    io = Storage(settings=StorageSettings(read_timeout=0.5))
    io.s3.add_route(f"s3://{bucket}", renewed)
    walkers = [
        Walker(io, f"s3://{bucket}/{number}", folder / str(number), number)
        for number in range(threads)
    ]
    failures: list[BaseException] = []

    def walk(walker: Walker) -> None:
        walker.folder.mkdir()
        try:
            walker.walk_through(each)
        except BaseException as error:
            failures.append(error)

    s3_server.gate = faults
    running = [threading.Thread(target=walk, args=(walker,)) for walker in walkers]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()
    left_open = s3_server.open_uploads(bucket)
    s3_server.open_gate()
    if failures:
        raise failures[0]
    assert s3_server.objects(bucket) == {
        f"{number}/{name}": content
        for number, walker in enumerate(walkers)
        for name, content in walker.there.items()
    }
    assert not left_open


def test_an_outage_is_asked_after_by_few_and_its_end_known_by_all(
    s3_server: S3Server, bucket: str, tmp_path: Path
) -> None:
    io = Storage()
    files = {str(number): str(number).encode() * 50 for number in range(100)}
    for name, content in files.items():
        io.write_file(tmp_path / "up" / name, content)
    for copy in (
        lambda: io.upload_tree(tmp_path / "up", f"s3://{bucket}/tree"),
        lambda: io.download_tree(f"s3://{bucket}/tree", tmp_path / "down"),
    ):
        s3_server.gate = faults = Faults(0, outages={40: 2})
        assert copy() == 100
        # Each thread may have tried a little before it was known.
        assert 0 < len(faults.refused) < 120
        assert 0 < time.monotonic() - faults.away_until < 10
    for name, content in files.items():
        assert (tmp_path / "down" / name).read_bytes() == content
    assert s3_server.objects(bucket) == {f"tree/{name}": files[name] for name in files}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("s3_client", "upwards"), [("boto3", True), ("obstore", False)], indirect=["s3_client"]
)
def test_an_outage_of_half_a_minute(
    s3_server: S3Server, bucket: str, tmp_path: Path, upwards: bool
) -> None:
    io, tree = Storage(), f"s3://{bucket}/tree"
    for number in range(500):
        io.write_file(tmp_path / "up" / str(number), os.urandom(1000))
    if not upwards:
        io.upload_tree(tmp_path / "up", tree)
    s3_server.gate = faults = Faults(0, outages={100: 30})
    if upwards:
        assert io.upload_tree(tmp_path / "up", tree) == 500
    else:
        assert io.download_tree(tree, tmp_path / "down") == 500
    assert 0 <= faults.back_at - faults.away_until < 10
    assert len(faults.refused) < 300


@pytest.mark.parametrize("fault", ["stall", "hold"])
def test_what_stalls_goes_on_after_the_timeout(
    s3_server: S3Server, bucket: str, tmp_path: Path, fault: str
) -> None:
    io = Storage(settings=StorageSettings(read_timeout=0.5))
    small, large = f"s3://{bucket}/small", f"s3://{bucket}/large"
    content = {small: os.urandom(100_000), large: os.urandom(LARGE)}

    def open_and_read(path: str) -> bytes:
        with io.open(path, "rb") as file:
            return file.read()

    def download(path: str) -> bytes:
        io.copy(path, tmp_path / "down")
        return (tmp_path / "down").read_bytes()

    def write(path: str) -> bytes:
        io.write_file(path, content[path])
        return content[path]

    for path in (small, large):
        for operation in (write, io.read_file, open_and_read, download):
            left = [fault]
            body = "PUT" if operation is write else "GET"
            s3_server.gate = lambda key, method, path, left=left, body=body: (
                left.pop() if left and method == body else None
            )
            begun = time.monotonic()
            assert operation(path) == content[path]
            assert time.monotonic() - begun < 20  # It is held for a minute.
            assert not left
    s3_server.open_gate()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no signals to threads")
@pytest.mark.parametrize("large", [False, True])
@pytest.mark.parametrize("direction", ["up", "down"])
def test_an_interrupted_tree_leaves_no_threads_and_no_half_files(
    s3_server: S3Server,
    bucket: str,
    tmp_path: Path,
    interrupting: Callable[[], None],
    direction: str,
    large: bool,
) -> None:
    io = Storage()
    for number in range(3 if large else 200):
        io.write_file(tmp_path / "up" / str(number), b"x" * (LARGE if large else 10))
    if direction == "down":
        io.upload_tree(tmp_path / "up", f"s3://{bucket}/tree")
    begun = threading.Event()

    def gate(key: str, method: str, path: str) -> str | None:
        if "list-type" in path:
            return None
        begun.set()
        return "drop"

    def interrupt() -> None:
        begun.wait(30)
        interrupting()

    s3_server.gate = gate
    threading.Thread(target=interrupt).start()
    before = time.monotonic()
    tree = f"s3://{bucket}/tree"
    transfer = (
        partial(io.upload_tree, tmp_path / "up", tree)
        if direction == "up"
        else partial(io.download_tree, tree, tmp_path / "down")
    )
    with pytest.raises(KeyboardInterrupt):
        transfer()
    for thread in threading.enumerate():
        if thread.name.startswith("brevettiai-io"):
            while thread.ident is None:  # It is about to begin.
                time.sleep(0.01)
            thread.join(20)
    assert time.monotonic() - before < 20
    assert [*(tmp_path / "down").rglob("*")] == []


@threads_and_clients
def test_what_storage_returns_is_so(
    s3_server: S3Server, bucket: str, tmp_path: Path, threads: int
) -> None:
    faults = Faults(threads, 0.15, PASSING + EXPIRY)
    walk_under_faults(s3_server, bucket, tmp_path, faults, threads=threads, each=160 // threads)
    assert faults.drawn.total() > 30


@pytest.mark.slow
@pytest.mark.parametrize(
    ("share", "s3_client"), [(0.08, "boto3"), (0.16, "obstore")], indirect=["s3_client"]
)
def test_thousands_of_operations(
    s3_server: S3Server, bucket: str, tmp_path: Path, share: float
) -> None:
    kinds = 6 * (PASSING + EXPIRY) + STALLS
    faults = Faults(100, share, kinds, {500: 2, 1500: 1})
    walk_under_faults(s3_server, bucket, tmp_path, faults, threads=12, each=105)
    assert len({kind for _, kind in faults.drawn}) == len({*kinds})
