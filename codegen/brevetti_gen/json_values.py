"""What kind a JSON value is, said so that type checkers know what it holds."""

from __future__ import annotations

from typing import Any, TypeGuard

from brevettiai.json_values import is_number as is_number
from brevettiai.json_values import json_type as json_type


def is_object(value: object) -> TypeGuard[dict[str, Any]]:
    """Whether `value` is a JSON object."""
    return isinstance(value, dict)


def is_array(value: object) -> TypeGuard[list[Any]]:
    """Whether `value` is a JSON array."""
    return isinstance(value, list)


def holds_at_most(most: int, value: Any) -> bool:
    """Whether a JSON value has at most so many parts; it counts no more than that."""
    ahead = [value]
    for _ in range(most):
        if not ahead:
            break
        part = ahead.pop()
        if is_object(part) or is_array(part):
            ahead += part.values() if is_object(part) else part
    return not ahead
