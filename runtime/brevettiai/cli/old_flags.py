"""Flags and variables by the places that settings had in older versions, and what they mean now.

Loaded when a name is none of today, of a class that reads configs of older versions.
"""

from __future__ import annotations

from ..messages.records import NamedTuple
from .words import turned_on

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    from ..settings import Settings
    from .layers import Parsed
    from .names import Flag

    Keys = tuple[str, ...]


class OldPlace(NamedTuple):
    """Where a setting was.

    Attributes:
        old: its path then.
        new: its path now; None where nobody reads it, () where several settings were inside.
        scale: what its values are multiplied by, None for nothing.
        said: of what nobody reads, a word about it.
    """

    old: Keys
    new: Keys | None
    scale: Any = None
    said: str = ""


def old_places(
    cls: type[Settings], at: Keys = (), above: tuple[type[Settings], ...] = ()
) -> Iterator[OldPlace]:
    """All of them, over settings classes alone."""
    compiled = cls.__brevetti__
    if compiled.rename is None or cls in above:
        return
    for kind, *row in compiled.growth:
        if kind == "moved":
            yield OldPlace((*at, *row[0]), (*at, *row[1]), row[2])
        elif kind == "removed":
            for old in dict.fromkeys([(row[0],), tuple(row[0].split("."))]):
                yield OldPlace((*at, *old), None, said=row[1])
    for field in compiled.fields():
        for old_key in () if compiled.growth else field.old_keys:
            yield OldPlace((*at, old_key), (*at, field.key))
        if field.cls is not None:
            yield from old_places(field.cls, (*at, field.key), (*above, cls))


def old_flag(
    cls: type[Settings], name: str, find_flag: Callable[[type[Settings], str], Flag | None]
) -> tuple[OldPlace, Flag | None] | None:
    """Where the flag `name`, as typed without `--`, led in an older version; None for nowhere.

    With it comes the flag that it is now, if it is one, as `find_flag` finds it.
    """
    found = _find(cls, name, find_flag)
    for positive in turned_on(name) if found is None else ():
        place, flag = _find(cls, positive, find_flag) or (None, None)
        if place and flag and any("boolean" in row.kinds for row in flag.fields):
            flag.negated = True
        if place and (flag is None or flag.negated):
            return place, flag
    return found


def _find(
    cls: type[Settings], name: str, find_flag: Callable[[type[Settings], str], Flag | None]
) -> tuple[OldPlace, Flag | None] | None:
    steps = tuple(name.replace("_", "-").split("."))
    places = [(tuple(s.replace("_", "-") for s in place.old), place) for place in old_places(cls)]
    for old, place in places:
        if old[: len(steps)] == steps != old:
            return OldPlace(place.old[: len(steps)], ()), None
    for old, place in places:
        if steps[: len(old)] == old:
            if place.new is None:
                return place, None
            rest = name.split(".")[len(old) :]
            now = find_flag(cls, ".".join((*place.new, *rest)))
            if now is not None:
                now.renamed = ((place.new, place.old), *now.renamed)
                return place._replace(scale=None) if rest else place, now
    return None


def put_old(parsed: Parsed, flag: Flag, text: str | None, typed: str) -> bool:
    """Overlay what a flag says that is none of today; whether it is one."""
    place: OldPlace = flag.was
    if place.new is None:
        from ..config.notices import warn_of_change

        said = f" ({place.said})" if place.said else ""
        warn_of_change(parsed.cls, f"Removed flag, which does nothing: {typed}{said}")
    elif not place.new:
        from ..json_values import is_object
        from .values import Unreadable, contents, read_json

        expected = "must be a JSON object"
        try:
            value = read_json(contents(text or ""), expected)
        except Unreadable as error:
            parsed.refuse(str(error), place.old, typed)
            return True
        if is_object(value):
            put_at(parsed, place.old, value, typed)
        else:
            parsed.refuse(expected, place.old, typed)
    return not place.new


def put_at(parsed: Parsed, path: Keys, value: Any, origin: Any) -> None:
    """Overlay the value of an old place."""
    for key in reversed(path):
        value = {key: value}
    parsed.put_all(value, origin)
