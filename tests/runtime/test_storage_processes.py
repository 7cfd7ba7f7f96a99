"""Storage in processes that were forked or spawned by one that has used it."""

from __future__ import annotations

import multiprocessing
import os
import pickle
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

import pytest
from brevettiai.io import Storage, StorageSettings
from brevettiai.messages.hidden import Secret
from brevettiai.platform.client import PlatformClient
from standins.forking import forks, in_children
from standins.reading import FILES, content, wrong_reads

pytestmark = pytest.mark.usefixtures("s3_client")
METHODS = multiprocessing.get_all_start_methods()


@pytest.fixture
def top(bucket: str) -> str:
    io = Storage()
    for number in range(FILES):
        io.write_file(f"s3://{bucket}/{number}", content(number))
    return f"s3://{bucket}"


@pytest.mark.parametrize(
    ("method", "s3_client"),
    [(each, "obstore") for each in METHODS] + [(METHODS[0], "boto3")],
    indirect=["s3_client"],
)
def test_workers_read_their_own_files(top: str, method: str, tmp_path: Path) -> None:
    io = Storage(partial(str, tmp_path / "cache"))
    assert len([*io.walk(top)]) == 1
    assert wrong_reads(io, top) == 0
    context = multiprocessing.get_context(method)
    with ProcessPoolExecutor(4, mp_context=context) as pool:
        results = [pool.submit(wrong_reads, io, top) for _ in range(8)]
        assert [result.result(60) for result in results] == [0] * 8
    assert wrong_reads(io, top) == 0


@forks
def test_forked_processes_do_not_share_connections(top: str) -> None:
    io = Storage()
    assert wrong_reads(io, top) == 0
    assert in_children(4, lambda: wrong_reads(io, top) == 0) == [0] * 4
    assert wrong_reads(io, top) == 0


@pytest.mark.slow
@forks
def test_many_forked_readers(top: str) -> None:
    io = Storage()
    assert len([*io.walk(top)]) == 1
    assert wrong_reads(io, top) == 0
    for _ in range(4):
        assert in_children(10, lambda: wrong_reads(io, top, 5) == 0) == [0] * 10


@forks
def test_a_fork_while_another_thread_holds_the_locks(top: str) -> None:
    io = Storage()
    assert io.isfile(f"{top}/1")
    route = io.s3._route(top)
    with route._lock, io._lock:
        assert in_children(1, lambda: io.read_file(f"{top}/1") == content(1)) == [0]


@forks
def test_an_open_file_in_a_forked_process(top: str) -> None:
    io, whole = Storage(), os.urandom(5 << 20)
    io.write_file(f"{top}/large", whole)
    with io.open(f"{top}/large", "rb") as file:
        assert file.read(6) == whole[:6]
        assert in_children(2, lambda: file.read() == whole[6:]) == [0, 0]
        assert file.read() == whole[6:]


def test_a_process_that_python_does_not_know_of(top: str, monkeypatch: pytest.MonkeyPatch) -> None:
    io = Storage()
    io.read_file(f"{top}/1")
    before = io.s3._route(top)._connection
    monkeypatch.setattr(os, "getpid", lambda: 4321)
    assert io.read_file(f"{top}/1") == content(1)
    assert io.s3._route(top)._connection is not before


def test_a_pickle_keeps_routes_and_cache_and_shows_no_key(tmp_path: Path) -> None:
    client = PlatformClient("https://platform.example", "id", Secret("canary"))
    io = Storage(partial(str, tmp_path), StorageSettings(patience=7))
    io.s3.add_route("s3://bucket/a", partial(client.credentials, "modelId", "id"))
    again = pickle.loads(pickle.dumps(io))
    ((prefix, source),) = again.s3.routes()
    assert prefix == "s3://bucket/a"
    assert source.args == ("modelId", "id")
    assert again._folder() == str(tmp_path)
    assert again.settings == io.settings
    assert "canary" not in repr(source)


def test_a_pickle_of_storage_that_was_not_used() -> None:
    again = pickle.loads(pickle.dumps(Storage()))
    assert again._backends == {}
