"""What a job asks of the platform: for how long, how often, and how it is answered."""

from __future__ import annotations

import threading
import time
from datetime import timedelta
from email.utils import format_datetime
from pathlib import Path
from urllib.parse import quote

import pytest
from brevettiai.messages.hidden import Secret
from brevettiai.platform import Job, PlatformError
from brevettiai.platform.client import PlatformClient, _asked_to_wait
from brevettiai.platform.client_settings import PlatformSettings
from brevettiai.platform.errors import CredentialsError
from brevettiai.platform.secret import apart
from standins.platform_server import JOB_ID, KEY, PlatformServer

PAGE = Path(__file__).parents[2] / "docs" / "jobs.md"
COMPLETE = Secret(f"/api/models/{JOB_ID}/complete?key={quote(KEY, safe='')}&path=")


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tries follow each other soon, and not for long."""
    monkeypatch.setattr("brevettiai.platform.client._FIRST_PAUSE", 0.01)
    monkeypatch.setenv("BREVETTIAI_PLATFORM_PATIENCE", "3")


@pytest.fixture
def client(platform: PlatformServer) -> PlatformClient:
    return PlatformClient(platform.url, JOB_ID, Secret(KEY))


def test_the_docs_have_the_table() -> None:
    default = PlatformSettings()
    rows = [
        f"| `{each.variable}` | {getattr(default, name):g} {each.unit} | {each.says} |"
        for name, each in PlatformSettings.table().items()
    ]
    assert "\n".join(rows) + "\n\n" in PAGE.read_text(encoding="utf-8")


def test_an_outage_at_the_completion_fails_nothing(
    platform: PlatformServer, client: PlatformClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Five minutes of ten, in small."""
    monkeypatch.setattr("brevettiai.platform.client._LONGEST_PAUSE", 0.2)
    back = time.monotonic() + 1
    platform.gate = lambda method, path: time.monotonic() > back
    client.complete(COMPLETE, "artifacts/a b.bin", "&more=1")
    assert [path for path, _ in platform.posts] == [
        f"{COMPLETE.reveal()}artifacts/a%20b.bin&more=1"
    ]


def test_a_platform_that_stays_away_is_an_error_that_says_what_is_unknown(
    platform: PlatformServer, client: PlatformClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BREVETTIAI_PLATFORM_PATIENCE", "0.1")
    client = PlatformClient(platform.url, JOB_ID, Secret(KEY))
    platform.gate = lambda method, path: False
    with pytest.raises(PlatformError, match="got no answer, and may have been taken") as caught:
        client.complete(COMPLETE, "")
    assert KEY not in str(caught.value)
    platform.stop()
    with pytest.raises(PlatformError, match=r"cannot be reached \(Connection refused\)$"):
        client.complete(COMPLETE, "")


def test_a_lost_reply_completes_once_for_a_platform_that_can_tell(
    platform: PlatformServer, client: PlatformClient
) -> None:
    platform.lost = 1
    client.complete(COMPLETE, "")
    assert len(platform.posts) == 2
    assert len(set(platform.marks)) == 1
    assert platform.marks[0]
    # One that knows the job is complete already says so.
    answered: list[bool] = []
    platform.gate = lambda method, path: bool(answered) or bool(answered.append(True))
    platform.failures = [409]
    client.complete(COMPLETE, "")
    # Without a reply that was lost, it is a refusal.
    platform.failures = [409]
    with pytest.raises(PlatformError, match="status 409"):
        client.complete(COMPLETE, "")


@pytest.mark.parametrize("status", [400, 401, 404, 302])
def test_refusals_and_redirections_are_not_tried_again(
    platform: PlatformServer, client: PlatformClient, status: int
) -> None:
    platform.failures = [status]
    platform.headers = {"Location": f"{platform.url}/elsewhere"}
    with pytest.raises(PlatformError, match=f"status {status}") as caught:
        client.complete(COMPLETE, "")
    assert caught.value.status == status
    assert not platform.failures
    assert not platform.posts


@pytest.mark.parametrize("status", [307, 308])
def test_a_request_is_sent_on_as_it_is_on_the_same_host(
    platform: PlatformServer, client: PlatformClient, status: int
) -> None:
    platform.failures = [status]
    platform.headers = {"Location": "/other?path="}
    client.complete(COMPLETE, "")
    assert [path for path, _ in platform.posts] == ["/other?path="]
    for elsewhere in ("http://localhost.example/x", "ftp://127.0.0.1/x"):
        platform.failures = [status]
        platform.headers = {"Location": elsewhere}
        with pytest.raises(PlatformError, match=f"status {status}"):
            client.complete(COMPLETE, "")


def test_a_platform_says_how_long_to_wait(platform: PlatformServer, client: PlatformClient) -> None:
    platform.failures = [429, 503]
    platform.headers = {"Retry-After": "1"}
    begun = time.monotonic()
    client.complete(COMPLETE, "")
    assert time.monotonic() - begun > 1.5


def test_a_time_to_wait_may_be_a_date() -> None:
    from datetime import datetime, timezone
    from types import SimpleNamespace
    from typing import Any

    later = format_datetime(datetime.now(timezone.utc) + timedelta(seconds=100), usegmt=True)
    for said, low, high in ((later, 90, 101), ("soon", 0, 0), ("7", 7, 7), ("", 0, 0)):
        answer: Any = SimpleNamespace(headers={"Retry-After": said})
        assert low <= _asked_to_wait(answer) <= high


def test_a_platform_that_never_answered_is_given_up_soon(
    platform: PlatformServer, client: PlatformClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("brevettiai.platform.client._AT_FIRST", 0.1)
    monkeypatch.setattr("brevettiai.platform.client._LONGEST_PAUSE", 0.1)
    platform.gate = lambda method, path: False
    begun = time.monotonic()
    with pytest.raises(CredentialsError):
        client.credentials("modelId", JOB_ID)
    assert time.monotonic() - begun < 2
    # One that fails is there, and is given its time.
    platform.gate = lambda method, path: True
    platform.failures = [503] * 8
    assert client.credentials("modelId", JOB_ID)["access_key"].startswith("modelId")


def test_credentials_are_asked_for_once_while_others_are_valid(
    platform: PlatformServer, client: PlatformClient
) -> None:
    client.credentials("modelId", JOB_ID)
    platform.failures = [503, 503]
    with pytest.raises(CredentialsError):
        client.credentials("modelId", JOB_ID)
    assert platform.failures == [503]
    platform.failures = [503]
    client.credentials("datasetId", JOB_ID)


def test_a_hanging_platform_is_left(
    platform: PlatformServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BREVETTIAI_PLATFORM_READ_TIMEOUT", "0.1")
    monkeypatch.setenv("BREVETTIAI_PLATFORM_PATIENCE", "0.1")
    ended = threading.Event()
    platform.gate = lambda method, path: ended.wait(20)
    client = PlatformClient(platform.url, JOB_ID, Secret(KEY))
    with pytest.raises(PlatformError, match="did not answer in time"):
        client.complete(COMPLETE, "")
    ended.set()


def test_work_apart_is_not_waited_for_without_end() -> None:
    ended: list[bool] = []
    event = threading.Event()
    with pytest.raises(TimeoutError):
        apart(event.wait, 20, within=-1, ended=lambda: ended.append(True))
    event.set()
    assert ended == [True]


def test_a_job_completes_after_an_outage(job: Job, platform: PlatformServer) -> None:
    platform.failures = [503, 500]
    job.complete()
    assert len(platform.posts) == 1
