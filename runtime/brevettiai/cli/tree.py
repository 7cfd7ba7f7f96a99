"""All flags of a settings class in a row, for those that list them: help, argparse, suggestions.

Parsing does not need this: it follows the names that were typed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from .words import has_flag

if TYPE_CHECKING:
    from ..compiled import Field
    from ..settings import Settings

MAX_FLAGS = 5000
"""How many flags are listed before settings inside settings are left closed. Classes that use
each other several times have exponentially many; nobody reads those."""


class Listed(NamedTuple):
    """A field and where it is; the fields inside it follow if it is `open`.

    Attributes:
        name: the flag without `--`; "" for a field that no flag can say.
    """

    path: tuple[str, ...]
    field: Field
    open: bool
    name: str


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
        own = (*path, field.key)
        name = ".".join(own) if has_flag(field.key, at_root=not path) else ""
        if inner is None or inner in above or not name or len(listed) >= MAX_FLAGS:
            listed.append(Listed(own, field, False, name))
        else:
            listed.append(Listed(own, field, True, name))
            _list(inner, own, above, listed)
