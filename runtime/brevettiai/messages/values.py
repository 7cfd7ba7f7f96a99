"""Which values a setting takes, in words: its limits, and what JSON text of it holds."""

from __future__ import annotations

import json

from .structure import keys_of
from .words import PYTHON_TYPES, either

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from typing import Any

_WORDS = {
    "string": ("a text", "texts"),
    "integer": ("a whole number", "whole numbers"),
    "number": ("a number", "numbers"),
    "boolean": ("true or false", "true or false each"),
    "null": ("null", "nulls"),
    "any": ("any value", "values"),
    **PYTHON_TYPES,
}
_SIZES = (("minLength", "maxLength", "character"), ("minItems", "maxItems", "item"))
#: By keyword of a limit, which of several is the strongest.
LIMITS: Mapping[str, Callable[[Sequence[Any]], Any]] = {
    "minimum": max,
    "exclusiveMinimum": max,
    "maximum": min,
    "exclusiveMaximum": min,
    "multipleOf": min,
    "minLength": max,
    "maxLength": min,
    "minItems": max,
    "maxItems": min,
}
#: A hint is read in a glance; longer enumerations end in an ellipsis.
MAX_NAMES = 8
_MAX_BRANCHES = 4


def bounds(limits: Mapping[str, Any]) -> tuple[tuple[Any, bool], tuple[Any, bool]]:
    """The lower and the upper limit of numbers, None for none, and whether each is excluded."""
    return (
        _strongest(limits, "minimum", "exclusiveMinimum", max),
        _strongest(limits, "maximum", "exclusiveMaximum", min),
    )


def _strongest(
    limits: Mapping[str, Any], inclusive: str, exclusive: str, choose: Callable[..., Any]
) -> tuple[Any, bool]:
    reached, excluded = limits.get(inclusive), limits.get(exclusive)
    is_excluded = excluded is not None and (
        reached is None or choose(reached, excluded) == excluded
    )
    return (excluded if is_excluded else reached), is_excluded


def limits_text(limits: Mapping[str, Any]) -> str:
    """The range of numbers, or the size of texts or lists, of a row of the property table.

    >>> limits_text({"minimum": 0, "maximum": 180})
    '0 to 180'
    >>> limits_text({"exclusiveMinimum": 0, "multipleOf": 2})
    'more than 0'
    >>> limits_text({"minItems": 1})
    'at least 1 item'
    >>> limits_text({"minItems": 2, "maxItems": 2})
    '2 items'
    """
    low, high = bounds(limits)
    if low[0] is not None or high[0] is not None:
        return _range(low, high)
    for least, most, noun in _SIZES:
        if least in limits or most in limits:
            shortest, longest = limits.get(least), limits.get(most)
            last = shortest if longest is None else longest
            text = _range((shortest, False), (longest, False))
            return f"{text} {noun}{'' if last == 1 else 's'}"
    return ""


def _range(low: tuple[Any, bool], high: tuple[Any, bool]) -> str:
    if low[0] is not None and high[0] is not None and not low[1] and not high[1]:
        return f"{low[0]} to {high[0]}" if low[0] != high[0] else f"{low[0]}"
    parts: list[str] = []
    if low[0] is not None:
        parts.append(f"{'more than' if low[1] else 'at least'} {low[0]}")
    if high[0] is not None:
        parts.append(f"{'less than' if high[1] else 'at most'} {high[0]}")
    return ", ".join(parts)


def search_text(search: Any) -> str:
    """How a setting varies in sweeps by its schema, as `compiled.Field` has it; "" for nothing.

    >>> search_text({"scale": "log", "range": [0.001, 1]}), search_text(True), search_text(None)
    ('in sweeps: 0.001 to 1, log', 'in sweeps, where nothing else is named', '')
    """
    if search is None or isinstance(search, bool):
        told = "in sweeps, where nothing else is named" if search else "only where it is named"
        return "" if search is None else told
    parts = [_range(*((limit, False) for limit in search["range"]))] if "range" in search else []
    parts += [f"step {search['step']}"] if "step" in search else []
    parts += [search["scale"]] if "scale" in search else []
    return f"in sweeps: {', '.join(parts)}"


def content_text(content: Any) -> str:
    """What JSON text of a setting holds; `content` as in `compiled.Field`.

    >>> content_text(("or", ("list", "integer"), "null"))
    'a list of whole numbers or null'
    """
    if isinstance(content, str):
        return _WORDS[content][0]
    if isinstance(content, type):
        return _object("an object", keys_of(content))
    kind, parts = content[0], content[1:]
    if kind == "one of":
        return _listed(json.dumps(value, ensure_ascii=False) for value in parts)
    if kind == "tuple":
        return f"a list of {', '.join(map(content_text, parts))}"
    if kind == "list":
        return f"a list of {_many(parts[0])}"
    if kind == "map":
        return f"an object of {_many(parts[0])} by name"
    if kind == "object":
        return _object("an object", parts)
    parts = sorted(parts, key=lambda part: part in ("null", ("one of", None)))
    return _listed(map(content_text, parts), _MAX_BRANCHES)


def _many(content: Any) -> str:
    if isinstance(content, str):
        return _WORDS[content][1]
    if isinstance(content, type):
        return _object("objects", keys_of(content))
    kind, parts = content[0], content[1:]
    if kind == "object":
        return _object("objects", parts)
    if kind == "list":
        return f"lists of {_many(parts[0])}"
    return f"items, each {content_text(content)}"


def _object(noun: str, keys: Sequence[str]) -> str:
    names = ", ".join(json.dumps(key, ensure_ascii=False) for key in keys[:MAX_NAMES])
    more = ", …" if len(keys) > MAX_NAMES else ""
    return f"{noun} with {names}{more}" if keys else noun


def _listed(words: Iterable[str], limit: int = MAX_NAMES) -> str:
    """`a, b or c`, each once, and no more than the limit of them."""
    words = list(dict.fromkeys(words))
    return f"{', '.join(words[:limit])}, …" if len(words) > limit else either(words)
