"""What loading makes of configs of older versions before they are judged, in two versions."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest

from ....model import types
from ....model.types import Model, Module, SettingsClass, Type


def is_alike(old: Model, was: Module, new: Model, now: Module) -> bool:
    """Whether two versions of a module change configs in the same way, if they do at all.

    Then what one of them makes of a config is what the other one makes of it.
    """
    classes = was.root_class, now.root_class
    if not any(cls is not None and cls.renames for cls in classes):
        return True
    seen: set[tuple[Type | None, Type | None]] = set()

    def alike(one: Type | None, other: Type | None) -> bool:
        if (one, other) in seen or not (_grows(old, one) or _grows(new, other)):
            return True
        seen.add((one, other))
        if isinstance(one, types.ClassType) and isinstance(other, types.ClassType):
            first, second = old.of(one), new.of(other)
            if _rows(first) != _rows(second):
                return False
            holding = dict(_holding(first)), dict(_holding(second))
            return all(
                alike(holding[0].get(k), holding[1].get(k)) for k in {**holding[0], **holding[1]}
            )
        if one is None or other is None or type(one) is not type(other):
            return False
        if isinstance(one, types.UnionType):
            return False  # where what counts is the alternative that a config then fits
        if getattr(one, "patterns", None) != getattr(other, "patterns", None):
            return False
        return all(alike(*pair) for pair in zip_longest(types.types_in(one), types.types_in(other)))

    kinds = (types.ClassType(cls.key) if cls is not None else None for cls in classes)
    return alike(*kinds)


def _grows(model: Model, kind: Type | None) -> bool:
    return kind is not None and any(cls.renames for cls in model.classes_in(kind))


def _rows(cls: SettingsClass) -> object:
    """All that a class changes about its own configs."""
    return cls.growth or sorted((old, prop.key) for prop in cls.properties for old in prop.old_keys)


def _holding(cls: SettingsClass) -> Iterator[tuple[object, Type]]:
    """What lies in objects of a class, by key or by patterns of keys."""
    yield from ((prop.key, prop.type) for prop in cls.properties)
    yield from ((each.patterns, each.type) for each in cls.entries)
