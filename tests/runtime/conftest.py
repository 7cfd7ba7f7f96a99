"""Servers that tests of the runtime talk to, over HTTP on this machine."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
from brevettiai.io import Storage
from brevettiai.io.backends import BACKENDS
from standins.memory_files import MemoryFiles
from standins.s3_clients import use_client
from standins.s3_server import S3Server


@pytest.fixture(scope="session")
def s3_server_of_session() -> Iterator[S3Server]:
    server = S3Server()
    yield server
    server.stop()


@pytest.fixture
def s3_server(
    s3_server_of_session: S3Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> S3Server:
    """An S3 server, and an environment in which AWS's own settings lead there."""
    s3_server_of_session.open_gate()
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", s3_server_of_session.url)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAENVIRONMENT")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, str(tmp_path / "no-such-file"))
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_REGION", "HTTP_PROXY", "http_proxy"):
        monkeypatch.delenv(name, raising=False)
    return s3_server_of_session


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
def io(request: pytest.FixtureRequest) -> Storage:
    if "top" in request.fixturenames:
        request.getfixturevalue("top")  # Which may set what storage takes from the environment.
    return Storage()


@pytest.fixture(params=["local", "boto3", "obstore", "memory"])
def top(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The folder in which a test works."""
    if request.param == "local":
        return str(tmp_path / "top")
    if request.param == "memory":
        monkeypatch.setitem(BACKENDS, "memory", MemoryFiles)
        monkeypatch.setattr(MemoryFiles, "kept", {})
        return "memory://shelf/top of all"
    use_client(request.param, monkeypatch)
    return f"s3://{request.getfixturevalue('bucket')}/top of all"
