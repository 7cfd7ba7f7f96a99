"""What loading rewrites in configs of older versions: see `brevettiai.config.growing`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple, TypeAlias

from brevettiai.config.growing import scaled
from brevettiai.json_values import json_equal

from ....model.types import SettingsClass
from ....schema.nodes import Node
from ...lint.old_configs import Keys
from .premises import NUMBERS, Limit, Premise

Pairs: TypeAlias = tuple[tuple[Any, Any], ...]


class Coming(NamedTuple):
    """What loading puts at a path: values from elsewhere, and whether they are always there."""

    path: Keys
    values: tuple[Premise, ...]
    is_certain: bool
    origin: Keys
    #: How many steps back the object is from which the origin is told.
    up: int = 0


@dataclass
class Edits:
    """What is rewritten in an object, by paths from there.

    Attributes:
        gone: what is taken away.
        coming: what is put there.
        respelled: values that are written otherwise, None for every item.
        pruned: objects that are dropped if what was moved left nothing in them.
        removed: what is taken away after that.
        doubts: paths at which it could not be told what loading does.
    """

    gone: set[Keys] = field(default_factory=set[Keys])
    coming: list[Coming] = field(default_factory=list[Coming])
    respelled: list[tuple[tuple[str | None, ...], Pairs]] = field(
        default_factory=list[tuple[tuple[str | None, ...], Pairs]]
    )
    pruned: set[Keys] = field(default_factory=set[Keys])
    removed: set[Keys] = field(default_factory=set[Keys])
    doubts: list[Keys] = field(default_factory=list[Keys])

    def __bool__(self) -> bool:
        return bool(self.gone or self.coming or self.respelled or self.doubts)

    def below(self, step: str | None) -> Edits:
        """The edits inside of what is at a key, or of an item of a list."""
        return Edits(
            {path[1:] for path in self.gone if len(path) > 1 and path[0] == step},
            [
                each._replace(path=each.path[1:], up=each.up + 1)
                for each in self.coming
                if len(each.path) > 1 and each.path[0] == step
            ],
            [(p[1:], pairs) for p, pairs in self.respelled if p and p[0] in (step, None)],
            {path[1:] for path in self.pruned if path[:1] == (step,)},
            {path[1:] for path in self.removed if path[:1] == (step,) and len(path) > 1},
        )

    @property
    def pairs(self) -> Pairs:
        """The values that are written otherwise at the very place."""
        return next((pairs for path, pairs in self.respelled if not path), ())

    @property
    def key(self) -> Any:
        """What tells edits apart."""
        keys = [tuple(value.key for value in each.values) for each in self.coming]
        coming = tuple(each._replace(values=()) for each in self.coming)
        sets = [sorted(each) for each in (self.gone, self.pruned, self.removed)]
        texts = json.dumps([self.respelled, sets, self.doubts])
        return tuple(keys), coming, texts


class Rewritten(Premise):
    """Values that loading rewrites: what is told of them is told of them as they are then.

    What goals say of them says nothing of `raw`, what they were before.
    """

    def __init__(self, raw: Premise, key: Any) -> None:
        super().__init__(raw.sides, raw.nodes, declared_only=raw.declared_only)
        self.parted, self.given_atoms = raw.parted, raw.given_atoms
        self.given_refused, self.bare = raw.given_refused, raw.bare
        self.raw, self.key = raw, key

    def also(self, node: Node) -> Premise:
        return self

    def refusing(self, node: Node) -> Premise:
        return self

    def having(self, key: str) -> Premise:
        return self

    def saying(self, keyword: str) -> Iterator[tuple[Node, Any]]:
        return iter(())

    @cached_property
    def refused(self) -> frozenset[Node]:
        return frozenset()

    def rewritten(self, value: Any) -> Any:
        """What loading makes of a value that is neither an object nor a list."""
        return value


class Scaled(Rewritten):
    """Numbers that loading multiplies by a factor; what else there is stays as it is."""

    def __init__(self, raw: Premise, scale: Any) -> None:
        super().__init__(raw, ("scaled", raw.key, str(scale)))
        self.scale = scale

    def with_(self, *nodes: Node, **more: Any) -> Premise:
        return Scaled(self.raw.with_(*nodes, **more), self.scale)

    def of_kind(self, atom: str) -> Premise:
        # A fraction may come of an integer.
        return self.with_(atoms=NUMBERS if atom in NUMBERS else frozenset([atom]))

    @cached_property
    def atoms(self) -> frozenset[str]:
        found = self.raw.atoms
        return found if found.isdisjoint(NUMBERS) else found | NUMBERS

    @cached_property
    def bounds(self) -> tuple[Limit, Limit]:
        # Whoever rounds may come to a limit that was excluded.
        found = [scaled(limit, self.scale) for limit, _ in self.raw.bounds]
        # Of greater numbers not all are floats.
        known = (None if n is None or abs(n) > 2**53 else n for n in found)
        low, high = ((limit, False) for limit in known)
        return (low, high) if scaled(1, self.scale) > 0 else (high, low)

    def sizes(self, kind: str) -> tuple[int, int | None]:
        return (0, None) if kind != "string" else self.raw.sizes(kind)

    def cases(self) -> Iterator[list[Premise]]:
        for cases in self.raw.cases():
            yield [Scaled(case, self.scale) for case in cases]

    def rewritten(self, value: Any) -> Any:
        before = self.raw.rewritten(value) if isinstance(self.raw, Rewritten) else value
        return scaled(before, self.scale)


def rows_of(cls: SettingsClass) -> list[tuple[Any, ...]]:
    """All that a class rewrites in its own configs."""
    renamed = ((old, prop.key) for prop in cls.properties for old in prop.old_keys)
    return [*cls.growth] or [("moved", (old,), (new,), None, 0) for old, new in renamed]


def respelled(value: Any, pairs: Pairs) -> Any:
    """A value as it is written now."""
    return next((new for old, new in pairs if json_equal(value, old)), value)


def is_around(path: Keys, other: Keys, *, either: bool = False) -> bool:
    """Whether one path leads to what is at another, or around it; with `either`, or in it."""
    return other[: len(path)] == path or (either and path[: len(other)] == other)
