"""Configs of generated classes: what loads, what it becomes, what is told, what is given back."""

from __future__ import annotations

import copy
import logging
import math
import pickle
import warnings
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from brevettiai.settings import UNSET, SettingsError

ClassOf = Callable[..., Any]
NUMBERS = {
    "type": "object",
    "properties": {
        "count": {"type": "integer", "default": 1},
        "sizes": {"type": "array", "items": {"type": "integer"}},
        "grid": {"type": "array", "items": {"type": "array", "items": {"type": "integer"}}},
        "pair": {"type": "array", "prefixItems": [{"type": "integer"}, {"type": "string"}]},
        "weights": {"type": "object", "additionalProperties": {"type": "integer"}},
        "level": {"enum": [1, 2, 3]},
        "mixed": {"enum": [1, "auto", None]},
        "either": {"anyOf": [{"type": "integer"}, {"type": "string"}]},
        "one_or_more": {
            "anyOf": [{"type": "integer"}, {"type": "array", "items": {"type": "integer"}}]
        },
        "maybe": {"type": ["integer", "null"]},
        "rate": {"type": "number", "maximum": 180},
        "anything": True,
        "inner": {"type": "object", "properties": {"angle": {"type": "number", "default": 5}}},
    },
}
TREE = {
    "type": "object",
    "properties": {
        "tree": {"$ref": "#/$defs/Tree"},
        "forest": {"type": "object", "additionalProperties": {"$ref": "#/$defs/Tree"}},
        "anything": {},
    },
    "$defs": {"Tree": {"type": "object", "properties": {"child": {"$ref": "#/$defs/Tree"}}}},
}


# Numbers


@pytest.mark.parametrize(
    ("key", "given", "loaded"),
    [
        ("count", 2.0, 2),
        ("sizes", [1.0, 2], [1, 2]),
        ("grid", [[1.0], []], [[1], []]),
        ("pair", [1.0, "a"], [1, "a"]),
        ("weights", {"a": 3.0}, {"a": 3}),
        ("level", 2.0, 2),
        ("mixed", 1.0, 1),
        ("mixed", "auto", "auto"),
        ("either", 4.0, 4),
        ("one_or_more", 6.0, 6),
        ("one_or_more", [7.0], [7]),
        ("maybe", 5.0, 5),
        ("count", 1e300, int(1e300)),
        ("count", 10**400, 10**400),
        ("rate", 2.0, 2.0),
        ("rate", 2, 2),
        ("anything", 2.0, 2.0),
    ],
)
def test_integral_floats_are_ints_where_the_schema_says_integer(
    class_of: ClassOf, key: str, given: Any, loaded: Any
) -> None:
    settings = class_of(NUMBERS).from_config({key: given})
    for value in (getattr(settings, key), settings.get_config()[key]):
        assert repr(value) == repr(loaded)


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf, np.float64("nan")])
def test_nan_and_infinities_are_refused_wherever_they_are(class_of: ClassOf, number: float) -> None:
    cls = class_of(NUMBERS)
    for config, place in [
        ({"rate": number}, "rate"),
        ({"count": number}, "count"),
        ({"either": number}, "either"),
        ({"anything": number}, "anything"),
        ({"anything": [{"a": number}]}, "anything[0].a"),
        ({"unknown": number}, "unknown"),
        ({"inner": {"unknown": [number]}}, "inner.unknown[0]"),
    ]:
        with pytest.raises(SettingsError, match="must be a finite number") as caught:
            cls.from_config(config)
        assert str(caught.value.problems[0]).startswith(place + ":")
    with pytest.raises(SettingsError, match="anything: must be a finite number"):
        cls(anything=number)


def test_a_boolean_is_no_number_and_a_number_no_boolean(class_of: ClassOf) -> None:
    cls = class_of({"properties": {"n": {"type": "integer"}, "b": {"type": "boolean"}}})
    with pytest.raises(SettingsError) as caught:
        cls.from_config({"n": True, "b": 1})
    assert [problem.path for problem in caught.value.problems] == [("n",), ("b",)]
    assert cls.from_config({"n": 1}) != cls.from_config({"n": 0})


@pytest.mark.parametrize(
    ("key", "given", "loaded"),
    [
        ("count", np.int64(3), 3),
        ("sizes", np.array([1, 2]), [1, 2]),
        ("sizes", [np.int8(1), 2], [1, 2]),
        ("grid", np.array([[1], [2]]), [[1], [2]]),
        ("weights", {"a": np.uint8(1)}, {"a": 1}),
        ("rate", np.float32(1.5), 1.5),
        ("anything", np.bool_(True), True),
        ("anything", {"mean": np.array([[0.5]])}, {"mean": [[0.5]]}),
    ],
)
def test_array_scalars_and_arrays_become_json(
    class_of: ClassOf, key: str, given: Any, loaded: Any
) -> None:
    cls = class_of(NUMBERS)
    for settings in (cls.from_config({key: given}), cls(**{key: given})):
        value = settings.get_config()[key]
        assert repr(value) == repr(loaded)
        assert cls.from_json(settings.to_json()) == settings


# Containers


def test_tuples_and_other_mappings_are_read_as_lists_and_objects(class_of: ClassOf) -> None:
    config = OrderedDict(sizes=(1, 2), inner=OrderedDict(angle=3), anything=({"a": (1,)},))
    settings = class_of(NUMBERS).from_config(config)
    assert settings.sizes == [1, 2]
    assert settings.inner.angle == 3
    assert settings.anything == [{"a": [1]}]


@pytest.mark.parametrize(
    "config",
    [
        {1: 2},
        {"weights": {1: 1}},
        {"inner": {None: 1}},
        {"anything": {1: 2}},
        {"unknown": {1: 2}},
    ],
)
def test_keys_must_be_text(class_of: ClassOf, config: Any) -> None:
    cls = class_of(NUMBERS)
    with pytest.raises(SettingsError, match="must have text for keys"):
        cls.from_config(config)
    if config.keys() <= {"weights", "inner", "anything"}:
        with pytest.raises(SettingsError, match="must have text for keys"):
            cls(**config)


@pytest.mark.parametrize("value", [object(), {1, 2}, b"bytes", 1j])
def test_values_must_be_json(class_of: ClassOf, value: Any) -> None:
    cls = class_of(NUMBERS)
    for config in ({"anything": [value]}, {"unknown": value}, {"count": value}):
        with pytest.raises(SettingsError, match="must be a JSON value"):
            cls.from_config(config)


@pytest.mark.parametrize("config", [None, [], "text", 1, True])
def test_a_root_that_is_no_object_is_refused(class_of: ClassOf, config: Any) -> None:
    with pytest.raises(SettingsError, match="must be an object"):
        class_of(NUMBERS).from_config(config)


def test_nothing_is_shared_with_what_was_given_or_is_given_back(class_of: ClassOf) -> None:
    cls = class_of(NUMBERS)
    config: dict[str, Any] = {"sizes": [1], "weights": {"a": 1}, "anything": {"b": [2]}, "x": [3]}
    before = copy.deepcopy(config)
    settings = cls.from_config(config)
    given_back = settings.get_config()
    for changed in (config, given_back):
        changed["sizes"].append(2)
        changed["weights"]["c"] = 3
        changed["anything"]["b"].append(4)
        changed["x"].append(5)
    assert {key: settings.get_config()[key] for key in before} == before


def test_each_object_has_its_own_default(class_of: ClassOf) -> None:
    default = {"sizes": [1], "inner": {"n": 1}}
    schema = {
        "properties": {
            "sizes": {"type": "array", "default": default["sizes"]},
            "inner": {"properties": {"n": {"type": "integer"}}, "default": default["inner"]},
            "plain": {"default": {"deep": [1]}},
        }
    }
    cls = class_of(schema)
    first = cls()
    first.sizes.append(2)
    first.inner.n = 2
    first.plain["deep"].append(2)
    assert cls().get_config() == {**default, "plain": {"deep": [1]}}


# Size and depth


def nested(depth: int, key: str = "child") -> dict[str, Any]:
    config: dict[str, Any] = {}
    for _ in range(depth):
        config = {key: config}
    return config


def test_deep_configs_load(class_of: ClassOf) -> None:
    settings = class_of(TREE).from_config({"tree": nested(100)})
    assert settings.get_config() == {"tree": nested(100)}


@pytest.mark.parametrize("key", ["tree", "anything", "unknown"])
def test_what_is_nested_too_deeply_is_refused(class_of: ClassOf, key: str) -> None:
    cls = class_of(TREE)
    config = {key: nested(100_000)}
    with pytest.raises(SettingsError, match="nested too deeply"):
        cls.from_config(config)
    if key != "unknown":
        with pytest.raises(SettingsError, match="nested too deeply"):
            cls(**config)


def test_json_text_of_any_depth_and_size_is_answered(class_of: ClassOf) -> None:
    cls = class_of(TREE)
    with pytest.raises(SettingsError, match="nested too deeply"):
        cls.from_json('{"anything": ' + "[" * 100_000 + "]" * 100_000 + "}")
    with pytest.raises(SettingsError, match="too many digits"):
        cls.from_json('{"anything": ' + "9" * 5000 + "}")


def test_a_byte_order_mark_belongs_to_bytes(class_of: ClassOf) -> None:
    text = "\ufeff" + '{"anything": 1}'
    assert class_of(TREE).from_json(text.encode()).anything == 1
    with pytest.raises(SettingsError, match="is not JSON: a byte order mark at column 1"):
        class_of(TREE).from_json(text)


def test_errors_do_not_spell_out_huge_numbers(class_of: ClassOf) -> None:
    with pytest.raises(SettingsError, match=r"rate: must be at most 180 \(got a very large number"):
        class_of(NUMBERS).from_config({"rate": 10**5000})


# Absent and null


def test_an_absent_property_is_none_or_unset_where_null_is_a_value(class_of: ClassOf) -> None:
    cls = class_of(
        {"properties": {"name": {"type": "string"}, "seed": {"type": ["null", "number"]}}}
    )
    settings = cls.from_config({})
    assert settings.name is None
    assert settings.seed is UNSET
    assert settings.get_config() == {}
    assert cls.from_config({"seed": None}).get_config() == {"seed": None}
    assert cls(name=None, seed=None).get_config() == {"seed": None}
    with pytest.raises(SettingsError, match="name: must be text"):
        cls.from_config({"name": None})
    settings.seed = None
    settings.validate()
    assert settings.get_config() == {"seed": None}


def test_unset_is_falsy_and_only_one() -> None:
    assert not UNSET
    assert repr(UNSET) == "UNSET"
    assert type(UNSET)() is UNSET
    assert pickle.loads(pickle.dumps(UNSET)) is UNSET
    assert copy.copy(UNSET) is UNSET
    assert copy.deepcopy([UNSET])[0] is UNSET


# Unknown and deprecated keys

NOTED = {
    "type": "object",
    "properties": {
        "name": {"type": "string"},
        "old": {"type": "number", "deprecated": True},
        "inner": {"$ref": "#/$defs/Item"},
        "items": {"type": "array", "items": {"$ref": "#/$defs/Item"}},
        "map": {"type": "object", "additionalProperties": {"$ref": "#/$defs/Item"}},
        "either": {"anyOf": [{"type": "string"}, {"$ref": "#/$defs/Item"}]},
    },
    "patternProperties": {"^x-": {}},
    "$defs": {
        "Item": {
            "type": "object",
            "properties": {"size": {"type": "integer"}, "old": {"deprecated": True}},
        }
    },
}


def test_unknown_keys_are_one_record_with_their_places_and_near_matches(
    class_of: ClassOf, caplog: pytest.LogCaptureFixture
) -> None:
    config = {
        "inner": {"sise": 1},
        "items": [{}, {"siz": 2}],
        "map": {"a b": {"syze": 3}},
        "either": {"sizes": 4},
        "nam": 5,
        "x-note": "declared by a pattern",
        "zzz": 6,
    }
    settings = class_of(NOTED).from_config(config)
    [record] = caplog.records
    assert (record.name, record.levelno) == ("brevettiai.utils.module", logging.WARNING)
    assert record.getMessage() == (
        "Invalid config keys: nam (did you mean 'name'?), zzz, inner.sise (did you mean 'size'?), "
        "items[1].siz (did you mean 'size'?), map['a b'].syze (did you mean 'size'?), "
        "either.sizes (did you mean 'size'?)"
    )
    assert settings.extra == {"nam": 5, "x-note": "declared by a pattern", "zzz": 6}
    assert settings.items[1].extra == {"siz": 2}
    assert settings.get_config() == config


def test_keys_that_the_schema_declares_are_silent(
    class_of: ClassOf, caplog: pytest.LogCaptureFixture
) -> None:
    schema = {
        "properties": {
            "free": {"properties": {"a": {}}, "additionalProperties": True},
            "typed": {"properties": {"a": {}}, "additionalProperties": {"type": "integer"}},
        }
    }
    cls = class_of(schema)
    settings = cls.from_config({"free": {"b": 1}, "typed": {"b": 2}})
    assert not caplog.records
    assert settings.free.extra == {"b": 1}
    with pytest.raises(SettingsError, match=r"typed\.b: must be a whole number"):
        cls.from_config({"typed": {"b": "2"}})


def test_extra_can_be_changed(class_of: ClassOf) -> None:
    settings = class_of(NOTED)(name="a")
    assert settings.extra == {}
    settings.extra["x-note"] = [1]
    assert settings.get_config() == {"name": "a", "inner": {}, "x-note": [1]}


@pytest.mark.parametrize("more", [{}, {"default": 5}, {"type": ["number", "null"]}])
@pytest.mark.parametrize("keyword", [{}, {"minProperties": 0}], ids=["straight", "general"])
def test_only_what_is_given_is_told_as_deprecated(
    class_of: ClassOf, more: dict[str, Any], keyword: dict[str, Any]
) -> None:
    cls = class_of(
        {"properties": {"old": {"deprecated": True, "type": "number", **more}}, **keyword}
    )
    for give in (lambda: cls.from_config({"old": 5}), lambda: cls(old=5)):
        with pytest.warns(DeprecationWarning, match="Deprecated config keys: old"):
            assert give().old == 5
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert cls() == cls.from_config({}) == cls.from_config({}).copy()


def test_deprecated_keys_are_told_once_where_they_are_given(
    class_of: ClassOf, caplog: pytest.LogCaptureFixture
) -> None:
    cls = class_of(NOTED)
    with pytest.warns(DeprecationWarning, match="Deprecated") as caught:
        cls.from_config({"old": 1, "items": [{"old": 2}]})
    [warning] = caught
    assert str(warning.message) == "Deprecated config keys: old, items[0].old"
    assert warning.filename == __file__, "it points to the code that gave the keys"
    assert [record.getMessage() for record in caplog.records] == [str(warning.message)]
    for give in (lambda: cls(old=1), lambda: cls.from_args(["--old", "1"])):
        with pytest.warns(DeprecationWarning, match="Deprecated config keys: old") as caught:
            give()
        assert caught[0].filename == __file__
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert cls.from_config({}).old is None


def test_a_required_property_that_may_be_null_is_still_required(
    class_of: Callable[..., Any],
) -> None:
    schema = {
        "type": "object",
        "properties": {"a": {"type": ["integer", "null"], "default": 1}, "b": {}},
        "required": ["a", "b"],
    }
    cls = class_of(schema)
    with pytest.raises(SettingsError, match="a: is required"):
        cls.from_config({"b": 1})
    with pytest.raises(SettingsError, match="b: is required"):
        cls.from_config({"a": None})
    assert cls.from_config({"a": None, "b": None}).get_config() == {"a": None, "b": None}
