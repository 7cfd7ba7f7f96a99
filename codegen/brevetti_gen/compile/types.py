"""What loading and saving ask of the types of attributes."""

from __future__ import annotations

from ..model.types import (
    AnyType,
    ClassType,
    ListType,
    LiteralType,
    MapType,
    ScalarType,
    SettingsClass,
    Type,
    UnionType,
)


def keeps_names(cls: SettingsClass) -> bool:
    """Whether every attribute has the name of its key."""
    return all(prop.attribute == prop.key for prop in cls.properties)


def is_scalar(kind: Type) -> bool:
    """Whether values are neither objects nor lists."""
    if isinstance(kind, UnionType):
        return all(is_scalar(branch.type) for branch in kind.branches)
    return isinstance(kind, (ScalarType, LiteralType))


def holds_int(kind: Type) -> bool:
    """Whether integral floats must become ints."""
    if isinstance(kind, UnionType):
        return any(holds_int(branch.type) for branch in kind.branches)
    if isinstance(kind, LiteralType):
        return any(type(value) is int for value in kind.values)
    return isinstance(kind, ScalarType) and kind.name == "int"


def is_int(kind: Type) -> bool:
    """Whether every value is an integer."""
    if isinstance(kind, LiteralType):
        return all(type(v) is int for v in kind.values)
    return kind == ScalarType("int")


def is_plain(kind: Type) -> bool:
    """Whether loading changes nothing in a value of this type."""
    if isinstance(kind, AnyType):
        return True
    if isinstance(kind, (ScalarType, LiteralType)):
        return not holds_int(kind)
    if isinstance(kind, ListType):
        return is_plain(kind.item) and all(map(is_plain, kind.prefix))
    if isinstance(kind, MapType):
        return is_plain(kind.value)
    if isinstance(kind, UnionType):
        return all(is_plain(branch.type) for branch in kind.branches)
    return False


def python_class(kind: Type) -> str:
    """The name of the Python class of values as they are in a config."""
    if isinstance(kind, (ClassType, MapType)):
        return "dict"
    if isinstance(kind, ListType):
        return "list"
    if isinstance(kind, ScalarType):
        return kind.name
    if isinstance(kind, LiteralType):
        # An integer among other constants may come as a float, which alone needs loading.
        return "int" if any(type(v) is int for v in kind.values) else "str"
    return "object"
