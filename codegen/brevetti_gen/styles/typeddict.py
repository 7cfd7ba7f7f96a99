"""Typed dictionaries: configs as they are, with hints for type checkers."""

from __future__ import annotations

import keyword
import textwrap
import unicodedata

from ..compile.literals import INDENT, WIDTH, literal
from ..compile.text import comment, field_paragraphs
from ..model.fields import field_of
from ..model.types import Property, SettingsClass
from .code import Code, Word, field_lines, lines, subscript, text
from .coverage import declaring_others
from .writer import StyledClass, StyledField, Writer


class TypedDictWriter(Writer):
    """Writes a class, or a call of `TypedDict` where a key cannot be an attribute."""

    def write(self, cls: SettingsClass) -> StyledClass:
        base = self.names.imported("typing_extensions", "TypedDict")
        if not all(_is_name(prop.key) for prop in cls.properties):
            return self._call(cls, base)
        fields = [
            StyledField(field_lines(prop.key, self._hint(cls, prop), None), self.field_doc(prop))
            for prop in cls.properties
        ]
        head = f"class {cls.name}({base}):"
        return StyledClass(cls.name, head, self.doc(cls), fields, after=self._marks(cls))

    def _call(self, cls: SettingsClass, base: str) -> StyledClass:
        head = [f"{cls.name} = {base}(", f"{INDENT}{literal(cls.name)},", f"{INDENT}{{"]
        fields: list[StyledField] = []
        for prop in cls.properties:
            entry = lines(self._hint(cls, prop), f"{literal(prop.key)}: ", ",", 2)
            fields.append(StyledField([*self._comments(prop), *entry], []))
        tail = [[f"{INDENT}}},", ")"]]
        marks = self._marks(cls)
        return StyledClass(cls.name, "\n".join(head), [], fields, tail=tail, after=marks)

    def _marks(self, cls: SettingsClass) -> list[str]:
        """What tells pydantic and `SettingsAdapter` of other declared keys, and of secrets."""
        marks = (
            f'{cls.name}.__pydantic_config__ = {{"extra": "allow"}}  # type: ignore[attr-defined]'
        )
        hidden = self.hidden(cls)
        found = [marks] if declaring_others(cls, self.shapes) else []
        if hidden is not None:
            first, *rest = lines(hidden, f"{cls.name}.__secrets__ = ")
            found += [f"{first}  # type: ignore[attr-defined]", *rest]
        return found

    def _hint(self, cls: SettingsClass, prop: Property) -> Code:
        hint = self.hint(cls, prop)
        if not self.hints.classes_in(self.slot(cls, prop)) <= self.done:
            hint = Word(literal(text(hint)))
        if prop.required:
            return hint
        return subscript(self.names.imported("typing_extensions", "NotRequired"), hint)

    def _comments(self, prop: Property) -> list[str]:
        """What a docstring would say, in a place that can have none."""
        indent = INDENT * 2 + "# "
        row = field_of(prop, self.model)
        paragraphs = [comment(part) for part in field_paragraphs(prop, row, default=True) if part]
        return [
            indent + line
            for part in paragraphs
            for line in textwrap.wrap(part, WIDTH - len(indent), break_on_hyphens=False)
        ]


def _is_name(key: str) -> bool:
    """Whether a key can be a name in the body of a class, as it is."""
    if keyword.iskeyword(key) or not key.isidentifier() or key.startswith("__"):
        return False
    return unicodedata.normalize("NFKC", key) == key
