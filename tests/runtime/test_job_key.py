"""The key of a job: in no file, log, exception, traceback with variables, or list of processes."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any
from urllib.parse import quote, quote_plus

import pytest
from brevettiai.io import Storage
from brevettiai.messages.hidden import HiddenText, Secret
from brevettiai.platform import Job
from brevettiai.platform.secret import hide_values
from standins.platform_server import JOB_ID, KEY, PlatformServer
from standins.s3_server import S3Server

RUNTIME = Path(__file__).parents[2] / "runtime"
FORMS = {KEY, quote(KEY), quote(KEY, safe=""), quote_plus(KEY), json.dumps(KEY)[1:-1]}

pytestmark = pytest.mark.usefixtures("platform_environment")


def shows_key(text: str) -> bool:
    return any(form in text for form in FORMS) or any(repr(form)[1:-1] in text for form in FORMS)


def all_that_is_shown(error: BaseException) -> str:
    """What the most talkative tracebacks show, without the frames of the test."""
    described = traceback.TracebackException.from_exception(error, capture_locals=True)
    texts: list[str] = []
    waiting = [described]
    while waiting:
        each = waiting.pop()
        each.stack[:] = [frame for frame in each.stack if frame.filename != __file__]
        texts += each.format()
        waiting += [below for below in (each.__cause__, each.__context__) if below]
    return "".join(texts)


@pytest.fixture
def info_there(store: Storage, bucket: str, info: dict[str, Any]) -> None:
    info["complete_url"] = f"/api/models/{JOB_ID}/complete?key={quote(KEY)}&path="
    info["remote_url"] = f"/api/models/{JOB_ID}/epoch?key={quote(KEY)}"
    store.write_file(f"s3://{bucket}/{JOB_ID}/info.json", json.dumps(info))


def begin() -> Job:
    return Job.init(args=["--job_id", JOB_ID, "--api_key", KEY])


def complete() -> None:
    begin().complete()


PHASES = {
    "credentials": ("securitycredentials", begin),
    "completion": ("complete", complete),
    "tags": ("roottags", lambda: begin().root_tags()),
}


@pytest.mark.skipif(os.name == "nt", reason="Windows sends no signal to a process")
@pytest.mark.parametrize("phase", PHASES)
def test_an_interrupt_shows_no_key(
    phase: str,
    info_there: None,
    platform: PlatformServer,
    interrupting: Callable[[], None],
) -> None:
    part, work = PHASES[phase]
    ended = threading.Event()

    def gate(method: str, path: str) -> bool:
        if part in path:
            interrupting()
            ended.wait(20)
        return True

    platform.gate = gate
    try:
        with pytest.raises(KeyboardInterrupt) as caught:
            work()
    finally:
        ended.set()
    shown = all_that_is_shown(caught.value)
    assert "apart" in shown
    assert not shows_key(shown)


@pytest.mark.skipif(os.name == "nt", reason="Windows sends no signal to a process")
def test_an_interrupt_while_info_is_read_shows_no_key(
    info_there: None, s3_server: S3Server, interrupting: Callable[[], None]
) -> None:
    ended = threading.Event()

    def gate(key: str, method: str, path: str) -> str | None:
        if path.endswith("info.json"):
            interrupting()
            ended.wait(20)
        return None

    s3_server.gate = gate
    try:
        with pytest.raises(KeyboardInterrupt) as caught:
            begin()
    finally:
        ended.set()
    assert not shows_key(all_that_is_shown(caught.value))


@pytest.mark.parametrize(
    ("phase", "failures"),
    [("credentials", [403]), ("completion", [404]), ("completion", [302]), ("tags", [400])],
)
def test_refusals_show_no_key(
    phase: str, failures: list[int], info_there: None, platform: PlatformServer
) -> None:
    part, work = PHASES[phase]

    def gate(method: str, path: str) -> bool:
        if part in path:
            platform.failures = failures
        return True

    platform.gate = gate
    with pytest.raises(Exception, match="status") as caught:
        work()
    assert not shows_key(all_that_is_shown(caught.value))


@pytest.mark.parametrize("phase", PHASES)
def test_a_platform_that_is_away_shows_no_key(
    phase: str, info_there: None, platform: PlatformServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BREVETTIAI_PLATFORM_PATIENCE", "0.01")
    part, work = PHASES[phase]
    platform.gate = lambda method, path: part not in path
    with pytest.raises(Exception, match="cannot be reached") as caught:
        work()
    assert not shows_key(all_that_is_shown(caught.value))


@pytest.mark.parametrize(
    "broken", ['{"api_key": %s, ', '{"api_key": %s, "tags": 3}', '{"a": %s, "settings": "{"}']
)
def test_a_broken_info_shows_no_key(broken: str, store: Storage, bucket: str) -> None:
    store.write_file(f"s3://{bucket}/{JOB_ID}/info.json", broken % json.dumps(KEY))
    with pytest.raises(Exception, match=r"info\.json") as caught:
        begin()
    assert not shows_key(all_that_is_shown(caught.value))


def test_mistakes_on_the_command_line_show_no_key(info_there: None) -> None:
    from brevettiai.settings import SettingsError

    class Strict(Job):
        from brevettiai.interfaces.vue_schema_utils import VueSettingsModule as Settings

    for words in (["--api_key", KEY], [f"--api-key={KEY}"]):
        with pytest.raises(SettingsError, match="--wrong") as caught:
            Strict.init(args=["--job_id", JOB_ID, *words, "--wrong", "1"])
        assert not shows_key(all_that_is_shown(caught.value))


def test_no_variable_of_a_whole_run_shows_the_key(info_there: None) -> None:
    """Whenever a function of ours in the main thread calls another one or returns."""
    texts: dict[str, str] = {}
    # In these the key comes in, or goes through for a moment: nothing waits or fails in them.
    passing = {"__init__", "mask", "hide_values", "words_of_process"}

    def look(frame: FrameType | None, event: str, _: object) -> None:
        while frame is not None:
            code = frame.f_code
            if "brevettiai" in code.co_filename and code.co_name not in passing:
                for name, value in frame.f_locals.items():
                    if not (code.co_name == "init" and name in ("api_key", "args")):
                        texts.setdefault(f"{code.co_name}: {name}", repr(value))
                        if shows_key(repr(value)):
                            texts[f"{code.co_name}: {name}"] = repr(value)
            break

    sys.setprofile(look)
    try:
        job = Job.init(JOB_ID, KEY)
        job.log(epoch=0, loss=1)
        job.complete()
        begin()
    finally:
        sys.setprofile(None)
    assert len(texts) > 100
    assert [place for place, text in texts.items() if shows_key(text)] == []


SCRIPT = """
import logging, os, signal, sys
logging.basicConfig(level=logging.DEBUG)
from brevettiai.platform import Job

class Training(Job):
    def run(self):
        self.io.read_file(self.io.path.join(self.job_dir, "info.json"))
        self.io.read_file(self.io.path.join(self.job_dir, "other.json"))
        self.get_remote_monitor().on_epoch_end(0, {"loss": 1})
        self.log(step=1, loss=2)
        self.checkpoint(__file__, step=1)
        self.upload_job_output()
        how = sys.argv.pop()
        if how == "error":
            raise RuntimeError("an error")
        if how == "exit":
            sys.exit(3)
        if how != "end":
            os.kill(os.getpid(), getattr(signal, how))

Training.init(args=[], cache_path="cache").start()
"""


@pytest.mark.parametrize(
    "how",
    [
        *("end", "SIGKILL"),
        *(
            pytest.param(how, marks=pytest.mark.slow)
            for how in ("error", "exit", "SIGTERM", "SIGINT")
        ),
    ],
)
def test_a_whole_run_leaves_no_key_behind(
    how: str, info_there: None, store: Storage, bucket: str, tmp_path: Path
) -> None:
    store.write_file(f"s3://{bucket}/{JOB_ID}/other.json", "not secret")
    (tmp_path / "training.py").write_text(SCRIPT)
    program = [sys.executable, "training.py", how]
    environment = {"PYTHONPATH": str(RUNTIME), "TMPDIR": str(tmp_path / "tmp")}
    result = subprocess.run(
        program,
        env={**os.environ, **environment, "job_id": JOB_ID, "api_key": KEY},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert "securitycredentials" in result.stderr
    assert not shows_key(result.stdout + result.stderr)
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    kept = [path for path in files if b"not secret" in path.read_bytes()]
    assert kept
    for path in files:
        assert not shows_key(path.read_bytes().decode("latin-1")), path
        if os.name != "nt" and path in kept:
            assert path.stat().st_mode & 0o077 == 0
    for entry in store.files(f"s3://{bucket}/{JOB_ID}/artifacts"):
        content = store.read_file(f"s3://{bucket}/{JOB_ID}/artifacts/{entry.name}")
        assert not shows_key(content.decode("latin-1")), entry.name


def test_hidden_text_is_text_that_no_traceback_shows() -> None:
    hidden = HiddenText(KEY)
    assert hidden == KEY
    assert f"{hidden}" == KEY
    assert not shows_key(repr([hidden, hidden[:200], {"a": hidden}]))
    words = hide_values(["--api-key", KEY, f"--api_key={KEY}", "--other", "word"], "api_key")
    assert words == ["--api-key", KEY, f"--api_key={KEY}", "--other", "word"]
    assert repr(words) == "['--api-key', '***', '***', '--other', 'word']"
    assert Secret(KEY).mask(f"{KEY} {KEY!r}") == "*** '***'"


def test_the_log_of_the_http_library_shows_no_key(
    info_there: None, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        complete()
    assert "complete?key=***" in caplog.text
    assert not shows_key(caplog.text)
