"""Texts that a schema wants as objects of Python's own classes, by `x-python-type`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import NamedTuple

from brevettiai.formats.python_types import MODULES

from ..compile.literals import literal
from ..graphs import walked
from ..model.types import ClassType, ScalarType, Type, UnionType, types_in
from ..schema.keywords import SHAPING, holding
from ..schema.nodes import Node
from ..schema.resolve import Index
from .code import Code, Constant, Word, call, subscript
from .limits import Limit, Occurrence
from .names import ModuleNames

#: What holds schemas of values, of their parts and of alternatives.
_AROUND = sorted(SHAPING | holding("list"))
#: What limits a hint, in a library that has such a thing.
LIMITING = {"pydantic": "Field", "msgspec": "Meta"}
_HINTS = "brevettiai.integrations.python_types"


class TypedText(NamedTuple):
    """What texts are loaded as, and which: the words and values of limits, or constants."""

    name: str
    limits: tuple[tuple[str, int | str], ...] = ()
    constants: tuple[str, ...] = ()


def typed_text(
    name: str, limits: Iterable[Limit], applied: Iterable[Node]
) -> tuple[TypedText, set[Occurrence]]:
    """Texts of the type `name` to which nodes apply, and where something is said that this says."""
    constants = {
        (node, keyword): node.get(keyword) if keyword == "enum" else [node.get(keyword)]
        for node in applied
        for keyword in ("const", "enum")
        if node.has(keyword)
    }
    if constants:
        first, *others = constants.values()
        texts = [text for text in first if isinstance(text, str)]
        texts = [text for text in texts if all(text in other for other in others)]
        return TypedText(name, (), tuple(texts)), {*constants}
    limits = list(limits)
    said_by = {place for limit in limits for place in limit.said_by}
    return TypedText(name, tuple((limit.word, limit.value) for limit in limits)), said_by


def typed_nodes(starts: Iterable[Node], index: Index) -> Iterator[Node]:
    """All nodes that say what texts are loaded as, somewhere in values that `starts` apply to."""

    def onward(node: Node) -> Iterator[Node]:
        yield from index.referred(node)
        for keyword in _AROUND:
            yield from index.parts(node, keyword)

    return (node for node in walked(starts, onward) if node.has("x-python-type"))


def heard_by(kind: Type, shapes: Iterable[Iterable[Node]], index: Index) -> set[Node]:
    """The nodes in `shapes` that say what a hint of `kind` loads texts as."""
    names = {part.python for part in walked([kind], types_in)}
    found = typed_nodes([node for shape in shapes for node in shape], index)
    return {node for node in found if node.get("x-python-type") in names}


def plain_beside_classes(kind: Type) -> Type:
    """A union without types of Python, where there are classes in it.

    msgspec needs one type of ours for all alternatives, and would not find classes in it.
    """
    parts: Iterable[Type] = walked([kind], types_in)
    if not isinstance(kind, UnionType) or not any(isinstance(each, ClassType) for each in parts):
        return kind
    branches = (b._replace(type=ScalarType("str")) if b.type.python else b for b in kind.branches)
    return replace(kind, branches=tuple(branches))


def bare_hint(typed: TypedText, names: ModuleNames, library: str) -> Code:
    """The class of texts, with what they must be: `Annotated[date, Field(min_length=3)]`."""
    kind = Word(names.imported(MODULES[typed.name], typed.name))
    if typed.constants:
        one_of = names.imported(_HINTS, "OneOf")
        note = call(one_of, *(("", Word(literal(text))) for text in typed.constants))
    elif typed.limits:
        limits = ((word, Word(literal(value))) for word, value in typed.limits)
        note = call(names.imported(library, LIMITING[library]), *limits)
    else:
        return kind
    return subscript(names.imported("typing", "Annotated"), kind, note)


def as_text(hint: Code, names: ModuleNames, library: str) -> Code:
    """The hint of what configs hold as text: `AsText[date]`."""
    module = "brevettiai.integrations.msgspec" if library == "msgspec" else _HINTS
    return subscript(names.imported(module, "AsText"), hint)


def from_text(name: str, text: str, names: ModuleNames) -> Code:
    """The object that a text stands for, as an expression."""
    kind = Word(names.imported(MODULES[name], name))
    arguments = (("", kind), ("", Word(literal(text))))
    return Constant(f"{names.imported(_HINTS, 'from_text')}(", arguments, ")")
