"""Command lines, right and wrong, and what each must come to; `docs/command-line.md` has the table.

`SCHEMA` stands for the settings of a training. Every line also gives the one required setting,
unless it says otherwise.
"""

from __future__ import annotations

import shlex
from typing import Any, NamedTuple

SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["base_model"],
    "additionalProperties": False,
    "properties": {
        "base_model": {"type": "string"},
        "classes": {"type": "array", "items": {"type": "string"}, "default": ["scratch"]},
        "weights": {"type": "object", "additionalProperties": {"type": "number"}, "default": {}},
        "seed": {"type": ["integer", "null"], "default": None},
        "shift": {"type": "number", "default": 0},
        "betas": {
            "type": "array",
            "prefixItems": [{"type": "number"}, {"type": "number"}],
            "minItems": 2,
            "maxItems": 2,
            "default": [0.9, 0.999],
        },
        "notes": {"type": "string", "default": ""},
        "training": {
            "type": "object",
            "additionalProperties": False,
            "properties": {
                "epochs": {"type": "integer", "minimum": 1, "maximum": 1000, "default": 20},
                "shuffle": {"type": "boolean", "default": True},
                "loss": {"enum": ["dice", "focal"], "default": "dice"},
                "optimizer": {
                    "oneOf": [{"$ref": "#/$defs/Adam"}, {"$ref": "#/$defs/Sgd"}],
                    "default": {"name": "adam"},
                },
            },
        },
        "stages": {"type": "array", "items": {"$ref": "#/$defs/Stage"}, "default": []},
    },
    "x-presets": {"Quick look": {"training": {"epochs": 2}}},
    "$defs": {
        "Adam": {
            "type": "object",
            "required": ["name"],
            "additionalProperties": False,
            "properties": {"name": {"const": "adam"}, "lr": {"type": "number", "default": 0.001}},
        },
        "Sgd": {
            "type": "object",
            "required": ["name"],
            "additionalProperties": False,
            "properties": {
                "name": {"const": "sgd"},
                "lr": {"type": "number", "default": 0.1},
                "momentum": {"type": "number", "default": 0.9},
            },
        },
        "Stage": {
            "type": "object",
            "required": ["name"],
            "additionalProperties": False,
            "properties": {
                "name": {"type": "string"},
                "epochs": {"type": "integer", "default": 1},
            },
        },
    },
}
#: Files that lie where the lines are typed.
FILES = {"notes.txt": "from a file\n", "c.json": '{"training": {"epochs": 4, "loss": "focal"}}'}


class Line(NamedTuple):
    """A command line, and the part of the config that it makes or of the error that it brings."""

    typed: str
    config: dict[str, Any] | None = None
    error: str = ""

    @property
    def words(self) -> list[str]:
        required = [] if self.error.startswith("base_model") else ["--base_model", "m"]
        return [*required, *shlex.split(self.typed)]


def _epochs(number: int, **others: Any) -> dict[str, Any]:
    return {"training": {"epochs": number, **others}}


_SGD = {"training": {"optimizer": {"name": "sgd", "lr": 0.1, "momentum": 0.8}}}

RIGHT = [
    Line("--training.epochs 5", _epochs(5)),
    Line("--training.epochs=5", _epochs(5)),
    Line("--training.epochs 5 --training.epochs 6", _epochs(6)),
    Line("--training '{\"epochs\": 4}'", _epochs(4, loss="dice")),
    Line("--training.loss focal", {"training": {"loss": "focal"}}),
    Line("--no-training.shuffle", {"training": {"shuffle": False}}),
    Line("--training.no-shuffle", {"training": {"shuffle": False}}),
    Line("--training.shuffle off", {"training": {"shuffle": False}}),
    Line("--training.shuffle 0", {"training": {"shuffle": False}}),
    Line("--seed null", {"seed": None}),
    Line("--shift -0.5", {"shift": -0.5}),
    Line("--shift=-1e-3", {"shift": -0.001}),
    Line("--notes=--dashed", {"notes": "--dashed"}),
    Line("--notes @notes.txt", {"notes": "from a file"}),
    Line("--classes a b c", {"classes": ["a", "b", "c"]}),
    Line("--classes a --classes b", {"classes": ["a", "b"]}),
    Line('--classes \'["a", "b"]\'', {"classes": ["a", "b"]}),
    Line("--betas 0.8 0.9", {"betas": [0.8, 0.9]}),
    Line("--weights.chips 10", {"weights": {"chips": 10}}),
    Line("--weights.chips 10 --weights.dents 2.5", {"weights": {"chips": 10, "dents": 2.5}}),
    Line("--training.optimizer.lr 0.01", {"training": {"optimizer": {"name": "adam", "lr": 0.01}}}),
    Line("--training.optimizer.name sgd --training.optimizer.momentum 0.8", _SGD),
    Line("--training.optimizer.momentum 0.8 --training.optimizer.name sgd", _SGD),
    Line('--training.optimizer \'{"name": "sgd", "momentum": 0.8}\'', _SGD),
    Line(
        """--stages '{"name": "a"}' --stages '{"name": "b", "epochs": 3}'""",
        {"stages": [{"name": "a", "epochs": 1}, {"name": "b", "epochs": 3}]},
    ),
    Line(
        "--stages.0.name a --stages.1.name b --stages.1.epochs 3",
        {"stages": [{"name": "a", "epochs": 1}, {"name": "b", "epochs": 3}]},
    ),
    Line("--settings-file c.json --training.epochs 7", _epochs(7, loss="focal")),
    Line("--settings-file c.json --preset 'Quick look'", _epochs(2, loss="focal")),
    Line("--preset 'Quick look' --settings-file c.json", _epochs(4, loss="focal")),
]
WRONG = [
    Line("", error="base_model: is required; give --base_model or --settings-file"),
    Line(
        "--training.epoch 5", error="unknown flag --training.epoch, did you mean --training.epochs?"
    ),
    Line("--epochs 5", error="unknown flag --epochs, did you mean --training.epochs?"),
    Line("--training.epochs many", error="training.epochs: must be a whole number (got 'many'"),
    Line("--training.epochs 2.5", error="training.epochs: must be a whole number (got"),
    Line("--training.epochs 0", error="training.epochs: must be at least 1 (got 0"),
    Line("--training.epochs", error="training.epochs: needs a value"),
    Line("--training.shuffle maybe", error="unexpected word 'maybe'"),
    Line("--training.shuffle=maybe", error="training.shuffle: must be"),
    Line("--training.loss cosine", error="training.loss: must be"),
    Line("--training.optimizer.name rmsprop", error="training.optimizer"),
    Line("--training.optimizer.momentum 0.8", error="training.optimizer.momentum: "),
    Line("--betas 0.8", error="betas: must have at least 2 items"),
    Line("--stages.3.name late", error="stages"),
    Line("--weights.chips many", error="weights.chips: must be a number (got 'many'"),
    Line(
        "--settings-flie c.json",
        error="unknown flag --settings-flie, did you mean --settings-file?",
    ),
    Line("--settings-file missing.json", error="the settings file missing.json cannot be read"),
    Line("--preset 'Quik look'", error="there is no preset 'Quik look'"),
    Line("5", error="unexpected word '5'"),
    Line("training.epochs=5", error="unexpected word 'training.epochs=5', did you mean --training"),
    Line("-e 5", error="unknown flag -e"),
]


def holds(config: Any, part: Any) -> bool:
    """Whether a config says what `part` says, objects key by key."""
    if isinstance(part, dict):
        return all(key in config and holds(config[key], value) for key, value in part.items())
    return bool(config == part)
