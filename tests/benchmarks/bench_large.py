"""One schema of thousands of definitions: who uses one class pays for no more than that.

    python tests/benchmarks/bench_large.py [--definitions 5000] [--settings 5]

Processes without bytecode of the package import the module and load a config of one class.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path
from typing import Any

from measuring import Row, generated, run

BUDGET_SECONDS = 4.0
BUDGET_MEGABYTES = 300
URI = "https://json-schema.org/draft/2020-12/schema"
#: What Linux keeps of a program; `ru_maxrss` would count what its parent had when it forked.
USE = """
import time
begin = time.process_time()
from large_settings import large
imported = time.process_time()
large.Part{number}.from_config({{}})
used = time.process_time()
peak = next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(imported - begin, used - imported, peak)
"""
_KINDS: tuple[dict[str, Any], ...] = (
    {"type": "integer", "minimum": 0, "maximum": 100, "default": 3},
    {"type": "number", "default": 0.5},
    {"type": "string", "default": "a", "maxLength": 40},
    {"enum": ["fast", "exact", "both"], "default": "exact"},
    {"type": "boolean", "default": False},
)


def large(definitions: int, settings: int) -> dict[str, Any]:
    """One schema of many definitions with some settings each, each of which leads to the next."""
    schemas: dict[str, Any] = {}
    for number in range(definitions):
        properties = {
            f"setting_{place}": {
                **_KINDS[place % len(_KINDS)],
                "description": f"Setting {place} of part {number}.",
            }
            for place in range(settings)
        }
        if number + 1 < definitions:
            items = {"$ref": f"#/$defs/part_{number + 1}"}
            properties["next"] = {"type": "array", "items": items}
        schemas[f"part_{number}"] = {"type": "object", "properties": properties}
    first = {"first": {"$ref": "#/$defs/part_0"}}
    return {"$schema": URI, "type": "object", "properties": first, "$defs": schemas}


def rows(definitions: int = 5000, settings: int = 5, turns: int = 3) -> list[Row]:
    """Time and memory until one class was used."""
    with tempfile.TemporaryDirectory() as folder:
        generated({"large": large(definitions, settings)}, Path(folder), "large_settings")
        program = USE.format(number=definitions // 2)
        found = [_use(program, Path(folder)) for _ in range(turns)]
    imported, used, peak = (min(map(float, column)) for column in zip(*found, strict=True))
    what = f"{definitions:,} definitions of {settings}"
    note = f"import {imported:.2f} s, use {used:.2f} s"
    return [
        Row(f"{what}, to the use of one class", imported + used, BUDGET_SECONDS, "s", note=note),
        Row(f"{what}, memory", peak / 1000, BUDGET_MEGABYTES, "MB"),
    ]


def _use(program: str, folder: Path) -> list[str]:
    return run([sys.executable, "-c", program], folder).written.split()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--definitions", type=int, default=5000)
    parser.add_argument("--settings", type=int, default=5, help="of each definition")
    options = parser.parse_args()
    for row in rows(options.definitions, options.settings):
        row.show()


if __name__ == "__main__":
    main()
