"""A job against the platform's HTTP interface and S3, both over HTTP on this machine."""

from __future__ import annotations

import json
import logging
import os
import socket
import sys
import time
import traceback
import uuid
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from brevettiai.io import Storage
from brevettiai.platform import Job, JobError, PlatformError
from brevettiai.platform.credentials import parse_assume_role
from standins.platform_server import JOB_ID, KEY, PlatformServer
from standins.s3_server import S3Server

pytestmark = pytest.mark.usefixtures("platform_environment")


def test_a_job_begins_works_and_completes(
    job: Job, store: Storage, bucket: str, platform: PlatformServer, s3_server: S3Server
) -> None:
    assert job.id == JOB_ID
    assert job.name == "training"
    assert job.host_name == platform.url
    assert job.tags == ({"id": "t1", "name": "root"},)
    assert job.root_tags() == [{"id": "t1", "name": "root"}]
    assert job.settings.some_setting == 1
    assert job.job_dir == f"s3://{bucket}/{JOB_ID}"

    job.get_remote_monitor().on_epoch_end(3, {"loss": 0.5, "bad": float("nan")})
    job.add_output_metric("f1", 0.75)
    package = job.temp_path("model v1.tar.gz")
    job.io.write_file(package, b"weights")
    job.complete(package)

    assert platform.posts == [
        (f"/api/models/{JOB_ID}/epoch", {"data": ['{"epoch": 3, "loss": 0.5, "bad": null}']}),
        (f"/api/models/{JOB_ID}/complete?x=1&path=artifacts/model%20v1.tar.gz", {}),
    ]
    artifacts = f"s3://{bucket}/{JOB_ID}/artifacts"
    assert store.read_file(f"{artifacts}/model v1.tar.gz") == b"weights"
    output = json.loads(store.read_file(f"{artifacts}/output.json"))
    assert output["output"] == {"f1": 0.75}
    assert output["config"]["settings"] == {"some_setting": 1}
    assert platform.given == [f"modelId-{JOB_ID}-0"]


def test_a_package_in_the_job_folder_is_named_from_there(
    job: Job, platform: PlatformServer
) -> None:
    job.upload_artifact("deep/model.bin", b"x")
    job.complete(job.artifact_path("deep", "model.bin"), output_args="&more=1")
    assert platform.posts[-1][0].endswith("path=artifacts/deep/model.bin&more=1")


@pytest.mark.parametrize("how", ["flags", "flags with =", "environment", "info file"])
def test_the_id_and_key_come_from_flags_environment_or_info_file(
    how: str,
    store: Storage,
    bucket: str,
    info: dict[str, Any],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    store.write_file(f"s3://{bucket}/{JOB_ID}/info.json", json.dumps(info))
    if how == "flags":
        words = ["--model_id", JOB_ID, "--api_key", KEY]
    elif how == "flags with =":
        words = [f"--test_id={JOB_ID}", f"--api_key={KEY}"]
    elif how == "environment":
        words = []
        monkeypatch.setenv("job_id", JOB_ID)
        monkeypatch.setenv("api_key", KEY)
    else:
        (tmp_path / "i.json").write_text(json.dumps(info))
        words = ["--info_file", "i.json"]
    monkeypatch.setattr(sys, "argv", ["job.py", *words])
    assert Job.init().job_dir == f"s3://{bucket}/{JOB_ID}"


def test_datasets_and_models_have_credentials_of_their_own(
    store: Storage,
    bucket: str,
    info: dict[str, Any],
    platform: PlatformServer,
    s3_server: S3Server,
) -> None:
    first, second, model = (str(uuid.uuid4()) for _ in range(3))
    info["datasets"] = [
        {"id": first, "name": "first"},
        {"id": second, "name": "second", "bucket": f"s3://{bucket}/{second}"},
    ]
    info["models"] = [{"id": model, "bucket": f"s3://{bucket}/{model}"}]
    for folder in (first, second, model):
        store.write_file(f"s3://{bucket}/{folder}/file", folder)
    store.write_file(f"s3://{bucket}/{JOB_ID}/info.json", json.dumps(info))
    job = Job.init(JOB_ID, KEY)
    s3_server.gate = lambda key, _, path: None if key.split("-", 1)[1][:36] in path else "403"
    for dataset in job.datasets:
        content = job.io.read_file(job.io.path.join(dataset.bucket, "file"))
        assert content == dataset.id.encode()
    assert job.io.read_file(f"s3://{bucket}/{model}/file") == model.encode()
    with pytest.raises(PermissionError, match="credentials"):
        job.io.read_file(f"s3://{bucket}/elsewhere/file")
    # Across credentials a file goes through this machine.
    job.io.copy(f"s3://{bucket}/{first}/file", job.artifact_path("copied"))
    assert job.io.read_file(job.artifact_path("copied")) == first.encode()
    assert [name.rsplit("-", 1)[0] for name in platform.given] == [
        f"modelId-{JOB_ID}",
        f"datasetId-{first}",
        f"datasetId-{second}",
        f"modelId-{model}",
    ]


# Credentials


def test_credentials_are_renewed_before_they_expire(
    store: Storage, bucket: str, info: dict[str, Any], platform: PlatformServer
) -> None:
    platform.lifetime = timedelta(seconds=5)
    store.write_file(f"s3://{bucket}/{JOB_ID}/info.json", json.dumps(info))
    job = Job.init(JOB_ID, KEY)
    for _ in range(5):
        job.io.isfile(job.artifact_path("output.json"))
    assert len(platform.given) == 1
    time.sleep(4.5)
    job.io.isfile(job.artifact_path("output.json"))
    assert len(platform.given) == 2


def test_an_answer_that_says_expired_renews_the_credentials_once(
    job: Job, platform: PlatformServer, s3_server: S3Server, tmp_path: Path
) -> None:
    stale = set(platform.given)
    s3_server.gate = lambda key, *_: "ExpiredToken" if key in stale else None
    assert job.io.isfile(job.artifact_path("output.json"))
    assert len(platform.given) == 2

    # Also in the midst of a tree, by many threads at once, and in parts of large files.
    stale |= set(platform.given)
    (tmp_path / "up").mkdir()
    for number in range(40):
        (tmp_path / "up" / str(number)).write_bytes(b"x")
    (tmp_path / "up" / "large").write_bytes(os.urandom(9 << 20))
    assert job.io.upload_tree(tmp_path / "up", job.artifact_path("tree")) == 41
    assert len(platform.given) == 3

    s3_server.gate = lambda *_: "ExpiredToken"
    with pytest.raises(PermissionError, match="expired"):
        job.io.read_file(job.artifact_path("output.json"))


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ("<html>please log in", "no XML of credentials"),
        ("", "no XML of credentials"),
        ("<a><AccessKeyId>x</AccessKeyId></a>", "lacks SecretAccessKey, SessionToken"),
        (
            '<!DOCTYPE a [<!ENTITY b "boom">]><a><AccessKeyId>&b;</AccessKeyId></a>',
            "no XML of credentials",
        ),
        (
            "<a><AccessKeyId>x</AccessKeyId><SecretAccessKey>x</SecretAccessKey>"
            "<SessionToken>x</SessionToken><Expiration>2001-01-01T00:00:00Z</Expiration></a>",
            "expired at 2001",
        ),
    ],
)
def test_answers_that_are_no_credentials_are_said(
    platform: PlatformServer, answer: str, message: str
) -> None:
    platform.credentials_answer = answer or " "
    with pytest.raises(PlatformError, match=message):
        Job.init(JOB_ID, KEY)


def test_credentials_without_an_expiration_live_a_quarter_of_an_hour() -> None:
    found = parse_assume_role(
        b"<r xmlns='x'><AccessKeyId>a</AccessKeyId><SecretAccessKey>b</SecretAccessKey>"
        b"<SessionToken>c</SessionToken></r>",
        "here",
    )
    assert (found["access_key"], found["secret_key"], found["token"]) == ("a", "b", "c")
    assert found["expiry_time"]


# Bad input


def test_a_wrong_key_is_said_and_not_shown() -> None:
    with pytest.raises(JobError, match="refuses the api key") as caught:
        Job.init(JOB_ID, "wr0ng-key")
    shown = "".join(traceback.format_exception(caught.value))
    assert "wr0ng-key" not in shown.replace('Job.init(JOB_ID, "wr0ng-key")', "")
    error: BaseException | None = caught.value
    while error is not None:
        assert "wr0ng-key" not in repr(error)
        error = error.__cause__ or error.__context__


def test_an_unknown_job_is_said() -> None:
    with pytest.raises(JobError, match="knows no such job"):
        Job.init("0" * 8, KEY)


def test_an_absent_info_is_said(bucket: str) -> None:
    with pytest.raises(JobError, match=rf"s3://{bucket}/{JOB_ID}/info.json: there is no such"):
        Job.init(JOB_ID, KEY)


def test_a_broken_info_is_said(store: Storage, bucket: str) -> None:
    store.write_file(f"s3://{bucket}/{JOB_ID}/info.json", "{'")
    with pytest.raises(JobError, match="is no JSON"):
        Job.init(JOB_ID, KEY)


def test_an_absent_bucket_is_said() -> None:
    with pytest.raises(JobError, match="s3://no-such-bucket-here"):
        Job.init(JOB_ID, KEY, data_bucket="s3://no-such-bucket-here")


def unused_address() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{probe.getsockname()[1]}"


def test_an_unreachable_platform_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("brevettiai.platform.client._AT_FIRST", 0.1)
    host = unused_address()
    with pytest.raises(JobError, match=r"cannot be reached .*refused") as caught:
        Job.init(JOB_ID, KEY, host=host)
    assert host in str(caught.value)
    assert KEY not in "".join(traceback.format_exception(caught.value))


def test_an_unreachable_bucket_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", unused_address())
    monkeypatch.setenv("BREVETTIAI_S3_PATIENCE", "0")
    with pytest.raises(JobError, match=r"info\.json: cannot be read: .*S3 cannot be reached"):
        Job.init(JOB_ID, KEY)


def test_a_host_that_is_no_address_is_said() -> None:
    with pytest.raises(JobError, match="https://"):
        Job.init(JOB_ID, KEY, host="platform.brevetti.ai")


def test_an_id_without_a_key_and_a_key_without_an_id_are_said() -> None:
    with pytest.raises(JobError, match="has no api key"):
        Job.init(JOB_ID)
    with pytest.raises(JobError, match="no job id"):
        Job.init(api_key=KEY)


# The key


def test_the_key_is_shown_nowhere(
    job: Job, store: Storage, bucket: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        job.root_tags()
        job.upload_job_output()
    assert "roottags?key=***" in caplog.text
    stored = store.read_file(f"s3://{bucket}/{JOB_ID}/artifacts/output.json").decode()
    launch = job._launch
    for text in (caplog.text, stored, repr(job), repr(vars(job)), repr(launch), repr(launch.info)):
        assert "k3y" not in text


# Storage of a job


def test_files_read_are_kept_and_asked_about(job: Job, store: Storage, s3_server: S3Server) -> None:
    path = job.artifact_path("cached.bin")
    store.write_file(path, b"one" * 1000)
    assert job.io.read_file(path) == b"one" * 1000
    s3_server.cut = 1  # A body would be cut off in the middle: there must be none.
    assert job.io.read_file(path) == b"one" * 1000
    assert s3_server.cut == 1
    s3_server.cut = 0
    store.write_file(path, b"two")
    assert job.io.read_file(path) == b"two"
    job.io.remove(path)
    with pytest.raises(FileNotFoundError):
        job.io.read_file(path)


def test_a_cache_path_outlives_the_job(
    store: Storage, bucket: str, info: dict[str, Any], s3_server: S3Server, tmp_path: Path
) -> None:
    store.write_file(f"s3://{bucket}/{JOB_ID}/info.json", json.dumps(info))
    store.write_file(f"s3://{bucket}/{JOB_ID}/data", b"x" * 5000)
    for cut in (0, 1):
        job = Job.init(JOB_ID, KEY, cache_path=tmp_path / "cache")
        s3_server.cut = cut
        assert job.io.read_file(job.io.path.join(job.job_dir, "data")) == b"x" * 5000
        assert s3_server.cut == cut


def test_a_job_of_the_platform_can_work_in_a_local_folder(
    store: Storage, bucket: str, info: dict[str, Any], tmp_path: Path, platform: PlatformServer
) -> None:
    store.write_file(f"s3://{bucket}/{JOB_ID}/info.json", json.dumps(info))
    job = Job.init(JOB_ID, KEY, job_dir=tmp_path / "here")
    assert (tmp_path / "here" / "artifacts" / "output.json").is_file()
    assert job.name == "training"
