"""The tables of a class: its rows of the property table, its schema, what else it holds."""

from __future__ import annotations

from collections import Counter
from itertools import chain
from typing import Any

from brevettiai.compiled import Field
from brevettiai.messages.structure import ANY_MAP, usual_content

from ..model.fields import content_of, field_of, keys_content
from ..model.names import snake_name
from ..model.types import ClassType, Property, SettingsClass
from .literals import INDENT, Name, literal
from .program import ModuleCode
from .text import texts_of

#: In the order of reading: what a value is, then texts, then what is rare.
_FACTS = (
    *("attribute", "cls", "item_kinds", "required", "default", "proposal", "choices"),
    *("choice_names", "item_choices", "item_names", "limits", "patterns", "format"),
    *("title", "description", "content", "examples", "secret", "deprecated", "read_only"),
    *("advice", "old_keys", "search", "x_form"),
)
_USUAL = Field("", "")
_USUAL_FACTS = {name: getattr(_USUAL, name) for name in _FACTS}


def row_text(row: Field, **others: Any) -> str:
    """A row as a call; `others` are attributes that are to be written in place of its own.

    >>> print(row_text(Field("size", "integer", limits={"minimum": 1}, title="Size", default="8")))
    Field("size", "integer", default="8", limits={"minimum": 1}, title="Size")
    """
    facts = {**vars(row), **others}
    given = {n: facts[n] for n, usual in _USUAL_FACTS.items() if n in facts and facts[n] != usual}
    if row.attribute == row.key:
        given.pop("attribute", None)
    if row.item_kinds:
        given["item_kinds"] = " ".join(row.item_kinds)
    if row.filled and row.default is None:
        given["filled"] = True
    texts = [literal(row.key), literal(" ".join(row.kinds))]
    return f"Field({', '.join([*texts, *(f'{name}={literal(v)}' for name, v in given.items())])})"


class FieldTables:
    """The functions that give the rows of a module's classes; equal rows stand once."""

    def __init__(self, code: ModuleCode) -> None:
        self._code = code
        self.rows = {
            cls: [field_of(prop, code.program.model) for prop in cls.properties]
            for cls in code.classes
        }
        self._texts = {
            cls: [self._text(*both) for both in zip(cls.properties, rows, strict=True)]
            for cls, rows in self.rows.items()
        }
        keys = [row.key for rows in self.rows.values() for row in rows]
        counts = Counter(zip(chain.from_iterable(self._texts.values()), keys, strict=True))
        self._shared = {
            text: code.names.claim(f"field_{snake_name(key)}")
            for (text, key), count in counts.items()
            if count > 1
        }

    def _text(self, prop: Property, row: Field) -> str:
        given: dict[str, Any] = {"content": _USUAL.content}
        cls: Any = row.cls  # of the model
        if cls is not None:
            given |= {"cls": Name(self._code.class_name(cls)), **self._texts_apart(row, cls)}
        if row.content != usual_content(row, ANY_MAP if cls is None else keys_content(cls)):
            told = content_of(prop.type, self._class_name)
            given["content"] = self._code.shapes.secrets(prop.notes).content(told)
        return row_text(row, **given)

    def _class_name(self, kind: ClassType) -> Name:
        return Name(self._code.class_name(self._code.of(kind)))

    def others(self, cls: SettingsClass) -> tuple[Any, ...]:
        """What keys of a class hold that are no properties: patterns, and the content."""
        root = self._code.scopes.at(self._code.module.root)
        return tuple(
            (
                tuple(Name(self._code.pattern(root, pattern)) for pattern in entries.patterns),
                self._code.shapes.secrets(entries.shape).content(
                    content_of(entries.type, self._class_name)
                ),
            )
            for entries in cls.entries
        )

    def _texts_apart(self, row: Field, cls: SettingsClass) -> dict[str, Any]:
        """The texts of a field that its class does not say already."""
        title, description = texts_of(cls, self._code.shapes)
        texts = (("title", row.title, title), ("description", row.description, description))
        return {name: "" if own == said else own or Name('""') for name, own, said in texts}

    def shared_functions(self) -> list[list[str]]:
        """A function for each row that several classes have."""
        return [
            [f"def {name}() -> Field:", f"{INDENT}return {text}"]
            for text, name in self._shared.items()
        ]

    def function(self, cls: SettingsClass) -> list[str]:
        """`fields_x()`: the rows of a class.

        >>> epochs = {"type": "integer", "minimum": 1, "title": "Epochs", "default": 20}
        >>> function({"type": "object", "properties": {"epochs": epochs}}, "fields_root")
        def fields_root() -> tuple[Field, ...]:
            return (
                Field("epochs", "integer", default="20", limits={"minimum": 1}, title="Epochs"),
            )
        """
        head = f"def fields_{self._code.stem(cls)}() -> tuple[Field, ...]:"
        texts = self._texts[cls]
        if not texts:
            return [head, f"{INDENT}return ()"]
        calls = [f"{self._shared[text]}()" if text in self._shared else text for text in texts]
        rows = [f"{INDENT * 2}{text}," for text in calls]
        return [head, f"{INDENT}return (", *rows, f"{INDENT})"]
