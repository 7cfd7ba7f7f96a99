"""The library's type hints as code of a module: numbers become names and texts again."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from ..compile.literals import literal
from ..model.types import SettingsClass
from .code import Code, Word, call, subscript, union
from .library import unexpected
from .limits import Limit
from .names import ModuleNames
from .schema import LibraryInput, Slot
from .style import Style
from .texts import LIMITING, as_text, bare_hint

_SOURCES = {
    "Annotated": "typing",
    "Any": "typing",
    "Literal": "typing",
    **{word: library for library, word in LIMITING.items()},
}
_WORDS = frozenset("ge le gt lt multiple_of min_length max_length pattern discriminator".split())


#: The field that holds a property in all of some classes that it tells apart.
Attribute = Callable[[str, set[SettingsClass]], str]


class HintWriter:
    """Writes the hints of one module."""

    def __init__(
        self,
        style: Style,
        given: LibraryInput,
        hints: Mapping[Slot, ast.expr],
        names: ModuleNames,
    ) -> None:
        self.style = style
        self.given = given
        self.hints = hints
        self.names = names
        self._classes = {number: cls for cls, number in given.classes.items()}
        self._keys = {number: key for key, number in given.keys.items()}
        self._typed = {number: typed for typed, number in given.typed.items()}
        self._slot: Slot = ("", "")
        self._attribute: Attribute = lambda key, classes: key
        #: Whether a pattern was written since this was last unset.
        self.has_pattern = False

    def hint(self, slot: Slot, attribute: Attribute) -> Code:
        """The hint of a property; `attribute` names fields that tell classes apart."""
        self._slot, self._attribute = slot, attribute
        node = self.hints[slot]
        self._compare_limits(self.given.limits[slot], node)
        self._compare_constants(self.given.constants[slot], node)
        return self._code(node)

    def classes_in(self, slot: Slot) -> set[SettingsClass]:
        """The classes that a hint names."""
        names = (node.id for node in ast.walk(self.hints[slot]) if isinstance(node, ast.Name))
        return {self._classes[name] for name in names if name in self._classes}

    def _code(self, node: ast.expr) -> Code:
        if self._is_typed(node):
            return as_text(self._bare(node), self.names, self.style.name)
        if isinstance(node, ast.Name):
            return Word(self._name(node.id))
        if isinstance(node, ast.Constant):
            value: Any = node.value
            if isinstance(value, float) and value.is_integer():
                value = int(value)
            return Word(literal(self._text(value) if isinstance(value, str) else value))
        if isinstance(node, ast.UnaryOp):
            return Word(f"-{_word(self._code(node.operand))}")
        if isinstance(node, ast.BinOp):
            return self._union([*_alternatives(node)])
        if isinstance(node, ast.Subscript):
            items = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
            made = subscript(_word(self._code(node.value)), *map(self._code, items))
            is_tuple = isinstance(node.value, ast.Name) and node.value.id == "tuple"
            return self._lax(made) if is_tuple and self.style.names_laxness else made
        if isinstance(node, ast.Call) and not node.args:
            arguments = [(word.arg, self._argument(word)) for word in node.keywords if word.arg]
            return call(_word(self._code(node.func)), *arguments)
        raise unexpected(ast.unparse(node))

    def _union(self, members: list[ast.expr]) -> Code:
        """Alternatives. msgspec has one type for all of them, where one is a text of a type."""
        others = [member for member in members if ast.unparse(member) != "None"]
        if self.style.tells_apart or len(others) == 1 or not any(map(self._is_typed, others)):
            return union(*map(self._code, members))
        whole = as_text(union(*map(self._bare, others)), self.names, self.style.name)
        return union(whole, Word("None")) if len(others) < len(members) else whole

    def _is_typed(self, node: ast.expr) -> bool:
        """Whether texts are objects of a type of Python."""
        return isinstance(node, ast.Name) and node.id in self._typed

    def _bare(self, node: ast.expr) -> Code:
        """A hint; of texts that are objects their class alone."""
        if not (isinstance(node, ast.Name) and node.id in self._typed):
            return self._code(node)
        typed = self._typed[node.id]
        self.has_pattern |= any(word == "pattern" for word, _ in typed.limits)
        return bare_hint(typed, self.names, self.style.name)

    def _lax(self, hint: Code) -> Code:
        """A hint whose values are read from lists, too, where all else is strict."""
        lax = call(self._name("Field"), ("strict", Word("False")))
        return subscript(self._name("Annotated"), hint, lax)

    def _text(self, number: str) -> str:
        text = self.given.texts.get(number)
        if text is None:
            raise unexpected(repr(number))
        return text

    def _argument(self, word: ast.keyword) -> Code:
        if word.arg not in _WORDS:
            raise unexpected(str(word.arg))
        if word.arg == "discriminator" and isinstance(word.value, ast.Constant):
            key = self._keys[str(word.value.value)]
            return Word(literal(self._attribute(key, self.classes_in(self._slot))))
        if word.arg == "pattern":
            self.has_pattern = True
            return Word(literal(self._text(_pattern(word.value))))
        return self._code(word.value)

    def _name(self, name: str) -> str:
        if name in self._classes:
            return self.names.of(self._classes[name])
        if name in _SOURCES:
            return self.names.imported(_SOURCES[name], name)
        return name if name == "None" else self.names.builtin(name)

    def _compare_limits(self, wanted: Iterable[Limit], node: ast.expr) -> None:
        """Note as lost what the library left out; refuse what it added."""
        written = Counter(self._limits_in(node))
        wanted = list(wanted)
        expected = Counter((limit.word, limit.value) for limit in wanted)
        if written - expected:
            raise unexpected(f"limits {sorted(map(str, written - expected))}")
        missing = {word for word, _ in expected - written}
        for limit in wanted:
            if limit.word in missing:
                self.given.lost.update(dict.fromkeys(limit.said_by))

    def _compare_constants(self, expected: set[str], node: ast.expr) -> None:
        found = {
            self._text(value)
            for inner in ast.walk(node)
            if isinstance(inner, ast.Subscript) and ast.unparse(inner.value) == "Literal"
            for constant in ast.walk(inner.slice)
            if isinstance(constant, ast.Constant) and isinstance(value := constant.value, str)
        }
        if found != expected:
            raise unexpected(f"constants {sorted(found ^ expected)}")

    def _limits_in(self, node: ast.expr) -> Iterable[tuple[str, Any]]:
        for inner in ast.walk(node):
            if not isinstance(inner, ast.keyword) or inner.arg == "discriminator":
                continue
            if inner.arg not in _WORDS:
                raise unexpected(str(inner.arg))
            if inner.arg == "pattern":
                yield inner.arg, self._text(_pattern(inner.value))
            else:
                yield inner.arg, ast.literal_eval(inner.value)


def _pattern(node: ast.expr) -> str:
    """The number of a pattern; the library may call `re.compile` on it."""
    if isinstance(node, ast.Call) and len(node.args) == 1:
        node = node.args[0]
    if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
        raise unexpected(ast.unparse(node))
    return node.value


def _alternatives(node: ast.expr) -> Iterator[ast.expr]:
    if isinstance(node, ast.BinOp):
        yield from _alternatives(node.left)
        yield from _alternatives(node.right)
    else:
        yield node


def _word(code: Code) -> str:
    assert isinstance(code, Word)
    return code.text
