"""What the platform and S3 answer is input of strangers: faults are told soon, all stays inside."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import Any

import pytest
from brevettiai.io import Storage
from brevettiai.io.processes import host
from brevettiai.messages.hidden import Secret
from brevettiai.platform import PlatformError
from brevettiai.platform.attempts import Found, next_attempt
from brevettiai.platform.checkpoint_store import CheckpointStore
from brevettiai.platform.client import PlatformClient, _further
from brevettiai.platform.credentials import parse_assume_role
from brevettiai.platform.errors import CredentialsError, JobInfoError
from brevettiai.platform.info import datasets_of, parse_info, read_info
from brevettiai.platform.journal import JOURNAL, Journal, sent_of
from fuzz.documents import damaged
from standins.lying_server import Answers, listing, soon
from standins.platform_server import ASSUME_ROLE, JOB_ID, KEY, PlatformServer

DEEP = "[" * 100_000

INFO: dict[str, Any] = {
    "id": JOB_ID,
    "name": "training",
    "settings": {"some_setting": 1},
    "datasets": [{"id": "d1", "name": "first", "bucket": "s3://b/d1"}],
    "models": [{"id": "m1", "bucket": "s3://b/m1"}],
    "tags": [{"id": "t1", "name": "root"}],
    "host_name": "https://platform.example",
    "charts_url": f"/charts?key={KEY}",
    "complete_url": f"/api/models/{JOB_ID}/complete?x=1&path=",
    "remote_url": f"/api/models/{JOB_ID}/epoch",
    "api_key": KEY,
}


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("brevettiai.platform.client._FIRST_PAUSE", 0.01)
    monkeypatch.setenv("BREVETTIAI_PLATFORM_PATIENCE", "0.1")
    monkeypatch.setenv("BREVETTIAI_S3_OBSTORE", "0")


# What a job is told


@pytest.mark.parametrize("seed", range(4))
def test_an_info_with_anything_in_it_is_read_or_refused(seed: int) -> None:
    random = Random(seed)
    refused = 0
    for _ in range(300):
        document = damaged(random, INFO)
        said = ""
        try:
            info = parse_info(document, "s3://b/info.json")
            datasets_of(info, "s3://b", "s3://b/info.json")
        except JobInfoError as error:
            said = str(error)
        assert not said or said.startswith("s3://b/info.json: ")
        assert KEY not in said
        refused += bool(said)
    assert refused > 20


@pytest.mark.parametrize(
    "text",
    ["", "{", DEEP, "NaN", '"\\ud800"', "[1e999999]", "9" * 5000, json.dumps({"settings": DEEP})],
)
def test_an_info_that_is_no_document_is_refused(text: str, tmp_path: Path) -> None:
    path = tmp_path / "info.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(JobInfoError) as caught:
        read_info(Storage(), str(path))
    assert len(str(caught.value)) < 500


@pytest.mark.parametrize("part", ["datasets", "models"])
@pytest.mark.parametrize("bucket", ["/etc", "../data", "C:\\data", "data", 7])
def test_an_info_on_s3_names_no_folders_of_this_machine(bucket: Any, part: str) -> None:
    document = {part: [{"id": "d", "bucket": bucket}]}
    with pytest.raises(JobInfoError, match=rf"^s3://b/info.json: {part}\[0\]: bucket should be"):
        parse_info(document, "s3://b/info.json")
    assert parse_info(document, "/home/me/info.json")


@pytest.mark.parametrize("identity", ["../../etc", "/etc", "a/../../b"])
def test_no_id_of_a_dataset_leads_out_of_the_data_bucket(identity: str) -> None:
    info = parse_info({"datasets": [{"id": identity}]}, "s3://b/info.json")
    with pytest.raises(JobInfoError, match=r"the id of datasets\[0\]"):
        datasets_of(info, "/home/me/data", "s3://b/info.json")


# What the platform answers


@pytest.mark.parametrize(
    "answer", [DEEP, "{", "", "\0", '{"a": 1}' * 2, "9" * 5000, "\ud83d", "<html>", "[" + "1," * 9]
)
def test_tags_that_are_none_are_an_error(answer: str, platform: PlatformServer) -> None:
    platform.answer = lambda path, query: (200, answer)  # type: ignore[method-assign]
    client = PlatformClient(platform.url, JOB_ID, Secret(KEY))
    with pytest.raises(PlatformError) as caught:
        client.root_tags()
    assert KEY not in str(caught.value)
    assert len(str(caught.value)) < 500


BOMB = (
    '<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
    + "]><a>&j;</a>"
)
ROLE = ASSUME_ROLE.format(access="a", expiration="EXPIRATION")


@pytest.mark.parametrize(
    "answer",
    [
        BOMB,
        '<!DOCTYPE a [<!ENTITY a SYSTEM "file:///etc/passwd">]><a>&a;</a>',
        "<a>" * 30_000,
        "<a>" * 14_000 + "</a>" * 14_000,
        ROLE,
        ROLE.replace("EXPIRATION", "9999-12-31T23:59:59-23:59"),
        ROLE.replace("EXPIRATION", "0001-01-01T00:00:00+23:59"),
        ROLE.replace("EXPIRATION", "\u0661" * 4),
        ROLE.replace("EXPIRATION", "x" * 90_000),
        "\0",
        "",
    ],
)
def test_credentials_that_are_none_are_an_error(answer: str) -> None:
    if "9999" in answer:
        assert parse_assume_role(answer.encode(), "the platform")
        return
    with pytest.raises(CredentialsError, match=r"^the platform: .{,400}$"):
        parse_assume_role(answer.encode(), "the platform")


# What S3 answers


ENDLESS = "<IsTruncated>true</IsTruncated><NextContinuationToken>x</NextContinuationToken>"
LISTINGS = {
    "leaves": listing("t/../../out", "t/%2e%2e/%2e%2e/out", "/etc/out", "t//out", "out", "t/.."),
    "nul": listing("t/a%00b", "t/a%0ab"),
    "elsewhere": listing("other/a", "a"),
    "sizes": listing("t/a", size="-5"),
    "sizes of text": listing("t/a", size="x"),
    "huge": listing("t/a", size="9" * 30),
    "no xml": b"{}",
    "bomb": BOMB.encode(),
    "empty": b"",
    "deep": b"<a>" * 50_000,
    "endless": listing("t/a", more=ENDLESS),
    "endless of nothing": listing(more=ENDLESS),
}


@pytest.mark.parametrize(
    "name",
    # In every run each second one.
    [
        pytest.param(name, marks=pytest.mark.slow) if number % 2 else name
        for number, name in enumerate(LISTINGS)
    ],
)
def test_listings_of_anything_lead_nowhere(name: str, answers: Answers, tmp_path: Path) -> None:
    def answer(method: str, path: str) -> tuple[int, dict[str, str], bytes]:
        if "list-type" in path:
            return 200, {"Content-Type": "application/xml"}, LISTINGS[name]
        return 200, {"ETag": '"x"', "Last-Modified": "Thu, 01 Jan 2026 00:00:00 GMT"}, b"x"

    answers.answer = answer
    (told,) = soon(lambda: Storage().download_tree("s3://b/t", tmp_path / "down" / "deep" / "tree"))
    found = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert all(path.is_relative_to(tmp_path / "down" / "deep" / "tree") for path in found), found
    assert told is None or type(told) is int or isinstance(told, OSError), told
    assert isinstance(told, OSError) or name in ("elsewhere", "sizes", "huge")


HEADERS: dict[str, dict[str, str]] = {
    "nothing": {},
    "longer": {"Content-Length": "100"},
    "shorter": {"Content-Length": "1"},
    "no length": {"Content-Length": "x"},
    "negative length": {"Content-Length": "-1"},
    "huge length": {"Content-Length": "9" * 18},
    "huger length": {"Content-Length": "9" * 40},
    "tag": {"ETag": '"../../x\\"'},
    "tag of a thousand": {"ETag": "x" * 1000},
    "date": {"Last-Modified": "yesterday"},
    "date of long ago": {"Last-Modified": "Thu, 01 Jan 0000 00:00:00 GMT"},
    "range": {"Content-Range": "bytes 5-1/x"},
    "sum": {"x-amz-checksum-crc32": "no sum"},
    "sum of another": {"x-amz-checksum-sha256": "AAAA"},
    "encoding": {"Content-Encoding": "gzip"},
    "chunks": {"Transfer-Encoding": "chunked"},
    "parts": {"x-amz-mp-parts-count": "x"},
    "version": {"x-amz-version-id": "\x7f%0d%0a"},
}
STATUSES = {
    "gone elsewhere": (301, {"Location": "http://127.0.0.1:9/x"}),
    "round and round": (307, {"Location": "/b/t/a"}),
    "nowhere": (302, {"Location": "javascript:x"}),
    "a file": (303, {"Location": "file:///etc/passwd"}),
    "no content": (204, {}),
    "part": (206, {"Content-Range": "bytes 7-9/99"}),
    "early": (103, {}),
    "odd": (299, {}),
    "odder": (999, {}),
}
ANSWERS = {name: (200, headers) for name, headers in HEADERS.items()} | STATUSES


@pytest.mark.parametrize(
    "name",
    [*HEADERS, *(pytest.param(name, marks=pytest.mark.slow) for name in STATUSES)],
)
def test_files_with_anything_around_them(name: str, answers: Answers) -> None:
    status, headers = ANSWERS[name]
    usual = {"ETag": '"x"', "Last-Modified": "Thu, 01 Jan 2026 00:00:00 GMT"}
    answers.answer = lambda method, path: (status, {**usual, **headers}, b"content")
    io = Storage()
    told = soon(
        lambda: io.read_file("s3://b/t/a"),
        lambda: io.isfile("s3://b/t/a"),
        lambda: io.stat("s3://b/t/a"),
        lambda: io.open("s3://b/t/a").read(),
    )
    errors = [each for each in told if isinstance(each, Exception)]
    assert all(isinstance(each, OSError) for each in errors), told
    assert told[0] in (b"content", b"c", b"") or errors, told


def test_a_listing_that_begins_again_under_other_tokens_ends(answers: Answers) -> None:
    def answer(method: str, path: str) -> tuple[int, dict[str, str], bytes]:
        token = f"<NextContinuationToken>{len(answers.asked)}</NextContinuationToken>"
        return 200, {}, listing("t/a", "t/b", more=f"<IsTruncated>true</IsTruncated>{token}")

    answers.answer = answer
    (told,) = soon(lambda: list(Storage().walk("s3://b/t")))
    assert "the same again and again" in str(told)


@pytest.mark.parametrize(
    "body",
    [
        listing("t/a").replace(b"2026-01-01T", b"Thu, 01 Jan " + b"9" * 30 + b" "),
        listing("t/a").replace(b"2026-01-01T00:00:00.000Z", b"1e400"),
        listing("t/a", more="<CommonPrefixes/>"),
        b"<Error><Code>\xc2\x9b</Code><Message>" + b"m\n" * 100_000 + b"</Message></Error>",
    ],
)
def test_what_s3_says_is_told_in_short(body: bytes, answers: Answers) -> None:
    answers.answer = lambda method, path: (400 if b"<Error>" in body else 200, {}, body)
    (told,) = soon(lambda: list(Storage().walk("s3://b/t")))
    assert isinstance(told, OSError), told
    assert str(told).isprintable()
    assert len(str(told)) < 1000


# What comes instead of an answer of the platform


NO_ANSWERS: dict[str, tuple[int, dict[str, str], bytes]] = {
    "no address": (302, {"Location": "http://["}, b""),
    "no host": (307, {"Location": "http://.x/"}, b""),
    "a file": (303, {"Location": "file:///etc/passwd"}, b""),
    "no time": (503, {"Retry-After": "Thu, 01 Jan 2026 00:00:00 +" + "9" * 20}, b""),
    "no year": (503, {"Retry-After": f"Thu, 01 Jan {'9' * 20} 00:00:00 GMT"}, b""),
    "early": (103, {}, b"[]"),
    "no chunk": (200, {"Transfer-Encoding": "chunked"}, b"-5\r\n[]"),
    "swells": (200, {"Content-Encoding": "gzip"}, gzip.compress(b"[" + b" " * (9 << 20) + b"]", 1)),
    "long": (200, {}, b"[" + b" " * (9 << 20) + b"]"),
    "cut": (200, {"Content-Length": "9"}, b"[]"),
}


@pytest.mark.parametrize("name", NO_ANSWERS)
def test_no_answers_of_the_platform_are_its_errors(name: str, answers: Answers) -> None:
    answers.answer = lambda method, path: NO_ANSWERS[name]
    client = PlatformClient(answers.url, JOB_ID, Secret(KEY))
    (told,) = soon(client.root_tags)
    assert type(told) is PlatformError, told
    assert KEY not in str(told)
    if NO_ANSWERS[name][0] != 200:
        (told,) = soon(lambda: client.complete(Secret("/complete?path="), ""))
        assert type(told) is PlatformError, told


def test_a_platform_sends_no_request_on_in_the_clear() -> None:
    answer: Any = SimpleNamespace(
        is_redirect=True, status_code=302, headers={"Location": "http://a"}
    )
    assert _further("GET", "https://a/x", answer) is None
    assert _further("GET", "http://b/x", answer) == "http://a"
    assert _further("POST", "http://a/x", answer) is None


# What lies among the artifacts of a job


def test_records_of_earlier_attempts_stop_no_job(tmp_path: Path) -> None:
    earlier = {"state": "running", "environment": {"host": host(), "pid": 10**30}}
    numbers: list[Any] = [10**4299, -1, [], True]
    for number in numbers:
        attempt = next_attempt(Found("p", {**earlier, "attempt": number}), "j", None)
        assert attempt.number == 2
    lines = [b'{"_attempt": 1e999, "_line": 1}', DEEP.encode(), b'{"_attempt": 1, "_line": 2}']
    (tmp_path / JOURNAL).write_bytes(b"\n".join([*lines, b""]))
    assert [line.number for line in Journal(str(tmp_path)).read(0)] == [2]
    assert sent_of(b'{"1": 1e999}') == sent_of(DEEP.encode()) == {}


@pytest.mark.parametrize(
    "wrong",
    [
        {"files": {"../../../../mine/data/x": [1, "a"]}},
        {"files": {"a": [1, "a"], "b": [1, "a"]}},
        {"files": {"a/b": [1, "a"]}},
        {"metrics": {"loss": "x" * 10_000}},
        {"metrics": []},
        {"step": 1e999},
    ],
)
def test_a_manifest_of_anything_is_none(
    wrong: dict[str, Any], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    store = CheckpointStore(Storage(), str(tmp_path / "job"))
    facts: dict[str, Any] = {"step": 1, "metrics": {}, "time": "", "is_file": True, "number": 1}
    facts |= {"files": {"a": [1, "a"]}}
    place = Path(store.folder, "1", "manifest.json")
    place.parent.mkdir(parents=True)
    place.write_text(json.dumps(facts))
    assert [each.folder for each in store.find()] == [str(place.parent)]
    place.write_text(json.dumps(facts | wrong))
    assert store.find() == []
    assert "no manifest of a checkpoint" in caplog.text
    assert len(caplog.text) < 1000
