"""What JSON text may look like: whole defaults, and examples that are short and valid."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any, TypeAlias

from ..cli.inside import alternatives, shape_of
from ..errors import SettingsError
from ..json_values import is_array, is_object
from ..messages.structure import content_of, keys_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..compiled import Field

#: Whether a setting takes a value.
Fits: TypeAlias = "Callable[[Field, Any], bool]"

_MOST_CHARACTERS = 60
#: Of lists and objects; more are never so short.
_MOST_PARTS = 20
_MOST_NESTED = 3
#: By JSON type, what is tried one after another.
_SCALARS: dict[str, tuple[Any, ...]] = {
    "integer": (1, 2, 10, 100, 0),
    "number": (0.5, 1, 10, 100, 0),
    "string": ("a", "b", "abc", "name", "1"),
    "boolean": (True, False) * 3,
    "any": (1, "a", True, [1], {"a": 1}),
}
_NOTHING: Any = object()


def whole(content: Any, value: Any) -> Any:
    """A default with what the classes of its objects fill in; `content` as in `compiled.Field`."""
    others: list[Any] = []
    for each in alternatives(content):
        shape, parts = shape_of(each)
        if shape == "list" and is_array(value):
            return [whole(parts[0], item) for item in value]
        if shape == "map" and is_object(value):
            return {key: whole(parts[0], item) for key, item in value.items()}
        if is_object(value) and loads(each) and {*value} <= {*keys_of(each)}:
            with suppress(SettingsError):  # of another kind
                filled = each.from_config(value).get_config()
                # What would be of another kind then stays as it is.
                return value if any(cls.__brevetti__.check(filled) for cls in others) else filled
            others.append(each)
    return value


def loads(cls: Any) -> bool:
    """Whether something is a settings class that loads configs, not one that only describes."""
    return hasattr(cls, "__brevetti__") and hasattr(cls.__brevetti__.tables, "explanations")


def example_of(row: Field, fits: Fits | None) -> str:
    """JSON text that a setting takes; "" where none is known.

    Without `fits`, what is made of the row alone is taken for valid.
    """
    for value in _candidates(row):
        text = json.dumps(value, ensure_ascii=False)
        if len(text) <= _MOST_CHARACTERS and (fits is None or fits(row, value)):
            return text
    return ""


def fits_in(cls: Any, row: Field, value: Any) -> bool:
    """Whether a class takes a value for a property, whatever it says of others."""
    from ..config.loading import explained

    if not loads(cls):
        return value in _given(row)  # there is nobody to ask but the author
    problems = explained(cls.__brevetti__, {row.key: value})
    return all(problem.path[:1] != (row.key,) for problem in problems)


def _given(row: Field) -> list[Any]:
    default = json.loads(row.default or row.proposal or "null")
    return [*row.examples, *([] if default in (None, [], {}) else [default])]


def _candidates(row: Field) -> Iterator[Any]:
    yield from _given(row)
    for attempt in range(len(_SCALARS["any"])):
        value = _sample(content_of(row), attempt, row.limits.get("minItems", 0))
        if value is not _NOTHING:
            yield value


def _sample(content: Any, attempt: int, size: int = 0, depth: int = 0) -> Any:
    """A short value of a content; `_NOTHING` where none can be made up."""
    nothing = ("null", ("one of", None))
    contents = [each for each in alternatives(content) if each not in nothing]
    if not contents or depth > _MOST_NESTED:
        return _NOTHING
    shape, parts = shape_of(contents[0])
    if shape == "one of":
        return parts[attempt % len(parts)]
    if shape in ("list", "tuple"):
        if max(size, len(parts)) > _MOST_PARTS:
            return _NOTHING
        parts = parts if shape == "tuple" else parts * max(size, 2 if attempt < 2 else 1)
        items = [_sample(part, attempt + at, 0, depth + 1) for at, part in enumerate(parts)]
        return _NOTHING if _NOTHING in items else items
    if shape == "map":
        value = _sample(parts[0], attempt, 0, depth + 1)
        return _NOTHING if value is _NOTHING else {"a": value}
    if isinstance(contents[0], type):
        return _object(contents[0], attempt, depth)
    if contents[0] == "any" and not depth:
        attempt -= 1  # of what may be anything, an object shows the most
    scalars = _SCALARS.get(contents[0], ()) if isinstance(contents[0], str) else ()
    return scalars[attempt % len(scalars)] if scalars else _NOTHING


def _object(cls: Any, attempt: int, depth: int) -> Any:
    """An object with what has to be there, else with the first that can be."""
    found: dict[str, Any] = {}
    rows = cls.__brevetti__.fields()
    needed = [each for each in rows if each.required] or rows[:1]
    if len(needed) > _MOST_PARTS:
        return _NOTHING
    for row in needed:
        text = row.default or row.proposal
        value = row.examples[0] if row.examples else _NOTHING if text is None else json.loads(text)
        if value is _NOTHING:
            value = _sample(content_of(row), attempt, row.limits.get("minItems", 0), depth + 1)
        if value is _NOTHING:
            return _NOTHING
        found[row.key] = value
    return found
