"""The settings trees of the benchmarks, as schemas and by hand.

One has 22 fields in 3 classes, all of them plain; the other has what plain fields are not: unions,
null, maps and lists of objects, and keys by a pattern.
"""

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


#: Tagged alternatives, null, a map and a list of objects, numbers by name, keys by a pattern.
MIXED_SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "title": {"type": "string", "default": ""},
        "optimizer": {
            "oneOf": [{"$ref": "#/$defs/Adam"}, {"$ref": "#/$defs/Sgd"}],
            "default": {"kind": "adam"},
        },
        "stopping": {"anyOf": [{"$ref": "#/$defs/Stopping"}, {"type": "null"}], "default": None},
        "weights": {"type": "object", "additionalProperties": {"type": "number"}, "default": {}},
        "datasets": {"type": "object", "additionalProperties": {"$ref": "#/$defs/Dataset"}},
        "stages": {"type": "array", "items": {"$ref": "#/$defs/Stage"}, "minItems": 1},
        "size": {"anyOf": [{"type": "integer"}, {"type": "string"}], "default": "auto"},
    },
    "patternProperties": {"^x-": {"type": "string"}},
    "required": ["stages"],
    "$defs": {
        "Adam": {
            "type": "object",
            "properties": {
                "kind": {"const": "adam"},
                "lr": {"type": "number", "default": 0.001, "minimum": 0},
            },
            "required": ["kind"],
        },
        "Sgd": {
            "type": "object",
            "properties": {
                "kind": {"const": "sgd"},
                "lr": {"type": "number", "default": 0.1, "minimum": 0},
                "momentum": {"type": "number", "default": 0.9},
            },
            "required": ["kind"],
        },
        "Stopping": {
            "type": "object",
            "properties": {
                "patience": {"type": "integer", "minimum": 1, "default": 5},
                "delta": {"type": "number", "default": 0.001},
            },
        },
        "Dataset": {
            "type": "object",
            "properties": {
                "path": {"type": "string"},
                "tags": {"type": "array", "items": {"type": "string"}, "default": []},
            },
            "required": ["path"],
        },
        "Stage": {
            "type": "object",
            "properties": {
                "name": {"type": "string"},
                "epochs": {"type": "integer", "minimum": 1, "default": 1},
            },
            "required": ["name"],
        },
    },
}

#: A config that gives every field, and one key by the pattern.
MIXED_CONFIG: dict[str, Any] = {
    "title": "mixed",
    "optimizer": {"kind": "sgd", "lr": 0.5, "momentum": 0.8},
    "stopping": {"patience": 3, "delta": 0.5},
    "weights": {"scratch": 2.0, "dent": 0.5},
    "datasets": {
        "first": {"path": "a", "tags": ["x", "y"]},
        "second": {"path": "b", "tags": []},
    },
    "stages": [{"name": "warm", "epochs": 1}, {"name": "main", "epochs": 20}],
    "size": 512,
    "x-note": "by hand",
}

_MIXED_CLASSES = """
class Adam({base}{adam}):
    {kind_adam}
    lr: {positive} = 0.001

class Sgd({base}{sgd}):
    {kind_sgd}
    lr: {positive} = 0.1
    momentum: float = 0.9

class Stopping({base}):
    patience: {batch} = 5
    delta: float = 0.001

class Dataset({base}):
    path: str
    tags: List[str] = {field}(default_factory=list)

class Stage({base}):
    name: str
    epochs: {batch} = 1

class Mixed({base}):
    stages: {stages}
    title: str = ""
    optimizer: {optimizer} = {field}(default_factory=lambda: Adam({first}))
    stopping: Optional[Stopping] = None
    weights: Dict[str, float] = {field}(default_factory=dict)
    datasets: Optional[Dict[str, Dataset]] = None
    size: Union[int, str] = "auto"
"""


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


def mixed_pydantic_classes() -> str:
    """The classes of the other tree for pydantic, which keeps keys by any name."""
    line = "from pydantic import BaseModel, Field\n"
    line += "from typing import Annotated, Dict, List, Literal, Optional, Union\n"
    return (
        line
        + _MIXED_CLASSES.format(
            base="BaseModel",
            adam="",
            sgd="",
            kind_adam="kind: Literal['adam']",
            kind_sgd="kind: Literal['sgd']",
            first="kind='adam'",
            field="Field",
            stages="Annotated[List[Stage], Field(min_length=1)]",
            optimizer="Annotated[Union[Adam, Sgd], Field(discriminator='kind')]",
            **_limits("Field"),
        )
        + "    model_config = {'extra': 'allow'}\n"
    )


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
