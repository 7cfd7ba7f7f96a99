"""The classes of each style as their template shows them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..compile.literals import literal
from ..compile.text import class_paragraphs, docstring, field_paragraphs
from ..model.fields import field_of
from ..model.types import AnyType, Model, Property, SettingsClass, Type
from .code import Brackets, Code, Constant, Prefixed, Union, Word, field_lines, subscript
from .coverage import declaring_others
from .defaults import Defaults
from .hints import HintWriter
from .names import ModuleNames
from .schema import EXTRA, LibraryInput, Slot
from .secrets import SecretPlaces

#: What documents the attribute that holds keys which are no properties.
OTHERS = "What configs have beside these."


@dataclass
class StyledField:
    """A field: its statement, and what documents it."""

    lines: list[str]
    doc: list[str]


@dataclass
class StyledClass:
    """A class. `base` is what stands after its name, or its decorator."""

    name: str
    base: str
    doc: list[str]
    fields: list[StyledField]
    #: Statements of its body before the fields, and after them.
    head: list[str] = field(default_factory=list[str])
    tail: list[list[str]] = field(default_factory=list[list[str]])
    #: Old methods of the base class that its fields hide.
    hides: list[str] = field(default_factory=list[str])
    #: Statements behind the class.
    after: list[str] = field(default_factory=list[str])


class Writer:
    """What the styles have in common."""

    def __init__(
        self, given: LibraryInput, model: Model, names: ModuleNames, hints: HintWriter
    ) -> None:
        self.given = given
        self.model = model
        self.shapes = model.shapes
        self.secrets = SecretPlaces(model)
        self.names = names
        self.hints = hints
        self.defaults: Defaults
        #: The classes that are defined by now.
        self.done: set[SettingsClass] = set()

    def write(self, cls: SettingsClass) -> StyledClass:
        """The text of a class."""
        raise NotImplementedError

    def hint(self, cls: SettingsClass, prop: Property) -> Code:
        return self.hints.hint(self.slot(cls, prop), self._attribute)

    def slot(self, cls: SettingsClass, prop: Property) -> Slot:
        """Where the hint of a property is found."""
        return self.given.classes[cls], self.given.keys[prop.key]

    def _attribute(self, key: str, classes: set[SettingsClass]) -> str:
        """The field that holds the property `key` in those of `classes` that it tells apart."""
        return key

    def arguments(
        self, cls: SettingsClass, value: dict[str, Any]
    ) -> list[tuple[str, Type, Any]] | None:
        """Keyword arguments that make an object of a class from a config."""
        return [
            (prop.attribute, prop.type, value[prop.key])
            for prop in cls.properties
            if prop.key in value and cls not in set(self._tagged(prop))
        ]

    def _tagged(self, prop: Property) -> Iterable[SettingsClass]:
        """The classes that have `prop` as their tag and not as a field."""
        return ()

    def doc(self, cls: SettingsClass, depth: int = 1) -> list[str]:
        return docstring(class_paragraphs(cls, self.shapes), depth)

    def field_doc(self, prop: Property) -> list[str]:
        return docstring(field_paragraphs(prop, field_of(prop, self.model)), 1)

    def words(self, prop: Property) -> Iterator[tuple[str, Code]]:
        """What forms show of a property and no hint says, as words of its JSON Schema."""
        row = field_of(prop, self.model)
        found: dict[str, Any] = {
            "writeOnly": row.secret,
            "readOnly": row.read_only,
            "format": row.format if "string" in row.kinds else "",
            "pattern": row.patterns[0] if row.patterns else "",
            "examples": [] if row.secret else list(row.examples),
            "oneOf": _named(row.choices, row.choice_names),
            "items": {"oneOf": _named(row.item_choices, row.item_names)} if row.item_names else {},
            "x-search": row.search,
        }
        for word, value in found.items():
            if value or (word == "x-search" and value is not None):
                yield word, self.defaults.code(AnyType(), value)

    def texts(self, prop: Property) -> Iterator[tuple[str, Code]]:
        """Title and description of a property, for what a library tells of it."""
        known = field_of(prop, self.model)
        for keyword, found in (("title", known.title), ("description", known.description)):
            if found:
                yield keyword, Word(literal(found))

    def presets(self, cls: SettingsClass) -> Code | None:
        """The named partial configs of a root, as an expression."""
        presets = cls.node.get("x-presets") if cls.is_root else None
        return self.defaults.code(AnyType(), presets) if presets else None

    def hidden(self, cls: SettingsClass) -> Code | None:
        """What the schema of a root says of secrets, as an expression."""
        said = self.secrets.schema(cls.shape) if cls.is_root else {}
        return self.defaults.code(AnyType(), said) if said.get("$defs") else None

    def attributes(self, depth: int = 1, **values: Code | None) -> list[list[str]]:
        """The statements that make presets and secrets attributes of a class, where it has any."""
        return [
            field_lines(f"__{name}__", self._class_variable(), value, depth)
            for name, value in values.items()
            if value is not None
        ]

    def _class_variable(self) -> Code:
        words = [Word(self.names.builtin("str")), Word(self.names.imported("typing", "Any"))]
        kind = subscript(self.names.builtin("dict"), *words)
        return subscript(self.names.imported("typing", "ClassVar"), kind)

    def is_hidden(self, cls: SettingsClass, prop: Property) -> bool:
        """Whether a field must be left out of the `repr` of its class."""
        return prop.secret or bool(self.secrets.marks(cls, prop))

    def others(self, cls: SettingsClass) -> Code | None:
        """The hint of what holds keys beside the properties, where the schema declares such."""
        if not declaring_others(cls, self.shapes):
            return None
        slot = (self.given.classes[cls], EXTRA)
        if slot in self.hints.hints:
            value = self.hints.hint(slot, self._attribute)
        else:
            value = Word(self.names.imported("typing", "Any"))
        return subscript(self.names.builtin("dict"), Word(self.names.builtin("str")), value)

    def factory(self, code: Code, hint: Code, slot: Slot) -> Code:
        """A function without arguments that gives what `code` says, a default of a field."""
        if isinstance(code, Brackets) and not code.items:
            if self.names.class_named(code.opening.removesuffix("(")) in self.done:
                return Word(code.opening.removesuffix("("))
            # `list[str]`, which type checkers understand better than `list`
            name = self.names.builtin("list" if code.closing == "]" else "dict")
            members = hint.members if isinstance(hint, Union) else (hint,)
            fitting = [m for m in members if isinstance(m, Brackets) and m.opening == f"{name}["]
            if code.closing != ")" and fitting and self.hints.classes_in(slot) <= self.done:
                return fitting[0]
        return Prefixed("lambda: ", code)


def _named(values: Sequence[Any], names: Sequence[str | None]) -> list[dict[str, Any]]:
    """Constants with their titles."""
    pairs = zip(values, names, strict=True) if names else ()
    return [{"const": each, **({"title": name} if name else {})} for each, name in pairs]


def makes_objects(code: Code) -> bool:
    """Whether an expression makes an object of a class somewhere."""
    if isinstance(code, Brackets) and not isinstance(code, Constant):
        is_call = code.closing == ")" and code.opening != "("
        return is_call or any(makes_objects(item) for _, item in code.items)
    return False


def is_changeable(code: Code) -> bool:
    """Whether an expression gives something of which each object needs its own."""
    if isinstance(code, Brackets):
        return code.opening != "(" or any(is_changeable(item) for _, item in code.items)
    return False
