"""What the checks of one schema are written with: names, marks, and the functions of others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from ..json_values import is_array
from ..schema.keywords import IN_PLACE, LEADING, UNEVALUATED, about, holding
from .block import Block
from .scopes import ScopedNode

if TYPE_CHECKING:
    from .program import ModuleCode

#: Keywords whose schemas are checked by functions of their own.
_NEVER_FLAT = frozenset(about("array")).union(LEADING) - {"anyOf"}
#: Values of nested inline checks, outermost first.
NAMES = ("v", "w", "x", "y")


class Target(NamedTuple):
    """What is checked: the name of the value, and of the set that marks go to.

    `level` is how many inline checks it is nested in; `known` are the types that it is known to
    have: those need no check.
    """

    value: str
    level: int = 0
    marks: str | None = None
    known: tuple[str, ...] = ()


@dataclass(eq=False)
class Context:
    """A scoped node whose checks are being written into a block, and what they work on.

    `inline` writes the checks of a small schema in place.
    """

    code: ModuleCode
    scoped: ScopedNode
    target: Target
    inline: Callable[[ModuleCode, ScopedNode, Block, Target], None]
    block: Block

    def __post_init__(self) -> None:
        self.value, self.level, self.outer_marks, self.known = self.target
        self.types = self.known or self.scoped.types
        #: Whether it must know by itself what nobody evaluated, with a set of its own.
        self.is_own = self.scoped.has_any(UNEVALUATED)
        self.marks = "seen" if self.is_own else self.outer_marks

    def apply(self, scoped: ScopedNode) -> str:
        """An expression: whether the value fits `scoped`, which marks what it evaluates."""
        if self.marks and not isinstance(scoped.node.schema, bool):
            return f"{self.code.mark(scoped)}({self.value}, {self.marks})"
        return self.fits(scoped)

    def fits(self, scoped: ScopedNode, value: str = "") -> str:
        """An expression: whether `value`, or the value that is checked, fits `scoped`."""
        if isinstance(scoped.node.schema, bool):
            return str(scoped.node.schema)
        return f"{self.code.check(scoped)}({value or self.value})"

    def write_size(self, block: Block, least: str, most: str) -> None:
        """Write the check of a length that two keywords limit."""
        high = int(self.scoped.get(most)) if self.scoped.has(most) else None
        if test := size_misfit(self.value, int(self.scoped.get(least) or 0), high):
            block.fail_if(test)


def size_misfit(value: str, low: int, high: int | None) -> str:
    """The test that a length is not within limits; "" where there are none."""
    if low and high is not None:
        return f"not {low} <= len({value}) <= {high}"
    if low:
        return f"len({value}) < {low}" if low > 1 else f"not {value}"
    return "" if high is None else f"len({value}) > {high}" if high else value


def is_atom(scoped: ScopedNode) -> bool:
    """Whether the checks of `scoped` are tests of a scalar."""
    return not scoped.has_any((*LEADING, *about("array"), *about("object")))


def is_flat(scoped: ScopedNode, level: int = 1) -> bool:
    """Whether `scoped` is small enough to be checked inside its parent's function."""
    schema = scoped.node.schema
    if isinstance(schema, bool):
        return True
    if scoped.has_any(about("object")):
        return False
    if scoped.has_any(IN_PLACE):
        is_any_of = scoped.keywords.isdisjoint(_NEVER_FLAT)
        return is_any_of and all(map(is_atom, scoped.children("anyOf")))
    if not scoped.has_any(about("array")):
        return True
    of_items = holding("one", "list").intersection(about("array")) - {"items"}
    is_plain = not scoped.has_any(of_items) and not is_array(scoped.node.get("items"))
    return level < len(NAMES) - 1 and is_plain
