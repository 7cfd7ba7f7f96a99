"""Standard dataclasses."""

from __future__ import annotations

from ..literals import literal
from ..model import Property, SettingsClass
from .code import Code, Group, Word, call, field_lines, union
from .writer import ClassText, FieldText, Writer


class DataclassWriter(Writer):
    """Standard dataclasses."""

    def write(self, cls: SettingsClass) -> ClassText:
        decorator = f"@{self.names.imported('dataclasses', 'dataclass')}(kw_only=True)"
        fields = [FieldText(self._field(cls, p), self.field_doc(p)) for p in cls.properties]
        return ClassText(cls.name, decorator, self.doc(cls), fields)

    def _field(self, cls: SettingsClass, prop: Property) -> list[str]:
        hint = self.hint(cls, prop)
        arguments: list[tuple[str, Code]] = []
        value: Code | None = None
        if prop.fill is not None:
            value = self.defaults.code(prop.type, prop.fill.value)
        elif not prop.required:
            hint, value = union(hint, Word("None")), Word("None")
        if isinstance(value, Group):
            arguments.append(("default_factory", self.factory(value, hint, self.slot(cls, prop))))
        if prop.key != prop.attribute:
            name = Word(literal(prop.key))
            arguments.append(("metadata", Group("{", (('"alias": ', name),), "}")))
        if prop.secret:
            arguments.append(("repr", Word("False")))
        if arguments:
            if value is not None and not isinstance(value, Group):
                arguments.insert(0, ("default", value))
            value = call(self.names.imported("dataclasses", "field"), *arguments)
        return field_lines(prop.attribute, hint, value)
