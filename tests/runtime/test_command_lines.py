"""Command lines as people type them: the same for a class and for a job, each in a process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from brevetti_gen import generate
from command_lines import FILES, RIGHT, SCHEMA, WRONG, Line, holds

RUNTIME = Path(__file__).parents[2] / "runtime"
JOB = """\
from brevettiai.platform import Job
from settings import Train

class Training(Job):
    settings: Train

    def run(self):
        print(self.settings.to_json())

if __name__ == "__main__":
    Training.init().start()
"""
PROGRAMS = {"class": ["-m", "settings.train"], "job": ["job.py", "--job_dir", "job"]}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a package of settings, a job that has them, and files."""
    folder = tmp_path_factory.mktemp("desk")
    (folder / "schemas").mkdir()
    (folder / "schemas" / "train.schema.json").write_text(json.dumps(SCHEMA))
    generate([folder / "schemas"], folder / "settings")
    for name, text in {**FILES, "job.py": JOB}.items():
        (folder / name).write_text(text)
    return folder


def by_turns(lines: Sequence[Line]) -> pytest.MarkDecorator:
    """Each line with both programs: in every run with one of them, by turns."""
    cases = [
        pytest.param(line, program, id=f"{line.typed or 'nothing'}-{program}", marks=marks)
        for number, line in enumerate(lines)
        for turn, program in enumerate(PROGRAMS)
        for marks in [pytest.mark.slow if (number + turn) % 2 else []]
    ]
    return pytest.mark.parametrize(("line", "program"), cases)


def run(desk: Path, program: str, line: Line) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *PROGRAMS[program], *line.words],
        cwd=desk,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(desk), str(RUNTIME)])},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )


@by_turns(RIGHT)
def test_what_is_meant_is_taken(desk: Path, program: str, line: Line) -> None:
    ran = run(desk, program, line)
    assert ran.returncode == 0, ran.stderr
    assert holds(json.loads(ran.stdout), line.config), ran.stdout


@by_turns(WRONG)
def test_what_is_wrong_is_told(desk: Path, program: str, line: Line) -> None:
    ran = run(desk, program, line)
    assert (ran.returncode, ran.stdout) == (2, "")
    head, *lines = ran.stderr.splitlines()
    assert head.startswith("Train: ")
    assert any(each.strip().startswith(line.error) for each in lines), ran.stderr
    assert "Traceback" not in ran.stderr
