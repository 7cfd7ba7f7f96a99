"""Expressions of generated code, laid out one item a line where a line would be too long."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from ..compile.literals import INDENT, WIDTH


@dataclass(frozen=True)
class Word:
    """A name or a literal, on one line."""

    text: str


@dataclass(frozen=True)
class Brackets:
    """Items in brackets: a subscript, call, list or dict, each item after its own prefix."""

    opening: str
    items: tuple[tuple[str, Code], ...]
    closing: str

    @property
    def is_subscript(self) -> bool:
        return self.closing == "]" and len(self.opening) > 1


@dataclass(frozen=True)
class Constant(Brackets):
    """A call that makes what nobody can change."""


@dataclass(frozen=True)
class Union:
    """Alternatives, joined by `|`."""

    members: tuple[Code, ...]


@dataclass(frozen=True)
class Prefixed:
    """An expression after a prefix: `lambda: `."""

    prefix: str
    code: Code


Code: TypeAlias = Word | Brackets | Union | Prefixed


def subscript(name: str, *items: Code) -> Brackets:
    return Brackets(f"{name}[", tuple(("", item) for item in items), "]")


def call(name: str, *arguments: tuple[str, Code]) -> Brackets:
    """A call; each argument is its keyword, or "", and its value."""
    return Brackets(f"{name}(", tuple((f"{k}=" if k else "", v) for k, v in arguments), ")")


def with_arguments(hint: Code, annotated: str, more: Brackets) -> Code:
    """`hint` as an `Annotated[…]` with the call `more`, in front of what its own call says.

    `annotated` is what opens it, `Annotated[`.
    """
    if isinstance(hint, Brackets) and hint.opening == annotated and len(hint.items) == 2:
        (_, inner), (_, own) = hint.items
        if isinstance(own, Brackets):
            whole = Brackets(own.opening, (*more.items, *own.items), own.closing)
            return Brackets(annotated, (("", inner), ("", whole)), "]")
    return Brackets(annotated, (("", hint), ("", more)), "]")


def union(*members: Code) -> Code:
    """Alternatives, flat, each one once, `None` last."""
    flat: dict[Code, None] = {}
    for member in members:
        flat.update(dict.fromkeys(member.members if isinstance(member, Union) else (member,)))
    none = Word("None")
    kept = [member for member in flat if member != none] + ([none] if none in flat else [])
    return kept[0] if len(kept) == 1 else Union(tuple(kept))


def text(code: Code) -> str:
    """`code` on one line."""
    if isinstance(code, Word):
        return code.text
    if isinstance(code, Union):
        return " | ".join(map(text, code.members))
    if isinstance(code, Prefixed):
        return code.prefix + text(code.code)
    inside = ", ".join(p + text(item) for p, item in code.items)
    comma = "," if code.opening == "(" and len(code.items) == 1 else ""
    return f"{code.opening}{inside}{comma}{code.closing}"


def lines(code: Code, before: str = "", after: str = "", depth: int = 0) -> list[str]:
    """`before`, `code` and `after` as lines at `depth`, inside brackets of their own."""
    indent = INDENT * depth
    line = f"{indent}{before}{text(code)}{after}"
    if len(line) <= WIDTH or not _can_break(code):
        return [line]
    if isinstance(code, Prefixed):
        return lines(code.code, before + code.prefix, after, depth)
    if isinstance(code, Union):
        first, *rest = code.members
        found = lines(first, before, "", depth)
        for member in rest:
            found += lines(member, "| ", "", depth)
        return [*found[:-1], found[-1] + after]
    assert isinstance(code, Brackets)
    found = _opened(code, before, depth)
    return [*found[:-1], found[-1] + after]


def _opened(code: Brackets, before: str, depth: int) -> list[str]:
    """Brackets with one item a line, even if they would fit on one."""
    indent = INDENT * depth
    comma = "" if code.is_subscript and len(code.items) == 1 else ","
    found = [f"{indent}{before}{code.opening}"]
    for prefix, item in code.items:
        found += lines(item, prefix, comma, depth + 1)
    return [*found, f"{indent}{code.closing}"]


def _can_break(code: Code) -> bool:
    if isinstance(code, Prefixed):
        return _can_break(code.code)
    return isinstance(code, Union) or (isinstance(code, Brackets) and bool(code.items))


def statement(target: str, code: Code, depth: int = 0) -> list[str]:
    """`target code`, where `target` is `x: ` or `x = `, as lines of a statement."""
    indent = INDENT * depth
    if len(f"{indent}{target}{text(code)}") <= WIDTH or not _can_break(code):
        return [f"{indent}{target}{text(code)}"]
    if isinstance(code, Union):
        return [f"{indent}{target}(", *lines(code, depth=depth + 1), f"{indent})"]
    return lines(code, target, "", depth)


def signature(
    name: str, parameters: Sequence[tuple[str, Code | None]], result: Code, depth: int
) -> list[str]:
    """The `def` of a function with parameters, each with its hint if it has one, as lines."""
    items = [(f"{p}: " if hint else "", hint or Word(p)) for p, hint in parameters]
    head = Brackets(f"def {name}(", tuple(items), ")")
    line = f"{INDENT * depth}{text(head)} -> {text(result)}:"
    if len(line) <= WIDTH:
        return [line]
    *front, last = _opened(head, "", depth)
    whole = f"{last} -> {text(result)}:"
    if len(whole) <= WIDTH or not _can_break(result):
        return [*front, whole]
    if isinstance(result, Union):
        inner = lines(result, depth=depth + 1)
        return [*front, f"{last} -> (", *inner, f"{INDENT * depth}):"]
    return [*front, *lines(result, f"{last.strip()} -> ", ":", depth)]


def field_lines(name: str, hint: Code, value: Code | None, depth: int = 1) -> list[str]:
    """`name: hint = value` as lines: the value is broken first, then the hint."""
    if value is None:
        return statement(f"{name}: ", hint, depth)
    indent = INDENT * depth
    whole = f"{indent}{name}: {text(hint)} = {text(value)}"
    if len(whole) <= WIDTH:
        return [whole]
    head = f"{name}: {text(hint)} = "
    if _can_break(value):
        opened = lines(value, head, "", depth)
        if len(opened[0]) <= WIDTH:
            return opened
    if isinstance(hint, Union) and len(f"{indent}{head}(") <= WIDTH:
        return [f"{indent}{head}(", *lines(value, depth=depth + 1), f"{indent})"]
    if _can_break(hint):
        front = statement(f"{name}: ", hint, depth)
        if len(front) == 1:
            front = _broken(name, hint, depth)
        return [*front[:-1], *lines(value, f"{front[-1].strip()} = ", "", depth)]
    if len(f"{indent}{INDENT}{text(value)}") <= WIDTH and not _can_break(value):
        return [f"{indent}{head}(", f"{indent}{INDENT}{text(value)}", f"{indent})"]
    return lines(value, head, "", depth)


def _broken(name: str, hint: Code, depth: int) -> list[str]:
    """A hint that would fit on one line, broken nevertheless to make room behind it."""
    indent = INDENT * depth
    if isinstance(hint, Brackets):
        return _opened(hint, f"{name}: ", depth)
    return [f"{indent}{name}: (", *lines(hint, depth=depth + 1), f"{indent})"]
