"""What each keyword of a row says of a value that does not fit: one function for each, by keyword.

Every function decides for itself whether its keyword concerns the value. In the table at the end
stands what each keyword has in a row, where that is not what it has in a schema. A *check* is the
function that decides whether a value fits a subschema, a *phrase* says what it asks for.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any, TypeAlias, cast

from ..compiled import matches_format
from ..json_values import (
    is_array,
    is_multiple,
    is_number,
    is_object,
    is_one_of,
    json_equal,
    repeated,
)
from .alternatives import merge
from .secrets import UNTOLD
from .words import (
    ARTICLES,
    FORMATS,
    PYTHON_TYPES,
    conjugated,
    counted,
    demand,
    either,
    exactly,
    listed,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .findings import Findings, Path

    Row: TypeAlias = dict[str, Any]
    #: Keys or indices, each with a row.
    Parts: TypeAlias = Iterable[tuple[Any, Any]]
    #: Reads a keyword of a row; whether the rest of the row has nothing to say any more.
    Reader: TypeAlias = Callable[[Findings, Path, Any, Row, str], bool | None]

NOTHING = "must not be given"
REQUIRED = "is required"
#: Families of problems, besides these two words and the limits.
KIND, CHOICES = "kind", "choices"

# Any value


def _nothing(out: Findings, at: Path, v: Any, row: Row, keyword: str) -> None:
    """What is said of secrets alone, which `secrets` reads."""


def _type(out: Findings, at: Path, v: Any, row: Row, keyword: str) -> bool:
    names = row[keyword]
    names = (names,) if isinstance(names, str) else names
    fits = is_any_of(names)
    if fits(v):
        return False
    samples = [_SAMPLES[name] for name in names]
    if not isinstance(v, float) or not v.is_integer():
        # Only who gave 1.0 need know that draft 4 takes it for no integer.
        names = tuple(name.removeprefix("plain ") for name in names)
    text = f"must be {either(ARTICLES[name] for name in names)}"
    out.add(at, text, v, family=KIND, fits=fits, witnesses=samples)
    return True


def is_any_of(names: Iterable[str]) -> Callable[[Any], bool]:
    """Whether a value is of one of several JSON types, by their names."""
    return lambda v: any(TYPES[name](v) for name in names)


def _choices(out: Findings, at: Path, text: str, v: Any, values: Sequence[Any]) -> None:
    if out.secrets(at):
        text = UNTOLD
    fits = partial(is_one_of, choices=values)
    out.add(at, text, v, family=CHOICES, fits=fits, witnesses=values)


def _const(out: Findings, at: Path, v: Any, row: Row, keyword: str) -> None:
    value = row[keyword]
    if not json_equal(v, value):
        _choices(out, at, f"must be {exactly(value)}", v, (value,))


def _enum(out: Findings, at: Path, v: Any, row: Row, keyword: str) -> None:
    values = row[keyword]
    if out.tables.is_choice(v, values):
        return
    if not values:
        out.add(at, NOTHING, v, family=NOTHING)
        return
    text = f"must be {'one of ' if len(values) > 1 else ''}{listed(values, exactly)}"
    if isinstance(v, str):
        text += out.did_you_mean(v, values)
    _choices(out, at, text, v, values)


# Numbers, and sizes


def _limit(out: Findings, at: Path, v: Any, row: Row, keyword: str) -> None:
    limit = row[keyword]
    fits = _is_within(keyword, limit)
    if not fits(v):
        family = keyword.removeprefix("exclusive").lower()
        text = f"must {demand(keyword, limit)}"
        out.add(at, text, v, family=family, fits=fits, witnesses=[limit])


def _is_within(keyword: str, limit: Any) -> Callable[[Any], bool]:
    return lambda v: not is_number(v) or _COMPARISONS[keyword](v, limit)


def _size(out: Findings, at: Path, v: Any, row: Row, keyword: str) -> None:
    limit, is_least = row[keyword], keyword.startswith("min")
    if not _SIZED[keyword[3:]](v) or (len(v) >= limit if is_least else len(v) <= limit):
        return
    text = f"must {demand(keyword, limit)}"
    if not isinstance(v, str) and not limit:
        text = f"must be empty, but has {counted(len(v), 'item' if is_array(v) else 'key')}"
    elif not isinstance(v, str) or not is_least:
        text += f", not {len(v)}"
    given = [v] if isinstance(v, str) else []
    fits = _is_within("minimum" if is_least else "maximum", limit)
    out.add(at, text, *given, family=keyword, fits=fits, witnesses=[limit])


# Text


def _pattern(out: Findings, at: Path, v: Any, row: Row, keyword: str) -> None:
    pattern = row[keyword]
    if isinstance(v, str) and len(v) <= pattern.longest and not pattern.search(v):
        out.add(at, f"must match the pattern {pattern.source}", v)


def _format(out: Findings, at: Path, v: Any, row: Row, keyword: str) -> None:
    name, draft = row[keyword]
    if isinstance(v, str) and not matches_format(v, name, draft):
        text = FORMATS.get(name)
        out.add(at, f"must be {text}" if text else f"must have the format {name}", v)


def _python_type(out: Findings, at: Path, v: Any, row: Row, keyword: str) -> None:
    from ..formats.python_types import Unheld, read

    name = row[keyword]
    try:
        if isinstance(v, str) and is_one_of(v, row.get("enum", (v,))):
            read(name, v)
    except (ArithmeticError, ValueError) as error:
        why = f"; {error}" if isinstance(error, Unheld) else ""
        out.add(at, f"must be {PYTHON_TYPES[name][0]}{why}", v)


# Lists and objects


def _unique_items(out: Findings, at: Path, v: Any, row: Row, keyword: str) -> None:
    for index in repeated(v) if is_array(v) else ():
        out.add((*at, index), "must not repeat an earlier item", v[index])


def _contains(out: Findings, at: Path, v: Any, row: Row, keyword: str) -> None:
    check, phrase, least, most = row[keyword]
    if not is_array(v):
        return
    if check is True:
        _size(out, at, v, {"minItems": least}, "minItems")
        _size(out, at, v, {"maxItems": len(v) if most is None else most}, "maxItems")
        return
    hits = sum(map(check, v))
    for word, limit in (("least", least), ("most", most)):
        if limit is not None and (hits < limit if word == "least" else hits > limit):
            told = "" if out.secrets(at) else phrase
            that = conjugated(told or "fit what the schema looks for", limit)
            out.add(at, f"must have at {word} {counted(limit, 'item')} that {that}, not {hits}")


def _required(out: Findings, at: Path, v: Any, row: Row, keyword: str) -> None:
    if is_object(v):
        for name in row[keyword]:
            if name not in v:
                out.add((*at, name), REQUIRED, family=REQUIRED, witnesses=())


def _parts(out: Findings, at: Path, v: Any, row: Row, keyword: str) -> None:
    """What is asked of items or properties."""
    of_kind, parts_of = _PARTS[keyword]
    for part, child in parts_of(v, row, row[keyword]) if of_kind(v) else ():
        place = (*at, part) if keyword == "properties" else out.inside(at, part)
        if child is not False or keyword not in _NOT_MORE:
            out.explain(child, place, v[part])
        elif is_array(v):
            out.add(place, "is one item too many", family=NOTHING)
        else:
            known = row.get("properties", ())
            if keyword == "unevaluatedProperties":
                known = [name for name in row[keyword][2] if name not in v]
            guess = out.did_you_mean(part, known) if place[-1] == part else ""
            out.add(place, f"is not a known key{guess}", family=NOTHING)


def _items(out: Findings, at: Path, v: Any, row: Row, keyword: str) -> None:
    if row[keyword] is False:
        _size(out, at, v, {"maxItems": len(row.get("prefixItems", ()))}, "maxItems")
    else:
        _parts(out, at, v, row, keyword)


def _additional(v: dict[str, Any], row: Row, child: Any) -> Parts:
    known, patterns = row.get("properties", ()), row.get("patternProperties", ())
    for name in v:
        if name not in known and not any(pattern.search(name) for pattern in patterns):
            yield name, child


def _unevaluated(v: Any, row: Row, wanted: tuple[Any, ...]) -> Parts:
    """What is not marked as evaluated; nothing where other keywords refuse the value."""
    seen: set[str | int] = set()
    if wanted[0](v, seen):
        parts: Iterable[Any] = v if is_object(v) else range(len(v))
        yield from ((part, wanted[1]) for part in parts if part not in seen)


def _property_names(out: Findings, at: Path, v: Any, row: Row, keyword: str) -> None:
    for name in v if is_object(v) else ():
        for problem in out.tried(row[keyword], at, name).problems:
            text = problem.expected.removeprefix(NOTHING)
            out.add(out.inside(at, name), f"is a key that {text}" if text else NOTHING)


def _dependencies(out: Findings, at: Path, v: Any, row: Row, keyword: str) -> None:
    given = {name: row[keyword][name] for name in row[keyword] if is_object(v) and name in v}
    for name, needed in given.items():
        where = f" where {name!r} is given"
        if isinstance(needed, list):
            for other in cast("list[str]", needed):
                if other not in v:
                    out.add((*at, other), REQUIRED + where, family=REQUIRED, fits=bool)
            continue
        inner = out.tried(needed, at, v)
        if inner.refuses_all(at):
            out.add((*at, name), NOTHING, v[name])
            continue
        out.take(inner, where)


# In place


def _reference(out: Findings, at: Path, v: Any, row: Row, keyword: str) -> None:
    out.explain(row[keyword], at, v)


def _all_of(out: Findings, at: Path, v: Any, row: Row, keyword: str) -> None:
    for child in row[keyword]:
        out.explain(child, at, v)


def _any_of(out: Findings, at: Path, v: Any, row: Row, keyword: str) -> None:
    """The problems of the branch that comes closest, if none fits."""
    outcomes: list[Findings] = []
    for child in row[keyword]:
        outcomes.append(out.tried(child, at, v))
        if not outcomes[-1].problems:
            return
    merge(out, at, v, outcomes)


def _one_of(out: Findings, at: Path, v: Any, row: Row, keyword: str) -> None:
    children, phrases = row[keyword]
    outcomes = [out.tried(child, at, v) for child in children]
    fits = [index for index, outcome in enumerate(outcomes) if not outcome.problems]
    if not fits:
        merge(out, at, v, outcomes)
    elif len(fits) > 1:
        is_told = phrases and not out.secrets(at)
        texts = [conjugated(phrases[index], 1) if is_told else "" for index in fits[:3]]
        which = " and ".join(
            f"number {index + 1}" + (f" ({text})" if text else "")
            for index, text in zip(fits, texts, strict=False)
        )
        out.add(at, f"must fit exactly one alternative, but fits {which}", v)


def _not(out: Findings, at: Path, v: Any, row: Row, keyword: str) -> None:
    check, phrase = row[keyword]
    if check is True:
        out.add(at, NOTHING, v, family=NOTHING)
    elif check(v):
        phrase = "" if out.secrets(at) else phrase
        out.add(at, f"must not {phrase or 'match a schema that is excluded here'}", v)


def _if(out: Findings, at: Path, v: Any, row: Row, keyword: str) -> None:
    check, then, otherwise = row[keyword]
    out.explain(then if check(v) else otherwise, at, v)


#: Whether a value is of a JSON type, by its name.
TYPES: dict[str, Callable[[Any], bool]] = {
    "null": lambda v: v is None,
    "boolean": lambda v: isinstance(v, bool),
    "integer": lambda v: is_number(v) and (isinstance(v, int) or v.is_integer()),
    "plain integer": lambda v: isinstance(v, int) and not isinstance(v, bool),
    "number": lambda v: is_number(v) and v - v == 0,
    "string": lambda v: isinstance(v, str),
    "array": is_array,
    "object": is_object,
}
#: A value of each type that no smaller type has.
_SAMPLES: dict[str, Any] = {
    "null": None,
    "boolean": True,
    "integer": 1,
    "plain integer": 1,
    "number": 0.5,
    "string": "",
    "array": [],
    "object": {},
}
_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "minimum": operator.ge,
    "maximum": operator.le,
    "exclusiveMinimum": operator.gt,
    "exclusiveMaximum": operator.lt,
    "multipleOf": is_multiple,
}
_SIZED: dict[str, Callable[[Any], bool]] = {
    "Length": TYPES["string"],
    "Items": is_array,
    "Properties": is_object,
}
#: The kind of value, and its parts, each with the row that it must fit.
_PARTS: dict[str, tuple[Callable[[Any], bool], Callable[[Any, Row, Any], Parts]]] = {
    "prefixItems": (is_array, lambda v, row, children: zip(range(len(v)), children, strict=False)),
    "items": (
        is_array,
        lambda v, row, child: ((i, child) for i in range(len(row.get("prefixItems", ())), len(v))),
    ),
    "properties": (
        is_object,
        lambda v, row, table: ((name, child) for name, child in table.items() if name in v),
    ),
    "patternProperties": (  # by `Pattern`
        is_object,
        lambda v, row, table: (
            (name, child) for pattern, child in table.items() for name in v if pattern.search(name)
        ),
    ),
    "additionalProperties": (is_object, _additional),
    "unevaluatedProperties": (is_object, _unevaluated),  # marking check, row, names that it knows
    "unevaluatedItems": (is_array, _unevaluated),  # marking check, and row
}
_NOT_MORE = ("additionalProperties", "unevaluatedProperties", "unevaluatedItems")

READERS: dict[str, Reader] = {
    "secret": _nothing,  # True: the value must not be shown
    "may": _nothing,  # rows of what is asked whether it fits: what `if` and `not` have
    "sought": _nothing,  # the row of what `contains` has
    "type": _type,  # a name, or a tuple of names; of draft 4 "plain integer"
    "const": _const,
    "enum": _enum,
    **dict.fromkeys(_COMPARISONS, _limit),
    **{bound + size: _size for size in _SIZED for bound in ("min", "max")},
    "pattern": _pattern,  # a `Pattern`
    "format": _format,  # the name, and the draft that says what it means
    "x-python-type": _python_type,
    "uniqueItems": _unique_items,
    **dict.fromkeys(("$ref", "$dynamicRef", "$recursiveRef"), _reference),
    "allOf": _all_of,
    "anyOf": _any_of,
    "oneOf": _one_of,  # the alternatives, and a phrase for each, "" or () where there is none
    "not": _not,  # check or True, and phrase
    "if": _if,  # the check, and what is asked for otherwise: the `then` and the `else`
    **dict.fromkeys(_PARTS, _parts),
    "items": _items,  # of those after `prefixItems`
    "contains": _contains,  # check or True, phrase, `minContains`, `maxContains` or None
    "required": _required,
    "propertyNames": _property_names,
    "dependentRequired": _dependencies,
    "dependentSchemas": _dependencies,
    "dependencies": _dependencies,  # lists of names, or rows
}
