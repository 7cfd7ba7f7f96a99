"""A job is swept from its command line: real programs, processes and signals."""

from __future__ import annotations

import json
import os
import re
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from brevetti_gen import generate
from brevettiai.io import Storage
from brevettiai.sweep import conducting
from brevettiai.sweep.definition import Prune, Search
from brevettiai.sweep.errors import SweepError
from brevettiai.sweep.flags import PRUNERS, SEARCHES
from brevettiai.sweep.processes.pool import GRACE
from standins.platform_server import JOB_ID, KEY, PlatformServer

RUNTIME = Path(__file__).parents[2] / "runtime"
SCHEMA = {
    "type": "object",
    "required": ["data"],
    "properties": {
        "data": {"type": "string"},
        "token": {"type": "string", "writeOnly": True},
        "training": {
            "type": "object",
            "properties": {
                "lr": {"type": "number", "minimum": 0, "maximum": 1, "default": 0.5},
                "epochs": {"type": "integer", "minimum": 1, "maximum": 9, "default": 2},
                "kind": {"enum": ["small", "large"], "default": "small"},
            },
        },
    },
}
CLASS = """\
import os, signal, sys, time
from brevettiai.platform import Job
from settings import Training

# Those who start this in the background let it ignore Ctrl-C.
signal.signal(signal.SIGINT, signal.default_int_handler)

class Train(Job):
    settings: Training

    def run(self):
        own = self.settings.training
        assert self.settings.data == "images"
        open(os.environ["MARKS"], "a").write(f"{own.lr}\\n")
        if "DEAF" in os.environ:
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
        while not os.path.exists(os.environ.get("GATE", os.sep)):
            time.sleep(0.02)
        if own.lr > float(os.environ.get("FAILS", 2)):
            raise ValueError(f"diverged, with {self.settings.token}")
        for epoch in range(own.epochs):
            self.log(epoch=epoch, loss=own.lr + (own.kind == "small") + 1 / (1 + epoch))

if __name__ == "__main__":
    Train.init().start()
"""
BLOCK = """\
import argparse
from brevettiai.platform import Job
from brevettiai.settings import SettingsError
from pydantic import BaseModel, Field

class Training(BaseModel):
    lr: float = Field(0.5, ge=0, le=1)

class Train(Job):
    Settings = Training

parser = argparse.ArgumentParser(allow_abbrev=False)
parser.add_argument("--plus", type=float)
own, left = parser.parse_known_args()
with Train.init(args=left) as job:
    job.add_output_metric("loss", job.settings.lr + own.plus)
print("after the block")
"""


@pytest.fixture(scope="module")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a package of settings, and programs with jobs."""
    folder = tmp_path_factory.mktemp("programs")
    (folder / "schemas").mkdir()
    (folder / "schemas" / "training.schema.json").write_text(json.dumps(SCHEMA))
    generate([folder / "schemas"], folder / "settings")
    (folder / "train.py").write_text(CLASS)
    (folder / "block.py").write_text(BLOCK)
    return folder


Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def start(programs: Path, tmp_path: Path) -> Start:
    """Starts Python with some words in an empty folder, where the programs can be found."""
    names = {"job_id", "api_key", "LOCAL_RANK", "PYTEST_ADDOPTS"}
    environment = {name: value for name, value in os.environ.items() if name not in names}
    environment["PYTHONPATH"] = os.pathsep.join([str(programs), str(RUNTIME)])
    environment["MARKS"] = str(tmp_path / "marks")

    def start(*words: str, **variables: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, *words],
            cwd=tmp_path,
            env={**environment, **variables},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    return start


def ended(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    """The exit code of a process, and what it wrote."""
    try:
        out, err = process.communicate(timeout=300)
    finally:
        process.kill()
    return process.returncode, out, err


def rows_in(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "runs.jsonl").read_text().splitlines()]


def wait_until(holds: Callable[[], bool]) -> None:
    until = time.monotonic() + 300
    while not holds():
        assert time.monotonic() < until
        time.sleep(0.05)


SWEEP = ["--sweep", "training.lr training.kind", "--goal", "min loss", "--data", "images"]


def test_a_sweep_gives_the_command_line_of_its_best_run(start: Start, tmp_path: Path) -> None:
    code, out, err = ended(
        start("-m", "train", *SWEEP, "--runs", "4", "--sweep-dir", "s", "--token", "hidden")
    )
    assert code == 0, err
    folder = tmp_path / "s"
    rows = rows_in(folder)
    assert [row["run"] for row in sorted(rows, key=lambda row: row["run"])] == [0, 1, 2, 3]
    best = min(rows, key=lambda row: row["metrics.loss"])
    output = json.loads((folder / f"runs/{best['run']:04}/artifacts/output.json").read_text())
    assert output["output"]["loss"] == best["metrics.loss"]
    assert output["config"]["settings"]["training"]["lr"] == best["params.training.lr"]

    # Once more by what was printed, and by the settings file.
    (command,) = re.findall(r"^  (python -m train .*)$", out, re.MULTILINE)
    assert "secrets are left out" in out
    words = shlex.split(command)[1:]
    for more in (words, ["-m", "train", "--settings-file", "s/best.json"]):
        code, _, err = ended(start(*more, "--job_dir", "again"))
        assert code == 0, err
        again = json.loads((tmp_path / "again/artifacts/output.json").read_text())
        assert again["output"] == output["output"]
        assert again["config"]["settings"] == output["config"]["settings"]
    written = [path for path in folder.rglob("*") if path.is_file()]
    assert not any("hidden" in path.read_text() for path in written)
    assert "hidden" not in out + err
    # A line for each run, where there is no terminal.
    assert len((tmp_path / "marks").read_text().splitlines()) == 4 + 2


@pytest.mark.slow
def test_a_sweep_that_is_interrupted_says_how_to_go_on(start: Start, tmp_path: Path) -> None:
    gate, marks = tmp_path / "gate", tmp_path / "marks"
    words = ["-m", "train", *SWEEP, "--runs", "3", "--workers", "1", "--search", "random"]
    words += ["--job_dir", "job"]
    job = tmp_path / "job/artifacts/output.json"
    process = start(*words, GATE=str(gate))
    wait_until(marks.exists)
    process.send_signal(signal.SIGINT)
    code, out, err = ended(process)
    assert code == 130
    assert "Stopped after 0 of 3 runs" in out
    assert "Traceback" not in err
    (command,) = re.findall(r"^Go on with: python (.*)$", out, re.MULTILINE)
    folder = tmp_path / "job/artifacts/sweep"
    assert json.loads(job.read_text())["state"] == "stopped"
    assert not (folder / "runs.jsonl").exists() or not rows_in(folder)

    # Which needs no more, and takes the run that was stopped with the same settings.
    gate.touch()
    code, out, err = ended(start(*shlex.split(command), GATE=str(gate)))
    assert code == 0, err
    assert sorted(row["run"] for row in rows_in(folder)) == [0, 1, 2]
    assert json.loads(job.read_text())["state"] == "completed"
    first, second, *_ = marks.read_text().splitlines()
    assert first == second
    output = json.loads((folder / "runs/0000/artifacts/output.json").read_text())
    assert output["attempt"] == 2

    # What does not fit is refused; more runs are fine.
    code, _, err = ended(start(*shlex.split(command), "--training.epochs", "3"))
    assert (code, "training.epochs: was what the schema fills in, is 3" in err) == (2, True), err
    code, _, err = ended(start(*shlex.split(command), "--runs", "4", GATE=str(gate)))
    assert code == 0, err
    assert sorted(row["run"] for row in rows_in(folder)) == [0, 1, 2, 3]


@pytest.mark.slow
def test_ctrl_c_for_the_second_time_waits_for_no_run(start: Start, tmp_path: Path) -> None:
    words = ["-m", "train", *SWEEP, "--runs", "1", "--sweep-dir", "s"]
    process = start(*words, GATE=str(tmp_path / "gate"), DEAF="1")
    wait_until((tmp_path / "marks").exists)
    process.send_signal(signal.SIGINT)
    assert process.stderr is not None
    assert any(line.startswith("Stopping") for line in process.stderr)
    began = time.monotonic()
    process.send_signal(signal.SIGINT)
    code, out, err = ended(process)
    assert (code, out) == (130, "")
    assert re.search(r"^Ended at once. Go on with: python -m train --resume", err, re.MULTILINE)
    assert time.monotonic() - began < GRACE  # Else it waited until the run was killed.


def test_runs_that_fail_are_told_and_hide_secrets(start: Start, tmp_path: Path) -> None:
    words = ["-m", "train", *SWEEP, "--runs", "2", "--sweep-dir", "s"]
    code, out, err = ended(start(*words, "--token", "hidden", FAILS="-1"))
    assert code == 1
    assert "Ended 2 runs: 2 failed" in out
    assert "The last error: ValueError: diverged, with ***" in out
    assert [row["state"] for row in rows_in(tmp_path / "s")] == ["failed", "failed"]
    assert "hidden" not in out + err
    # What is stored nowhere is asked for, as other runs would have other settings.
    code, _, err = ended(start("-m", "train", "--resume", "--sweep-dir", "s", "--runs", "3"))
    assert code == 2
    assert "token: is a secret that was given, and is stored nowhere: give it again" in err


@pytest.mark.slow
def test_a_script_with_flags_of_its_own_and_a_block_is_swept(
    start: Start, programs: Path, tmp_path: Path
) -> None:
    words = ["--plus", "3", "--sweep", "lr=0.25,0.75", "--goal=min loss", "--search=grid"]
    code, out, err = ended(start(str(programs / "block.py"), *words, "--sweep-dir", "s"))
    assert code == 0, err
    assert [row["metrics.loss"] for row in rows_in(tmp_path / "s")] == [3.25, 3.75]
    assert (tmp_path / "s/runs/0000/output.log").read_text().endswith("after the block\n")
    assert "after the block" not in out


@pytest.mark.slow
def test_on_the_platform_a_sweep_is_a_job(
    start: Start, tmp_path: Path, platform: PlatformServer, info: dict[str, Any]
) -> None:
    (tmp_path / "job").mkdir()
    stored = {**info, "settings": {"data": "images"}}
    (tmp_path / "job" / "info.json").write_text(json.dumps(stored))
    words = ["--model_id", JOB_ID, "--job_dir", "job", "--host", platform.url, "--runs=2"]
    words += ["--sweep=training.lr", "--goal=min loss"]
    code, out, err = ended(start("-m", "train", *words, api_key=KEY))
    assert code == 0, err
    rows = rows_in(tmp_path / "job/artifacts/sweep")
    best = min(rows, key=lambda row: row["metrics.loss"])
    output = json.loads((tmp_path / "job/artifacts/output.json").read_text())
    assert output["state"] == "completed"
    assert output["output"]["loss"] == best["metrics.loss"]
    assert output["config"]["settings"]["training"]["lr"] == best["params.training.lr"]
    # It is completed once, and hears the metrics of each run.
    assert len([path for path, _ in platform.posts if "complete" in path]) == 1
    told = [json.loads(form["data"][0]) for path, form in platform.posts if "epoch" in path]
    assert {each["run"] for each in told} == {0, 1}
    assert KEY not in out + err


@pytest.mark.slow
def test_on_the_platform_all_of_a_sweep_is_on_s3(
    platform_environment: None,
    start: Start,
    store: Storage,
    bucket: str,
    platform: PlatformServer,
    info: dict[str, Any],
) -> None:
    folder = f"s3://{bucket}/{JOB_ID}"
    stored = {**info, "settings": {"data": "images"}}
    store.write_file(f"{folder}/info.json", json.dumps(stored))
    words = ["--sweep=training.lr", "--goal=min loss", "--runs=2"]
    code, _, err = ended(start("-m", "train", *words, job_id=JOB_ID, api_key=KEY))
    assert code == 0, err
    output = json.loads(store.read_file(f"{folder}/artifacts/output.json"))
    assert output["state"] == "completed"
    text = store.read_file(f"{folder}/artifacts/sweep/runs.jsonl").decode()
    rows = [json.loads(line) for line in text.splitlines()]
    assert output["output"]["loss"] == min(row["metrics.loss"] for row in rows)
    assert store.isfile(f"{folder}/artifacts/sweep/runs/0001/artifacts/output.json")
    assert len([path for path, _ in platform.posts if "complete" in path]) == 1


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["--sweep", "training.lrs"], "there is no setting 'training.lrs'"),
        (["--resume", "--sweep-dir", "nowhere"], "nowhere: there is no sweep"),
        (["--sweep", "training.lr", "--sweep-dir", os.devnull], "null: is or lies below a file"),
    ],
)
def test_mistakes_are_told_before_anything_runs(
    words: list[str], expected: str, start: Start, tmp_path: Path
) -> None:
    goal = [] if "--resume" in words else ["--goal", "min loss"]
    code, out, err = ended(start("-m", "train", *words, *goal, "--data", "images"))
    assert (code, out) == (2, "")
    assert expected in err
    assert "Traceback" not in err
    assert [path for path in tmp_path.iterdir() if path.name != "marks"] == []


@pytest.mark.parametrize("name", ["drivers", "best.json"])
def test_a_folder_that_cannot_be_written_ends_a_sweep_without_a_traceback(
    name: str, start: Start, tmp_path: Path
) -> None:
    place = tmp_path / "sweep" / name
    place.parent.mkdir()
    place.touch() if name == "drivers" else place.mkdir()
    words = ["--runs", "1", "--sweep-dir", "sweep"]
    code, out, err = ended(start("-m", "train", *SWEEP, *words))
    assert (code, out) == (1, "")
    assert str(place) in err
    assert f"--resume --sweep-dir {place.parent} goes on" in err
    assert "Traceback" not in err


def test_what_is_missing_is_told_with_how_to_have_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conducting, "_NEEDED", ("optuna", "no_such_module"))
    with pytest.raises(SweepError, match=r"needs no_such_module: pip install 'brevetti\[sweep\]'"):
        conducting.require_extra()


def test_the_table_of_flags_has_what_definitions_take() -> None:
    from typing import get_args

    assert (get_args(Search), get_args(Prune)) == (SEARCHES, PRUNERS)
