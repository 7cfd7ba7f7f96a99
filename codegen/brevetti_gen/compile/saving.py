"""Save: from a settings object back to its config."""

from __future__ import annotations

from ..model.types import (
    ClassType,
    ListType,
    LiteralType,
    MapType,
    Property,
    ScalarType,
    SettingsClass,
    Type,
    UnionType,
)
from .literals import INDENT, literal
from .loading import LoadCompiler
from .types import keeps_names


class SaveCompiler:
    """Compiles the save functions of a unit's classes."""

    def __init__(self, loads: LoadCompiler) -> None:
        self.unit = loads.unit
        self._loads = loads

    def save_function(self, cls: SettingsClass) -> list[str]:
        """`get_config()` of `cls`: what its attributes hold, keys in the order of the schema."""
        lines = [f"def save_{self.unit.stem(cls)}(s: Any) -> dict[str, Any]:"]
        lines += self._save_whole(cls) if keeps_names(cls) else self._save_each(cls)
        if not cls.closed:
            lines.append(f"{INDENT}if s.__extra__:")
            lines.append(f"{INDENT * 2}c.update({self.unit.use('config_of')}(s.__extra__))")
        return [*lines, f"{INDENT}return c"]

    def _save_whole(self, cls: SettingsClass) -> list[str]:
        """Save by copying the attributes, where they have the names of keys."""
        fills = self._loads.fills_name(cls)
        lines = [f"{INDENT}c: dict[str, Any] = s.__dict__.copy()"]
        lines.append(f"{INDENT}if len(c) != {len(cls.properties)}:")
        lines.append(f"{INDENT * 2}c = {self.unit.use('without_others')}(c, {fills})")
        for prop in cls.properties:
            place = f"c[{literal(prop.key)}]"
            if isinstance(prop.type, ClassType) and not cls.tracks:
                lines += self._save_object(prop, self.unit.of(prop.type), place)
                continue
            saved = self._saved(cls, prop.type, "v")
            absent = "UNSET" if prop.nullable else "None"
            if prop.required and saved != "v":
                lines.append(f"{INDENT}{place} = {self._saved(cls, prop.type, place)}")
            elif not prop.required and (saved != "v" or prop.nullable or prop.fill is None):
                if prop.nullable:
                    self.unit.use("UNSET")
                lines += [f"{INDENT}v = {place}", f"{INDENT}if v is {absent}:"]
                lines.append(f"{INDENT * 2}del {place}")
                if saved != "v":
                    lines += [f"{INDENT}else:", f"{INDENT * 2}{place} = {saved}"]
        return lines

    def _save_object(self, prop: Property, cls: SettingsClass, place: str) -> list[str]:
        """Save what should be an object of `cls`, whose own function is the shortest way."""
        lines = [f"{INDENT}v = {place}"]
        joint = "if"
        if not cls.tracks:
            lines += [f"{INDENT}if type(v) is {self.unit.class_name(cls)}:"]
            lines += [f"{INDENT * 2}{place} = {self.unit.function_name(cls, 'save')}(v)"]
            joint = "elif"
        if not prop.required:
            absent = self.unit.use("UNSET") if prop.nullable else "None"
            lines += [f"{INDENT}{joint} v is {absent}:", f"{INDENT * 2}del {place}"]
            joint = "elif"
        if joint == "if":
            return [f"{INDENT}{place} = {place}.get_config()"]
        return [*lines, f"{INDENT}else:", f"{INDENT * 2}{place} = v.get_config()"]

    def _save_each(self, cls: SettingsClass) -> list[str]:
        """Save attribute by attribute."""
        lines: list[str] = []
        leading: list[tuple[str, str]] = []
        rest = list(cls.properties)
        while rest and rest[0].required:
            prop = rest[0]
            saved = self._saved(cls, prop.type, _attribute(prop))
            if len(literal(prop.key)) + len(saved) > 76:
                break
            leading.append((literal(prop.key), saved))
            rest.pop(0)
        if leading:
            lines.append(f"{INDENT}c: dict[str, Any] = {{")
            lines += [f"{INDENT * 2}{key}: {value}," for key, value in leading]
            lines.append(f"{INDENT}}}")
        else:
            lines.append(f"{INDENT}c: dict[str, Any] = {{}}")
        for prop in rest:
            absent = "UNSET" if prop.nullable else "None"
            if prop.nullable:
                self.unit.used.add("UNSET")
            lines.append(f"{INDENT}v = {_attribute(prop)}")
            lines.append(f"{INDENT}if v is not {absent}:")
            saved = self._saved(cls, prop.type, "v")
            lines.append(f"{INDENT * 2}c[{literal(prop.key)}] = {saved}")
        return lines

    def _saved(self, cls: SettingsClass, kind: Type, source: str) -> str:
        """An expression for the config of an attribute; the full one where `cls` tracks."""
        if isinstance(kind, (ScalarType, LiteralType)):
            return source
        if isinstance(kind, ClassType) and not cls.tracks:
            return f"{source}.get_config()"
        if isinstance(kind, ListType) and not kind.prefix:
            if isinstance(kind.item, (ScalarType, LiteralType)):
                return f"[*{source}]"
            if isinstance(kind.item, ClassType) and not cls.tracks:
                return f"[x.get_config() for x in {source}]"
        if isinstance(kind, MapType) and isinstance(kind.value, (ScalarType, LiteralType)):
            return f"{{**{source}}}"
        if isinstance(kind, UnionType) and all(
            isinstance(branch.type, (ScalarType, LiteralType)) for branch in kind.branches
        ):
            return source
        return f"{self.unit.use('full_config_of' if cls.tracks else 'config_of')}({source})"


def _attribute(prop: Property) -> str:
    return f"s.{prop.attribute}"
