"""The files of generated packages, and what linters and type checkers say of them."""

from __future__ import annotations

import importlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

from brevetti_gen.workbench.incremental.notes import CACHE
from brevettiai.io.locks import open_locked

TOP = Path(__file__).parents[1]
RUNTIME = TOP / "runtime"


def machine_of(module: Any) -> Any:
    """The machine half of a generated module."""
    return importlib.import_module(module.__half__.machine)


#: The files of a module with classes that are no more than their properties.
PARTS = ("{}.py", *(f"_brevetti/{{}}/{n}.py" for n in ("__init__", "objects", "flags", "texts")))


def files_of(*modules: str) -> tuple[str, ...]:
    """The files of the halves of some modules that are at the top of a package."""
    return tuple(sorted(part.format(name) for name in modules for part in PARTS))


#: What a package has besides the files of its modules.
COMMON_FILES = (
    "__init__.py",
    *(f"_brevetti/{n}" for n in (".gitattributes", "__init__.py", "ruff.toml")),
)


def machine_text(folder: Path, name: str) -> str:
    """All that the machine has of the module `name` of a package, its files one after another."""
    files = sorted((folder / "_brevetti" / name).glob("*.py"))
    return "".join(file.read_text(encoding="utf-8") for file in files)


def _output(arguments: list[str], folder: Path) -> str:
    """What a tool prints if it is not content, else ""."""
    environment = {**os.environ, "MYPYPATH": str(RUNTIME), "NO_COLOR": "1"}
    run = subprocess.run(
        [sys.executable, "-m", *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    return "" if run.returncode == 0 else run.stdout + run.stderr


def texts(folder: Path) -> dict[str, str]:
    """All generated files of a package by path."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes().decode()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not {"__pycache__", CACHE} & set(path.parts)
    }


def ruff(package: Path) -> str:
    """Complaints of `ruff check` and `ruff format --check`, both as they come."""
    name = package.name
    check = _output(["ruff", "check", "--isolated", "--no-cache", name], package.parent)
    layout = ["ruff", "format", "--isolated", "--no-cache", "--diff", name]
    return check + _output(layout, package.parent)


@cache
def _mypy_cache() -> tempfile.TemporaryDirectory[str]:
    """What mypy knows of the runtime and of libraries, for all packages this process looks at.

    A copy of what the last process knew: one at a time finds out what is new, and leaves it for the
    others and for later runs, whole or not at all.
    """
    folder = TOP / ".mypy_cache"
    known, new = folder / "packages", folder / "packages.new"
    own = tempfile.TemporaryDirectory(prefix="mypy-cache-")
    folder.mkdir(exist_ok=True)
    descriptor = open_locked(str(folder / "packages.lock"), os.O_RDWR)
    try:
        if known.is_dir():
            shutil.copytree(known, own.name, dirs_exist_ok=True)
        if _mypy(TOP / "tests" / "golden" / "settings", own.name) == "":
            with suppress(OSError):  # another process may do the same where there are no locks
                shutil.rmtree(new, ignore_errors=True)
                shutil.copytree(own.name, new)
                shutil.rmtree(known, ignore_errors=True)
                new.replace(known)
    finally:
        os.close(descriptor)
    return own


def mypy(package: Path) -> str:
    """Complaints of `mypy --strict`."""
    return _mypy(package, _mypy_cache().name)


def _mypy(package: Path, cache_folder: str) -> str:
    options = ["--strict", "--config-file=", f"--cache-dir={cache_folder}"]
    options += ["--follow-imports=silent"]
    return _output(["mypy", *options, package.name], package.parent)


def pyright(folder: Path, *packages: Path) -> str:
    """Complaints of pyright in strict mode; its configuration is written into `folder`."""
    config = {
        "include": [os.path.relpath(package, folder) for package in packages],
        "extraPaths": [os.path.relpath(RUNTIME, folder)],
        "typeCheckingMode": "strict",
        "pythonVersion": "3.10",
    }
    (folder / "pyrightconfig.json").write_text(json.dumps(config), encoding="utf-8")
    interpreter = ["--pythonpath", sys.executable]
    return _output(["pyright", "--project", str(folder), *interpreter], folder)
