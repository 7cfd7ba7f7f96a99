"""`get_config(exclude_defaults=True)`: what was changed, and enough to load as the same again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from brevettiai.json_values import json_equal
from brevettiai.settings import SettingsError
from random_classes import try_random
from reference import valid

ClassOf = Callable[..., Any]
INTEGER: dict[str, Any] = {"type": "integer"}
OPTIMIZER: dict[str, Any] = {
    "type": "object",
    "properties": {
        "name": {"type": "string", "default": "adam"},
        "lr": {"type": "number", "default": 0.001},
    },
}
SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "name": {"type": "string"},
        "epochs": {**INTEGER, "default": 20},
        "seed": {"type": ["integer", "null"], "default": 1},
        "optimizer": OPTIMIZER,
        "second": {**OPTIMIZER, "default": {"name": "sgd", "lr": 0.1}},
        "steps": {"type": "array", "items": {"$ref": "#/$defs/Step"}},
        "by_name": {"type": "object", "additionalProperties": {"$ref": "#/$defs/Step"}},
    },
    "required": ["name"],
    "$defs": {"Step": {"properties": {"n": {**INTEGER, "default": 1}, "m": {}}}},
}


@pytest.mark.parametrize(
    ("given", "shortest"),
    [
        ({"name": "a"}, ...),
        ({"name": "a", "epochs": 20, "optimizer": {"name": "adam"}}, {"name": "a"}),
        ({"name": "a", "epochs": 3}, ...),
        ({"name": "a", "seed": None, "optimizer": {"lr": 1}}, ...),
        # The default of an object is replaced by what is given for it.
        ({"name": "a", "second": {}}, ...),
        ({"name": "a", "second": {"name": "sgd"}}, ...),
        ({"name": "a", "second": {"name": "sgd", "lr": 0.1}}, {"name": "a"}),
        ({"name": "a", "steps": [{"n": 1}, {"n": 2}], "by_name": {"x": {"n": 1, "m": 1}}},
         {"name": "a", "steps": [{}, {"n": 2}], "by_name": {"x": {"m": 1}}}),
        ({"name": "a", "other": {"n": 1}}, ...),
    ],
)  # fmt: skip
def test_what_a_load_fills_in_again_is_left_out(
    given: Any, shortest: Any, class_of: ClassOf
) -> None:
    cls = class_of(SCHEMA)
    loaded = cls.from_config(given)
    config = loaded.get_config(exclude_defaults=True)
    assert config == (given if shortest is ... else shortest)
    assert cls.from_config(config) == loaded
    assert [key for key in loaded.get_config() if key in config] == list(config)


def test_what_was_assigned_is_there(class_of: ClassOf) -> None:
    loaded = class_of(SCHEMA).from_config({"name": "a", "epochs": 3})
    loaded.epochs, loaded.optimizer.lr = 20, 0.5
    assert loaded.get_config(exclude_defaults=True) == {"name": "a", "optimizer": {"lr": 0.5}}
    loaded.optimizer.rate = 1
    with pytest.raises(SettingsError, match=r"optimizer\.rate: is no setting"):
        loaded.get_config(exclude_defaults=True)


def test_presence_may_matter(class_of: ClassOf) -> None:
    cls = class_of(
        {
            "properties": {
                "a": {"default": 1},
                "b": {"default": 2},
                "c": {"default": 3},
                "inner": {"properties": {"n": {"default": 4}, "m": {"default": 5}}},
            },
            "minProperties": 2,
            "dependentRequired": {"a": ["c"]},
        }
    )
    loaded = cls.from_config({"a": 1, "c": 3})
    config = loaded.get_config(exclude_defaults=True)
    assert len(config) == 2
    assert cls.from_config(config) == loaded


def test_an_alternative_stays_the_one_that_was_taken(class_of: ClassOf) -> None:
    first = {"properties": {"a": {**INTEGER, "default": 1}}, "additionalProperties": False}
    second = {"properties": {"a": {"default": "x"}, "b": {"default": 2}}}
    cls = class_of({"properties": {"one": {"anyOf": [first, second]}}})
    for one in ({"a": "x"}, {"a": "x", "b": 2}, {}):
        loaded = cls.from_config({"one": one})
        config = loaded.get_config(exclude_defaults=True)
        assert cls.from_config(config) == loaded
        assert type(cls.from_config(config).one) is type(loaded.one)


def test_what_the_schema_refuses_is_whole(class_of: ClassOf) -> None:
    loaded = class_of(SCHEMA).from_config({"name": "a"})
    loaded.epochs = "many"
    assert loaded.get_config(exclude_defaults=True) == loaded.get_config()


def test_secrets_are_left_out_too(class_of: ClassOf) -> None:
    key = {"type": "string", "writeOnly": True}
    part = {"properties": {"key": key, "n": {"default": 1}, "m": {}}}
    loaded = class_of({"properties": {"key": key, "part": part, "n": {"default": 1}}})(key="hush!")
    loaded.part.key, loaded.part.m = "hush!", 2
    config = loaded.get_config(exclude_defaults=True, hide_secrets=True)
    assert config == {"part": {"m": 2}}


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_it_loads_as_the_same(seed: int, tmp_path_factory: pytest.TempPathFactory) -> None:
    def same(module: Any, schema: Any, value: Any) -> None:
        if not (isinstance(value, dict) and valid(schema, value)):
            return
        loaded = module.Training.from_config(value)
        full = loaded.get_config()
        config = loaded.get_config(exclude_defaults=True)
        assert json_equal(module.Training.from_config(config).get_config(), full)
        assert len(config) <= len(full)
        assert full == loaded.get_config()

    try_random(same, tmp_path_factory, 30, number=seed)
