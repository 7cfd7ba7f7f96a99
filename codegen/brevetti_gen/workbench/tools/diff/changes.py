"""What changed between two versions of schemas, and what that breaks."""

from __future__ import annotations

from collections.abc import Mapping

from ....meaning import Meaning
from ....model.types import ModulePath
from .change import BREAKS as BREAKS
from .change import Answer, Comparison, name_of, place_of
from .change import Change as Change
from .settings import changes_of_module
from .sides import Sides
from .stored import with_verdict

_OF_CLASSES = ("stored", "forms", "flags", "code")


def changes_between(
    old: Meaning, new: Meaning, partners: Mapping[ModulePath, ModulePath] | None = None
) -> tuple[Change, ...]:
    """What changed from `old` to `new`; see `compared`."""
    return compared(old, new, partners).changes


def compared(
    old: Meaning, new: Meaning, partners: Mapping[ModulePath, ModulePath] | None = None
) -> Comparison:
    """Compare two versions of schemas.

    Args:
        partners: the new modules by old ones of another name; others are those of the same name.
    """
    partners = partners or {}
    modules = {module.path: module for module in new.model.modules}
    pairs = [(m, modules.pop(partners.get(m.path, m.path), None)) for m in old.model.modules]
    sides = Sides(old, new)
    changes: list[Change] = []
    verdicts: dict[str, Answer] = {}
    for was, now in pairs:
        if now is None:
            gone = frozenset(["code"] if was.root_class is None else _OF_CLASSES)
            message = "the schema is gone, and its module with it"
            changes.append(Change(name_of(was), "", message, place_of(was.root), breaks=gone))
        else:
            found = changes_of_module(old, was, new, now)
            found, verdicts[name_of(now)] = with_verdict(found, sides, was, now)
            changes += found
    added = modules.values()
    changes += [Change(name_of(m), "", "the schema is new", new=place_of(m.root)) for m in added]
    return Comparison(tuple(changes), verdicts)
