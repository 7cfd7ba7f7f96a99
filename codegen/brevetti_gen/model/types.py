"""The model: what the *build* step says of the schemas, in the terms of Python.

Types say what a value of a place in a schema is once it is loaded. Classes are compared by
identity; everything else by value.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, TypeAlias

from ..schema.nodes import Node

#: All JSON types; "number" stands for integers too.
JSON_TYPES = ("null", "boolean", "integer", "number", "string", "array", "object")

#: A conjunction of schemas: a value has the shape if it is valid under every node.
Shape: TypeAlias = tuple[Node, ...]


@dataclass(frozen=True)
class ScalarType:
    """`int`, `float`, `str`, `bool` or `None`."""

    name: str


@dataclass(frozen=True)
class LiteralType:
    """One of a few constants: strings, integers, Booleans and null."""

    values: tuple[str | int | bool | None, ...]


@dataclass(frozen=True)
class AnyType:
    """Any JSON value, kept plain."""


@dataclass(frozen=True)
class ListType:
    """A list; `prefix` are the types of its first items, `item` that of all others."""

    item: Type
    prefix: tuple[Type, ...] = ()


@dataclass(frozen=True)
class MapType:
    """An object without declared properties, as `dict[str, value]`."""

    value: Type


@dataclass(frozen=True)
class ClassType:
    """An instance of a settings class."""

    cls: SettingsClass


@dataclass(frozen=True)
class Branch:
    """One alternative of a union, with the shape that its values have."""

    type: Type
    shape: Shape


@dataclass(frozen=True)
class UnionType:
    """Alternatives in the order in which they are tried. Objects take the first that fits."""

    branches: tuple[Branch, ...]
    #: The property whose constant tells the branches apart, and the constants by branch.
    tag: str | None = None
    tags: tuple[tuple[str, ...], ...] = ()


Type: TypeAlias = ScalarType | LiteralType | AnyType | ListType | MapType | ClassType | UnionType


@dataclass(frozen=True)
class Fill:
    """What an absent property gets: a default of the schema, or `{}` for a settings class."""

    value: Any
    is_default: bool


@dataclass(eq=False)
class Property:
    """A property of a settings class and the attribute that holds it."""

    key: str
    #: The subschemas that apply, as they stand, for their annotations.
    nodes: Shape
    #: The same in normal form; () for properties that only some branch declares.
    shape: Shape
    type: Type
    #: False for properties that only some branch of the class declares.
    unconditional: bool = True
    required: bool = False
    nullable: bool = False
    fill: Fill | None = None
    attribute: str = ""
    deprecated: bool = False
    secret: bool = False
    #: Names that configs may still have for it.
    old_keys: tuple[str, ...] = ()


@dataclass(eq=False)
class SettingsClass:
    """A generated class for the objects of `shape`."""

    shape: Shape
    module: Module
    name: str = ""
    is_root: bool = False
    properties: list[Property] = field(default_factory=list[Property])
    #: The part of the names of its functions that is its own.
    function_name: str = ""
    #: Whether keys that are no properties are refused, and whether all of them are declared.
    closed: bool = False
    declares_extra: bool = False
    #: The patterns of keys that are declared.
    key_patterns: tuple[str, ...] = ()
    #: Whether what is filled can matter to validity, so that objects remember what was given.
    tracks: bool = False
    #: Whether filling can move a union's value to another branch.
    ambiguous: bool = False
    #: Whether its configs, or what they hold, can have old names.
    renames: bool = False

    @property
    def node(self) -> Node:
        """The node that names and documents this class."""
        return self.shape[0]


@dataclass(eq=False)
class Module:
    """One schema's module: the classes in the order in which they are written."""

    path: tuple[str, ...]
    root: Node
    classes: list[SettingsClass] = field(default_factory=list[SettingsClass])
    root_class: SettingsClass | None = None
    #: The type of a root that is no class.
    root_type: Type | None = None
    root_name: str = ""
