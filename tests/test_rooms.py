"""The rooms of both packages: imports lead downwards, lazy ones too.

That they never lead in circles is one of the budgets.
"""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
from pathlib import Path

import pytest
from import_graph import circles, import_graph

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = {"brevetti_gen": ROOT / "codegen", "brevettiai": ROOT / "runtime"}


def test_a_circle_is_found_also_where_an_import_is_lazy(tmp_path: Path) -> None:
    package = tmp_path / "house"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "above.py").write_text("from .below import x\n")
    (package / "below.py").write_text("def f():\n    from . import above\n")
    typed = "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from .above import x\n"
    (package / "typed.py").write_text(typed + "from .below import y\n")
    assert circles(import_graph(tmp_path)) == [{"house.above", "house.below"}]
    (package / "below.py").write_text(typed)
    assert circles(import_graph(tmp_path)) == []


def test_whether_a_file_is_there_is_asked_of_os_path() -> None:
    """pathlib raises where a name is too long, or in a folder that nobody may read."""
    asking = re.compile(r"\.(is_file|is_dir|exists)\(\)")
    asked = {
        path.name
        for name, folder in PACKAGES.items()
        for path in (folder / name).rglob("*.py")
        if asking.search(path.read_text(encoding="utf-8"))
    }
    assert asked <= {"local.py"}  # Entries of a folder are no paths.


def test_the_contracts_of_the_linter_hold() -> None:
    """`[tool.importlinter]` in pyproject.toml says which room lies above which."""
    if importlib.util.find_spec("importlinter") is None:
        pytest.skip("import-linter is not installed; it comes with the extra `dev`")
    paths = [str(folder) for folder in PACKAGES.values()]
    code = (
        f"import sys; sys.path[:0] = {paths!r}\n"
        "from importlinter.cli import lint_imports\n"
        "sys.exit(lint_imports(no_cache=True, no_logo=True))"
    )
    run = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
