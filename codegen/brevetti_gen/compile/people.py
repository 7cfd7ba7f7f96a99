"""The half of a module that people read: classes with annotations, defaults and docstrings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from brevettiai.compiled import Field
from brevettiai.formats.python_types import MODULES

from ..model import types
from ..model.names import TakenNames
from ..model.types import ClassType, Property, ScalarType, SettingsClass
from .attributes import fill_of, is_plain
from .hints import Hints
from .literals import INDENT, WIDTH, Name, lines_of, literal
from .program import ModuleCode
from .text import class_paragraphs, docstring, field_paragraphs, texts_of


class FieldText(NamedTuple):
    """A field as the template shows it: its annotation and default, and its docstring."""

    lines: list[str]
    doc: list[str]


class ClassText(NamedTuple):
    """A class as the template shows it."""

    name: str
    doc: list[str]
    fields: list[FieldText]


class RootText(NamedTuple):
    """A root that is no class: the statement that names its type, and what it exports.

    `names` are those of the type, of the function that loads, and of the one that saves.
    """

    lines: list[str]
    names: tuple[str, ...]


#: Names that stand in classes without being attributes.
_TYPE_NAMES = frozenset(
    """Any Half Literal TypeAlias Union Unset Settings UNSET TYPE_CHECKING builtins""".split()
)
#: The name of the field specifier, which no attribute has.
SPECIFIER = "__field__"


class ClassTextWriter:
    """Writes the classes of one module, and collects what their annotations need."""

    def __init__(self, code: ModuleCode, rows: Mapping[SettingsClass, list[Field]]) -> None:
        self.code = code
        self.rows = rows
        attributes = {p.attribute for cls in code.module.classes for p in cls.properties}
        names = {cls.name for cls in code.module.classes}
        self._taken = TakenNames(names | attributes | _TYPE_NAMES)
        self.hints = Hints(self._taken, self._class_text)
        #: What type checkers import: by the module and the name there, the name here.
        self.imports: dict[tuple[str, str], str] = {}
        self._unset = "__UNSET__" if "UNSET" in attributes else "UNSET"
        #: Which of the runtime's names the classes use: `UNSET`, or as a class may call it, and the
        #: specifier.
        self.used: set[str] = set()

    def class_text(self, cls: SettingsClass) -> ClassText:
        self.hints.inside(cls)
        fields = [
            FieldText(self._declaration(prop), docstring(self._paragraphs(prop, row), 1))
            for prop, row in zip(cls.properties, self.rows[cls], strict=True)
        ]
        fields += self._typed_extra(cls)
        return ClassText(cls.name, docstring(class_paragraphs(cls, self.code.shapes), 1), fields)

    def _typed_extra(self, cls: SettingsClass) -> list[FieldText]:
        """What type checkers see of `extra`, where it holds no plain JSON."""
        kinds = [entries.type for entries in cls.entries]
        hides = not {"property", "TYPE_CHECKING"}.isdisjoint(p.attribute for p in cls.properties)
        if not kinds or hides or any(isinstance(kind, types.AnyType) for kind in kinds):
            return []
        union = types.UnionType(tuple(types.Branch(kind, ()) for kind in kinds))
        hint = self.hints.type(types.MapType(union), "extra")
        text = f"{INDENT * 2}def extra(self) -> {hint}: ..."
        return [FieldText([f"{INDENT}if TYPE_CHECKING:", "", f"{INDENT * 2}@property", text], [])]

    def _paragraphs(self, prop: Property, row: Field) -> list[str]:
        inner: Any = row.cls  # of the model
        if inner is None or inner.module == self.code.module.path:
            return field_paragraphs(prop, row)
        # What a class of another schema says changes there alone.
        return field_paragraphs(prop, row, known=texts_of(inner, self.code.shapes))

    def _declaration(self, prop: Property) -> list[str]:
        """`name: hint = default`; what is no short constant is passed to the field specifier."""
        start, opening = f"{INDENT}{prop.attribute}: ", f" = {SPECIFIER}("
        if prop.required:
            return [start + self.hints.attribute(prop, "")]
        value: Any = Name(self._unset) if prop.nullable else None
        if prop.fill is not None:
            value = fill_of(prop)
        if isinstance(value, Name):
            self.used.add(value.text)
        if not isinstance(value, (list, dict) if is_plain(prop.type) else (list, dict, str)):
            tail = f" = {literal(value)}"
            hint = self.hints.attribute(prop, min(tail, opening, key=len))
            if len(start + hint + tail) <= WIDTH:
                return [start + hint + tail]
        self.used.add(SPECIFIER)
        start += self.hints.attribute(prop, opening) + opening
        line = f"{start}default={literal(value)})"
        if len(line) <= WIDTH:
            return [line]
        return [start, *lines_of(value, "default=", ",", depth=2), f"{INDENT})"]

    def _class_text(self, kind: ClassType | ScalarType) -> str:
        """The name of a class in annotations, imported for type checkers if it is foreign."""
        if isinstance(kind, ScalarType):
            place, name = MODULES[kind.python], kind.python
        else:
            cls = self.code.of(kind)
            if cls.module == self.code.module.path:
                return cls.name
            place, name = "." * len(self.code.module.path) + ".".join(cls.module), cls.name
        if (place, name) not in self.imports:
            self.imports[place, name] = self._taken.claim(name, "")
        return self.imports[place, name]

    def root_text(self) -> RootText | None:
        """What stands for a root that is no class; None for one that is."""
        module = self.code.module
        if module.root_class is not None or module.root_type is None:
            return None
        self.hints.typing_names |= {"Any", "TypeAlias"}
        names = (module.root_name, *map(self._taken.claim, ("load", "dump")))
        text = self.hints.type(module.root_type, module.path[-1])
        before, text = f"{module.root_name}: TypeAlias = ", literal(text)
        if len(INDENT + before + text) <= WIDTH or len(INDENT * 2 + text) > WIDTH:
            return RootText([before + text], names)
        return RootText([f"{before}(", INDENT + text, ")"], names)
