"""The generator: one schema in a cold process, and a thousand schemas.

    python tests/benchmarks/bench_generator.py [--turns 5] [--numbers 100 300 1000]

One schema is timed beside `datamodel-codegen`. The many are made up: 25 settings each, some by a
`$ref` to a shared file; the time for one must not grow with their number. Then the same again with
nothing changed. Real ones, those of SchemaStore, get a process each.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import trees
from measuring import Row, Spent, heading, installed, least_runs, row, run, verdict

URI = "https://json-schema.org/draft/2020-12/schema"
BUDGET_ONE = 0.25
BUDGET_THOUSAND = 7.0
BUDGET_UNCHANGED = 0.3
BUDGET_CHANGED = 0.8
BUDGET_LINT = 3.0
#: Of one of SchemaStore's schemas: 918 may take 100 seconds.
BUDGET_REAL = 100 / 918
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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--turns", type=int, default=5, help="cold processes of each competitor")
    parser.add_argument("--numbers", type=int, nargs="+", default=[100, 300, 1000])
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as top:
        _one(Path(top), options.turns)
        _many(Path(top), options.numbers, options.turns)


def _ours(source: Path, output: Path, *options: str) -> partial[Spent]:
    words = ["-m", "brevetti_gen", str(source), "-o", str(output), *options]
    return partial(run, [sys.executable, *words], writes_bytecode=True)


def _one(top: Path, turns: int) -> None:
    source = top / "tree.json"
    source.write_text(json.dumps(trees.SCHEMA), encoding="utf-8")
    # `--force` lets an unchanged run do all of its work again.
    runs = {"brevetti-gen": _ours(source, top / "one", "--force")}
    if installed("datamodel_code_generator"):
        peer = "from datamodel_code_generator.__main__ import main; import sys; sys.exit(main())"
        words = f"--input {source} --output {top / 'one.py'} --input-file-type jsonschema"
        runs["datamodel-codegen"] = partial(run, [sys.executable, "-c", peer, *words.split()])
    times = least_runs(runs, turns + 1)  # the first one writes bytecode
    heading("one schema, cold process", "time", "over the peer")
    ours = times["brevetti-gen"]
    row("brevetti-gen", f"{ours:.3f} s")
    if peer_time := times.get("datamodel-codegen"):
        ratio = verdict(ours / peer_time, BUDGET_ONE, at_most=True)
        row("datamodel-codegen", f"{peer_time:.3f} s", ratio)


def write_many(folder: Path, count: int) -> Path:
    source = folder / f"many_{count}"
    source.mkdir()
    (source / "shared.json").write_text(json.dumps(SHARED), encoding="utf-8")
    for number in range(count):
        text = json.dumps(made_up(number), indent=1)
        (source / f"part_{number}.json").write_text(text, encoding="utf-8")
    return source


def rows(schemastore: Path | None) -> list[Row]:
    """A thousand schemas, clean and unchanged, and real ones, with a process each."""
    with tempfile.TemporaryDirectory() as folder:
        schemas = write_many(Path(folder), 1000)
        once = _ours(schemas, Path(folder, "settings"))
        with _one_core():
            clean = once()
        spread = _ours(schemas, Path(folder, "spread"))()
        words = (
            "lint",
            str(Path(folder, "many_1000")),
            "--ignore",
            "title-missing,description-missing",
        )
        lint = run([sys.executable, "-m", "brevetti_gen", *words], writes_bytecode=True)
        unchanged = least_runs({"": once}, 3)[""]
        value = made_up(1)
        value["properties"]["rounds_0"]["maximum"] += 1
        (schemas / "part_1.json").write_text(json.dumps(value), encoding="utf-8")
        changed = once().processor
    note = f"on one core; on all of them {spread.clock:.1f} s on the clock"
    return [
        Row("1,000 schemas, clean", clean.processor, BUDGET_THOUSAND, "s", note=note),
        Row(
            "1,000 schemas, lint",
            lint.clock,
            BUDGET_LINT,
            "s",
            note=f"{lint.processor:.1f} s of processor",
        ),
        Row("1,000 schemas, unchanged", unchanged, BUDGET_UNCHANGED, "s"),
        Row("1,000 schemas, one changed", changed, BUDGET_CHANGED, "s"),
        *([] if schemastore is None else [_real(schemastore)]),
    ]


@contextmanager
def _one_core() -> Generator[None]:
    """What is begun inside the block has one core, and does not share its work with others."""
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, [min(before)])
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def _real(schemas: Path) -> Row:
    spent: list[Spent] = []
    refused = 0
    with tempfile.TemporaryDirectory() as folder:
        for schema in sorted(schemas.glob("*.json")):
            words = ("--map", f"https://json.schemastore.org/={schemas}")
            try:
                spent.append(_ours(schema, Path(folder, schema.stem, "settings"), *words)())
            except RuntimeError:
                refused += 1
    what = f"SchemaStore, {len(spent)} schemas, one process each"
    note = f"{sum(each.clock for each in spent):.1f} s on the clock, {refused} refused"
    limit = len(spent) * BUDGET_REAL
    return Row(what, sum(each.processor for each in spent), limit, "s", note=note)


def _many(top: Path, numbers: list[int], turns: int) -> None:
    heading("many schemas", "time", "per schema", "unchanged")
    each: list[float] = []
    for count in numbers:
        once = _ours(write_many(top, count), top / f"many_{count}_settings")
        with _one_core():
            first = once().processor
        again = least_runs({"again": once}, turns)["again"]
        each.append(first / count)
        row(f"{count} schemas", f"{first:.2f} s", f"{each[-1] * 1e3:.2f} ms", f"{again:.3f} s")
    if len(each) > 1:
        growth = verdict(each[-1] / each[0], BUDGET_GROWTH, at_most=True)
        print(f"time per schema, the most over the fewest: {growth}")


if __name__ == "__main__":
    main()
