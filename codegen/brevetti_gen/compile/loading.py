"""Load: from a config that fits to a settings object.

A load is only ever given what the check has accepted, so that it decides nothing but which class
an alternative of a union is.
"""

from __future__ import annotations

from typing import Any

from ..model.types import ClassType, Property, SettingsClass, Type
from .literals import INDENT, Name, call, lines_of, literal
from .scope import Site
from .types import holds_int, is_plain, is_scalar, keeps_names
from .unit import ModuleUnit
from .values import ValueCompiler


class LoadCompiler:
    """Compiles the load functions of a unit's classes."""

    def __init__(self, unit: ModuleUnit) -> None:
        self.unit = unit
        self._values = ValueCompiler(unit)
        self._fills: dict[SettingsClass, str] = {}

    def load_function(self, cls: SettingsClass, check: str) -> list[list[str]]:
        """`load_x` and `take_x`, and the functions of unions that they need."""
        name = self.unit.load_name(cls)
        lines = [f"def {name}(c: Any, s: Any, notes: Notes) -> Any:"]
        body = self._load_whole(cls) if keeps_names(cls) else self._load_each(cls)
        lines += body
        if cls.tracks:
            lines.append(f"{INDENT}s.__given__ = frozenset(c)")
        lines.append(f"{INDENT}return s")
        stem = self.unit.stem(cls)
        take = [
            f"def take_{stem}(c: Any, s: Any, notes: Notes) -> bool:",
            f"{INDENT}if not {check}(c):",
            f"{INDENT * 2}return False",
            f"{INDENT}load_{stem}(c, s, notes)",
            f"{INDENT}return True",
        ]
        return [lines, take, *self._values.take_functions()]

    def _load_whole(self, cls: SettingsClass) -> list[str]:
        """Load by laying the config over the fills, where attributes have the names of keys."""
        name, split = self.fills_of(cls)
        lines = [f"{INDENT}d: dict[str, Any] = {{**{name}, **c}}"]
        lines.append(f"{INDENT}s.__extra__ = None")
        if not cls.closed:
            lines += [f"{INDENT}if len(d) != {len(cls.properties)}:", *split]
        for prop in cls.properties:
            lines += [INDENT + line for line in self._settle(cls, prop)]
        return [*lines, f"{INDENT}s.__dict__ = d"]

    def value_lines(self, kind: Type, source: str, hint: str, target: str, notes: str) -> list[str]:
        """Statements that load `source`, a value that fits, into `target`."""
        return self._values.load(kind, source, hint, target, notes)

    def take_functions(self) -> list[list[str]]:
        """The functions of values that were asked for since the last call."""
        return self._values.take_functions()

    def fills_name(self, cls: SettingsClass) -> str:
        """The name of what absent properties start from."""
        if cls not in self._fills:
            fills = {prop.key: self._placeholder(prop) for prop in cls.properties}
            self._fills[cls] = self.unit.constant_of(f"FILLS_{self.unit.stem(cls)}", fills)
        return self._fills[cls]

    def fills_of(self, cls: SettingsClass) -> tuple[str, list[str]]:
        """The name of what absent properties start from, and how extra keys are split off."""
        name = self.fills_name(cls)
        if cls.closed:
            return name, []
        why = "" if cls.declares_extra else "unknown"
        arguments = ["d", "c", "s", name, "notes", literal(why), *self._extra_patterns(cls)]
        return name, call(self.unit.use("split_extra"), arguments, 2)

    def _placeholder(self, prop: Property) -> Any:
        """What an absent property starts from."""
        if prop.fill is not None:
            return prop.fill.value
        # A required one that is missing must not pass for null.
        if prop.nullable or prop.required:
            return Name(self.unit.use("UNSET"))
        return None

    def _settle(self, cls: SettingsClass, prop: Property) -> list[str]:
        """Statements that load the value of a property where it is not what it must become."""
        place = f"d[{literal(prop.key)}]"
        hint = f"{self.unit.stem(cls)}_{prop.attribute}"
        lines: list[str] = []
        if prop.deprecated:
            lines += [
                f"if {literal(prop.key)} in c:",
                f'{INDENT}notes.append((c, {literal(prop.key)}, "deprecated"))',
            ]
        if is_scalar(prop.type) and not holds_int(prop.type):
            return lines
        if is_scalar(prop.type):
            whole = self.unit.use("whole")
            lines += [f"w = {place}", "if type(w) is float:", f"{INDENT}{place} = {whole}(w)"]
            return lines
        absent = "UNSET" if prop.nullable else "None"
        notes = "notes"
        if prop.fill is not None and prop.fill.value and isinstance(prop.fill.value, (dict, list)):
            notes = f"notes if {literal(prop.key)} in c else []"
        if prop.required or prop.fill is not None:
            return lines + self._values.load(prop.type, place, hint, place, notes)
        lines += [f"w = {place}", f"if w is not {absent}:"]
        inner = self._values.load(prop.type, "w", hint, place)
        return lines + [INDENT + line for line in inner]

    def _load_each(self, cls: SettingsClass) -> list[str]:
        """Load attribute by attribute."""
        lines = [f"{INDENT}d: dict[str, Any] = s.__dict__"]
        if not cls.closed:
            lines.append(f"{INDENT}n = {len(cls.properties)}")
        for prop in cls.properties:
            lines += self._load_property(cls, prop)
        return lines + self._load_extra(cls)

    def _load_property(self, cls: SettingsClass, prop: Property) -> list[str]:
        key, target = literal(prop.key), f"d[{literal(prop.attribute)}]"
        hint = f"{self.unit.stem(cls)}_{prop.attribute}"
        given = self._values.load(prop.type, f"c[{key}]", hint, target)
        if prop.required:
            return [INDENT + line for line in given]
        lines = [f"{INDENT}if {key} in c:"]
        lines += [INDENT * 2 + line for line in given]
        if prop.deprecated:
            lines.append(f'{INDENT * 2}notes.append((c, {key}, "deprecated"))')
        lines.append(f"{INDENT}else:")
        lines += [INDENT * 2 + line for line in self._load_absent(prop, hint, target)]
        if not cls.closed:
            lines.append(f"{INDENT * 2}n -= 1")
        return lines

    def _load_absent(self, prop: Property, hint: str, target: str) -> list[str]:
        if prop.fill is None:
            if prop.nullable:
                self.unit.used.add("UNSET")
            return [f"{target} = {'UNSET' if prop.nullable else 'None'}"]
        value = prop.fill.value
        if isinstance(prop.type, ClassType) and value == {}:
            return self._values.load_object(self.unit.of(prop.type), "{}", target, "[]")
        # The lines stand two levels deep.
        indent = INDENT * 2
        if is_plain(prop.type) or not isinstance(value, (dict, list)):
            return [line.removeprefix(indent) for line in lines_of(value, f"{target} = ", depth=2)]
        lines = [line.removeprefix(indent) for line in lines_of(value, "w = ", depth=2)]
        return lines + self._values.load(prop.type, "w", hint, target, notes="[]")

    def _load_extra(self, cls: SettingsClass) -> list[str]:
        lines = [f"{INDENT}s.__extra__ = None"]
        if cls.closed:
            return lines
        return [*lines, *self.extra_lines(cls, self.keys_name(cls), "len(c) != n")]

    def extra_lines(self, cls: SettingsClass, known: str, test: str) -> list[str]:
        """Statements that keep unknown keys if there are any, as `test` tells."""
        self.unit.use("unknown_keys")
        why = "" if cls.declares_extra else "unknown"
        arguments = ["c", "s", known, "notes", literal(why), *self._extra_patterns(cls)]
        return [f"{INDENT}if {test}:", *call("unknown_keys", arguments, 2)]

    def attributes_name(self, cls: SettingsClass) -> str:
        """The name of a constant with the attributes."""
        names = tuple(prop.attribute for prop in cls.properties)
        return self.unit.constant_of(f"ATTRIBUTES_{self.unit.stem(cls)}", names)

    def keys_name(self, cls: SettingsClass) -> str:
        """The name of a constant with the keys that have attributes."""
        keys = tuple(prop.key for prop in cls.properties)
        return self.unit.constant_of(f"ATTRIBUTES_{self.unit.stem(cls)}", keys)

    def _extra_patterns(self, cls: SettingsClass) -> list[str]:
        """The patterns of declared keys, where others are worth a note."""
        if cls.declares_extra or not cls.key_patterns:
            return []
        names = [self.unit.pattern(Site(cls.node), pattern) for pattern in cls.key_patterns]
        return [f"({', '.join(names)}{',' if len(names) == 1 else ''})"]
