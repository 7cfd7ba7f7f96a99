"""Schemas in circles and at random, in every style: hints that libraries take, without a crash."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from random import Random
from typing import Any

import generated_code
import pytest
from brevetti_gen import generate
from conformance.generated import write_json
from random_schemas import DRAFTS, SchemaMaker, recursive_schema
from random_sizes import scaled
from style_classes import STYLES, Make, load, lost

each_style = pytest.mark.parametrize("style", STYLES)
#: Adapters look at every hint of a class, and msgspec frees what it made of them at the end.
LOOK_AT_ALL = """
import importlib, sys
from brevettiai.adapters import SettingsAdapter
for name in sys.argv[2:]:
    module = importlib.import_module(f"{sys.argv[1]}.{name}")
    adapter = SettingsAdapter.of(getattr(module, name.title()))
    adapter.get_schema(), adapter.format_help(), adapter.json_schema()
"""


def look_at_all(folder: Path, package: str, names: list[str]) -> None:
    """Use the root classes of a package in a process that notices what is freed twice."""
    paths = [str(folder), str(generated_code.TOP / "runtime"), *sys.path]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(paths), "PYTHONMALLOC": "malloc"}
    command = [sys.executable, "-c", LOOK_AT_ALL, package, *names]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert (done.stderr, done.returncode) == ("", 0)


@each_style
def test_random_schemas_give_classes_that_libraries_take(style: str, tmp_path: Path) -> None:
    seeds = range(scaled(16))
    schemas: list[Any] = [recursive_schema(Random(seed)) for seed in seeds]
    for seed in seeds:
        draft = list(DRAFTS)[seed % len(DRAFTS)]
        made = SchemaMaker(Random(seed), draft).document()
        kept = {key: value for key, value in made.items() if key not in ("enum", "const", "$ref")}
        schemas.append({**kept, "type": "object"})
    for number, schema in enumerate(schemas):
        write_json(tmp_path / "schemas" / f"schema{number}.json", schema)
    package = f"{style}_classes"
    generate([tmp_path / "schemas"], tmp_path / package, style=style)
    look_at_all(tmp_path, package, [f"schema{number}" for number in range(len(schemas))])


CIRCLE = {
    "type": ["object", "boolean"],
    "properties": {
        "all": {"type": ["array", "null"], "minItems": 1, "items": {"$ref": "#/$defs/M"}},
        "any": {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/M"}},
    },
}


@each_style
def test_alternatives_may_lead_to_themselves_through_lists_with_limits(
    style: str, styled: Make
) -> None:
    schema = {"type": "object", "properties": {"m": {"$ref": "#/$defs/M"}}, "$defs": {"M": CIRCLE}}
    cls = styled(style, schema).Training
    load(style, cls, {"m": {"all": [True, {"any": [False], "all": None}]}})


@each_style
def test_the_metaschema_can_be_referred_to(style: str, styled: Make) -> None:
    draft = {"$ref": "http://json-schema.org/draft-07/schema#"}
    cls = styled(style, {"type": "object", "properties": {"schema": draft}}).Training
    load(style, cls, {"schema": {"allOf": [True, {"items": [{"type": "string"}]}]}})
    assert all(w.severity == "warning" for w in styled.report.warnings)  # type: ignore[attr-defined]


def test_msgspec_has_no_pattern_beside_lists_and_maps(styled: Make) -> None:
    """With msgspec 0.22, classes with such hints free what is not theirs."""
    word = {"type": "string", "pattern": "^\\S+$", "minLength": 1}
    either = {
        "list": {"anyOf": [word, {"type": "array", "items": {"type": "string"}}]},
        "inside": {"type": "array", "items": {"anyOf": [word, {"type": "object"}]}},
        "types": {**word, "type": ["string", "array", "null"]},
        "tuple": {"anyOf": [word, {"prefixItems": [True], "items": False, "minItems": 1}]},
        "other": {"anyOf": [word, {"type": "integer"}, {"properties": {"a": {}}}]},
    }
    module = styled("msgspec", {"type": "object", "properties": either})
    assert [place for place in lost(styled.report) if place.endswith("pattern")] == [  # type: ignore[attr-defined]
        "#/properties/inside/items/anyOf/0/pattern",
        "#/properties/list/anyOf/0/pattern",
        "#/properties/types/pattern",
    ]
    package = Path(str(module.__file__)).parent
    look_at_all(package.parent, package.name, ["training"])


@each_style
@pytest.mark.parametrize("value", [10**20, -(10**20), 3, "a", True])
def test_constants_may_be_any_integers(style: str, value: Any, styled: Make) -> None:
    choices = {"enum": [10**20, -(10**20), 3, "a", True]}
    load(
        style,
        styled(style, {"type": "object", "properties": {"x": choices}}).Training,
        {"x": value},
    )
