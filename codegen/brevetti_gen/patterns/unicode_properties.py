r"""The code points of the Unicode properties that patterns can name with `\p{…}`.

They come from `unicode_properties.txt`, a table of Unicode 17.0 that is part of this version of
the generator: Python's own `unicodedata` is never asked, since it differs from one Python to the
next, has no scripts, and generated text depends on the schemas and our version alone.
`tests/codegen/make_unicode_properties.mjs` makes the table anew.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

LAST_CODE = 0x10FFFF

Ranges = tuple[tuple[int, int], ...]
"""Code points as (first, last) pairs, both included; sorted, disjoint and never adjacent."""

# General_Category values that are unions of others: the long names of their parts.
_UNIONS = {
    "Cased_Letter": ("Lowercase_Letter", "Titlecase_Letter", "Uppercase_Letter"),
    "Letter": ("Cased_Letter", "Modifier_Letter", "Other_Letter"),
    "Mark": ("Enclosing_Mark", "Nonspacing_Mark", "Spacing_Mark"),
    "Number": ("Decimal_Number", "Letter_Number", "Other_Number"),
    "Other": ("Control", "Format", "Private_Use", "Surrogate", "Unassigned"),
    "Punctuation": (
        "Close_Punctuation",
        "Connector_Punctuation",
        "Dash_Punctuation",
        "Final_Punctuation",
        "Initial_Punctuation",
        "Open_Punctuation",
        "Other_Punctuation",
    ),
    "Separator": ("Line_Separator", "Paragraph_Separator", "Space_Separator"),
    "Symbol": ("Currency_Symbol", "Math_Symbol", "Modifier_Symbol", "Other_Symbol"),
}


def union(ranges: list[tuple[int, int]]) -> Ranges:
    """Any (first, last) pairs as `Ranges`."""
    merged: list[tuple[int, int]] = []
    for first, last in sorted(ranges):
        if merged and first <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(last, merged[-1][1]))
        else:
            merged.append((first, last))
    return tuple(merged)


def complement(ranges: Ranges) -> Ranges:
    """Every code point outside `ranges`."""
    gaps: list[tuple[int, int]] = []
    following = 0
    for first, last in ranges:
        if first > following:
            gaps.append((following, first - 1))
        following = last + 1
    if following <= LAST_CODE:
        gaps.append((following, LAST_CODE))
    return tuple(gaps)


@lru_cache(maxsize=64)
def code_points(name: str, value: str) -> Ranges:
    """The code points of a property.

    Arguments:
        name: `General_Category`, `Script`, `Script_Extensions` or a binary property, long.
        value: the long name of the value; empty for a binary property.

    Raises:
        KeyError: the table has no such property.
    """
    if value == "Katakana_Or_Hiragana":
        return ()  # a name that Unicode gives to no code point
    if name == "Any":
        return ((0, LAST_CODE),)
    if name == "ASCII":
        return ((0, 0x7F),)
    if name == "Assigned":
        return complement(code_points("General_Category", "Unassigned"))
    if name == "General_Category" and value in _UNIONS:
        return union([pair for part in _UNIONS[value] for pair in code_points(name, part)])
    return _parsed(_table()[f"{name}={value}" if value else name])


@lru_cache(maxsize=1)
def _table() -> dict[str, str]:
    """The lines of `unicode_properties.txt` by name, unparsed; the first tells the version."""
    text = Path(__file__).with_name("unicode_properties.txt").read_text("ascii")
    rows = (line.partition(": ") for line in text.splitlines()[1:])
    return {name: ranges for name, _, ranges in rows}


def _parsed(text: str) -> Ranges:
    """`41-5a 5f` as pairs."""
    pairs = (item.partition("-") for item in text.split())
    return tuple((int(first, 16), int(last or first, 16)) for first, _, last in pairs)
