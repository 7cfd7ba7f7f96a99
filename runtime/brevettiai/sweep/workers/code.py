"""The code of a program on its way to workers that may have no such files.

What is sent are the top-level modules and packages that are imported and lie neither in the
standard library nor among what is installed. What is installed is checked, see `versions`.
"""

from __future__ import annotations

import ast
import io
import os
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from brevettiai.sweep.program import Program

MOST = 100_000_000
"""Bytes of code that are sent at most."""
_OURS = "brevettiai"
_EPOCH = (1980, 1, 1, 0, 0, 0)


class CodeTooLarge(Exception):
    """There is more code than is sent."""


@dataclass(frozen=True)
class Code:
    """The code of a program.

    Attributes:
        zipped: a zip file of it.
        program: as it is where the file is unpacked: a path is seen from there.
        imports: the top-level names that it imports from elsewhere.
    """

    zipped: bytes
    program: Program
    imports: frozenset[str]


def code_of(program: Program) -> Code:
    """The code of a program of this process.

    Raises:
        CodeTooLarge: its folders hold too much.
    """
    own = dict(_own_modules())
    files: dict[str, Path] = {}
    if program.kind == "file":
        script = Path(program.name)
        files[script.name] = script
        program = replace(program, name=script.name)
    elif program.kind == "module":
        path = getattr(sys.modules["__main__"], "__file__", None)
        top = program.name.partition(".")[0]
        if top == program.name and top not in own and path and not _is_installed(path):
            files[f"{top}.py"] = Path(path)
    for name, places in own.items():
        for place in places:
            if os.path.isdir(place):
                files |= {f"{name}/{inner}": path for inner, path in _files_in(place)}
            else:
                files[place.name] = place
    _refuse_much(files)
    imports = {need.partition(".")[0] for need in program.needs}
    for path in files.values():
        if path.suffix == ".py":
            imports |= set(_imports_of(path))
    return Code(_zipped(files), program, frozenset(imports - own.keys() - {_OURS}))


def unpacked(zipped: bytes, place: str) -> str:
    """Unpack code into a new folder in a place; its path."""
    folder = tempfile.mkdtemp(prefix="code-", dir=place)
    with zipfile.ZipFile(io.BytesIO(zipped)) as archive:
        archive.extractall(folder)
    return folder


def _own_modules() -> Iterator[tuple[str, list[Path]]]:
    """By their names, where the files of the top-level modules of the program lie."""
    for name, module in [*sys.modules.items()]:
        if "." in name or name in ("__main__", "__mp_main__", _OURS):
            continue
        places = [Path(place) for place in getattr(module, "__path__", [])]
        file = getattr(module, "__file__", None)
        if not places and file:
            places = [Path(file)]
        own = [place for place in places if os.path.exists(place) and not _is_installed(str(place))]
        if own and not name.startswith("__editable__"):
            yield name, own


def _is_installed(path: str) -> bool:
    """Whether a file belongs to Python or to a distribution, which workers have their own of."""
    parts = Path(path).parts
    if "site-packages" in parts or "dist-packages" in parts:
        return True
    prefixes = (os.path.dirname(os.__file__), os.path.dirname(zipfile.__file__))
    return path.startswith(tuple(f"{prefix}{os.sep}" for prefix in prefixes))


def _files_in(folder: Path) -> Iterator[tuple[str, Path]]:
    """The files in the folder of a package, but hidden and compiled ones."""
    for place, inner, names in os.walk(folder):
        inner[:] = sorted(name for name in inner if name[0] != "." and name != "__pycache__")
        for name in sorted(names):
            if name[0] != "." and not name.endswith((".pyc", ".pyo")):
                path = Path(place, name)
                yield path.relative_to(folder).as_posix(), path


def _refuse_much(files: dict[str, Path]) -> None:
    sizes: dict[str, int] = {}
    for name, path in files.items():
        top = name.partition("/")[0]
        sizes[top] = sizes.get(top, 0) + path.stat().st_size
    if sum(sizes.values()) > MOST:
        largest = max(sizes, key=lambda top: sizes[top])
        raise CodeTooLarge(
            f"the program's own code is to be sent to the workers, and holds more than "
            f"{MOST // 1_000_000} MB, {sizes[largest] // 1_000_000} of them in {largest}: let data "
            "lie elsewhere, or install the package there and here"
        )


def _zipped(files: dict[str, Path]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            archive.writestr(zipfile.ZipInfo(name, _EPOCH), files[name].read_bytes())
    return buffer.getvalue()


def _imports_of(path: Path) -> Iterator[str]:
    """The top-level names that a file imports from other packages."""
    try:
        tree = ast.parse(path.read_bytes())
    except (SyntaxError, ValueError):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
            yield node.module.partition(".")[0]
