"""Generate classes from schemas, from one to a thousand, beside datamodel-code-generator.

The many are made up (`bench_generator.made_up`): 25 settings each, some by a `$ref` to a file that
they share. The peer has the formatter that its help advises where speed counts. Times are those of
all processors; bytecode is there.
"""

from __future__ import annotations

import importlib.util
import json
import shutil
import sys
import tempfile
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import trees
from bench_generator import made_up, write_many
from measuring import MISSING, Case, Spent, Work, counted, in_turns, ran, run, too_slow

PEER = "datamodel-code-generator"
_IS_THERE = importlib.util.find_spec("datamodel_code_generator") is not None
_ENTRY = "from datamodel_code_generator.__main__ import main; import sys; sys.exit(main())"


def _ours(source: Path, output: Path) -> Spent:
    words = ["-m", "brevetti_gen", str(source), "-o", str(output)]
    return run([sys.executable, *words], writes_bytecode=True)


def _peers(source: Path, output: Path) -> Spent:
    words = ["--input", str(source), "--output", str(output), "--input-file-type", "jsonschema"]
    words += ["--output-model-type", "pydantic_v2.BaseModel", "--disable-timestamp"]
    words += ["--formatters", "builtin"]
    return run([sys.executable, "-c", _ENTRY, *words], writes_bytecode=True)


def _fresh(once: Callable[[Path, Path], Spent], source: Path, output: Path) -> Spent:
    shutil.rmtree(output, ignore_errors=True)
    return once(source, output)


def _sizes(quick: bool) -> Sequence[int]:
    return (1,) if quick else (1, 10, 100, 1000)


def generate(quick: bool) -> list[Case]:
    """All of some schemas, into an empty folder."""
    found: list[Case] = []
    for size in _sizes(quick):
        with tempfile.TemporaryDirectory() as name:
            top = Path(name)
            source = write_many(top, size)
            works: dict[str, Work | str] = {
                "brevetti": ran(partial(_fresh, _ours, source, top / "settings")),
                PEER: too_slow(found, PEER, 2.5)
                or ran(partial(_fresh, _peers, source, top / "models")),
            }
            works[PEER] = works[PEER] if _IS_THERE else MISSING
            least = 1 if quick else 2 if size > 100 else 3
            taken = in_turns(works, 0, 0, least, warm=False)
            found.append(Case(counted(size, "schema"), taken, size))
    return found


def again(quick: bool) -> list[Case]:
    """The same schemas once more, of which nothing has changed."""
    return _again(quick, lambda source: None)


def changed(quick: bool) -> list[Case]:
    """Once more, with another limit in one of them."""
    return _again(quick, _change)


def _change(source: Path) -> None:
    path = source / "part_0.json"
    schema = json.loads(path.read_text(encoding="utf-8"))
    schema["properties"]["rounds_0"]["maximum"] += 1
    path.write_text(json.dumps(schema, indent=1), encoding="utf-8")


def _after(
    change: Callable[[Path], None], once: Callable[[Path, Path], Spent], source: Path, output: Path
) -> Spent:
    change(source)
    return once(source, output)


def _again(quick: bool, change: Callable[[Path], None]) -> list[Case]:
    found: list[Case] = []
    for size in _sizes(quick):
        with tempfile.TemporaryDirectory() as name:
            top = Path(name)
            source = write_many(top, size)

            works: dict[str, Work | str] = {
                "brevetti": ran(partial(_after, change, _ours, source, top / "settings")),
                PEER: too_slow(found, PEER, 2.5)
                or ran(partial(_after, change, _peers, source, top / "models")),
            }
            works[PEER] = works[PEER] if _IS_THERE else MISSING
            taken = in_turns(works, 0, 0, 1 if quick else 3)
            found.append(Case(counted(size, "schema"), taken, size))
    return found


def size_of_generated(quick: bool) -> list[Case]:
    """Bytes of what is generated, for each schema by itself: all of it, and what people read."""
    schemas = {
        "22 fields": json.dumps(trees.SCHEMA),
        "unions, maps": json.dumps(trees.MIXED_SCHEMA),
        "25 settings": json.dumps(made_up(1)),
    }
    found: list[Case] = []
    for told, text in list(schemas.items())[: 1 if quick else None]:
        with tempfile.TemporaryDirectory() as name:
            source = Path(name, "training.json")
            source.write_text(text, encoding="utf-8")
            _ours(source, Path(name, "settings"))
            package = [*Path(name, "settings").rglob("*.py")]
            people = float(Path(name, "settings", "training.py").stat().st_size)
            whole = float(sum(path.stat().st_size for path in package))
            taken: dict[str, list[float] | str] = {
                "brevetti": [people],
                "brevetti, with the machine's half": [whole],
                PEER: MISSING,
            }
            if _IS_THERE:
                _peers(source, Path(name, "models.py"))
                taken[PEER] = [float(Path(name, "models.py").stat().st_size)]
            found.append(Case(told, taken))
    return found
