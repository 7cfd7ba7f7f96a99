"""Types as annotations, long ones under a name of their own."""

from __future__ import annotations

import builtins
import re
from collections.abc import Callable, Iterable

from ..model import types
from ..model.names import TakenNames, class_name
from ..model.types import Property, SettingsClass, Type
from .literals import INDENT, WIDTH, literal

_LONG = 44
_TOKEN = re.compile(r"""[^"'()\[\]|,]+|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|.""")


class Hints:
    """Writes the annotations of one module and collects the aliases and imports they need."""

    def __init__(self, taken: TakenNames, class_text: Callable[..., str]) -> None:
        self._taken = taken
        self._class_text = class_text
        self.aliases: list[list[str]] = []
        self.typing_names: set[str] = set()
        self.builtins: set[str] = set()
        self._named: dict[str, str] = {}
        self._shadowed: frozenset[str] = frozenset()

    def inside(self, cls: SettingsClass) -> None:
        """Write hints inside the body of `cls`, where its attributes hide other names."""
        self._shadowed = frozenset(prop.attribute for prop in cls.properties)

    def attribute(self, prop: Property, tail: str) -> str:
        """The annotation of an attribute, absence included; `tail` follows in its line.

        The type is under a name of its own if the line would get too long.
        """
        room = WIDTH - len(INDENT) - len(prop.attribute) - 2 - len(tail)
        text = self.type(prop.type, prop.attribute)
        full = self._optional(text, prop)
        if len(full) > room and len(text) > 24:
            text = self._alias(prop.attribute, _split(text))
            full = self._optional(text, prop)
            if len(full) > room:
                full = self._alias(prop.attribute, _split(full))
        return full

    def _optional(self, text: str, prop: Property) -> str:
        if prop.required or prop.fill is not None:
            return text
        if not {"None", "Any"} & set(_split(text)):
            text += " | None"
        return f"{text} | {self._typing('Unset')}" if prop.nullable and text != "Any" else text

    def _typing(self, name: str) -> str:
        self.typing_names.add(name)
        return self._alias(name, [name]) if name in self._shadowed else name

    def type(self, kind: Type, name: str) -> str:
        """The annotation of a type; `name` names its alias if it is long.

        >>> choices = types.ListType(types.LiteralType((1, "a", None)))
        >>> Hints(TakenNames(()), str).type(choices, "choices")
        'list[Literal[1, "a", None]]'
        """
        if isinstance(kind, types.AnyType):
            return self._typing("Any")
        if isinstance(kind, types.ScalarType) and not kind.python:
            return self._builtin(kind.name)
        if isinstance(kind, types.LiteralType):
            return self._literal(kind, name)
        if isinstance(kind, (types.ClassType, types.ScalarType)):
            text = self._class_text(kind)
            return self._alias(name, [text]) if text in self._shadowed else text
        if isinstance(kind, types.ListType):
            return f"{self._builtin('list')}[{self._union(kind.items, name + '_item')}]"
        if isinstance(kind, types.MapType):
            one = types.AnyType() if kind.patterns else kind.value
            value = self._union([one], name + "_value")
            return f"{self._builtin('dict')}[{self._builtin('str')}, {value}]"
        return self._union([branch.type for branch in kind.branches], name)

    def _builtin(self, name: str) -> str:
        if name in self._shadowed and hasattr(builtins, name):
            # No property can have the other name.
            module = "builtins" if "builtins" not in self._shadowed else "__py__"
            self.builtins.add(f"import builtins{f' as {module}' * (module != 'builtins')}")
            return f"{module}.{name}"
        return name

    def _literal(self, kind: types.LiteralType, name: str) -> str:
        if kind.values == (None,):
            return "None"
        self.typing_names.add("Literal")
        values = [literal(value) for value in kind.values]
        text = f"Literal[{', '.join(values)}]"
        if len(text) <= _LONG and "Literal" not in self._shadowed:
            return text
        return self._alias(name, [text])

    def _union(self, kinds: Iterable[Type], name: str) -> str:
        kinds = list(kinds)
        if types.AnyType() in kinds:  # What is beside it would be imported for nothing.
            return self._typing("Any")
        parts = [self.type(kind, name) for kind in kinds]
        flat = list(dict.fromkeys(p for part in parts for p in _split(part)))
        if "None" in flat:
            flat = [*(part for part in flat if part != "None"), "None"]
        text = " | ".join(flat)
        if len(text) <= _LONG or len(flat) == 1:
            return text
        return self._alias(name, flat)

    def _alias(self, name: str, members: list[str]) -> str:
        """The name of a union of `members`, which stands behind the classes."""
        key = " | ".join(members)
        if key not in self._named:
            self.typing_names.add("TypeAlias")
            wish = class_name(name).lstrip("_") + "Value"
            alias = self._taken.claim(wish if wish.isidentifier() else f"Type{wish}", "")
            self._named[key] = alias
            self.aliases.append(_alias_lines(f"{alias}: TypeAlias = ", members))
        return self._named[key]


def _alias_lines(before: str, members: list[str]) -> list[str]:
    """A type alias inside `if TYPE_CHECKING:`, laid out as ruff does."""
    room = WIDTH - len(INDENT)
    text = " | ".join(members)
    if len(before) + len(text) <= room:
        return [before + text]
    if len(members) == 1 and text.endswith("]"):
        name, _, inner = text.removesuffix("]").partition("[")
        return [f"{before}{name}[", *(f"{INDENT}{item}," for item in _split(inner, ",")), "]"]
    if len(INDENT) + len(text) <= room:
        return [f"{before}(", INDENT + text, ")"]
    first, *rest = members
    return [f"{before}(", INDENT + first, *(f"{INDENT}| {member}" for member in rest), ")"]


def _split(text: str, sign: str = "|") -> list[str]:
    """The members of a union's annotation, or items between commas; brackets are respected."""
    parts, depth = [""], 0
    for token in _TOKEN.findall(text):
        depth += (token in "[(") - (token in "])")
        if token == sign and depth == 0:
            parts.append("")
        else:
            parts[-1] += token
    return [part.strip() for part in parts]
