"""A package of two modules that refer to each other, for tests that care when classes are used."""

from __future__ import annotations

import importlib
from types import ModuleType
from typing import Any

import pytest
from brevettiai.settings import SettingsError


def of(properties: dict[str, Any], **more: Any) -> dict[str, Any]:
    """The schema of an object."""
    return {"type": "object", "properties": properties, **more}


SCHEMAS: dict[str, Any] = {
    "training": of(
        {
            "name": {"type": "string"},
            "epochs": {"type": "integer", "maximum": 50, "default": 20},
            "augmentation": {"$ref": "#/$defs/Augmentation"},
            "optimizer": {"$ref": "parts/common.json#/$defs/Optimizer"},
            "tags": {"type": "array", "items": {"type": "string"}, "default": ["a"]},
            "note": {"type": "string"},
            "seed": {"type": ["integer", "null"]},
        },
        title="Training of a network",
        required=["name"],
        **{
            "$defs": {
                "Augmentation": of({"angle": {"type": "number", "default": 5}}),
                "Size": of({"width": {"default": 3}, "height": {"default": 4}}),
            }
        },
    ),
    "parts/common": {
        "$defs": {
            "Optimizer": of(
                {"rate": {"default": 0.1}, "turn": {"$ref": "../training.json#/$defs/Augmentation"}}
            )
        }
    },
}


def common_of(training: ModuleType) -> ModuleType:
    """The other module of the package."""
    return importlib.import_module(training.__name__.replace(".training", ".parts.common"))


def is_bound(cls: type) -> bool:
    return "__brevetti__" in vars(cls)


def refused(cls: Any, **config: Any) -> None:
    for make in (cls.from_config, lambda config: cls(**config)):
        with pytest.raises(SettingsError, match="must be"):
            make(config)


def use(cls: Any) -> Any:
    settings = cls.from_config({"name": "n"})
    assert is_bound(cls)
    return settings
