"""Unions inside their own recursion: what a load does grows with the value, not with its square."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from brevettiai.settings import SettingsError
from conformance.generated import generated, write_json

OF = {"type": "array", "items": {"$ref": "#/$defs/Part"}}
CLOSED = {"type": "object", "additionalProperties": False}


def _schema(keyword: str, more: dict[str, Any], *parts: dict[str, Any]) -> dict[str, Any]:
    branches = [{**more, "x-python-name": f"Kind{n}", **part} for n, part in enumerate(parts)]
    return {
        "type": "object",
        "properties": {"value": {"$ref": "#/$defs/Part"}},
        "required": ["value"],
        "$defs": {"Part": {keyword: branches}},
    }


def _group(key: str, **kinds: Any) -> dict[str, Any]:
    return {"properties": {**kinds, key: OF}, "required": [key]}


LEAF = {"properties": {"n": {"type": "integer"}}, "required": ["n"]}
SCHEMAS: dict[str, dict[str, Any]] = {
    "open": _schema("oneOf", {"type": "object"}, _group("of"), LEAF),
    "closed": _schema("oneOf", CLOSED, _group("of"), LEAF),
    "first": _schema("anyOf", {"type": "object"}, LEAF, _group("of")),
    "several": _schema("oneOf", CLOSED, _group("any"), _group("of"), _group("all"), LEAF),
    "tagged": _schema(
        "oneOf",
        CLOSED,
        _group("of", kind={"const": "group", "default": "group"}),
        {**LEAF, "properties": {**LEAF["properties"], "kind": {"const": "leaf"}}},
    ),
    "filled": _schema(
        "oneOf", CLOSED, _group("of", unit={"type": "string", "default": "mm"}), LEAF
    ),
    "shared": _schema(
        "oneOf",
        CLOSED,
        _group("of", unit={"type": "string", "default": "mm"}),
        {**_group("of", m={"type": "integer"}), "required": ["of", "m"]},
        LEAF,
    ),
    "renamed": _schema(
        "oneOf", CLOSED, _group("of", unit={"type": "string", "x-renamed-from": "size"}), LEAF
    ),
    "lists": _schema("oneOf", CLOSED, _group("of"), LEAF, {"type": "null"}, OF),
    "inside": {
        **_schema("anyOf", CLOSED, _group("of"), LEAF),
        "properties": {
            "value": {"type": "array", "items": {"$ref": "#/$defs/Part"}},
            "n": {"type": "integer"},
        },
        "additionalProperties": False,
    },
    "maps": _schema(
        "oneOf",
        CLOSED,
        {
            "properties": {
                "of": {"type": "array", "items": {"type": "object", "properties": {"x": OF}}}
            },
            "required": ["of"],
        },
        LEAF,
    ),
}


def config(name: str, depth: int, leaf: Any) -> dict[str, Any]:
    """A config whose unions nest so deep around `leaf`."""
    value = leaf
    for _ in range(depth):
        value = {"of": [{"x": [value]}] if name == "maps" else [value]}
    return {"value": [value] if name == "inside" else value}


def calls(work: Callable[[], object]) -> int:
    """How many functions of Python `work` calls."""
    count = 0

    def profile(frame: object, event: str, argument: object) -> None:
        nonlocal count
        count += event == "call"

    sys.setprofile(profile)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count


@pytest.fixture(scope="module")
def classes(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("nested")
    for name, schema in SCHEMAS.items():
        write_json(folder / "schemas" / f"{name}.json", schema)
    with generated([folder / "schemas"], folder, {}) as package:
        yield {name: getattr(package.module(name), name.title()) for name in SCHEMAS}


@pytest.mark.parametrize("name", SCHEMAS)
def test_loads_and_saves_grow_with_the_depth(name: str, classes: dict[str, Any]) -> None:
    cls = classes[name]
    found: list[tuple[int, int]] = []
    for depth in (8, 16, 32):
        given = config(name, depth, {"n": 3})
        settings = cls.from_config(given)
        assert settings.get_config() == cls.from_config(settings.get_config()).get_config()
        found.append((calls(partial(cls.from_config, given)), calls(settings.get_config)))
    for first, second, third in zip(*found, strict=True):
        assert third - second <= 2.2 * (second - first)


@pytest.mark.parametrize("name", SCHEMAS)
def test_what_does_not_fit_is_refused_in_any_depth(name: str, classes: dict[str, Any]) -> None:
    for depth in (0, 1, 7):
        for leaf in ({"n": "no"}, {"of": [3]}, 3):
            with pytest.raises(SettingsError):
                classes[name].from_config(config(name, depth, leaf))


def test_of_one_of_alternatives_exactly_one_fits(classes: dict[str, Any]) -> None:
    both = {"n": 1, "of": []}
    with pytest.raises(SettingsError):
        classes["open"].from_config(config("open", 3, both))
    value = classes["first"].from_config(config("first", 3, both)).value
    for _ in range(3):
        (value,) = value.of
    assert type(value).__name__ == "Kind0"


def test_verdicts_are_of_one_load_only(classes: dict[str, Any]) -> None:
    given = config("closed", 3, {"n": 1})
    assert classes["closed"].from_config(given)
    given["value"]["of"][0]["of"].append({"of": 1})
    with pytest.raises(SettingsError):
        classes["closed"].from_config(given)
    given["value"]["of"][0]["of"][1] = {"n": 2}
    assert classes["closed"].from_config(given).get_config() == given


def test_what_an_alternative_renamed_that_does_not_fit_is_undone(tmp_path: Any) -> None:
    leaf = {"properties": {"n": {"type": "integer", "x-renamed-from": "k"}}, "required": ["n"]}
    first = _group("of", n={"type": "string", "x-renamed-from": "m"})
    second = {**_group("of", m={"type": "integer"}), "required": ["of", "m"]}
    write_json(tmp_path / "undone.json", _schema("anyOf", CLOSED, first, second, leaf))
    with generated([tmp_path / "undone.json"], tmp_path, {}) as package:
        cls = package.module("undone").Undone
        with pytest.warns(DeprecationWarning, match="now n"):
            settings = cls.from_config(
                {"value": {"m": 3, "of": [{"of": [{"k": 1}], "m": 4}, {"k": 2}]}}
            )
    assert settings.get_config() == {
        "value": {"m": 3, "of": [{"of": [{"n": 1}], "m": 4}, {"n": 2}]}
    }
