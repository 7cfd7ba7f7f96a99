"""What lies inside the value of a setting: items of lists, values of maps, kinds of objects.

None of these has a row of its own in the property table. Here they get one, so that their flags
are read, listed and completed as those of properties are.
"""

from __future__ import annotations

import json

from ..classes import Field
from ..json_values import UNSET, is_array, is_object, is_one_of, json_type, lacks
from ..messages.records import NamedTuple
from ..messages.structure import content_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

    from ..settings import Settings

_ALL_KINDS = ("null", "boolean", "number", "string", "array", "object")


class Kind(NamedTuple):
    """One of several kinds of objects that a setting can be.

    Attributes:
        cls: the class of the objects.
        tags: the constants of the tag that choose it; () where nothing tells the kinds apart.
    """

    cls: type[Settings]
    tags: tuple[Any, ...]


class Kinds(NamedTuple):
    """All kinds of objects that a setting can be: none, one, or several.

    Attributes:
        tag: the key of the property whose constant tells them apart, None without one.
    """

    tag: str | None
    kinds: tuple[Kind, ...]


def alternatives(content: Any) -> Iterator[Any]:
    """What a value may be, alternatives inside alternatives included."""
    shape, parts = shape_of(content)
    if shape == "or":
        for part in parts:
            yield from alternatives(part)
    else:
        yield content


def shape_of(content: Any) -> tuple[str, tuple[Any, ...]]:
    """What a content begins with, and its parts; "" for a JSON type, for "any" and for a class."""
    shape, *parts = content if is_array(content) else ("",)
    return shape, tuple(parts)


def kinds_of(field: Field) -> Kinds:
    """The kinds of objects that a setting can be, in the order in which they are tried."""
    found = (each for each in alternatives(content_of(field)) if isinstance(each, type))
    classes: list[type[Settings]] = list(dict.fromkeys(found))
    if len(classes) > 1:
        rows = [{row.key: row for row in cls.__brevetti__.fields()} for cls in classes]
        # One that may be absent tells less, but libraries write tags with a default like that.
        for key in sorted(rows[0], key=lambda key: not rows[0][key].required):
            tags = [row[key].choices if key in row else () for row in rows]
            flat = [repr(tag) for each in tags for tag in each]
            if all(tags) and len(set(flat)) == len(flat):
                return Kinds(key, tuple(map(Kind, classes, tags)))
    return Kinds(None, tuple(Kind(cls, ()) for cls in classes))


def kind_of(kinds: Kinds, value: Any) -> Kind | None:
    """The kind that `value` is of; None where that cannot be told."""
    if not is_object(value):
        return None
    if len(kinds.kinds) == 1:
        return kinds.kinds[0]
    if kinds.tag in value:
        tag = value[kinds.tag]
        return next((kind for kind in kinds.kinds if is_one_of(tag, kind.tags)), None)
    return next((kind for kind in kinds.kinds if _accepts(kind.cls, value)), None)


def _accepts(cls: type[Settings], value: Any) -> bool:
    try:
        return cls.__brevetti__.check(value)
    except TypeError:  # of a class that is only described, or of what is no JSON
        return False


def default_of(field: Field) -> Any:
    """What a setting is when nobody says anything; `UNSET` where that is nothing."""
    return UNSET if field.default is None else json.loads(field.default)


def rows_inside(field: Field) -> Iterator[tuple[str, Field]]:
    """The rows of what lies in lists and maps, with the step there: `N`, `KEY`, or an index.

    Of a class, those of keys that are no properties, where the schema says what they hold.
    """
    for content in alternatives(content_of(field)):
        if isinstance(content, type):
            for _, inner in _others(content):
                row = member(field, "KEY", inner, ...)
                if inner != "any" and not {"array", "object"}.isdisjoint(row.kinds):
                    yield "KEY", row
        shape, parts = shape_of(content)
        if shape in ("list", "map"):
            step = "N" if shape == "list" else "KEY"
            yield step, member(field, step, parts[0], -1 if shape == "list" else ...)
        elif shape == "tuple":
            for index, part in enumerate(parts):
                yield str(index), member(field, str(index), part, index)


def item_of(field: Field, index: int) -> Field | None:
    """The row of an item of a list; None where there can be no such item."""
    for content in alternatives(content_of(field)):
        shape, parts = shape_of(content)
        if content == "any":
            return member(field, str(index), "any", index)
        if shape == "list":
            return member(field, str(index), parts[0], index)
        if shape == "tuple" and index < len(parts):
            return member(field, str(index), parts[index], index)
    return None


def value_of(field: Field, key: str) -> Field | None:
    """The row of the value under a key of a map; None where the setting can be no map."""
    for content in alternatives(content_of(field)):
        shape, parts = shape_of(content)
        if content == "any":
            return member(field, key, "any", key)
        if shape == "map":
            return member(field, key, parts[0], key)
    return None


def entry_of_class(cls: Any, key: str) -> Field | None:
    """The row of what a class has under a key that is no property; None where that is anything."""
    for patterns, content in _others(cls):
        if not patterns or any(pattern.search(key) for pattern in patterns):
            return None if content == "any" else member(Field(".", "object"), key, content, key)
    return None


def _others(cls: Any) -> Iterable[tuple[Any, Any]]:
    # Classes of other styles tell nothing of such keys.
    tables = getattr(cls.__brevetti__, "tables", None)
    others: Iterable[tuple[Any, Any]] = getattr(tables, "others", ())
    return others


def value_at(config: Any, path: Iterable[Any]) -> Any:
    """What a config has where keys and indices lead; UNSET where it has nothing."""
    for step in path:
        if lacks(config, step):
            return UNSET
        config = config[step]
    return config


def member(field: Field, key: str, content: Any, step: Any) -> Field:
    """The row of what lies inside a setting, of a content as `messages.structure` has it.

    `step` leads there, as `messages.secrets` has steps.
    """
    parts = [*alternatives(content)]
    shapes = [shape_of(part) for part in parts]
    kinds = " ".join(dict.fromkeys(kind for part in parts for kind in _json_types(part)))
    facts: dict[str, Any] = {}
    objects = [part for part in parts if isinstance(part, type) or shape_of(part)[0] == "map"]
    if len(objects) == 1 and isinstance(objects[0], type):
        facts["cls"] = objects[0]
    items = [inner[0] for shape, inner in shapes if shape == "list"]
    if len(items) == 1:
        item = member(field, "", items[0], -1)
        if not {"array", "object"}.intersection(item.kinds):
            facts |= {"item_kinds": " ".join(item.kinds), "item_choices": item.choices}
    if all(shape == "one of" for shape, _ in shapes):
        facts["choices"] = tuple(value for _, values in shapes for value in values)
    row = Field(key, kinds, content=content, secret=field.secret, **facts)
    return row if field.secrets is None else field.secrets.at(step).seen(row)


def _json_types(content: Any) -> list[str]:
    """The JSON types of the values of a content that is no alternative of several."""
    if content == "any":
        return [*_ALL_KINDS]
    if isinstance(content, type):
        return ["object"]
    shape, parts = shape_of(content)
    if shape == "one of":
        return [json_type(value) for value in parts]
    if shape:
        kind = "array" if shape in ("list", "tuple") else "object"
        return [str(kind)]
    return [content if content in _ALL_KINDS or content == "integer" else "string"]
