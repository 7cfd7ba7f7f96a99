"""The examples of the documentation are run, and show what really comes out.

Of each page, in order: a block with `file=NAME` behind its language is written to that file;
another `json` block is the schema from which a new package `settings` is generated; a `python`
block is a session of the interpreter that goes on where the last one ended; a `console` block has
commands after `$` with what they print, in which a line `…` stands for any lines. What is not run
is read: `_READ` says how.
"""

from __future__ import annotations

import argparse
import contextlib
import doctest
import io
import json
import logging
import os
import re
import shlex
import shutil
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from brevetti_gen import generate
from brevetti_gen.cli.main import main
from ruamel.yaml import YAML

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
#: All pages, by their paths in `docs/`. Those in `site/` only include what lies beside it.
PAGES = sorted(
    path.relative_to(DOCS).as_posix() for path in DOCS.rglob("*.md") if path.parent != DOCS / "site"
)
#: What the examples of a page import beside the project.
LIBRARIES = {
    "command-line.md": ["click"],
    "storage.md": ["fsspec"],
    "starting.md": ["pydantic"],
    "other-libraries.md": ["attrs", "cattrs", "fastapi", "httpx", "msgspec", "pydantic", "rich"],
    "how-to/from-pydantic-settings.md": ["pydantic_settings"],
}
FENCE = re.compile(r"^```([^\n]*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


class _Printing(logging.Handler):
    """Shows log records in a session, as Python does on standard error without any set-up."""

    def emit(self, record: logging.LogRecord) -> None:
        print(record.getMessage())


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder in which the examples are run."""
    monkeypatch.chdir(tmp_path)
    environment = dict(os.environ)
    monkeypatch.syspath_prepend("")  # as at a prompt: the working directory
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    logger, handler = logging.getLogger("brevettiai.utils.module"), _Printing()
    logger.addHandler(handler)
    yield tmp_path
    os.environ.clear()
    os.environ.update(environment)
    logger.removeHandler(handler)
    forget_settings()
    for name, module in list(sys.modules.items()):
        if (getattr(module, "__file__", None) or "").startswith(str(tmp_path)):
            del sys.modules[name]


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


def run_console(text: str) -> None:
    """Run the commands of a block, and compare what they print. `cd` counts for those after it."""
    for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        command, _, expected = part.partition("\n")
        words = shlex.split(command)
        if words[0] == "cd":
            os.chdir(words[1])
            continue
        printed = _generator(words[1:]) if words[0] == "brevetti-gen" else _program(words)
        wanted = "(?s:.*)".join(re.escape(piece) for piece in expected.split("…\n"))
        assert re.fullmatch(wanted, printed), f"$ {command}\n{printed}"


def _generator(words: list[str]) -> str:
    """What the command `brevetti-gen` prints, run here as a process takes long to begin."""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
        main(words)
    return printed.getvalue()


def _program(words: list[str]) -> str:
    """What Python prints as a process, with the variables before it."""
    variables = dict.fromkeys(("PYTHONUTF8", "PYTHONUNBUFFERED"), "1")
    variables["PYTHONPATH"] = os.pathsep.join(str(ROOT / part) for part in ("codegen", "runtime"))
    while "=" in words[0]:
        name, _, variables[name] = words.pop(0).partition("=")
    assert words[0] == "python", words
    return subprocess.run(
        [sys.executable, "-B", *words[1:]],
        env={**os.environ, **variables, "PYTEST_ADDOPTS": ""},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        timeout=300,
    ).stdout


@pytest.mark.parametrize("page", PAGES)
def test_the_examples_of_a_page(page: str, desk: Path) -> None:
    for library in LIBRARIES.get(page, ()):
        pytest.importorskip(library, reason=f"needs {library}")
    text = (DOCS / page).read_text(encoding="utf-8")
    names: dict[str, Any] = {"__name__": "session"}
    failures: list[str] = []
    for match in FENCE.finditer(text):
        (language, _, file), block = match[1].partition(" file="), match[2]
        line = text.count("\n", 0, match.start())
        if file:
            path = Path(file)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block, encoding="utf-8")
        elif language == "json":
            path = desk / "schemas" / "training.schema.json"
            path.parent.mkdir(exist_ok=True)
            path.write_text(block, encoding="utf-8")
            generate([desk / "schemas"], desk / "settings")
            forget_settings()
        elif language == "python":
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", DeprecationWarning)
                failures += run_session(block, names, f"docs/{page}", line + 1)
        elif language == "console":
            run_console(block)
            if "$ brevetti-gen" in block:
                forget_settings()
        elif not language.startswith("{"):  # a directive of the site
            _READ[language](block)
    assert not failures, "\n".join(failures)


class _Parsed(Exception):
    """A command has understood its words."""


def _stopping(parse: Callable[..., object]) -> Callable[..., None]:
    def stop_when_parsed(*args: Any) -> None:
        parse(*args)
        raise _Parsed

    return stop_when_parsed


def _read_shell(text: str) -> None:
    """What bash can parse, and words that our commands take."""
    if shutil.which("bash"):
        subprocess.run(["bash", "-n"], input=text, check=True, text=True)
    parser = argparse.ArgumentParser
    with pytest.MonkeyPatch.context() as patch:
        for name in ("parse_args", "parse_intermixed_args"):
            patch.setattr(parser, name, _stopping(getattr(parser, name)))
        for line in text.replace("\\\n", " ").splitlines():
            if line.startswith("brevetti-gen"):
                with pytest.raises(_Parsed):
                    main(shlex.split(line, comments=True)[1:])


def _read_toml(text: str) -> None:
    if sys.version_info >= (3, 11):
        import tomllib

        tomllib.loads(text)


def _read_dockerfile(text: str) -> None:
    """Instructions that there are, and the form of JSON where one has brackets."""
    for line in text.replace("\\\n", " ").splitlines():
        if line and not line.startswith("#"):
            word, _, rest = line.partition(" ")
            assert word in "FROM WORKDIR COPY RUN ENV USER ENTRYPOINT CMD".split(), line
            assert rest, line
            if rest.startswith("["):
                assert all(isinstance(item, str) for item in json.loads(rest)), line


#: How blocks that are not run are read. `text` shows what is printed elsewhere, `powershell` and
#: `bat` are held against the rules of those shells by `tests/test_quoting.py`.
_READ: dict[str, Callable[[str], object]] = {
    "sh": _read_shell,
    "py": lambda text: compile(text, "a block", "exec"),
    "yaml": lambda text: list(YAML(pure=True).load_all(text)),
    "toml": _read_toml,
    "jsonc": lambda text: json.loads(re.sub(r"//.*", "", f"{{{text}}}")),
    "dockerfile": _read_dockerfile,
    "js": lambda text: None,
    "text": lambda text: None,
    "": lambda text: None,
    "bat": lambda text: None,
    "powershell": lambda text: None,
}


def anchors(page: Path) -> set[str]:
    """What links to a page can name behind `#`."""
    headings = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", h.lower()).replace(" ", "-") for h in headings}


@pytest.mark.parametrize("page", PAGES)
def test_links_of_a_page_lead_somewhere(page: str) -> None:
    text = (DOCS / page).read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)]+)\)", text):
        if "://" not in target:
            path, _, anchor = target.partition("#")
            place = (DOCS / page).parent / path if path else DOCS / page
            assert place.exists(), target
            assert not anchor or anchor in anchors(place), target


def test_every_page_can_be_found() -> None:
    listed = (DOCS / "index.md").read_text(encoding="utf-8")
    assert "docs/index.md" in (ROOT / "README.md").read_text(encoding="utf-8")
    assert [page for page in PAGES if page != "index.md" and f"]({page})" not in listed] == []
