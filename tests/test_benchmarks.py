"""The benchmarks make their page and its picture, and say themselves where we are not first."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

TOP = Path(__file__).resolve().parents[1]
FOLDER = TOP / "tests" / "benchmarks"
_SVG = "{http://www.w3.org/2000/svg}"


def _python(*words: str, path: Path | None = None) -> str:
    environment = {**os.environ, "PYTHONPATH": "" if path is None else str(path)}
    done = subprocess.run(
        [sys.executable, *words], cwd=TOP, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.slow
def test_a_quick_run_writes_the_page_and_its_picture(tmp_path: Path) -> None:
    file = tmp_path / "page.md"
    works = ("import", "load", "check")
    _python("-m", "tests.benchmarks", "--quick", "--only", *works, "--write", str(file))
    page = file.read_text(encoding="utf-8")
    sections = {part.partition("\n")[0]: part for part in page.split("\n## ")[1:]}
    assert list(sections) == ["In short", "Import the classes", "Load a config", "Check a config"]
    rows = {
        title: [line.split(" | ")[0].strip("| *") for line in part.splitlines() if "|" in line][2:]
        for title, part in sections.items()
    }
    objects = ["pydantic", "msgspec", "attrs with cattrs", "mashumaro", "dataclasses-json"]
    assert rows["Import the classes"] == rows["Load a config"] == ["brevetti", *objects]
    validators = ["fastjsonschema", "jsonschema", "jsonschema-rs"]
    assert rows["Check a config"] == ["brevetti", *validators]
    # One that is there takes part in each; which are, depends on where this runs.
    assert "fails" not in page
    for title in ("Import the classes", "Load a config"):
        (line,) = (line for line in sections[title].splitlines() if line.startswith("| pydantic "))
        assert "not installed" not in line
        assert "x)" in line
    picture = tmp_path / "images" / "benchmarks.svg"
    assert picture.stat().st_size < 60_000
    texts = {text.text for text in ElementTree.parse(picture).iter(f"{_SVG}text")}
    assert {"Load a config", "Check a config", "brevetti", "pydantic", "records"} <= texts


_JUDGE = """
import json, sys
import table
from measuring import Case
taken = json.loads(sys.argv[1])
chapter = table.Chapter("x", "A work", "Told.", "s", "records", [Case("10 records", taken, 10.0)])
print(json.dumps([table.summary([chapter]), table.text(chapter)]))
"""


def _judged(**taken: object) -> list[str]:
    return json.loads(_python("-c", _JUDGE, json.dumps(taken), path=FOLDER))


def test_who_is_first_is_computed() -> None:
    summary, text = _judged(brevetti=[2e-6, 2e-6], slow=[3e-6, 3e-6], absent="not installed")
    assert "| A work | 10 records | 2 µs | slow | 1.5 times ours | yes |" in summary
    assert "Ours is first in each column." in text
    assert "| absent | *not installed* |" in text
    # Of turns side by side: what slows one turn for both tells nothing.
    summary, text = _judged(brevetti=[2e-6, 8e-6], fast=[1e-6, 4e-6], slow=[3e-6, 12e-6])
    assert summary.endswith("| 0.5 times ours | no: fast |")
    assert "| fast | **2.5 µs ± 30 % (0.5x)** |" in text
    assert "- **fast** in 10 records (0.5 of ours). What bounds it is not known yet." in text


def test_the_published_page_is_of_the_peers_that_are_pinned() -> None:
    page = (TOP / "docs" / "benchmarks.md").read_text(encoding="utf-8")
    pins = (FOLDER / "peers.txt").read_text(encoding="utf-8").splitlines()
    names = [line.partition("==")[0].partition("[")[0] for line in pins if "==" in line]
    versions = [line.partition("==")[2].partition(";")[0].strip() for line in pins if "==" in line]
    for name, version in zip(names, versions, strict=True):
        assert f"{name} {version}" in page
