"""What the description of a class says about the values of a config, by path."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, cast

from .._findings import Path
from .._shown import near_match
from ..compiled import Field
from ..settings import Settings, path_text
from ..utils.module import is_dict
from ._facts import Described


def unknown_keys(cls: type[Described], config: Any, above: str = "") -> list[str]:
    """The keys of a config that the class knows nothing of, with near matches, for a warning."""
    if not is_dict(config):
        return []
    fields = {field.key: field for field in cls.fields()}
    found: list[str] = []
    for key, value in config.items():
        field = fields.get(key)
        place = path_text((key,)) if not above else f"{above}.{key}"
        if field is None:
            if not cls.is_open():
                found.append(place + near_match(key, tuple(fields)))
        elif field.cls is not None:
            found += unknown_keys(cast("type[Described]", field.cls), value, place)
    return found


def without_secrets(cls: type[Described], config: Mapping[str, Any]) -> dict[str, Any]:
    """A config without the values of secret fields."""
    fields = {field.key: field for field in cls.fields()}
    kept: dict[str, Any] = {}
    for key, value in config.items():
        field = fields.get(key)
        if field is None or not field.secret:
            inner = field.cls if field is not None else None
            nested = inner is not None and is_dict(value)
            kept[key] = without_secrets(cast("type[Described]", inner), value) if nested else value
    return kept


def is_secret(cls: type[Described], path: Path) -> bool:
    """Whether the value at a path is secret, or in something secret."""
    return any(field.secret for field in _fields_along(cls, path))


def known_keys(cls: type[Described], path: Path) -> tuple[str, ...]:
    """The keys of the object at a path, () where nothing is known of it."""
    fields = list(_fields_along(cls, path))
    inner = fields[-1].cls if fields else cls
    if len(fields) < len(path) or inner is None:
        return ()
    return tuple(field.key for field in inner.__brevetti__.fields())


def choices_at(cls: type[Described], path: Path) -> tuple[Any, ...]:
    """The values that the property at a path may have, () where that is not known."""
    fields = list(_fields_along(cls, path))
    return fields[-1].choices if len(fields) == len(path) and fields else ()


def _fields_along(cls: type[Described], path: Path) -> Iterator[Field]:
    """The fields that a path leads through, as far as classes go."""
    inner: type[Settings] | None = cls
    for step in path:
        fields = inner.__brevetti__.fields() if inner is not None else ()
        field = next((each for each in fields if each.key == step), None)
        if field is None:
            return
        yield field
        inner = field.cls
