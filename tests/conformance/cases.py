"""Cases of a suite, a schema and instances of it, judged by generated classes.

Each case becomes a schema file, and a wrapper with one property `value` that refers to it, so that
the loading of nested values is what judges. Many cases are generated in one go, which is how a
suite runs in seconds; only cases that cannot be generated together are taken apart.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from conformance.generated import Package, accepts, generated, write_json


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


def judge(
    cases: Sequence[Case],
    draft: str,
    folder: Path,
    maps: Mapping[str, Path],
    assert_formats: bool = False,
) -> dict[str, str]:
    """The failures of cases that are generated together; or alone, where one of them spoils it."""
    sources = [path for case in cases for path in case.write(folder / "schemas", draft)]
    failures: dict[str, str] = {}
    try:
        with generated(sources, folder, maps, assert_formats) as package:
            for case in cases:
                failures |= case.failures(package)
    except Exception as error:
        if len(cases) == 1:
            return cases[0].all_fail(error)
        for case in cases:
            alone = folder / f"only_{case.number}"
            failures |= judge([case], draft, alone, maps, assert_formats)
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
    """Every `$id` and `id` in a schema."""
    if isinstance(value, dict):
        for keyword in ("$id", "id"):
            if isinstance(value.get(keyword), str):
                yield value[keyword]
        for inner in value.values():
            yield from identifiers(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from identifiers(inner)


@dataclass(frozen=True)
class Example:
    """What one schema means: values that fit it, and values that it refuses.

    Attributes:
        elsewhere: documents that the schema refers to, by URI.
    """

    about: str
    schema: Any
    fits: Sequence[Any] = ()
    refused: Sequence[Any] = ()
    elsewhere: Mapping[str, Any] = field(default_factory=dict[str, Any])

    def failures(self, draft: str, folder: Path, assert_formats: bool = False) -> dict[str, str]:
        """The values that generated classes judge wrong, and how."""
        tests = [
            {"description": repr(value), "data": value, "valid": valid}
            for valid, values in ((True, self.fits), (False, self.refused))
            for value in values
        ]
        maps: dict[str, Path] = {}
        for number, (uri, document) in enumerate(self.elsewhere.items()):
            maps[uri] = folder / "elsewhere" / f"{number}.json"
            write_json(maps[uri], document)
        case = Case(1, self.about, self.schema, tests)
        return judge([case], draft, folder, maps, assert_formats)
