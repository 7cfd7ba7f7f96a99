"""A change of schemas, and what it breaks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple, TypeAlias

from ....model.types import Module
from ....schema.documents import Schema
from ....schema.nodes import Node

#: Who is broken, by word.
BREAKS: Mapping[str, str] = {
    "stored": "stored configs no longer load",
    "unknown": "whether stored configs still load could not be decided",
    "extra": "stored configs no longer load that hold something under keys nobody declared",
    "forms": "form models no longer load, or a field is gone",
    "flags": "command lines are refused",
    "code": "Python that uses the classes: names, types, what constructors ask for",
    "output": "the same config gives another result, and nobody is told",
}
#: Where people give values: what is refused to stored configs is refused there too.
GIVEN = ("forms", "flags")

#: Whether stored configs still load: all do, all but those with something under undeclared keys,
#: not all, or nobody knows. The first two are proven, the third has an example.
Answer: TypeAlias = Literal["loads", "loads declared", "refused", "unknown"]


class Place(NamedTuple):
    """A line of a schema file, and its path as the user would name it."""

    path: str
    line: int


@dataclass(frozen=True)
class Change:
    """One thing that is not as it was.

    Attributes:
        module: the module of the schema, dotted.
        path: the setting in it, dotted, with `[]` for the items of a list and `.*` for the values
            of a map; "" for the whole.
        message: what changed, in words, without a full stop.
        old, new: where the old and the new version say it, if they do.
        breaks: what it breaks, of the words of `BREAKS`.
        example: JSON that the old version takes and the new one refuses; None without one.
    """

    module: str
    path: str
    message: str
    old: Place | None = None
    new: Place | None = None
    breaks: frozenset[str] = field(default=frozenset[str]())
    example: Any = None


class Comparison(NamedTuple):
    """Two versions side by side.

    Attributes:
        changes: what changed, in the order of modules and of their settings.
        verdicts: whether stored configs still load, by dotted module, of those that both have.
    """

    changes: tuple[Change, ...]
    verdicts: Mapping[str, Answer]


def name_of(module: Module) -> str:
    """The dotted name of a module."""
    return ".".join(module.path)


def place_of(node: Node | None) -> Place | None:
    """Where a subschema stands in a file."""
    document = node and node.document
    if node is None or not isinstance(document, Schema):
        return None
    problem = document.problem("changed", "", node.pointer)
    return Place(problem.path or "", problem.line or 1)
