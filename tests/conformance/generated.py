"""Schemas to imported classes, for tests that judge many of them."""

from __future__ import annotations

import importlib
import itertools
import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from brevetti_gen import generate
from brevettiai.config.loading import UNEXPLAINED
from brevettiai.errors import Problem
from brevettiai.messages.findings import Findings
from brevettiai.settings import SettingsError

_NUMBERS = itertools.count()


def shared(*names: str) -> Path | None:
    """A folder of the data that lies outside the project, where `BREVETTI_SHARED` says; or None."""
    top = os.environ.get("BREVETTI_SHARED")
    folder = Path(top, *names) if top else None
    return folder if folder is not None and folder.is_dir() else None


def needs_shared(*names: str) -> pytest.MarkDecorator:
    """Skips a test where that data is not there."""
    reason = f"needs {'/'.join(names)} in the folder that BREVETTI_SHARED names"
    return pytest.mark.skipif(shared(*names) is None, reason=reason)


def write_json(path: Path, value: Any) -> Path:
    """Write `value` to a file, the folder of which is made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value), encoding="utf-8")
    return path


@contextmanager
def generated(
    sources: Sequence[Path], folder: Path, maps: Mapping[str, Path], assert_formats: bool = False
) -> Iterator[Package]:
    """Generate a package into `folder`, to be imported until the block ends.

    Raises:
        GenerationError: as `generate`.
    """
    name = f"generated_{next(_NUMBERS)}"
    generate(list(sources), folder / name, maps=dict(maps), assert_formats=assert_formats)
    with importable(folder / name) as package:
        yield package


@contextmanager
def importable(folder: Path) -> Iterator[Package]:
    """Let the package in `folder` be imported until the block ends."""
    name = folder.name
    sys.path.insert(0, str(folder.parent))
    # The packages are used once: their bytecode would only be written.
    keeps_bytecode, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    importlib.invalidate_caches()
    try:
        yield Package(name, folder)
    finally:
        sys.dont_write_bytecode = keeps_bytecode
        sys.path.remove(str(folder.parent))
        for module in [m for m in sys.modules if m == name or m.startswith(name + ".")]:
            del sys.modules[module]


class Package:
    """A generated package that can be imported."""

    def __init__(self, name: str, folder: Path) -> None:
        self.name = name
        self.folder = folder

    def module(self, name: str) -> ModuleType:
        """One of its modules."""
        return importlib.import_module(f"{self.name}.{name}")

    @property
    def root_classes(self) -> list[str]:
        """The names of the classes that the package itself offers."""
        return list(importlib.import_module(self.name).__all__)

    def root_class(self, name: str) -> Any:
        """One of these classes."""
        return getattr(importlib.import_module(self.name), name)


def accepts(settings_class: Any, config: Any) -> bool:
    """Whether `config`, plain JSON, loads; why not, the rows of the class must tell.

    Any other refusal than the promised one is an error, and so is a problem that is told twice.
    """
    problems: Sequence[Problem] = ()
    is_accepted = True
    try:
        settings_class.from_config(config)
    except SettingsError as error:
        problems, is_accepted = error.problems, False
    else:
        problems = explained(settings_class, config)
    assert is_accepted != bool(problems), (config, problems)
    told = [(problem.path, problem.expected) for problem in problems]
    assert len(set(told)) == len(told), (config, problems)
    assert all(problem.expected != UNEXPLAINED for problem in problems), config
    return is_accepted


def explained(settings_class: Any, config: Any) -> list[Problem]:
    """What the rows of a class have against `config`."""
    compiled = settings_class.__brevetti__
    findings = Findings(compiled.tables.explanations())
    findings.explain(compiled.tables.row, (), config)
    return findings.problems
