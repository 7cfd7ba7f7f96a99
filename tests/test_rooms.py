"""The rooms of both packages: imports lead downwards, lazy ones too, never in circles."""

from __future__ import annotations

import ast
import importlib.util
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = {"brevetti_gen": ROOT / "codegen", "brevettiai": ROOT / "runtime"}


@pytest.mark.parametrize("package", PACKAGES)
def test_no_module_leads_back_to_itself(package: str) -> None:
    assert circles(imports_of(package)) == []


def test_a_lazy_import_that_closes_a_circle_is_found() -> None:
    sources = {
        "p.a": "from . import b",
        "p.b": "def f():\n    from .c import x",
        "p.c": "TYPE_CHECKING = False\nif TYPE_CHECKING:\n    from .d import D\nimport p.a",
        "p.d": "from .c import x",
    }
    graph = {name: set(imported(name, False, text, set(sources))) for name, text in sources.items()}
    assert circles(graph) == [["p.a", "p.b", "p.c"]]


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


# Who imports what


@cache
def imports_of(package: str) -> dict[str, set[str]]:
    """The modules of a package, and which of them each one imports at any time."""
    folder = PACKAGES[package]
    files = {_name(path.relative_to(folder)): path for path in (folder / package).rglob("*.py")}
    return {
        name: set(
            imported(name, path.name == "__init__.py", path.read_text(encoding="utf-8"), set(files))
        )
        for name, path in files.items()
    }


def _name(path: Path) -> str:
    parts = path.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imported(name: str, is_folder: bool, source: str, known: set[str]) -> Iterator[str]:
    """The modules among `known` that a source imports, but for type checkers alone."""
    base = name if is_folder else name.rpartition(".")[0]
    for node in _run(ast.parse(source)):
        if isinstance(node, ast.Import):
            found = [alias.name for alias in node.names]
        else:
            above = base.split(".")[: base.count(".") + 2 - node.level] if node.level else []
            module = ".".join([*above, *([node.module] if node.module else [])])
            inner = [f"{module}.{alias.name}" for alias in node.names]
            found = [one if one in known else module for one in inner]
        yield from (module for module in found if module in known and module != name)


def _run(tree: ast.AST) -> Iterator[ast.Import | ast.ImportFrom]:
    """The imports of a syntax tree that a program can come to."""
    if isinstance(tree, (ast.Import, ast.ImportFrom)):
        yield tree
    children = list(ast.iter_child_nodes(tree))
    if isinstance(tree, ast.If) and "TYPE_CHECKING" in ast.unparse(tree.test):
        children = [child for child in children if child not in tree.body]
    for child in children:
        yield from _run(child)


def circles(graph: dict[str, set[str]]) -> list[list[str]]:
    """The groups of modules that all lead to one another, sorted."""
    reached = {name: _reached(graph, name) for name in graph}
    groups = {
        tuple(sorted(other for other in reached[name] if name in reached[other]))
        for name in graph
        if name in reached[name]
    }
    return sorted(map(list, groups))


def _reached(graph: dict[str, set[str]], start: str) -> set[str]:
    found: set[str] = set()
    stack = list(graph[start])
    while stack:
        name = stack.pop()
        if name not in found:
            found.add(name)
            stack += graph[name]
    return found
