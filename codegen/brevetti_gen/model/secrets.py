"""What schemas say of secrets, as rows of `brevettiai.messages.secrets`."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from brevettiai.messages.secrets import places_said

from ..json_values import is_array
from ..patterns import translate
from ..schema.keywords import HOLDING
from ..schema.nodes import Node
from ..schema.resolve import Index
from .types import Shape

Applied = Callable[[Shape], tuple[Node, ...]]


def secret_places(index: Index, applied: Applied) -> dict[Node, Any]:
    """What each schema says; `applied` gives the schemas that surely apply to the same value."""
    rows: dict[Any, dict[str, Any]] = {}

    def row_of(said: Any, context: Any) -> tuple[dict[str, Any], Any]:
        """That of a schema, or of several for the same value."""
        if said not in rows:
            is_one = isinstance(said, Node)
            rows[said] = _row(said, index, applied) if is_one else {"may": said}
        return rows[said], context

    nodes = index.everywhere()
    return dict(zip(nodes, places_said(nodes, None, row_of), strict=True))


def _row(node: Node, index: Index, applied: Applied) -> dict[str, Any]:
    parts = {keyword: tuple(index.parts(node, keyword)) for keyword in node.keywords & HOLDING}
    dynamic, is_list = index.dynamic_name(node), is_array(node.keyword("items"))
    targets = index.dynamic_targets(dynamic) if dynamic is not None else ()
    first, rest = ("items", "additionalItems") if is_list else ("prefixItems", "items")
    names = parts.get("propertyNames", ())
    keys = (key for each in applied((node,)) for key in each.table("properties"))
    tables = {
        keyword: {key: index.child(node, keyword, key) for key in node.table(keyword)}
        for keyword in ("properties", "patternProperties")
    }
    patterns = tables["patternProperties"].items()
    return {
        "secret": node.is_secret or any(each.is_secret for each in names),
        "may": (*index.in_place(node), *targets),
        "sought": parts.get("contains", ()),
        "prefixItems": parts.get(first, ()),
        "items": (*parts.get(rest, ()), *parts.get("unevaluatedItems", ())),
        "properties": tables["properties"],
        "patternProperties": {re.compile(translate(key)): each for key, each in patterns},
        "additionalProperties": parts.get("additionalProperties", ()),
        "unevaluatedProperties": (None, parts.get("unevaluatedProperties", ()), tuple(keys)),
    }
