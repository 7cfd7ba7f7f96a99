"""Old names of properties, and what else classes read of configs of older versions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ..graphs import reached
from .types import ClassKey, Model, SettingsClass


def with_old_names(model: Model, growth: Mapping[ClassKey, tuple[tuple[Any, ...], ...]]) -> Model:
    """The model with the rows by which its classes read such configs.

    Classes that have nothing but old names in their objects rename by themselves.
    """
    if not growth:
        return model
    moves = {key: [row for row in rows if row[0] == "moved"] for key, rows in growth.items()}
    # Where moves lead into them from further out, both belong together.
    deep = (key for key, rows in moves.items() if any(len(row[2]) > 1 for row in rows))
    entered = reached(deep, model.contained)

    def grown(cls: SettingsClass) -> SettingsClass:
        rows, names = growth.get(cls.key, ()), dict[str, str]()
        for _, old, new, scale, _ in moves.get(cls.key, ()):
            if len(old) == len(new) == 1 and scale is None:
                names[old[0]] = new[0]
        olds = {p.key: tuple(o for o in names if names[o] == p.key) for p in cls.properties}
        properties = tuple(prop._replace(old_keys=olds[prop.key]) for prop in cls.properties)
        is_plain = len(names) == len(rows) and cls.key not in entered
        return replace(cls, properties=properties, growth=() if is_plain else rows)

    model = model.changed(grown)
    classes = model.classes.values()
    renaming = {c.key for c in classes if c.growth or any(prop.old_keys for prop in c.properties)}
    renaming = reached(renaming, model.containing)
    return model.changed(lambda cls: replace(cls, renames=cls.key in renaming))
