"""The drafts of JSON Schema: what differs between them, the keywords apart."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from ..json_values import is_array, is_object
from .keywords import HOLDING, KEYWORDS, Keyword, keywords_of, vocabularies_of

Pointer = tuple[str | int, ...]


class Dialect(NamedTuple):
    """One draft, or a custom metaschema that selects some of a draft's vocabularies."""

    name: str
    uri: str
    keywords: frozenset[str]
    id_keyword: str = "$id"
    #: Up to draft 7 siblings of `$ref` assert nothing, and an `$id` such as `#name` is an anchor.
    ref_hides_siblings: bool = False
    id_may_be_anchor: bool = False
    #: Draft 4 has no boolean schemas and knows `1.0` only as a number, not as an integer.
    boolean_schemas: bool = True
    integral_floats: bool = True
    #: Before 2020-12 `items` may be an array of schemas.
    array_items: bool = True
    #: Only in 2020-12 does `contains` mark items as evaluated.
    contains_evaluates: bool = False
    formats_assert: bool = False
    #: The URI of the draft that a custom metaschema builds on.
    base_uri: str = ""

    @property
    def draft(self) -> str:
        """The URI of the draft's own metaschema."""
        return self.base_uri or self.uri

    @property
    def canonical(self) -> str:
        """The `$schema` of the draft, as its own metaschema writes it."""
        return self.uri + "#" * self.uri.startswith("http:")

    @property
    def format_draft(self) -> str:
        """The draft by which the runtime knows the meanings of formats."""
        return "draft" + DIALECTS[self.draft].name.removeprefix("draft-0")


def _draft(name: str, **facts: Any) -> Dialect:
    folder = "http://json-schema.org" if "draft" in name else "https://json-schema.org/draft"
    return Dialect(name, f"{folder}/{name}/schema", keywords_of(name), **facts)


_UP_TO_7 = {"ref_hides_siblings": True, "id_may_be_anchor": True}
DRAFT_4 = _draft(
    "draft-04", id_keyword="id", boolean_schemas=False, integral_floats=False, **_UP_TO_7
)
DRAFT_6 = _draft("draft-06", **_UP_TO_7)
DRAFT_7 = _draft("draft-07", **_UP_TO_7)
DRAFT_2019_09 = _draft("2019-09")
DRAFT_2020_12 = _draft("2020-12", array_items=False, contains_evaluates=True)
DIALECTS: Mapping[str, Dialect] = {
    draft.uri: draft for draft in (DRAFT_4, DRAFT_6, DRAFT_7, DRAFT_2019_09, DRAFT_2020_12)
}

#: How the URIs of drafts are found to be written; without a draft, the latest one is meant.
_SPELLING = re.compile(
    r"(?:https?:)?(?://)?(?:www\.)?json-schema\.org/?(?:latest/|draft[-/]?)*"
    r"(?:0?([467])|(2019-09|2020-12))?/?(?:hyper-)?(?:schema)?(?:\.json)?[/#]*",
    re.IGNORECASE,
)


def dialect_meant(uri: str) -> Dialect | None:
    """The draft that an inexact `$schema` means.

    >>> dialect_meant("https://json-schema.org/draft-07/schema").name
    'draft-07'
    """
    spelled = _SPELLING.fullmatch(uri.strip())
    if spelled is None:
        return None
    name = f"draft-0{spelled[1]}" if spelled[1] else spelled[2] or DRAFT_2020_12.name
    return next(draft for draft in DIALECTS.values() if draft.name == name)


def with_vocabularies(parent: Dialect, uri: str, vocabularies: Mapping[str, bool]) -> Dialect | str:
    """The dialect of a custom metaschema at `uri`, or the URI of a vocabulary nobody knows.

    `vocabularies` are those that its `$vocabulary` names, and whether they are required. An unknown
    one that is not is passed over.
    """
    table = vocabularies_of(DIALECTS[parent.draft].name)
    prefix = parent.draft.removesuffix("schema") + "vocab/"
    keywords = set(table["core"])
    asserts_formats = False
    for vocabulary, required in vocabularies.items():
        name = vocabulary.removeprefix(prefix)
        if name == vocabulary or name not in table:
            if required:
                return vocabulary
            continue
        keywords |= table[name]
        # 2020-12 has a vocabulary of its own for it; in 2019-09, who requires that of formats asks
        # for their validation.
        asserts_formats |= name == "format-assertion" or (name == "format" and required)
    child = parent._replace(name=uri, uri=uri, base_uri=parent.draft)
    return child._replace(keywords=frozenset(keywords), formats_assert=asserts_formats)


def subschemas(schema: Mapping[str, Any], dialect: Dialect) -> Iterator[tuple[Pointer, Any]]:
    """The direct subschemas of `schema` with their pointers from it, in document order."""
    for keyword, value in schema.items():
        if keyword in HOLDING and keyword in dialect.keywords:
            for inside, child in held(KEYWORDS[keyword], value, dialect):
                yield (keyword, *inside), child


def held(keyword: Keyword, value: Any, dialect: Dialect) -> Iterator[tuple[Pointer, Any]]:
    """The schemas in the value of a keyword."""
    if is_array(value):
        if "list" in keyword.holds and ("one" not in keyword.holds or dialect.array_items):
            yield from (((index,), item) for index, item in enumerate(value))
    elif "map" in keyword.holds:
        if is_object(value):
            for name, item in value.items():
                if isinstance(item, (dict, bool)):
                    yield (name,), item
    elif "one" in keyword.holds and isinstance(value, (dict, bool)):
        yield (), value
