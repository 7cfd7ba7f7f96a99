"""A search space of every kind of parameter, with texts that engines could read as code."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from brevettiai.search.space import Choice, Choices, Numbers, Parameter
from hostile_texts import HOSTILE

#: What a process takes as a word.
TEXTS = [text for text in HOSTILE if "\0" not in text]
TEXTS += ["a b", "it's", "a\\'b\\\\", 'a\\"', "$(HOME)", "$$(HOME)", "=,[]{}()", "c:\\d", " x "]
TEXTS += ["true", "null", "-1", "1e3", "inf", "@file", "~", "#x", "a: b", "${args}", "${x.y}"]


def choices(name: str, values: Sequence[Any], *inside: Sequence[Parameter]) -> Choices:
    """A setting of some values; `inside` each of them there is more."""
    found = [
        Choice(value, label(value), tuple(inside[index]) if inside else ())
        for index, value in enumerate(values)
    ]
    return Choices(name, path_of(name), tuple(found))


def label(value: Any) -> str:
    if isinstance(value, str):
        return f"@{value}" if value.startswith("@") else value
    return json.dumps(value)


def path_of(name: str) -> tuple[str, ...]:
    return tuple(re.sub(r"\[\w+\]", "", name).split("."))


def numbers(name: str, low: float, high: float, **facts: Any) -> Numbers:
    """A setting of numbers."""
    return Numbers(name, path_of(name), low, high, **facts)


FLAT: tuple[Parameter, ...] = (
    numbers("optimizer.learning-rate", 1e-05, 0.1, log=True),
    numbers("angle", -4.5, 45),
    numbers("epochs", 1, 64, integer=True),
    numbers("batch", 1, 1024, integer=True, log=True),
    numbers("size", 3, 27, integer=True, step=4),
    numbers("share", 0.1, 0.7, step=0.1),
    choices("flip", [True, False]),
    choices("channels", [1, 3, 0.5]),
    choices("background", [None, "none", "grey"]),
    choices("text", TEXTS),
)

CONDITIONAL: tuple[Parameter, ...] = (
    choices(
        "by.name",
        ["adam", "sgd"],
        [
            numbers("by[adam].rate", 1e-4, 1.0, log=True),
            numbers("by[adam].beta", 0.5, 0.9),
            choices(
                "by[adam].plan.name",
                ["cosine", "flat"],
                [numbers("by[adam].plan[cosine].turns", 1, 9, integer=True)],
                [],
            ),
        ],
        [numbers("by[sgd].rate", 1e-4, 1.0, log=True), choices("by[sgd].nesterov", [True, False])],
    ),
)


def is_within(parameter: Parameter, value: Any) -> bool:
    """Whether a parameter takes a value."""
    if not isinstance(parameter, Numbers):
        return any(
            choice.value == value and type(choice.value) is type(value)
            for choice in parameter.choices
        )
    if not parameter.low <= value <= parameter.high:
        return False
    if parameter.integer and value != int(value):
        return False
    steps = (value - parameter.low) / (parameter.step or 1)
    return not parameter.step or abs(steps - round(steps)) < 1e-9


def is_said(parameter: Parameter, word: str) -> bool:
    """Whether the word of a flag is a value of a parameter."""
    if isinstance(parameter, Numbers):
        return is_within(parameter, float(word))
    return word in [choice.label for choice in parameter.choices]


def by_flag(parameters: Sequence[Parameter]) -> Mapping[str, Parameter]:
    """Parameters that depend on no other."""
    return {each.name: each for each in parameters}


SETTINGS: dict[str, Any] = {
    "type": "object",
    "properties": {
        "rate": {"type": "number", "exclusiveMinimum": 0, "maximum": 1, "default": 0.1},
        "epochs": {"type": "integer", "minimum": 1, "maximum": 9, "default": 3},
        "share": {"type": ["number", "null"], "minimum": 0, "maximum": 1, "multipleOf": 0.05},
        "mode": {"enum": ["a", "b b", "true", None, True, 5], "default": "a"},
        "stop": {
            "type": ["object", "null"],
            "default": None,
            "properties": {"patience": {"type": "integer", "minimum": 1, "maximum": 5}},
        },
        "token": {"type": "string", "writeOnly": True},
        "loss": {"type": "string", "default": "dice"},
    },
}
"""A schema of settings that vary, in one each way of saying so."""
