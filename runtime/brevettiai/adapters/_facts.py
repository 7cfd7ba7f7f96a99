"""From the JSON Schema of a class to what flags, help and forms read: tables of fields.

The tables stand in subclasses of `Settings` of which there are no objects, so that everything that
works from `Settings.__brevetti__` works from them. Only the keywords that libraries write are
understood: references into the document, one level of alternatives, types, limits, annotations.
What is not understood is only less well described; checking is the library's.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from copy import deepcopy
from typing import Any, NamedTuple, TypeAlias, cast

from ..compiled import Compiled, Field
from ..form.describe import words_of
from ..form.fields import known_changes
from ..json_values import is_array, is_number, is_object, json_equal
from ..messages.keywords import TYPES
from ..messages.secrets import NONE, Secrets, marks_secret
from ..messages.values import LIMITS
from ..messages.words import PYTHON_TYPES
from ..search.said import known_search
from ..settings import Settings
from ._secrets import resolved, secrets_said_by

#: A schema and what its reference leads to: the nearest first, whose annotations count first.
Nodes: TypeAlias = tuple[dict[str, Any], ...]

#: The values that are offered, and the names of each, () where none has one.
Options: TypeAlias = tuple[tuple[Any, ...], "tuple[str | None, ...]"]

KINDS = ("object", "array", "string", "integer", "number", "boolean", "null")
_ARRAYS = frozenset({"items", "prefixItems", "minItems", "maxItems", "uniqueItems"})
_OBJECTS = frozenset({"properties", "additionalProperties", "patternProperties", "required"})
_LINE_END = re.compile(r"(?<=\S)[ \t]*\n(?=[^\s*+#>|`-])(?!\d+[.)])")
_PYTHON_SYNTAX = ("\\A", "\\Z", "(?P")
_CONTENTS: dict[str, Any] = {"array": ("list", "any"), "object": ("map", "any")}
_MAX_DEPTH = 50
"""Of references that lead to references, and alternatives in alternatives."""
_MAX_CONTENT = 5
"""Of lists in lists, of which nobody reads more in a hint."""


class Described(Settings):
    """A settings class that only describes: fields, texts and limits, but no objects."""


def described(
    schema: Mapping[str, Any], name: str, about: str, secrets: Secrets
) -> type[Described]:
    """The description of a class by its JSON Schema, whose references lead into itself."""
    document = dict(schema)
    said_by = secrets_said_by(document) if secrets else _no_secrets
    root = _Reader(document, said_by).root(name, about)
    compiled = root.__brevetti__
    compiled.tables = compiled.tables._replace(hides=bool(secrets))  # type: ignore[attr-defined]
    compiled.secrets = secrets
    return root


def _no_secrets(_: Any) -> Secrets:
    return NONE


class _Tables(NamedTuple):
    """What is known of a described class: `brevettiai.classes.Tables`."""

    fields: Callable[[], tuple[Field, ...]]
    title: str
    description: str
    presets: Mapping[str, Any]
    hides: bool = False

    def complete(self) -> None:
        """There is no more."""

    def annotation(self, keyword: str) -> Any:
        return deepcopy(self.presets) if keyword == "x-presets" else None


class _Reader:
    """Makes the descriptions of the classes of one document, each once."""

    def __init__(self, document: dict[str, Any], secrets_said_by: Callable[[Any], Secrets]) -> None:
        self._document, self._secrets_said_by = document, secrets_said_by
        self._made: dict[int, type[Described]] = {}
        # Libraries give classes their names for titles, which say nothing to people.
        named = document.get("$defs")
        self._names = set(cast("dict[str, Any]", named)) if is_object(named) else set[str]()

    def root(self, name: str, about: str) -> type[Described]:
        nodes = self._followed(self._document)
        self._names.add(name)
        presets = first(nodes, "x-presets")
        return self._describe(nodes, name, _prose(about), presets if is_object(presets) else {})

    def _describe(
        self, nodes: Nodes, name: str, about: str, presets: Mapping[str, Any] | None = None
    ) -> type[Described]:
        owner = next((node for node in nodes if is_object(node.get("properties"))), nodes[-1])
        known = self._made.get(id(owner))
        if known is not None:
            return known
        properties = {
            str(key): self._followed(node)
            for key, node in cast("dict[Any, Any]", owner.get("properties") or {}).items()
        }

        def fields() -> tuple[Field, ...]:
            required = owner.get("required")
            needed = frozenset(map(str, required)) if is_array(required) else frozenset[str]()
            return tuple(self._row(key, found, key in needed) for key, found in properties.items())

        def no_objects(*_: Any) -> Any:
            raise TypeError("this class only describes settings of another style")

        tables: Any = _Tables(fields, self._title(nodes), about, presets or {})
        functions: dict[str, Any] = dict.fromkeys(_OF_OBJECTS, no_objects)
        compiled = Compiled(tables, **functions)
        cls = type(name, (Described,), {"__doc__": about, "__brevetti__": compiled})
        self._made[id(owner)] = cls
        return cls

    def _row(self, key: str, nodes: Nodes, required: bool) -> Field:
        """The row of a property, as the generator has it for the same schema."""
        branches = list(self._branches(nodes))
        others = [found for found in branches if _kinds(found) != ("null",)]
        # What the only alternative beside null says is said of the property.
        known = (*nodes, *others[0]) if len(others) == 1 else nodes
        cls = self._class(others, key)
        default = first(known, "default", _MISSING)
        if cls is not None:
            default = self._own_part(default, others[0])
        title = self._title(known)
        kinds, content = _kinds_text(branches), self._content(nodes)
        choices, names = _choices(nodes, others)
        if choices and "null" in kinds.split() and None not in choices:
            choices, names = (*choices, None), (*names, None) if names else ()
        if choices and not {"array", "object"}.intersection(kinds.split()):
            content = ("one of", *choices)
        item_choices, item_names = self._item_choices(others)
        text_format, examples = first(known, "format"), first(known, "examples")
        row = Field(
            key,
            kinds,
            cls=cls,
            item_kinds=self._item_kinds(others),
            choices=choices,
            choice_names=names,
            item_choices=item_choices,
            item_names=item_names,
            limits=_limits(known),
            patterns=_patterns(first(known, "pattern")),
            format=text_format if isinstance(text_format, str) else "",
            examples=tuple(examples[:1]) if is_array(examples) else (),
            required=required,
            default=_json_text(default),
            title=title,
            description=_description(title or words_of(key), nodes),
            content=content,
            secret=any(marks_secret(node) for found in (nodes, *branches) for node in found),
            deprecated=first(known, "deprecated") is True,
            read_only=first(known, "readOnly") is True,
            search=known_search(first(known, "x-search")),
            x_form=_x_form(known),
        )
        return self._secrets_said_by(nodes[0]).seen(row)

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
        if not is_object(default) or not is_object(properties):
            return default
        own: dict[str, Any] = {}
        for key, value in cast("dict[str, Any]", default).items():
            inner = self._followed(properties.get(key))
            usual = first(inner, "default", _MISSING)
            if usual is _MISSING or not json_equal(value, usual):
                own[key] = self._own_part(value, inner)
        return own

    def _title(self, nodes: Nodes) -> str:
        titles = [str(node["title"]) for node in nodes if node.get("title")]
        return next((title for title in titles if title not in self._names), "")

    def _items(self, branches: list[Nodes]) -> Nodes | None:
        """What the items of the only list are, if they are all alike."""
        lists = [found for found in branches if "array" in _kinds(found)]
        items = first(lists[0], "items") if len(lists) == 1 else None
        is_plain = is_object(items) and first(lists[0], "prefixItems") is None
        return self._followed(items) if is_plain else None

    def _item_kinds(self, branches: list[Nodes]) -> str:
        items = self._items(branches)
        kinds = _kinds_text(self._branches(items)) if items is not None else ""
        return "" if {"array", "object"}.intersection(kinds.split()) else kinds

    def _item_choices(self, branches: list[Nodes]) -> Options:
        items = self._items(branches) if len(branches) == 1 else None
        return _choices(items, list(self._branches(items))) if items is not None else ((), ())

    def _content(self, nodes: Nodes, depth: int = 0) -> Any:
        """What JSON text of a schema holds, as `Field.content` says it."""
        branches = list(self._branches(nodes))
        if depth > _MAX_CONTENT:
            return "any"
        if len(branches) != 1:
            contents = [self._content(found, depth + 1) for found in branches]
            return "any" if "any" in contents else ("or", *contents)
        nodes, kinds = branches[0], _kinds(branches[0])
        choices = _constants(branches)
        if choices:
            return ("one of", *choices)
        if len(kinds) != 1:
            either = (_CONTENTS.get(kind, kind) for kind in kinds)
            return "any" if set(kinds) >= set(KINDS) else ("or", *either)
        if kinds == ("array",):
            prefix, items = first(nodes, "prefixItems"), first(nodes, "items")
            if is_array(prefix) and prefix:
                return ("tuple", *(self._content(self._followed(p), depth + 1) for p in prefix))
            return ("list", self._content(self._followed(items), depth + 1))
        if kinds == ("object",):
            cls, values = self._class([nodes], ""), first(nodes, "additionalProperties")
            return cls or ("map", self._content(self._followed(values), depth + 1))
        python = first(nodes, "x-python-type")
        return python if kinds == ("string",) and python in [*PYTHON_TYPES] else kinds[0]

    def _branches(self, nodes: Nodes, depth: int = 0) -> Iterator[Nodes]:
        """The alternatives of a schema; itself where it has none."""
        for keyword in ("oneOf", "anyOf"):
            alternatives = first(nodes, keyword)
            if is_array(alternatives) and alternatives and depth < _MAX_DEPTH:
                for alternative in alternatives:
                    yield from self._branches(self._followed(alternative), depth + 1)
                return
        yield nodes

    def _followed(self, node: Any) -> Nodes:
        """A schema, and what its `$ref` or its only `allOf` leads to."""
        found: list[dict[str, Any]] = []
        while is_object(node) and len(found) < _MAX_DEPTH:
            found.append(node)
            reference, parts = node.get("$ref"), node.get("allOf")
            if isinstance(reference, str):
                node = resolved(self._document, reference)
            elif is_array(parts) and len(parts) == 1:
                node = parts[0]
            else:
                break
        return tuple(found) or ({},)


_MISSING = object()
#: The functions of a class that objects and their schemas need.
_OF_OBJECTS = ("init", "load", "save")


def first(nodes: Nodes, keyword: str, otherwise: Any = None) -> Any:
    """The nearest value of a keyword."""
    return next((node[keyword] for node in nodes if keyword in node), otherwise)


def _kinds(nodes: Nodes) -> tuple[str, ...]:
    """The JSON types of one alternative."""
    named = first(nodes, "type")
    if isinstance(named, str):
        return (named,)
    if is_array(named):
        return tuple(map(str, named))
    choices = _constants([nodes])
    if choices:
        return tuple(dict.fromkeys(map(_kind_of, choices)))
    keywords = {keyword for node in nodes for keyword in node}
    if keywords & _OBJECTS:
        return ("object",)
    return ("array",) if keywords & _ARRAYS else KINDS


def _kind_of(value: Any) -> str:
    is_float = isinstance(value, float)
    return "number" if is_float else next(kind for kind in KINDS if TYPES[kind](value))


def _kinds_text(branches: Iterable[Nodes]) -> str:
    """The JSON types of alternatives, as `Field` takes them."""
    found = {kind for nodes in branches for kind in _kinds(nodes)} or set(KINDS)
    return " ".join(k for k in KINDS if k in found and not (k == "integer" and "number" in found))


def _constants(branches: list[Nodes]) -> tuple[Any, ...]:
    """The values of `enum` and `const`, where every alternative has one of them."""
    choices: list[Any] = []
    for nodes in branches:
        values = first(nodes, "enum")
        if is_array(values):
            choices += values
        elif any("const" in node for node in nodes):
            choices.append(first(nodes, "const"))
        else:
            return ()
    return tuple(choices)


def _choices(nodes: Nodes, branches: list[Nodes]) -> Options:
    """The constants that a value may be, with the titles of those that stand alone."""
    choices = _constants(branches)
    if not choices or branches[0] is nodes or len(branches) != len(choices):
        return choices, ()
    names = tuple(found[0].get("title") for found in branches)
    return choices, names if any(names) else ()


def _patterns(pattern: Any) -> tuple[str, ...]:
    """A pattern in a row, unless it has what only Python understands."""
    is_known = isinstance(pattern, str) and not any(word in pattern for word in _PYTHON_SYNTAX)
    return (pattern,) if is_known else ()


def _limits(nodes: Nodes) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for keyword, choose in LIMITS.items():
        limits = [node[keyword] for node in nodes if is_number(node.get(keyword))]
        if limits:
            limit = choose(limits)
            is_whole = isinstance(limit, float) and limit.is_integer()
            found[keyword] = int(limit) if is_whole else limit
    return found


def _x_form(nodes: Nodes) -> dict[str, Any] | None:
    """How a property's own keys change its field; None for no field."""
    if first(nodes, "exclude") is True:
        return None
    changed = known_changes(first(nodes, "x-form"))
    if first(nodes, "advanced") is True:
        changed["set"] = {"visible": False, **changed.get("set", {})}
    return changed


def _description(title: str, nodes: Nodes) -> str:
    """The nearest description; the docstring of a class without the title that it begins with."""
    text = str(first(nodes, "description") or "").strip()
    if "description" in nodes[0]:
        return _prose(text)
    if text == f"Settings of {nodes[-1].get('title')}.":
        return ""  # what the generator says of a class of which the schema says nothing
    head, _, rest = text.partition("\n")
    return _prose(rest if head == title else text)


def _prose(text: Any) -> str:
    """A text for people without the line ends of source code; lists and empty lines stay."""
    return _LINE_END.sub(" ", str(text or "").strip())


def _json_text(value: Any) -> str | None:
    if value is _MISSING:
        return None
    try:
        return json.dumps(value, ensure_ascii=False, allow_nan=False)
    except (TypeError, ValueError):
        return None
