"""What changed between two versions of schemas, and whether stored configs still load."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from ....meaning import Meaning
from ....model.types import Module, ModulePath
from ....schema.nodes import Node
from .change import BREAKS as BREAKS
from .change import Answer, Change, Comparison, name_of, place_of
from .failures import Failure, Moved, Other
from .loading import Loading
from .settings import changes_of_module, joined
from .sides import Sides
from .verdicts import Example, verdict_on


def _with_verdict(
    changes: Sequence[Change], sides: Sides, was: Module, now: Module
) -> tuple[list[Change], Answer]:
    """The changes of a module, with what they do to stored configs; and the verdict on these."""
    telling = _Telling(list(changes), sides, was, now)
    verdict = verdict_on(sides, was, now)
    if verdict is None:
        telling.changed_before()
        return telling.changes, "unknown"
    for example in verdict.examples:
        telling.refused(example, "stored", "forms", "flags")
    for example in verdict.extras:
        telling.refused(example, "extra")
    for failure in verdict.open:
        telling.unknown(failure)
    return telling.changes, verdict.answer


class _Telling:
    def __init__(self, changes: list[Change], sides: Sides, was: Module, now: Module) -> None:
        self.changes, self.sides, self.was, self.now = changes, sides, was, now
        self.loading = Loading(sides.each[1], now)
        self._told: set[tuple[str, str]] = set()

    def changed_before(self) -> None:
        """Tell that configs are changed before they are judged, in a way that is not followed."""
        message = "could not decide whether old configs still load: old names or values differ"
        unknown = frozenset(["unknown"])
        places = place_of(self.was.root), place_of(self.now.root)
        self.changes.append(Change(name_of(self.now), "", message, *places, unknown))

    def refused(self, example: Example, *breaks: str) -> None:
        """Tell of a config that is refused."""
        faults = self.loading.faults(example.config)
        # What else is wrong with an example, such as what it lacks, is told at its own place.
        at = re.escape(self._path(example.failure.path))
        below = [f for f in faults if not at or re.match(rf"{at}([.[]|$)", self._path(f.path))]
        fault = next(iter([*below, *faults]), None)
        inside = "" if fault is None else self._path(fault.path)
        what = "under a key that nobody declared " * (breaks == ("extra",))
        message = f"stored values {what}are refused: {fault or 'they do not fit'}"
        paths = self._paths(example.failure)
        if inside and any(change.path == inside for change in self.changes):
            paths = [inside]  # where an alternative is refused for it
        for path in paths:
            if (path, "refused") not in self._told:
                self._told.add((path, "refused"))
                self._add(path, message, breaks, example.failure, self._shown(example.config))

    def unknown(self, failure: Failure) -> None:
        """Tell of what could not be decided."""
        for path in self._paths(failure):
            word = failure.keyword
            if self._told.isdisjoint([(path, word), (path, "refused")]):
                self._told.add((path, word))
                why = f'"{word}"' if word else "there is too much to try"
                message = f"could not decide whether all stored values still fit ({why})"
                self._add(path, message, ["unknown"], failure, None)

    def _add(
        self, path: str, message: str, breaks: Iterable[str], failure: Failure, example: Any
    ) -> None:
        """Say it with a change at the same place, if there is one."""
        for number, change in enumerate(self.changes):
            if change.path == path and not change.breaks & {"stored", "unknown", "extra"}:
                more = change.breaks.union(breaks)
                self.changes[number] = replace(change, breaks=more, example=example)
                return
        old = next(iter(failure.premise.nodes), None)
        self.changes.append(
            Change(
                name_of(self.now),
                path,
                message,
                place_of(old if old is not None and self._is_old(old) else None),
                place_of(failure.goal),
                frozenset(breaks),
                example,
            )
        )

    def _is_old(self, node: Node) -> bool:
        return self.sides.of(node) is self.sides.each[0]

    def _path(self, steps: Iterable[Any]) -> str:
        path = ""
        for step in steps:
            if isinstance(step, int):
                path += "[]"
            elif isinstance(step, Other):
                path = joined(path, "*")
            else:
                path = joined(path, step.key if isinstance(step, Moved) else step)
        return path

    def _paths(self, failure: Failure) -> list[str]:
        """The dotted paths of a place, or of what is required there."""
        path = self._path(failure.path)
        if failure.keyword != "required":
            return [path]
        scoped = self.sides.of(failure.goal).scopes.at(failure.goal)
        missing = [n for n in scoped.required if n not in failure.premise.required]
        return [joined(path, name) for name in missing]

    def _shown(self, config: Any) -> Any:
        """An example without secrets; None where it might have some."""
        roots = self.was.root, self.now.root
        hide = any(root in self.sides.of(root).scopes.hiding for root in roots)
        return None if hide else config


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
            found, verdicts[name_of(now)] = _with_verdict(found, sides, was, now)
            changes += found
    added = modules.values()
    changes += [Change(name_of(m), "", "the schema is new", new=place_of(m.root)) for m in added]
    return Comparison(tuple(changes), verdicts)
