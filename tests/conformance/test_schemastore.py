"""Schemas that people really use, from SchemaStore, with files that fit them and that do not."""

from __future__ import annotations

import datetime
import json
from pathlib import Path
from typing import Any

import pytest
from conformance.expected_failures import SCHEMASTORE
from conformance.generated import Package, accepts, generated, needs_shared, shared, write_json
from ruamel.yaml import YAML

try:
    import tomllib
except ImportError:  # Python 3.10
    tomllib = None

PLACE = ("conformance", "schemastore")
FOLDER = shared(*PLACE)


def schemas() -> list[str]:
    """The names of the schemas."""
    return sorted(p.stem for p in (FOLDER / "schemas").glob("*.json")) if FOLDER else []


@needs_shared(*PLACE)
def test_schemastore_is_there() -> None:
    assert len(schemas()) > 40
    assert FOLDER is not None
    assert all((FOLDER / name).exists() for name in SCHEMASTORE)


@pytest.mark.parametrize("name", schemas())
def test_schemastore(name: str, tmp_path: Path) -> None:
    assert FOLDER is not None
    folder = FOLDER / "schemas"
    wrapper = tmp_path / "schemas" / "wrapper.json"
    write_json(wrapper, {"type": "object", "properties": {"value": {"$ref": f"{name}.json"}}})
    maps = {"https://json.schemastore.org/": folder}
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


def judge(name: str, package: Package) -> dict[str, str]:
    """The files that are judged wrong, and how."""
    assert FOLDER is not None
    settings_class = package.module("wrapper").Wrapper
    failures: dict[str, str] = {}
    for kind, fits in (("test", True), ("negative_test", False)):
        for path in sorted((FOLDER / kind / name).glob("*")):
            read = READERS[path.suffix]
            if read is None:
                continue
            file = f"{kind}/{name}/{path.name}"
            try:
                if accepts(settings_class, {"value": read(path)}) != fits:
                    failures[file] = "refused" if fits else "accepted"
            except Exception as error:
                failures[file] = repr(error)
    return failures


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


READERS: dict[str, Any] = {
    ".json": read_json,
    ".yaml": read_yaml,
    ".yml": read_yaml,
    ".toml": read_toml if tomllib else None,
}
