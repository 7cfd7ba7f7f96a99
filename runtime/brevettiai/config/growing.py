"""What configs of older versions of a schema say, made what it is today.

The rows of a class (`compiled.Compiled.growth`), of which what moved goes first:

- `("version", number)`: of which version configs are under `$version`; later ones are refused.
- `("moved", old, new, scale, kept)`: paths from an object of the class; what the values are
  multiplied by; how many steps of the old path lead over what there is today.
- `("removed", name, said)`: what nobody reads, a name or a dotted path, and a word about it.
- `("values", path, pairs)`: where values are spelled otherwise now, None for every item.

Generated code calls `grow_object`, which is frozen as `compiled` is. Loaded with such code.
"""

from __future__ import annotations

from ..json_values import changing, held, is_array, is_object, json_equal, lacks
from .changes import Change

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from ..compiled import Path, Renames

    Rows = tuple[tuple[Any, ...], ...]
    Keys = tuple[str, ...]

VERSION = "$version"


def grow_object(config: dict[str, Any], at: Path, out: Renames, rows: Rows) -> None:
    """Change `config`, plain JSON at the path `at`, as the rows of its class say; note it."""
    growth = _Growth(config, at, out)
    moves = [row[1:] for row in rows if row[0] == "moved"]
    left: dict[Keys, int] = {}
    # What moved in one version may be in a section that moved in a later one.
    while found := [move for move in moves if growth.move(*move[:3])]:
        left |= {old[:-1]: kept for old, _, _, kept in found}
    for path, kept in left.items():
        growth.prune(path, kept)
    for kind, *row in rows:
        if kind == "version":
            growth.check_version(*row)
        elif kind == "removed":
            growth.remove(*row)
        elif kind == "values":
            growth.respell(*row)


class _Growth:
    """A config that is being changed, the path at which it is, and what was changed so far."""

    def __init__(self, config: dict[str, Any], at: Path, out: Renames) -> None:
        self.config, self.at, self.out = config, at, out
        # What a move made around it is filled by moves further in.
        self.made = {id(each[2]) for each in out if each[0] == "made"}

    def note(self, kind: str, path: Path, value: Any = None, **facts: Any) -> None:
        new = (*self.at, *facts.pop("new", ()))
        self.out.append(Change(kind, (*self.at, *path), value, new, **facts))

    def check_version(self, known: int) -> None:
        given: Any = self.config.get(VERSION)
        is_whole = type(given) is int or (type(given) is float and given.is_integer())
        if is_whole and given != known:
            self.note("version", (VERSION,), known, was=given, both=given > known)
            if given < known:
                changing(self.config, self.out)
                self.config[VERSION] = known

    def move(self, old: Keys, new: Keys, scale: Any) -> bool:
        """Move what is at an old place; whether there is anything."""
        holder = _at(self.config, old[:-1])
        if not is_object(holder) or old[-1] not in holder:
            return False
        changing(holder, self.out)
        value = holder.pop(old[-1])
        if scale is not None:
            value = scaled(value, scale)
        target: Any = self.config
        for key in new[:-1]:
            if key not in target:
                changing(target, self.out)
                self.made.add(id(target.setdefault(key, {})))
                self.note("made", (), target[key])
            target = target[key]
            if not is_object(target):
                break
        self._put(value, target, old, new, scale)
        return True

    def _put(self, value: Any, target: Any, old: Keys, new: Keys, scale: Any) -> None:
        """Put a value where it belongs now; into an object of our own making key by key."""
        there = held(target, new[-1]) if is_object(target) else None
        if is_object(value) and id(there) in self.made:
            for key, item in value.items():
                self._put(item, there, (*old, key), (*new, key), None)
            self.note("emptied", old)
            return
        both = not is_object(target) or new[-1] in target
        self.note("moved", old, value, new=new, scale=scale, both=both)
        if not both:
            changing(target, self.out)
            target[new[-1]] = value

    def prune(self, path: Keys, kept: int) -> None:
        """Drop objects of which there are none any more once nothing is left in them."""
        while len(path) > kept and _at(self.config, path) == {}:
            holder = _at(self.config, path[:-1])
            changing(holder, self.out)
            del holder[path[-1]]
            self.note("emptied", path)
            path = path[:-1]

    def remove(self, name: str, said: str) -> None:
        path = (name,) if name in self.config else tuple(name.split("."))
        holder = _at(self.config, path[:-1])
        if is_object(holder) and path[-1] in holder:
            changing(holder, self.out)
            del holder[path[-1]]
            self.note("removed", path, said)

    def respell(self, path: tuple[str | None, ...], pairs: Any) -> None:
        found: list[tuple[Any, Any, Path]] = [(self.config, path[0], ())]
        for _ in path[1:]:
            inner = [(held(holder, key), (*place, key)) for holder, key, place in found]
            found = [(value, key, place) for value, place in inner for key in _keys(value)]
        for holder, key, place in found:
            value = held(holder, key)
            new = [new for old, new in pairs if json_equal(value, old)]
            if new and not lacks(holder, key):
                changing(holder, self.out)
                holder[key] = new[0]
                self.note("respelled", (*place, key), new[0], was=value)


def _keys(value: Any) -> Iterator[Any]:
    yield from [*value] if is_object(value) else range(len(value)) if is_array(value) else ()


def _at(config: Any, path: Keys) -> Any:
    """What is at a path of keys; None where it leads over something else than objects."""
    for key in path:
        config = held(config, key) if is_object(config) else None
    return config


def scaled(value: Any, scale: Any) -> Any:
    """A number, or those in a list, times `scale`, exactly; an integer stays one if it can.

    >>> scaled(3, 0.1), scaled(10, 0.1), scaled([90, True], "1/60")
    (0.3, 1, [1.5, True])
    """
    if is_array(value):
        return [scaled(item, scale) for item in value]
    if type(value) not in (int, float):
        return value
    from fractions import Fraction

    try:
        exact = Fraction(value if type(value) is int else repr(value)) * Fraction(str(scale))
        return int(exact) if type(value) is int and exact.denominator == 1 else float(exact)
    except (OverflowError, ValueError):  # beyond what a float holds
        return value * float(Fraction(str(scale)))
