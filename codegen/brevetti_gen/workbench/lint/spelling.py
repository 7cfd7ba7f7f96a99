"""Words that are no keywords: misspelled ones, and those of other languages for schemas."""

from __future__ import annotations

from functools import lru_cache

from ...schema.keywords import EXTENSIONS, KEYWORDS, about

#: What other tools read beside the keywords, and what people write as a note.
_OF_OTHERS = frozenset(
    """allowComments allowTrailingCommas base comment comments completionDetail defaultSnippets
    deprecationMessage doNotSuggest enumDescriptions enumDetails enumNames enumTitles errorMessage
    externalDocs fileMatch formatMaximum formatMinimum hint label links markdownDescription
    markdownEnumDescriptions meta name note notes options patternErrorMessage patternRequired
    propertyOrder range select sort suggestSortText switch tags transform tsEnumNames tsType typeof
    uniqueItemProperties units version xml""".split()
)
#: Words of OpenAPI, pydantic, attrs, marshmallow, XML Schema, JSON Type Definition and the like.
_OF_OTHER_LANGUAGES = """
    $ref: ref $include
    additionalProperties: additional_property allow_extra allow_unknown
    const: constant
    default: default_value load_default dump_default
    description: desc docstring help
    enum: allowed allowed_values choices one_of_values permitted_values
    examples: example
    exclusiveMaximum: lt max_exclusive
    exclusiveMinimum: gt min_exclusive
    items: item element elements item_type
    maxLength: max_len maximum_length
    maximum: le lte max max_inclusive max_value maximum_value
    minLength: min_len minimum_length
    minimum: ge gte min min_inclusive min_value minimum_value
    pattern: regex regexp
    properties: attributes fields optional_properties props
    readOnly: dump_only
    required: mandatory
    type: data_type typ
    uniqueItems: unique
    writeOnly: load_only secret sensitive
"""
_NULL = 'add "null" to "type"'
_SENTENCES = {
    "allownone": _NULL,
    "allownull": _NULL,
    "discriminator": 'alternatives are told apart by a property with a "const" in each of them',
    "nillable": _NULL,
    "nullable": _NULL,
    "optional": 'a property is optional unless "required" of the object around it names it',
}
_SHORTEST = 4


def advice(word: str, known: frozenset[str], kinds: frozenset[str]) -> str | None:
    """What was meant by `word`, if a keyword of `known` or an extension of ours may have been.

    `kinds` are those of the values that the schema with it is for.
    """
    plain, start = _plain(word), word.partition(":")[0]
    if start != word and start in known:
        return f'write "{start}: …", in YAML a space stands behind the colon'
    if plain in _SENTENCES:
        return _SENTENCES[plain]
    ours = {_plain(name.removeprefix(start)): name for name in EXTENSIONS for start in ("", "x-")}
    del ours["form"], ours["version"]
    meant = _WORDS.get(plain) or ours.get(plain)
    meant = meant or misspelled(word, EXTENSIONS if word.startswith("x-") else known)
    return f'did you mean "{limit_for(kinds, meant)}"?' if meant else None


def limit_for(kinds: frozenset[str], limit: str) -> str:
    """The keyword that is for the one kind of `kinds` what `limit` is for another.

    >>> limit_for(frozenset(["array"]), "minLength"), limit_for(frozenset(["array"]), "pattern")
    ('minItems', 'pattern')
    """
    if limit[:3] in ("min", "max") and len(kinds) == 1:
        return next((each for each in about(*kinds) if each[:3] == limit[:3]), limit)
    return limit


@lru_cache(maxsize=10_000)
def misspelled(word: str, known: frozenset[str]) -> str | None:
    """The one of the `known` keywords that `word` looks like, if it is nobody else's."""
    if word in _OF_OTHERS or len(word) < _SHORTEST:
        return None
    plain = _plain(word)
    by_plain = {_plain(keyword): keyword for keyword in sorted(known)}
    if plain in by_plain:
        return by_plain[plain]
    if len(plain) < _SHORTEST:
        return None
    for limit in (1, 2):
        for other, keyword in by_plain.items():
            shorter = min(len(plain), len(other))
            if shorter < _SHORTEST or abs(len(plain) - len(other)) > limit:
                continue
            # Of short words, many are neighbours; only swapped letters tell.
            if shorter == _SHORTEST and sorted(plain) != sorted(other):
                continue
            if shorter >= 8 * (limit - 1) and _distance(plain, other) <= limit:
                return keyword
    return None


def is_plainly(word: str, meant: str) -> bool:
    """Whether `word` is `meant` but for one letter, signs and capitals, and no other keyword is.

    >>> is_plainly("minimun", "minimum"), is_plainly("min", "minimum")
    (True, False)
    """
    near = {known: _distance(_plain(word), _plain(known)) for known in (*KEYWORDS, *EXTENSIONS)}
    least = near.pop(meant, 2)
    return least < 2 and least < min(near.values())


def _plain(word: str) -> str:
    """`word` without signs, spaces and capitals."""
    return "".join(filter(str.isalnum, word)).lower()


def _distance(a: str, b: str) -> int:
    """How many letters were left out, added, replaced or swapped with the next one."""
    before: list[int] = []
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        before, last, row = row, before, [i]
        for j, y in enumerate(b, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
    return row[-1]


_WORDS = {
    _plain(word): line.partition(":")[0].strip()
    for line in _OF_OTHER_LANGUAGES.splitlines()
    for word in line.partition(":")[2].split()
}
