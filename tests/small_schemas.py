"""What small schemas are compiled to, as the examples in docstrings of the generator show it."""

from __future__ import annotations

import json
import re
import tempfile
from pathlib import Path
from typing import Any

from brevetti_gen import generate
from brevetti_gen.compile.program import ModuleCode, Program
from brevetti_gen.compile.scopes import DynamicScopes
from brevetti_gen.model.shapes import Shapes
from brevetti_gen.model.types import Model, Module
from brevetti_gen.schema.nodes import Node, Unfiled
from brevetti_gen.schema.resolve import Index
from generated_code import machine_text

DRAFT_4 = "http://json-schema.org/draft-04/schema#"


def code_of(schema: Any) -> tuple[ModuleCode, Node]:
    """The module `root` of a schema, and the root node."""
    index = Index()
    root = index.add(Unfiled(schema), "schema:/root.json")
    module = Module(("root",), root, root_name="Root")
    model = Model(Shapes(index), (module,))
    return Program(DynamicScopes(index), model).modules[module.path][0], root


def function(schema: Any, name: str) -> None:
    """Print the function called `name` of the module that a schema is generated to."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "root.json")
        source.write_text(json.dumps(schema), encoding="utf-8")
        generate([source], Path(folder, "settings"))
        text = machine_text(Path(folder, "settings"), "root")
    (block,) = re.findall(rf"^def {name}\(.*\n(?: .*\n)+", text, re.MULTILINE)
    print(block, end="")


def rows(schema: Any) -> None:
    """Print the rows that explain why values do not fit `schema`."""
    code, root = code_of(schema)
    code.row(code.scopes.at(root))
    code.program.finish()
    print(*code.program.explanations.table(code), sep="\n")
