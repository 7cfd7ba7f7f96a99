"""Types as annotations, long ones under a name of their own."""

from __future__ import annotations

import builtins
from collections.abc import Callable

from ..literals import INDENT, WIDTH, literal
from ..model import (
    AnyType,
    ClassType,
    ListType,
    LiteralType,
    MapType,
    Property,
    ScalarType,
    SettingsClass,
    Type,
)
from ..names import Scope, class_name

_LONG = 44


class Hints:
    """Writes the annotations of one module and collects the aliases and imports they need."""

    def __init__(self, scope: Scope, class_text: Callable[[SettingsClass], str]) -> None:
        self._scope = scope
        self._class_text = class_text
        self.aliases: list[list[str]] = []
        self.typing_names: set[str] = set()
        self.uses_builtins = False
        self._named: dict[str, str] = {}
        self._shadowed: frozenset[str] = frozenset()

    def inside(self, cls: SettingsClass) -> Hints:
        """Write hints inside the body of `cls`, where its attributes hide other names."""
        self._shadowed = frozenset(prop.attribute for prop in cls.properties)
        return self

    def attribute(self, prop: Property) -> str:
        """The annotation of an attribute: what it may hold, absence included."""
        text = self.type(prop.type, prop.attribute)
        if prop.required or prop.fill is not None:
            return text
        return self.optional(text, unset=prop.nullable)

    def parameter(self, prop: Property, *, literal_default: bool) -> str:
        text = self.type(prop.type, prop.attribute)
        if prop.required or literal_default:
            return text
        return self.optional(text, unset=prop.nullable)

    def optional(self, text: str, *, unset: bool) -> str:
        if not {"None", "Any"} & set(_split(text)):
            text += " | None"
        if unset and text != "Any":
            self.typing_names.add("Unset")
            text += " | Unset"
        return text

    def type(self, kind: Type, name: str) -> str:
        """The annotation of a type; `name` names its alias if it is long."""
        if isinstance(kind, AnyType):
            self.typing_names.add("Any")
            return "Any"
        if isinstance(kind, ScalarType):
            return self._builtin(kind.name)
        if isinstance(kind, LiteralType):
            return self._literal(kind, name)
        if isinstance(kind, ClassType):
            text = self._class_text(kind.cls)
            return self._alias(name, [text]) if text in self._shadowed else text
        if isinstance(kind, ListType):
            items = [*kind.prefix, kind.item]
            return f"{self._builtin('list')}[{self._union(items, name + '_item')}]"
        if isinstance(kind, MapType):
            value = self._union([kind.value], name + "_value")
            return f"{self._builtin('dict')}[{self._builtin('str')}, {value}]"
        return self._union([branch.type for branch in kind.branches], name)

    def _builtin(self, name: str) -> str:
        if name in self._shadowed and hasattr(builtins, name):
            self.uses_builtins = True
            return f"builtins.{name}"
        return name

    def _literal(self, kind: LiteralType, name: str) -> str:
        self.typing_names.add("Literal")
        values = [literal(value) for value in kind.values]
        text = f"Literal[{', '.join(values)}]"
        if len(text) <= _LONG:
            return text
        return self._alias(name, ["Literal[", *(f"{INDENT}{value}," for value in values), "]"])

    def _union(self, kinds: list[Type], name: str) -> str:
        parts = [self.type(kind, name) for kind in kinds]
        if "Any" in parts:
            return "Any"
        flat = list(dict.fromkeys(p for part in parts for p in _split(part)))
        if "None" in flat:
            flat = [*(part for part in flat if part != "None"), "None"]
        text = " | ".join(flat)
        if len(text) <= _LONG or len(flat) == 1:
            return text
        self.typing_names.add("Union")
        return self._alias(name, ["Union[", *(f"{INDENT}{part}," for part in flat), "]"])

    def _alias(self, name: str, lines: list[str]) -> str:
        """The name of `lines`, a type, at the head of the module."""
        key = "\n".join(lines)
        if key not in self._named:
            self.typing_names.add("TypeAlias")
            alias = self._scope.claim(class_name(name) + "Value", "")
            self._named[key] = alias
            if len(lines) == 1:
                line = f"{alias}: TypeAlias = {literal(lines[0])}"
                if len(line) + len(INDENT) > WIDTH:
                    self.aliases.append(
                        [f"{alias}: TypeAlias = (", INDENT + literal(lines[0]), ")"]
                    )
                else:
                    self.aliases.append([line])
            elif "Union[" in lines[0]:
                quoted = [f"{INDENT}{self._quoted(line)}" for line in lines[1:-1]]
                self.aliases.append([f"{alias}: TypeAlias = {lines[0]}", *quoted, lines[-1]])
            else:
                self.aliases.append([f"{alias}: TypeAlias = {lines[0]}", *lines[1:]])
        return self._named[key]

    def _quoted(self, line: str) -> str:
        """A member of a union as a forward reference, since classes come later in the file."""
        return literal(line.strip().rstrip(",")) + ","


def _split(text: str) -> list[str]:
    """The members of a union's annotation, brackets respected."""
    parts: list[str] = []
    depth = start = 0
    quote = ""
    for position, character in enumerate(text):
        if quote:
            if character == quote and text[position - 1] != "\\":
                quote = ""
        elif character in "\"'":
            quote = character
        elif character in "[(":
            depth += 1
        elif character in "])":
            depth -= 1
        elif character == "|" and depth == 0:
            parts.append(text[start:position].strip())
            start = position + 1
    return [*parts, text[start:].strip()]
