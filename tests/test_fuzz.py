"""The fuzzer of hostile texts, `python -m tests.fuzz`: a sample, and that it finds its faults."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest
from brevetti_gen import generate
from budgets import TOP
from conformance.generated import write_json
from fuzz import allowed
from fuzz.allowed import defined_names, python_faults, tree_faults
from fuzz.documents import FORMS, OTHER, SCHEMAS
from fuzz.pages import Page, markdown_faults
from random_sizes import scaled

_STYLES = ("plain", "pydantic", "dataclass", "msgspec", "typeddict")


def fuzz(*words: str) -> None:
    """Run the fuzzer in a process of its own: its audit hook would stay."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.fuzz", *words],
        cwd=TOP,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        timeout=1500,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_sample_of_hostile_texts() -> None:
    fuzz("--cases", str(scaled(60)), "--seed", "1", "--processes", "1")


@pytest.mark.slow
def test_a_larger_sample_of_hostile_texts() -> None:
    fuzz("--cases", "250", "--seed", "2", "--processes", "2")


@pytest.fixture(scope="module")
def harmless(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Packages of all documents of the fuzzer as they are, in all styles."""
    folder = tmp_path_factory.mktemp("harmless")
    for number, document in enumerate([*SCHEMAS.values(), *FORMS.values()]):
        write_json(folder / "s" / f"a{number}.json", document)
    write_json(folder / "s" / "other.json", OTHER)
    for style in _STYLES:
        generate([folder / "s"], folder / style, style=style)
    return folder


def test_the_list_allows_what_harmless_schemas_give_and_hardly_more(harmless: Path) -> None:
    found: dict[str, set[str]] = {"people": set(), "machine": set(), "names": set()}
    used, listed = found["names"], allowed.BUILTINS | allowed.METHODS
    for style in _STYLES:
        assert list(python_faults(harmless / style)) == []
        for path in (harmless / style).rglob("*.py"):
            tree = ast.parse(path.read_bytes())
            half = "machine" if "_brevetti" in path.parts else "people"
            found[half] |= {type(node).__name__ for node in ast.walk(tree)}
            used |= {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
            used |= {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    # The rest is of limits and of checks that go on, which these schemas have not.
    assert allowed.FIRST - found["people"] <= {"BoolOp", "Import", "NotIn", "Or", "UnaryOp", "USub"}
    more = {
        "Break",
        "Continue",
        "DictComp",
        "Div",
        "GeneratorExp",
        "Import",
        "JoinedStr",
        "FormattedValue",
        "Lt",
        "Mod",
    }
    assert allowed.MACHINE - found["machine"] - found["people"] <= {"Raise", "USub", *more}
    assert listed - used <= {"isinstance", "set"}


@pytest.mark.parametrize(
    "code",
    [
        "import os",
        "from os import system",
        "x = eval('1')",
        "open('x', 'w')",
        "x: 'print()' = 1",
        "while x: pass",
        "x.system()",
        "x = lambda: (yield)",
        "print",
        "(lambda: 1)()",
    ],
)
def test_code_that_no_schema_may_bring_is_found(code: str) -> None:
    tree = list(ast.walk(ast.parse(code)))
    assert list(tree_faults(tree, {"x", *defined_names(tree)}, allowed.MACHINE))


@pytest.mark.parametrize(
    "text",
    [
        "<script>zqxran()</script>",
        "<b onclick=x>b</b>",
        "<a href='javascript:x'>b</a>",
        "<iframe></iframe>",
        "<img src='http://a.example/'>",
        "<!-- zqxran -->",
        "[a](javascript:x) [b](http://a.example)",
    ],
)
def test_what_no_page_may_show_is_found(text: str, tmp_path: Path) -> None:
    page = Page(text)
    path = tmp_path / "page.md"
    path.write_text(text)
    assert page.faults or any("zqxran" in script for _, script in page.scripts) or "[" in text
    assert list(markdown_faults(path)) or "script" in text


def test_what_no_case_may_do_is_refused(tmp_path: Path) -> None:
    code = f"""if True:
    import os, subprocess, sys
    from pathlib import Path
    from fuzz.guard import Guard, TooLong
    guard = Guard()
    inside, outside = Path({str(tmp_path / "in")!r}), Path({str(TOP / "zqxran")!r})
    inside.mkdir()
    doings = [
        lambda: outside.write_text("x"),
        lambda: os.mkdir(outside),
        lambda: os.rename(inside, outside),
        lambda: os.symlink("x", outside),
        lambda: os.system("true"),
        lambda: subprocess.run(["true"]),
        lambda: __import__("socket").create_connection(("127.0.0.1", 9)),
    ]
    for doing in doings:
        try:
            with guard.watching(inside, programs=frozenset()):
                (inside / "x").write_text("x")
                doing()
        except Exception:
            pass
        assert len(guard.trespasses) == 1, guard.trespasses
    assert not outside.exists()
    """
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "TMPDIR": str(tmp_path)}
    subprocess.run([sys.executable, "-c", code], env=environment, check=True)
