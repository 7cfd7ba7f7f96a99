"""The examples of the documentation are run, and show what really comes out.

Of each page: a `json` block is the schema from which a new package `settings` is generated, a
`python` block a session of the interpreter that goes on where the last one ended, a `console`
block commands after `$` with what they print.
"""

from __future__ import annotations

import doctest
import logging
import re
import shlex
import subprocess
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from brevetti_gen import generate

ROOT = Path(__file__).resolve().parents[1]
PAGES = [
    *("command-line.md", "jobs.md", "storage.md", "backends.md", "styles.md", "forms.md"),
    *("meaning.md", "packages.md", "other-libraries.md", "architecture.md", "problems.md"),
    *("linting.md", "reference-docs.md", "diff.md", "starting.md", "growing.md", "sweeps.md"),
    "search-spaces.md",
]
#: What the examples of a page import beside the project.
LIBRARIES = {
    "command-line.md": ["click"],
    "storage.md": ["fsspec"],
    "starting.md": ["pydantic"],
    "other-libraries.md": ["attrs", "cattrs", "fastapi", "httpx", "msgspec", "pydantic", "rich"],
}
BLOCK = re.compile(r"^```(json|python|console)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


class _Printing(logging.Handler):
    """Shows log records in a session, as Python does on standard error without any set-up."""

    def emit(self, record: logging.LogRecord) -> None:
        print(record.getMessage())


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder in which the examples are run."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    logger, handler = logging.getLogger("brevettiai.utils.module"), _Printing()
    logger.addHandler(handler)
    yield tmp_path
    logger.removeHandler(handler)
    forget_settings()


def forget_settings() -> None:
    """Let the next import of `settings` read what was generated last."""
    for name in [name for name in sys.modules if name.partition(".")[0] == "settings"]:
        del sys.modules[name]


def run_session(text: str, names: dict[str, Any], place: str, line: int) -> list[str]:
    """Run a session; what came out otherwise than shown."""
    test = doctest.DocTestParser().get_doctest(text, names, place, place, line)
    assert test.examples, f"{place}:{line}: a session without a prompt"
    report: list[str] = []
    runner = doctest.DocTestRunner(verbose=False)
    runner.run(test, out=report.append, clear_globs=False)
    names.update(test.globs)
    return report


def run_console(text: str, folder: Path) -> None:
    """Run the commands of a block, and compare what they print."""
    for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        command, _, expected = part.partition("\n")
        words = shlex.split(command)
        assert words[0] == "python"
        path = [str(folder), *(str(ROOT / source) for source in ("codegen", "runtime"))]
        code = f"import sys; sys.path[:0] = {path!r}; import runpy; sys.argv = {words[2:]!r}; "
        code += f"runpy.run_module({words[2]!r}, run_name='__main__', alter_sys=True)"
        result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
        assert result.stdout + result.stderr == expected, command


@pytest.mark.parametrize("page", PAGES)
def test_the_examples_of_a_page(page: str, desk: Path) -> None:
    for library in LIBRARIES.get(page, ()):
        pytest.importorskip(library, reason=f"needs {library}")
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    names: dict[str, Any] = {"__name__": "session"}
    failures: list[str] = []
    for match in BLOCK.finditer(text):
        language, block = match.groups()
        line = text.count("\n", 0, match.start())
        if language == "json":
            path = desk / "schemas" / "training.schema.json"
            path.parent.mkdir(exist_ok=True)
            path.write_text(block, encoding="utf-8")
            generate([desk / "schemas"], desk / "settings")
            forget_settings()
        elif language == "python":
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", DeprecationWarning)
                failures += run_session(block, names, f"docs/{page}", line + 1)
        else:
            run_console(block, desk)
    assert not failures, "\n".join(failures)


def anchors(page: Path) -> set[str]:
    """What links to a page can name behind `#`."""
    headings = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", h.lower()).replace(" ", "-") for h in headings}


@pytest.mark.parametrize("page", PAGES)
def test_links_of_a_page_lead_somewhere(page: str) -> None:
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)]+)\)", text):
        if "://" not in target:
            path, _, anchor = target.partition("#")
            place = ROOT / "docs" / (path or page)
            assert place.exists(), target
            assert not anchor or anchor in anchors(place), target
    assert f"docs/{page}" in (ROOT / "README.md").read_text(encoding="utf-8")
