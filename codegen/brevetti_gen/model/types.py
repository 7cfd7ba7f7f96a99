"""The model: what the *build* step says of the schemas, in the terms of Python.

Types say what a value of a place in a schema is once it is loaded; they are compared by value. A
type names a class by a key, so that all of this can be frozen; a `Model` gives the class of a key.
Each step makes a new model of the one before it: *build* (classes, properties, types), *names*,
*old names*, *fills*. Two schemas of equal text in different places make two classes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, NamedTuple, NewType, TypeAlias

from ..graphs import inverted
from ..read.find import ModulePath as ModulePath
from ..schema.nodes import Node

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .shapes import Shapes

#: All JSON types in the order in which they are told; "number" stands for integers too.
KINDS = ("object", "array", "string", "integer", "number", "boolean", "null")
#: What Python calls those that are neither objects nor arrays.
SCALARS = {"string": "str", "integer": "int", "number": "float", "boolean": "bool", "null": "None"}
SCALAR_KINDS = {name: kind for kind, name in SCALARS.items()}

#: A conjunction of schemas: a value has the shape if it is valid under every node.
Shape: TypeAlias = tuple[Node, ...]
#: What a class is called until it has a name, and after: a number in the order of building.
ClassKey = NewType("ClassKey", int)
#: The constants by which the branches of a union are told apart, by branch.
Tags: TypeAlias = tuple[tuple[str, ...], ...]


class _Type:
    #: What texts are loaded as; "" for nothing else, and for what are no texts.
    python = ""

    @cached_property
    def size(self: Any) -> int:
        """Of how many types it is made, itself included, each as often as it is written out."""
        return 1 + sum(part.size for part in types_in(self))


@dataclass(frozen=True)
class ScalarType(_Type):
    """`int`, `float`, `str`, `bool` or `None`; a `str` may be loaded as a `python` type."""

    name: str
    python: str = ""


@dataclass(frozen=True)
class LiteralType(_Type):
    """One of a few constants: strings, integers, Booleans and null."""

    values: tuple[str | int | bool | None, ...]


@dataclass(frozen=True)
class AnyType(_Type):
    """Any JSON value, kept plain."""


@dataclass(frozen=True)
class ListType(_Type):
    """A list; `prefix` are the types of its first items, `item` that of all others."""

    item: Type
    prefix: tuple[Type, ...] = ()
    #: Whether there are no others, and whether, in addition, none of the first can be missing.
    ends: bool = False
    is_tuple: bool = False

    @property
    def items(self) -> tuple[Type, ...]:
        """What items can be."""
        return self.prefix if self.ends else (*self.prefix, self.item)


@dataclass(frozen=True)
class MapType(_Type):
    """An object without declared properties, as `dict[str, value]`.

    With `patterns`, those of the keys whose values are so, and others can be anything.
    """

    value: Type
    patterns: tuple[str, ...] = ()


@dataclass(frozen=True)
class ClassType(_Type):
    """An instance of a settings class."""

    key: ClassKey


class Branch(NamedTuple):
    """One alternative of a union, with the shape that its values have."""

    type: Type
    shape: Shape


@dataclass(frozen=True)
class UnionType(_Type):
    """Alternatives in the order in which they are tried. Objects take the first that fits."""

    branches: tuple[Branch, ...]
    #: The property whose constant tells the branches apart.
    tag: str | None = None
    tags: Tags = ()


#: The types whose values can be objects, alternatives apart.
OBJECTS = (ClassType, MapType, AnyType)
Type: TypeAlias = ScalarType | LiteralType | AnyType | ListType | MapType | ClassType | UnionType


class Fill(NamedTuple):
    """What an absent property gets: a default of the schema, or `{}` for a settings class."""

    value: Any
    is_default: bool


class Property(NamedTuple):
    """A property of a settings class and the attribute that holds it."""

    key: str
    #: The subschemas that apply, as they stand.
    nodes: Shape
    #: The same in normal form; () for properties that only some branch declares.
    shape: Shape
    type: Type
    #: False for properties that only some branch of the class declares.
    unconditional: bool = True
    #: For these the types by branch: what an object has to be valid under, in their order.
    by_branch: tuple[Branch, ...] = ()
    required: bool = False
    nullable: bool = False
    #: The subschemas whose annotations count, nearest first.
    notes: Shape = ()
    fill: Fill | None = None
    #: What nothing fills in, as it must be given, and forms propose.
    proposal: Fill | None = None
    attribute: str = ""
    #: What is noted where it is given, if that is deprecated.
    deprecated: str = ""
    secret: bool = False
    #: Names that configs may still have for it.
    old_keys: tuple[str, ...] = ()


class Entries(NamedTuple):
    """What keys hold that are no properties, where that can be objects of classes.

    Attributes:
        patterns: those of the keys; () for all keys that match no pattern of their schema.
        shape: what applies to the values.
    """

    patterns: tuple[str, ...]
    shape: Shape
    type: Type


@dataclass(frozen=True, eq=False)
class SettingsClass:
    """A generated class for the objects of `shape`. Within one model there is one of each key."""

    key: ClassKey
    shape: Shape
    #: The path of the module that it stands in.
    module: ModulePath
    name: str = ""
    is_root: bool = False
    properties: tuple[Property, ...] = ()
    #: Whether keys that are no properties are refused, and whether all of them are declared.
    closed: bool = False
    declares_extra: bool = False
    #: The patterns of keys that are declared.
    key_patterns: tuple[str, ...] = ()
    #: By pattern, then by none; () where all entries are plain.
    entries: tuple[Entries, ...] = ()
    #: Whether what is filled can matter to validity, and whether objects remember what was given,
    #: as something in them can be filled.
    tracks: bool = False
    remembers: bool = False
    #: Whether filling can move a union's value to another branch.
    ambiguous: bool = False
    #: Whether its configs, or what they hold, can have old names.
    renames: bool = False
    #: What else of old configs is read, as rows that `brevettiai.config.growing` knows.
    growth: tuple[tuple[Any, ...], ...] = ()

    @property
    def holding(self) -> Iterator[tuple[Shape, Type]]:
        """The shapes and types of all that objects of the class hold."""
        yield from ((prop.shape, prop.type) for prop in self.properties)
        yield from ((entries.shape, entries.type) for entries in self.entries)

    def with_properties(self, change: Callable[[Property], Property]) -> SettingsClass:
        """The class with every property as `change` gives it."""
        return replace(self, properties=tuple(map(change, self.properties)))

    @property
    def node(self) -> Node:
        """The node that names and documents this class."""
        return self.shape[0]


@dataclass(frozen=True, eq=False)
class Module:
    """One schema's module: the classes in the order in which they are written."""

    path: ModulePath
    root: Node
    classes: tuple[SettingsClass, ...] = ()
    #: The type of a root that is no class.
    root_type: Type | None = None
    root_name: str = ""

    @cached_property
    def root_class(self) -> SettingsClass | None:
        return next((cls for cls in self.classes if cls.is_root), None)


@dataclass(frozen=True, eq=False)
class Model:
    """All modules, and what is known of the schemas that they come from."""

    shapes: Shapes
    modules: tuple[Module, ...]

    @cached_property
    def classes(self) -> dict[ClassKey, SettingsClass]:
        """All classes by key, in the order in which they are written."""
        return {cls.key: cls for module in self.modules for cls in module.classes}

    def of(self, kind: ClassType) -> SettingsClass:
        """The class of a type."""
        return self.classes[kind.key]

    def settings_class(self, kind: Type) -> SettingsClass | None:
        """The class that all objects of a type are of, if there is exactly one."""
        if isinstance(kind, UnionType):
            objects = [each for each in types_in(kind) if isinstance(each, OBJECTS)]
            kind = objects[0] if len(objects) == 1 else AnyType()
        return self.of(kind) if isinstance(kind, ClassType) else None

    def classes_in(self, kind: Type) -> Iterator[SettingsClass]:
        """The classes of which values of a type can hold objects, itself and in lists and maps."""
        if isinstance(kind, ClassType):
            yield self.of(kind)
        for inner in types_in(kind):
            yield from self.classes_in(inner)

    @cached_property
    def contained(self) -> dict[ClassKey, set[ClassKey]]:
        """The classes of which the properties of each class can hold objects."""
        return {
            key: {inner.key for _, kind in cls.holding for inner in self.classes_in(kind)}
            for key, cls in self.classes.items()
        }

    @cached_property
    def containing(self) -> dict[ClassKey, set[ClassKey]]:
        """The same the other way round."""
        return inverted(self.contained)

    def changed(self, change: Callable[[SettingsClass], SettingsClass]) -> Model:
        """A model with every class as `change` gives it."""
        modules = (replace(m, classes=tuple(map(change, m.classes))) for m in self.modules)
        return Model(self.shapes, tuple(modules))


def holds_objects(kind: Type) -> bool:
    """Whether values of a type can hold objects of a class, ours or of Python's library."""
    is_object = isinstance(kind, ClassType) or kind.python != ""
    return is_object or any(map(holds_objects, types_in(kind)))


def types_in(kind: Type) -> Iterable[Type]:
    """The types of items, values and alternatives of a type."""
    if isinstance(kind, ListType):
        return kind.items
    if isinstance(kind, MapType):
        return (kind.value,)
    return [branch.type for branch in kind.branches] if isinstance(kind, UnionType) else ()
