"""pydantic models."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from ..compile.literals import INDENT, literal
from ..compile.text import docstring
from ..model.fields import first_text
from ..model.names import TakenNames
from ..model.types import AnyType, Module, Property, SettingsClass, Type
from ..problems import Problem
from ..schema.documents import problem_at
from .code import (
    Brackets,
    Code,
    Word,
    call,
    field_lines,
    lines,
    signature,
    subscript,
    text,
    union,
    with_arguments,
)
from .schema import EXTRA
from .writer import StyledClass, StyledField, Writer, makes_objects

#: Names of `BaseModel` that no field can have, or that pydantic itself needs.
_TAKEN = frozenset(
    """model_config model_fields model_computed_fields model_extra model_fields_set model_construct
    model_copy model_dump model_dump_json model_json_schema model_parametrized_name model_post_init
    model_rebuild model_validate model_validate_json model_validate_strings""".split()
)
#: Private methods of it, which no property of a class can stand for.
_INTERNAL = frozenset(
    """_abc_impl _calculate_keys _copy_and_set_values _get_value _iter _setattr_handler""".split()
)
#: Old methods of `BaseModel` that fields may hide.
_HIDDEN = frozenset(
    """construct copy dict from_orm json parse_file parse_obj parse_raw schema schema_json
    update_forward_refs validate""".split()
)


class PydanticWriter(Writer):
    """Writes models that refuse what JSON does not say: strict, without infinities."""

    #: How deep the class stands that is being written.
    _depth = 0

    def write(self, cls: SettingsClass) -> StyledClass:
        self.hints.has_pattern = False
        hides = sorted(p.attribute for p in cls.properties if p.attribute in _HIDDEN)
        self._depth = 1 if hides else 0
        fields = [StyledField(self._field(cls, prop), self._doc(prop)) for prop in cls.properties]
        head = self._extra(cls)
        base = self.names.imported("pydantic", "BaseModel")
        return StyledClass(
            cls.name,
            f"{INDENT * self._depth}class {cls.name}({base}):",
            self.doc(cls, 1 + self._depth),
            fields,
            head=[*self._config(cls, bool(head)), *head],
            tail=[
                *(
                    self._second_name(prop, cls)
                    for prop in cls.properties
                    if _is_private(prop) and prop.attribute not in _INTERNAL
                ),
                *self.attributes(1 + self._depth, secrets=self.hidden(cls)),
            ],
            hides=hides,
        )

    def _config(self, cls: SettingsClass, typed_extra: bool) -> list[str]:
        options = {
            "extra": literal("forbid" if cls.closed else "allow"),
            "strict": "True",
            "allow_inf_nan": "False",
            "use_attribute_docstrings": "True",
        }
        if any(self._renamed(cls, prop) for prop in cls.properties):
            options |= {"validate_by_name": "True", "serialize_by_alias": "True"}
        if any(prop.attribute.startswith("model_") for prop in cls.properties):
            options["protected_namespaces"] = "()"
        if self.hints.has_pattern:
            options["regex_engine"] = literal("python-re")
        arguments: list[tuple[str, Code]] = []
        arguments += [(f"{name}=", Word(value)) for name, value in options.items()]
        presets = self.presets(cls)
        if presets is not None:
            extra = Brackets("{", (('"x-presets": ', presets),), "}")
            arguments.append(("json_schema_extra=", extra))
        config = Brackets(
            f"{self.names.imported('pydantic', 'ConfigDict')}(", tuple(arguments), ")"
        )
        return lines(config, "model_config = ", "", 1 + self._depth)

    def _extra(self, cls: SettingsClass) -> list[str]:
        slot = (self.given.classes[cls], EXTRA)
        if slot not in self.hints.hints:
            return []
        hint = self.hints.hint(slot, self._attribute)
        names = [Word(self.names.builtin("str")), hint]
        extra = subscript(self.names.builtin("dict"), *names)
        return [
            "",
            *self._lines(
                "__pydantic_extra__", extra, call(self._field_name(), ("init", Word("False")))
            ),
        ]

    def _annotated(self) -> str:
        return f"{self.names.imported('typing', 'Annotated')}["

    def _field_name(self) -> str:
        return self.names.imported("pydantic", "Field")

    def _doc(self, prop: Property) -> list[str]:
        """The description alone, as pydantic takes it for the field's own."""
        return docstring([first_text(prop.notes, "description")], 1 + self._depth)

    def _field(self, cls: SettingsClass, prop: Property) -> list[str]:
        hint = self.hint(cls, prop)
        value: Code | None = None
        if prop.fill is not None:
            value = self.defaults.code(prop.type, prop.fill.value)
            if isinstance(value, Brackets) and makes_objects(value):
                factory = self.factory(value, hint, self.slot(cls, prop))
                value = call(self._field_name(), ("default_factory", factory))
        elif not prop.required:
            hint, value = _optional(hint), Word("None")
        facts = list(self._facts(cls, prop))
        if facts:
            hint = with_arguments(hint, self._annotated(), call(self._field_name(), *facts))
        made = self._lines(self._name(cls, prop), hint, value)
        if prop.attribute in _HIDDEN and not isinstance(prop.type, AnyType):
            made[0] += "  # type: ignore[assignment]"
        return made

    def _lines(self, name: str, hint: Code, value: Code | None) -> list[str]:
        return field_lines(name, hint, value, 1 + self._depth)

    def _facts(self, cls: SettingsClass, prop: Property) -> Iterable[tuple[str, Code]]:
        yield from (fact for fact in self.texts(prop) if fact[0] == "title")
        if self._renamed(cls, prop):
            key = Word(literal(prop.key))
            if prop.old_keys:
                names = [("", Word(literal(name))) for name in (prop.key, *prop.old_keys)]
                choices = self.names.imported("pydantic", "AliasChoices")
                yield "validation_alias", call(choices, *names)
            else:
                yield "validation_alias", key
            yield "serialization_alias", key
        if self.is_hidden(cls, prop):
            yield "repr", Word("False")
        words = tuple((f"{literal(word)}: ", code) for word, code in self.words(prop))
        if words:
            yield "json_schema_extra", Brackets("{", words, "}")
        if prop.deprecated:
            yield "deprecated", Word(literal(prop.deprecated.partition(": ")[2] or True))
        if not (prop.required or prop.nullable or prop.fill is not None):
            yield "exclude_if", Word(self.names.own("is_absent"))

    # Names

    def _renamed(self, cls: SettingsClass, prop: Property) -> bool:
        return prop.key != self._name(cls, prop) or bool(prop.old_keys)

    def _name(self, cls: SettingsClass, prop: Property) -> str:
        """The name of the field, which may not begin with an underscore."""
        return _field_names(cls)[prop.key]

    def _attribute(self, key: str, classes: set[SettingsClass]) -> str:
        names = {_field_names(cls)[key] for cls in classes if key in _field_names(cls)}
        return min(names)

    def arguments(
        self, cls: SettingsClass, value: dict[str, Any]
    ) -> list[tuple[str, Type, Any]] | None:
        by_key = {prop.key: prop for prop in cls.properties}
        if not by_key.keys() >= value.keys():
            return None
        names = _field_names(cls)
        return [
            (names[prop.key], prop.type, value[prop.key])
            for prop in cls.properties
            if prop.key in value
        ]

    def _second_name(self, prop: Property, cls: SettingsClass) -> list[str]:
        """A property with the attribute's name, for a field that cannot have it."""
        hint = self.hint(cls, prop)
        if isinstance(hint, Brackets) and hint.opening == self._annotated():
            hint = hint.items[0][1]
        hint = hint if prop.required or prop.fill is not None else _optional(hint)
        name, held, depth = prop.attribute, self._name(cls, prop), 1 + self._depth
        body = INDENT * (depth + 1)
        decorator = self.names.builtin("property")
        return [
            f"{INDENT * depth}@{decorator}",
            *signature(name, [("self", None)], hint, depth),
            f"{body}return self.{held}",
            "",
            f"{INDENT * depth}@{name}.setter",
            *signature(name, [("self", None), ("value", hint)], Word("None"), depth),
            f"{body}self.{held} = value",
        ]


@lru_cache(maxsize=16)
def _field_names(cls: SettingsClass) -> Mapping[str, str]:
    """The names of the fields of a class by key: the attributes, as far as pydantic allows."""
    free = [prop for prop in cls.properties if not (_is_private(prop) or _is_taken(prop))]
    taken = TakenNames([*_TAKEN, *(prop.attribute for prop in free)])
    names = {prop.key: prop.attribute for prop in free}
    for prop in cls.properties:
        if prop.key not in names:
            wish = f"field{prop.attribute}" if _is_private(prop) else f"{prop.attribute}_"
            names[prop.key] = taken.claim(wish)
    return names


def _is_private(prop: Property) -> bool:
    return prop.attribute.startswith("_")


def _is_taken(prop: Property) -> bool:
    return prop.attribute in _TAKEN


def _optional(hint: Code) -> Code:
    """`hint` or `None`, inside its `Annotated[…]` if it is one."""
    if isinstance(hint, Brackets) and hint.opening.startswith("Annotated"):
        (_, inner), *rest = hint.items
        return Brackets(hint.opening, (("", union(inner, Word("None"))), *rest), "]")
    if text(hint) == "Any":
        return hint
    return union(hint, Word("None"))


def name_problems(module: Module) -> list[Problem]:
    """Warnings of fields that cannot have the names of their attributes."""
    return [
        problem_at(prop.nodes[0] if prop.nodes else cls.node, "style-name", text, warning=True)
        for cls in module.classes
        for prop in cls.properties
        if _is_private(prop) or _is_taken(prop)
        for text in [
            f"the pydantic field of {prop.key!r} is {_field_names(cls)[prop.key]}, as pydantic has "
            f"no fields named {prop.attribute}"
        ]
    ]
