"""Objects in properties that each branch declares in its own way: the one that applies."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import generated_code
import pytest
from brevettiai.settings import SettingsError

ClassOf = Callable[..., Any]


def branch(kind: str, o: Any) -> dict[str, Any]:
    return {"properties": {"kind": {"const": kind}, "o": o}, "required": ["kind"]}


def an_object(**types: str) -> dict[str, Any]:
    properties = {key: {"type": name} for key, name in types.items()}
    return {"type": "object", "properties": properties}


Y, X, Z = (an_object(**{key: "integer"}) for key in "yxz")
A, B = branch("a", Y), branch("b", X)
IS_A = {"properties": {"kind": {"const": "a"}}, "required": ["kind"]}
LISTS = [branch(kind, {"type": "array", "items": o}) for kind, o in (("a", Y), ("b", X))]
MAPS = [branch(kind, {"additionalProperties": o}) for kind, o in (("a", Y), ("b", X))]
#: Schemas in which objects of kind "b" have an `o` with an `x`.
SCHEMAS = {
    "oneOf": {"oneOf": [A, B]},
    "anyOf": {"anyOf": [A, B, branch("c", Z)]},
    "nested": {"oneOf": [{"oneOf": [A, branch("c", Z)]}, {"anyOf": [branch("d", Z), B]}]},
    "if": {"if": IS_A, "then": {"properties": {"o": Y}}, "else": {"properties": {"o": X}}},
    "references": {"oneOf": [{"$ref": "#/$defs/A"}, {"$ref": "#/$defs/B"}]},
    "null": {"oneOf": [branch("a", {**Y, "type": ["object", "null"]}), B]},
}


def definitions() -> dict[str, Any]:
    return {"type": "object", "$defs": {"A": A, "B": B}}


@pytest.mark.parametrize("name", SCHEMAS)
def test_an_object_is_of_the_class_of_the_branch_that_applies(
    name: str, class_of: ClassOf, caplog: pytest.LogCaptureFixture
) -> None:
    cls = class_of({**definitions(), **SCHEMAS[name]})
    config = {"kind": "b", "o": {"x": 1}}
    with caplog.at_level(logging.WARNING):
        settings = cls.from_config(config)
        assert cls.from_config({"kind": "a", "o": {"y": 2}}).o.y == 2
    assert not caplog.records
    assert settings.o.x == 1
    assert settings.get_config() == config
    assert cls.from_args(settings.to_args()) == settings
    assert cls.from_settings(settings.get_settings()) == settings
    assert cls(kind="b", o=settings.o).o.x == 1
    with pytest.raises(SettingsError):
        cls.from_config({"kind": "b", "o": {"x": "one"}})


@pytest.mark.slow
def test_the_functions_suit_type_checkers(class_of: ClassOf) -> None:
    module = sys.modules[class_of({"type": "object", "oneOf": [A, B]}).__module__]
    assert generated_code.mypy(Path(str(module.__file__)).parent) == ""


def test_what_another_branch_declares_is_told(
    class_of: ClassOf, caplog: pytest.LogCaptureFixture
) -> None:
    cls = class_of({"type": "object", "oneOf": [A, B]})
    config = {"kind": "b", "o": {"y": 1}}
    with caplog.at_level(logging.WARNING):
        settings = cls.from_config(config)
    assert [record.getMessage() for record in caplog.records] == ["Invalid config keys: o.y"]
    assert settings.o.x is None
    assert settings.get_config() == config


@pytest.mark.parametrize(("branches", "value"), [(LISTS, [{"x": 1}]), (MAPS, {"k": {"x": 1}})])
def test_objects_in_lists_and_maps_are_too(
    branches: list[Any], value: Any, class_of: ClassOf, caplog: pytest.LogCaptureFixture
) -> None:
    cls = class_of({"type": "object", "properties": {"in": {"type": "object", "oneOf": branches}}})
    with caplog.at_level(logging.WARNING):
        settings = cls.from_config({"in": {"kind": "b", "o": value}})
    assert not caplog.records
    (item,) = value if isinstance(value, list) else value.values()
    assert item == {"x": 1}
    held = settings.in_.o
    (loaded,) = held if isinstance(held, list) else held.values()
    assert loaded.x == 1
