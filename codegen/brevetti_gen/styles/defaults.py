"""Defaults as code: plain values, and objects of classes built from their own defaults."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from brevettiai.formats.python_types import can_read

from ..compile.literals import literal
from ..json_values import is_array, is_object, json_type
from ..model.types import (
    AnyType,
    Branch,
    ClassType,
    ListType,
    LiteralType,
    MapType,
    Model,
    SettingsClass,
    Type,
    UnionType,
)
from ..schema.verdicts import Judge, TooCostly
from .code import Brackets, Code, Word, call
from .kinds import json_types

#: The arguments of a call that makes an object of a class from a config, or None.
Arguments = Callable[[SettingsClass, dict[str, Any]], "list[tuple[str, Type, Any]] | None"]


class Defaults:
    """Writes the defaults of one module."""

    def __init__(
        self,
        model: Model,
        judge: Judge,
        simplified: Callable[[Type], Type],
        name_of: Callable[[SettingsClass], str],
        arguments: Arguments,
        from_text: Callable[[str, str], Code],
    ) -> None:
        self._model = model
        self._judge = judge
        self._simplified = simplified
        self._name_of = name_of
        self._arguments = arguments
        self._from_text = from_text

    def code(self, kind: Type, value: Any) -> Code:
        """`value`, which fits `kind`, as an expression."""
        kind = self._simplified(kind)
        if isinstance(kind, UnionType):
            fitting = (b.type for b in kind.branches if self._fits(b, value))
            kind = next(fitting, AnyType())
        if isinstance(kind, ClassType) and is_object(value):
            return self._object(self._model.of(kind), value)
        if isinstance(kind, ListType) and is_array(value):
            kinds = [*kind.prefix, *[kind.item] * len(value)]
            if AnyType() in kind.items and not kind.is_tuple:
                # What lists of anything are loaded with.
                kinds = [AnyType() if each.python else each for each in kinds]
            items = [self.code(inner, item) for inner, item in zip(kinds, value, strict=False)]
            opening, closing = "()" if kind.is_tuple else "[]"
            return Brackets(opening, tuple(("", item) for item in items), closing)
        inner = kind.value if isinstance(kind, MapType) else AnyType()
        if is_object(value):
            pairs = tuple((f"{literal(k)}: ", self.code(inner, v)) for k, v in value.items())
            return Brackets("{", pairs, "}")
        if is_array(value):
            return Brackets("[", tuple(("", self.code(inner, item)) for item in value), "]")
        if kind.python and isinstance(value, str):
            return self._from_text(kind.python, value)
        if isinstance(value, float) and value.is_integer() and "number" not in json_types(kind):
            value = int(value)
        return Word(literal(value))

    def _object(self, cls: SettingsClass, value: dict[str, Any]) -> Code:
        name = self._name_of(cls)
        arguments = self._arguments(cls, value)
        if arguments is None:
            return call(f"{name}.model_validate", ("", self.code(AnyType(), value)))
        return call(name, *((n, self.code(kind, inner)) for n, kind, inner in arguments))

    def _fits(self, branch: Branch, value: Any) -> bool:
        kind = branch.type
        if isinstance(kind, ClassType):
            try:
                return is_object(value) and self._judge.fits(self._model.of(kind).shape, value)
            except TooCostly:
                return False
        if isinstance(kind, LiteralType):
            return any(type(v) is type(value) and v == value for v in kind.values)
        if kind.python and isinstance(value, str):
            return can_read(kind.python, value) and self._judge.fits(branch.shape, value)
        return json_type(value) in json_types(kind)
