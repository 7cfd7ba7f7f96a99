"""Load values that fit: what makes of a config's value that of an attribute.

Nothing is decided here but which class an alternative of a union is. Classes whose schema says more
than their properties are loaded by `brevettiai.compiled.Properties`, with a table of functions for
the properties whose values must become something else.
"""

from __future__ import annotations

from typing import Any

from ..model.types import (
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
from .attributes import filled_value, holds_int, is_plain, is_scalar, keeps_names, python_class
from .literals import INDENT, Name, literal
from .program import ModuleCode


class LoadWriter:
    """Writes the expressions that load values, and the functions of one module that they call."""

    def __init__(self, code: ModuleCode) -> None:
        self.code = code
        self._pending: list[list[str]] = []
        self._functions: dict[Type, str] = {}
        self._fills: dict[SettingsClass, str] = {}

    def take_functions(self) -> list[list[str]]:
        """The functions that were asked for since the last call."""
        functions, self._pending = self._pending, []
        return functions

    # Values

    def expression(self, kind: Type, source: str, hint: str, notes: str = "notes") -> str:
        """An expression for the loaded `source`; `hint` names a function if it takes one."""
        if is_scalar(kind) and isinstance(kind, (ScalarType, LiteralType)):
            return f"{self.code.use('whole')}({source})" if holds_int(kind) else source
        if isinstance(kind, ListType) and not kind.prefix and _is_easy_item(kind.item):
            return f"[*{source}]"
        if isinstance(kind, MapType) and _is_easy_item(kind.value):
            # It refuses keys which are no text.
            return f"dict(**{source})"
        if is_plain(kind):
            return f"{self.code.use('copy_json')}({source})"
        if isinstance(kind, ClassType):
            name = self.code.class_name(self.code.of(kind))
            return f"{self.code.use('load_object')}({name}, {source}, {notes})"
        return f"{self._function(kind, hint)}({source}, {notes})"

    def function(self, kind: Type, hint: str) -> str:
        """The name of a function of a value and notes that gives the loaded value."""
        if isinstance(kind, (ScalarType, LiteralType)):
            return self.code.use("whole_number")
        if isinstance(kind, ListType) and not kind.prefix and _is_easy_item(kind.item):
            return self.code.use("copy_list")
        return self.code.use("copy_value") if is_plain(kind) else self._function(kind, hint)

    def _function(self, kind: Type, hint: str) -> str:
        """The name of a function that loads values of a type; equal types share one."""
        known = self._functions.get(kind)
        if known is not None:
            return known
        name = self._functions[kind] = self.code.names.claim(f"value_{hint}"[:40].rstrip("_"))
        if isinstance(kind, UnionType):
            body = self._union_body(kind, hint)
        elif isinstance(kind, ListType) and kind.prefix:
            body = self._prefix_body(kind, hint)
        elif isinstance(kind, ListType):
            item = self.expression(kind.item, "x", f"{hint}_item")
            body = [f"{INDENT}return [{item} for x in v]"]
        elif isinstance(kind, MapType):
            item = self.expression(kind.value, "x", f"{hint}_value")
            # `dict(**v)` is a copy that refuses keys which are no text.
            body = [f"{INDENT}return {{k: {item} for k, x in dict(**v).items()}}"]
        else:
            body = [f"{INDENT}return {self.expression(kind, 'v', hint)}"]
        self._pending.append([f"def {name}(v: Any, notes: Notes) -> Any:", *body])
        return name

    def _prefix_body(self, kind: ListType, hint: str) -> list[str]:
        lines = [f"{INDENT}items: list[Any] = []", f"{INDENT}for i, x in enumerate(v):"]
        joint = "if"
        for index, item in enumerate(kind.prefix):
            lines.append(f"{INDENT * 2}{joint} i == {index}:")
            lines.append(
                f"{INDENT * 3}items.append({self.expression(item, 'x', f'{hint}_{index}')})"
            )
            joint = "elif"
        value = self.expression(kind.item, "x", f"{hint}_item")
        lines += [f"{INDENT * 2}else:", f"{INDENT * 3}items.append({value})"]
        return [*lines, f"{INDENT}return items"]

    def _union_body(self, kind: UnionType, hint: str) -> list[str]:
        lines: list[str] = []
        by_class: dict[str, list[Branch]] = {}
        for branch in kind.branches:
            if not is_plain(branch.type):
                by_class.setdefault(python_class(branch.type), []).append(branch)
        if by_class:
            lines.append(f"{INDENT}t = {self.code.use('class_of')}(v)")
        for name, branches in by_class.items():
            lines.append(f"{INDENT}if t is {'float' if name == 'int' else name}:")
            lines += self._choice(kind, name, branches, hint)
        plain = [branch.type for branch in kind.branches if is_plain(branch.type)]
        tail = "v" if all(map(is_scalar, plain)) else f"{self.code.use('copy_json')}(v)"
        return [*lines, f"{INDENT}return {tail}"]

    def _choice(self, kind: UnionType, name: str, branches: list[Branch], hint: str) -> list[str]:
        """Load the first of `branches` that fits, of Python class `name`; plain ones compete."""
        rivals = [
            branch
            for branch in kind.branches
            if branch in branches or (is_plain(branch.type) and python_class(branch.type) == name)
        ]
        lines: list[str] = []
        if kind.tag is not None and rivals == branches and len(kind.tags) == len(branches):
            lines.append(f"{INDENT * 2}tag = v[{literal(kind.tag)}]")
            for branch, tags in zip(branches, kind.tags, strict=True):
                lines.append(f"{INDENT * 2}if {tag_test(tags)}:")
                lines.append(f"{INDENT * 3}return {self.expression(branch.type, 'v', hint)}")
            return lines
        for branch in rivals:
            value = self.expression(branch.type, "v", hint)
            if len(rivals) == 1 or (branch is rivals[-1] and rivals == branches):
                return [*lines, f"{INDENT * 2}return {value}"]
            tests = [f"{self.code.check_node(node)}(v)" for node in branch.shape]
            lines += [f"{INDENT * 2}if {' and '.join(tests)}:", f"{INDENT * 3}return {value}"]
        return lines

    # Classes

    def properties(self, cls: SettingsClass) -> str:
        """The `Properties` of a class, and a function with the table of those that it loads.

        >>> tags = {"type": "array", "items": {"type": "string"}}
        >>> schema = {"type": "object", "minProperties": 1, "properties": {"tags": tags}}
        >>> function(schema, "loads_root")
        def loads_root() -> dict[str, Any]:
            return {"tags": copy_list}
        """
        hint = self.code.stem(cls)
        table = {
            prop.key: Name(self.function(prop.type, f"{hint}_{prop.attribute}"))
            for prop in cls.properties
            if not is_scalar(prop.type) or holds_int(prop.type)
        }
        arguments = [literal({prop.key: self._placeholder(prop) for prop in cls.properties})]
        if table:
            head = f"def loads_{hint}() -> dict[str, Any]:"
            self._pending.append([head, f"{INDENT}return {literal(table)}"])
            arguments.append(f"loads_{hint}")
        if not keeps_names(cls):
            names = tuple(prop.attribute for prop in cls.properties)
            arguments.append(f"attributes={literal(names)}")
        optional = tuple(prop.key for prop in cls.properties if _may_be_none(prop))
        if optional:
            arguments.append(f"optional={literal(optional)}")
        deprecated = tuple(prop.key for prop in cls.properties if prop.deprecated)
        if deprecated:
            arguments.append(f"deprecated={literal(deprecated)}")
        if cls.closed or cls.declares_extra:
            arguments.append("unknown=None" if cls.closed else 'unknown=""')
        patterns = self.extra_patterns(cls)
        if patterns:
            arguments.append(f"patterns={patterns}")
        if cls.tracks:
            arguments.append("tracks=True")
        return f"{self.code.use('Properties')}({', '.join(arguments)})"

    def fills_name(self, cls: SettingsClass) -> str:
        """The name of what absent properties start from, by key."""
        if cls not in self._fills:
            fills = {prop.key: self._placeholder(prop) for prop in cls.properties}
            self._fills[cls] = self.code.constant_of(f"FILLS_{self.code.stem(cls)}", fills)
        return self._fills[cls]

    def _placeholder(self, prop: Property) -> Any:
        """What an absent property starts from."""
        if prop.fill is not None:
            return filled_value(prop)
        # A required one that is missing must not pass for null.
        if prop.nullable or prop.required:
            return Name(self.code.use("UNSET"))
        return None

    def extra_lines(self, cls: SettingsClass, known: str, test: str) -> list[str]:
        """Statements that keep unknown keys if there are any, as `test` tells."""
        why = "" if cls.declares_extra else "unknown"
        arguments = ["c", "s", known, "notes", literal(why)]
        arguments += [patterns] if (patterns := self.extra_patterns(cls)) else []
        call = f"{self.code.use('unknown_keys')}({', '.join(arguments)})"
        return [f"{INDENT}if {test}:", f"{INDENT * 2}{call}"]

    def extra_patterns(self, cls: SettingsClass) -> str:
        """The patterns of declared keys, where others are worth a note; "" if there are none."""
        if cls.declares_extra or not cls.key_patterns:
            return ""
        scoped = self.code.scopes.enter(cls.node)
        names = [self.code.pattern(scoped, pattern) for pattern in cls.key_patterns]
        return f"({', '.join(names)}{',' if len(names) == 1 else ''})"


def tag_test(tags: tuple[str, ...]) -> str:
    """The test that `tag` is one of the constants of a class."""
    return f"tag == {literal(tags[0])}" if len(tags) == 1 else f"tag in {literal(tags)}"


def _is_easy_item(kind: Type) -> bool:
    """Whether a container of such values only needs to be copied."""
    return isinstance(kind, (ScalarType, LiteralType)) and not holds_int(kind)


def _may_be_none(prop: Property) -> bool:
    """Whether `None` in the attribute means that the property is absent."""
    return not (prop.required or prop.nullable) and (prop.fill is None or not is_scalar(prop.type))
