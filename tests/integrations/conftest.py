"""A generated class that the tests hand to other libraries."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

SCHEMA = {
    "title": "Training settings",
    "type": "object",
    "properties": {
        "epochs": {"type": "integer", "minimum": 1, "default": 20, "description": "Passes & more."},
        "learning-rate": {"type": "number", "exclusiveMinimum": 0, "default": 0.1},
        "augmentation": {"$ref": "#/$defs/Augmentation"},
        "stages": {"type": "array", "items": {"$ref": "#/$defs/Augmentation"}, "default": []},
        "token": {"type": "string", "format": "password", "default": "t0k3n"},
    },
    "$defs": {
        "Augmentation": {
            "type": "object",
            "properties": {
                "angle": {"type": "number", "maximum": 180, "default": 5},
                "flip": {"type": "boolean", "default": False},
                "next": {"$ref": "#/$defs/Augmentation"},
            },
        }
    },
}


@pytest.fixture
def training_class(class_of: Callable[..., Any]) -> Any:
    """The class `Training` of that schema."""
    return class_of(SCHEMA)
