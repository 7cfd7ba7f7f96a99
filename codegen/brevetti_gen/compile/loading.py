"""Load values that fit: what makes of a config's value that of an attribute.

Nothing is decided here but which class an alternative of a union is. Classes whose schema says more
than their properties are loaded by `brevettiai.compiled.Properties`, with a table of functions for
the properties whose values must become something else.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..model import types
from ..model.types import Branch, Property, SettingsClass, Type
from .attributes import fill_of, holds_int, is_easy, is_plain, is_scalar, keeps_names, python_class
from .block import Block
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
        if is_scalar(kind) and not (holds_int(kind) and isinstance(kind, types.UnionType)):
            return f"{self.code.use('whole')}({source})" if holds_int(kind) else source
        if isinstance(kind, types.ScalarType):
            return f"{self.code.use('of_text')}({literal(kind.python)}, {source})"
        if is_easy(kind) and is_plain(kind):
            # A dict made so refuses keys which are no text.
            return f"[*{source}]" if isinstance(kind, types.ListType) else f"dict(**{source})"
        if is_plain(kind):
            return f"{self.code.use('copy_json')}({source})"
        if isinstance(kind, types.ClassType):
            name = self.code.class_name(self.code.of(kind))
            return f"{self.code.use('load_object')}({name}, {source}, {notes})"
        return f"{self._function(kind, hint)}({source}, {notes})"

    def function(self, kind: Type, hint: str) -> str:
        """The name of a function of a value and notes that gives the loaded value."""
        if holds_int(kind) and isinstance(kind, (types.ScalarType, types.LiteralType)):
            return self.code.use("whole_number")
        if isinstance(kind, types.ListType) and is_easy(kind) and is_plain(kind):
            return self.code.use("copy_list")
        return self.code.use("copy_value") if is_plain(kind) else self._function(kind, hint)

    def _function(self, kind: Type, hint: str) -> str:
        """The name of a function that loads values of a type; equal types share one."""
        if kind in self._functions:
            return self._functions[kind]
        name = self._functions[kind] = self.code.names.claim(f"value_{hint}"[:40].rstrip("_"))
        block = Block()
        if isinstance(kind, types.UnionType):
            self._write_union(kind, hint, block)
        elif isinstance(kind, types.ListType) and kind.prefix:
            self._write_items(kind, hint, block)
        elif isinstance(kind, types.ListType):
            item = self.expression(kind.item, "x", f"{hint}_item")
            block.add(f"return [{item} for x in v]")
        elif isinstance(kind, types.MapType):
            item = self.expression(kind.value, "x", f"{hint}_value")
            if kind.patterns:
                other = f"{self.code.use('copy_json')}(x)"
                item = f"{item} if {matching(self.code, kind.patterns)} else {other}"
            # It refuses keys which are no text.
            block.add("d = dict(**v)", f"return {{k: {item} for k, x in d.items()}}")
        else:
            block.add(f"return {self.expression(kind, 'v', hint)}")
        self._pending.append([f"def {name}(v: Any, notes: Notes) -> Any:", *block.lines])
        return name

    def _write_items(self, kind: types.ListType, hint: str, block: Block) -> None:
        block.add("items: list[Any] = []")
        suite = block.under("for i, x in enumerate(v):")
        for index, item in enumerate(kind.prefix):
            value = self.expression(item, "x", f"{hint}_{index}")
            suite.under(f"{'elif' if index else 'if'} i == {index}:").add(f"items.append({value})")
        value = self.expression(kind.item, "x", f"{hint}_item")
        suite.under("else:").add(f"items.append({value})")
        block.add("return items")

    def _write_union(self, kind: types.UnionType, hint: str, block: Block) -> None:
        by_class: dict[str, list[Branch]] = {}
        for branch in kind.branches:
            if not is_plain(branch.type):
                by_class.setdefault(python_class(branch.type), []).append(branch)
        if by_class:
            block.add(f"t = {self.code.use('class_of')}(v)")
        for name, branches in by_class.items():
            suite = block.under(f"if t is {'float' if name == 'int' else name}:")
            self._write_choice(kind, name, branches, hint, suite)
        plain = [branch.type for branch in kind.branches if is_plain(branch.type)]
        tail = "v" if all(map(is_scalar, plain)) else f"{self.code.use('copy_json')}(v)"
        block.add(f"return {tail}")

    def _write_choice(
        self, kind: types.UnionType, name: str, branches: list[Branch], hint: str, block: Block
    ) -> None:
        """Load the first of `branches` that fits, of Python class `name`; plain ones compete."""
        rivals = [
            branch
            for branch in kind.branches
            if branch in branches or (is_plain(branch.type) and python_class(branch.type) == name)
        ]
        if kind.tag is not None and rivals == branches and len(kind.tags) == len(branches):
            block.add(f"tag = v[{literal(kind.tag)}]")
            for branch, tags in zip(branches, kind.tags, strict=True):
                value = self.expression(branch.type, "v", hint)
                block.under(f"if {tag_test(tags)}:").add(f"return {value}")
            return
        for branch in rivals:
            value = self.expression(branch.type, "v", hint)
            if len(rivals) == 1 or (branch is rivals[-1] and rivals == branches):
                block.add(f"return {value}")
                return
            tests = [f"{self.code.check_again(node)}(v)" for node in branch.shape]
            block.under(f"if {' and '.join(tests)}:").add(f"return {value}")

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
        chosen = {
            prop.key: Name(self._choosing(prop, f"{hint}_{prop.attribute}"))
            for prop in cls.properties
            if _is_chosen(prop)
        }
        table = {
            prop.key: Name(self.function(prop.type, f"{hint}_{prop.attribute}"))
            for prop in cls.properties
            if prop.key not in chosen and (not is_scalar(prop.type) or holds_int(prop.type))
        }
        arguments = [literal({prop.key: self._placeholder(prop) for prop in cls.properties})]
        for name, functions in (("loads", table), ("by_branch", chosen)):
            if functions:
                head = f"def {name}_{hint}() -> dict[str, Any]:"
                self._pending.append([head, f"{INDENT}return {literal(functions)}"])
                arguments.append(f"{name}={name}_{hint}" if chosen else f"{name}_{hint}")
        props, own_names = cls.properties, not keeps_names(cls)
        told: dict[str, Any] = {
            "attributes": tuple(prop.attribute for prop in props if own_names),
            "optional": tuple(prop.key for prop in props if _may_be_none(prop)),
            "deprecated": tuple(prop.key for prop in props if prop.deprecated),
        }
        if any(":" in prop.deprecated for prop in props):
            told["deprecated"] = {prop.key: prop.deprecated for prop in props if prop.deprecated}
        arguments += [f"{name}={literal(names)}" for name, names in told.items() if names]
        if cls.closed or cls.declares_extra:
            arguments.append("unknown=None" if cls.closed else 'unknown=""')
        if patterns := self._extra_patterns(cls):
            arguments.append(f"patterns={patterns}")
        if entry := self.entry_function(cls):
            arguments.append(f"entry={entry}")
        if cls.remembers:
            arguments.append("tracks=True")
        return f"{self.code.use('Properties')}({', '.join(arguments)})"

    def _choosing(self, prop: Property, hint: str) -> str:
        """The name of a function that loads the property as the branch has it that applies."""
        name = self.code.names.claim(f"choose_{hint}"[:40].rstrip("_"))
        block = Block()
        block.add(f"v = c[{literal(prop.key)}]")
        for kind, owners in prop.by_branch:
            tests = [f"{self.code.check_again(node)}(c)" for node in owners]
            suite = block.under(f"if {' and '.join(tests)}:")
            suite.add(f"return {self.expression(kind, 'v', hint)}")
        block.add(f"return {self.expression(prop.type, 'v', hint)}")
        head = f"def {name}(c: dict[str, Any], notes: Notes) -> Any:"
        self._pending.append([head, *block.lines])
        return name

    def fills_name(self, cls: SettingsClass) -> str:
        """The name of what absent properties start from, by key."""
        if cls not in self._fills:
            fills = {prop.key: self._placeholder(prop) for prop in cls.properties}
            self._fills[cls] = self.code.constant_of(f"FILLS_{self.code.stem(cls)}", fills)
        return self._fills[cls]

    def _placeholder(self, prop: Property) -> Any:
        """What an absent property starts from."""
        if prop.fill is not None:
            return fill_of(prop)
        # A required one that is missing must not pass for null.
        if prop.nullable or prop.required:
            return Name(self.code.use("UNSET"))
        return None

    def keep_extra(self, cls: SettingsClass) -> str:
        """The statement that keeps unknown keys."""
        why = "" if cls.declares_extra else "unknown"
        arguments = ["c", "s", self.fills_name(cls), "notes", literal(why)]
        arguments += [patterns] if (patterns := self._extra_patterns(cls)) else []
        arguments += [f"entry={entry}"] if (entry := self.entry_function(cls)) else []
        return f"{self.code.use('unknown_keys')}({', '.join(arguments)})"

    def entry_function(self, cls: SettingsClass) -> str:
        """The name of the function that loads what a key holds that is no property, else ""."""
        if not cls.entries:
            return ""
        stem, block = self.code.stem(cls), Block()
        for number, entries in enumerate(cls.entries):
            suite = block
            if entries.patterns:
                suite = block.under(f"if {matching(self.code, entries.patterns)}:")
            suite.add(f"return {self.expression(entries.type, 'v', f'{stem}_entry{number}')}")
        if cls.entries[-1].patterns:
            block.add(f"return {self.code.use('copy_json')}(v)")
        name = self.code.names.claim(f"entry_{stem}")
        head = f"def {name}(k: str, v: Any, notes: Notes) -> Any:"
        self._pending.append([head, *block.lines])
        return name

    def _extra_patterns(self, cls: SettingsClass) -> str:
        """The patterns of declared keys, where others are worth a note; "" if there are none."""
        if cls.declares_extra or not cls.key_patterns:
            return ""
        scoped = self.code.scopes.at(cls.node)
        return literal(tuple(Name(self.code.pattern(scoped, p)) for p in cls.key_patterns))


def matching(code: ModuleCode, patterns: Iterable[str]) -> str:
    """The test that a key `k` matches one of some patterns."""
    scoped = code.scopes.at(code.module.root)
    return " or ".join(f"{code.pattern(scoped, pattern)}.search(k)" for pattern in patterns)


def tag_test(tags: tuple[str, ...]) -> str:
    """The test that `tag` is one of the constants of a class."""
    return f"tag == {literal(tags[0])}" if len(tags) == 1 else f"tag in {literal(tags)}"


def _is_chosen(prop: Property) -> bool:
    """Whether only the branch that applies tells what objects in a property are."""
    kind = prop.type
    if not prop.by_branch or not isinstance(kind, types.UnionType) or kind.tag is not None:
        return False
    names = [python_class(branch.type) for branch in kind.branches]
    has_objects = not all(is_plain(branch.type) for branch in kind.branches)
    others = {python_class(b.type) for b in kind.branches if not is_scalar(b.type)}
    has_rivals = any(names.count(name) > 1 for name in others)
    return has_objects and has_rivals and all(b.shape for b in prop.by_branch)


def _may_be_none(prop: Property) -> bool:
    """Whether `None` in the attribute means that the property is absent."""
    return not (prop.required or prop.nullable) and (prop.fill is None or not is_scalar(prop.type))
