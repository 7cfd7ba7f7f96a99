"""Load and save: from a config that fits to a settings object, and back.

A load is only ever given what the check has accepted, so that it decides nothing but which class
an alternative of a union is.
"""

from __future__ import annotations

from typing import Any

from ..literals import INDENT, Name, call, condition, lines_of, literal
from ..model import (
    AnyType,
    Branch,
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
from .scope import Site
from .unit import ModuleUnit


class LoadCompiler:
    """Compiles the load, save and constructor functions of a unit's classes."""

    def __init__(self, unit: ModuleUnit) -> None:
        self.unit = unit
        self._pending: list[list[str]] = []
        self._functions: dict[tuple[Type, str], str] = {}
        self._fills: dict[SettingsClass, str] = {}

    # Names of the functions of classes

    def load_name(self, cls: SettingsClass) -> str:
        return self._qualified(cls, f"load_{cls.function_name}")

    def take_name(self, cls: SettingsClass) -> str:
        return self._qualified(cls, f"take_{cls.function_name}")

    def class_name(self, cls: SettingsClass) -> str:
        return self._qualified(cls, cls.name)

    def _qualified(self, cls: SettingsClass, name: str) -> str:
        if cls.module is self.unit.module:
            return name
        return f"{self.unit.import_module(cls.module)}.{name}"

    # Load

    def load_function(self, cls: SettingsClass, check: str) -> list[list[str]]:
        """`load_x` and `take_x`, and the functions of unions that they need."""
        name = self.load_name(cls)
        lines = [f"def {name}(c: Any, s: Any, notes: Notes) -> {cls.name}:"]
        body = self._load_whole(cls) if keeps_names(cls) else self._load_each(cls)
        if any(line.lstrip().startswith("w = ") for line in body):
            lines.append(f"{INDENT}w: Any")
        lines += body
        if cls.tracks:
            lines.append(f"{INDENT}s.__given__ = frozenset(c)")
        lines += [f"{INDENT}loaded: {cls.name} = s", f"{INDENT}return loaded"]
        stem = cls.function_name
        take = [
            f"def take_{stem}(c: Any, s: Any, notes: Notes) -> bool:",
            f"{INDENT}if not {check}(c):",
            f"{INDENT * 2}return False",
            f"{INDENT}load_{stem}(c, s, notes)",
            f"{INDENT}return True",
        ]
        functions, self._pending = [lines, take, *self._pending], []
        return functions

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

    def fills_of(self, cls: SettingsClass) -> tuple[str, list[str]]:
        """The name of what absent properties start from, and how extra keys are split off."""
        if cls not in self._fills:
            fills = {prop.key: self._placeholder(prop) for prop in cls.properties}
            self._fills[cls] = self.unit.constant_of(f"FILLS_{cls.function_name}", fills)
        name = self._fills[cls]
        if cls.closed:
            return name, []
        why = "" if cls.declares_extra else "unknown"
        arguments = ["d", "c", "s", name, "notes", literal(why), *self._extra_patterns(cls)]
        return name, call(self.unit.use("split_extra"), arguments, 2)

    def _placeholder(self, prop: Property) -> Any:
        """What an absent property starts from."""
        if prop.fill is not None:
            return prop.fill.value
        if prop.nullable and not prop.required:
            return Name(self.unit.use("UNSET"))
        return None

    def _settle(self, cls: SettingsClass, prop: Property) -> list[str]:
        """Statements that load the value of a property where it is not what it must become."""
        place = f"d[{literal(prop.key)}]"
        hint = f"{cls.function_name}_{prop.attribute}"
        lines: list[str] = []
        if prop.deprecated:
            lines += [
                f"if {literal(prop.key)} in c:",
                f'{INDENT}notes.append((c, {literal(prop.key)}, "deprecated"))',
            ]
        if self._is_scalar(prop.type):
            return lines
        if isinstance(prop.type, UnionType) and self._is_scalar(prop.type, ints=True):
            whole = self.unit.use("whole")
            lines += [f"w = {place}", "if type(w) is float:", f"{INDENT}{place} = {whole}(w)"]
            return lines
        absent = "UNSET" if prop.nullable else "None"
        if self._holds_int(prop.type):
            lines.append(f"w = {place}")
            test = ["type(w) is not int"]
            if not prop.required and prop.fill is None:
                test.append(f"w is not {absent}")
            lines += condition("if", test, "and")
            return [*lines, f"{INDENT}{place} = int(w)"]
        notes = "notes"
        if prop.fill is not None and prop.fill.value and isinstance(prop.fill.value, (dict, list)):
            notes = f"notes if {literal(prop.key)} in c else []"
        if prop.required or prop.fill is not None:
            return lines + self._load_value(prop.type, place, hint, place, notes)
        lines += [f"w = {place}", f"if w is not {absent}:"]
        inner = self._load_value(prop.type, "w", hint, place)
        return lines + [INDENT + line for line in inner]

    def _is_scalar(self, kind: Type, *, ints: bool = False) -> bool:
        """Whether values can be taken over as they are, whole floats apart if `ints`."""
        if isinstance(kind, UnionType):
            return all(self._is_scalar(branch.type, ints=ints) for branch in kind.branches)
        return isinstance(kind, (ScalarType, LiteralType)) and (ints or not self._holds_int(kind))

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
        hint = f"{cls.function_name}_{prop.attribute}"
        given = self._load_value(prop.type, f"c[{key}]", hint, target)
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
        if isinstance(prop.type, ClassType) and isinstance(value, dict):
            return self._load_object(prop.type.cls, literal(value), target, "[]")
        if self._is_plain(prop.type) or not isinstance(value, (dict, list)):
            return lines_of(value, f"{target} = ")
        lines = lines_of(value, "w = ")
        return lines + self._load_value(prop.type, "w", hint, target, notes="[]")

    def _load_extra(self, cls: SettingsClass) -> list[str]:
        lines = [f"{INDENT}s.__extra__ = None"]
        if cls.closed:
            return lines
        self.unit.use("unknown_keys")
        keys = self.unit.constant_of(
            f"ATTRIBUTES_{cls.function_name}", tuple(prop.key for prop in cls.properties)
        )
        why = "" if cls.declares_extra else "unknown"
        lines.append(f"{INDENT}if len(c) != n:")
        arguments = ["c", "s", keys, "notes", literal(why), *self._extra_patterns(cls)]
        lines += call("unknown_keys", arguments, 2)
        return lines

    def _extra_patterns(self, cls: SettingsClass) -> list[str]:
        """The patterns of declared keys, where others are worth a note."""
        if cls.declares_extra or not cls.key_patterns:
            return []
        names = [self.unit.pattern(Site(cls.node), pattern) for pattern in cls.key_patterns]
        return [f"({', '.join(names)}{',' if len(names) == 1 else ''})"]

    def _load_value(
        self, kind: Type, source: str, hint: str, target: str, notes: str = "notes"
    ) -> list[str]:
        """Statements that load `source` into `target`."""
        if isinstance(kind, ClassType):
            return self._load_object(kind.cls, source, target, notes)
        if self._is_int(kind):
            lines = [] if source == "w" else [f"w = {source}"]
            return [*lines, f"{target} = w if type(w) is int else int(w)"]
        expression = self._expression(kind, source, hint, notes)
        line = f"{target} = {expression}"
        if len(line) + 8 <= 88:
            return [line]
        return [f"w = {source}", f"{target} = {self._expression(kind, 'w', hint, notes)}"]

    def _load_object(self, cls: SettingsClass, source: str, target: str, notes: str) -> list[str]:
        self.unit.used.add("new")
        arguments = [source, f"new({self.class_name(cls)})", notes]
        depth = 2
        lines = call(self.load_name(cls), arguments, depth, before=f"{target} = ")
        return [line[len(INDENT) * depth :] for line in lines]

    def _expression(self, kind: Type, source: str, hint: str, notes: str) -> str:
        """An expression for the loaded `source`."""
        if isinstance(kind, (ScalarType, LiteralType)):
            return (
                f"{source}" if not self._holds_int(kind) else f"{self.unit.use('whole')}({source})"
            )
        if isinstance(kind, ListType) and not kind.prefix:
            if isinstance(kind.item, (ScalarType, LiteralType)) and not self._holds_int(kind.item):
                return f"{source}.copy()"
            if not self._is_plain(kind.item):
                return (
                    f"[{self._expression(kind.item, 'x', hint + '_item', notes)} for x in {source}]"
                )
        if isinstance(kind, MapType):
            # `dict(**v)` is a copy that refuses keys which are no text.
            copied = f"dict(**{source})"
            if isinstance(kind.value, (ScalarType, LiteralType)) and not self._holds_int(
                kind.value
            ):
                return copied
            if not self._is_plain(kind.value):
                value = self._expression(kind.value, "x", hint + "_value", notes)
                return f"{{k: {value} for k, x in {copied}.items()}}"
        if self._is_plain(kind):
            return f"{self.unit.use('copy_json')}({source})"
        if isinstance(kind, ClassType):
            self.unit.used.add("new")
            name = self.class_name(kind.cls)
            return f"{self.load_name(kind.cls)}({source}, new({name}), {notes})"
        return f"{self._function(kind, hint)}({source}, {notes})"

    def _is_plain(self, kind: Type) -> bool:
        """Whether loading changes nothing in a value of this type."""
        if isinstance(kind, AnyType):
            return True
        if isinstance(kind, (ScalarType, LiteralType)):
            return not self._holds_int(kind)
        if isinstance(kind, ListType):
            return self._is_plain(kind.item) and all(map(self._is_plain, kind.prefix))
        if isinstance(kind, MapType):
            return self._is_plain(kind.value)
        if isinstance(kind, UnionType):
            return all(self._is_plain(branch.type) for branch in kind.branches)
        return False

    def _holds_int(self, kind: Type) -> bool:
        """Whether an integral float must become an int."""
        if isinstance(kind, ScalarType):
            return kind.name == "int"
        return isinstance(kind, LiteralType) and any(type(v) is int for v in kind.values)

    def _is_int(self, kind: Type) -> bool:
        """Whether every value is an integer."""
        if isinstance(kind, LiteralType):
            return all(type(v) is int for v in kind.values)
        return kind == ScalarType("int")

    # Unions and tuples

    def _function(self, kind: Type, hint: str) -> str:
        """The name of a function that loads values of a type with alternatives."""
        assert isinstance(kind, (UnionType, ListType, ScalarType, LiteralType))
        if isinstance(kind, (ScalarType, LiteralType)):
            return self.unit.use("whole")
        known = self._functions.get((kind, hint))
        if known is not None:
            return known
        name = self._functions[kind, hint] = self.unit.names.claim(f"load_{hint}"[:60])
        body = self._union_body(kind, hint) if isinstance(kind, UnionType) else []
        if isinstance(kind, ListType):
            body = self._prefix_body(kind, hint)
        self._pending.append([f"def {name}(v: Any, notes: Notes) -> Any:", *body])
        return name

    def _prefix_body(self, kind: ListType, hint: str) -> list[str]:
        lines = [f"{INDENT}items: list[Any] = []"]
        lines.append(f"{INDENT}for i, x in enumerate(v):")
        joint = "if"
        for index, item in enumerate(kind.prefix):
            lines.append(f"{INDENT * 2}{joint} i == {index}:")
            value = self._expression(item, "x", f"{hint}_{index}", "notes")
            lines.append(f"{INDENT * 3}items.append({value})")
            joint = "elif"
        value = self._expression(kind.item, "x", f"{hint}_item", "notes")
        lines += [f"{INDENT * 2}else:", f"{INDENT * 3}items.append({value})"]
        return [*lines, f"{INDENT}return items"]

    def _union_body(self, kind: UnionType, hint: str) -> list[str]:
        lines: list[str] = []
        by_class: dict[str, list[Branch]] = {}
        for branch in kind.branches:
            if not self._is_plain(branch.type):
                by_class.setdefault(_python_class(branch.type), []).append(branch)
        if by_class:
            lines.append(f"{INDENT}t = type(v)")
        for python_class, branches in by_class.items():
            plain_rivals = [
                branch
                for branch in kind.branches
                if self._is_plain(branch.type) and _python_class(branch.type) == python_class
            ]
            guards = ["t is float"] if python_class == "int" else [f"t is {python_class}"]
            lines += condition("if", guards, "and", 1)
            lines += self._branches_body(kind, branches, plain_rivals, hint)
        plain_scalars = all(
            isinstance(branch.type, (ScalarType, LiteralType))
            for branch in kind.branches
            if self._is_plain(branch.type)
        )
        tail = "v" if plain_scalars else f"{self.unit.use('copy_json')}(v)"
        return [*lines, f"{INDENT}return {tail}"]

    def _branches_body(
        self, kind: UnionType, branches: list[Branch], plain: list[Branch], hint: str
    ) -> list[str]:
        """Load the first of `branches` that fits; `plain` ones of the same kind may come before."""
        everyone = [b for b in kind.branches if b in branches or b in plain]
        lines: list[str] = []
        if kind.tag is not None and not plain and len(kind.tags) == len(branches):
            lines.append(f"{INDENT * 2}tag = v[{literal(kind.tag)}]")
            for branch, tags in zip(branches, kind.tags, strict=True):
                test = f"tag == {literal(tags[0])}" if len(tags) == 1 else f"tag in {literal(tags)}"
                lines += condition("if", [test], "and", 2)
                lines += self._return(branch.type, hint, 3)
            return lines
        for branch in everyone:
            last = branch is everyone[-1] and branch in branches and not plain
            if last or len(everyone) == 1:
                lines += self._return(branch.type, hint, 2)
                return lines
            tests = [f"{self.unit.check_node(node)}(v)" for node in branch.shape]
            lines += condition("if", tests, "and", 2)
            lines += self._return(branch.type, hint, 3)
        return lines

    def _return(self, kind: Type, hint: str, depth: int) -> list[str]:
        if isinstance(kind, ClassType):
            self.unit.used.add("new")
            arguments = ["v", f"new({self.class_name(kind.cls)})", "notes"]
            return call(self.load_name(kind.cls), arguments, depth, before="return ")
        return [f"{INDENT * depth}return {self._expression(kind, 'v', hint, 'notes')}"]

    # Save

    def save_function(self, cls: SettingsClass) -> list[str]:
        """`get_config()` of `cls`: what its attributes hold, keys in the order of the schema."""
        lines = [f"def save_{cls.function_name}(s: Any) -> dict[str, Any]:"]
        lines += self._save_whole(cls) if keeps_names(cls) else self._save_each(cls)
        if not cls.closed:
            lines.append(f"{INDENT}if s.__extra__:")
            lines.append(f"{INDENT * 2}c.update({self.unit.use('config_of')}(s.__extra__))")
        return [*lines, f"{INDENT}return c"]

    def _save_whole(self, cls: SettingsClass) -> list[str]:
        """Save by copying the attributes, where they have the names of keys."""
        lines = [f"{INDENT}c: dict[str, Any] = s.__dict__.copy()"]
        lines.append(f"{INDENT}if len(c) != {len(cls.properties)}:")
        lines.append(f"{INDENT * 2}c = {self.unit.use('without_others')}(c, {self._fills[cls]})")
        for prop in cls.properties:
            place = f"c[{literal(prop.key)}]"
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

    def _save_each(self, cls: SettingsClass) -> list[str]:
        """Save attribute by attribute."""
        lines: list[str] = []
        leading: list[tuple[str, str]] = []
        rest = list(cls.properties)
        while rest and rest[0].required:
            prop = rest.pop(0)
            leading.append((literal(prop.key), self._saved(cls, prop.type, _attribute(prop))))
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


def keeps_names(cls: SettingsClass) -> bool:
    """Whether every attribute has the name of its key."""
    return all(prop.attribute == prop.key for prop in cls.properties)


def _attribute(prop: Property) -> str:
    return f"s.{prop.attribute}"


def _python_class(kind: Type) -> str:
    if isinstance(kind, (ClassType, MapType)):
        return "dict"
    if isinstance(kind, ListType):
        return "list"
    if isinstance(kind, ScalarType):
        return kind.name
    if isinstance(kind, LiteralType):
        # An integer among other constants may come as a float, which alone needs loading.
        return "int" if any(type(v) is int for v in kind.values) else "str"
    return "object"
