"""What loading, saving and constructing ask of classes and the types of their attributes."""

from __future__ import annotations

from typing import Any

from ..model import types
from ..model.types import Property, SettingsClass, Type, types_in
from ..schema.keywords import UNCHANGED_BY_FILLS, about
from .literals import literal
from .program import ModuleCode

#: Keywords of classes that are no more than their properties.
_PLAIN = UNCHANGED_BY_FILLS.intersection(about("object")) | {"type"}


def is_simple(cls: SettingsClass, code: ModuleCode) -> bool:
    """Whether `cls` is no more than its properties."""
    if cls.tracks or len(cls.shape) != 1 or not cls.properties:
        return False
    if cls.renames or any(prop.deprecated and prop.required for prop in cls.properties):
        return False
    node = cls.node
    return (
        code.scopes.is_static(node)
        and _PLAIN.issuperset(code.shapes.asserting(node))
        and all(prop.unconditional and len(prop.nodes) == 1 for prop in cls.properties)
        and code.shapes.required(cls.shape) <= {prop.key for prop in cls.properties}
    )


def keeps_names(cls: SettingsClass) -> bool:
    """Whether every attribute has the name of its key."""
    return all(prop.attribute == prop.key for prop in cls.properties)


def is_scalar(kind: Type) -> bool:
    """Whether values are neither objects nor lists, nor of a class of Python's library."""
    if isinstance(kind, types.UnionType):
        return all(map(is_scalar, types_in(kind)))
    return isinstance(kind, (types.ScalarType, types.LiteralType)) and not kind.python


def holds_int(kind: Type) -> bool:
    """Whether integral floats must become ints."""
    if isinstance(kind, types.UnionType):
        return any(map(holds_int, types_in(kind)))
    if isinstance(kind, types.LiteralType):
        return any(type(value) is int for value in kind.values)
    return isinstance(kind, types.ScalarType) and kind.name == "int"


def is_int(kind: Type) -> bool:
    """Whether every value is an integer."""
    if isinstance(kind, types.LiteralType):
        return all(type(v) is int for v in kind.values)
    return kind == types.ScalarType("int")


def is_plain(kind: Type) -> bool:
    """Whether loading changes nothing in a value of this type."""
    if isinstance(kind, types.ClassType) or holds_int(kind) or kind.python:
        return False
    return all(map(is_plain, types_in(kind)))


def python_class(kind: Type) -> str:
    """The name of the Python class of values as they are in a config."""
    if isinstance(kind, (types.ClassType, types.MapType)):
        return "dict"
    if isinstance(kind, types.ListType):
        return "list"
    if isinstance(kind, types.ScalarType):
        return kind.name
    if isinstance(kind, types.LiteralType):
        # An integer among other constants may come as a float, which alone needs loading.
        return "int" if any(type(v) is int for v in kind.values) else "str"
    return "object"


def shows_fill(cls: SettingsClass, prop: Property) -> bool:
    """Whether the default of a property stands in the constructor's signature."""
    fill = prop.fill
    # Giving a deprecated one is worth a warning, so that giving nothing must look different.
    if fill is None or not fill.is_default or cls.tracks or prop.deprecated:
        return False
    return fill.value is None or (is_scalar(prop.type) and len(literal(fill.value)) <= 40)


def is_easy(kind: Type) -> bool:
    """Whether attributes hold values as they are in a config, but for ints and fresh containers."""
    if isinstance(kind, types.ListType):
        return not kind.prefix and is_scalar(kind.item)
    if isinstance(kind, types.MapType):
        return is_scalar(kind.value) and not holds_int(kind.value)
    return is_scalar(kind)


def fill_of(prop: Property) -> Any:
    """What fills a property, as the attribute holds it: an int where it holds ints."""
    assert prop.fill is not None
    value = prop.fill.value
    is_whole = holds_int(prop.type) and isinstance(value, float) and value.is_integer()
    return int(value) if is_whole else value
