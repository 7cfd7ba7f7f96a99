"""Fields that edit the items of one list: of the models `mean[0]`, `mean[1]`, `mean[2]`."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping
from typing import Any

from brevettiai.form.describe import is_form_key
from brevettiai.form.entries import MOST_ITEMS
from brevettiai.form.fields import is_same

from ..json_values import is_array, is_object, json_type
from .field_values import FormRanges, carries_value, value_schema
from .untouched import untouched_model, value_at

_ITEM = re.compile(r"(?P<list>[^][]+)\[(?P<place>0|[1-9][0-9]?)\]")
_SCALARS = frozenset(["integer", "number", "string"])


def lists_of_items(
    form: Mapping[str, Any], entries: Iterable[Any]
) -> dict[tuple[str, ...], tuple[int, ...]]:
    """By path of a list that has a field for each item, the numbers of their entries, in order.

    The defaults are those of all items or of none, and no other field has to do with the list.
    """
    found: dict[tuple[str, ...], dict[int, int]] = {}
    others: set[tuple[str, ...]] = set()
    odd: set[tuple[str, ...]] = set()
    for number, entry in enumerate(entries):
        model = entry.get("model") if is_object(entry) else None
        if not isinstance(model, str):
            continue
        item = _ITEM.fullmatch(model)
        path = tuple((item["list"] if item else model).split("."))
        if item is None or not all(map(is_form_key, path)):
            others.add(tuple(re.split(r"[][.]+", model)))
            continue
        places = found.setdefault(path, {})
        if int(item["place"]) in places or not carries_value(entry):
            odd.add(path)
        places[int(item["place"])] = number
    model = untouched_model(form)
    return {
        path: tuple(places[place] for place in range(len(places)))
        for path, places in found.items()
        if path not in odd
        and 2 <= len(places) <= MOST_ITEMS
        and [*sorted(places)] == [*range(len(places))]
        and not any(_meet(path, other) for other in others)
        and not any(_meet(path, other) for other in found if other != path)
        and _is_whole(value_at(model, path, None), len(places))
    }


def _meet(path: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether one of two paths leads into the value at the other."""
    length = min(len(path), len(other))
    return path[:length] == other[:length]


def _is_whole(value: Any, size: int) -> bool:
    return value is None or (is_array(value) and len(value) == size and None not in value)


def list_schema(
    fields: list[dict[str, Any]], opened: Any, presets: Iterable[Any], ranges: FormRanges
) -> dict[str, Any] | None:
    """The schema of a list by the fields of its items; None where they can hold something else.

    `opened` is the list in the model of the untouched form; `presets` are values of it.
    """
    own = [value for value in presets if is_array(value) and len(value) == len(fields)]
    items: list[dict[str, Any]] = []
    defaults: list[Any] = []
    for place, field in enumerate(fields):
        given = {**field, "default": opened[place]} if is_array(opened) else field
        item = value_schema(given, [value[place] for value in own], ranges)
        defaults += [item.pop("default")] if "default" in item else []
        items.append(item)
    kinds = [_kinds(item, field) for item, field in zip(items, fields, strict=True)]
    are_texts = all(item.get("type") == "string" for item in items)
    if are_texts or not all(len(each) == 1 and each <= _SCALARS for each in kinds):
        return None
    sizes = dict.fromkeys(("minItems", "maxItems"), len(fields))
    schema: dict[str, Any] = {"type": "array", **_texts(fields)}
    if all(is_same(item, items[0]) for item in items):
        schema |= {"items": items[0], **sizes}
    else:
        schema |= {"prefixItems": items, "items": False, **sizes}
    if len(defaults) == len(fields):
        schema["default"] = defaults
    elif defaults or is_array(opened):
        return None
    return schema


def _kinds(schema: Mapping[str, Any], field: Mapping[str, Any]) -> set[str]:
    if field.get("isJson") is True:
        return set()
    values = [*schema.get("enum", ()), *(each["const"] for each in schema.get("oneOf", ()))]
    if values:
        return {json_type(value) for value in values}
    kind = schema.get("type")
    return {kind} if isinstance(kind, str) else set()


def _texts(fields: list[dict[str, Any]]) -> dict[str, str]:
    """The title that the labels have in common, and the description at the first."""
    texts: dict[str, str] = {}
    first = fields[0].get("label")
    title = first.removesuffix(" 1") if isinstance(first, str) else ""
    if title.strip() and all(f.get("label") == f"{title} {n}" for n, f in enumerate(fields, 1)):
        texts["title"] = html.unescape(title)
    about = fields[0].get("help")
    if isinstance(about, str) and about.strip():
        texts["description"] = html.unescape(about)
    return texts
