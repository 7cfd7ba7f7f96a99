"""Schemas that people really use, in every style: names, type checkers, and files that fit them."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import generated_code
import pytest
from brevetti_gen import generate
from brevettiai.adapters import SettingsAdapter
from conformance.generated import Package, importable, needs_shared, shared
from conformance.test_schemastore import LONGEST, PREFIX, READERS
from style_classes import STYLES, attributes, keep, load
from style_forms import assert_same_form

PackageOf = Callable[[str, str], Path]
PLACE = ("conformance", "schemastore")
FOLDER = shared(*PLACE)
NAMES = sorted(path.stem for path in (FOLDER / "schemas").glob("*.json")) if FOLDER else []
#: A few of them for every run, the others where time does not matter.
FEW = frozenset(NAMES[::16]) - {LONGEST}
#: Each schema in two of the styles: what these write is by the same hands.
TWO_STYLES = [
    pytest.param(name, style, marks=[] if name in FEW else pytest.mark.slow)
    for number, name in enumerate(NAMES)
    for style in (STYLES if name in FEW else STYLES[number % 2 :: 2])
]
ONE_STYLE = [
    pytest.param(name, STYLES[(number + number // 16) % 4], marks=each)
    for number, name in enumerate(NAMES)
    for each in [[] if name in FEW else pytest.mark.slow]
]


def generated(name: str, folder: Path, style: str) -> Path:
    """The package of a schema in a style."""
    assert FOLDER is not None
    package = folder / f"{style}_{name.replace('-', '_').replace('.', '_').lower()}"
    schemas = FOLDER / "schemas"
    generate([schemas / f"{name}.json"], package, maps={PREFIX: schemas}, style=style)
    return package


@pytest.fixture(scope="module")
def package_of(tmp_path_factory: pytest.TempPathFactory) -> PackageOf:
    """The package of a schema in a style, generated once for all tests of this file."""
    folder = tmp_path_factory.mktemp("schemastore")
    return cache(lambda name, style: generated(name, folder, style))


def configs(name: str) -> list[tuple[str, Any]]:
    """The files that fit a schema, as far as they are objects."""
    assert FOLDER is not None
    found: list[tuple[str, Any]] = []
    for path in sorted((FOLDER / "test" / name).glob("*")):
        read = READERS[path.suffix]
        value = read(path) if read is not None else None
        if isinstance(value, dict):
            found.append((path.name, value))
    return found


def module_of(package: Package) -> Any:
    """The only module of a package."""
    return package.module(next(path.stem for path in package.folder.glob("[!_]*.py")))


@needs_shared(*PLACE)
def test_schemastore_is_there() -> None:
    assert len(NAMES) > 40


@pytest.mark.parametrize(("name", "style"), TWO_STYLES)
def test_schemas_give_the_same_names_and_take_valid_files(
    name: str, style: str, package_of: PackageOf
) -> None:
    plain, other = package_of(name, "plain"), package_of(name, style)
    with importable(plain) as ours, importable(other) as theirs:
        expected, module = module_of(ours), module_of(theirs)
        assert theirs.root_classes == ours.root_classes
        names = [name for name in expected.__all__ if name not in ("dump", "load")]
        assert module.__all__ == names
        for cls in names:
            if style != "typeddict" and isinstance(getattr(expected, cls, None), type):
                hints = getattr(expected, cls).__annotations__
                assert attributes(style, getattr(module, cls)) == set(hints)
        for file, config in configs(name) if theirs.root_classes else []:
            try:
                load(style, theirs.root_class(theirs.root_classes[0]), config)
            except Exception as error:
                raise AssertionError(f"{file}: {error}") from error


@needs_shared(*PLACE)
@pytest.mark.parametrize(("name", "style"), ONE_STYLE)
def test_adapters_give_the_same_form_and_read_what_they_write(
    name: str, style: str, package_of: PackageOf
) -> None:
    plain, other = package_of(name, "plain"), package_of(name, style)
    with importable(plain) as ours, importable(other) as theirs:
        if not ours.root_classes:
            pytest.skip("the root is no class")
        cls = theirs.root_class(theirs.root_classes[0])
        keep(cls)
        adapter = SettingsAdapter.of(cls)
        assert_same_form(style, ours.root_class(ours.root_classes[0]), adapter)
        for file, config in configs(name):
            settings = adapter.from_config(config)
            assert adapter.from_config(adapter.get_config(settings)) == settings, file


@pytest.mark.slow
@needs_shared(*PLACE)
def test_all_packages_suit_type_checkers_and_linters(tmp_path: Path) -> None:
    folder = tmp_path / "packages"
    for number, name in enumerate(NAMES):
        for style in STYLES[number % 2 :: 2]:
            generated(name, folder, style)
    (folder / "__init__.py").write_text("")
    assert generated_code.mypy(folder) == ""
    assert generated_code.ruff(folder) == ""
