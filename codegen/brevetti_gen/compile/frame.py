"""What the checks of one site are written with: names, marks, and the functions of others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

from ..json_values import is_array
from ..schema.keywords import IN_PLACE, about, holding
from .block import Block
from .scope import Site, Sites

#: Values of nested inline checks, outermost first.
NAMES = ("v", "w", "x", "y")


class Unit(Protocol):
    """What a check needs of the module that it is compiled into."""

    @property
    def sites(self) -> Sites: ...
    def check(self, site: Site) -> str:
        """The name of the plain check of `site`."""
        ...

    def mark(self, site: Site) -> str:
        """The name of the marking check of `site`."""
        ...

    def use(self, name: str) -> str:
        """The name under which a function of the runtime is at hand."""
        ...

    def pattern(self, site: Site, pattern: str) -> str:
        """The name of the compiled `pattern`."""
        ...

    def constant(self, site: Site, keyword: str, value: Any) -> str:
        """The name of a constant."""
        ...

    def asserts_format(self, site: Site) -> bool: ...


class Target(NamedTuple):
    """What is checked: the name of the value, and of the set that marks go to.

    `known` are the types that it is known to have: those need no check.
    """

    value: str
    level: int = 0
    marks: str | None = None
    known: tuple[str, ...] = ()


@dataclass(frozen=True)
class Frame:
    """A site whose checks are being written, and the names of what they work on.

    Attributes:
        value: the name of the value.
        level: how many inline checks it is nested in.
        marks: the name of the set that takes what this site evaluates, if anybody asks.
        outer_marks: the same of who asked for this check. Another set where the site must know by
            itself what nobody evaluated.
        inline: writes the checks of a small site in place.
    """

    unit: Unit
    site: Site
    value: str
    level: int
    marks: str | None
    outer_marks: str | None
    inline: Callable[[Site, Block, Target], None]

    def child(self, *path: str | int) -> Site:
        """The site of the subschema at `path`."""
        return self.unit.sites.child(self.site, *path)

    def apply(self, site: Site) -> str:
        """An expression: whether the value fits `site`, which marks what it evaluates."""
        if self.marks and not isinstance(site.node.schema, bool):
            return f"{self.unit.mark(site)}({self.value}, {self.marks})"
        return self.plain(site)

    def plain(self, site: Site) -> str:
        """An expression: whether the value fits `site`."""
        return self.fits(site, self.value)

    def fits(self, site: Site, value: str) -> str:
        """An expression: whether `value` fits `site`."""
        if isinstance(site.node.schema, bool):
            return str(site.node.schema)
        return f"{self.unit.check(site)}({value})"

    def write_size(self, block: Block, least: str, most: str) -> None:
        """Write the check of a length that two keywords limit."""
        v, site = self.value, self.site
        low = int(site.get(least)) if site.has(least) else 0
        high = int(site.get(most)) if site.has(most) else None
        if low and high is not None:
            block.fail_if(f"not {low} <= len({v}) <= {high}")
        elif low == 1:
            block.fail_if(f"not {v}")
        elif low:
            block.fail_if(f"len({v}) < {low}")
        elif high is not None:
            block.fail_if(f"len({v}) > {high}" if high else v)


def is_flat(site: Site, level: int = 1) -> bool:
    """Whether `site` is small enough to be checked inside its parent's function."""
    schema = site.node.schema
    if isinstance(schema, bool):
        return True
    if site.has_any(about("object")) or site.has_any(IN_PLACE):
        return False
    if not site.has_any(about("array")):
        return True
    of_items = holding("one", "list").intersection(about("array")) - {"items"}
    is_plain = not site.has_any(of_items) and not is_array(site.node.get("items"))
    return level < len(NAMES) - 1 and is_plain
