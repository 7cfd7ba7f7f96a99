"""Secrets below random applicators: never told, and what surely lies beside them always."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from brevettiai.settings import SettingsError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from loaded_classes import loaded_class
from secret_places import CANARY, MARK, SIBLING, TEXT

Wrapped = tuple[dict[str, Any], Any]
ANY: dict[str, Any] = {}


def in_place(inner: Wrapped) -> list[Wrapped]:
    """What says the same of the same value, in other ways."""
    schema, value = inner
    return [
        ({"allOf": [ANY, schema]}, value),
        ({"anyOf": [schema, {"type": "null"}]}, value),
        ({"oneOf": [{"type": "null"}, schema]}, value),
        ({"if": True, "then": schema}, value),
        ({"if": schema}, value),
        ({"if": False, "else": schema}, value),
        ({"not": {"not": schema}}, value),
        ({"$defs": {"D": schema}, "$ref": "#/$defs/D"}, value),
    ]


def around(inner: Wrapped) -> list[Wrapped]:
    """Objects and lists with such a value, and something that is no secret beside it."""
    schema, value = inner
    pair = {"a": value, "o": SIBLING}
    beside = {"type": "object", "properties": {"o": TEXT}}
    return [
        ({"properties": {"a": schema, "o": TEXT}}, pair),
        ({**beside, "additionalProperties": schema}, pair),
        ({**beside, "unevaluatedProperties": schema}, pair),
        ({**beside, "patternProperties": {"^a": schema}}, pair),
        ({**beside, "dependentSchemas": {"o": {"properties": {"a": schema}}}}, pair),
        ({"type": "array", "prefixItems": [TEXT, schema]}, [SIBLING, value]),
        ({"prefixItems": [TEXT], "items": schema}, [SIBLING, value]),
        ({"prefixItems": [TEXT], "unevaluatedItems": schema}, [SIBLING, value]),
        ({"items": schema}, [value]),
        ({"contains": schema}, [value]),
        ({**schema, "title": "the same"}, value),
    ]


def located(schema: Any, pointer: str) -> Any:
    """A schema whose own references lead into it where it stands."""
    if isinstance(schema, dict):
        return {
            key: f"#{pointer}{value[1:]}"
            if key == "$ref" and value.startswith("#/$defs/D")
            else located(value, f"{pointer}/{key}")
            for key, value in schema.items()
        }
    if isinstance(schema, list):
        return [located(each, f"{pointer}/{index}") for index, each in enumerate(schema)]
    return schema


@st.composite
def secrets(draw: st.DrawFn) -> Wrapped:
    wrapped: Wrapped = (draw(st.sampled_from([MARK, {"writeOnly": True}])), CANARY)
    for _ in range(draw(st.integers(0, 5))):
        wrap = draw(st.sampled_from([in_place, around]))
        wrapped = draw(st.sampled_from(wrap(wrapped)))
    return wrapped


@given(secrets())
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_random_places_of_secrets(wrapped: Wrapped) -> None:
    schema, value = wrapped
    schema = located(schema, "/properties/p")
    cls = loaded_class({"p": schema, "visible": {"default": SIBLING}})
    held = cls.from_config({"p": value})
    count = json.dumps(value).count(SIBLING) + 1
    for text in (repr(held), held._repr_html_(), json.dumps(held.get_config(hide_secrets=True))):
        assert CANARY not in text
        assert text.count(SIBLING) == count
    assert CANARY not in json.dumps(cls.get_schema().schema)
    said = value if isinstance(value, str) else json.dumps(value)
    assert CANARY not in refused(lambda: cls.from_args(["--p", said, CANARY]))
    for other in (7, [value], {"a": [value]}):
        assert CANARY not in refused(lambda other=other: cls.from_config({"p": other}))


def refused(attempt: Callable[[], Any]) -> str:
    """What is said of an attempt, nothing where it succeeds."""
    try:
        attempt()
    except SettingsError as error:
        return str(error)
    return ""
