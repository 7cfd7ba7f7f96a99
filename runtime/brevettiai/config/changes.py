"""What configs of older versions were changed by, and the words for it. Loaded for these alone."""

from __future__ import annotations

from ..errors import LaterVersion, Problem, path_text
from ..messages.records import NamedTuple
from ..messages.secrets import path_shown
from ..messages.words import shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from ..compiled import Path, Renames
    from ..messages.secrets import Secrets
    from ..settings import Settings


#: How many changes of one kind are told; the rest is alike.
MOST_TOLD = 20


class Change(NamedTuple):
    """What was changed in a config of an older version.

    Attributes:
        kind: `moved`, `removed`, `respelled`, `version`; and what goes without saying: `emptied`
            for an object of which nothing is left, `made` for one around what was moved.
        path: where that was.
        value: what is there now, or for `removed` a word about it.
        new: of what was moved, where it is now.
        scale: what it was multiplied by, None for nothing.
        was: the value before it was respelled.
        both: whether that cannot be: the new name is given too, or the version is a later one.
    """

    kind: str
    path: Path
    value: Any = None
    new: Path = ()
    scale: Any = None
    was: Any = None
    both: bool = False


def changes_in(cls: type[Settings], config: Any) -> list[Change]:
    """Make of `config`, plain JSON of any version that is changed, one of today; what changed."""
    out: Renames = []
    if cls.__brevetti__.rename is not None:
        cls.__brevetti__.rename(config, (), out)
    found = [each if isinstance(each, Change) else _renamed(*each) for each in out]
    return [change for change in found if change.kind != "made"]


def _renamed(at: Path, old: str, new: str, both: bool) -> Change:
    return Change("moved", (*at, old), None, (*at, new), both=both)


def words_of(changes: Sequence[Change], secrets: Secrets) -> Iterator[str]:
    """What to tell of changes, a line for each kind: what was said, and what to say now."""
    for kind, head in (
        ("moved", "Renamed config keys"),
        ("respelled", "Renamed config values"),
        ("removed", "Removed config keys, which do nothing"),
    ):
        found = [each for each in changes if each.kind == kind and not each.both]
        told = ", ".join(_told(each, secrets) for each in found[:MOST_TOLD])
        if found:
            more = len(found) - MOST_TOLD
            yield f"{head}: {told}" + (f", and {more} more" if more > 0 else "")


def _told(change: Change, secrets: Secrets) -> str:
    where = path_text(path_shown(change.path, secrets))
    if change.kind == "removed":
        return f"{where} ({change.value})" if change.value else where
    if change.kind == "respelled":
        hidden = secrets.at(*change.path).is_secret
        was, now = ("a hidden value",) * 2 if hidden else map(shown, (change.was, change.value))
        return f"{where} {was} (now {now})"
    # Of what stays in its object the new key tells enough.
    inner = change.path[:-1] == change.new[:-1]
    now = path_text(change.new[-1:] if inner else path_shown(change.new, secrets))
    times = "" if change.scale is None else f", times {change.scale}"
    return f"{where} (now {now}{times})"


def problems_of(changes: Sequence[Change], secrets: Secrets, source: str) -> list[Problem]:
    """Why a config cannot be made one of today."""
    found: list[Problem] = []
    for change in changes:
        if change.both and change.kind == "version":
            text = f"is of a later version than these settings, which are of {change.value}"
            text += ": install the version of the package that wrote it, or a later one"
            found.append(LaterVersion(change.path, text, str(change.was), source))
        elif change.both:
            inner = change.path[:-1] == change.new[:-1]
            new = repr(change.new[-1] if inner else path_text(path_shown(change.new, secrets)))
            text = f"is the old name of {new}, which is given too"
            found.append(Problem(path_shown(change.path, secrets), text, source=source))
    return found
