"""All flags of a settings class in a row, for those that list them: help, completion, argparse.

Parsing does not need this: it follows the names that were typed.
"""

from __future__ import annotations

import json

from ..classes import Field
from ..json_values import is_object
from ..messages.records import NamedTuple
from ..messages.secrets import Secrets, secrets_of
from .inside import Kind, default_of, kind_of, kinds_of, rows_inside
from .words import VERSION, has_flag

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..settings import Settings

MAX_FLAGS = 5000
"""How many flags are listed before settings inside settings are left closed. Classes that use
each other several times have exponentially many; nobody reads those."""
_DEEPEST = 24
"""How many classes are opened inside one another: many that use each other make long chains."""


class Listed(NamedTuple):
    """A field and where it is; the fields inside it follow if it is `open`.

    Attributes:
        path: the keys that lead to it; `N` stands for any index of a list, `KEY` for any key of
            a map. Fields of several kinds of one setting can have the same.
        name: the flag without `--`; "" for a field that no flag can say.
        kind: of a setting that can be of several kinds of objects, the one that has the field;
            of settings inside settings the nearest.
        is_pattern: whether `N` or `KEY` is in it, so that it is no flag as it stands.
        default: what is there if nobody says anything, as JSON text: the field's own default, or
            what that of an object around it says. None where nothing is.
    """

    path: tuple[str, ...]
    field: Field
    open: bool
    name: str
    kind: Kind | None = None
    default: str | None = None
    is_pattern: bool = False


def listed_flags(cls: type[Settings], *, inside: bool = True) -> list[Listed]:
    """The fields of `cls` in schema order, each followed by the fields of what it holds.

    Those are the fields of its class, and with `inside` also those of each kind of its objects, of
    the objects in a list, and of those in a map. A field stays closed where its class is one of
    those around it, or these are many, where it has no flag of its own, and past `MAX_FLAGS`.
    """
    lister = _Lister(inside)
    secrets = secrets_of(cls.__brevetti__)
    lister.list_class(cls, _Place((), (), None, {}, False, secrets))
    for step, row in rows_inside(Field(".", "object", cls=cls)) if inside else ():
        lister.list_inside(row, _Place((step,), (cls,), None, {}, True, secrets.at(...)))
    return lister.listed


class _Place(NamedTuple):
    """Where the fields of a class are listed: below what, in which kind, and what loads there.

    `secrets` are those in its objects.
    """

    path: tuple[str, ...]
    above: tuple[type, ...]
    kind: Kind | None
    values: dict[str, Any]
    is_pattern: bool
    secrets: Secrets


class _Lister:
    def __init__(self, inside: bool) -> None:
        self._inside = inside
        self.listed: list[Listed] = []

    def list_class(self, cls: type[Settings], place: _Place) -> None:
        path, kind = place.path, place.kind
        above = (*place.above, cls)
        for field in cls.__brevetti__.fields():
            if field.key == VERSION:
                continue
            own = (*path, field.key)
            name = ".".join(own) if has_flag(field.key, at_root=not path) else ""
            default = field.default
            if field.key in place.values:
                default = json.dumps(place.values[field.key], ensure_ascii=False)
            at, secrets = len(self.listed), place.secrets.at(field.key)
            row, default = secrets.told(field), secrets.text_of(default)
            self.listed.append(Listed(own, row, False, name, kind, default, place.is_pattern))
            if name and not {"object", "array"}.isdisjoint(field.kinds):
                value = place.values.get(field.key, default_of(field))
                values = value if is_object(value) else {}
                inner = _Place(own, above, kind, values, place.is_pattern, secrets)
                is_open = self.list_inside(field, inner)
                self.listed[at] = self.listed[at]._replace(open=is_open)

    def list_inside(self, field: Field, place: _Place) -> bool:
        """List what is inside the values of a field; whether there can be anything."""
        if not self._inside:
            return field.cls is not None and self._opens(field.cls, place)
        found = kinds_of(field)
        chosen = kind_of(found, place.values)
        is_open = False
        for kind in found.kinds:
            several = len(found.kinds) > 1
            values = place.values if kind == chosen or not several else {}
            inner = place._replace(kind=kind if several else place.kind, values=values)
            is_open |= self._opens(kind.cls, inner)
        classes = tuple(kind.cls for kind in found.kinds)
        # What such objects have under other keys is told once, as their fields are.
        is_told = not set(classes).isdisjoint(place.above)
        place = place._replace(above=(*place.above, *classes))
        for step, row in () if is_told else rows_inside(field):
            is_pattern = place.is_pattern or not step.isdecimal()
            secrets = place.secrets.at({"N": -1, "KEY": ...}.get(step) or int(step))
            inner = place._replace(path=(*place.path, step), values={}, is_pattern=is_pattern)
            inner = inner._replace(secrets=secrets)
            is_open |= self.list_inside(row, inner)
        return is_open

    def _opens(self, cls: type[Settings], place: _Place) -> bool:
        is_deep = len(place.above) >= _DEEPEST
        if is_deep or cls in place.above or len(self.listed) >= MAX_FLAGS:
            return False
        self.list_class(cls, place)
        return True
