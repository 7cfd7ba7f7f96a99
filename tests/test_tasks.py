"""The tasks, the page that tells of them, and the public workflow say the same."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from ruamel.yaml import YAML

TOP = Path(__file__).resolve().parents[1]


def test_contributing_tells_of_every_task() -> None:
    run = [sys.executable, str(TOP / "tasks.py"), "--help"]
    shown = subprocess.run(run, capture_output=True, text=True, check=True).stdout
    tasks = re.findall(r"^(\w+) +\S", shown.partition("\n\n")[2].rpartition("\n\n")[2], re.M)
    table = (TOP / "CONTRIBUTING.md").read_text(encoding="utf-8").partition("\n## Tasks\n")[2]
    told = re.findall(r"^\| `(\w+)` \|", table.partition("\n## ")[0], re.MULTILINE)
    assert sorted(told) == sorted(tasks)
    assert {"check", "fix", "golden", "bench", "all"} <= set(tasks)


def test_the_workflow_tries_every_python_that_we_promise() -> None:
    text = (TOP / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8")
    matrix = YAML(typ="safe").load(text)["jobs"]["check"]["strategy"]["matrix"]
    project = (TOP / "pyproject.toml").read_text(encoding="utf-8")
    promised = re.findall(r'"Programming Language :: Python :: (3\.\d+)"', project)
    assert matrix["python"] == promised
    assert f'requires-python = ">={promised[0]}"' in project
    assert {name.partition("-")[0] for name in matrix["system"]} == {"ubuntu", "macos", "windows"}
