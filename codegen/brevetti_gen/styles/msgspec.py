"""msgspec structs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..compile.literals import INDENT, literal
from ..model.types import Module, Property, SettingsClass
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
    union,
    with_arguments,
)
from .kinds import can_be_name
from .writer import OTHERS, StyledClass, StyledField, Writer, is_changeable


class MsgspecWriter(Writer):
    """msgspec structs."""

    def write(self, cls: SettingsClass) -> StyledClass:
        options = [self.names.imported("msgspec", "Struct"), "kw_only=True"]
        if cls.closed:
            options.append("forbid_unknown_fields=True")
        if cls.key in self.given.tags:
            key, tag = self.given.tags[cls.key]
            options += [f"tag_field={literal(key)}", f"tag={literal(tag)}"]
        others = self.others(cls)
        if others is not None:
            options.append("dict=True")
        head = lines(
            call(f"class {cls.name}", *(("", Word(option)) for option in options)), "", ":"
        )
        fields = [StyledField(self._field(cls, p), self.field_doc(p)) for p in cls.properties]
        tail = [
            *self.attributes(presets=self.presets(cls), secrets=self.hidden(cls)),
            *([self._holding(others)] if others else []),
        ]
        return StyledClass(cls.name, "\n".join(head), self.doc(cls), fields, tail=tail)

    def _holding(self, hint: Code) -> list[str]:
        """The attribute for keys that are no fields, which only `SettingsAdapter` finds."""
        body = INDENT * 2
        return [
            f"{INDENT}@{self.names.builtin('property')}",
            *signature("extra", [("self", None)], hint, 1),
            f'{body}"""{OTHERS}"""',
            *field_lines("held", hint, Word('vars(self).setdefault("extra", {})'), 2),
            f"{body}return held",
        ]

    def _tagged(self, prop: Property) -> Iterable[SettingsClass]:
        return (
            self.model.classes[of]
            for of, (key, _) in self.given.tags.items()
            if key == prop.key and any(prop is own for own in self.model.classes[of].properties)
        )

    def _field(self, cls: SettingsClass, prop: Property) -> list[str]:
        hint = self._annotated(self.hint(cls, prop), list(self._facts(prop)))
        if cls in self._tagged(prop):
            constant = subscript(self.names.imported("typing", "ClassVar"), hint)
            return field_lines(prop.attribute, constant, Word(literal(self.given.tags[cls.key][1])))
        arguments: list[tuple[str, Code]] = []
        value: Code | None = None
        if prop.fill is not None:
            value = self.defaults.code(prop.type, prop.fill.value)
        elif not prop.required:
            value = Word(self.names.imported("msgspec", "UNSET"))
            hint = union(hint, Word(self.names.imported("msgspec", "UnsetType")))
        is_empty = isinstance(value, Brackets) and not value.items and value.closing != ")"
        if value is not None and is_changeable(value) and not is_empty:
            arguments.append(("default_factory", self.factory(value, hint, self.slot(cls, prop))))
        if not can_be_name(prop.key):
            return field_lines(prop.attribute, *self._unreachable(hint))
        if prop.key != prop.attribute:
            if value is not None and not arguments:
                arguments.append(("default", value))
            arguments.append(("name", Word(literal(prop.key))))
        if arguments:
            value = call(self.names.imported("msgspec", "field"), *arguments)
        return field_lines(prop.attribute, hint, value)

    def _facts(self, prop: Property) -> Iterator[tuple[str, Code]]:
        """What `Meta` says for the JSON Schema that msgspec gives."""
        yield from self.texts(prop)
        words = list(self.words(prop))
        words += [("deprecated", Word("True"))] if prop.deprecated else []
        advice = prop.deprecated.partition(": ")[2]
        words += [("x-deprecated", Word(literal(advice)))] if advice else []
        if words:
            entries = tuple((f"{literal(word)}: ", code) for word, code in words)
            yield "extra_json_schema", Brackets("{", entries, "}")

    def _annotated(self, hint: Code, facts: list[tuple[str, Code]]) -> Code:
        """`hint` with more arguments in its `Meta(…)`."""
        if not facts:
            return hint
        annotated = f"{self.names.imported('typing', 'Annotated')}["
        meta = call(self.names.imported("msgspec", "Meta"), *facts)
        return with_arguments(hint, annotated, meta)

    def _unreachable(self, hint: Code) -> tuple[Code, Code]:
        """The hint and default of a field that no config reaches."""
        unset, kind = (self.names.imported("msgspec", name) for name in ("UNSET", "UnsetType"))
        return union(hint, Word(kind)), Word(unset)


def name_problems(module: Module) -> list[Problem]:
    """Warnings of properties that msgspec cannot read."""
    return [
        problem_at(
            prop.nodes[0] if prop.nodes else cls.node,
            "style-name",
            f"msgspec classes do not read {prop.key!r}: msgspec has no names with quotes, "
            "backslashes or control characters",
            warning=True,
        )
        for cls in module.classes
        for prop in cls.properties
        if not can_be_name(prop.key)
    ]
