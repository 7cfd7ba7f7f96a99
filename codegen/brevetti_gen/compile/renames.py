"""Functions that put the new names of properties in place of old ones, `x-renamed-from`.

Configs are renamed before they are checked, so that all else knows the new names only. A class has
a rename function only if it, or a class that its objects can hold, has an old name.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..model.types import Branch, ClassType, ListType, MapType, SettingsClass, Type, UnionType
from .block import Block
from .literals import Name, literal
from .loading import matching
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
        body = Block()
        body.under("if type(c) is not dict:").add("return")
        if cls.growth:
            body.add(f"{self.code.use('grow_object')}(c, at, out, {self.growth(cls)})")
        for prop in cls.properties if not cls.growth else ():
            for name in prop.old_keys:
                names = f"{literal(name)}, {literal(prop.key)}"
                body.add(f"{self.code.use('rename_key')}(c, {names}, at, out)")
        for prop in [prop for prop in cls.properties if self._concerns(prop.type)]:
            key, hint = literal(prop.key), f"{self.code.stem(cls)}_{prop.attribute}"
            body.under(f"if {key} in c:").add(self._renamed(prop.type, hint, f"c[{key}]", key))
        if any(self._concerns(entries.type) for entries in cls.entries):
            self._entries(cls, body.under("for k, x in c.items():"))
        head = f"def rename_{self.code.stem(cls)}(c: Any, at: Path, out: Renames) -> None:"
        functions, self._pending = [[head, *body.lines], *self._pending], []
        return functions

    def growth(self, cls: SettingsClass) -> str:
        """The name of the rows that say what else old configs of `cls` have."""
        return f"GROWTH_{self.code.stem(cls)}"

    def _entries(self, cls: SettingsClass, block: Block) -> None:
        known = literal(tuple(prop.key for prop in cls.properties))
        block.add(f"known = k in {known}")
        for number, entries in enumerate(cls.entries):
            test = "not known"
            if entries.patterns:
                block.add(f"found = {matching(self.code, entries.patterns)}")
                test += " and found"
            elif cls.key_patterns:
                test += " and not found"
            suite, is_old = block.under(f"if {test}:"), self._concerns(entries.type)
            hint = f"{self.code.stem(cls)}_entry{number}"
            suite.add(self._renamed(entries.type, hint, "x", "k") if is_old else "pass")

    def value_function(self, kind: Type, hint: str) -> tuple[str, list[list[str]]]:
        """The name of the function that renames in values of a type, and what that needs."""
        name = self._function(kind, hint) if self._concerns(kind) else "None"
        functions, self._pending = self._pending, []
        return name, functions

    def _concerns(self, kind: Type) -> bool:
        return any(cls.renames for cls in self.code.program.model.classes_in(kind))

    def _renamed(self, kind: Type, hint: str, value: str = "c", step: str = "") -> str:
        """A statement that renames in a value of a type, which lies a step from `at`."""
        at = f"(*at, {step})" if step else "at"
        return f"{self._function(kind, hint)}({value}, {at}, out)"

    def _function(self, kind: Type, hint: str) -> str:
        """The name of a function that renames in values of a type."""
        if isinstance(kind, ClassType):
            return self.code.function_name(self.code.of(kind), "rename")
        body = Block()
        if isinstance(kind, UnionType):
            self._union(kind, hint, body)
        elif isinstance(kind, MapType):
            suite = body.under("if type(c) is dict:").under("for k, x in c.items():")
            if kind.patterns:
                suite = suite.under(f"if {matching(self.code, kind.patterns)}:")
            suite.add(self._renamed(kind.value, hint + "_value", "x", "k"))
        else:
            assert isinstance(kind, ListType)
            suite = body.under("if type(c) is list:").under("for i, x in enumerate(c):")
            self._items(kind, hint, suite)
        name = self.code.names.claim(f"rename_{hint}"[:60])
        self._pending.append([f"def {name}(c: Any, at: Path, out: Renames) -> None:", *body.lines])
        return name

    def _items(self, kind: ListType, hint: str, block: Block) -> None:
        for position, item in enumerate(kind.prefix):
            suite = block.under(f"{'elif' if position else 'if'} i == {position}:")
            is_old, inner = self._concerns(item), f"{hint}_{position}"
            suite.add(self._renamed(item, inner, "x", "i") if is_old else "pass")
        if self._concerns(kind.item):
            if kind.prefix:
                block = block.under("else:")
            block.add(self._renamed(kind.item, hint + "_item", "x", "i"))

    def _union(self, kind: UnionType, hint: str, block: Block) -> None:
        objects = [b for b in kind.branches if isinstance(b.type, (ClassType, MapType))]
        others = [b for b in kind.branches if b not in objects and self._concerns(b.type)]
        if any(self._concerns(branch.type) for branch in objects):
            suite = block.under("if type(c) is dict:")
            if kind.tag is not None and len(kind.tags) == len(objects):
                suite.add(f"tag = c.get({literal(kind.tag)})")
                for branch, values in zip(objects, kind.tags, strict=True):
                    if self._concerns(branch.type):
                        inner = suite.under(f"if tag in {literal(values)}:")
                        inner.add(self._renamed(branch.type, hint))
            elif len(objects) == 1:
                suite.add(self._renamed(objects[0].type, hint))
            else:
                suite.add(self._by_trial(objects, hint))
        for number, branch in enumerate(others):
            block.add(self._renamed(branch.type, f"{hint}_list" + (str(number) if number else "")))

    def _by_trial(self, objects: Sequence[Branch], hint: str) -> str:
        """The first branch that fits after its renames is the one whose renames count."""
        rows: list[str] = []
        for number, branch in enumerate(objects):
            rename = "None"
            if self._concerns(branch.type):
                rename = self._function(branch.type, f"{hint}_{number}")
            checks = tuple(Name(self.code.check_again(node)) for node in branch.shape)
            rows.append(f"({rename}, {literal(checks)}),")
        return f"{self.code.use('rename_first')}(c, at, out, ({' '.join(rows)}))"
