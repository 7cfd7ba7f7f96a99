"""The entry of a setting in the form of its class: a heading, a field, or a field for each item.

A list of a fixed length, of numbers or texts, has one field for each item, whose models are those
of lodash: `mean[0]`. In form models it is a list.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ..cli.inside import item_of, kinds_of
from ..json_values import is_array
from ..messages.structure import content_of
from .describe import heading, heads_class, usual_field, wanted_type, words_of
from .examples import Fits
from .fields import Entry

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..compiled import Field

#: Longer lists are JSON text.
MOST_ITEMS = 8
#: Facts that an `x-form` can set for all fields of one setting; with others it has one field.
OF_ALL_FIELDS = frozenset(["visible", "readonly", "disabled"])
_ITEM_KINDS = (("integer",), ("number",), ("string",))


def entry_of(row: Field, fits: Fits | None = None) -> Entry:
    """The field of a setting, or the heading of its class, and how the schema changes it.

    `fits` checks examples.
    """
    changed: Mapping[str, Any] = row.x_form or {}
    wanted = wanted_type(changed)
    field = heading(row) if heads_class(row, wanted) else usual_field(row, wanted, fits)
    kinds = kinds_of(row) if "object" in row.kinds and row.cls is None else None
    return Entry(
        field,
        changed,
        row.kinds,
        row.old_keys,
        row.secret,
        row.required,
        row.item_kinds,
        union=kinds if kinds is not None and kinds.tag is not None else None,
        items=_item_entries(row, changed),
        content=content_of(row),
    )


def _item_entries(row: Field, changed: Mapping[str, Any]) -> tuple[Entry, ...]:
    facts = changed.get("set", {})
    if not {"set", "items"}.issuperset(changed) or not OF_ALL_FIELDS.issuperset(facts):
        return ()
    found: list[Entry] = []
    own: list[dict[str, Any]] = changed.get("items", [])
    for place, item in enumerate(item_rows(row)):
        inner: dict[str, Any] = dict(own[place]) if place < len(own) else {}
        if facts:
            inner["set"] = {**facts, **inner.get("set", {})}
        found.append(Entry(usual_field(item, wanted_type(inner)), inner, item.kinds))
    return tuple(found)


def item_rows(row: Field) -> list[Field]:
    """The rows of the items of a list that has one field for each; of other settings none."""
    size = row.limits.get("minItems", 0)
    is_list = tuple(kind for kind in row.kinds if kind != "null") == ("array",)
    if not is_list or row.secret or not 2 <= size <= MOST_ITEMS:
        return []
    items = [item_of(row, place) for place in range(size)]
    known = [item for item in items if item is not None and item.kinds in _ITEM_KINDS]
    if size != row.limits.get("maxItems") or len(known) < size or any(i.secret for i in known):
        return []
    if all(item.kinds == ("string",) and not item.choices for item in known):
        return []  # emptied texts are texts: there would be no way back to no list
    text = row.default or row.proposal
    default = None if text is None else json.loads(text)
    texts = (
        map(json.dumps, default) if is_array(default) and len(default) == size else [None] * size
    )
    title = row.title or words_of(row.key)
    return [
        item.changed(
            key=f"{row.key}[{place}]",
            title=f"{title} {place + 1}",
            description="" if place else row.description,
            required=row.required,
            default=None if row.required else text,
            proposal=text if row.required else None,
            filled=row.filled,
            deprecated=row.deprecated,
            read_only=row.read_only,
        )
        for place, (item, text) in enumerate(zip(known, texts, strict=True))
    ]
