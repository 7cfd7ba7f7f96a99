"""Secrets stay out of error messages, wherever the schema says that they are secret."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from brevettiai.settings import SettingsError

SECRET = "hunter2hunter2"


@pytest.mark.parametrize(
    "schema",
    [
        {"properties": {"key": {"type": "integer", "writeOnly": True}}},
        {"properties": {"key": {"pattern": "^k", "format": "password"}}},
        {"properties": {"key": {"enum": ["hunter1", "hunter3"], "writeOnly": True}}},
        {"properties": {"key": {"allOf": [{"writeOnly": True}, {"maxLength": 3}]}}},
        {"properties": {"key": {"oneOf": [{"type": "null"}, {"maxLength": 3}], "writeOnly": True}}},
        {
            "properties": {"key": {"$ref": "#/$defs/Key"}},
            "$defs": {"Key": {"type": "integer", "writeOnly": True}},
        },
        {
            "properties": {"key": {"$ref": "#/$defs/Key", "writeOnly": True}},
            "$defs": {"Key": {"type": "integer"}},
        },
        {
            "$schema": "http://json-schema.org/draft-07/schema#",
            "properties": {"key": {"$ref": "#/definitions/Key", "writeOnly": True}},
            "definitions": {"Key": {"type": "integer"}},
        },
    ],
)
def test_a_refused_secret_is_not_shown(class_of: Callable[..., Any], schema: Any) -> None:
    cls = class_of(schema)
    for attempt in (
        lambda: cls.from_config({"key": SECRET}),
        lambda: cls(key=SECRET),
        lambda: cls.from_args(["--key", SECRET]),
    ):
        with pytest.raises(SettingsError) as caught:
            attempt()
        assert SECRET not in str(caught.value)
        assert SECRET not in repr(caught.value.problems)


def test_neither_is_what_lies_in_a_secret(class_of: Callable[..., Any]) -> None:
    schema = {
        "properties": {
            "keys": {"type": "array", "items": {"type": "integer"}, "writeOnly": True},
            "login": {"properties": {"key": {"type": "integer"}}, "writeOnly": True},
            "list": {"items": {"properties": {"key": {"type": "integer", "writeOnly": True}}}},
        }
    }
    config = {"keys": [SECRET], "login": {"key": SECRET}, "list": [{"key": SECRET}]}
    with pytest.raises(SettingsError) as caught:
        class_of(schema).from_config(config)
    assert len(caught.value.problems) == 3
    assert {problem.given for problem in caught.value.problems} == {"a hidden value"}


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        ({"additionalProperties": {"type": "integer", "writeOnly": True}}, {"a": SECRET}),
        ({"patternProperties": {"^a": {"type": "integer", "writeOnly": True}}}, {"a": SECRET}),
        ({"items": {"type": "integer", "writeOnly": True}}, [SECRET]),
        ({"prefixItems": [{"type": "integer", "writeOnly": True}]}, [SECRET]),
        ({"anyOf": [{"maxLength": 3}, {"maxLength": 4, "writeOnly": True}]}, SECRET),
        ({"oneOf": [{"maxLength": 3}, {"maxLength": 4, "format": "password"}]}, SECRET),
    ],
)
def test_secrets_need_not_be_declared_properties(
    class_of: Callable[..., Any], schema: Any, value: Any
) -> None:
    cls = class_of({"properties": {"keys": schema}})
    with pytest.raises(SettingsError) as caught:
        cls.from_config({"keys": value})
    assert {problem.given for problem in caught.value.problems} == {"a hidden value"}
