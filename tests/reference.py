"""The reference interpreter: what a schema means, in the plainest way we could find to say it.

The verdict is that of the library `jsonschema`. The defaults are those of law 3
(docs/architecture.md), as a recursive fill. Nothing here is fast, and nothing is shared with the
generator, so that the two can be compared.

A *place* is where a value can stand: all the schemas that apply to it, whatever the value is. A
place is a *settings class* if these schemas, through `$ref` and `allOf`, declare properties.
"""

from __future__ import annotations

import copy
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

import referencing.jsonschema
from jsonschema.validators import Draft202012Validator, validator_for
from jsonschema_specifications import REGISTRY as METASCHEMAS
from referencing import Registry, Resource, Specification

_TYPES = frozenset({"null", "boolean", "integer", "number", "string", "array", "object"})
_STRUCTURE_WORDS = """$ref allOf properties patternProperties additionalProperties required
unevaluatedProperties items prefixItems additionalItems unevaluatedItems"""
_ASSERTION_WORDS = """type enum const anyOf oneOf not if then else dependentSchemas
dependentRequired dependencies multipleOf minimum maximum exclusiveMinimum exclusiveMaximum
minLength maxLength pattern contains minContains maxContains minItems maxItems uniqueItems
propertyNames minProperties maxProperties $dynamicRef $recursiveRef"""
#: What gives objects and lists their parts.
_STRUCTURE = frozenset(_STRUCTURE_WORDS.split())
#: What can refuse a value.
_ASSERTIONS = _STRUCTURE | frozenset(_ASSERTION_WORDS.split())


@dataclass(frozen=True, eq=False)
class Node:
    """A schema in its document: `resolver` knows its base URI, `dialect` its draft."""

    schema: Any
    resolver: Any
    dialect: Specification[Any]

    def child(self, *keys: str | int) -> Node:
        """The subschema at `keys`."""
        schema = self.schema
        for key in keys:
            schema = schema[key]
        return _at(schema, self.resolver, self.dialect)

    def has(self, keyword: str) -> bool:
        """Whether the keyword counts here: up to draft 7, no assertion counts beside `$ref`."""
        if not isinstance(self.schema, dict) or keyword not in self.schema:
            return False
        alone = self.dialect.name in ("draft-04", "draft-06", "draft-07")
        return keyword in ("$ref", "default") or not (alone and "$ref" in self.schema)

    def target(self) -> Node:
        """What `$ref` names."""
        found = self.resolver.lookup(self.schema["$ref"])
        return _at(found.contents, found.resolver, self.dialect)

    def asserting(self) -> list[str]:
        """The keywords that can refuse a value."""
        if not isinstance(self.schema, dict):
            return []
        return [key for key in self.schema if key in _ASSERTIONS and self.has(key)]

    def valid(self, value: Any) -> bool:
        """Whether `value` is valid under this schema alone."""
        cls = validator_for({"$schema": _uri(self.dialect)}, default=Draft202012Validator)
        return cls(self.schema, _resolver=self.resolver).is_valid(value)


Place: TypeAlias = tuple[Node, ...]


def valid(schema: Any, value: Any, registry: Registry[Any] | None = None) -> bool:
    """Whether `value` is valid under `schema`; references may lead into `registry`.

    NaN and infinities are no JSON, and valid nowhere.
    """
    return _is_json(value) and _Interpreter(schema, registry).root.valid(value)


def attributes_config(schema: Any, config: Any, registry: Registry[Any] | None = None) -> Any:
    """The valid `config` with everything filled in, as the attributes of the object hold it."""
    interpreter = _Interpreter(schema, registry)
    return interpreter.fill((interpreter.root,), config, {})


def expected_config(schema: Any, config: Any, registry: Registry[Any] | None = None) -> Any:
    """What `from_config(config).get_config()` gives for the valid `config`: it plus defaults.

    That is the fill, where the whole is then valid and means the same when it is loaded again
    (each union takes the branch that it took before); else the config as it was given.
    """
    interpreter = _Interpreter(schema, registry)
    place = (interpreter.root,)
    before: Choices = {}
    after: Choices = {}
    filled = interpreter.fill(place, config, before)
    if interpreter.root.valid(filled):
        interpreter.fill(place, filled, after)
        if before == after:
            return filled
    return copy.deepcopy(config)


def json_equal(a: Any, b: Any) -> bool:
    """Equality of JSON values: `1` equals `1.0`, and `True` does not equal `1`."""
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(json_equal(a[key], b[key]) for key in a)
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(map(json_equal, a, b))
    return isinstance(a, bool) == isinstance(b, bool) and bool(a == b)


#: The branch that each union took, by the path of the value. Branches are told by identity.
Choices: TypeAlias = dict[tuple[str | int, ...], tuple[int, ...]]


class _Interpreter:
    def __init__(self, schema: Any, registry: Registry[Any] | None) -> None:
        registry = METASCHEMAS if registry is None else METASCHEMAS.combine(registry)
        dialect = _dialect(schema, referencing.jsonschema.DRAFT202012)
        resource = Resource(contents=schema, specification=dialect)
        resolver = registry.resolver_with_root(resource)
        self.root = Node(schema, resolver, dialect)
        self._documents = [schema, *(registry[uri].contents for uri in registry)]

    # Fills

    def fill(
        self, place: Place, value: Any, choices: Choices, path: tuple[str | int, ...] = ()
    ) -> Any:
        """A copy of `value` with what is absent filled in."""
        place = self.chosen(place, value, choices, path)
        if isinstance(value, list):
            items = (self.items(place, index) for index in range(len(value)))
            return [
                self.fill(item, entry, choices, (*path, index))
                for index, (item, entry) in enumerate(zip(items, value, strict=True))
            ]
        if not isinstance(value, dict):
            return value
        declared = self.properties(place)
        is_class = bool(declared) or self.is_document(place)
        values = () if is_class else self.map_values(place)
        filled: dict[str, Any] = {}
        for key, entry in value.items():
            inner = declared.get(key) or values or self.alternative(place, key, value)
            if is_class and not inner:
                inner = self.entry(place, key)
            filled[key] = self.fill(inner, entry, choices, (*path, key))
        for key, inner in declared.items():
            if key not in value and not self.reaches_itself(place, inner):
                for default in self.fill_of(inner):
                    filled[key] = self.fill(inner, default, choices, (*path, key))
        return filled

    def fill_of(self, place: Place) -> list[Any]:
        """What an absent property of this place gets, before it is filled in turn: 0 or 1 value."""
        for default in self.defaults(place):
            return [default] if all(node.valid(default) for node in place) else []
        one_class = self.properties(place) or self.is_document(place)
        if one_class and self.types(place) in (_TYPES, {"object"}):
            return [{}] if all(node.valid({}) for node in place) else []
        return []

    def reaches_itself(self, cls: Place, place: Place) -> bool:
        """Whether filling a property of the class makes, however deep, another object of it."""
        pending = [made for value in self.fill_of(place) for made in self.made(place, value)]
        known: list[Place] = []
        while pending:
            made = pending.pop()
            if self.is_same(made, cls):
                return True
            if not any(self.is_same(made, other) for other in known):
                known.append(made)
                for inner in self.properties(made).values():
                    pending += [new for v in self.fill_of(inner) for new in self.made(inner, v)]
        return False

    def made(self, place: Place, value: Any) -> Iterator[Place]:
        """The classes whose objects are made when `value` is loaded at `place`."""
        place = self.chosen(place, value, {}, ())
        if isinstance(value, list):
            for index, entry in enumerate(value):
                yield from self.made(self.items(place, index), entry)
        elif isinstance(value, dict):
            declared = self.properties(place)
            is_class = bool(declared) or self.is_document(place)
            if is_class:
                yield place
            values = () if is_class else self.map_values(place)
            for key, entry in value.items():
                inner = declared.get(key, values)
                yield from self.made(inner or self.entry(place, key), entry)

    # Places

    def atoms(self, place: Place) -> list[Node]:
        """All nodes of a place, through `$ref` and `allOf`, nearest first."""
        found: dict[int, Node] = {}
        pending = list(place)
        while pending:
            node = pending.pop(0)
            if isinstance(node.schema, dict) and id(node.schema) not in found:
                found[id(node.schema)] = node
                further = [node.target()] if node.has("$ref") else []
                if node.has("allOf"):
                    further += [node.child("allOf", i) for i in range(len(node.schema["allOf"]))]
                pending[:0] = further
        return list(found.values())

    def is_same(self, a: Place, b: Place) -> bool:
        """Whether two places say the same, what they call themselves apart."""
        return {id(n.schema) for n in self.normal(a)} == {id(n.schema) for n in self.normal(b)}

    def normal(self, place: Place) -> list[Node]:
        """The nodes that assert something, references to them replaced by themselves."""
        nodes: list[Node] = []
        for node in place:
            visited: set[int] = set()
            while id(node.schema) not in visited:
                visited.add(id(node.schema))
                asserting = node.asserting()
                if asserting == ["$ref"]:
                    node = node.target()
                elif asserting == ["allOf"] and len(node.schema["allOf"]) == 1:
                    node = node.child("allOf", 0)
                else:
                    nodes += [node] if asserting else []
                    break
        return nodes

    def is_document(self, place: Place) -> bool:
        """Whether a place is a whole document, which is a class even without properties."""
        nodes = self.normal(place)
        whole = [node.schema for node in (*place, *nodes)]
        return (len(nodes) == 1 or place == (self.root,)) and any(
            schema is document for schema in whole for document in self._documents
        )

    def properties(self, place: Place) -> dict[str, Place]:
        """The properties that a place declares whatever the value is."""
        atoms = self.atoms(place)
        keys = [
            key for atom in atoms if atom.has("properties") for key in atom.schema["properties"]
        ]
        return {key: self.property(atoms, key) for key in keys}

    def property(self, atoms: list[Node], key: str) -> Place:
        """What applies to the value of `key`, what declares it first."""
        declaring: list[Node] = []
        others: list[Node] = []
        for atom in atoms:
            known = atom.has("properties") and key in atom.schema["properties"]
            if known:
                declaring.append(atom.child("properties", key))
            for pattern in (
                atom.schema["patternProperties"] if atom.has("patternProperties") else ()
            ):
                if re.search(pattern, key):
                    others.append(atom.child("patternProperties", pattern))
                    known = True
            if not known and atom.has("additionalProperties"):
                others.append(atom.child("additionalProperties"))
        return (*declaring, *others)

    def alternative(self, place: Place, key: str, whole: dict[str, Any]) -> Place:
        """What fills the value of a property that only the alternatives of a class declare.

        It is typed only where all of them declare it; then the first that accepts the object fills.
        """
        for atom in self.atoms(place):
            for keyword in ("oneOf", "anyOf"):
                if atom.has(keyword):
                    branches = [atom.child(keyword, i) for i in range(len(atom.schema[keyword]))]
                    places = [self.properties((branch,)).get(key) for branch in branches]
                    if len(places) > 1 and all(places):
                        applying = [branch.valid(whole) for branch in branches]
                        inner = places[applying.index(True)]
                        return () if inner is None else inner[:1]
        return ()

    def map_values(self, place: Place) -> Place:
        """What applies to all values of an object without declared properties."""
        atoms = self.atoms(place)
        if any(atom.has("patternProperties") for atom in atoms):
            return ()
        return tuple(
            atom.child("additionalProperties") for atom in atoms if atom.has("additionalProperties")
        )

    def entry(self, place: Place, key: str) -> Place:
        """What applies to the value of a key that a class does not declare, if that is sure."""
        words = ("patternProperties", "additionalProperties")
        atoms = [atom for atom in self.atoms(place) if any(map(atom.has, words))]
        if len(atoms) != 1:
            return ()
        patterns = atoms[0].schema["patternProperties"] if atoms[0].has(words[0]) else ()
        places = [(atoms[0].child(words[0], pattern),) for pattern in patterns]
        if any(not self.is_same(other, places[0]) for other in places[1:]):
            return ()
        if any(re.search(pattern, key) for pattern in patterns):
            return places[0]
        return (atoms[0].child(words[1]),) if atoms[0].has(words[1]) else ()

    def items(self, place: Place, index: int) -> Place:
        """What applies to the item at `index`."""
        found: list[Node] = []
        for atom in self.atoms(place):
            old = atom.has("items") and isinstance(atom.schema["items"], list)
            prefix, rest = ("items", "additionalItems") if old else ("prefixItems", "items")
            if atom.has(prefix) and index < len(atom.schema[prefix]):
                found.append(atom.child(prefix, index))
            elif atom.has(rest):
                found.append(atom.child(rest))
        return tuple(found)

    def chosen(
        self, place: Place, value: Any, choices: Choices, path: tuple[str | int, ...]
    ) -> Place:
        """The place with the first accepting branch of each union taken into it.

        The alternatives of a class are conditions of that class, and no union.
        """
        if self.is_document(place) or not isinstance(value, (dict, list)):
            return place
        taken: list[Node] = []
        done: set[tuple[int, str]] = set()
        while not self.properties(place):
            untaken = [
                (atom, keyword)
                for atom in self.atoms(place)
                for keyword in ("oneOf", "anyOf")
                if atom.has(keyword) and (id(atom.schema), keyword) not in done
            ]
            if not untaken:
                break
            atom, keyword = untaken[0]
            done.add((id(atom.schema), keyword))
            branches = [atom.child(keyword, i) for i in range(len(atom.schema[keyword]))]
            taken.append(next(branch for branch in branches if branch.valid(value)))
            place = (*place, taken[-1])
        if taken:
            choices[path] = tuple(id(branch.schema) for branch in taken)
            # What only held the alternatives says nothing about which class this is.
            place = tuple(n for n in self.normal(place) if not _STRUCTURE.isdisjoint(n.asserting()))
        return place

    def defaults(self, place: Place) -> Iterator[Any]:
        """The defaults of a place, nearest first."""
        for atom in self.atoms(place):
            if atom.has("default"):
                yield atom.schema["default"]

    def types(self, place: Place) -> frozenset[str]:
        """The types that the values of a place may have."""
        found = _TYPES
        for atom in self.atoms(place):
            if atom.has("type"):
                named = atom.schema["type"]
                named = frozenset([named] if isinstance(named, str) else named)
                found &= named | ({"integer"} if "number" in named else set())
            for keyword in ("anyOf", "oneOf"):
                if atom.has(keyword):
                    branches = (atom.child(keyword, i) for i in range(len(atom.schema[keyword])))
                    found &= frozenset[str]().union(*(self.types((b,)) for b in branches))
        return found


def _at(schema: Any, resolver: Any, dialect: Specification[Any]) -> Node:
    dialect = _dialect(schema, dialect)
    resource = Resource(contents=schema, specification=dialect)
    return Node(schema, resolver.in_subresource(resource), dialect)


def _dialect(schema: Any, default: Specification[Any]) -> Specification[Any]:
    if not isinstance(schema, dict) or "$schema" not in schema:
        return default
    return referencing.jsonschema.specification_with(schema["$schema"], default=default)


def _uri(dialect: Specification[Any]) -> str:
    versions = {
        "draft-04": "http://json-schema.org/draft-04/schema#",
        "draft-06": "http://json-schema.org/draft-06/schema#",
        "draft-07": "http://json-schema.org/draft-07/schema#",
        "draft2019-09": "https://json-schema.org/draft/2019-09/schema",
        "draft2020-12": "https://json-schema.org/draft/2020-12/schema",
    }
    return versions[dialect.name]


def _is_json(value: Any) -> bool:
    if isinstance(value, float):
        return math.isfinite(value)
    if isinstance(value, dict):
        return all(isinstance(key, str) and _is_json(entry) for key, entry in value.items())
    if isinstance(value, list):
        return all(map(_is_json, value))
    return value is None or isinstance(value, (str, int))
