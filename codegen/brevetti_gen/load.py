"""Classes of schemas for this process alone: generated into a folder that is gone again."""

from __future__ import annotations

import importlib
import importlib.util
import itertools
import sys
from collections.abc import Generator, Iterable, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType
from typing import Any, NamedTuple

from brevettiai.compiled import later
from brevettiai.settings import Settings

from .generate import generate
from .problems import Problem
from .read.find import PathLike, Source, find
from .workbench.lint.slow_patterns import search_briefly

_NUMBERS = itertools.count(1)


class LoadedClass(NamedTuple):
    """The root class of the schema in a file, None for a root that is no object; its module."""

    source: Source
    cls: type[Settings] | None
    text: str = ""


class Loaded(NamedTuple):
    """The classes of some schemas, in the order of their modules."""

    classes: tuple[LoadedClass, ...]
    warnings: tuple[Problem, ...]


def load_package(
    sources: Sequence[PathLike],
    *,
    exclude: Sequence[str] | None = None,
    **options: Any,
) -> Loaded:
    """Generate the classes of `sources` and import them, without leaving a file behind.

    The options are those of `generate`, but for what is about the output.

    Raises:
        GenerationError: as `generate`.
    """
    with TemporaryDirectory(prefix="brevetti-") as folder:
        output = Path(folder, "settings")
        report = generate(sources, output, exclude=exclude, **options)
        with _imported(output, report.modules) as modules:
            roots = dict(zip(report.modules, map(_root_class, modules), strict=True))
        classes: list[LoadedClass] = []
        for source in find(sources, patterns=exclude or ())[0]:
            text = output.joinpath(*source.module).with_suffix(".py").read_text(encoding="utf-8")
            classes.append(LoadedClass(source, roots[".".join(source.module)], text))
    return Loaded(tuple(classes), report.warnings)


@contextmanager
def _imported(folder: Path, names: Iterable[str]) -> Generator[list[ModuleType]]:
    """The modules of the package in `folder`, under a name that no package has.

    They stay in `sys.modules` only until the block ends: by then they have what they need of each
    other, and whoever holds a class holds its module.
    """
    package = f"_brevetti_loaded_{next(_NUMBERS)}"
    spec = importlib.util.spec_from_file_location(
        package, folder / "__init__.py", submodule_search_locations=[str(folder)]
    )
    assert spec is not None
    assert spec.loader is not None
    writes_bytecode, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    try:
        module = sys.modules[package] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        modules = [importlib.import_module(f"{package}.{name}") for name in names]
        _join(modules, package)
        yield modules
    finally:
        sys.dont_write_bytecode = writes_bytecode
        for name in [n for n in sys.modules if n == package or n.startswith(f"{package}.")]:
            del sys.modules[name]


def _join(modules: Iterable[ModuleType], package: str) -> None:
    """Import all halves, and what they know of one another, since they cannot be imported later."""
    for module in modules:
        half = vars(module).get("__half__")
        for volume in () if half is None else half.volumes():
            volume.bind().machine.load_parts()
    for name, module in list(sys.modules.items()):
        if name.startswith(f"{package}."):
            search_briefly(vars(module).values())
            for value in list(vars(module).values()):
                if isinstance(value, later):
                    value.module()


def _root_class(module: ModuleType) -> type[Settings] | None:
    """The class of the schema's root: the one that lies at no place inside it."""
    for value in vars(module).values():
        if isinstance(value, type) and issubclass(value, Settings) and value is not Settings:
            tables: Any = value.__brevetti__.tables
            if not tables.place:
                return value
    return None
