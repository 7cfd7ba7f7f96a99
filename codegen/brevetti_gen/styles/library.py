"""`datamodel-code-generator`: the call, and what comes back read as syntax trees.

Only this module imports the library, and only when it is called. The library gets numbers instead
of names and texts (see `schema`), writes one line for each property by our own templates, and what
it wrote is taken apart again: anything but the few names that type hints are made of ends the run.
"""

from __future__ import annotations

import ast
import json
import re
import warnings
from collections.abc import Mapping, Sequence
from copy import deepcopy
from pathlib import Path
from typing import Any

from ..problems import GenerationError, refused
from .schema import LibraryInput, Slot
from .style import Style

#: The names that hints may have, besides the numbers of classes.
HINT_NAMES = frozenset(
    "Annotated Any Literal Field Meta list tuple dict str int float bool compile None".split()
)


def hints_of(given: LibraryInput, style: Style, templates: Path) -> dict[Slot, ast.expr]:
    """What the library makes of all classes: the hints of properties, names in them expanded.

    Raises:
        GenerationError: the library is of a version that writes something unexpected.
        ModuleNotFoundError: it is not installed.
    """
    written = _generated(given.definitions, style, templates)
    return _Reader(written, given).hints()


def _generated(definitions: Mapping[str, Any], style: Style, templates: Path) -> str:
    if not definitions:
        return ""
    from datamodel_code_generator import Error, InputFileType, LiteralType, generate
    from datamodel_code_generator.enums import DataModelType

    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "$defs": definitions,
    }
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # limits that it leaves out are found in the result
            result = generate(
                json.dumps(schema),
                input_file_type=InputFileType.JsonSchema,
                output_model_type=DataModelType(style.library_type),
                custom_template_dir=templates,
                custom_class_name_generator=_class_name,
                enum_field_as_literal=LiteralType.All,
                field_constraints=True,
                use_annotated=True,
                use_type_alias=True,
                use_union_operator=True,
                use_standard_collections=True,
                strict_nullable=True,
                allow_remote_refs=False,
                disable_timestamp=True,
                formatters=[],
            )
    except Error as error:
        raise unexpected(f"it failed: {error}") from error
    if not isinstance(result, str):
        raise unexpected("it gave more than one module")
    return result


def _class_name(name: str) -> str:
    """Names of classes stay; what the library names itself cannot be mistaken for ours."""
    return name if name[:1] in "CRT" and name[1:].isdigit() else f"Own{name}"


def unexpected(what: str) -> GenerationError:
    message = f"datamodel-code-generator wrote what is not understood: {what}"
    hint = "install the version that the extra `gen` asks for, or report the schema"
    return refused("internal", message, hint=hint)


class _Reader:
    """Takes apart what the library wrote."""

    def __init__(self, written: str, given: LibraryInput) -> None:
        self.given = given
        self.tree = _Balancer().visit(ast.parse(written))
        self.names: dict[str, ast.expr] = {}
        self.known = HINT_NAMES | given.definitions.keys()

    def hints(self) -> dict[Slot, ast.expr]:
        for node in self.tree.body:
            name, value = _named(node)
            if name and value is not None:
                self.names[name] = value
        found = {
            (node.name, item.target.id): self._expanded(item.annotation)
            for node in self.tree.body
            if isinstance(node, ast.ClassDef)
            for item in node.body
            if isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name)
        }
        for number, definition in self.given.definitions.items():
            for key in definition["properties"]:
                if (number, key) not in found:
                    raise unexpected(f"no hint for {number}.{key}")
        return found

    def _expanded(self, node: ast.expr) -> ast.expr:
        """A hint with the names that the library gave to parts of it replaced by these parts."""
        if isinstance(node, ast.Subscript) and ast.unparse(node.value) == "ClassVar":
            node = node.slice  # how it marks what tells msgspec's structs apart
        expanded: ast.expr = _Expander(self.names).visit(node)
        for inner in ast.walk(expanded):
            if isinstance(inner, ast.Name) and inner.id not in self.known:
                raise unexpected(f"{inner.id} in a hint")
            if not isinstance(inner, _HINT_NODES):
                raise unexpected(f"{type(inner).__name__} in a hint")
        return expanded


_HINT_NODES = (
    ast.Name,
    ast.Subscript,
    ast.Tuple,
    ast.Constant,
    ast.BinOp,
    ast.BitOr,
    ast.Call,
    ast.keyword,
    ast.UnaryOp,
    ast.USub,
    ast.Load,
)


def _named(node: ast.stmt) -> tuple[str, ast.expr | None]:
    """Name and value of `X: TypeAlias = …`, or of `X = TypeAliasType("X", …)`."""
    if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        return node.target.id, node.value
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
        value = node.value
        if isinstance(value, ast.Call) and ast.unparse(value.func) == "TypeAliasType":
            return node.targets[0].id, value.args[1]
    return "", None


#: The numbers of texts and of properties' names.
_NUMBER = re.compile("[tp][0-9]+")


def _union(members: Sequence[ast.expr]) -> ast.expr:
    """Alternatives, no deeper than need be: there can be thousands."""
    if len(members) == 1:
        return members[0]
    half = len(members) // 2
    return ast.BinOp(_union(members[:half]), ast.BitOr(), _union(members[half:]))


class _Balancer(ast.NodeTransformer):
    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        members: list[ast.expr] = []
        left: ast.expr = node
        while isinstance(left, ast.BinOp) and isinstance(left.op, ast.BitOr):
            members.append(self.visit(left.right))
            left = left.left
        return _union([left if left is node else self.visit(left), *reversed(members)])


class _Expander(ast.NodeTransformer):
    def __init__(self, names: Mapping[str, ast.expr], depth: int = 0) -> None:
        self.names = names
        self.depth = depth

    def visit_Name(self, node: ast.Name) -> ast.expr:
        if node.id not in self.names or self.depth > 50:
            return node
        deeper = _Expander(self.names, self.depth + 1)
        expanded: ast.expr = deeper.visit(deepcopy(self.names[node.id]))
        return expanded

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        """`Union["C1", bool]`, which stands in circles, is `C1 | bool`; tuples have one length."""
        self.generic_visit(node)
        name = ast.unparse(node.value)
        members = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        if name == "Annotated" and ast.unparse(members[0]).startswith("tuple["):
            return members[0]
        if name not in ("Union", "Optional"):
            return node
        members += [ast.Constant(None)] * (name == "Optional")
        return _union(members)

    def visit_Constant(self, node: ast.Constant) -> ast.expr:
        """Hints in quotes, as the library writes what stands further down, lose them."""
        if not isinstance(node.value, str) or _NUMBER.fullmatch(node.value):
            return node
        unquoted: ast.expr = self.visit(_Balancer().visit(ast.parse(node.value, mode="eval").body))
        return unquoted
