"""README keeps its word: its examples run, and print what it shows."""

from __future__ import annotations

import contextlib
import importlib
import io
import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from brevetti_gen import generate

ROOT = Path(__file__).resolve().parents[1]
GENERATED = ("settings", "examples")
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks() -> list[tuple[str, str]]:
    """The fenced blocks of README: language and text."""
    return BLOCK.findall(README)


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder with `settings/` as README's first command generates it, to be imported from."""
    generate([ROOT / "schemas"], tmp_path / "settings")
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    yield tmp_path
    for name in [name for name in sys.modules if name.partition(".")[0] in GENERATED]:
        del sys.modules[name]


def test_the_two_commands_are_one_line_each() -> None:
    commands = [text for language, text in blocks() if language == "bash"]
    assert len(commands) == 2
    assert all(command.count("\n") == 1 for command in commands)
    assert "brevetti-gen schemas/ -o settings/" in commands[0]
    assert "pytest" in commands[1]


def test_the_examples_run(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    readme: Any = ModuleType("readme")
    monkeypatch.setitem(sys.modules, "readme", readme)
    found = blocks()
    for index, (language, text) in enumerate(found):
        if language != "python":
            continue
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(compile(text, f"README.md, block {index}", "exec"), readme.__dict__)
        shown = found[index + 1]
        assert printed.getvalue() == (shown[1] if shown[0] == "text" else "")

    readme.Train.init(args=["--job_dir", "job", "--training.epochs", "2"]).start()
    assert (checkout / "job/artifacts/report.txt").read_text() == "2 epochs"


def test_the_schema_shown_is_that_of_the_example() -> None:
    (shown,) = [json.loads(f"{{{text}}}") for language, text in blocks() if language == "json"]
    schema = json.loads((ROOT / "schemas/segmentation.schema.json").read_text(encoding="utf-8"))
    augmentation = schema["properties"]["augmentation"]
    assert shown["augmentation"]["properties"].items() <= augmentation["properties"].items()


def test_the_example_job_leaves_its_results(
    checkout: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.syspath_prepend(str(ROOT))
    module = importlib.import_module("examples.train_segmentation")
    args = ["--job_dir", "job", "--seed", "1", "--training.epochs", "30"]
    args += ["--training.optimizer", '{"name": "sgd", "nesterov": true}']
    job = module.TrainSegmentation.init(args=args)
    job.start()

    output = json.loads((checkout / "job/artifacts/output.json").read_text(encoding="utf-8"))
    assert output["config"]["settings"]["training"]["epochs"] == 30
    assert output["output"]["epochs"] == 30
    assert output["output"]["iou/scratch"] > 0.7
    assert len((checkout / "job/artifacts/history/loss.csv").read_text().splitlines()) == 31
    assert "epoch  30 of 30" in capsys.readouterr().out


@pytest.mark.slow
def test_the_sweep_gives_its_best_settings(checkout: Path) -> None:
    (command,) = re.findall(r"^\.venv/bin/python (.* --sweep .*)$", README, re.MULTILINE)
    folders = [checkout, ROOT, *(ROOT / source for source in ("codegen", "runtime"))]

    def run(*words: str) -> str:
        return subprocess.run(
            [sys.executable, *words],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(map(str, folders))},
            check=True,
            stdout=subprocess.PIPE,
            text=True,
            timeout=300,
        ).stdout

    told = run(*shlex.split(command), "--seed", "1", "--sweep-dir", "sweep")
    assert "Ended 40 runs: 40 done" in told
    (best,) = re.findall(r"^  python (-m examples.train_segmentation .*)$", told, re.MULTILINE)
    run(*shlex.split(best), "--job_dir", "again")
    loss = json.loads((checkout / "again/artifacts/output.json").read_text())["output"]["loss"]
    rows = map(json.loads, (checkout / "sweep/runs.jsonl").read_text().splitlines())
    assert loss == min(row["metrics.loss"] for row in rows)
