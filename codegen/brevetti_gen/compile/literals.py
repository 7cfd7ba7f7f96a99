"""The one place where values become Python text.

Everything that a schema says reaches generated code through `literal`, or through an identifier
that `names` has checked.
"""

from __future__ import annotations

from functools import lru_cache
from json import dumps
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
    if value is None or isinstance(value, int):
        return repr(value)
    if is_object(value):
        return f"{{{', '.join([f'{literal(k)}: {literal(v)}' for k, v in value.items()])}}}"
    if isinstance(value, float):
        if value != value or value in (float("inf"), float("-inf")):
            raise ValueError(f"{value!r} is not JSON")
        return repr(value).replace("e+", "e")  # as ruff has it
    if is_tuple(value):
        return f"({', '.join(map(literal, value))}{',' if len(value) == 1 else ''})"
    if is_array(value):
        return f"[{', '.join(map(literal, value))}]"
    if isinstance(value, Name):
        return value.text
    raise TypeError(f"no literal for {type(value).__name__}")


@lru_cache(maxsize=10_000)  # the names of properties come again and again
def _string(text: str) -> str:
    """`text` in double quotes, or in single ones where that saves escapes, as ruff prefers."""
    quote = "'" if text.count('"') > text.count("'") else '"'
    body = text.encode("unicode_escape").decode().replace(quote, f"\\{quote}")
    return f"{quote}{body}{quote}"


def lines_of(value: Any, prefix: str = "", suffix: str = "", depth: int = 0) -> list[str]:
    """`prefix`, `value` and `suffix` as source lines at `depth`, laid out as ruff does.

    >>> lines_of({"width": 512}, "default=", ",")
    ['default={"width": 512},']
    """
    indent = INDENT * depth
    line = f"{indent}{prefix}{literal(value)}{suffix}"
    if len(line) <= WIDTH or not (value and (is_object(value) or is_array(value))):
        return [line]
    if is_object(value):
        ends, items = "{}", [(f"{literal(key)}: ", item) for key, item in value.items()]
    else:
        ends, items = "[]", [("", item) for item in value]
    inner = [line for key, item in items for line in lines_of(item, key, ",", depth + 1)]
    return [f"{indent}{prefix}{ends[0]}", *inner, f"{indent}{ends[1]}{suffix}"]


def json_text(value: Any) -> str:
    """A literal of the JSON text of `value`, each node of a large document on a line of its own.

    It is a raw one, so that the text of a schema can be read; what could end it is escaped.

    >>> print(json_text({"title": "It's"}))
    r'''{"title": "It\\u0027s"}'''
    """
    text = _json_lines(value).replace("'", "\\u0027").replace("\x7f", "\\u007f")
    return f"r'''{text}'''"


def _json_lines(value: Any) -> str:
    """JSON text in which what fits on no line, and holds more than scalars, is one part a line."""
    text = dumps(value)
    parts = list(value.values()) if is_object(value) else value if is_array(value) else []
    is_short = len(text) - 2 * len(parts) <= 160
    if is_short or not any(is_object(part) or is_array(part) for part in parts):
        return text
    names = [f"{dumps(key)}: " for key in value] if is_object(value) else [""] * len(parts)
    texts = [name + _json_lines(part) for name, part in zip(names, parts, strict=True)]
    return text[0] + ",\n".join(texts) + text[-1]


def is_tuple(value: object) -> TypeGuard[tuple[Any, ...]]:
    """Whether `value` is a tuple, said so that type checkers know what it holds."""
    return isinstance(value, tuple)
