"""What loading makes of configs of an old version, before the new one judges them.

A settings class reads old names, drops removed ones, and puts new values in place of old ones (see
`brevettiai.config.growing`). What is known of configs is rewritten here as loading rewrites them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from functools import cached_property
from typing import Any

from ....model import types
from ....model.shapes import matches
from ....model.types import Model, SettingsClass, Type
from ....schema.nodes import Node
from ....schema.recognise import VERSION_KEY
from ...lint.old_configs import Keys
from .edits import Coming, Edits, Pairs, Rewritten, Scaled, is_around, respelled, rows_of
from .premises import Limit, Premise


def grown(raw: Premise, model: Model, kind: Type | None, outer: Edits | None = None) -> Premise:
    """What loading makes of values of `raw` at a place where `model` has values of a type.

    Args:
        outer: what the classes around rewrite there.
    """
    outer = outer or Edits()
    concerned = kind is not None and any(cls.renames for cls in model.classes_in(kind))
    return Grown(raw, model, kind if concerned else None, outer) if concerned or outer else raw


class Grown(Rewritten):
    """Values that loading rewrites: all that is told is told of them as they are then."""

    def __init__(self, raw: Premise, model: Model, kind: Type | None, outer: Edits) -> None:
        super().__init__(raw, ("grown", raw.key, kind, outer.key))
        self.model, self.kind, self.outer = model, kind, outer
        #: The version that configs have, if they say one.
        self.version: int | None = None

    def with_(self, *nodes: Node, **more: Any) -> Premise:
        return self._of(self.raw.with_(*nodes, **more))

    def _of(self, raw: Premise) -> Grown:
        found = Grown(raw, self.model, self.kind, self.outer)
        found.version = self.version
        return found

    @cached_property
    def atoms(self) -> frozenset[str]:
        return self.raw.atoms

    @cached_property
    def bounds(self) -> tuple[Limit, Limit]:
        return (None, False), (None, False)

    def sizes(self, kind: str) -> tuple[int, int | None]:
        if kind == "string":
            return 0, None
        if kind == "array":
            return self.raw.sizes(kind)
        coming = self.edits.coming
        return len(self.required), None if coming else self.raw.sizes(kind)[1]

    # What is rewritten

    @cached_property
    def doubts(self) -> list[Keys]:
        """The paths at which it could not be told what loading does."""
        if isinstance(self.kind, types.UnionType) and self.owner is None:
            return [()]
        return self.edits.doubts

    @cached_property
    def owner(self) -> SettingsClass | None:
        """The class whose objects the values are, if they are objects."""
        kind = self.kind
        if isinstance(kind, types.UnionType):
            concerned = [t for t in types.types_in(kind) if any(self._renaming(t))]
            objects = [t for t in types.types_in(kind) if isinstance(t, types.OBJECTS)]
            kind = objects[0] if len(objects) == 1 and concerned == objects else None
        return self.model.of(kind) if isinstance(kind, types.ClassType) else None

    def _renaming(self, kind: Type) -> Iterator[bool]:
        return (cls.renames for cls in self.model.classes_in(kind))

    @cached_property
    def edits(self) -> Edits:
        """All that is rewritten in an object: by the classes around, then by its own."""
        rows = [] if self.owner is None else rows_of(self.owner)
        if not rows:
            return self.outer
        outer = self.outer
        edits = Edits({*outer.gone}, [*outer.coming], [*outer.respelled], {*outer.pruned})
        edits.removed |= outer.removed
        edits.doubts += [()] if outer.respelled else []
        for kind, *row in rows:
            if kind == "moved":
                self._move(edits, *row)
            elif kind == "removed":
                self._remove(edits, str(row[0]))
            elif kind == "values":
                edits.doubts += [(row[0][0],) for path, _ in edits.respelled if path == row[0]]
                edits.respelled.append((tuple(row[0]), tuple(row[1])))
            elif kind == "version" and self.version is not None:
                edits.respelled.append(((VERSION_KEY,), ((self.version, row[0]),)))
            elif kind == "version" and self._can_have(VERSION_KEY):
                edits.doubts.append((VERSION_KEY,))
        olds = [row[0] for kind, *row in rows if kind == "moved"]
        for come in edits.coming:  # what came is perhaps moved on
            edits.doubts += [come.path for old in olds if is_around(come.path, old, either=True)]
        return edits

    def _move(self, edits: Edits, old: Keys, new: Keys, scale: Any, kept: int) -> None:
        values, is_certain = self._read(edits, old)
        if not values:
            return
        edits.gone.add(old)
        if scale is not None:
            edits.doubts += [new for value in values if "array" in value.atoms]
            values = tuple(Scaled(value, scale) for value in values)
        if any(is_around(new, each.path, either=True) for each in edits.coming):
            edits.doubts.append(new)
        for length in range(1, len(new) + 1):
            inside, _ = self._read(edits, new[:length])
            if length == len(new) and inside:
                edits.doubts.append(new)  # both may be there
            elif any(value.atoms - {"object"} for value in inside):
                edits.doubts.append(new)
        edits.coming.append(Coming(new, values, is_certain, old))
        edits.pruned.update(old[:length] for length in range(kept + 1, len(old)))

    def _remove(self, edits: Edits, name: str) -> None:
        path = tuple(name.split("."))
        if len(path) > 1 and self._can_have(name):
            edits.doubts.append((name,))
        edits.gone.add(path)
        edits.removed.add(path)

    def _can_have(self, key: str) -> bool:
        return any(value.atoms for value in self.raw.values_at(key))

    def _read(self, edits: Edits, path: Keys) -> tuple[tuple[Premise, ...], bool]:
        """What old configs have at a path, as far as it was not taken away."""
        found: list[Premise] = [self.raw]
        is_certain = True
        for length, key in enumerate(path, 1):
            if path[:length] in edits.gone:
                return (), False
            is_certain &= path[:length] not in edits.pruned
            holders = [each for each in found if "object" in each.atoms]
            is_certain &= all(e.atoms <= {"object"} and key in e.required for e in holders)
            found = [value for each in holders for value in each.values_at(key) if value.atoms]
        inside = Edits({gone[len(path) :] for gone in edits.gone if is_around(path, gone)})
        if inside:
            found = [Grown(value, self.model, None, inside) for value in found]
        return tuple(found), is_certain and bool(found)

    # What there is then

    @cached_property
    def required(self) -> frozenset[str]:
        edits = self.edits
        pruned = {path[0] for path in edits.pruned if len(path) == 1}
        kept = {key for key in self.raw.required if (key,) not in edits.gone} - pruned
        return frozenset(kept | {each.path[0] for each in edits.coming if each.is_certain})

    @cached_property
    def names(self) -> dict[str, None]:
        found = {**self.raw.names, **{each.path[0]: None for each in self.edits.coming}}
        return {name: None for name in found if self.values_at(name)}

    def values_at(self, key: str) -> list[Premise]:
        edits = self.edits
        inside, kind = edits.below(key), self._kind_at(key)
        found: list[Premise] = []
        if (key,) not in edits.gone:
            found = [grown(raw, self.model, kind, inside) for raw in self.raw.values_at(key)]
        for each in edits.coming:
            if each.path == (key,):
                come = [grown(value, self.model, kind, inside) for value in each.values]
                for value in come:
                    value.origin = each.up, each.origin
                found += come
        is_certain = key in self.raw.required and (key,) not in edits.gone
        if inside.coming and not is_certain:
            nothing = Premise(self.sides, (), atoms=frozenset(["object"]), bare=True)
            found.append(grown(nothing, self.model, kind, inside))
        return found

    def under(self, key: str) -> Premise | None:
        raise NotImplementedError("there can be several: values_at")

    def under_others(
        self, matching: Collection[str] = (), avoiding: Collection[str] = ()
    ) -> Iterator[tuple[Premise, frozenset[str]]]:
        kind = self._kind_of_others()
        for inner, matched in self.raw.under_others(matching, avoiding):
            yield grown(inner, self.model, kind, self.edits.below(None)), matched

    def item(self, position: int) -> Premise:
        kind = self.kind
        inner: Type | None = None
        if isinstance(kind, types.ListType):
            is_first = position < len(kind.prefix)
            inner = kind.prefix[position] if is_first else kind.item
        return grown(self.raw.item(position), self.model, inner, self.outer.below(None))

    @cached_property
    def prefix_length(self) -> int:
        kind = self.kind
        own = len(kind.prefix) if isinstance(kind, types.ListType) else 0
        return max(own, self.raw.prefix_length)

    def _kind_at(self, key: str) -> Type | None:
        if self.owner is not None:
            prop = next((prop for prop in self.owner.properties if prop.key == key), None)
            if prop is not None:
                return prop.type
            entries = [e for e in self.owner.entries if not e.patterns or matches(e.patterns, key)]
            return next((each.type for each in entries), None)
        return self._kind_of_others()

    def _kind_of_others(self) -> Type | None:
        if isinstance(self.kind, types.MapType):
            return self.kind.value
        return next((e.type for e in self.owner.entries), None) if self.owner else None

    @property
    def is_dropped(self) -> bool:
        """Whether objects are dropped once what was in them is somewhere else, as it surely was."""
        if () not in self.outer.pruned or self.outer.removed:
            return False
        return any(len(path) == 1 and path[0] in self.raw.required for path in self.outer.gone)

    # Values themselves

    @property
    def pairs(self) -> Pairs:
        """The values that are written otherwise, old and new ones."""
        return self.outer.pairs

    @cached_property
    def without_pairs(self) -> Premise:
        """These values, if none of them is written otherwise."""
        others = [one for one in self.outer.respelled if one[0]]
        return grown(self.raw, self.model, self.kind, replace(self.outer, respelled=others))

    def rewritten(self, value: Any) -> Any:
        before = self.raw.rewritten(value) if isinstance(self.raw, Rewritten) else value
        return respelled(before, self.pairs)

    def cases(self) -> Iterator[list[Premise]]:
        for cases in self.raw.cases():
            yield [self._of(case) for case in cases]


def base_of(premise: Premise) -> Premise:
    """What old configs have where a premise tells what loading makes of it."""
    while isinstance(premise, Rewritten):
        premise = premise.raw
    return premise
