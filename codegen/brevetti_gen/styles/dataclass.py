"""Standard dataclasses."""

from __future__ import annotations

from collections.abc import Iterator

from ..compile.literals import literal
from ..compile.text import docstring
from ..model.types import Property, ScalarType, SettingsClass, Shape, Type, UnionType
from .code import Brackets, Code, Prefixed, Word, call, field_lines, union
from .kinds import limited_kind
from .limits import Limit, limits_of
from .schema import EXTRA
from .writer import OTHERS, StyledClass, StyledField, Writer, is_changeable


class DataclassWriter(Writer):
    """Standard dataclasses."""

    def write(self, cls: SettingsClass) -> StyledClass:
        decorator = f"@{self.names.imported('dataclasses', 'dataclass')}(kw_only=True)"
        fields = [StyledField(self._field(cls, p), self.field_doc(p)) for p in cls.properties]
        others = self.others(cls)
        if others is not None:
            fields.append(StyledField(self._holding(cls, others), docstring([OTHERS], 1)))
        return StyledClass(
            cls.name,
            decorator,
            self.doc(cls),
            fields,
            tail=self.attributes(presets=self.presets(cls), secrets=self.hidden(cls)),
        )

    def _field(self, cls: SettingsClass, prop: Property) -> list[str]:
        hint = self.hint(cls, prop)
        arguments: list[tuple[str, Code]] = []
        value: Code | None = None
        if prop.fill is not None:
            value = self.defaults.code(prop.type, prop.fill.value)
        elif not prop.required:
            hint, value = union(hint, Word("None")), Word("None")
        if value is not None and is_changeable(value):
            arguments.append(("default_factory", self.factory(value, hint, self.slot(cls, prop))))
        facts = list(self._facts(prop))
        if facts:
            entries = tuple((f"{literal(name)}: ", code) for name, code in facts)
            arguments.append(("metadata", Brackets("{", entries, "}")))
        if self.is_hidden(cls, prop):
            arguments.append(("repr", Word("False")))
        if arguments:
            if value is not None and not is_changeable(value):
                arguments.insert(0, ("default", value))
            value = call(self.names.imported("dataclasses", "field"), *arguments)
        return field_lines(prop.attribute, hint, value)

    def _holding(self, cls: SettingsClass, hint: Code) -> list[str]:
        """The field for keys that are no properties, which `SettingsAdapter` knows by its mark."""
        slot = (self.given.classes[cls], EXTRA)
        factory = hint
        if slot in self.hints.hints and not self.hints.classes_in(slot) <= self.done:
            assert isinstance(hint, Brackets)
            factory = Prefixed("lambda: ", Brackets(hint.opening, hint.items, "]()"))
        hides = bool(self.secrets.marks_of_others(cls))
        value = call(
            self.names.imported("dataclasses", "field"),
            ("init", Word("False")),
            *([("repr", Word("False"))] if hides else []),
            ("default_factory", factory),
            ("metadata", Brackets("{", (('"extra": ', Word("True")),), "}")),
        )
        return field_lines("extra", hint, value)

    def _facts(self, prop: Property) -> Iterator[tuple[str, Code]]:
        """What `metadata` says for forms and help: the name in configs, words of the schema."""
        if prop.key != prop.attribute:
            yield "alias", Word(literal(prop.key))
        yield from self.texts(prop)
        for limit in self._limits(prop):
            if limit.keyword != "pattern":
                yield limit.keyword, Word(literal(limit.value))
        if not (prop.required or prop.nullable or prop.fill is not None):
            yield "nullable", Word("False")  # so `None` means that there is no value
        yield from self.words(prop)
        if prop.deprecated:
            yield "deprecated", Word("True")
        if advice := prop.deprecated.partition(": ")[2]:
            yield "x-deprecated", Word(literal(advice))

    def _limits(self, prop: Property) -> list[Limit]:
        """The limits of a property's values, of those beside null where it is allowed."""
        kind: Type = prop.type
        shape: Shape = prop.shape
        if isinstance(kind, UnionType):
            others = [each for each in kind.branches if each.type != ScalarType("None")]
            if len(others) == 1:
                kind, shape = others[0].type, (*shape, *others[0].shape)
        name, applied = limited_kind(kind), self.shapes.applied(shape)
        whole = kind == ScalarType("int")
        return limits_of(name, applied, whole=whole, exact=False) if name else []
