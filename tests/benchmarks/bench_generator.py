"""The generator: one schema in a cold process, and a thousand schemas.

    python tests/benchmarks/bench_generator.py [--turns 5] [--numbers 100 300 1000]

One schema is timed beside `datamodel-codegen`. The many are made up: 25 settings each, some by a
`$ref` to a shared file; the time for one must not grow with their number. Then the same again with
nothing changed, and one schema of thousands of definitions.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

import trees
from measuring import heading, installed, least_runs, row, verdict

URI = "https://json-schema.org/draft/2020-12/schema"
BUDGET_ONE = 0.25
BUDGET_THOUSAND = 8.0
BUDGET_UNCHANGED = 0.3
#: How much more one of 1,000 schemas may take than one of 100, for the growth to be linear.
BUDGET_GROWTH = 1.2
SHARED: dict[str, Any] = {
    "$schema": URI,
    "type": "object",
    "properties": {"name": {"type": "string"}},
    "$defs": {
        "ratio": {"type": "number", "minimum": 0, "maximum": 1},
        "point": {
            "type": "object",
            "properties": {
                "x": {"type": "number", "default": 0},
                "y": {"type": "number", "default": 0},
            },
        },
    },
}


def made_up(number: int) -> dict[str, Any]:
    """A schema of 25 settings."""
    settings: dict[str, Any] = {}
    for place in range(0, 25, 5):
        described = f"The number of rounds of part {place} in schema {number}."
        integer = {"type": "integer", "minimum": 0, "maximum": 100 + number, "default": place}
        settings[f"rounds_{place}"] = {**integer, "description": described}
        settings[f"rate_{place}"] = {"type": "number", "default": place / 2}
        settings[f"label_{place}"] = {"type": "string", "default": "a", "maxLength": 40}
        settings[f"mode_{place}"] = {"enum": ["fast", "exact", "both"], "default": "exact"}
        settings[f"is_used_{place}"] = {"type": "boolean", "default": False}
    if number % 2 == 0:
        settings["rate_0"] = {"$ref": "shared.json#/$defs/ratio", "default": 0.5}
        settings["label_0"] = {"$ref": "shared.json#/$defs/point"}
    title = f"Part {number}"
    return {"$schema": URI, "title": title, "type": "object", "properties": settings}


def large(definitions: int) -> dict[str, Any]:
    """One schema of many definitions, each of which leads to the next."""
    schemas = {f"part_{number}": made_up(2 * number + 1) for number in range(definitions)}
    for number, schema in enumerate(schemas.values()):
        del schema["$schema"]
        if number + 1 < definitions:
            schema["properties"]["next"] = {
                "type": "array",
                "items": {"$ref": f"#/$defs/part_{number + 1}"},
            }
    first = {"first": {"$ref": "#/$defs/part_0"}}
    return {"$schema": URI, "type": "object", "properties": first, "$defs": schemas}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--turns", type=int, default=5, help="cold processes of each competitor")
    parser.add_argument("--numbers", type=int, nargs="+", default=[100, 300, 1000])
    parser.add_argument("--definitions", type=int, nargs="+", default=[100, 400])
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as top:
        _one(Path(top), options.turns)
        _many(Path(top), options.numbers, options.turns)
        _large(Path(top), options.definitions)


def _ours(source: Path, output: Path) -> list[str]:
    return [sys.executable, "-m", "brevetti_gen", str(source), "-o", str(output)]


def _one(top: Path, turns: int) -> None:
    source = top / "tree.json"
    source.write_text(json.dumps(trees.SCHEMA), encoding="utf-8")
    # `--force` lets an unchanged run do all of its work again.
    commands = {"brevetti-gen": [*_ours(source, top / "one"), "--force"]}
    if installed("datamodel_code_generator"):
        peer = "from datamodel_code_generator.__main__ import main; import sys; sys.exit(main())"
        arguments = f"--input {source} --output {top / 'one.py'} --input-file-type jsonschema"
        commands["datamodel-codegen"] = [sys.executable, "-c", peer, *arguments.split()]
    least_runs(commands, 1)  # makes the bytecode
    times = least_runs(commands, turns)
    heading("one schema, cold process", "time", "over the peer")
    ours = times["brevetti-gen"]
    row("brevetti-gen", f"{ours:.3f} s")
    if peer_time := times.get("datamodel-codegen"):
        ratio = verdict(ours / peer_time, BUDGET_ONE, at_most=True)
        row("datamodel-codegen", f"{peer_time:.3f} s", ratio)


def _write_many(folder: Path, count: int) -> Path:
    source = folder / f"many_{count}"
    source.mkdir()
    (source / "shared.json").write_text(json.dumps(SHARED), encoding="utf-8")
    for number in range(count):
        text = json.dumps(made_up(number), indent=1)
        (source / f"part_{number}.json").write_text(text, encoding="utf-8")
    return source


def thousand(folder: Path) -> tuple[float, float]:
    """How long a first run takes for a thousand schemas, and how much of processors, in seconds."""
    command = _ours(_write_many(folder, 1000), folder / "settings")
    before = os.times()
    passed = least_runs({"first": command}, 1)["first"]
    after = os.times()
    used = after.children_user + after.children_system
    return passed, used - before.children_user - before.children_system


def _many(top: Path, numbers: list[int], turns: int) -> None:
    heading("many schemas", "time", "per schema", "unchanged", "budgets")
    each: list[float] = []
    for count in numbers:
        command = _ours(_write_many(top, count), top / f"many_{count}_settings")
        first = least_runs({"first": command}, 1)["first"]
        again = least_runs({"again": command}, turns)["again"]
        each.append(first / count)
        budgets = ""
        if count == 1000:
            is_met = first <= BUDGET_THOUSAND and again <= BUDGET_UNCHANGED
            budgets = f"{BUDGET_THOUSAND:g} s, {BUDGET_UNCHANGED:g} s{'' if is_met else '  MISSED'}"
        shown = (f"{first:.2f} s", f"{first / count * 1e3:.2f} ms", f"{again:.3f} s")
        row(f"{count} schemas", *shown, budgets)
    if len(each) > 1:
        growth = verdict(each[-1] / each[0], BUDGET_GROWTH, at_most=True)
        print(f"time per schema, the most over the fewest: {growth}")


def _large(top: Path, numbers: list[int]) -> None:
    heading("one large schema", "size", "time", "per definition", "cold import")
    for count in numbers:
        source = top / f"large_{count}.json"
        source.write_text(json.dumps(large(count), indent=1), encoding="utf-8")
        output = top / f"large_{count}_settings"
        first = least_runs({"first": _ours(source, output)}, 1)["first"]
        module = f"large_{count}_settings.large_{count}"
        importing = [sys.executable, "-c", f"import {module}"]
        least_runs({"import": importing}, 1, top)  # makes the bytecode
        times = least_runs({"import": importing, "bare": [sys.executable, "-c", ""]}, 5, top)
        size = f"{source.stat().st_size / 1e6:.1f} MB"
        over = f"{(times['import'] - times['bare']) * 1e3:.0f} ms"
        row(f"{count} definitions", size, f"{first:.2f} s", f"{first / count * 1e3:.2f} ms", over)


if __name__ == "__main__":
    main()
