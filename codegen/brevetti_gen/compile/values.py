"""Load single values: what statement or expression makes of a config's value an attribute's."""

from __future__ import annotations

from ..model.types import (
    Branch,
    ClassType,
    ListType,
    LiteralType,
    MapType,
    ScalarType,
    SettingsClass,
    Type,
    UnionType,
)
from .literals import INDENT, literal
from .types import holds_int, is_int, is_plain, python_class
from .unit import ModuleUnit


class ValueCompiler:
    """Compiles the loading of values, and the functions of unions and tuples that it takes."""

    def __init__(self, unit: ModuleUnit) -> None:
        self.unit = unit
        self._pending: list[list[str]] = []
        self._functions: dict[tuple[Type, str], str] = {}

    def take_functions(self) -> list[list[str]]:
        """The functions that were asked for since the last call."""
        functions, self._pending = self._pending, []
        return functions

    def load(
        self, kind: Type, source: str, hint: str, target: str, notes: str = "notes"
    ) -> list[str]:
        """Statements that load `source` into `target`."""
        if isinstance(kind, ClassType):
            return self.load_object(self.unit.of(kind), source, target, notes)
        if is_int(kind):
            lines = [] if source == "w" else [f"w = {source}"]
            lines.append(f"{target} = w if type(w) is int else int(w)")
            return lines
        return [f"{target} = {self.expression(kind, source, hint, notes)}"]

    def load_object(self, cls: SettingsClass, source: str, target: str, notes: str) -> list[str]:
        return [f"{target} = {self.expression(ClassType(cls.key), source, '', notes)}"]

    def expression(self, kind: Type, source: str, hint: str, notes: str) -> str:
        """An expression for the loaded `source`."""
        if isinstance(kind, (ScalarType, LiteralType)):
            return f"{source}" if not holds_int(kind) else f"{self.unit.use('whole')}({source})"
        if isinstance(kind, ListType) and not kind.prefix:
            if isinstance(kind.item, (ScalarType, LiteralType)) and not holds_int(kind.item):
                return f"{source}.copy()"
            if not is_plain(kind.item):
                return f"{self._function(kind, hint)}({source}, {notes})"
        if isinstance(kind, MapType):
            # `dict(**v)` is a copy that refuses keys which are no text.
            copied = f"dict(**{source})"
            if isinstance(kind.value, (ScalarType, LiteralType)) and not holds_int(kind.value):
                return copied
            if not is_plain(kind.value):
                return f"{self._function(kind, hint)}({source}, {notes})"
        if is_plain(kind):
            return f"{self.unit.use('copy_json')}({source})"
        if isinstance(kind, ClassType):
            self.unit.used.add("new")
            name = self.unit.class_name(self.unit.of(kind))
            return f"{self.unit.load_name(self.unit.of(kind))}({source}, new({name}), {notes})"
        return f"{self._function(kind, hint)}({source}, {notes})"

    # Unions and tuples

    def _function(self, kind: Type, hint: str) -> str:
        """The name of a function that loads values of a type with alternatives."""
        if isinstance(kind, (ScalarType, LiteralType)):
            return self.unit.use("whole")
        known = self._functions.get((kind, hint))
        if known is not None:
            return known
        name = self._functions[kind, hint] = self.unit.names.claim(f"load_{hint}"[:40])
        if isinstance(kind, UnionType):
            body = self._union_body(kind, hint)
        elif isinstance(kind, ListType) and kind.prefix:
            body = self._prefix_body(kind, hint)
        elif isinstance(kind, ListType):
            item = self._call(kind.item, f"{hint}_item")
            body = [f"{INDENT}return [{item} for x in v]"]
        else:
            assert isinstance(kind, MapType)
            item = self._call(kind.value, f"{hint}_value")
            # `dict(**v)` is a copy that refuses keys which are no text.
            body = [f"{INDENT}return {{k: {item} for k, x in dict(**v).items()}}"]
        self._pending.append([f"def {name}(v: Any, notes: Notes) -> Any:", *body])
        return name

    def _call(self, kind: Type, hint: str) -> str:
        """The call that loads `x`."""
        if isinstance(kind, ClassType):
            return self.expression(kind, "x", hint, "notes")
        if isinstance(kind, (ScalarType, LiteralType)):
            return f"{self.unit.use('whole')}(x)"
        return f"{self._function(kind, hint)}(x, notes)"

    def _prefix_body(self, kind: ListType, hint: str) -> list[str]:
        lines = [f"{INDENT}items: list[Any] = []"]
        lines.append(f"{INDENT}for i, x in enumerate(v):")
        joint = "if"
        for index, item in enumerate(kind.prefix):
            lines.append(f"{INDENT * 2}{joint} i == {index}:")
            value = self.expression(item, "x", f"{hint}_{index}", "notes")
            lines.append(f"{INDENT * 3}items.append({value})")
            joint = "elif"
        value = self.expression(kind.item, "x", f"{hint}_item", "notes")
        lines += [f"{INDENT * 2}else:", f"{INDENT * 3}items.append({value})"]
        return [*lines, f"{INDENT}return items"]

    def _union_body(self, kind: UnionType, hint: str) -> list[str]:
        lines: list[str] = []
        by_class: dict[str, list[Branch]] = {}
        for branch in kind.branches:
            if not is_plain(branch.type):
                by_class.setdefault(python_class(branch.type), []).append(branch)
        if by_class:
            lines.append(f"{INDENT}t = {self.unit.use('class_of')}(v)")
        for name, branches in by_class.items():
            plain_rivals = [
                branch
                for branch in kind.branches
                if is_plain(branch.type) and python_class(branch.type) == name
            ]
            lines.append(f"{INDENT}if t is {'float' if name == 'int' else name}:")
            lines += self._branches_body(kind, branches, plain_rivals, hint)
        plain_scalars = all(
            isinstance(branch.type, (ScalarType, LiteralType))
            for branch in kind.branches
            if is_plain(branch.type)
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
                test = f"tag == {literal(tags[0])}"
                if len(tags) > 1:
                    test = f"tag in {self.unit.constant_of(f'TAGS_{hint}'[:24], tags)}"
                lines.append(f"{INDENT * 2}if {test}:")
                lines += self._return(branch.type, hint, 3)
            return lines
        for branch in everyone:
            last = branch is everyone[-1] and branch in branches and not plain
            if last or len(everyone) == 1:
                lines += self._return(branch.type, hint, 2)
                return lines
            tests = [f"{self.unit.check_node(node)}(v)" for node in branch.shape]
            lines.append(f"{INDENT * 2}if {' and '.join(tests)}:")
            lines += self._return(branch.type, hint, 3)
        return lines

    def _return(self, kind: Type, hint: str, depth: int) -> list[str]:
        return [f"{INDENT * depth}return {self.expression(kind, 'v', hint, 'notes')}"]
