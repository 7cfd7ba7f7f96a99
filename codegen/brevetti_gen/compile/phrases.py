"""What a small schema asks for, in words: `be a whole number and be at least 3`.

For messages about schemas whose problems cannot be told one by one: what `not` excludes, what
`contains` looks for, between which alternatives a value stands.
"""

from __future__ import annotations

from typing import Any

from brevettiai.messages.words import ARTICLES, LIMITS, demand, either, shown

from ..json_values import is_array, is_object
from ..schema.keywords import ANNOTATIONS, KEYWORDS
from ..schema.nodes import Node
from ..schema.resolve import Index
from .scopes import ScopedNode

_LONGEST = 60
_MOST_CHOICES = 6
_DEEPEST = 4

#: Keywords that need not be told beside others.
_TOLD_BY = {
    "type": frozenset(["const", "enum", "properties", "required"]),
    "minimum": frozenset(["exclusiveMinimum"]),
    "maximum": frozenset(["exclusiveMaximum"]),
    "required": frozenset(["properties"]),
}


def phrase(scoped: ScopedNode) -> str:
    """What a schema asks of a value, as a verb phrase, or "" if that is not said in short."""
    found = _phrases(scoped.scopes.index, scoped.node, _DEEPEST) or ()
    text = " and ".join(dict.fromkeys(found))
    return text if len(text) <= _LONGEST and text.isprintable() else ""


def _phrases(index: Index, node: Node, depth: int) -> list[str] | None:
    """A phrase for each thing that `node` asks for; None if one cannot be told."""
    if not isinstance(node.schema, dict) or not depth:
        return None
    title = node.schema.get("title")
    if isinstance(title, str) and title:
        return [f"be {title!r}"]
    asserting = [k for k in node.schema if node.has(k) and k not in ANNOTATIONS]
    found: list[str] = []
    for keyword in asserting:
        if _TOLD_BY.get(keyword, frozenset()).isdisjoint(asserting):
            if keyword == "$ref":
                phrases = _phrases(index, index.target(node), depth - 1)
            elif KEYWORDS[keyword].in_place and "list" in KEYWORDS[keyword].holds:
                phrases = _branches(index, node, keyword, depth - 1)
            else:
                phrases = _own(keyword, node.schema)
            if phrases is None:
                return None
            found += phrases
    return found


def _branches(index: Index, node: Node, keyword: str, depth: int) -> list[str] | None:
    found: list[str] = []
    for part in index.parts(node, keyword):
        phrases = _phrases(index, part, depth)
        if phrases is None or (keyword != "allOf" and len(phrases) != 1):
            return None
        found += phrases
    return found if keyword == "allOf" else [" or ".join(dict.fromkeys(found))]


def _own(keyword: str, schema: dict[str, Any]) -> list[str] | None:
    """What a keyword that holds no schemas asks for; also `properties` that are constants."""
    value = schema[keyword]
    if keyword == "type":
        names = value if is_array(value) else [value]
        return [f"be {either(ARTICLES[name] for name in names)}"]
    if keyword == "const":
        return [f"be {shown(value)}"]
    if keyword == "enum" and 0 < len(value) <= _MOST_CHOICES:
        return [f"be {either(map(shown, value))}"]
    if keyword == "pattern":
        return [f"match the pattern {value}"]
    if keyword == "required":
        return [f"have the key {name!r}" for name in value]
    if keyword == "properties" and all(is_object(v) and "const" in v for v in value.values()):
        required = [name for name in schema.get("required", ()) if name not in value]
        constants = [f"have {name!r} as {shown(v['const'])}" for name, v in value.items()]
        return constants + [f"have the key {name!r}" for name in required]
    if keyword in LIMITS and not isinstance(value, bool):
        return [demand(keyword, value)]
    return [] if keyword == "format" else None
