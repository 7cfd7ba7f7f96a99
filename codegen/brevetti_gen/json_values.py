"""What kind a JSON value is, said so that type checkers know what it holds."""

from __future__ import annotations

from typing import Any, TypeGuard

from brevettiai.json_values import is_number as is_number
from brevettiai.json_values import is_object as is_object
from brevettiai.json_values import json_type as json_type


def is_array(value: object) -> TypeGuard[list[Any]]:
    """Whether `value` is a JSON array."""
    return isinstance(value, list)
