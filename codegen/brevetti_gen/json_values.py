"""What kind a JSON value is, said so that type checkers know what it holds."""

from __future__ import annotations

from typing import Any, TypeGuard


def is_object(value: object) -> TypeGuard[dict[str, Any]]:
    """Whether `value` is a JSON object."""
    return isinstance(value, dict)


def is_array(value: object) -> TypeGuard[list[Any]]:
    """Whether `value` is a JSON array."""
    return isinstance(value, list)


def is_number(value: object) -> TypeGuard[float]:
    """Whether `value` is a JSON number, which `true` and `false` are not."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def existing_path(value: Any, path: tuple[str | int, ...]) -> tuple[str | int, ...]:
    """As much of `path` as there is in `value`.

    >>> existing_path({"a": [{}]}, ("a", 0, "b"))
    ('a', 0)
    """
    for depth, step in enumerate(path):
        if is_object(value) and step in value:
            value = value[str(step)]
        elif is_array(value) and isinstance(step, int) and step < len(value):
            value = value[step]
        else:
            return path[:depth]
    return path


def json_type(value: Any) -> str:
    """The JSON type of a value; `1.0` is an integer."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int) or (isinstance(value, float) and value.is_integer()):
        return "integer"
    if isinstance(value, float):
        return "number"
    if isinstance(value, str):
        return "string"
    return "array" if isinstance(value, list) else "object"
