"""Keys beside the declared properties: kept, in every style, where the schema declares them."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import generated_code
import pytest
from brevetti_gen import generate
from brevettiai.adapters import SettingsAdapter
from brevettiai.settings import SettingsError
from conformance.generated import write_json
from style_classes import STYLES, Make, keep

pytestmark = pytest.mark.slow

each_style = pytest.mark.parametrize("style", STYLES)
#: What an object says of other keys, and some that fit.
DECLARED: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "numbers": ({"additionalProperties": {"type": "integer"}}, {"amd.com/gpu": 3, "other": 4}),
    "objects": (
        {"additionalProperties": {"type": "object", "properties": {"m": {"type": "integer"}}}},
        {"amd.com/gpu": {"m": 1}},
    ),
    "lists": (
        {"additionalProperties": {"type": "array", "items": {"type": "string"}}},
        {"amd.com/gpu": ["a"]},
    ),
    "true": ({"additionalProperties": True}, {"amd.com/gpu": {"deep": [{"m": None}]}}),
    "patterns": ({"patternProperties": {"^x-": {}}, "additionalProperties": False}, {"x-a": 1}),
    "unevaluated": ({"unevaluatedProperties": True}, {"amd.com/gpu": 1}),
    "false": ({"additionalProperties": False}, {}),
}
each_declaration = pytest.mark.parametrize("declared", DECLARED)
each_key = pytest.mark.parametrize("key", ["cpu", "nvidia.com/gpu"])


def schema_of(key: str, others: dict[str, Any]) -> dict[str, Any]:
    limits = {"type": "object", "properties": {key: {"type": "integer"}}, **others}
    tagged = [
        {
            "type": "object",
            "properties": {"kind": {"const": kind}, key: {"type": "integer"}},
            "required": ["kind"],
            **others,
        }
        for kind in "ab"
    ]
    return {
        "type": "object",
        "properties": {
            "limits": {"$ref": "#/$defs/Limits"},
            "items": {"type": "array", "items": {"$ref": "#/$defs/Limits"}},
            "by_name": {"type": "object", "additionalProperties": {"$ref": "#/$defs/Limits"}},
            "either": {"oneOf": tagged},
        },
        "$defs": {"Limits": limits},
        **others,
    }


def config_of(key: str, extra: dict[str, Any]) -> dict[str, Any]:
    return {
        "limits": {key: 2, **extra},
        "items": [{key: 3, **extra}, {**extra}],
        "by_name": {"here": {**extra}},
        "either": {"kind": "b", key: 2, **extra},
        **extra,
    }


@each_style
@each_key
@each_declaration
def test_declared_keys_are_kept(
    style: str, key: str, declared: str, styled: Make, caplog: pytest.LogCaptureFixture
) -> None:
    others, extra = DECLARED[declared]
    cls = styled(style, schema_of(key, others)).Training
    keep(cls)
    adapter, config = SettingsAdapter.of(cls), config_of(key, extra)
    with caplog.at_level(logging.WARNING):
        settings = adapter.from_config(config)
    assert not caplog.records
    assert adapter.get_config(settings) == config
    assert adapter.from_config(adapter.get_config(settings)) == settings
    assert adapter.get_config(adapter.from_args(adapter.to_args(settings))) == config
    model = adapter.get_settings(settings)
    assert adapter.get_config(adapter.from_settings(model)) == config


@each_style
@each_key
def test_keys_that_nobody_declared_are_told(
    style: str, key: str, styled: Make, caplog: pytest.LogCaptureFixture
) -> None:
    cls = styled(style, schema_of(key, {})).Training
    keep(cls)
    adapter = SettingsAdapter.of(cls)
    with caplog.at_level(logging.WARNING):
        config = adapter.get_config(adapter.from_config({"limits": {key: 2, "other": 1}}))
    if style in ("pydantic", "typeddict"):
        assert config == {"limits": {key: 2, "other": 1}}
    else:
        assert config["limits"] == {key: 2}
    assert bool(caplog.records) == (style != "pydantic")


@pytest.mark.parametrize("style", ["pydantic", "dataclass"])
def test_values_of_declared_keys_are_checked(style: str, styled: Make) -> None:
    cls = styled(style, schema_of("cpu", DECLARED["numbers"][0])).Training
    with pytest.raises(SettingsError, match=r"limits\.other: must be"):
        SettingsAdapter.of(cls).from_config({"limits": {"other": "many"}})


@pytest.mark.parametrize("style", ["msgspec", "dataclass"])
def test_the_attribute_extra_has_them(style: str, styled: Make) -> None:
    cls = styled(style, schema_of("cpu", DECLARED["numbers"][0])).Training
    keep(cls)
    adapter = SettingsAdapter.of(cls)
    limits = adapter.from_config({"limits": {"cpu": 1, "nvidia.com/gpu": 2}}).limits
    assert (limits.cpu, limits.extra) == (1, {"nvidia.com/gpu": 2})
    settings = cls(limits=type(limits)(cpu=3))
    settings.limits.extra["other"] = 4
    assert adapter.get_config(settings)["limits"] == {"cpu": 3, "other": 4}


def test_pydantic_keeps_them_in_typed_dictionaries(styled: Make) -> None:
    from pydantic import TypeAdapter

    others, extra = DECLARED["true"]
    adapter = TypeAdapter(styled("typeddict", schema_of("nvidia.com/gpu", others)).Training)
    config = config_of("nvidia.com/gpu", extra)
    assert adapter.validate_python(config) == config


@pytest.mark.parametrize("style", ["msgspec", "dataclass"])
def test_what_the_library_does_not_keep_is_reported(style: str, styled: Make) -> None:
    for declared, (others, _) in DECLARED.items():
        styled(style, schema_of("cpu", others))
        told = [str(warning) for warning in styled.report.warnings if "keep" in str(warning)]  # type: ignore[attr-defined]
        assert len(told) == (0 if declared == "false" else 4), told
        assert all("only in jobs and with SettingsAdapter" in text for text in told)


def test_they_suit_type_checkers(tmp_path: Path) -> None:
    for declared, (others, _) in DECLARED.items():
        write_json(tmp_path / "schemas" / f"{declared}.json", schema_of("nvidia.com/gpu", others))
    packages = tmp_path / "packages"
    for style in STYLES:
        generate([tmp_path / "schemas"], packages / style, style=style)
    (packages / "__init__.py").write_text("")
    assert generated_code.mypy(packages) == ""
    assert generated_code.ruff(packages) == ""


JOB = {"type": "object", "properties": {"timeout": {"type": "integer", "default": 10}}}
#: What keys that no property has can hold: one class, one of several, lists; and the class itself.
OBJECTS: dict[str, tuple[dict[str, Any], Any]] = {
    "class": (JOB, {"timeout": 3}),
    "kinds": (
        {
            "oneOf": [
                {
                    "type": "object",
                    "properties": {"kind": {"const": kind}, "timeout": {"type": "integer"}},
                    "required": ["kind"],
                }
                for kind in "ab"
            ]
        },
        {"kind": "b", "timeout": 3},
    ),
    "lists": ({"type": ["array", "null"], "items": JOB}, [{"timeout": 3}]),
    "itself": ({"$ref": "#"}, {"epochs": 1, "inner": {"epochs": 2}}),
}


@each_style
@pytest.mark.parametrize("kind", OBJECTS)
def test_objects_under_declared_keys_are_of_their_classes(
    style: str, kind: str, styled: Make, tmp_path: Path
) -> None:
    others, value = OBJECTS[kind]
    properties = {"epochs": {"type": "integer"}}
    module = styled(
        style, {"type": "object", "properties": properties, "additionalProperties": others}
    )
    cls = module.Training
    keep(cls)
    adapter = SettingsAdapter.of(cls)
    settings = adapter.from_config({"epochs": 1, "build": value})
    assert adapter.get_config(settings) == {"epochs": 1, "build": value}
    folder = Path(str(module.__file__)).parent
    assert generated_code.ruff(folder) == ""
    if kind == "itself":  # the hardest one, as type checkers take their time
        assert generated_code.mypy(folder) == ""
        # Pydantic declares `__pydantic_extra__` wider, as a variable.
        assert style == "pydantic" or generated_code.pyright(tmp_path, folder) == ""
    told = [w.message for w in styled.report.warnings if "do not check" in w.message]  # type: ignore[attr-defined]
    if style in ("pydantic", "dataclass"):
        held = settings.model_extra if style == "pydantic" else settings.extra
        (found,) = held["build"] if kind == "lists" else [held["build"]]
        assert type(found).__module__ == cls.__module__
        with pytest.raises(SettingsError, match=r"build.*: must be a whole number"):
            adapter.from_config({"build": text_in(value)})
    else:
        assert f"{style} classes do not check 'additionalProperties'" in told


def text_in(value: Any) -> Any:
    """`value` with texts for its numbers."""
    if isinstance(value, dict):
        return {key: text_in(item) for key, item in value.items()}
    if isinstance(value, list):
        return [text_in(item) for item in value]
    return "x" if isinstance(value, int) else value
