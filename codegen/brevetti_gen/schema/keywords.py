"""The keywords of JSON Schema, and what is so of each: the one table that everything else asks.

Facts are from the specifications of draft 4, 6, 7, 2019-09 and 2020-12 and from their metaschemas.

A new keyword is a row here, a check (`compile/checks.py` or what it is split into) and what is
said of a value that it refuses (`brevettiai/messages/keywords.py`). Drafts, references, lint, the
walks over subschemas, names, types, fills and class styles know it by its row.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache, partial
from typing import Literal, NamedTuple

Role = Literal["name", "note", "reference", "format", "assertion"]
Kind = Literal["any", "number", "string", "array", "object"]
Holding = Literal["one", "list", "map", "names"]

#: The drafts in their order.
DRAFTS = ("draft-04", "draft-06", "draft-07", "2019-09", "2020-12")
#: The names of types.
TYPES = ("array", "boolean", "integer", "null", "number", "object", "string")

#: Our own keywords. They assert nothing, but for one that is in the table.
EXTENSIONS = frozenset(
    """x-deprecated x-form x-lint x-presets x-python-name x-python-type x-removed x-renamed-from
    x-renamed-values x-search x-slow-pattern x-version""".split()
)
#: What schemas say of configs of older versions; the version only at a root.
OLD_NAMES, REMOVED, OLD_VALUES = "x-renamed-from", "x-removed", "x-renamed-values"
VERSION = "x-version"


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
_DEPENDING = 'up to draft 7 it is "dependencies"'

_NAME = partial(Keyword, role="name", vocabulary="core")
_NOTE = partial(Keyword, role="note", vocabulary="meta-data")
_CONTENT = partial(Keyword, role="note", vocabulary="content")
#: What judges a value by itself.
_ALONE = partial(Keyword, changed_by_fills=False)
_REFERENCE = partial(
    Keyword, takes="a URI as text", role="reference", vocabulary="core", in_place=True
)
#: Schemas for parts of a value, for all other parts, and for the value itself.
_PART = partial(Keyword, vocabulary="applicator", shapes=True, changed_by_fills=False)
_REST = partial(Keyword, since=_2019, vocabulary="unevaluated", shapes=True, holds=("one",))
_IN_PLACE = partial(Keyword, vocabulary="applicator", in_place=True)


def _names_and_notes() -> Iterator[Keyword]:
    yield _NAME("id", _ID, until=0, instead='from draft 6 on it is "$id"')
    yield _NAME("$id", _ID, since=_DRAFT_6, instead='in draft 4 it is "id"')
    yield _NAME("$schema", "a URI as text")
    as_id = 'up to draft 7 an anchor is written as "$id": "#name"'
    yield _NAME("$anchor", _ANCHOR, since=_2019, instead=as_id)
    yield _NAME("$dynamicAnchor", _ANCHOR, since=_2020)
    yield _NAME("$recursiveAnchor", _FLAG, since=_2019, until=_2019)
    yield _NAME(
        "$vocabulary", "an object of true and false, by the URI of a vocabulary", since=_2019
    )
    yield _NAME("$defs", _BY_NAME, since=_2019, holds=("map",))
    yield _NAME("definitions", _BY_NAME, holds=("map",))
    yield _NOTE("$comment", "text", vocabulary="core", since=_DRAFT_7)
    yield _NOTE("title", "text")
    yield _NOTE("description", "text")
    yield _NOTE("default", "")
    yield _NOTE("examples", "a list of values", since=_DRAFT_6)
    yield _NOTE("deprecated", _FLAG, since=_2019)
    yield _NOTE("readOnly", _FLAG, since=_DRAFT_7)
    yield _NOTE("writeOnly", _FLAG, since=_DRAFT_7)
    yield _CONTENT("contentMediaType", "text", since=_DRAFT_7)
    yield _CONTENT("contentEncoding", "text", since=_DRAFT_7)
    yield _CONTENT("contentSchema", since=_2019, holds=("one",))


def _assertions() -> Iterator[Keyword]:
    """What judges a value by itself."""
    yield _ALONE("type", f"one of {', '.join(TYPES)}, or a list of several, each at most once")
    several = "a list of at least one value, each at most once"
    yield Keyword("enum", "a list of values", several)
    yield Keyword("const", since=_DRAFT_6, instead='write an "enum" of one value')
    number, string = partial(_ALONE, kind="number"), partial(_ALONE, kind="string")
    yield number("minimum", "a number")
    yield number("maximum", "a number")
    yield number("exclusiveMinimum", "a number", _FLAG)
    yield number("exclusiveMaximum", "a number", _FLAG)
    yield number("multipleOf", "a number above 0")
    yield string("minLength", _SIZE)
    yield string("maxLength", _SIZE)
    yield string("pattern", "a regular expression as text")
    yield string("format", "text", role="format", vocabulary="format-annotation")
    yield string("x-python-type", vocabulary="core")  # which every dialect has
    yield _ALONE("minItems", _SIZE, kind="array")
    yield _ALONE("maxItems", _SIZE, kind="array")
    yield Keyword("uniqueItems", _FLAG, kind="array")
    yield Keyword("minContains", _SIZE, kind="array", since=_2019, beside="contains")
    yield Keyword("maxContains", _SIZE, kind="array", since=_2019, beside="contains")
    one_name = "a list of at least one property name, each at most once"
    yield _ALONE("required", _NAMES, one_name, kind="object")
    yield Keyword("minProperties", _SIZE, kind="object")
    yield Keyword("maxProperties", _SIZE, kind="object")
    lists = "an object of lists of property names, by property name"
    yield Keyword("dependentRequired", lists, kind="object", since=_2019, instead=_DEPENDING)


def _holders() -> Iterator[Keyword]:
    """What judges a value by other schemas."""
    yield _REFERENCE("$ref", changed_by_fills=False)
    static = 'write "$ref", or "$recursiveRef" in 2019-09'
    yield _REFERENCE("$dynamicRef", since=_2020, instead=static)
    dynamic = 'in 2020-12 it is "$dynamicRef", up to draft 7 "$ref" alone does it'
    yield _REFERENCE("$recursiveRef", since=_2019, until=_2019, instead=dynamic)
    array, obj = partial(_PART, kind="array"), partial(_PART, kind="object")
    as_items = 'before 2020-12 it is "items", with a list'
    yield array("prefixItems", _LIST, holds=("list",), since=_2020, instead=as_items)
    yield array("items", holds=("one", "list"))
    other = 'in 2020-12 the schema of the other items is "items"'
    yield array("additionalItems", holds=("one",), until=_2019, instead=other)
    seeking = partial(Keyword, since=_DRAFT_6, vocabulary="applicator", holds=("one",))
    yield seeking("contains", kind="array")
    yield _REST("unevaluatedItems", kind="array")
    yield obj("properties", _BY_NAME, holds=("map",))
    yield obj("patternProperties", _BY_NAME, holds=("map",))
    yield obj("additionalProperties", holds=("one",))
    yield seeking("propertyNames", kind="object")
    yield _REST("unevaluatedProperties", kind="object")
    depending = partial(_IN_PLACE, kind="object")
    yield depending("dependentSchemas", _BY_NAME, holds=("map",), since=_2019, instead=_DEPENDING)
    either = "an object of schemas or lists of property names, by property name"
    yield depending("dependencies", either, holds=("map", "names"))
    yield _IN_PLACE("allOf", _LIST, holds=("list",), changed_by_fills=False)
    yield _IN_PLACE("anyOf", _LIST, holds=("list",))
    yield _IN_PLACE("oneOf", _LIST, holds=("list",))
    yield _IN_PLACE("not", holds=("one",))
    yield _IN_PLACE("if", holds=("one",), since=_DRAFT_7)
    yield _IN_PLACE("then", holds=("one",), since=_DRAFT_7, beside="if")
    yield _IN_PLACE("else", holds=("one",), since=_DRAFT_7, beside="if")


#: All keywords of all drafts.
_ALL = (*_names_and_notes(), *_assertions(), *_holders())
KEYWORDS: Mapping[str, Keyword] = {keyword.name: keyword for keyword in _ALL}


def _names(keywords: Iterable[Keyword]) -> frozenset[str]:
    return frozenset(keyword.name for keyword in keywords)


#: What leads to another schema for the same value.
REFERENCES = tuple(keyword.name for keyword in _ALL if keyword.role == "reference")
#: What gives places names for these.
ANCHORS = _names(keyword for keyword in _ALL if keyword.name.lower().endswith("anchor"))
#: What holds schemas, and what does for the value itself.
HOLDING = _names(keyword for keyword in _ALL if keyword.holds)
IN_PLACE = tuple(keyword.name for keyword in _ALL if keyword.in_place and keyword.holds)
#: What holds schemas for others to refer to.
DEFINITIONS = _names(k for k in _ALL if k.role == "name" and k.holds)
#: Both ways to other schemas for the same value.
LEADING = frozenset((*REFERENCES, *IN_PLACE))
#: What is for people and tools, and what asserts nothing in any draft.
NOTES = _names(keyword for keyword in _ALL if keyword.role == "note")
ANNOTATIONS = NOTES | _names(keyword for keyword in _ALL if keyword.role == "name")
#: What holds values, not schemas.
VALUES = frozenset(("const", "default", "enum", "examples"))
#: What gives objects and arrays their parts.
SHAPING = _names(keyword for keyword in _ALL if keyword.shapes)
#: What asks about what no other keyword asks.
UNEVALUATED = _names(keyword for keyword in _ALL if keyword.vocabulary == "unevaluated")
#: What judges a value without other schemas.
ALONE = _names(k for k in _ALL if k.role in ("assertion", "format") and not k.holds)
#: What says the same of an object once defaults are in it.
UNCHANGED_BY_FILLS = _names(keyword for keyword in _ALL if not keyword.changed_by_fills)
#: What the presence of a property asks for.
DEPENDENCIES = tuple(name for name in KEYWORDS if name.startswith("depend"))


@cache
def about(kind: str) -> tuple[str, ...]:
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
