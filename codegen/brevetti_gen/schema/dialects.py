"""The drafts of JSON Schema: which keywords each one has, and where it keeps subschemas.

Facts are from the specifications of draft 4, 6, 7, 2019-09 and 2020-12 and from their metaschemas.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from ..json_values import is_array, is_object

Pointer = tuple[str | int, ...]

_CORE_4 = """
id $schema $ref definitions title description default
""".split()
_ASSERTIONS_4 = """
type enum multipleOf maximum exclusiveMaximum minimum exclusiveMinimum maxLength minLength pattern
maxItems minItems uniqueItems maxProperties minProperties required
""".split()
_APPLICATORS_4 = """
additionalItems items additionalProperties properties patternProperties dependencies
allOf anyOf oneOf not
""".split()
_DRAFT_4 = frozenset(_CORE_4 + _ASSERTIONS_4 + _APPLICATORS_4 + ["format"])
_DRAFT_6 = (_DRAFT_4 - {"id"}) | {"$id", "const", "contains", "propertyNames", "examples"}
_DRAFT_7 = _DRAFT_6 | set(
    "$comment if then else readOnly writeOnly contentMediaType contentEncoding".split()
)

_CORE_2019 = frozenset("$id $schema $ref $anchor $vocabulary $comment $defs definitions".split())
_VOCABULARIES_2019: Mapping[str, frozenset[str]] = {
    "core": _CORE_2019 | {"$recursiveRef", "$recursiveAnchor"},
    "applicator": frozenset(
        """additionalItems unevaluatedItems items contains additionalProperties
        unevaluatedProperties properties patternProperties dependentSchemas propertyNames
        if then else allOf anyOf oneOf not dependencies""".split()
    ),
    "validation": frozenset(
        """type enum const multipleOf maximum exclusiveMaximum minimum exclusiveMinimum maxLength
        minLength pattern maxItems minItems uniqueItems maxContains minContains maxProperties
        minProperties required dependentRequired""".split()
    ),
    "meta-data": frozenset(
        "title description default deprecated readOnly writeOnly examples".split()
    ),
    "format": frozenset(["format"]),
    "content": frozenset("contentMediaType contentEncoding contentSchema".split()),
}
_VOCABULARIES_2020: Mapping[str, frozenset[str]] = {
    **{name: keywords for name, keywords in _VOCABULARIES_2019.items() if name != "format"},
    "core": _CORE_2019 | {"$dynamicRef", "$dynamicAnchor"},
    "applicator": _VOCABULARIES_2019["applicator"]
    - {"additionalItems", "unevaluatedItems", "unevaluatedProperties"}
    | {"prefixItems"},
    "unevaluated": frozenset(["unevaluatedItems", "unevaluatedProperties"]),
    "format-annotation": frozenset(["format"]),
    "format-assertion": frozenset(["format"]),
}


def _all_of(vocabularies: Mapping[str, frozenset[str]]) -> frozenset[str]:
    return frozenset(keyword for keywords in vocabularies.values() for keyword in keywords)


@dataclass(frozen=True)
class Dialect:
    """One draft, or a custom metaschema that selects some of a draft's vocabularies."""

    name: str
    uri: str
    keywords: frozenset[str]
    id_keyword: str = "$id"
    #: Up to draft 7 the siblings of `$ref` assert nothing.
    ref_hides_siblings: bool = False
    #: Up to draft 7 an `$id` of the form `#name` is an anchor.
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
    def format_draft(self) -> str:
        """The draft by which the runtime knows the meanings of formats."""
        return "draft" + DIALECTS[self.draft].name.removeprefix("draft-0")

    @property
    def vocabulary_prefix(self) -> str:
        return self.draft.removesuffix("schema") + "vocab/"


DRAFT_4 = Dialect(
    "draft-04",
    "http://json-schema.org/draft-04/schema",
    _DRAFT_4,
    id_keyword="id",
    ref_hides_siblings=True,
    id_may_be_anchor=True,
    boolean_schemas=False,
    integral_floats=False,
)
DRAFT_6 = Dialect(
    "draft-06",
    "http://json-schema.org/draft-06/schema",
    _DRAFT_6,
    ref_hides_siblings=True,
    id_may_be_anchor=True,
)
DRAFT_7 = replace(
    DRAFT_6, name="draft-07", uri="http://json-schema.org/draft-07/schema", keywords=_DRAFT_7
)
DRAFT_2019_09 = Dialect(
    "2019-09", "https://json-schema.org/draft/2019-09/schema", _all_of(_VOCABULARIES_2019)
)
DRAFT_2020_12 = Dialect(
    "2020-12",
    "https://json-schema.org/draft/2020-12/schema",
    _all_of(_VOCABULARIES_2020),
    array_items=False,
    contains_evaluates=True,
)
DIALECTS: Mapping[str, Dialect] = {
    dialect.uri: dialect for dialect in (DRAFT_4, DRAFT_6, DRAFT_7, DRAFT_2019_09, DRAFT_2020_12)
}
#: Every keyword of any draft, for telling a schema from another document.
ALL_KEYWORDS: frozenset[str] = frozenset(
    keyword for dialect in DIALECTS.values() for keyword in dialect.keywords
)


def with_vocabularies(parent: Dialect, uri: str, vocabularies: Mapping[str, bool]) -> Dialect | str:
    """The dialect of a custom metaschema at `uri`, or the URI of a vocabulary nobody knows.

    `vocabularies` are those that its `$vocabulary` names, and whether they are required. An unknown
    one that is not is passed over.
    """
    table = _VOCABULARIES_2019 if parent.draft == DRAFT_2019_09.uri else _VOCABULARIES_2020
    keywords = set(table["core"])
    asserts_formats = False
    for vocabulary, required in vocabularies.items():
        name = vocabulary.removeprefix(parent.vocabulary_prefix)
        if name == vocabulary or name not in table:
            if required:
                return vocabulary
            continue
        keywords |= table[name]
        # 2020-12 has a vocabulary of its own for it; in 2019-09, who requires that of formats asks
        # for their validation.
        asserts_formats |= name == "format-assertion" or (name == "format" and required)
    return replace(
        parent,
        name=uri,
        uri=uri,
        keywords=frozenset(keywords),
        formats_assert=asserts_formats,
        base_uri=parent.draft,
    )


_ONE = frozenset(
    """additionalItems additionalProperties contains contentSchema else if items not propertyNames
    then unevaluatedItems unevaluatedProperties""".split()
)
_MANY = frozenset("allOf anyOf oneOf prefixItems items".split())
_NAMED = frozenset(
    "properties patternProperties $defs definitions dependentSchemas dependencies".split()
)


def subschemas(schema: Mapping[str, Any], dialect: Dialect) -> Iterator[tuple[Pointer, Any]]:
    """The direct subschemas of `schema` with their pointers from it, in document order."""
    for keyword, value in schema.items():
        if keyword not in dialect.keywords:
            continue
        if is_array(value):
            if keyword in _MANY and (keyword != "items" or dialect.array_items):
                for index, item in enumerate(value):
                    yield (keyword, index), item
        elif keyword in _NAMED:
            if is_object(value):
                for name, item in value.items():
                    if isinstance(item, (dict, bool)):
                        yield (keyword, name), item
        elif keyword in _ONE and isinstance(value, (dict, bool)):
            yield (keyword,), value
