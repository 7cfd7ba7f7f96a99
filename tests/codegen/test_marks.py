"""The machine's folder tells tools of itself that nobody has to read it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from brevetti_gen.write.files import write
from brevetti_gen.write.render import generated_header, render_marks

UGLY = f"{generated_header()}\nimport os\nx = [ 1,2 ]\n"


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A package with code that no linter likes, for people and for the machine."""
    files = {"a.py": UGLY, "_brevetti/a/__init__.py": UGLY, "_brevetti/a/flags.py": UGLY}
    write({**files, **render_marks(files)}, tmp_path / "settings")
    return tmp_path / "settings"


def test_a_package_without_a_machine_has_no_marks() -> None:
    assert render_marks(["__init__.py", "a.py", "b/c.py"]) == {}


@pytest.mark.parametrize("command", [["check"], ["format", "--check"]])
def test_ruff_passes_over_the_machine(package: Path, command: list[str]) -> None:
    run = [sys.executable, "-m", "ruff", *command, "--no-cache", "settings"]
    shown = subprocess.run(run, cwd=package.parent, capture_output=True, text=True, check=False)
    assert shown.returncode == 1, shown.stderr
    assert "a.py" in shown.stdout
    assert "_brevetti" not in shown.stdout + shown.stderr


@pytest.mark.skipif(shutil.which("git") is None, reason="needs git")
def test_reviews_fold_the_machine(package: Path) -> None:
    subprocess.run(["git", "init", "--quiet"], cwd=package, check=True)
    for path, value in (("a.py", "unspecified"), ("_brevetti/a/flags.py", "set")):
        names = ["linguist-generated", "gitlab-generated"]
        run = ["git", "check-attr", *names, "--", path]
        shown = subprocess.run(run, cwd=package, capture_output=True, text=True, check=True).stdout
        assert shown.splitlines() == [f"{path}: {name}: {value}" for name in names]
