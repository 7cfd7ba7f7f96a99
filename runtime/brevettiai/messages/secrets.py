"""Where secrets lie in a config, and the one way in which all that shows or stores hides them.

A value is secret if any schema that may apply to it says so (`writeOnly`, `format: password`),
whichever alternatives are chosen in the end; and so is all that lies in a secret. What each schema
says is read off the rows that explain refused values. As these refer to one another, that is
finite where schemas contain themselves. Loaded only for classes that can hold secrets.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import Any, TypeAlias

from ..classes import Field
from ..json_values import class_of, is_array, is_object, is_settings, json_type
from .structure import any_of
from .tables import Rows, Tables

#: A key, an index, -1 for any item of a list, or `...` for any key that is no property.
Step: TypeAlias = Any
#: The row that something stands for in a context, and the context of what stands in that row.
Resolve: TypeAlias = Callable[[Any, Any], tuple[dict[str, Any], Any]]

#: What is told of a secret in place of its value, and of a key in it.
HIDDEN = "a hidden value"
MASK = "***"
#: What is told of its choices.
UNTOLD = "must be what its schema lists"


def marks_secret(schema: Mapping[str, Any]) -> bool:
    """Whether a schema itself, whatever it refers to, says that values must not be shown."""
    return schema.get("writeOnly") is True or schema.get("format") == "password"


class _Place:
    """What one row says: which rows apply to the same value as well, and which to its parts."""

    __slots__ = ("also", "first", "holds", "is_secret", "items", "named", "others", "row", "sought")

    def __init__(self, row: dict[str, Any]) -> None:
        self.row = row
        #: Whether the value is a secret; whether it is one, or holds one.
        self.holds = self.is_secret = bool(row.get("secret"))

    def read(self, place: Callable[[Any], _Place]) -> Iterator[_Place]:
        """Find where the row leads to."""
        row = self.row
        self.also = [place(child) for child in _in_place(row)]
        self.first = [place(child) for child in row.get("prefixItems", ())]
        self.sought = [place(row["sought"])] if "sought" in row else []
        self.items = [place(row["items"])] if "items" in row else []
        self.items += [place(row[key][1]) for key in ("unevaluatedItems",) if key in row]
        self.named = [
            {name: place(child) for name, child in row.get(keyword, {}).items()}
            for keyword in ("properties", "patternProperties")
        ]
        #: What applies to all other keys, and the names of those that it surely spares.
        self.others: list[tuple[_Place, tuple[str, ...]]] = []
        if "additionalProperties" in row:
            self.others.append((place(row["additionalProperties"]), ()))
        if "unevaluatedProperties" in row:
            _, child, names = row["unevaluatedProperties"]
            self.others.append((place(child), names))
        yield from (*self.also, *self.first, *self.sought, *self.items)
        yield from (each for table in self.named for each in table.values())
        yield from (each for each, _ in self.others)

    def inside(self, step: Step) -> Iterator[_Place]:
        """What applies to a part."""
        if type(step) is int:
            yield from self.sought
            yield from self.first if step < 0 else self.first[step : step + 1]
            yield from self.items if not 0 <= step < len(self.first) else ()
            return
        properties, patterns = self.named
        found = [properties[step]] if step in properties else []
        found += [each for key, each in patterns.items() if step is ... or key.search(step)]
        yield from found
        if not found or step is ...:
            yield from (each for each, names in self.others if step not in names)


def _in_place(row: dict[str, Any]) -> Iterator[Any]:
    """What stands in a row for rows that apply to the same value."""
    for keyword in ("$ref", "$dynamicRef", "$recursiveRef"):
        if keyword in row:
            yield row[keyword]
    for keyword in ("allOf", "anyOf", "may"):
        yield from row.get(keyword, ())
    yield from row.get("oneOf", ((),))[0]
    yield from row.get("if", ())[1:]
    for keyword in ("dependentSchemas", "dependencies"):
        yield from (child for child in row.get(keyword, {}).values() if type(child) is not list)


class Secrets:
    """Where secrets lie in a value; false where there are none.

    Attributes:
        is_secret: whether the value itself must not be shown, nor anything in it.
    """

    __slots__ = ("_places", "is_secret")

    def __init__(self, places: Iterable[_Place] = ()) -> None:
        found = {id(place): place for place in places if place.holds}
        ahead = [*found.values()]
        while ahead:
            new = {id(each): each for each in ahead.pop().also if each.holds}
            ahead += [each for key, each in new.items() if key not in found]
            found |= new
        self._places = tuple(found.values())
        self.is_secret = any(place.is_secret for place in self._places)

    def __bool__(self) -> bool:
        return bool(self._places)

    def __or__(self, other: Secrets) -> Secrets:
        return Secrets((*self._places, *other._places)) if self and other else self or other

    def at(self, *path: Step) -> Secrets:
        """Where they lie in a part."""
        found = self
        for step in path:
            if found.is_secret or not found:
                break
            found = Secrets(part for place in found._places for part in place.inside(step))
        return found

    def seen(self, field: Field) -> Field:
        """The row of a value in which secrets lie like this, without what is listed for these."""
        if not self:
            return field
        facts: dict[str, Any] = {"content": self.content(field.content), "secrets": self}
        if self.is_secret and not field.secret:  # Of a secret nobody shows them.
            facts |= {"secret": True, "choices": (), "choice_names": ()}
        if self.at(-1).is_secret:
            facts |= {"item_choices": (), "item_names": ()}
        examples = [each for each in field.examples if masked(each, self) == each]
        return field.changed(**facts, examples=tuple(examples))

    def content(self, content: Any) -> Any:
        """A content, as `messages.structure` has it, without the constants that are secret."""
        if not self or class_of(content) is not tuple:
            return content
        shape: str = content[0]
        parts: list[Any] = [*content[1:]]
        if shape == "one of" and self.is_secret:
            return any_of(*dict.fromkeys(map(json_type, parts)))
        if shape == "or":
            return any_of(*(self.content(part) for part in parts))
        if shape in ("list", "map"):
            return (shape, self.at(-1 if shape == "list" else ...).content(parts[0]))
        if shape == "tuple":
            return (shape, *(self.at(at).content(part) for at, part in enumerate(parts)))
        return content

    def told(self, field: Field) -> Field:
        """The same for people, without the secrets in what the schema says of the value."""
        if not self:
            return field
        default, proposal = (self.text_of(text) for text in (field.default, field.proposal))
        return self.seen(field).changed(default=default, proposal=proposal)

    def text_of(self, text: str | None) -> str | None:
        """The JSON text of a value, secrets masked."""
        if not self or text is None:
            return text
        return json.dumps(masked(json.loads(text), self), ensure_ascii=False)


NONE = Secrets()


def secrets_said(start: Any, context: Any, resolve: Resolve) -> Secrets:
    """What a row says, with all that it leads to."""
    return Secrets(places_said([start], context, resolve))


def places_said(starts: Iterable[Any], context: Any, resolve: Resolve) -> list[_Place]:
    """What each of several rows says."""
    places: dict[int, _Place] = {}
    waiting: list[tuple[_Place, Any]] = []

    def place_of(child: Any, context: Any) -> _Place:
        row, context = resolve(child, context)
        place = places.get(id(row))
        if place is None:
            place = places[id(row)] = _Place(row)
            waiting.append((place, context))
        return place

    roots = [place_of(start, context) for start in starts]
    above: dict[int, list[_Place]] = {}
    while waiting:
        place, context = waiting.pop()
        for each in place.read(partial(place_of, context=context)):
            above.setdefault(id(each), []).append(place)
    ahead = [place for place in places.values() if place.is_secret]
    while ahead:
        new = [each for each in above.pop(id(ahead.pop()), ()) if not each.holds]
        for place in new:
            place.holds = True
        ahead += new
    return roots


def secrets_in_rows(child: Any, rows: Rows) -> Secrets:
    """Where secrets lie in what a row explains."""
    return secrets_said(child, rows, Tables().found)


def secrets_of(compiled: Any) -> Secrets:
    """Where secrets lie in configs of a class, by its `Compiled`; found when first asked for."""
    if not compiled.hides:
        return NONE
    if compiled.secrets is None:
        tables = compiled.tables
        compiled.secrets = secrets_in_rows(tables.row, tables.explanations())
    found: Secrets = compiled.secrets
    return found


# Hiding

_GONE: Any = object()


def masked(value: Any, secrets: Secrets, mask: Any = MASK, show: Any = None) -> Any:
    """`value` with a mask in the place of each secret.

    `show` gives what stands for a settings object in which secrets lie.
    """
    if secrets.is_secret:
        return mask
    if not secrets:
        return value
    if show is not None and is_settings(value):
        return show(value, secrets)
    if is_object(value):
        return {key: masked(item, secrets.at(key), mask, show) for key, item in value.items()}
    if is_array(value):
        return [masked(item, secrets.at(at), mask, show) for at, item in enumerate(value)]
    return value


def public(config: Any, held: Any = None, secrets: Secrets = NONE) -> Any:
    """A config without its secrets; {} of one that is a secret itself.

    Items of lists that are secrets are left out at the end of the list, and null before others, so
    that these keep their places.

    Args:
        held: what the config was made of: objects in it may be of classes that have secrets.
    """
    found = _public(config, secrets, held)
    return {} if found is _GONE else found


def _public(config: Any, secrets: Secrets, held: Any) -> Any:
    names: dict[str, str] = {}
    if is_settings(held):
        secrets = secrets | secrets_of(held.__brevetti__)
        names = {field.key: field.attribute for field in held.__brevetti__.fields()}
        held = {**(held.__extra__ or {}), **held.__dict__}
    if secrets.is_secret:
        return _GONE
    if is_object(config):
        inner: Any = held if is_object(held) else {}
        parts = {
            key: _public(item, secrets.at(key), inner.get(names.get(key, key)))
            for key, item in config.items()
        }
        return {key: part for key, part in parts.items() if part is not _GONE}
    if is_array(config):
        inner = held if is_array(held) and len(held) == len(config) else [None] * len(config)
        items = [
            _public(item, secrets.at(at), each)
            for at, (item, each) in enumerate(zip(config, inner, strict=True))
        ]
        while items and items[-1] is _GONE:
            items.pop()
        return [None if item is _GONE else item for item in items]
    return config


def path_shown(path: tuple[Any, ...], secrets: Secrets) -> tuple[Any, ...]:
    """A path as it may be told: of what lies in a secret, where that is."""
    for length, step in enumerate(path):
        if secrets.is_secret:
            return (*path[:length], MASK)
        secrets = secrets.at(step)
    return path
