"""Checking configs against a schema, beside the validators of JSON Schema and pydantic v2.

    python tests/benchmarks/bench_checking.py [--seconds 1] [--size 1000000]

Two rows are ours: the plain check, as the other validators do it, and `from_config`, which also
makes the objects, as pydantic does. jsonschema-rs is compiled Rust, for scale.
"""

from __future__ import annotations

import argparse
import importlib
import json
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import trees
from measuring import generated, heading, installed, least_calls, namespace, row, verdict

URI = "http://json-schema.org/draft-07/schema#"  # the newest draft that fastjsonschema knows
#: Least ratio of a peer's time over that of our check.
BUDGETS = {"fastjsonschema": 2.5, "jsonschema": 60.0}
TREE = {"$schema": URI, **trees.SCHEMA}
#: Many records of the kinds of values that real configs hold.
RECORDS: dict[str, Any] = {
    "$schema": URI,
    "type": "object",
    "properties": {
        "records": {
            "type": "array",
            "items": {
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
_RECORDS_BY_HAND = """
from typing import Annotated, List, Literal, Optional
from pydantic import BaseModel, ConfigDict, Field
class Source(BaseModel):
    file: str
    page: Optional[int] = None
class Record(BaseModel):
    model_config = ConfigDict(extra="forbid")
    id: Annotated[str, Field(pattern="^[a-z]+-[0-9]+$")]
    score: Annotated[float, Field(ge=0, le=1)]
    count: Annotated[Optional[int], Field(ge=0)] = None
    label: Literal["good", "bad", "unknown"]
    box: Annotated[Optional[List[float]], Field(min_length=4, max_length=4)] = None
    tags: Optional[List[Annotated[str, Field(max_length=20)]]] = None
    source: Optional[Source] = None
class Records(BaseModel):
    records: List[Record]
"""


def records_config(size: int) -> dict[str, Any]:
    """A config of about `size` bytes of JSON."""
    record: dict[str, Any] = {
        "id": "part-17",
        "score": 0.875,
        "count": 12,
        "label": "good",
        "box": [10.5, 20, 30.25, 40],
        "tags": ["left", "upper"],
        "source": {"file": "images/0001.png", "page": 3},
    }
    number = max(1, size // len(json.dumps(record)))
    return {"records": [json.loads(json.dumps(record)) for _ in range(number)]}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=1.0, help="time of each competitor")
    parser.add_argument("--size", type=int, default=1_000_000, help="bytes of the large config")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as top:
        generated({"tree": TREE, "records": RECORDS}, Path(top), "checked_settings")
        by_hand = {"tree": trees.pydantic_classes(), "records": _RECORDS_BY_HAND}
        small, large = records_config(200), records_config(options.size)
        peers = _peers()
        for title, name, schema, config in (
            (f"{len(json.dumps(large)) / 1e6:.1f} MB of records", "records", RECORDS, large),
            ("one record", "records", RECORDS, small),
            ("tree, 22 fields in 3 classes", "tree", TREE, trees.CONFIG),
        ):
            calls = _ours(name, config)
            for peer, prepare in peers.items():
                calls[peer] = prepare(schema, by_hand[name], name.capitalize(), config)
            _show(title, least_calls(calls, options.seconds), has_budget=config is large)


def _ours(name: str, config: Any) -> dict[str, Callable[[], Any]]:
    module = importlib.import_module(f"checked_settings.{name}")
    cls: Any = getattr(module, name.capitalize())
    check = cls.__brevetti__.check
    assert check(config)
    assert not check({"records": 1, "epochs": "x"})
    return {"our check": lambda: check(config), "our from_config": lambda: cls.from_config(config)}


Prepare = Callable[[Any, str, str, Any], Callable[[], Any]]


def _peers() -> dict[str, Prepare]:
    """What makes the call of each peer that is installed, of schema, classes, name and config."""
    peers: dict[str, Prepare] = {}
    if fast := installed("fastjsonschema"):
        peers["fastjsonschema"] = lambda schema, classes, name, config: _call(
            fast.compile(schema, use_default=False), config
        )
    if plain := installed("jsonschema"):
        peers["jsonschema"] = lambda schema, classes, name, config: _call(
            plain.Draft7Validator(schema).is_valid, config
        )
    if rust := installed("jsonschema_rs"):
        peers["jsonschema_rs"] = lambda schema, classes, name, config: _call(
            rust.validator_for(schema).is_valid, config
        )
    if installed("pydantic"):
        peers["pydantic"] = lambda schema, classes, name, config: _call(
            namespace(classes)[name].model_validate, config
        )
    return peers


def _call(function: Callable[[Any], Any], config: Any) -> Callable[[], Any]:
    assert function(config)
    return lambda: function(config)


def _show(title: str, times: dict[str, float], *, has_budget: bool) -> None:
    heading(title, "per config", "times our check", "over from_config", "budget")
    for name, time in times.items():
        ratio = time / times["our check"]
        budget = verdict(ratio, BUDGETS[name]) if has_budget and name in BUDGETS else ""
        over = f"{time / times['our from_config']:.2f}x"
        row(name, f"{time * 1e6:.1f} us", f"{ratio:.2f}x", over, budget)


if __name__ == "__main__":
    main()
