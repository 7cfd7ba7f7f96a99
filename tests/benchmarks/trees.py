"""The settings tree of the benchmarks, 22 fields in 3 classes: as a schema, and by hand."""

from __future__ import annotations

from typing import Any

SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "epochs": {"type": "integer", "minimum": 1, "maximum": 1000, "default": 10},
        "batch_size": {"type": "integer", "minimum": 1, "default": 32},
        "lr": {"type": "number", "minimum": 0, "maximum": 1, "default": 0.001},
        "name": {"type": "string", "default": "run"},
        "seed": {"type": ["integer", "null"], "default": None},
        "loss": {"enum": ["mse", "mae", "bce"], "default": "mse"},
        "amp": {"type": "boolean", "default": True},
        "classes": {"type": "array", "items": {"type": "string"}, "default": ["a", "b"]},
        "workers": {"type": "integer", "default": 4},
        "augmentation": {
            "type": "object",
            "properties": {
                "angle": {"type": "number", "minimum": 0, "maximum": 180, "default": 10.0},
                "flip_h": {"type": "boolean", "default": False},
                "flip_v": {"type": "boolean", "default": False},
                "scale": {"type": "number", "minimum": 0, "default": 1.0},
                "shear": {"type": "number", "default": 0.0},
                "mode": {"enum": ["nearest", "linear"], "default": "linear"},
            },
        },
        "optimizer": {
            "type": "object",
            "properties": {
                "name": {"enum": ["adam", "sgd"], "default": "adam"},
                "beta1": {"type": "number", "default": 0.9},
                "beta2": {"type": "number", "default": 0.999},
                "eps": {"type": "number", "default": 1e-8},
                "decay": {"type": "number", "minimum": 0, "default": 0.0},
            },
        },
    },
}

#: A config that gives every field.
CONFIG: dict[str, Any] = {
    "epochs": 5,
    "batch_size": 16,
    "lr": 0.01,
    "name": "x",
    "seed": 3,
    "loss": "mae",
    "amp": False,
    "classes": ["q"],
    "workers": 2,
    "augmentation": {
        "angle": 5.0,
        "flip_h": True,
        "flip_v": True,
        "scale": 2.0,
        "shear": 0.1,
        "mode": "nearest",
    },
    "optimizer": {"name": "sgd", "beta1": 0.8, "beta2": 0.9, "eps": 1e-7, "decay": 0.1},
}

#: The classes as somebody would write them by hand, for whatever library.
_CLASSES = """
{decorator}
class Augmentation({base}):
    angle: {angle} = 10.0
    flip_h: bool = False
    flip_v: bool = False
    scale: {positive} = 1.0
    shear: float = 0.0
    mode: Literal["nearest", "linear"] = "linear"

{decorator}
class Optimizer({base}):
    name: Literal["adam", "sgd"] = "adam"
    beta1: float = 0.9
    beta2: float = 0.999
    eps: float = 1e-8
    decay: {positive} = 0.0

{decorator}
class Tree({root}):
    epochs: {epochs} = 10
    batch_size: {batch} = 32
    lr: {rate} = 0.001
    name: str = "run"
    seed: Optional[int] = None
    loss: Literal["mse", "mae", "bce"] = "mse"
    amp: bool = True
    classes: List[str] = {field}(default_factory=lambda: ["a", "b"])
    workers: int = 4
    augmentation: Augmentation = {field}(default_factory=Augmentation)
    optimizer: Optimizer = {field}(default_factory=Optimizer)
"""
_TYPING = "from typing import Annotated, List, Literal, Optional\n"
_DATACLASS = {"base": "object", "root": "object", "decorator": "@dataclass", "field": "field"}
_PLAIN = {
    "angle": "float",
    "positive": "float",
    "epochs": "int",
    "batch": "int",
    "rate": "float",
}


def _limits(make: str) -> dict[str, str]:
    """Limits as annotations, `make` being called with `ge` and `le`."""
    return {
        "angle": f"Annotated[float, {make}(ge=0, le=180)]",
        "positive": f"Annotated[float, {make}(ge=0)]",
        "epochs": f"Annotated[int, {make}(ge=1, le=1000)]",
        "batch": f"Annotated[int, {make}(ge=1)]",
        "rate": f"Annotated[float, {make}(ge=0, le=1)]",
    }


def pydantic_classes(root: str = "BaseModel") -> str:
    """The classes for pydantic; `root` is the base of the root class."""
    line = "from pydantic import BaseModel, Field\n"
    names = {"base": "BaseModel", "root": root, "decorator": "", "field": "Field"}
    return line + _TYPING + _CLASSES.format(**names, **_limits("Field"))


def msgspec_classes() -> str:
    """The classes for msgspec."""
    line = "from msgspec import Meta, Struct, field\n"
    names = {"base": "Struct", "root": "Struct", "decorator": "", "field": "field"}
    return line + _TYPING + _CLASSES.format(**names, **_limits("Meta"))


def cyclopts_classes() -> str:
    """Dataclasses with the limits of cyclopts."""
    line = "from dataclasses import dataclass, field\nfrom cyclopts import Parameter\n"
    line += "from cyclopts.validators import Number\n"
    numbers = {
        "angle": "Annotated[float, Parameter(validator=Number(gte=0, lte=180))]",
        "positive": "Annotated[float, Parameter(validator=Number(gte=0))]",
        "epochs": "Annotated[int, Parameter(validator=Number(gte=1, lte=1000))]",
        "batch": "Annotated[int, Parameter(validator=Number(gte=1))]",
        "rate": "Annotated[float, Parameter(validator=Number(gte=0, lte=1))]",
    }
    return line + _TYPING + _CLASSES.format(**_DATACLASS, **numbers)


def dataclasses() -> str:
    """Plain dataclasses, without limits: what tyro and jsonargparse take without more ado."""
    line = "from dataclasses import dataclass, field\n"
    return line + _TYPING + _CLASSES.format(**_DATACLASS, **_PLAIN)
