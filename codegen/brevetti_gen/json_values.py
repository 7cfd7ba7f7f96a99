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
