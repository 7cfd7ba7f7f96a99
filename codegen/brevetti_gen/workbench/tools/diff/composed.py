"""Whether a new version leads on what an old one moved: names of three versions and more.

Told of what lies in objects alone, each class in one place: there every old setting has one way.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any, NamedTuple, TypeAlias

from brevettiai.json_values import json_equal

from ....graphs import reached
from ....model.types import ClassKey, Model, SettingsClass
from ...lint.old_configs import Keys, declared
from .edits import respelled, rows_of

#: Where values are in the end and what they are multiplied by; None for those that nobody reads.
_End: TypeAlias = tuple[Keys, Fraction] | None
#: Of how many moves one after the other an end is looked for.
_MOST = 20


class _Row(NamedTuple):
    """A row of a class, and the path of the class from the root."""

    path: Keys
    kind: str
    facts: tuple[Any, ...]


class Unclear(Exception):
    """It cannot be told where something is in the end."""


def leads_on(old: Model, was: SettingsClass | None, new: Model, now: SettingsClass | None) -> bool:
    """Whether the new version makes of a config what it makes of that which the old one made."""
    if was is None or now is None:
        return False
    try:
        rows = list(_rows(old, was))
        spelled = {
            (*r.path, *r.facts[0]): r.facts[1] for r in _rows(new, now) if r.kind == "values"
        }
        return all(_is_led_on(row, old, was, new, now, spelled) for row in rows)
    except Unclear:
        return False


def _rows(model: Model, root: SettingsClass) -> Iterator[_Row]:
    """The rows of all classes below a root."""
    found: dict[ClassKey, Keys] = {root.key: ()}
    waiting = [root]
    while waiting:
        cls = waiting.pop()
        path = found[cls.key]
        yield from (_Row(path, kind, tuple(facts)) for kind, *facts in rows_of(cls))
        for prop in cls.properties:
            inner = model.settings_class(prop.type) if prop.unconditional else None
            if inner is not None and inner.renames:
                if inner.key in found:
                    raise Unclear
                found[inner.key] = (*path, prop.key)
                waiting.append(inner)
    # In lists, maps and alternatives there are many places.
    below = reached([root.key], model.contained)
    if any(rows_of(model.classes[key]) for key in below - found.keys()):
        raise Unclear


def _is_led_on(
    row: _Row, old: Model, was: SettingsClass, new: Model, now: SettingsClass, spelled: Any
) -> bool:
    path, facts = row.path, row.facts
    if row.kind == "version":
        return any(kind == "version" and given[0] >= facts[0] for kind, *given in rows_of(now))
    if row.kind == "removed":
        return "." not in facts[0] and _end(new, now, (*path, facts[0])) is None
    if row.kind == "values":
        end = _end(new, now, (*path, *facts[0]))
        if None in facts[0] or end is None or end[1] != 1:
            return False
        pairs = spelled.get(end[0], ())
        return all(json_equal(respelled(a, pairs), respelled(b, pairs)) for a, b in facts[1])
    before, after, scale, _ = facts
    for length in range(1, len(before)):
        # What is dropped once it is empty is so in both.
        around = (*path, *before[:length])
        known = (len(declared(m, c, around)) == len(around) for m, c in ((old, was), (new, now)))
        if len(set(known)) > 1:
            return False
    here, there = (_end(new, now, (*path, *keys)) for keys in (before, after))
    if here is None or there is None:
        return here == there
    factor = Fraction(1) if scale is None else Fraction(str(scale))
    return here[0] == there[0] and here[1] == factor * there[1]


def _end(model: Model, cls: SettingsClass, path: Keys) -> _End:
    """Where a value at a path from objects of a class is once these are loaded."""
    scale = Fraction(1)
    rows = rows_of(cls)
    for _ in range(_MOST):
        moving = [row for row in rows if row[0] == "moved" and path[: len(row[1])] == row[1]]
        if not moving:
            break
        _, before, after, factor, _ = moving[0]
        if factor is not None:
            if len(path) > len(before):
                raise Unclear
            scale *= Fraction(str(factor))
        path = (*after, *path[len(before) :])
    else:
        raise Unclear
    if any(row[0] == "removed" and path[:1] == (row[1],) for row in rows):
        return None
    key, *rest = path
    prop = next((prop for prop in cls.properties if prop.key == key), None)
    inner = model.settings_class(prop.type) if prop is not None and rest else None
    if inner is None:
        return path, scale
    end = _end(model, inner, tuple(rest))
    return None if end is None else ((key, *end[0]), scale * end[1])
