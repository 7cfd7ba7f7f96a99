"""Presets are judged where they are written: value by value, and as a whole."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from brevetti_gen import GenerationError, generate


def faults(schema: dict[str, Any], preset: Any, folder: Path) -> list[str]:
    """What is wrong with a preset, warnings left out: `pointer: message`."""
    path = folder / "some.json"
    path.write_text(json.dumps({"type": "object", **schema, "x-presets": {"p": preset}}))
    try:
        generate([path], folder / "settings")
    except GenerationError as error:
        errors = [problem for problem in error.problems if problem.severity == "error"]
        return [f"{problem.pointer}: {problem.message}" for problem in errors]
    return []


TRAINING = {
    "properties": {
        "optimizer": {"enum": ["adam", "sgd"], "default": "adam"},
        "momentum": {"type": "number"},
        "nesterov": {"type": "boolean"},
        "crop": {
            "type": "object",
            "properties": {"width": {"type": "integer"}, "height": {"type": "integer"}},
            "dependentRequired": {"width": ["height"]},
        },
    },
    "dependentRequired": {"nesterov": ["momentum"]},
    "if": {"properties": {"optimizer": {"const": "adam"}}},
    "then": {"properties": {"momentum": False}},
}


@pytest.mark.parametrize(
    ("preset", "told"),
    [
        ({}, []),
        ({"optimizer": "sgd", "momentum": 0.5, "nesterov": True}, []),
        ({"crop": {"width": 1, "height": 1}}, []),
        (
            {"optimizer": "sgd", "nesterov": True},
            [
                "#/x-presets/p: the preset 'p' does not fit as a whole: momentum: is required "
                "where 'nesterov' is given"
            ],
        ),
        (
            {"crop": {"width": 3}},
            [
                "#/x-presets/p/crop: the preset 'p' does not fit as a whole: crop.height: is "
                "required where 'width' is given"
            ],
        ),
        (
            # Also what the defaults make of it, as a form does that fills them in first.
            {"momentum": 0.5},
            [
                "#/x-presets/p/momentum: the preset 'p' does not fit as a whole: momentum: must "
                "not be given (got 0.5)"
            ],
        ),
        (
            {"momentum": "x", "nesterov": True},
            [
                "#/x-presets/p/momentum: the preset 'p' does not fit: momentum: must be a number "
                "(got 'x')"
            ],
        ),
    ],
)
def test_presets_as_a_whole(preset: Any, told: list[str], tmp_path: Path) -> None:
    assert faults(TRAINING, preset, tmp_path) == told


def test_what_is_required_may_be_left_out(tmp_path: Path) -> None:
    schema = {**TRAINING, "required": ["seed"]}
    assert faults(schema, {"optimizer": "sgd"}, tmp_path) == []
    # What the rest will be is not known, so that nothing is said about it.
    assert faults(schema, {"optimizer": "sgd", "nesterov": True}, tmp_path) == []
    assert len(faults(schema, {"seed": 1, "nesterov": True, "optimizer": "sgd"}, tmp_path)) == 1


def test_what_an_empty_config_lacks_too_is_no_fault_of_the_preset(tmp_path: Path) -> None:
    schema = {**TRAINING, "anyOf": [{"required": ["a"]}, {"required": ["b"]}]}
    assert faults(schema, {"optimizer": "sgd"}, tmp_path) == []
    assert faults(schema, {"a": 1}, tmp_path) == []
    schema = {"oneOf": [{"required": ["a"]}, {"required": ["b"]}]}
    (told,) = faults(schema, {"a": 1, "b": 1}, tmp_path)
    assert "must fit exactly one alternative" in told


def test_defaults_of_required_settings_count_as_in_a_form(tmp_path: Path) -> None:
    schema = {
        "properties": {"mode": {"enum": ["a", "b"], "default": "a"}, "n": {"type": "integer"}},
        "required": ["mode"],
        "if": {"properties": {"mode": {"const": "a"}}},
        "then": {"properties": {"n": {"maximum": 3}}},
    }
    assert faults(schema, {"n": 3}, tmp_path) == []
    (told,) = faults(schema, {"n": 4}, tmp_path)
    assert told.endswith("n: must be at most 3 (got 4)")
    assert faults(schema, {"mode": "b", "n": 4}, tmp_path) == []
