"""The keywords of JSON Schema, and what is so of each: the one table that everything else asks.

Facts are from the specifications of draft 4, 6, 7, 2019-09 and 2020-12 and from their metaschemas.

A new keyword is a row here, a check (`compile/checks.py` or what it is split into) and what is
said of a value that it refuses (`brevettiai/messages/keywords.py`). Drafts, references, lint, the
walks over subschemas, names, types, fills and class styles know it by its row.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any, Literal, NamedTuple

Role = Literal["name", "note", "reference", "format", "assertion"]
Kind = Literal["any", "number", "string", "array", "object"]
Holding = Literal["one", "list", "map", "names"]

#: The drafts in their order.
DRAFTS = ("draft-04", "draft-06", "draft-07", "2019-09", "2020-12")
#: The names of types.
TYPES = ("array", "boolean", "integer", "null", "number", "object", "string")


class Keyword(NamedTuple):
    """A keyword.

    Attributes:
        name: as it is written.
        takes: its values, in words; "" for a schema, and for what may be anything.
        takes_in_4: the same in draft 4, where that was different.
        since, until: the first and the last draft that has it, as places in `DRAFTS`.
        vocabulary: the one of 2020-12 that it belongs to, or would belong to.
        role: an `assertion` is about values, by itself or by the schemas that it holds; `format`
            is one where the dialect says so. Both a `name` of schemas and a `note`, for people
            and for tools, assert nothing.
        kind: of values that it says something about.
        holds: its schemas: `one`, a `list`, a `map` by name, which may have lists of `names` too.
        in_place: whether these are for the value itself, not for a part of it.
        shapes: whether it gives objects or arrays their parts, which are evaluated by it.
        changed_by_fills: whether it can say another thing of an object once defaults are in it.
        beside: the keyword without which it says nothing.
        instead: what does it in drafts that do not have it.
    """

    name: str
    takes: str = ""
    takes_in_4: str = ""
    since: int = 0
    until: int = len(DRAFTS) - 1
    vocabulary: str = "validation"
    role: Role = "assertion"
    kind: Kind = "any"
    holds: tuple[Holding, ...] = ()
    in_place: bool = False
    shapes: bool = False
    changed_by_fills: bool = True
    beside: str | None = None
    instead: str | None = None

    @property
    def drafts(self) -> tuple[str, ...]:
        """The names of the drafts that have it."""
        return DRAFTS[self.since : self.until + 1]


_DRAFT_6, _DRAFT_7, _2019, _2020 = range(1, 5)

_ANCHOR = "a name that begins with a letter or _, of letters, digits, _, - and ."
_BY_NAME = "an object of schemas by name"
_FLAG = "true or false"
_ID = "a URI as text, without a fragment"
_LIST = "a list of at least one schema"
_NAMES = "a list of property names, each at most once"
_SIZE = "an integer, at least 0"

_DEPENDENCIES = 'up to draft 7 it is "dependencies"'


def _rows() -> Iterator[Keyword]:
    yield from _names_and_notes()
    yield from _assertions()
    yield from _holders()


def _names_and_notes() -> Iterator[Keyword]:
    def name(word: str, takes: str, **facts: Any) -> Keyword:
        return Keyword(word, takes, role="name", vocabulary="core", **facts)

    yield name("id", _ID, until=0, instead='from draft 6 on it is "$id"')
    yield name("$id", _ID, since=_DRAFT_6, instead='in draft 4 it is "id"')
    yield name("$schema", "a URI as text")
    as_id = 'up to draft 7 an anchor is written as "$id": "#name"'
    yield name("$anchor", _ANCHOR, since=_2019, instead=as_id)
    yield name("$dynamicAnchor", _ANCHOR, since=_2020)
    yield name("$recursiveAnchor", _FLAG, since=_2019, until=_2019)
    flags = "an object of true and false, by the URI of a vocabulary"
    yield name("$vocabulary", flags, since=_2019)
    yield name("$defs", _BY_NAME, since=_2019, holds=("map",))
    yield name("definitions", _BY_NAME, holds=("map",))

    def note(word: str, takes: str, vocabulary: str = "meta-data", **facts: Any) -> Keyword:
        return Keyword(word, takes, role="note", vocabulary=vocabulary, **facts)

    yield note("$comment", "text", "core", since=_DRAFT_7)
    yield note("title", "text")
    yield note("description", "text")
    yield note("default", "")
    yield note("examples", "a list of values", since=_DRAFT_6)
    yield note("deprecated", _FLAG, since=_2019)
    yield note("readOnly", _FLAG, since=_DRAFT_7)
    yield note("writeOnly", _FLAG, since=_DRAFT_7)
    yield note("contentMediaType", "text", "content", since=_DRAFT_7)
    yield note("contentEncoding", "text", "content", since=_DRAFT_7)
    yield note("contentSchema", "", "content", since=_2019, holds=("one",))


def _assertions() -> Iterator[Keyword]:
    """What judges a value by itself."""

    def about(kind: Kind, word: str, takes: str, **facts: Any) -> Keyword:
        given: dict[str, Any] = {"changed_by_fills": False, **facts}
        return Keyword(word, takes, kind=kind, **given)

    yield about(
        "any", "type", f"one of {', '.join(TYPES)}, or a list of several, each at most once"
    )
    several = "a list of at least one value, each at most once"
    yield Keyword("enum", "a list of values", several)
    yield Keyword("const", since=_DRAFT_6, instead='write an "enum" of one value')
    yield about("number", "minimum", "a number")
    yield about("number", "maximum", "a number")
    yield about("number", "exclusiveMinimum", "a number", takes_in_4=_FLAG)
    yield about("number", "exclusiveMaximum", "a number", takes_in_4=_FLAG)
    yield about("number", "multipleOf", "a number above 0")
    yield about("string", "minLength", _SIZE)
    yield about("string", "maxLength", _SIZE)
    yield about("string", "pattern", "a regular expression as text")
    yield about("string", "format", "text", role="format", vocabulary="format-annotation")
    yield about("array", "minItems", _SIZE)
    yield about("array", "maxItems", _SIZE)
    yield about("array", "uniqueItems", _FLAG, changed_by_fills=True)
    counted = {"since": _2019, "beside": "contains", "changed_by_fills": True}
    yield about("array", "minContains", _SIZE, **counted)
    yield about("array", "maxContains", _SIZE, **counted)
    one_name = "a list of at least one property name, each at most once"
    yield about("object", "required", _NAMES, takes_in_4=one_name)
    yield about("object", "minProperties", _SIZE, changed_by_fills=True)
    yield about("object", "maxProperties", _SIZE, changed_by_fills=True)
    lists = "an object of lists of property names, by property name"
    needed = {"since": _2019, "instead": _DEPENDENCIES, "changed_by_fills": True}
    yield about("object", "dependentRequired", lists, **needed)


def _holders() -> Iterator[Keyword]:
    """What judges a value by other schemas."""

    def reference(word: str, **facts: Any) -> Keyword:
        given: dict[str, Any] = {
            "role": "reference",
            "vocabulary": "core",
            "in_place": True,
            **facts,
        }
        return Keyword(word, "a URI as text", **given)

    yield reference("$ref", changed_by_fills=False)
    static = 'write "$ref", or "$recursiveRef" in 2019-09'
    yield reference("$dynamicRef", since=_2020, instead=static)
    dynamic = 'in 2020-12 it is "$dynamicRef", up to draft 7 "$ref" alone does it'
    yield reference("$recursiveRef", since=_2019, until=_2019, instead=dynamic)

    def part(kind: Kind, word: str, *holds: Holding, takes: str = "", **facts: Any) -> Keyword:
        """Schemas for parts of a value; they are of a vocabulary of their own if that says so."""
        given: dict[str, Any] = {
            "vocabulary": "applicator",
            "shapes": True,
            "changed_by_fills": False,
            **facts,
        }
        return Keyword(word, takes, kind=kind, holds=holds, **given)

    late: dict[str, Any] = {"since": _2019, "vocabulary": "unevaluated", "changed_by_fills": True}
    free: dict[str, Any] = {"since": _DRAFT_6, "shapes": False, "changed_by_fills": True}
    as_items = 'before 2020-12 it is "items", with a list'
    yield part("array", "prefixItems", "list", takes=_LIST, since=_2020, instead=as_items)
    yield part("array", "items", "one", "list")
    other = 'in 2020-12 the schema of the other items is "items"'
    yield part("array", "additionalItems", "one", until=_2019, instead=other)
    yield part("array", "contains", "one", **free)
    yield part("array", "unevaluatedItems", "one", **late)
    yield part("object", "properties", "map", takes=_BY_NAME)
    yield part("object", "patternProperties", "map", takes=_BY_NAME)
    yield part("object", "additionalProperties", "one")
    yield part("object", "propertyNames", "one", **free)
    yield part("object", "unevaluatedProperties", "one", **late)

    def in_place(word: str, *holds: Holding, takes: str = "", **facts: Any) -> Keyword:
        given: dict[str, Any] = {"vocabulary": "applicator", "in_place": True, **facts}
        return Keyword(word, takes, holds=holds, **given)

    facts: dict[str, Any] = {"takes": _BY_NAME, "since": _2019, "instead": _DEPENDENCIES}
    yield in_place("dependentSchemas", "map", kind="object", **facts)
    either = "an object of schemas or lists of property names, by property name"
    yield in_place("dependencies", "map", "names", kind="object", takes=either)
    yield in_place("allOf", "list", takes=_LIST, changed_by_fills=False)
    yield in_place("anyOf", "list", takes=_LIST)
    yield in_place("oneOf", "list", takes=_LIST)
    yield in_place("not", "one")
    yield in_place("if", "one", since=_DRAFT_7)
    yield in_place("then", "one", since=_DRAFT_7, beside="if")
    yield in_place("else", "one", since=_DRAFT_7, beside="if")


#: All keywords of all drafts.
KEYWORDS: Mapping[str, Keyword] = {keyword.name: keyword for keyword in _rows()}
_ALL = tuple(KEYWORDS.values())


def _names(keywords: Iterable[Keyword]) -> frozenset[str]:
    return frozenset(keyword.name for keyword in keywords)


#: What leads to another schema for the same value.
REFERENCES = tuple(keyword.name for keyword in _ALL if keyword.role == "reference")
#: What holds schemas, and what does for the value itself.
HOLDING = _names(keyword for keyword in _ALL if keyword.holds)
IN_PLACE = tuple(keyword.name for keyword in _ALL if keyword.in_place and keyword.holds)
#: Both ways to other schemas for the same value.
LEADING = frozenset((*REFERENCES, *IN_PLACE))
#: What is for people and tools, and what asserts nothing in any draft.
NOTES = _names(keyword for keyword in _ALL if keyword.role == "note")
ANNOTATIONS = NOTES | _names(keyword for keyword in _ALL if keyword.role == "name")
#: What gives objects and arrays their parts.
SHAPING = _names(keyword for keyword in _ALL if keyword.shapes)
#: What judges a value without other schemas.
ALONE = _names(k for k in _ALL if k.role in ("assertion", "format") and not k.holds)
#: What says the same of an object once defaults are in it.
UNCHANGED_BY_FILLS = _names(keyword for keyword in _ALL if not keyword.changed_by_fills)
#: What the presence of a property asks for.
DEPENDENCIES = tuple(name for name in KEYWORDS if name.startswith("depend"))
#: What says nothing without another keyword.
DEPENDENT = _names(keyword for keyword in _ALL if keyword.beside is not None)


@cache
def about(kind: Kind) -> tuple[str, ...]:
    """The keywords that say something of one kind of values, and need no other keyword for it."""
    return tuple(k.name for k in _ALL if k.kind == kind and k.beside is None)


def holding(*holdings: Holding) -> frozenset[str]:
    """The keywords that hold schemas in one of these ways."""
    return _names(keyword for keyword in _ALL if not set(holdings).isdisjoint(keyword.holds))


def keywords_of(draft: str) -> frozenset[str]:
    """All keywords of a draft."""
    return _names(keyword for keyword in _ALL if draft in keyword.drafts)


#: The vocabularies of 2019-09 that are those of 2020-12 under another name, or parts of others.
_IN_2019 = {"format-annotation": "format", "unevaluated": "applicator"}


def vocabularies_of(draft: str) -> Mapping[str, frozenset[str]]:
    """The keywords of 2019-09 or 2020-12 by vocabulary."""
    found: dict[str, frozenset[str]] = {}
    for keyword in _ALL:
        if draft in keyword.drafts:
            name = keyword.vocabulary
            name = _IN_2019.get(name, name) if draft == DRAFTS[_2019] else name
            found[name] = found.get(name, frozenset()) | {keyword.name}
    if draft == DRAFTS[_2020]:
        found["format-assertion"] = found["format-annotation"]
    return found
