"""What small schemas are compiled to, as the examples in docstrings of the generator show it."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

from brevetti_gen import generate
from brevetti_gen.compile.scope import Sites
from brevetti_gen.compile.unit import ModuleUnit, Program
from brevetti_gen.model.shapes import Shapes
from brevetti_gen.model.types import Model, Module
from brevetti_gen.schema.nodes import Node
from brevetti_gen.schema.resolve import Index

DRAFT_4 = "http://json-schema.org/draft-04/schema#"


class Document:
    """A schema that stands in no file."""

    place = None

    def __init__(self, schema: Any) -> None:
        self.value = schema


def unit_of(schema: Any) -> tuple[ModuleUnit, Node]:
    """The module `root` of a schema, and the root node."""
    index = Index()
    root = index.add(Document(schema), "schema:/root.json")
    module = Module(("root",), root, root_name="Root")
    model = Model(Shapes(index), (module,))
    return Program(Sites(index), model).units[module.path], root


def function(schema: Any, name: str) -> None:
    """Print the function called `name` of the module that a schema is generated to."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "root.json")
        source.write_text(json.dumps(schema), encoding="utf-8")
        generate([source], Path(folder, "settings"))
        text = Path(folder, "settings", "root.py").read_text(encoding="utf-8")
    (block,) = (part for part in text.split("\n\n") if part.startswith(f"def {name}("))
    print(block)


def rows(schema: Any) -> None:
    """Print the rows that explain why values do not fit `schema`."""
    unit, root = unit_of(schema)
    unit.row(unit.sites.enter(root))
    unit.program.finish()
    print(*unit.program.explanations.table(unit), sep="\n")
