"""Schemas that people really use, from SchemaStore, with files that fit them and that do not."""

from __future__ import annotations

import datetime
import json
import pickle
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import generated_code
import pytest
from conformance.expected_failures import SCHEMASTORE
from conformance.generated import Package, accepts, generated, needs_shared, shared, write_json
from reference import expected_config, json_equal
from referencing import Registry, Resource
from referencing.exceptions import NoSuchResource
from referencing.jsonschema import DRAFT7
from ruamel.yaml import YAML

try:
    import tomllib
except ImportError:  # Python 3.10
    tomllib = None

PLACE = ("conformance", "schemastore")
FOLDER = shared(*PLACE)
PREFIX = "https://json.schemastore.org/"


def schemas() -> list[str]:
    """The names of the schemas."""
    return sorted(p.stem for p in (FOLDER / "schemas").glob("*.json")) if FOLDER else []


@needs_shared(*PLACE)
def test_schemastore_is_there() -> None:
    assert len(schemas()) > 40
    assert FOLDER is not None
    assert all((FOLDER / name).exists() for name in SCHEMASTORE)


#: It takes as long as all the others.
LONGEST = "web-types"
#: Those of every run.
USUAL = frozenset(schemas()[1::2]) - {LONGEST}


@pytest.mark.parametrize(
    "name", [pytest.param(n, marks=[] if n in USUAL else pytest.mark.slow) for n in schemas()]
)
def test_schemastore(name: str, tmp_path: Path) -> None:
    assert FOLDER is not None
    folder = FOLDER / "schemas"
    wrapper = tmp_path / "schemas" / "wrapper.json"
    write_json(wrapper, {"type": "object", "properties": {"value": {"$ref": f"{name}.json"}}})
    maps = {PREFIX: folder}
    failures: dict[str, str] = {}
    try:
        with generated([wrapper, folder / f"{name}.json"], tmp_path, maps) as package:
            failures |= judge(name, package)
    except Exception as error:
        failures[f"schemas/{name}.json"] = f"{type(error).__name__}: {error}"
    expected = {file for file in SCHEMASTORE if Path(file).stem == name or f"/{name}/" in file}
    unexpected = {file: how for file, how in failures.items() if file not in expected}
    assert not unexpected, "\n".join(f"{file} ({how})" for file, how in unexpected.items())
    passing = expected - failures.keys()
    assert not passing, f"take these off the list of expected failures: {sorted(passing)}"


@pytest.mark.slow
@needs_shared(*PLACE)
def test_all_in_one_package(tmp_path: Path) -> None:
    """Every schema's module can be imported, and no type checker or linter has a complaint."""
    assert FOLDER is not None
    folder = FOLDER / "schemas"
    with generated([folder], tmp_path, {PREFIX: folder}) as package:
        modules = [path.stem for path in sorted((tmp_path / package.name).glob("*.py"))]
        assert len(modules) > 40
        for name in modules:
            if name != "__init__":
                package.module(name)
        complaints = generated_code.mypy(tmp_path / package.name)
        assert complaints == ""
        assert generated_code.ruff(tmp_path / package.name) == ""


def judge(name: str, package: Package) -> dict[str, str]:
    """The files that are judged wrong, and how."""
    assert FOLDER is not None
    settings_class, root = package.root_class("Wrapper"), root_class(package)
    failures: dict[str, str] = {}
    for kind, fits in (("test", True), ("negative_test", False)):
        for path in sorted((FOLDER / kind / name).glob("*")):
            read = READERS[path.suffix]
            if read is None:
                continue
            file = f"{kind}/{name}/{path.name}"
            try:
                value = read(path)
                if accepts(settings_class, {"value": value}) != fits:
                    failures[file] = "refused" if fits else "accepted"
                elif fits and isinstance(value, dict) and root is not None:
                    broken = broken_laws(root, schema(f"{PREFIX}{name}.json"), value)
                    failures |= {file: "; ".join(broken)} if broken else {}
            except Exception as error:
                failures[file] = repr(error)
    return failures


def root_class(package: Package) -> Any:
    """The class of the schema itself; None where no object is valid under it."""
    names = [name for name in package.root_classes if name != "Wrapper"]
    return package.root_class(names[0]) if names else None


def broken_laws(settings_class: Any, schema: Any, config: dict[str, Any]) -> list[str]:
    """Laws of docs/architecture.md that a class breaks for a config that is valid."""
    loaded = settings_class.from_config(config)
    saved = loaded.get_config()
    copies: dict[str, Callable[[], Any]] = {
        "get_config": lambda: settings_class.from_config(saved),
        "to_json": lambda: settings_class.from_json(loaded.to_json()),
        "to_args": lambda: settings_class.from_args(loaded.to_args()),
        "get_settings": lambda: settings_class.from_settings(loaded.get_settings()),
        "pickle": lambda: pickle.loads(pickle.dumps(loaded)),
        "copy": loaded.copy,
    }
    broken = [
        f"{how} gives another object back" for how, copy in copies.items() if copy() != loaded
    ]
    if not json_equal(saved, expected_config(schema, config, REGISTRY)):
        broken.append("the config is not what was given plus defaults")
    return broken


@cache
def schema(uri: str) -> Any:
    """A schema by its address, the same object each time."""
    assert FOLDER is not None
    return read_json(FOLDER / "schemas" / uri.removeprefix(PREFIX))


def retrieve(uri: str) -> Resource[Any]:
    """The schema that another one refers to."""
    if not uri.startswith(PREFIX):
        raise NoSuchResource(ref=uri)
    return Resource.from_contents(schema(uri), default_specification=DRAFT7)


def read_json(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8-sig"))


def read_yaml(path: Path) -> Any:
    return plain(YAML(typ="safe", pure=True).load(path))


def read_toml(path: Path) -> Any:
    assert tomllib is not None
    return plain(tomllib.loads(path.read_text(encoding="utf-8")))


def plain(value: Any) -> Any:
    """A value as JSON: dates as text, keys as text."""
    if isinstance(value, dict):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [plain(inner) for inner in value]
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat()
    return value


REGISTRY: Registry[Any] = Registry(retrieve=retrieve)
READERS: dict[str, Any] = {
    ".json": read_json,
    ".yaml": read_yaml,
    ".yml": read_yaml,
    ".toml": read_toml if tomllib else None,
}
