"""Functions that put the new names of properties in place of old ones, `x-renamed-from`.

Configs are renamed before they are checked, so that all else knows the new names only. A class has
a rename function only if it, or a class that its objects can hold, has an old name.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..model.types import (
    Branch,
    ClassType,
    ListType,
    MapType,
    SettingsClass,
    Type,
    UnionType,
)
from .literals import INDENT, call, literal
from .program import ModuleCode


class RenameCompiler:
    """Compiles the rename functions of a module's classes."""

    def __init__(self, code: ModuleCode) -> None:
        self.code = code
        self._pending: list[list[str]] = []

    def rename_function(self, cls: SettingsClass) -> list[list[str]]:
        """The rename of `cls`, and the functions of lists, maps and unions that it needs.

        >>> epochs = {"type": "integer", "x-renamed-from": ["rounds"]}
        >>> function({"type": "object", "properties": {"epochs": epochs}}, "rename_root")
        def rename_root(c: Any, at: Path, out: Renames) -> None:
            if type(c) is not dict:
                return
            rename_key(c, "rounds", "epochs", at, out)
        """
        body: list[str] = []
        for prop in cls.properties:
            for name in prop.old_keys:
                arguments = ["c", literal(name), literal(prop.key), "at", "out"]
                body += call(self.code.use("rename_key"), arguments, 1)
        for prop in cls.properties:
            if self._concerns(prop.type):
                key = literal(prop.key)
                function = self._function(prop.type, f"{self.code.stem(cls)}_{prop.attribute}")
                body.append(f"{INDENT}if {key} in c:")
                body += call(function, [f"c[{key}]", f"(*at, {key})", "out"], 2)
        lines = [f"def rename_{self.code.stem(cls)}(c: Any, at: Path, out: Renames) -> None:"]
        lines += [f"{INDENT}if type(c) is not dict:", f"{INDENT * 2}return", *body]
        functions, self._pending = [lines, *self._pending], []
        return functions

    def _concerns(self, kind: Type) -> bool:
        return any(cls.renames for cls in self.code.program.model.classes_in(kind))

    def _function(self, kind: Type, hint: str) -> str:
        """The name of a function that renames in values of a type."""
        if isinstance(kind, ClassType):
            return self.code.function_name(self.code.of(kind), "rename")
        if isinstance(kind, UnionType):
            body = self._union(kind, hint)
        elif isinstance(kind, MapType):
            inner = self._function(kind.value, hint + "_value")
            body = [f"{INDENT}if type(c) is dict:", f"{INDENT * 2}for k, x in c.items():"]
            body += call(inner, ["x", "(*at, k)", "out"], 3)
        else:
            assert isinstance(kind, ListType)
            body = [f"{INDENT}if type(c) is list:", *self._list(kind, hint)]
        name = self.code.names.claim(f"rename_{hint}"[:60])
        self._pending.append([f"def {name}(c: Any, at: Path, out: Renames) -> None:", *body])
        return name

    def _list(self, kind: ListType, hint: str) -> list[str]:
        lines = [f"{INDENT * 2}for i, x in enumerate(c):"]
        joint, depth = "if", 4
        for position, item in enumerate(kind.prefix):
            lines.append(f"{INDENT * 3}{joint} i == {position}:")
            lines += self._item(item, f"{hint}_{position}", 4)
            joint = "elif"
        if not kind.prefix:
            depth = 3
        elif self._concerns(kind.item):
            lines.append(f"{INDENT * 3}else:")
        if self._concerns(kind.item):
            lines += self._item(kind.item, hint + "_item", depth)
        return lines

    def _item(self, kind: Type, hint: str, depth: int) -> list[str]:
        if not self._concerns(kind):
            return [f"{INDENT * depth}pass"]
        return call(self._function(kind, hint), ["x", "(*at, i)", "out"], depth)

    def _union(self, kind: UnionType, hint: str) -> list[str]:
        lines: list[str] = []
        objects = [b for b in kind.branches if isinstance(b.type, (ClassType, MapType))]
        others = [b for b in kind.branches if b not in objects and self._concerns(b.type)]
        if any(self._concerns(branch.type) for branch in objects):
            lines.append(f"{INDENT}if type(c) is dict:")
            if kind.tag is not None and len(kind.tags) == len(objects):
                lines += self._by_tag(kind.tag, kind.tags, objects, hint)
            elif len(objects) == 1:
                lines += call(self._function(objects[0].type, hint), ["c", "at", "out"], 2)
            else:
                lines += self._by_trial(objects, hint)
        for number, branch in enumerate(others):
            function = self._function(branch.type, f"{hint}_list" + (str(number) if number else ""))
            lines += call(function, ["c", "at", "out"], 1)
        return lines

    def _by_tag(
        self, tag: str, tags: Sequence[tuple[str, ...]], objects: Sequence[Branch], hint: str
    ) -> list[str]:
        lines = [f"{INDENT * 2}tag = c.get({literal(tag)})"]
        for branch, values in zip(objects, tags, strict=True):
            if self._concerns(branch.type):
                lines.append(f"{INDENT * 2}if tag in {literal(values)}:")
                lines += call(self._function(branch.type, hint), ["c", "at", "out"], 3)
        return lines

    def _by_trial(self, objects: Sequence[Branch], hint: str) -> list[str]:
        """The first branch that fits after its renames is the one whose renames count."""
        rows: list[str] = []
        for number, branch in enumerate(objects):
            rename = "None"
            if self._concerns(branch.type):
                rename = self._function(branch.type, f"{hint}_{number}")
            checks = [self.code.check_node(node) for node in branch.shape]
            comma = "," if len(checks) == 1 else ""
            rows.append(f"({rename}, ({', '.join(checks)}{comma})),")
        branches = f"({' '.join(rows)})"
        return call(self.code.use("rename_first"), ["c", "at", "out", branches], 2)
