"""How what loading rewrites in configs changed itself between two versions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import zip_longest
from typing import Any

from brevettiai.json_values import json_equal

from ....model import types
from ....model.types import ClassType, Model, Module, SettingsClass, Type
from .composed import leads_on
from .edits import respelled, rows_of

#: What happens to a name: it stays, is another one now, or nobody reads it.
_REMOVED = object()


def is_alike(old: Model, was: Module, new: Model, now: Module) -> bool:
    """Whether two versions of a module rewrite configs in the same way, if they do at all.

    Then what one of them makes of a config is what the other one makes of it.
    """
    one, other = (_kind_of_root(module) for module in (was, now))
    return _Rewriting(old, new, has_to_be_same=True).goes_on(one, other)


def is_kept(old: Model, was: Module, new: Model, now: Module) -> bool:
    """Whether the new version reads all that the old one rewrites, to the same end.

    Then what the new one makes of a config is what it makes of that which the old one made of it.
    """
    one, other = (_kind_of_root(module) for module in (was, now))
    is_simple = _Rewriting(old, new, has_to_be_same=False).goes_on(one, other)
    return is_simple or leads_on(old, was.root_class, new, now.root_class)


def old_keys(cls: SettingsClass | None) -> frozenset[str]:
    """The keys that objects of a class have no more once they are loaded."""
    rows = [] if cls is None else rows_of(cls)
    moved = {row[1][0] for row in rows if row[0] == "moved" and len(row[1]) == 1}
    return frozenset(moved | {row[1] for row in rows if row[0] == "removed"})


def version_of(cls: SettingsClass | None) -> int | None:
    """The version that a root says it has."""
    rows = [] if cls is None else rows_of(cls)
    return next((row[1] for row in rows if row[0] == "version"), None)


def _kind_of_root(module: Module) -> Type | None:
    cls = module.root_class
    return module.root_type if cls is None else ClassType(cls.key)


class _Rewriting:
    def __init__(self, old: Model, new: Model, *, has_to_be_same: bool) -> None:
        self.old, self.new, self.has_to_be_same = old, new, has_to_be_same
        self._seen: set[tuple[Type | None, Type | None]] = set()

    def goes_on(self, one: Type | None, other: Type | None) -> bool:
        """Whether what is rewritten in values of an old type is so in those of a new one."""
        grows = _grows(self.old, one) or (self.has_to_be_same and _grows(self.new, other))
        if (one, other) in self._seen or not grows:
            return True
        self._seen.add((one, other))
        if isinstance(one, ClassType) and isinstance(other, ClassType):
            return self._of_classes(self.old.of(one), self.new.of(other))
        if one is None or other is None or type(one) is not type(other):
            return False
        if isinstance(one, types.UnionType):
            return False  # where what counts is the alternative that a config then fits
        if getattr(one, "patterns", None) != getattr(other, "patterns", None):
            return False
        pairs = zip_longest(types.types_in(one), types.types_in(other))
        return all(self.goes_on(*pair) for pair in pairs)

    def _of_classes(self, was: SettingsClass, now: SettingsClass) -> bool:
        olds, news = dict(_holding(was)), dict(_holding(now))
        if self.has_to_be_same:
            same = rows_of(was) == rows_of(now)
            return same and all(self.goes_on(olds.get(k), news.get(k)) for k in {**olds, **news})
        fates = _fates(rows_of(now))
        ends = {key: news.get(fates.get(key, key)) for key in olds}
        return _is_kept(rows_of(was), rows_of(now), fates) and all(
            self.goes_on(olds[key], ends[key]) for key in olds
        )


def _fates(rows: list[tuple[Any, ...]]) -> Mapping[Any, Any]:
    """What the names are now that some rows rewrite."""
    found: dict[Any, Any] = {}
    for kind, *row in rows:
        if kind == "moved" and len(row[0]) == len(row[1]) == 1 and row[2] is None:
            found[row[0][0]] = row[1][0]
        elif kind == "removed":
            found[row[0]] = _REMOVED
    return found


def _is_kept(was: list[tuple[Any, ...]], now: list[tuple[Any, ...]], fates: Any) -> bool:
    """Whether the new rows do what the old ones do, and go on from there."""
    spelled = {row[1]: row[2] for row in now if row[0] == "values"}
    for kind, *row in was:
        if kind == "version":
            if not any(other[0] == "version" and other[1] >= row[0] for other in now):
                return False
        elif kind == "values":
            pairs = spelled.get(row[0], ())
            if not all(json_equal(respelled(a, pairs), respelled(b, pairs)) for a, b in row[1]):
                return False
        elif kind == "removed":
            if fates.get(row[0]) is not _REMOVED or "." in row[0]:
                return False
        elif (
            len(row[0]) > 1
            or len(row[1]) > 1
            or row[2] is not None
            or fates.get(row[0][0]) != fates.get(row[1][0], row[1][0])
        ):
            return False
    return True


def _grows(model: Model, kind: Type | None) -> bool:
    return kind is not None and any(cls.renames for cls in model.classes_in(kind))


def _holding(cls: SettingsClass) -> Iterator[tuple[Any, Type]]:
    """What lies in objects of a class, by key or by patterns of keys."""
    yield from ((prop.key, prop.type) for prop in cls.properties)
    yield from ((each.patterns, each.type) for each in cls.entries)
