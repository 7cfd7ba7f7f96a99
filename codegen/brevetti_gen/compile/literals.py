"""The one place where values become Python text.

Everything that a schema says reaches generated code through `literal`, or through an identifier
that `names` has checked. Long values are laid out as `ruff format` would leave them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, TypeGuard

from ..json_values import is_array, is_object

WIDTH = 88
INDENT = "    "


class Name:
    """A name of generated code among the values of a literal."""

    def __init__(self, text: str) -> None:
        self.text = text


def literal(value: Any) -> str:
    """`value`, JSON or a tuple of JSON, as one line of Python source.

    Strings are ASCII only, so that no invisible or direction-changing character of a schema
    reaches a reader's editor unescaped.
    """
    if isinstance(value, str):
        return _string(value)
    if value is None or isinstance(value, (bool, int)):
        return repr(value)
    if isinstance(value, float):
        if value != value or value in (float("inf"), float("-inf")):
            raise ValueError(f"{value!r} is not JSON")
        return repr(value)
    if is_array(value):
        return f"[{', '.join(map(literal, value))}]"
    if _is_tuple(value):
        return f"({', '.join(map(literal, value))}{',' if len(value) == 1 else ''})"
    if is_object(value):
        return f"{{{', '.join(f'{literal(k)}: {literal(v)}' for k, v in value.items())}}}"
    if isinstance(value, Name):
        return value.text
    raise TypeError(f"no literal for {type(value).__name__}")


@lru_cache(maxsize=10_000)  # the names of properties come again and again
def _string(text: str) -> str:
    """`text` in double quotes, or in single ones where that saves escapes, as ruff prefers."""
    if _PLAIN_TEXT.fullmatch(text):
        return f'"{text}"'
    quote = "'" if text.count('"') > text.count("'") else '"'
    body: list[str] = []
    for character in text:
        code = ord(character)
        if character in ("\\", quote):
            body.append("\\" + character)
        elif 32 <= code < 127:
            body.append(character)
        elif character in _ESCAPES:
            body.append(_ESCAPES[character])
        elif code < 256:
            body.append(f"\\x{code:02x}")
        elif code < 65536:
            body.append(f"\\u{code:04x}")
        else:
            body.append(f"\\U{code:08x}")
    return f"{quote}{''.join(body)}{quote}"


_PLAIN_TEXT = re.compile(r"[ !#-\[\]-~]*")
_ESCAPES = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}


def lines_of(value: Any, prefix: str = "", suffix: str = "", depth: int = 0) -> list[str]:
    """`prefix`, `value` and `suffix` as source lines at `depth`, one item a line where too long.

    `prefix` is what stands before the value on its first line (`"return "`), `suffix` what stands
    after it on its last (`","`).
    """
    indent = INDENT * depth
    room = WIDTH - len(indent) - len(prefix) - len(suffix)
    if _may_fit(value, room):
        line = f"{indent}{prefix}{literal(value)}{suffix}"
        if len(line) <= WIDTH or not value:
            return [line]
    if is_object(value) and value:
        opening, closing = "{", "}"
        items = [(f"{literal(key)}: ", item) for key, item in value.items()]
    elif (is_array(value) or _is_tuple(value)) and value:
        opening, closing = ("[", "]") if is_array(value) else ("(", ")")
        items = [("", item) for item in value]
    else:
        if prefix.endswith(" = "):
            return assignment(prefix.removesuffix(" = "), literal(value), depth)
        return [f"{indent}{prefix}{literal(value)}{suffix}"]
    lines = [f"{indent}{prefix}{opening}"]
    for before, item in items:
        lines += lines_of(item, before, ",", depth + 1)
    lines.append(f"{indent}{closing}{suffix}")
    return lines


def _may_fit(value: Any, room: int) -> bool:
    """Whether the literal of `value` could be as short as `room`, told in about `room` steps.

    Of a string its quotes and characters are counted, of a list its brackets and commas, of an
    object its keys as two characters, of any other scalar nothing.
    """
    stack = [value]
    while stack:
        value = stack.pop()
        if isinstance(value, str):
            room -= len(value) + 2
        elif is_object(value):
            room -= max(2, 6 * len(value))
        elif is_array(value) or _is_tuple(value):
            room -= max(2, 2 * len(value))
        if room < 0:
            return False
        if is_object(value):
            stack += value.values()
        elif is_array(value) or _is_tuple(value):
            stack += value
    return True


def _is_tuple(value: object) -> TypeGuard[tuple[Any, ...]]:
    return isinstance(value, tuple)


def assignment(target: str, text: str, depth: int = 0) -> list[str]:
    """`target = text`, for a `text` without inner line breaks, laid out as ruff does."""
    indent = INDENT * depth
    line = f"{indent}{target} = {text}"
    if len(line) <= WIDTH or len(indent) + len(INDENT) + len(text) > WIDTH:
        return [line]
    return [f"{indent}{target} = (", f"{indent}{INDENT}{text}", f"{indent})"]


def call(function: str, arguments: Sequence[str], depth: int = 0, *, before: str = "") -> list[str]:
    """A call as source lines: on one where it fits, else one argument a line."""
    indent = INDENT * depth
    line = f"{indent}{before}{function}({', '.join(arguments)})"
    if len(line) <= WIDTH:
        return [line]
    return [
        f"{indent}{before}{function}(",
        *(f"{indent}{INDENT}{argument}," for argument in arguments),
        f"{indent})",
    ]


def condition(keyword: str, parts: Iterable[str], joint: str, depth: int = 0) -> list[str]:
    """`if a and b:` as source lines; `keyword` is `if` or `elif`, `joint` is `and` or `or`."""
    return _operation(f"{keyword} ", list(parts), joint, ":", depth)


def returned(parts: Iterable[str], joint: str, depth: int = 0) -> list[str]:
    """`return a or b` as source lines."""
    return _operation("return ", list(parts), joint, "", depth)


def _operation(before: str, parts: list[str], joint: str, after: str, depth: int) -> list[str]:
    """`parts` joined by an operator, broken where ruff breaks them."""
    indent, inner = INDENT * depth, INDENT * (depth + 1)
    text = f" {joint} ".join(parts)
    if len(f"{indent}{before}{text}{after}") <= WIDTH or len(parts) == 1:
        return [f"{indent}{before}{text}{after}"]
    *first, last = parts
    head, bracket, arguments = last.removesuffix(")").partition("(")
    opened = f"{indent}{before}{f' {joint} '.join([*first, head])}("
    if len(parts) == 2 and bracket and last.endswith(")") and arguments and len(opened) <= WIDTH:
        # Of two operands ruff breaks the last one's brackets rather than adding a pair.
        return [opened, f"{inner}{arguments}", f"{indent}){after}"]
    lines = [inner + text]
    if len(lines[0]) > WIDTH:
        lines = [inner + parts[0], *(f"{inner}{joint} {part}" for part in parts[1:])]
    return [f"{indent}{before}(", *lines, f"{indent}){after}"]


def comprehension(
    before: str, opening: str, item: tuple[str, list[str]], clause: str, closing: str, depth: int
) -> list[str]:
    """`before`, and a comprehension of calls `item` (function, arguments), as source lines."""
    function, arguments = item
    indent, inner = INDENT * depth, INDENT * (depth + 1)
    element = f"{function}({', '.join(arguments)})"
    line = f"{indent}{before}{opening}{element} {clause}{closing}"
    if len(line) <= WIDTH:
        return [line]
    lines = [f"{inner}{element} {clause}"]
    if len(lines[0]) > WIDTH:
        lines = [*call(function, arguments, depth + 1), f"{inner}{clause}"]
    return [f"{indent}{before}{opening}", *lines, f"{indent}{closing}"]


def negated(test: str) -> str:
    """The opposite of a test: `not x` → `x`, `a is not b` → `a is b`."""
    if test.startswith("not "):
        opposite = test.removeprefix("not ")
        return f"bool({opposite})" if opposite.isidentifier() else opposite
    if not test.startswith("("):
        bare = _STRINGS.sub(lambda match: "_" * len(match.group()), test)
        for operator, opposite in _OPPOSITES:
            place = bare.find(operator)
            if place >= 0:
                return test[:place] + opposite + test[place + len(operator) :]
    return f"not {test}"


_STRINGS = re.compile(r""" "(?:\\.|[^"\\])*" | '(?:\\.|[^'\\])*' """, re.VERBOSE)
_OPPOSITES = (
    (" is not ", " is "),
    (" not in ", " in "),
    (" != ", " == "),
    (" is ", " is not "),
    (" in ", " not in "),
)
