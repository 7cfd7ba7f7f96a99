"""Several JSON Schemas as one document, in which every reference is a pointer to `#/$defs`.

Identifiers, anchors and dynamic scopes are gone from it: what they lead to stands under a name.
So a reader that knows no more of references than `#/$defs/Name` reads it as the specification
means it. Where the documents are of several drafts, all is said in the words of the newest.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias
from urllib.parse import quote, unquote, urldefrag, urljoin, urlsplit

from ..json_values import is_array, is_object
from .dialects import (
    DEFINITIONS,
    LAST,
    LISTS,
    MAPS,
    NAMES,
    NEWEST,
    ONE,
    REFERENCES,
    Pointer,
    draft_in,
    is_note,
    is_schema,
    modern,
    own_identifier,
    subschemas,
    with_new_dependencies,
)


class Place(NamedTuple):
    """A schema, and where it stands.

    Attributes:
        document: the identifier of its document.
        pointer: its steps from there.
        base: the identifier of the resource that it belongs to.
        draft: the year or number of its draft.
    """

    document: str
    pointer: Pointer
    schema: Any
    base: str
    draft: int

    @property
    def key(self) -> tuple[str, Pointer]:
        return self.document, self.pointer


_Key: TypeAlias = tuple[str, Pointer]
#: What dynamic anchors mean, by name, sorted.
_Scope: TypeAlias = tuple[tuple[str, _Key], ...]


def bundled(documents: Mapping[str, Any], name: str, pointers: Sequence[str]) -> dict[str, Any]:
    """What the places in the document `name` and others say, as one document of its own.

    Args:
        documents: by identifier, one under others too perhaps. Parts of them are in the result.
        pointers: references from the document `name`; none for its root.
    """
    index = _Index(documents)
    start = index.places[name, ()]
    places = [index.target(start, at) or start for at in pointers] or [start]
    first = _Writing(index, places, frozenset(), frozenset())
    first.document()
    return _Writing(index, places, first.targets, first.drafts).document()


class _Index:
    """The schemas of documents by their places, and what names there are for them.

    Attributes:
        strays: unknown keywords that references lead into.
    """

    def __init__(self, documents: Mapping[str, Any]) -> None:
        self._documents = documents
        self.places: dict[_Key, Place] = {}
        self._resources: dict[str, Place] = {}
        self._anchors: dict[str, Place] = {}
        self._dynamic: dict[str, dict[str, Place]] = {}
        self._felt: dict[_Key, frozenset[str]] = {}
        self.strays: set[_Key] = set()
        self.is_dynamic = False
        known: dict[int, Place] = {}
        for name, document in documents.items():
            place = Place(name, (), document, name, draft_in(document, LAST))
            self._resources[name] = known.setdefault(id(document), place)
        for place in known.values():
            self._add(place)

    def _add(self, place: Place) -> None:
        schema = place.schema
        if is_object(schema):
            place = self._named(place, schema)
        self.places[place.key] = place
        for steps, child in subschemas(schema):
            self._add(Place(place.document, place.pointer + steps, child, place.base, place.draft))

    def _named(self, place: Place, schema: dict[str, Any]) -> Place:
        """A place with the identifier and draft that its schema says, which are noted."""
        draft = draft_in(schema, place.draft)
        identifier = schema.get("id" if draft == 4 else "$id")
        if isinstance(identifier, str) and not ("$ref" in schema and draft <= 7):
            base, fragment = urldefrag(_joined(place.base, identifier))
            if not place.pointer:
                self._resources.setdefault(base, place)  # and its document's own name
            elif base != place.base:
                place = place._replace(base=base, draft=draft)
                self._resources.setdefault(base, place)
            if fragment:
                self._anchors.setdefault(f"{place.base}#{fragment}", place)
        dynamic = schema.get("$dynamicAnchor")
        for name in (schema.get("$anchor"), dynamic):
            if isinstance(name, str):
                self._anchors.setdefault(f"{place.base}#{name}", place)
        if schema.get("$recursiveAnchor") is True:
            dynamic = "$recursiveAnchor"
        if isinstance(dynamic, str):
            self._dynamic.setdefault(place.base, {}).setdefault(dynamic, place)
        self.is_dynamic |= "$dynamicRef" in schema or "$recursiveRef" in schema
        return place

    def target(self, place: Place, reference: str) -> Place | None:
        """Where a reference at a place leads; None for nowhere."""
        base, fragment = urldefrag(_joined(place.base, reference))
        resource = self._resources.get(base)
        fragment = unquote(fragment)
        if resource is None or not (fragment.startswith("/") or not fragment):
            return self._anchors.get(f"{base if resource is None else resource.base}#{fragment}")
        pointer, value = resource.pointer, resource.schema
        nearest = resource
        for token in fragment.split("/")[1:]:
            step: Any = token.replace("~1", "/").replace("~0", "~")
            step = int(step) if is_array(value) and step.isdigit() else step
            try:
                value, pointer = value[step], (*pointer, step)
            except (KeyError, IndexError, TypeError):
                return None
            nearest = self.places.get((resource.document, pointer), nearest)
        if (resource.document, pointer) not in self.places:
            # What no keyword holds is no part of the schema around it.
            self.strays.add((resource.document, pointer[: len(nearest.pointer) + 1]))
            self._add(nearest._replace(pointer=pointer, schema=value))
        return self.places[resource.document, pointer]

    def dynamic_target(self, place: Place, keyword: str, scope: _Scope) -> Place | None:
        """As `target`, of a reference that what was gone through before can change."""
        reference = place.schema[keyword]
        target = self.target(place, reference)
        name = self._dynamic_name(target, keyword, reference)
        key = dict(scope).get(name) if name else None
        return self.places[key] if key else target

    @staticmethod
    def _dynamic_name(target: Place | None, keyword: str, reference: str) -> str | None:
        schema = target.schema if target is not None else None
        if not is_object(schema):
            return None
        if keyword == "$recursiveRef":
            return "$recursiveAnchor" if schema.get("$recursiveAnchor") is True else None
        name = urldefrag(reference)[1]
        return name if name and schema.get("$dynamicAnchor") == name else None

    def scope_at(self, place: Place, scope: _Scope) -> _Scope:
        """The dynamic scope at a place that is reached in `scope`, as far as it matters there."""
        if not self.is_dynamic:
            return ()
        felt = self._felt_at(place)
        known = {name: key for name, key in scope if name in felt}
        for name, target in self._dynamic.get(place.base, {}).items():
            if name in felt:
                known.setdefault(name, target.key)
        return tuple(sorted(known.items()))

    def _felt_at(self, place: Place) -> frozenset[str]:
        """The dynamic anchors that something below a place, or referred to there, looks up."""
        if place.key not in self._felt:
            found, seen, ahead = set[str](), {place.key}, [place]
            while ahead:
                here = ahead.pop()
                for onward in self._onward(here, found):
                    if onward is not None and onward.key not in seen:
                        seen.add(onward.key)
                        ahead.append(onward)
            self._felt[place.key] = frozenset(found)
        return self._felt[place.key]

    def _onward(self, place: Place, found: set[str]) -> Iterator[Place | None]:
        if not is_object(place.schema):
            return
        for steps, _ in subschemas(place.schema):
            if steps[0] not in DEFINITIONS:
                yield self.places[place.document, place.pointer + steps]
        for keyword in REFERENCES:
            if isinstance(reference := place.schema.get(keyword), str):
                target = self.target(place, reference)
                yield target
                name = self._dynamic_name(target, keyword, reference)
                if name and keyword != "$ref":
                    found.add(name)
                    yield from (known[name] for known in self._dynamic.values() if name in known)


class _Writing:
    """Writes places as one document.

    Attributes:
        targets: the places that references lead to, as far as they were met; those that are known
            at the beginning stand nowhere but under their names.
        drafts: the drafts that were met; of several, all becomes the newest.
    """

    def __init__(
        self,
        index: _Index,
        places: Sequence[Place],
        targets: frozenset[_Key],
        drafts: frozenset[int],
    ) -> None:
        self._index, self._places, self._known = index, places, targets
        self._root = places[0] if len(places) == 1 and not places[0].pointer else None
        self._is_mixed = len(drafts) > 1
        own = places[0].draft
        self._keyword = "definitions" if own <= 7 and not self._is_mixed else "$defs"
        self._names: dict[tuple[_Key, _Scope], str] = {}
        self._taken: set[str] = set()
        self._waiting: list[tuple[Place, _Scope, str]] = []
        self.targets = targets
        self.drafts = frozenset({own})

    def document(self) -> dict[str, Any]:
        first = self._places[0]
        head = self._index.places[first.document, ()].schema
        stated = head.get("$schema") if is_object(head) else None
        if self._is_mixed:
            stated = NEWEST
        schema: dict[str, Any] = {} if stated is None else {"$schema": stated}
        root = self._root
        if root is not None:
            self._reserve(root)
            identifier = own_identifier(root.schema, root.draft)
            if identifier is not None:
                schema["id" if root.draft == 4 and not self._is_mixed else "$id"] = identifier
            schema.update(self._written(root, ()))
        else:
            parts = [self._child(place, ()) for place in self._places]
            schema.update(parts[0] if len(parts) == 1 and is_object(parts[0]) else {"allOf": parts})
        definitions: dict[str, Any] = {}
        for place, scope, name in self._waiting:  # which grows meanwhile
            written = self._written(place, scope)
            if written != {} or place.key in self.targets:
                definitions[name] = written
        if definitions:
            schema[self._keyword] = definitions
        return schema

    def _reserve(self, root: Place) -> None:
        """Keep the names that a document itself gives, also where nothing refers to them."""
        for keyword in DEFINITIONS:
            held = root.schema.get(keyword)
            for name in held if is_object(held) else ():
                self._name_of(self._index.places[root.document, (keyword, name)], (), name)

    def _child(self, place: Place, scope: _Scope) -> Any:
        """A schema in its place, or a reference to it if others refer to it."""
        if place.key in self._known:
            return {"$ref": self._reference(place, scope)}
        return self._written(place, scope)

    def _written(self, place: Place, scope: _Scope) -> Any:
        schema, index = place.schema, self._index
        if not is_object(schema):
            return schema
        self.drafts |= {place.draft}
        scope = index.scope_at(place, scope)
        names = NAMES | {"id"} if place.draft == 4 else NAMES
        is_alone = place.draft <= 7 and isinstance(schema.get("$ref"), str)
        found: dict[str, Any] = {}
        for keyword, value in schema.items():
            if keyword in names or keyword in DEFINITIONS:
                continue
            if (place.document, (*place.pointer, keyword)) in index.strays:
                continue
            if is_alone and not (keyword == "$ref" or is_note(keyword)):
                continue
            if keyword in REFERENCES and isinstance(value, str):
                target = index.dynamic_target(place, keyword, scope)
                reference = value if target is None else self._reference(target, scope)
                if "$ref" in found:
                    found.setdefault("allOf", []).append({"$ref": reference})
                else:
                    found["$ref"] = reference
            elif keyword == "allOf" and "allOf" in found:
                found["allOf"] += self._held(place, keyword, value, scope)
            else:
                found[keyword] = self._held(place, keyword, value, scope)
        if self._is_mixed:
            return modern(found, place.draft)
        return found if place.draft <= 7 else with_new_dependencies(found)

    def _held(self, place: Place, keyword: str, value: Any, scope: _Scope) -> Any:
        """What a keyword says, the schemas in it written."""
        places = self._index.places

        def child(*steps: str | int) -> Any:
            return self._child(places[place.document, (*place.pointer, keyword, *steps)], scope)

        if keyword in LISTS and is_array(value):
            return [child(number) for number in range(len(value))]
        if keyword in MAPS and is_object(value):
            return {k: child(k) if is_schema(each) else each for k, each in value.items()}
        return child() if keyword in ONE and is_schema(value) else value

    def _reference(self, place: Place, scope: _Scope) -> str:
        self.targets |= {place.key}
        scope = self._index.scope_at(place, scope)
        root = self._root
        if root is not None and place.key == root.key and scope == self._index.scope_at(root, ()):
            return "#"
        name = self._name_of(place, scope).replace("~", "~0").replace("/", "~1")
        return f"#/{self._keyword}/{quote(name, safe='')}"

    def _name_of(self, place: Place, scope: _Scope, given: str = "") -> str:
        """The name of a schema in the document: the `given` one, if that is free."""
        scope = self._index.scope_at(place, scope)
        name = self._names.get((place.key, scope))
        if name is None:
            taken = self._taken
            name = own = given or _name(place)
            if name in taken:
                name = own = f"{_stem(place.document)}.{own}"
            number = 2
            while name in taken:
                name = f"{own}_{number}"
                number += 1
            taken.add(name)
            self._names[place.key, scope] = name
            self._waiting.append((place, scope, name))
        return name


def _joined(base: str, reference: str) -> str:
    if reference.startswith("#"):
        return urldefrag(base)[0] + reference
    return reference if urlsplit(reference).scheme else urljoin(base, reference)


def _name(place: Place) -> str:
    """A name for a schema: its own, else the steps to it, else that of its document."""
    steps = [str(step) for step in place.pointer if step not in MAPS]
    name = (
        steps[-1] if place.pointer[-2:-1] and place.pointer[-2] in DEFINITIONS else ".".join(steps)
    )
    return _plain(name) if name else _stem(place.document)


def _stem(document: str) -> str:
    """What a document is called in short: `a/common.schema.json` → `common`."""
    last = document.rstrip("/#").replace("\\", "/").rpartition("/")[2]
    for ending in (".json", ".yaml", ".yml", ".schema"):
        last = last.removesuffix(ending)
    return _plain(last)


def _plain(name: str) -> str:
    """A name that needs no escapes in a pointer, nor in a URI."""
    return "".join(c if c.isalnum() or c in "._-" else "_" for c in name) or "_"
