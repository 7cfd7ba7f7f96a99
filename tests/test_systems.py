"""Other Pythons and other systems, as far as they can be tried on this machine."""

from __future__ import annotations

import ast
import errno
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]
SOURCES = sorted(path for top in ("codegen", "runtime") for path in (ROOT / top).rglob("*.py"))
GOLDEN = ROOT / "tests" / "golden"
VERSIONS = [f"3.{minor}" for minor in range(10, 15)]
HERE = f"{sys.version_info[0]}.{sys.version_info[1]}"


# Pythons


def interpreter(version: str) -> str:
    """The Python of this version that this machine has; skips the test where there is none."""
    home = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"), "versions")
    found = [shutil.which(f"python{version}"), *sorted(home.glob(f"{version}.*/bin/python"))]
    for python in filter(None, found):
        asked = subprocess.run(
            [str(python), "-c", "import sys; print('%d.%d' % sys.version_info[:2])"],
            capture_output=True,
            text=True,
        )
        if asked.stdout.strip() == version:
            return str(python)
    pytest.skip(f"there is no Python {version}")


@pytest.mark.slow
@pytest.mark.parametrize("version", [each for each in VERSIONS if each != HERE])
def test_the_runtime_needs_nothing_else_and_says_the_same(version: str, tmp_path: Path) -> None:
    said = [walk(python, tmp_path / name) for name, python in named(version)]
    assert said[0] == said[1]
    assert json.loads(said[0][0])["training"]["epochs"] == 2


def named(version: str) -> list[tuple[str, str]]:
    return [("there", interpreter(version)), ("here", sys.executable)]


def walk(python: str, desk: Path) -> list[str]:
    """What a user sees who has the runtime, generated code and no other package."""
    desk.mkdir()
    shutil.copytree(GOLDEN / "settings", desk / "settings")
    shutil.copy(ROOT / "examples" / "train_segmentation.py", desk / "train.py")
    shutil.copytree(
        ROOT / "runtime" / "brevettiai",
        desk / "brevettiai",
        ignore=shutil.ignore_patterns("__pycache__"),
    )
    print_settings = ["-m", "settings.segmentation", "--training.epochs", "2"]
    said = [run(python, desk, *print_settings)]
    said.append(run(python, desk, "-m", "settings.segmentation", "--help"))
    said.append(run(python, desk, "-m", "settings.segmentation", "--training.epochs=x", code=2))
    run(python, desk, "train.py", "--training.epochs", "2", "--job_dir", "job")
    [output] = (desk / "job").rglob("output.json")
    return [*said, json.dumps(json.loads(output.read_text(encoding="utf-8"))["config"]["settings"])]


def run(python: str, desk: Path, *words: str, code: int = 0) -> str:
    kept = ("PATH", "SYSTEMROOT", "LANG")
    environment = {name: os.environ[name] for name in kept if name in os.environ}
    environment |= {"HOME": str(desk), "COLUMNS": "100", "PYTHONDONTWRITEBYTECODE": "1"}
    # `-s -S`: no packages of this machine, whichever are installed.
    command = [python, "-s", "-S", *words]
    environment["PYTHONPATH"] = str(desk)
    done = subprocess.run(
        command, cwd=desk, env=environment, capture_output=True, text=True, encoding="utf-8"
    )
    assert done.returncode == code, done.stderr
    return done.stdout if code == 0 else done.stderr


# Text: the same bytes in every locale and on every system


def test_no_text_is_read_or_written_in_the_encoding_of_the_machine(tmp_path: Path) -> None:
    """Python warns wherever a file is opened in the encoding that the locale happens to have."""
    (tmp_path / "é").mkdir()
    schema = {
        "type": "object",
        "title": "É",
        "properties": {"n": {"default": "ü", "type": "string"}},
    }
    (tmp_path / "é" / "task.schema.json").write_text(json.dumps(schema), encoding="utf-8")
    strict = [sys.executable, "-X", "warn_default_encoding", "-W", "error::EncodingWarning"]
    paths = os.pathsep.join(map(str, (ROOT / "codegen", ROOT / "runtime")))
    for words in (
        ["brevetti_gen", "é", "-o", "made"],
        ["brevetti_gen", "form", "é", "-o", "forms"],
        ["brevetti_gen", "docs", "é", "-o", "docs"],
        ["brevetti_gen", "preview", "é/task.schema.json", "--html", "page.html"],
        ["made.task", "--n", "ß"],
    ):
        done = subprocess.run(
            [*strict, "-m", *words],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": paths},
            capture_output=True,
        )
        assert done.returncode == 0, done.stderr.decode("utf-8", "replace")


def writes_of_text(source: ast.AST) -> Iterator[ast.Call]:
    """The calls that open a file to write text, or write one."""
    for node in ast.walk(source):
        if not isinstance(node, ast.Call):
            continue
        called = ast.unparse(node.func)
        words = [each.value for each in node.args if isinstance(each, ast.Constant)]
        opens = called in ("open", "os.fdopen") and {*words} & {"w", "a", "x", "w+", "r+", "a+"}
        if opens or called.endswith(".write_text"):
            yield node


def test_written_lines_end_alike_on_every_system() -> None:
    """On Windows Python ends lines otherwise, unless it is told."""
    texts = {path: path.read_text(encoding="utf-8") for path in SOURCES}
    loose = [
        f"{path.relative_to(ROOT)}:{call.lineno}"
        for path, text in texts.items()
        if "open(" in text or "write_text(" in text
        for call in writes_of_text(ast.parse(text))
        if "newline" not in {word.arg for word in call.keywords}
    ]
    assert loose == []


# Locks, by a stand-in for what Windows has


class Locking(types.ModuleType):
    """`msvcrt.locking`: a descriptor holds a byte of a file until it is closed."""

    LK_LOCK, LK_NBLCK = 1, 2

    def __init__(self) -> None:
        super().__init__("msvcrt")
        self.held: dict[tuple[int, int], int] = {}

    def locking(self, descriptor: int, mode: int, count: int) -> None:
        stat = os.fstat(descriptor)
        at = os.lseek(descriptor, 0, os.SEEK_CUR)
        holder = self.held.get((stat.st_ino, at))
        if holder is not None and holder != descriptor and _is_open(holder, stat.st_ino):
            raise PermissionError(errno.EACCES, "Permission denied")
        self.held[stat.st_ino, at] = descriptor


def _is_open(descriptor: int, number: int) -> bool:
    try:
        return os.fstat(descriptor).st_ino == number
    except OSError:
        return False


@pytest.fixture
def on_windows(monkeypatch: pytest.MonkeyPatch) -> Any:
    """`on_windows(module)` is one of our modules as it is made on Windows."""
    monkeypatch.setitem(sys.modules, "msvcrt", Locking())

    def made(name: str) -> Any:
        spec = importlib.util.find_spec(name)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        with monkeypatch.context() as patch:
            patch.setattr(sys, "platform", "win32")
            spec.loader.exec_module(module)
        return module

    return made


def test_locks_of_files_on_windows(on_windows: Any, tmp_path: Path) -> None:
    locks = on_windows("brevettiai.io.locks")
    locks._FAR = 1 << 40  # As far as file systems here go.
    path = str(tmp_path / "part")
    held = locks.open_locked(path, os.O_RDWR)
    assert os.lseek(held, 0, os.SEEK_CUR) == 0  # What is written next goes where it belongs.
    assert locks.lock_abandoned(path) is None
    os.close(held)
    found = locks.lock_abandoned(path)
    assert found is not None
    os.close(found)


def test_one_run_writes_at_a_time_on_windows(
    on_windows: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = on_windows("brevetti_gen.write.lock")
    monkeypatch.setattr(lock, "WAIT_SECONDS", 0)
    with lock.locked(tmp_path) as first:
        assert first
        with pytest.raises(Exception, match="another run"), lock.locked(tmp_path):
            pass
    with lock.locked(tmp_path) as again:
        assert again
    assert [*tmp_path.iterdir()] == []
