r"""Characters and sets of characters: their code points, and their spelling in Python's `re`.

The spelling is pure ASCII and uses only `\xHH`, `\uHHHH`, `\UHHHHHHHH` and punctuation escapes:
Python's own `\d`, `\w` and `\s` follow the Unicode version of the running Python, ECMA-262's
follow no version.
"""

from __future__ import annotations

from functools import lru_cache

from .syntax import Char, CharacterClass, Dot, Range, Shorthand, UnicodeProperty
from .unicode_properties import LAST_CODE, Ranges, code_points, complement, union

CharacterSet = Char | CharacterClass | Dot | UnicodeProperty | Shorthand
"""The nodes that match exactly one code point."""

ANY = "(?s:.)"
NOTHING = r"[^\s\S]"  # not "(?!)", which a look-behind would count as of width 0

_LINE_ENDS: Ranges = ((0x0A, 0x0A), (0x0D, 0x0D), (0x2028, 0x2029))

# ECMA-262, CharacterClassEscape; \s is WhiteSpace (with the Zs of Unicode, unchanged since 6.3)
# and LineTerminator.
_SHORTHANDS: dict[str, Ranges] = {
    "d": ((0x30, 0x39),),
    "w": ((0x30, 0x39), (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A)),
    "s": (
        (0x09, 0x0D),
        (0x20, 0x20),
        (0xA0, 0xA0),
        (0x1680, 0x1680),
        (0x2000, 0x200A),
        (0x2028, 0x2029),
        (0x202F, 0x202F),
        (0x205F, 0x205F),
        (0x3000, 0x3000),
        (0xFEFF, 0xFEFF),
    ),
}
# The same in the order a person would write them.
_SHORTHAND_TEXTS = {
    "d": "0-9",
    "w": "A-Za-z0-9_",
    "s": r"\t-\r \xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff",
}

_NAMED = {0x09: r"\t", 0x0A: r"\n", 0x0B: r"\v", 0x0C: r"\f", 0x0D: r"\r"}
_SPECIAL = frozenset(map(ord, r"\.^$*+?{}[]|()"))
_SPECIAL_IN_CLASS = frozenset(map(ord, r"\[]^-&~|"))


def members(node: CharacterSet | Range) -> Ranges:
    """The code points that `node` matches."""
    if isinstance(node, Char):
        return ((node.code, node.code),)
    if isinstance(node, Range):
        return ((node.low, node.high),)
    if isinstance(node, Dot):
        return complement(_LINE_ENDS)
    if isinstance(node, Shorthand):
        found = _SHORTHANDS[node.kind]
    elif isinstance(node, UnicodeProperty):
        found = code_points(node.name, node.value)
    else:
        found = union([pair for item in node.items for pair in members(item)])
    return complement(found) if node.negated else found


def set_text(node: CharacterSet) -> str:
    """`node` as a Python pattern that matches one character; always an atom."""
    if isinstance(node, Char):
        return _char_text(node.code)
    if isinstance(node, Dot):
        return r"[^\n\r\u2028\u2029]"
    if isinstance(node, Shorthand):
        return f"[{'^' if node.negated else ''}{_SHORTHAND_TEXTS[node.kind]}]"
    if isinstance(node, CharacterClass):
        items = [_item_text(item) for item in node.items]
        if items and None not in items:
            return f"[{'^' if node.negated else ''}{''.join(filter(None, items))}]"
    return _ranges_text(members(node))


def _char_text(code: int, special: frozenset[int] = _SPECIAL) -> str:
    """One code point, escaped where it is `special` or anything but printable ASCII."""
    if code in special:
        return "\\" + chr(code)
    if 0x20 <= code < 0x7F:
        return chr(code)
    if code in _NAMED:
        return _NAMED[code]
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def _item_text(item: Char | Range | Shorthand | UnicodeProperty) -> str | None:
    """A class item as written; None for a complement or a property, which needs its members."""
    if isinstance(item, Char):
        return _char_text(item.code, _SPECIAL_IN_CLASS)
    if isinstance(item, Range):
        return _pair_text(item.low, item.high)
    if isinstance(item, Shorthand) and not item.negated:
        return _SHORTHAND_TEXTS[item.kind]
    return None


def _pair_text(first: int, last: int) -> str:
    start = _char_text(first, _SPECIAL_IN_CLASS)
    if first == last:
        return start
    return f"{start}-{_char_text(last, _SPECIAL_IN_CLASS)}"


@lru_cache(maxsize=64)
def _ranges_text(ranges: Ranges) -> str:
    if not ranges:
        return NOTHING
    if ranges == ((0, LAST_CODE),):
        return ANY
    others = complement(ranges)
    negated = len(others) < len(ranges)
    pairs = others if negated else ranges
    return f"[{'^' if negated else ''}{''.join(_pair_text(*pair) for pair in pairs)}]"
