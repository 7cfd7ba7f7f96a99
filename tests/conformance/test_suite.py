"""The official JSON Schema test suite, judged by generated classes.

Each case becomes a schema file, and a wrapper with one property `value` that refers to it, so that
the loading of nested values is what judges. The cases of a file are generated in one go, which is
how the suite runs in seconds; only cases that cannot be generated together are taken apart.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from conformance.expected_failures import SUITE
from conformance.generated import Package, accepts, generated, needs_shared, shared, write_json

PLACE = ("conformance", "json-schema-test-suite")
DRAFTS = {
    "draft2020-12": "https://json-schema.org/draft/2020-12/schema",
    "draft7": "http://json-schema.org/draft-07/schema#",
}
FOLDER = shared(*PLACE)


@dataclass(frozen=True)
class Case:
    """A schema and the instances to judge under it."""

    number: int
    description: str
    schema: Any
    tests: list[dict[str, Any]]

    @property
    def schema_file(self) -> str:
        return f"case_{self.number:04}.json"

    @property
    def wrapper(self) -> str:
        """Name of the wrapper's module."""
        return f"wrapper_{self.number:04}"

    def write(self, folder: Path, draft: str) -> list[Path]:
        """Write the schema and its wrapper."""
        schema = self.schema
        if isinstance(schema, dict):
            schema = {"$schema": draft, **schema}
        wrapper = {
            "$schema": draft,
            "type": "object",
            "properties": {"value": {"$ref": self.schema_file}},
            "required": ["value"],
        }
        paths = [folder / self.schema_file, folder / f"{self.wrapper}.json"]
        for path, value in zip(paths, (schema, wrapper), strict=True):
            write_json(path, value)
        return paths

    def failures(self, package: Package) -> dict[str, str]:
        """The tests that the generated class judges wrong, and how."""
        try:
            module = package.module(self.wrapper)
            settings_class = getattr(module, self.wrapper.title().replace("_", ""))
        except Exception as error:
            return self.all_fail(error)
        found: dict[str, str] = {}
        for test in self.tests:
            name = f"{self.description}: {test['description']}"
            try:
                if accepts(settings_class, {"value": test["data"]}) != test["valid"]:
                    found[name] = "refused" if test["valid"] else "accepted"
            except Exception as error:
                found[name] = repr(error)
        return found

    def all_fail(self, error: Exception) -> dict[str, str]:
        """All tests of the case, with the one reason."""
        how = f"{type(error).__name__}: {error}"
        return {f"{self.description}: {test['description']}": how for test in self.tests}


def files() -> list[str]:
    """The files of the suite, as `draft7/optional/format/date.json`."""
    if FOLDER is None:
        return []
    found = (path for draft in DRAFTS for path in (FOLDER / draft).rglob("*.json"))
    return sorted(path.relative_to(FOLDER).as_posix() for path in found)


@needs_shared(*PLACE)
def test_the_suite_is_there() -> None:
    assert len(files()) > 100
    assert SUITE.keys() <= set(files())


@pytest.mark.parametrize("name", files())
def test_suite(name: str, tmp_path: Path) -> None:
    assert FOLDER is not None
    contents = json.loads((FOLDER / name).read_text(encoding="utf-8"))
    cases = [
        Case(number, case["description"], case["schema"], case["tests"])
        for number, case in enumerate(contents)
    ]
    failures: dict[str, str] = {}
    for batch in apart(cases):
        failures |= judge(batch, name, tmp_path / f"from_{batch[0].number}")
    expected = SUITE.get(name, {})
    unexpected = {test: how for test, how in failures.items() if test not in expected}
    assert not unexpected, "\n".join(f"{test} ({how})" for test, how in unexpected.items())
    passing = expected.keys() - failures.keys()
    assert not passing, f"take these off the list of expected failures: {sorted(passing)}"


def judge(cases: Sequence[Case], name: str, folder: Path) -> dict[str, str]:
    """The failures of cases that are generated together; or alone, where one of them spoils it."""
    assert FOLDER is not None
    draft = DRAFTS[name.partition("/")[0]]
    sources = [path for case in cases for path in case.write(folder / "schemas", draft)]
    maps = {"http://localhost:1234/": FOLDER / "remotes"}
    failures: dict[str, str] = {}
    try:
        with generated(sources, folder, maps, "/format/" in name) as package:
            for case in cases:
                failures |= case.failures(package)
    except Exception as error:
        if len(cases) == 1:
            return cases[0].all_fail(error)
        for case in cases:
            failures |= judge([case], name, folder / f"only_{case.number}")
    return failures


def apart(cases: Sequence[Case]) -> list[list[Case]]:
    """Batches of cases of which no two give one `$id` to different schemas."""
    batches: list[tuple[set[str], list[Case]]] = []
    for case in cases:
        names = set(identifiers(case.schema))
        for taken, batch in batches:
            if taken.isdisjoint(names):
                taken |= names
                batch.append(case)
                break
        else:
            batches.append((names, [case]))
    return [batch for _, batch in batches]


def identifiers(value: Any) -> Iterator[str]:
    """Every `$id` in a schema."""
    if isinstance(value, dict):
        if isinstance(value.get("$id"), str):
            yield value["$id"]
        for inner in value.values():
            yield from identifiers(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from identifiers(inner)
