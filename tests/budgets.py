"""What the project may weigh: the budgets of size, each with how it is measured.

`tests/test_budgets.py` holds them, `python -m tests.benchmarks` shows them.
"""

from __future__ import annotations

import difflib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from brevetti_gen import GenerationError, generate
from conformance.generated import shared, write_json
from import_graph import circles, import_graph

TOP = Path(__file__).resolve().parents[1]
GENERATOR = TOP / "codegen" / "brevetti_gen"
RUNTIME = TOP / "runtime" / "brevettiai"
GOLDEN = TOP / "tests" / "golden" / "settings"
SCHEMASTORE = ("conformance", "schemastore", "schemas")
SCHEMASTORE_URI = "https://json.schemastore.org/"
#: Rooms of the generator that are products of their own on its core.
PRODUCTS = ("patterns", "forms", "styles", "preview", "workbench")
#: Rooms of the runtime that are one more, which no job loads that is not swept.
OF_SWEEPS = ("search", "sweep")
#: Past about that many lines a module tells a second story.
MODULE_LINES = 400


@dataclass(frozen=True)
class Budget:
    """At most how much of what.

    `measure` gives the size, or the names of what is counted; None where data for it is missing.
    """

    what: str
    at_most: float
    measure: Callable[[], float | list[str] | None]


def lines(paths: Iterable[Path]) -> int:
    """The lines of some files together."""
    return sum(path.read_text(encoding="utf-8").count("\n") for path in paths)


def modules(*folders: Path) -> list[Path]:
    """All modules in some folders."""
    return [path for folder in folders for path in sorted(folder.rglob("*.py"))]


def core_of_the_generator() -> list[Path]:
    """The modules of the generator but for its products."""
    return [
        path for path in modules(GENERATOR) if path.relative_to(GENERATOR).parts[0] not in PRODUCTS
    ]


def _rooms_of_sweeps() -> list[Path]:
    return [RUNTIME / room for room in OF_SWEEPS]


def runtime_but_for_sweeps() -> list[Path]:
    """The modules of the runtime but for those that run jobs many times."""
    return [
        path for path in modules(RUNTIME) if path.relative_to(RUNTIME).parts[0] not in OF_SWEEPS
    ]


def _long_modules() -> list[str]:
    return [
        path.relative_to(TOP).as_posix()
        for path in modules(GENERATOR, RUNTIME)
        if lines([path]) > MODULE_LINES
    ]


def _in_circles() -> list[str]:
    graphs = (import_graph(package.parent) for package in (GENERATOR, RUNTIME))
    return [" <-> ".join(sorted(circle)) for graph in graphs for circle in circles(graph)]


def _top(package: Path) -> list[str]:
    return [path.name for path in package.glob("*.py") if path.name != "__init__.py"]


def _bytes(paths: Iterable[Path]) -> int:
    return sum(path.stat().st_size for path in paths)


def _bytes_of_segmentation() -> int:
    names = [
        path for path in modules(GOLDEN) if "segmentation" in path.relative_to(GOLDEN).as_posix()
    ]
    return _bytes(names)


def loaded_by_a_start() -> list[str]:
    """The modules that a process loads until it has settings from two flags."""
    code = (
        "import sys; before = set(sys.modules); from settings import Classifier\n"
        "Classifier.from_args(['--training.epochs', '3', '--image.width', '64'])\n"
        "print(*sorted(set(sys.modules) - before))"
    )
    paths = os.pathsep.join(map(str, (RUNTIME.parent, GOLDEN.parent)))
    run = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": paths, "PYTHONDONTWRITEBYTECODE": "1"},
        # A checkout may have a package of this name at its top, which Python would find first.
        cwd=GOLDEN.parent,
        capture_output=True,
        text=True,
        check=True,
    )
    return run.stdout.split()


def _generated_by_a_start() -> list[str]:
    return [name for name in loaded_by_a_start() if name.partition(".")[0] == "settings"]


def _lines_of_web_types(schemas: Path | None) -> int | None:
    if schemas is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        generate([schemas / "web-types.json"], Path(folder) / "settings")
        return lines(modules(Path(folder) / "settings"))


@cache
def growth(schemas: Path | None) -> tuple[float | None, float | None]:
    """Bytes and lines of the packages of some schemas, over those of the schemas.

    Schemas that are refused do not count.
    """
    if schemas is None:
        return None, None
    sources: list[Path] = []
    generated: list[Path] = []
    with tempfile.TemporaryDirectory() as folder:
        for number, schema in enumerate(sorted(schemas.glob("*.json"))):
            package = Path(folder, f"settings_{number}")
            try:
                generate([schema], package, maps={SCHEMASTORE_URI: schemas})
            except GenerationError:
                continue
            sources.append(schema)
            generated += modules(package)
        sizes = [(_bytes(paths), lines(paths)) for paths in (generated, sources)]
    return sizes[0][0] / sizes[1][0], sizes[0][1] / sizes[1][1]


def changed_lines(old: str, new: str) -> int:
    """The lines that go and come when a text in segmentation's schema is `new`.

    Those that say what a file is do not count.
    """
    texts: list[list[str]] = []
    with tempfile.TemporaryDirectory() as folder:
        schemas = shutil.copytree(TOP / "schemas", Path(folder, "schemas"))
        schema = schemas / "segmentation.schema.json"
        text = schema.read_text(encoding="utf-8")
        assert text.count(old) == 1
        for now in (text, text.replace(old, new)):
            schema.write_text(now, encoding="utf-8")
            generate([schemas], Path(folder, "settings"))
            files = modules(Path(folder, "settings"))
            found = [line for file in files for line in file.read_text("utf-8").splitlines()]
            texts.append([line for line in found if not _IDENTIFIES.search(line)])
    return sum(line[0] in "+-" for line in difflib.ndiff(*texts))


def _others_touched_by_a_word() -> list[str]:
    """The files that change with a word of a schema that 30 others refer to, but for its own."""
    with tempfile.TemporaryDirectory() as folder:
        schemas = Path(folder, "schemas")
        for number in range(30):
            size = {"$ref": "common.json#/$defs/Size", "description": "Of the part."}
            write_json(schemas / f"part_{number}.json", {"properties": {"size": size}})
        for word in ("old", "new"):
            text = {"title": f"A {word} size", "description": f"Some {word} text."}
            width = {"type": "integer", "default": 3, **text}
            size = {"type": "object", "properties": {"width": width}, **text}
            write_json(schemas / "common.json", {"$defs": {"Size": size}, **size})
            written = generate([schemas], Path(folder, "settings")).written
    assert any("common" in name for name in written)
    return [name for name in written if "common" not in name]


#: The seal of a file, or the digest that ties it to others.
_IDENTIFIES = re.compile(r"^# .* sha256:|^__(?:half|digest)__ = ")
LIMIT = ('"maximum": 180', '"maximum": 170')
TITLE = ('"Random seed"', '"Seed"')
DESCRIPTION = ("Makes a training repeatable;", "Makes a training one that can be repeated;")


def sizes(schemastore: Path | None) -> list[Budget]:
    """The budgets of size; `schemastore` is a folder of its schemas."""
    return [
        # The aims are 7,500 and 11,000 lines and what features add, as each says when it comes.
        Budget("generator core, lines", 9_450, lambda: lines(core_of_the_generator())),
        Budget("runtime but for sweeps, lines", 31_700, lambda: lines(runtime_but_for_sweeps())),
        Budget("sweeps, lines", 10_400, lambda: lines(modules(*_rooms_of_sweeps()))),
        Budget("import circles", 0, _in_circles),
        Budget("files at the top of brevetti_gen", 8, lambda: _top(GENERATOR)),
        Budget("files at the top of brevettiai", 8, lambda: _top(RUNTIME)),
        Budget(f"modules of more than {MODULE_LINES} lines", 0, _long_modules),
        Budget("segmentation's package, bytes", 60_000, _bytes_of_segmentation),
        Budget("segmentation, lines for people", 330, lambda: lines([GOLDEN / "segmentation.py"])),
        Budget("web-types, lines", 12_000, lambda: _lines_of_web_types(schemastore)),
        Budget("SchemaStore, bytes for one of schema", 5, lambda: growth(schemastore)[0]),
        Budget("SchemaStore, lines for one of schema", 5.5, lambda: growth(schemastore)[1]),
        Budget("a changed limit, lines of the difference", 10, lambda: changed_lines(*LIMIT)),
        Budget("a changed title, lines of the difference", 10, lambda: changed_lines(*TITLE)),
        Budget("a changed description, lines of it", 10, lambda: changed_lines(*DESCRIPTION)),
        Budget("a word that 30 refer to, files of others", 0, _others_touched_by_a_word),
        Budget("modules that a start loads", 21, loaded_by_a_start),
        Budget("generated modules that a start loads", 5, _generated_by_a_start),
    ]


SIZES = sizes(shared(*SCHEMASTORE))
