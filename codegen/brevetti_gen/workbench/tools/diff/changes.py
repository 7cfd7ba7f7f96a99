"""What changed between two versions of schemas, and what that breaks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from ....meaning import Meaning
from ....model.types import Module, ModulePath
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


def changes_between(
    old: Meaning, new: Meaning, partners: Mapping[ModulePath, ModulePath] | None = None
) -> tuple[Change, ...]:
    """What changed from `old` to `new`, in the order of modules and of their settings.

    Args:
        partners: the new modules by old ones of another name; others are those of the same name.
    """
    return tuple(_changes(old, new, partners or {}))


def _changes(
    old: Meaning, new: Meaning, partners: Mapping[ModulePath, ModulePath]
) -> Iterator[Change]:
    from .settings import changes_of_module

    modules = {module.path: module for module in new.model.modules}
    for module in old.model.modules:
        partner = modules.pop(partners.get(module.path, module.path), None)
        if partner is None:
            gone = frozenset(["code"] if module.root_class is None else _OF_CLASSES)
            message = "the schema is gone, and its module with it"
            yield Change(name_of(module), "", message, old=place_of(module.root), breaks=gone)
        else:
            yield from changes_of_module(old, module, new, partner)
    for module in modules.values():
        yield Change(name_of(module), "", "the schema is new", new=place_of(module.root))


_OF_CLASSES = ("stored", "forms", "flags", "code")


def name_of(module: Module) -> str:
    """The dotted name of a module."""
    return ".".join(module.path)


def place_of(node: Node | None) -> Place | None:
    """Where a subschema stands in a file."""
    document = node and node.document
    if node is None or not isinstance(document, Schema):
        return None
    problem = document.problem("", "", node.pointer)
    return Place(problem.path or "", problem.line or 1)
