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

#: The classes by hand, as `classes` takes them.
CLASSES = """
class Augmentation:
    angle: Annotated[float, Limit(ge=0, le=180)] = 10.0
    flip_h: bool = False
    flip_v: bool = False
    scale: Annotated[float, Limit(ge=0)] = 1.0
    shear: float = 0.0
    mode: Literal["nearest", "linear"] = "linear"

class Optimizer:
    name: Literal["adam", "sgd"] = "adam"
    beta1: float = 0.9
    beta2: float = 0.999
    eps: float = 1e-8
    decay: Annotated[float, Limit(ge=0)] = 0.0

class Tree:
    epochs: Annotated[int, Limit(ge=1, le=1000)] = 10
    batch_size: Annotated[int, Limit(ge=1)] = 32
    lr: Annotated[float, Limit(ge=0, le=1)] = 0.001
    name: str = "run"
    seed: Optional[int] = None
    loss: Literal["mse", "mae", "bce"] = "mse"
    amp: bool = True
    classes: List[str] = field(default_factory=lambda: ["a", "b"])
    workers: int = 4
    augmentation: Augmentation = field(default_factory=Augmentation)
    optimizer: Optimizer = field(default_factory=Optimizer)
"""

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

MIXED_CLASSES = """
class Adam:
    kind: Literal["adam"]
    lr: Annotated[float, Limit(ge=0)] = 0.001

class Sgd:
    kind: Literal["sgd"]
    lr: Annotated[float, Limit(ge=0)] = 0.1
    momentum: float = 0.9

class Stopping:
    patience: Annotated[int, Limit(ge=1)] = 5
    delta: float = 0.001

class Dataset:
    path: str
    tags: List[str] = field(default_factory=list)

class Stage:
    name: str
    epochs: Annotated[int, Limit(ge=1)] = 1

class Mixed:
    stages: Annotated[List[Stage], Limit(min_length=1)]
    title: str = ""
    optimizer: Tagged[Adam, Sgd] = field(default_factory=lambda: Adam(kind="adam"))
    stopping: Optional[Stopping] = None
    weights: Dict[str, float] = field(default_factory=dict)
    datasets: Optional[Dict[str, Dataset]] = None
    size: Union[int, str] = "auto"
"""

#: Many records of the kinds of values that real configs hold.
RECORDS_SCHEMA: dict[str, Any] = {
    "$schema": "http://json-schema.org/draft-07/schema#",  # the newest that fastjsonschema knows
    "type": "object",
    "properties": {
        "records": {
            "type": "array",
            "items": {
                "x-python-name": "Record",
                "type": "object",
                "properties": {
                    "id": {"type": "string", "pattern": "^[a-z]+-[0-9]+$"},
                    "score": {"type": "number", "minimum": 0, "maximum": 1},
                    "count": {"type": "integer", "minimum": 0},
                    "label": {"enum": ["good", "bad", "unknown"]},
                    "box": {
                        "type": "array",
                        "items": {"type": "number"},
                        "minItems": 4,
                        "maxItems": 4,
                    },
                    "tags": {"type": "array", "items": {"type": "string", "maxLength": 20}},
                    "source": {
                        "x-python-name": "Source",
                        "type": "object",
                        "properties": {"file": {"type": "string"}, "page": {"type": "integer"}},
                        "required": ["file"],
                    },
                },
                "required": ["id", "score", "label"],
                "additionalProperties": False,
            },
        }
    },
    "required": ["records"],
}
RECORDS_CLASSES = """
class Source:
    file: str
    page: Optional[int] = None

class Record:
    id: Annotated[str, Limit(pattern=r"^[a-z]+-[0-9]+$")]
    score: Annotated[float, Limit(ge=0, le=1)]
    label: Literal["good", "bad", "unknown"]
    count: Optional[Annotated[int, Limit(ge=0)]] = None
    box: Optional[Annotated[List[float], Limit(min_length=4, max_length=4)]] = None
    tags: Optional[List[str]] = None
    source: Optional[Source] = None

class Records:
    records: List[Record]
"""


def records_config(number: int) -> dict[str, Any]:
    """A config of so many records; each is some 160 bytes of JSON."""
    return {
        "records": [
            {
                "id": f"part-{index}",
                "score": 0.875,
                "count": 12,
                "label": "good",
                "box": [10.5, 20.0, 30.25, 40.0],
                "tags": ["left", "upper"],
                "source": {"file": "images/0001.png", "page": 3},
            }
            for index in range(number)
        ]
    }


_STEPS: dict[str, dict[str, str]] = {
    "Crop": {"width": "integer", "height": "integer"},
    "Rotate": {"angle": "number", "fill": "string"},
    "Blur": {"sigma": "number", "rounds": "integer"},
    "Flip": {"horizontal": "boolean", "vertical": "boolean"},
}
_HINTS = {"integer": "int", "number": "float", "string": "str", "boolean": "bool"}
_VALUES: dict[str, Any] = {"integer": 3, "number": 0.5, "string": "black", "boolean": True}
#: A list of tagged alternatives.
PIPELINE_SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "steps": {
            "type": "array",
            "items": {"oneOf": [{"$ref": f"#/$defs/{name}"} for name in _STEPS]},
        }
    },
    "$defs": {
        name: {
            "type": "object",
            "properties": {
                "kind": {"const": name.lower()},
                **{field: {"type": kind} for field, kind in fields.items()},
            },
            "required": ["kind", *fields],
        }
        for name, fields in _STEPS.items()
    },
}
PIPELINE_CONFIG: dict[str, Any] = {
    "steps": [
        {"kind": name.lower(), **{field: _VALUES[kind] for field, kind in fields.items()}}
        for name, fields in _STEPS.items()
        for _ in range(5)
    ]
}
PIPELINE_CLASSES = (
    "\n"
    + "\n".join(
        f'class {name}:\n    kind: Literal["{name.lower()}"]\n'
        + "".join(f"    {field}: {_HINTS[kind]}\n" for field, kind in fields.items())
        for name, fields in _STEPS.items()
    )
    + f"\nclass Pipeline:\n    steps: List[Tagged[{', '.join(_STEPS)}]]\n"
)

#: Tagged alternatives inside their own recursion.
FORMULA_SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {"value": {"$ref": "#/$defs/Part"}},
    "required": ["value"],
    "$defs": {
        "Part": {"oneOf": [{"$ref": "#/$defs/Number"}, {"$ref": "#/$defs/Sum"}]},
        "Number": {
            "type": "object",
            "properties": {"kind": {"const": "number"}, "number": {"type": "number"}},
            "required": ["kind", "number"],
        },
        "Sum": {
            "type": "object",
            "properties": {
                "kind": {"const": "sum"},
                "left": {"$ref": "#/$defs/Part"},
                "right": {"$ref": "#/$defs/Part"},
            },
            "required": ["kind", "left", "right"],
        },
    },
}
FORMULA_CLASSES = """
class Number:
    kind: Literal["number"]
    number: float

class Sum:
    kind: Literal["sum"]
    left: Tagged["Number", "Sum"]
    right: Tagged["Number", "Sum"]

class Formula:
    value: Tagged[Number, Sum]
"""


def formula_config(depth: int) -> dict[str, Any]:
    """A config of sums that nest so deep, each in the one before."""
    value: dict[str, Any] = {"kind": "number", "number": 0.5}
    for _ in range(depth):
        value = {"kind": "sum", "left": {"kind": "number", "number": 1.5}, "right": value}
    return {"value": value}


#: Alternatives inside themselves that nothing but what they hold tells apart.
NESTED_SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {"value": {"$ref": "#/$defs/Part"}},
    "required": ["value"],
    "$defs": {
        "Part": {"oneOf": [{"$ref": "#/$defs/Group"}, {"$ref": "#/$defs/Leaf"}]},
        "Leaf": {
            "type": "object",
            "properties": {"number": {"type": "number"}},
            "required": ["number"],
        },
        "Group": {
            "type": "object",
            "properties": {"of": {"type": "array", "items": {"$ref": "#/$defs/Part"}}},
            "required": ["of"],
        },
    },
}
NESTED_CLASSES = """
class Leaf:
    number: float

class Group:
    of: List[Union["Group", Leaf]]

class Nested:
    value: Union[Group, Leaf]
"""


def nested_config(depth: int) -> dict[str, Any]:
    """A config of groups that nest so deep."""
    value: dict[str, Any] = {"number": 0.5}
    for _ in range(depth):
        value = {"of": [value]}
    return {"value": value}


def wide_schema(settings: int) -> dict[str, Any]:
    """A schema of so many settings, ten in each object."""
    kinds = [{"type": "integer", "minimum": 0, "default": 1}, {"type": "string", "default": "a"}]
    part = {"properties": {f"x{n}": kinds[n % 2] for n in range(10)}, "type": "object"}
    return {"type": "object", "properties": {f"part{n}": part for n in range(settings // 10)}}


def wide_classes(settings: int) -> str:
    """The classes of that schema."""
    kinds = ("Annotated[int, Limit(ge=0)] = 1", 'str = "a"')
    fields = "".join(f"    x{n}: {kinds[n % 2]}\n" for n in range(10))
    parts = range(settings // 10)
    text = "".join(f"\nclass Part{n}:\n{fields}" for n in parts)
    text += "\nclass Wide:\n"
    return text + "".join(f"    part{n}: Part{n} = field(default_factory=Part{n})\n" for n in parts)
