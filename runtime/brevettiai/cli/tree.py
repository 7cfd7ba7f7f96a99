"""All flags of a settings class in a row, for those that list them: help, argparse, suggestions.

Parsing does not need this: it follows the names that were typed.
"""

from __future__ import annotations

from .words import has_flag

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..compiled import Field
    from ..settings import Settings

MAX_FLAGS = 5000
"""How many flags are listed before settings inside settings are left closed. Classes that use
each other several times have exponentially many; nobody reads those."""


class Listed:
    """A field and where it is; the fields inside it follow if it is `open`."""

    __slots__ = ("field", "open", "path")

    def __init__(self, path: tuple[str, ...], field: Field, is_open: bool) -> None:
        self.path = path
        self.field = field
        self.open = is_open


def listed_flags(cls: type[Settings]) -> list[Listed]:
    """The fields of `cls` in schema order, each followed by the fields of its class.

    A field stays closed where its class is one of those around it, where it has no flag of its
    own, and past `MAX_FLAGS`.
    """
    listed: list[Listed] = []
    _list(cls, (), (), listed)
    return listed


def _list(
    cls: type[Settings], path: tuple[str, ...], above: tuple[type, ...], listed: list[Listed]
) -> None:
    above = (*above, cls)
    for field in cls.__brevetti__.fields():
        inner = field.cls
        is_open = (
            inner is not None
            and inner not in above
            and has_flag(field.key, at_root=not path)
            and len(listed) < MAX_FLAGS
        )
        listed.append(Listed((*path, field.key), field, is_open))
        if is_open and inner is not None:
            _list(inner, (*path, field.key), above, listed)
