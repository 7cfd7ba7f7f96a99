"""The property table: a row for each property, of which flags, help and forms are made."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from json import JSONEncoder
from typing import Any

from brevettiai.compiled import Field
from brevettiai.form.fields import known_changes
from brevettiai.messages.values import LIMITS
from brevettiai.search.said import known_search

from ..json_values import is_array, is_object, json_type
from ..schema.nodes import Node
from . import types
from .shapes import Shapes, annotated, told
from .types import SCALAR_KINDS, Model, Property, SettingsClass, Shape, Type

_json_text = JSONEncoder(ensure_ascii=False).encode


def field_of(prop: Property, model: Model) -> Field:
    """The row of a property; its `cls` is the class of the model."""
    shapes = model.shapes
    nodes = prop.notes
    # What the only branch beside null says is said of the property, but for its texts.
    seen = shapes.beside_null(prop.shape)
    more = seen[len(prop.shape) :]
    known = (*nodes, *annotated(shapes, more)) if more else nodes
    kinds = _kinds(prop, shapes)
    choices, names = _choices(prop.shape, shapes)
    if not choices and isinstance(prop.type, types.LiteralType):
        choices = tuple(prop.type.values)
    item_choices, item_names = _item_choices(prop, kinds, known, shapes)
    content = content_of(prop.type, lambda key: keys_content(model.of(key)))
    if choices and not {"array", "object"}.intersection(kinds):
        content = ("one of", *choices)
    facts: dict[str, Any] = {
        "attribute": prop.attribute,
        "cls": model.settings_class(prop.type),
        "item_kinds": " ".join(_item_kinds(prop.type, kinds)),
        "choices": choices,
        "choice_names": names,
        "item_choices": item_choices,
        "item_names": item_names,
        "limits": {**_limits(known), **_size(prop.type)},
        "patterns": tuple(node.keyword("pattern") for node in known if node.has("pattern")),
        "required": prop.required,
        "filled": prop.fill is not None,
        "title": first_text(nodes, "title"),
        "description": first_text(nodes, "description"),
        "content": content,
        "secret": prop.secret,
        "deprecated": prop.deprecated != "",
        "advice": prop.deprecated.partition(": ")[2],
        "read_only": _first(nodes, "readOnly") is True,
        "old_keys": prop.old_keys,
        "search": known_search(_first(known, "x-search")),
        "x_form": x_form_of(known),
    }
    if prop.fill is not None and prop.fill.is_default:
        facts["default"] = _json_text(prop.fill.value)
    if prop.proposal is not None:
        facts["proposal"] = _json_text(prop.proposal.value)
    text_format, examples = _first(known, "format"), _first(known, "examples")
    if isinstance(text_format, str):
        facts["format"] = text_format
    if is_array(examples):
        facts["examples"] = tuple(examples[:1])
    return shapes.secrets(nodes).seen(Field(prop.key, " ".join(kinds), **facts))


def _kinds(prop: Property, shapes: Shapes) -> list[str]:
    if prop.unconditional:
        admitted = shapes.admitted(prop.shape)
    else:
        admitted = frozenset[str]().union(*(shapes.admitted([node]) for node in prop.nodes))
        admitted = admitted or shapes.admitted(())
    return told(admitted)


def _first(nodes: Iterable[Node], keyword: str) -> Any:
    """The nearest value of an annotation that is not null."""
    for node in nodes:
        if (value := node.get(keyword)) is not None:
            return value
    return None


def first_text(nodes: Iterable[Node], keyword: str) -> str:
    """The nearest text under an annotation keyword, or ""."""
    for node in nodes:
        if isinstance(text := node.get(keyword), str) and text.strip():
            return text.strip()
    return ""


def x_form_of(nodes: Iterable[Node]) -> dict[str, Any]:
    """The nearest `x-form`, as far as it is well formed."""
    given = next(filter(is_object, (node.get("x-form") for node in nodes)), None)
    return {} if given is None else known_changes(given)


def _limits(nodes: Sequence[Node]) -> dict[str, Any]:
    found: dict[str, list[Any]] = {}
    for node in nodes:
        for name, limit in node.limits(LIMITS):
            found.setdefault(name, []).append(limit)
    return {name: choose(found[name]) for name, choose in LIMITS.items() if name in found}


def _size(kind: Type) -> dict[str, int]:
    """The limits of a list of which there are neither more items nor fewer."""
    found = _only_list(kind)
    if found is None or not found.is_tuple:
        return {}
    return dict.fromkeys(("minItems", "maxItems"), len(found.prefix))


def _choices(shape: Shape, shapes: Shapes) -> tuple[tuple[Any, ...], tuple[str | None, ...]]:
    """The constants that values of `shape` may be, () for no such limit, and their names."""
    if shape not in shapes.choices:
        shapes.choices[shape] = (), ()  # for schemas that lead back to themselves in place
        shapes.choices[shape] = _found_choices(shape, shapes)
    return shapes.choices[shape]


def _found_choices(shape: Shape, shapes: Shapes) -> tuple[tuple[Any, ...], tuple[str | None, ...]]:
    constants = shapes.constants(shape)
    for choice in shapes.alternatives(shape):
        found: list[tuple[Any, str | None]] = []
        for part in shapes.index.parts(choice.node, choice.keyword):
            options = _options(part, shapes)
            if not options:
                break
            found += options
        else:
            admitted = shapes.admitted(shape)
            given = [c for c in found if json_type(c[0]) in admitted]
            given = [c for c in given if constants is None or c[0] in constants]
            kept: dict[Any, tuple[Any, str | None]] = {}
            for value, name in given:
                known = repr(value) if _is_container(value) else value
                kept.setdefault((json_type(value), known), (value, name))
            values, names = zip(*kept.values(), strict=True) if kept else ((), ())
            return values, names if any(names) else ()
    return tuple(constants or ()), ()


def _options(part: Node, shapes: Shapes) -> list[tuple[Any, str | None]]:
    """The constants of one alternative; one that stands alone is called by its title."""
    shape = shapes.normal([part])
    if shapes.admitted(shape) == frozenset(["null"]):
        values: tuple[Any, ...] = (None,)
        names: tuple[str | None, ...] = ()
    else:
        values, names = _choices(shape, shapes)
    if len(values) == 1 and not names:
        names = (first_text(annotated(shapes, [part]), "title") or None,)
    return list(zip(values, names or [None] * len(values), strict=True))


def _item_choices(
    prop: Property, kinds: Sequence[str], nodes: Sequence[Node], shapes: Shapes
) -> tuple[tuple[Any, ...], tuple[str | None, ...]]:
    """The same of the items, for a list whose items are all alike."""
    kind = _only_list(prop.type)
    if kind is None or kind.prefix or "array" not in kinds:
        return (), ()
    for node in nodes:
        if is_object(node.keyword("items")):
            item = shapes.index.child(node, "items")
            values, names = _choices(shapes.normal([item]), shapes)
            if any(value is not None for value in values):
                is_plain = not any(map(_is_container, values))
                return (values, names) if is_plain else ((), ())
    return (tuple(kind.item.values), ()) if isinstance(kind.item, types.LiteralType) else ((), ())


def _is_container(value: Any) -> bool:
    return is_array(value) or is_object(value)


def _only_list(kind: Type) -> types.ListType | None:
    """The type of all lists among the values of a type."""
    if isinstance(kind, types.UnionType):
        lists = [b.type for b in kind.branches if isinstance(b.type, types.ListType)]
        return lists[0] if len(lists) == 1 else None
    return kind if isinstance(kind, types.ListType) else None


def _item_kinds(kind: Type, kinds: Sequence[str]) -> tuple[str, ...]:
    """The JSON types of a list's items, where they are scalars of known types."""
    found = _only_list(kind)
    if found is None or found.prefix or "array" not in kinds:
        return ()
    return _scalar_kinds(found.item)


def _scalar_kinds(kind: Type) -> tuple[str, ...]:
    if isinstance(kind, types.ScalarType):
        return (SCALAR_KINDS[kind.name],)
    if isinstance(kind, types.LiteralType):
        return tuple(dict.fromkeys(json_type(value) for value in kind.values))
    if isinstance(kind, types.UnionType):
        parts = [_scalar_kinds(branch.type) for branch in kind.branches]
        return tuple(dict.fromkeys(k for part in parts for k in part)) if all(parts) else ()
    return ()


def keys_content(cls: SettingsClass) -> tuple[str, ...]:
    """What objects of a class hold, as `messages.structure` says it without the class."""
    return ("object", *(prop.key for prop in cls.properties))


def content_of(kind: Type, of_class: Callable[[types.ClassType], Any], depth: int = 20) -> Any:
    """What values of a type hold, as `messages.structure` says it; `of_class` does of a class.

    What lies deeper than `depth` can be anything: Python reads no literals that are much deeper.
    """
    if not depth:
        return "any"
    if isinstance(kind, types.ScalarType):
        return kind.python or SCALAR_KINDS[kind.name]
    if isinstance(kind, types.LiteralType):
        return ("one of", *kind.values)
    inner = partial(content_of, of_class=of_class, depth=depth - 1)
    if isinstance(kind, types.ListType):
        if kind.prefix:
            return ("tuple", *(inner(item) for item in kind.prefix))
        return ("list", inner(kind.item))
    if isinstance(kind, types.MapType):
        return ("map", "any" if kind.patterns else inner(kind.value))
    if isinstance(kind, types.ClassType):
        return of_class(kind)
    if isinstance(kind, types.UnionType):
        return ("or", *(inner(branch.type) for branch in kind.branches))
    return "any"
