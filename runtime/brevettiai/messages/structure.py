"""What values are made of: items of lists, values of maps, alternatives, classes.

A *content* is a JSON type or "any", or what text is loaded as (`PYTHON_TYPES`); `("one of",
*values)`; `("list", item)`; `("tuple", *items)`; `("map", value)`; `("or", *alternatives)`;
`("object", *keys)`, or a settings class for its objects.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..compiled import Field

ANY_MAP = ("map", "any")


def content_of(field: Field) -> Any:
    """The content of a property's values."""
    if field.content != "any":
        return field.content
    return usual_content(field, field.cls or ANY_MAP)


def usual_content(field: Field, objects: Any) -> Any:
    """The content that the other facts of a field tell, where objects are of the content `objects`.

    >>> from ..compiled import Field
    >>> usual_content(Field("tags", "array null", item_kinds="string"), ANY_MAP)
    ('or', ('list', 'string'), 'null')
    """
    if field.choices and not {"array", "object"}.intersection(field.kinds):
        return ("one of", *field.choices)
    if len(field.kinds) >= 6:
        return "any"
    items = any_of(*field.item_kinds) if field.item_kinds else "any"
    if field.item_choices:
        items = ("one of", *field.item_choices)
    structures = {"array": ("list", items), "object": objects}
    return any_of(*(structures.get(kind, kind) for kind in field.kinds))


def any_of(*contents: Any) -> Any:
    """The content of what may be of any of `contents`."""
    return contents[0] if len(contents) == 1 else ("or", *contents)


def keys_of(content: Any) -> tuple[str, ...]:
    """The keys of the objects of a class."""
    if isinstance(content, type):
        cls: Any = content
        fields: tuple[Field, ...] = cls.__brevetti__.fields()
        return tuple(field.key for field in fields)
    keys: tuple[str, ...] = content[1:]
    return keys
