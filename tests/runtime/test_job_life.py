"""The life of a job: its states, attempts, and what its output tells of them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from brevettiai.platform import Job, JobError
from standins.notebook import run_notebook

RUNTIME = Path(__file__).parents[2] / "runtime"
pytestmark = pytest.mark.usefixtures("workplace")
posix = pytest.mark.skipif(os.name == "nt", reason="Windows has no such signals")


class Training(Job):
    """Counts its attempts, and ends as it is told."""

    ends: BaseException | None = None

    def run(self) -> str | None:
        self.add_output_metric("runs", self.metrics.get("runs", 0) + 1)
        if self.ends is not None:
            raise self.ends
        return None


def output_in(folder: str | Path) -> dict[str, Any]:
    return json.loads(Path(folder, "artifacts", "output.json").read_text("utf-8"))


def run_script(script: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a program to its end, with the signals of a program that a shell starts."""
    program = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n" + script
    return subprocess.run(
        [sys.executable, "-c", program],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(RUNTIME)},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


SCRIPT = """
import os, signal, time
from brevettiai.platform import Job

class Training(Job):
    def run(self):
        self.add_output_metric("runs", self.metrics.get("runs", 0) + 1)
        self.upload_job_output()
        {}

Training.init(job_dir="here", args=[]).start()
"""
KILL = "os.kill(os.getpid(), signal.{}); time.sleep(60)"


# States


def test_a_job_tells_how_it_goes() -> None:
    before = datetime.now(timezone.utc) - timedelta(seconds=1)
    job = Training.init(job_dir="here", args=[])
    begun = output_in("here")
    assert begun["state"] == "running"
    assert begun["attempt"] == job.attempt == 1
    assert begun["ended"] is None
    assert begun["history"] == []
    job.start()
    output = output_in("here")
    assert output["state"] == "completed"
    assert output["error"] is None
    assert output["output"] == {"runs": 1}
    times = [datetime.fromisoformat(output[key]) for key in ("began", "ended", "written")]
    assert [before, *times] == sorted([before, *times])
    assert output["seconds"] == pytest.approx((times[1] - times[0]).total_seconds(), abs=0.1)


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (ValueError("no such class"), "failed"),
        (SystemExit(3), "failed"),
        (SystemExit("lost"), "failed"),
        (SystemExit(), "stopped"),
        (KeyboardInterrupt(), "stopped"),
    ],
)
def test_what_ends_a_job_is_told(error: BaseException, state: str) -> None:
    job = Training.init(job_dir="here", args=[])
    job.ends = error
    with pytest.raises(type(error)):
        job.start()
    output = output_in("here")
    assert output["state"] == state
    assert output["ended"] is not None
    assert output["output"] == {"runs": 1}
    assert output["error"]["type"] == type(error).__name__
    assert output["error"]["message"] == str(error)
    assert "raise self.ends" in output["error"]["traceback"]


@posix
@pytest.mark.parametrize(
    ("end", "state", "codes"),
    [
        (KILL.format("SIGTERM"), "stopped", (143,)),
        (KILL.format("SIGINT"), "stopped", (130, -signal.SIGINT)),
        ("raise ValueError", "failed", (1,)),
    ],
)
def test_a_process_that_ends_leaves_a_true_state(
    workplace: Path, end: str, state: str, codes: tuple[int, ...]
) -> None:
    done = run_script(SCRIPT.format("print(self.temp_path('x'), flush=True); " + end), workplace)
    assert done.returncode in codes, done.stderr
    assert output_in("here")["state"] == state
    assert output_in("here")["output"] == {"runs": 1}
    assert not Path(done.stdout.strip()).parent.exists()


@posix
def test_a_killed_attempt_is_known_to_the_next(workplace: Path) -> None:
    done = run_script(SCRIPT.format(KILL.format("SIGKILL")), workplace)
    assert done.returncode == -signal.SIGKILL
    assert output_in("here")["state"] == "running"
    job = Training.init(job_dir="here", args=["--resume"])
    assert job.attempt == 2
    assert job.metrics == {"runs": 1}
    job.start()
    output = output_in("here")
    assert output["state"] == "completed"
    assert output["output"] == {"runs": 2}
    [killed] = output["history"]
    assert killed["state"] == "killed"
    assert killed["ended"] is None
    assert killed["output"] == {"runs": 1}


def test_step_by_step_the_states_are_true(workplace: Path) -> None:
    cells = [
        "import json\n"
        "from brevettiai.platform import Job\n"
        "class Training(Job):\n"
        "    def run(self):\n"
        "        self.add_output_metric('loss', 0.5)\n"
        "def state():\n"
        "    return json.load(open('here/artifacts/output.json'))['state']\n"
        "job = Training.init(job_dir='here')\n"
        "state()",
        "job.run()\njob.upload_job_output()\nstate()",
        "job.complete()\nstate()",
        "job = Training.init(job_dir='here')\njob.attempt, state()",
        "job = Training.init(job_dir='here')\njob.attempt, job.metrics",
    ]
    environment = {**os.environ, "PYTHONPATH": str(RUNTIME)}
    values = [shown.value for shown in run_notebook(cells, workplace, environment)]
    assert values[:3] == ["'running'", "'running'", "'completed'"]
    assert values[3:] == ["(2, 'running')", "(3, {'loss': 0.5})"]
    output = output_in("here")
    assert output["state"] == "stopped"  # The process has ended.
    assert [entry["state"] for entry in output["history"]] == ["completed", "stopped"]


def test_a_program_that_fails_outside_of_run_says_so(workplace: Path) -> None:
    script = "from brevettiai.platform import Job\njob = Job.init(job_dir='here')\n1 / 0\n"
    assert run_script(script, workplace).returncode == 1
    assert output_in("here")["state"] == "failed"
    assert output_in("here")["error"]["type"] == "ZeroDivisionError"


def test_a_with_block_is_the_work_of_a_job() -> None:
    with Job.init(job_dir="here", args=[]) as job:
        job.add_output_metric("loss", 0.5)
        assert output_in("here")["state"] == "running"
        with pytest.raises(RuntimeError, match="runs already"):
            job.__enter__()
    assert output_in("here")["state"] == "completed"
    assert output_in("here")["output"] == {"loss": 0.5}
    with pytest.raises(ValueError, match="lost"), Job.init(job_dir="there", args=[]):
        raise ValueError("lost")
    assert output_in("there")["state"] == "failed"


def test_what_follows_the_completion_does_not_take_it_back() -> None:
    class Late(Job):
        def run(self) -> None:
            self.complete()
            raise ValueError("too late")

    with pytest.raises(ValueError, match="too late"):
        Late.init(job_dir="here", args=[]).start()
    assert output_in("here")["state"] == "completed"


def test_an_attempt_that_is_not_the_last_writes_nothing_when_the_process_ends(
    workplace: Path,
) -> None:
    script = "from brevettiai.platform import Job\n"
    script += "jobs = [Job.init(job_dir='here') for _ in range(2)]\njobs[1].complete()\n"
    assert run_script(script, workplace).returncode == 0
    assert (output_in("here")["state"], output_in("here")["attempt"]) == ("completed", 2)


def test_a_job_that_is_started_again_begins_another_attempt() -> None:
    job = Training.init(job_dir="here", args=[])
    job.ends = ValueError("once")
    with pytest.raises(ValueError, match="once"):
        job.start()
    job.ends = None
    job.start()
    output = output_in("here")
    assert (output["state"], output["attempt"], output["output"]) == ("completed", 2, {"runs": 2})
    [failed] = output["history"]
    assert (failed["state"], failed["error"]["message"]) == ("failed", "once")


def test_a_subclass_may_use_the_names_of_facts_for_its_own() -> None:
    class Own(Job):
        def run(self) -> None:
            self.rank, self.metrics, self.attempt = 7, ["accuracy"], "first"
            self.add_output_metric("loss", 0.5)

    job = Own.init(job_dir="here", args=[])
    assert (job.rank, job.metrics, job.attempt) == (0, {}, 1)
    job.start()
    assert job.metrics == ["accuracy"]
    assert output_in("here")["output"] == {"loss": 0.5}
    assert output_in("here")["state"] == "completed"
    assert "in earlier attempts" in str(Job.metrics.__doc__)


# Attempts


def test_nothing_of_earlier_attempts_is_lost(workplace: Path) -> None:
    def attempt(rate: int) -> dict[str, Any]:
        info = {"id": "the-id", "settings": {"rate": rate}}
        (workplace / "info.json").write_text(json.dumps(info))
        Training.init(job_dir="here", info_file="info.json", args=[]).start()
        return output_in("here")

    first, second, third = attempt(1), attempt(1), attempt(2)
    assert [entry["config"].get("settings") for entry in second["history"]] == [None]  # The same.
    assert [entry["config"]["settings"] for entry in third["history"]] == [{"rate": 1}] * 2
    for record, entry in zip((first, second), third["history"], strict=True):
        apart = ("config", "environment", "history")
        whole = {key: value for key, value in record.items() if key not in apart}
        assert {key: entry[key] for key in whole} == whole
    assert third["output"] == {"runs": 3}


def test_a_job_goes_on_begins_anew_or_must_go_on() -> None:
    Training.init(job_dir="here", args=[]).start()
    assert Training.init(job_dir="here", args=[]).metrics == {"runs": 1}
    anew = Training.init(job_dir="here", args=[], resume=False)
    assert (anew.attempt, anew.metrics) == (3, {})
    anew = Training.init(job_dir="here", args=["--resume=false"])
    assert (anew.attempt, anew.metrics) == (4, {})
    with pytest.raises(JobError, match=r"output\.json: there is no output .* to resume"):
        Training.init(job_dir="there", args=[], resume=True)
    assert not Path("there").exists()
    with pytest.raises(JobError, match=r"nothing to resume.*--job_dir"):
        Training.init(args=["--resume"])
    with pytest.raises(ValueError, match="--resume is true or false"):
        Training.init(args=["--resume=perhaps"])


def test_the_attempts_of_another_job_are_not_gone_on_with(workplace: Path) -> None:
    Training.init(job_dir="here", args=[]).start()
    first_id = output_in("here")["config"]["id"]
    assert Training.init(job_dir="here", args=[]).id == first_id
    other = Training.init(job_id="other", job_dir="here", args=[])
    assert (other.id, other.metrics) == ("other", {})
    assert output_in("here")["history"][0]["output"] == {"runs": 1}
    with pytest.raises(JobError, match="that of job other is there"):
        Training.init(job_id="third", job_dir="here", args=[], resume=True)


def test_outputs_of_before_are_gone_on_with(workplace: Path) -> None:
    (workplace / "here" / "artifacts").mkdir(parents=True)
    place = workplace / "here" / "artifacts" / "output.json"
    old = {"output": {"runs": 4}, "config": {"id": "old"}, "environment": {"python": "3.9"}}
    place.write_text(json.dumps(old))
    job = Training.init(job_dir="here", args=[])
    assert (job.id, job.attempt, job.metrics) == ("old", 2, {"runs": 4})
    [entry] = output_in("here")["history"]
    assert (entry["attempt"], entry["state"]) == (1, "unknown")
    assert entry["environment"]["python"] == "3.9"


@pytest.mark.parametrize("content", [b"{", b"[]", b"\xff"])
def test_what_is_no_output_is_laid_aside(
    workplace: Path, content: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    artifacts = workplace / "here" / "artifacts"
    artifacts.mkdir(parents=True)
    (artifacts / "output.json").write_bytes(content)
    assert Training.init(job_dir="here", args=[]).attempt == 1
    assert output_in("here")["state"] == "running"
    [aside] = [path for path in artifacts.iterdir() if path.name != "output.json"]
    assert aside.read_bytes() == content
    assert str(aside) in caplog.text


@posix
def test_an_attempt_that_still_runs_is_told(
    workplace: Path, caplog: pytest.LogCaptureFixture
) -> None:
    script = (
        "import sys; " + "from brevettiai.platform import Job\njob = Job.init(job_dir='here')\n"
    )
    script += "print('begun', flush=True); sys.stdin.read()\n"
    process = subprocess.Popen(
        [sys.executable, "-c", script],
        env={**os.environ, "PYTHONPATH": str(RUNTIME)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    with process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"begun\n"
        Training.init(job_dir="here", args=[])
        assert f"attempt 1 seems to run still, as process {process.pid}" in caplog.text
        output = output_in("here")
        assert output["history"][0]["state"] == "running"
        if sys.platform == "linux":
            # The id is that of another process, if this one has begun later.
            output |= {"began": "2001-01-01T00:00:00+00:00", "attempt": 5}
            output["environment"]["pid"] = process.pid
            Path("here", "artifacts", "output.json").write_text(json.dumps(output))
            Training.init(job_dir="here", args=[])
            assert output_in("here")["history"][-1]["state"] == "killed"
        process.kill()


# What is stored meanwhile


def test_output_is_stored_while_the_job_runs(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    stored = threading.Event()

    class Long(Job):
        output_interval = 0.01

        def run(self) -> None:
            self.add_output_metric("loss", 0.5)
            assert stored.wait(30)

    job = Long.init(job_dir="here", args=[])
    write, failures = job.io.write_file, [OSError("disk full"), OSError("disk full")]

    def write_file(path: Any, content: Any) -> None:
        if failures and threading.current_thread() is not threading.main_thread():
            raise failures.pop()
        write(path, content)
        if output_in("here")["output"] == {"loss": 0.5}:
            stored.set()

    monkeypatch.setattr(job.io, "write_file", write_file)
    job.start()
    assert "job-output" not in [thread.name for thread in threading.enumerate()]
    assert not failures
    assert caplog.text.count("was not stored; that is tried again") == 2
    assert output_in("here")["state"] == "completed"


def test_a_metric_that_cannot_be_stored_leaves_the_others(
    caplog: pytest.LogCaptureFixture,
) -> None:
    circle: list[Any] = []
    circle.append(circle)
    with Job.init(job_dir="here", args=[]) as job:
        job.add_output_metrics({"good": 1, "circle": circle})
    assert output_in("here")["output"] == {"good": 1, "circle": "cannot be stored: RecursionError"}
    assert "'circle' cannot be stored" in caplog.text


def test_an_output_that_cannot_be_stored_does_not_hide_the_error(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    job = Training.init(job_dir="here", args=[])
    job.ends = ValueError("the real one")

    def refuse(path: Any, content: Any) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(job.io, "write_file", refuse)
    with pytest.raises(ValueError, match="the real one"):
        job.start()
    assert "was not stored: disk full" in caplog.text


# Secrets


def test_errors_tell_no_secret(workplace: Path, class_of: Any) -> None:
    secret = {"type": "string", "writeOnly": True}
    numeric = {"type": "integer", "writeOnly": True}
    cls = class_of({"properties": {"token": secret, "pin": numeric, "short": secret}})

    class Leaking(Job):
        Settings = cls

        def run(self) -> None:
            given = self.settings
            token = given.token
            given.token = None
            raise ValueError(f"cannot log in with {token!r}, {given.pin}, {given.short} {{token}}")

    given = {"token": 'o\'pen "sesame"', "pin": 987654, "short": "a"}
    job = Leaking.init(job_dir="here", args=[], settings=given)
    with pytest.raises(ValueError, match="987654"):
        job.start()
    error = output_in("here")["error"]
    assert error["message"] == "cannot log in with '***', ***, *** {token}"
    text = Path("here", "artifacts", "output.json").read_text("utf-8")
    assert "sesame" not in text
    assert "987654" not in text
