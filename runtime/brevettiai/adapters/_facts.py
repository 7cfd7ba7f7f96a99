"""From the JSON Schema of a class to what flags, help and forms read: tables of fields.

The tables stand in subclasses of `Settings` of which there are no objects, so that everything that
works from `Settings.__brevetti__` works from them. Only the keywords that libraries write are
understood: references into the document, one level of alternatives, types, limits, annotations.
What is not understood is only less well described; checking is the library's.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any, TypeAlias, cast
from urllib.parse import unquote

from ..compiled import Compiled, Field
from ..json_values import class_of, json_equal
from ..json_values import is_array as is_list
from ..json_values import is_object as is_dict
from ..settings import Settings
from ._forms import form_entry

#: A schema and what its reference leads to: the nearest first, whose annotations count first.
Nodes: TypeAlias = tuple[dict[str, Any], ...]

KINDS = ("null", "boolean", "integer", "number", "string", "array", "object")
_ARRAYS = frozenset({"items", "prefixItems", "minItems", "maxItems", "uniqueItems"})
_OBJECTS = frozenset({"properties", "additionalProperties", "patternProperties", "required"})
_LINE_END = re.compile(r"(?<=\S)[ \t]*\n(?=[^\s*+#>|`-])(?!\d+[.)])")
_MAX_DEPTH = 50
"""Of references that lead to references, and alternatives in alternatives."""


class Described(Settings):
    """A settings class that only describes: fields, texts and limits, but no objects."""


def described(schema: Mapping[str, Any], name: str, about: str) -> type[Described]:
    """The description of a class by its JSON Schema.

    Args:
        schema: the document; references lead into itself.
        name: of the class.
        about: its text for people.
    """
    return _Reader(dict(schema)).root(name, about)


class _Reader:
    """Makes the descriptions of the classes of one document, each once."""

    def __init__(self, document: dict[str, Any]) -> None:
        self._document = document
        self._made: dict[int, type[Described]] = {}
        # Libraries give classes their names for titles, which say nothing to people.
        named = document.get("$defs")
        self._names = set(cast("dict[str, Any]", named)) if is_dict(named) else set[str]()

    def root(self, name: str, about: str) -> type[Described]:
        nodes = self._followed(self._document)
        self._names.add(name)
        presets = first(nodes, "x-presets")
        return self._describe(nodes, name, _prose(about), presets if is_dict(presets) else {})

    def _describe(
        self,
        nodes: Nodes,
        name: str,
        about: str,
        presets: Mapping[str, Any] | None = None,
    ) -> type[Described]:
        owner = next((node for node in nodes if is_dict(node.get("properties"))), nodes[-1])
        known = self._made.get(id(owner))
        if known is not None:
            return known
        properties = {
            str(key): self._followed(node)
            for key, node in cast("dict[Any, Any]", owner.get("properties") or {}).items()
        }

        @lru_cache(maxsize=1)
        def fields() -> tuple[Field, ...]:
            required = owner.get("required")
            needed = frozenset(map(str, required)) if is_list(required) else frozenset[str]()
            return tuple(
                self._field(key, found, key in needed) for key, found in properties.items()
            )

        def form() -> list[tuple[str, dict[str, Any], dict[str, Any]]]:
            entries = (form_entry(field, properties[field.key]) for field in fields())
            return [entry for entry in entries if entry is not None]

        cls = type(
            name,
            (Described,),
            {
                "__doc__": about,
                "__brevetti__": _facts_only(fields, form, self._title(nodes), presets),
            },
        )
        self._made[id(owner)] = cls
        return cls

    def _field(self, key: str, nodes: Nodes, required: bool) -> Field:
        branches = list(self._branches(nodes))
        kinds = tuple(dict.fromkeys(kind for found in branches for kind in _kinds(found)))
        others = [found for found in branches if _kinds(found) != ("null",)]
        cls = self._class(others, key)
        default = first(nodes, "default", _MISSING)
        if cls is not None:
            default = self._own_part(default, others[0])
        return Field(
            key,
            key,
            kinds or KINDS,
            cls=cls,
            item_kinds=self._item_kinds(others),
            choices=_choices(others),
            required=required,
            default=_json_text(default),
            title=self._title(nodes),
            description=_prose(first(nodes, "description")),
            limits=_limits(others),
            secret=any(
                node.get("writeOnly") is True or node.get("format") == "password"
                for found in (nodes, *branches)
                for node in found
            ),
            deprecated=first(nodes, "deprecated") is True,
        )

    def _class(self, branches: list[Nodes], key: str) -> type[Described] | None:
        """The description of the one class that all values are objects of."""
        if len(branches) != 1 or _kinds(branches[0]) != ("object",):
            return None
        nodes = branches[0]
        if not any(node.get("properties") for node in nodes):
            return None
        about = _prose(nodes[-1].get("description"))
        return self._describe(nodes, str(nodes[-1].get("title") or key), about)

    def _own_part(self, default: Any, nodes: Nodes) -> Any:
        """What the default of an object says that is not the default of its properties anyway."""
        properties = first(nodes, "properties")
        if not is_dict(default) or not is_dict(properties):
            return default
        own: dict[str, Any] = {}
        for key, value in cast("dict[str, Any]", default).items():
            inner = self._followed(properties.get(key))
            usual = first(inner, "default", _MISSING)
            if usual is _MISSING or not json_equal(value, usual):
                own[key] = self._own_part(value, inner)
        return own

    def _title(self, nodes: Nodes) -> str:
        """The nearest title for people."""
        titles = [str(node["title"]) for node in nodes if node.get("title")]
        return next((title for title in titles if title not in self._names), "")

    def _item_kinds(self, branches: list[Nodes]) -> tuple[str, ...]:
        lists = [found for found in branches if "array" in _kinds(found)]
        items = first(lists[0], "items") if len(lists) == 1 else None
        if not is_dict(items):
            return ()
        inner = self._branches(self._followed(items))
        kinds = tuple(dict.fromkeys(kind for found in inner for kind in _kinds(found)))
        return () if {"array", "object"} & set(kinds) else kinds

    def _branches(self, nodes: Nodes, depth: int = 0) -> Iterator[Nodes]:
        """The alternatives of a schema; itself where it has none."""
        for keyword in ("anyOf", "oneOf"):
            alternatives = first(nodes, keyword)
            if is_list(alternatives) and alternatives and depth < _MAX_DEPTH:
                for alternative in alternatives:
                    yield from self._branches(self._followed(alternative), depth + 1)
                return
        yield nodes

    def _followed(self, node: Any) -> Nodes:
        """A schema, and what its `$ref` or its only `allOf` leads to."""
        found: list[dict[str, Any]] = []
        while is_dict(node) and len(found) < _MAX_DEPTH:
            found.append(node)
            reference, parts = node.get("$ref"), node.get("allOf")
            if isinstance(reference, str):
                node = resolved(self._document, reference)
            elif is_list(parts) and len(parts) == 1:
                node = parts[0]
            else:
                break
        return tuple(found) or ({},)


_MISSING = object()


def resolved(document: Mapping[str, Any], reference: str) -> Any:
    """What a reference leads to in its document; {} where that is nothing."""
    node: Any = document if reference.startswith("#") else None
    for step in reference[1:].split("/")[1:]:
        key = unquote(step).replace("~1", "/").replace("~0", "~")
        node = node.get(key) if is_dict(node) else None
    return {} if node is None else node


def first(nodes: Nodes, keyword: str, otherwise: Any = None) -> Any:
    """The nearest value of a keyword."""
    return next((node[keyword] for node in nodes if keyword in node), otherwise)


def _kinds(nodes: Nodes) -> tuple[str, ...]:
    """The JSON types of one alternative."""
    named = first(nodes, "type")
    if isinstance(named, str):
        return (named,)
    if is_list(named):
        return tuple(map(str, named))
    choices = _choices([nodes])
    if choices:
        return tuple(dict.fromkeys(map(_kind_of, choices)))
    keywords = {keyword for node in nodes for keyword in node}
    if keywords & _OBJECTS:
        return ("object",)
    return ("array",) if keywords & _ARRAYS else KINDS


def _kind_of(value: Any) -> str:
    names: dict[type[Any], str] = {
        type(None): "null",
        bool: "boolean",
        int: "integer",
        float: "number",
        str: "string",
        list: "array",
    }
    return names.get(class_of(value), "object")


def _choices(branches: list[Nodes]) -> tuple[Any, ...]:
    """The values of `enum` and `const`, where every alternative has one of them."""
    choices: list[Any] = []
    for nodes in branches:
        values = first(nodes, "enum")
        if is_list(values):
            choices += values
        elif any("const" in node for node in nodes):
            choices.append(first(nodes, "const"))
        else:
            return ()
    return tuple(choices)


def _limits(branches: list[Nodes]) -> str:
    """`0 to 180`, `at least 1`: the range of numbers, sizes of text and lists."""
    for nodes in branches if len(branches) == 1 else ():
        low, high = first(nodes, "minimum"), first(nodes, "maximum")
        more, less = first(nodes, "exclusiveMinimum"), first(nodes, "exclusiveMaximum")
        if low is not None and high is not None:
            return f"{_number(low)} to {_number(high)}"
        parts = [
            f"{words} {_number(value)}"
            for words, value in (
                ("at least", low),
                ("more than", more),
                ("at most", high),
                ("less than", less),
            )
            if value is not None
        ]
        if parts:
            return ", ".join(parts)
        for least, most, noun in (
            ("minLength", "maxLength", "characters"),
            ("minItems", "maxItems", "items"),
        ):
            low, high = first(nodes, least), first(nodes, most)
            if low is not None and high is not None:
                return f"{low} to {high} {noun}"
            if low is not None or high is not None:
                return f"at least {low} {noun}" if high is None else f"at most {high} {noun}"
    return ""


def _prose(text: Any) -> str:
    """A text for people without the line ends of source code; lists and empty lines stay."""
    return _LINE_END.sub(" ", str(text or "").strip())


def _number(value: Any) -> str:
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _json_text(value: Any) -> str | None:
    if value is _MISSING:
        return None
    try:
        return json.dumps(value, ensure_ascii=False, allow_nan=False)
    except (TypeError, ValueError):
        return None


def _facts_only(
    fields: Callable[[], tuple[Field, ...]],
    form: Callable[[], list[tuple[str, dict[str, Any], dict[str, Any]]]],
    title: str,
    presets: Mapping[str, Any] | None,
) -> Compiled:
    """Tables without the functions that objects need."""

    def no_objects(*_: Any) -> Any:
        raise TypeError("this class only describes settings of another style")

    given = dict(presets or {})
    return Compiled(
        check=no_objects,
        explanations=no_objects,
        row=True,
        take=no_objects,
        load=no_objects,
        save=no_objects,
        fields=fields,
        form=form,
        schema=no_objects,
        schema_digest="",
        title=title,
        presets=lambda: given,
    )
