"""What the keywords of a schema say, read in the same way by verdict and explanation."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from brevettiai.compiled import is_one_of

from ..json_values import is_array
from ..schema.keywords import ANNOTATIONS, DEPENDENCIES
from .scopes import ScopedNode

#: They ask about what no other keyword asks.
UNEVALUATED = frozenset(["unevaluatedItems", "unevaluatedProperties"])


def required_names(scoped: ScopedNode) -> list[str]:
    """The names in `required`; a Boolean there is draft 3, which nobody compiles."""
    required = scoped.get("required")
    return list(dict.fromkeys(required)) if is_array(required) else []


def alternative_constants(scoped: ScopedNode, keyword: str) -> list[Any] | None:
    """The values of an `anyOf` or `oneOf` that is an `enum` of constants with titles, else None."""
    values: list[Any] = []
    for child in scoped.children(keyword):
        node = child.node
        if node.keywords - ANNOTATIONS != frozenset(["const"]):
            return None
        value = node.get("const")
        if keyword == "oneOf" and is_one_of(value, values):
            return None
        values.append(value)
    return values


def dependencies(scoped: ScopedNode) -> Iterator[tuple[str, str, list[str] | None]]:
    """What the presence of a property asks for: keyword, name, and the other names it needs.

    The names are None where a subschema says it.
    """
    for keyword in DEPENDENCIES:
        for name, needed in scoped.table(keyword).items():
            if isinstance(needed, str):
                yield keyword, name, [needed]
            else:
                yield keyword, name, needed if is_array(needed) else None


def prefix_of(scoped: ScopedNode) -> tuple[str, int]:
    """The keyword that gives the first items schemas of their own, and for how many."""
    keyword = "prefixItems" if scoped.has("prefixItems") else "items"
    prefix = scoped.get(keyword)
    return keyword, len(prefix) if is_array(prefix) else 0


def rest_of(scoped: ScopedNode) -> str | None:
    """The keyword that says what the items after those are, if there is one."""
    rest = "additionalItems" if is_array(scoped.node.get("items")) else "items"
    return rest if scoped.has(rest) and scoped.has("items") else None
