"""Internationalized labels: IDNA2008 (RFC 5890 to 5893), with Python's Unicode data.

Which code points a label may have is derived by the rules of RFC 5892 from the Unicode version of
the running Python, as that document intends; a code point newer than it is refused.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from brevettiai.formats.idna_tables import (
    DUAL_JOINING,
    GREEK,
    HEBREW,
    JAPANESE,
    LEFT_JOINING,
    RIGHT_JOINING,
)

LONGEST_LABEL = 63
"""Of an A-label, in octets: RFC 1034, section 3.1."""

_ZWNJ = 0x200C
_ZWJ = 0x200D
_VIRAMA = 9  # the canonical combining class of that name

# RFC 5892, section 2.6.
_EXCEPTIONS_VALID = frozenset((0xDF, 0x3C2, 0x6FD, 0x6FE, 0xF0B, 0x3007))
_EXCEPTIONS_DISALLOWED = frozenset(
    (0x640, 0x7FA, 0x302E, 0x302F, 0x3031, 0x3032, 0x3033, 0x3034, 0x3035, 0x303B)
)
_ARABIC_DIGITS = range(0x660, 0x66A)
_EXTENDED_ARABIC_DIGITS = range(0x6F0, 0x6FA)

# Of the default ignorable code points, those that would else count as letters or marks.
_IGNORABLE = frozenset((0x34F, 0x17B4, 0x17B5, 0x180B, 0x180C, 0x180D, 0x180F))
_IGNORABLE_RANGES = (
    (0xFE00, 0xFE0F),  # variation selectors
    (0xE0100, 0xE01EF),
    (0x20D0, 0x20FF),  # RFC 5892, section 2.4: blocks of marks for symbols and music
    (0x1D100, 0x1D24F),
    (0x1100, 0x11FF),  # RFC 5892, section 2.9: conjoining Hangul
    (0xA960, 0xA97C),
    (0xD7B0, 0xD7FB),
)
_LETTERS_AND_DIGITS = frozenset(("Ll", "Lu", "Lo", "Nd", "Lm", "Mn", "Mc"))

# RFC 5893, section 2.
_RIGHT_TO_LEFT = frozenset(("R", "AL", "AN"))
_IN_RTL_LABEL = frozenset(("R", "AL", "AN", "EN", "ES", "CS", "ET", "ON", "BN", "NSM"))
_IN_LTR_LABEL = frozenset(("L", "EN", "ES", "CS", "ET", "ON", "BN", "NSM"))
_ENDS_RTL_LABEL = frozenset(("R", "AL", "EN", "AN"))
_ENDS_LTR_LABEL = frozenset(("L", "EN"))


def is_u_label(label: str) -> bool:
    """Whether `label` is a U-label: RFC 5891, sections 4.2 and 5.4, but for the Bidi rule.

    Arguments:
        label: one label, with at least one character outside ASCII.
    """
    return (
        not label.isascii()
        and len(label) <= LONGEST_LABEL
        and unicodedata.normalize("NFC", label) == label
        and "-" not in (label[0], label[-1])
        and label[2:4] != "--"
        and unicodedata.category(label[0])[0] != "M"
        and all(_is_allowed(label, index) for index in range(len(label)))
        and len(_encoded(label)) <= LONGEST_LABEL
    )


def a_label_of(label: str) -> str | None:
    """The A-label of a U-label; None if `label` is no U-label."""
    return _encoded(label) if is_u_label(label) else None


def u_label_of(label: str) -> str | None:
    """The U-label of the lower-case A-label `label`; None if it is no A-label."""
    try:
        decoded = label[4:].encode("ascii").decode("punycode")
        if is_u_label(decoded) and _encoded(decoded) == label:
            return decoded
    except (ValueError, OverflowError):  # a UnicodeError, or a code point out of range
        pass
    return None


def is_bidi_valid(labels: list[str | None]) -> bool:
    """Whether the labels of one name keep the Bidi rule; False if one of them is None.

    Arguments:
        labels: in lower case and decoded, in any order.
    """
    directions: list[list[str]] = []
    for label in labels:
        if label is None:
            return False
        directions.append([unicodedata.bidirectional(char) for char in label])
    if all(_RIGHT_TO_LEFT.isdisjoint(label) for label in directions):
        return True
    return all(map(_keeps_bidi_rule, directions))


def _keeps_bidi_rule(directions: list[str]) -> bool:
    last = next((one for one in reversed(directions) if one != "NSM"), "")
    if directions[0] == "L":
        return _IN_LTR_LABEL.issuperset(directions) and last in _ENDS_LTR_LABEL
    return (
        directions[0] in ("R", "AL")
        and _IN_RTL_LABEL.issuperset(directions)
        and last in _ENDS_RTL_LABEL
        and not {"EN", "AN"}.issubset(directions)
    )


def _encoded(label: str) -> str:
    return "xn--" + label.encode("punycode").decode("ascii")


def _is_allowed(label: str, index: int) -> bool:
    """Whether the character at `index` may stand there: RFC 5892, section 3 and appendix A."""
    code = ord(label[index])
    if code in (_ZWNJ, _ZWJ):
        return _may_join(label, index)
    if code == 0xB7:  # middle dot
        return label[index - 1 : index] == "l" and label[index + 1 : index + 2] == "l"
    if code == 0x375:  # Greek keraia
        return index + 1 < len(label) and ord(label[index + 1]) in GREEK
    if code in (0x5F3, 0x5F4):  # Hebrew geresh, gershayim
        return index > 0 and ord(label[index - 1]) in HEBREW
    if code == 0x30FB:  # Katakana middle dot
        return any(ord(char) in JAPANESE for char in label)
    if code in _ARABIC_DIGITS:
        return not any(ord(char) in _EXTENDED_ARABIC_DIGITS for char in label)
    if code in _EXTENDED_ARABIC_DIGITS:
        return not any(ord(char) in _ARABIC_DIGITS for char in label)
    return _is_valid(code)


@lru_cache(maxsize=4096)
def _is_valid(code: int) -> bool:
    """Whether `code` is PVALID: RFC 5892, section 3."""
    char = chr(code)
    if code in _EXCEPTIONS_VALID:
        return True
    if code in _EXCEPTIONS_DISALLOWED or code in _IGNORABLE:
        return False
    if code < 0x80:
        return char == "-" or "0" <= char <= "9" or "a" <= char <= "z"
    if any(first <= code <= last for first, last in _IGNORABLE_RANGES):
        return False
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", char).casefold())
    return folded == char and unicodedata.category(char) in _LETTERS_AND_DIGITS


def _may_join(label: str, index: int) -> bool:
    """The rules for zero width joiners: RFC 5892, appendix A.1 and A.2."""
    if index and unicodedata.combining(label[index - 1]) == _VIRAMA:
        return True
    if ord(label[index]) == _ZWJ:
        return False
    before = _joining_neighbour(label[index - 1 :: -1] if index else "")
    after = _joining_neighbour(label[index + 1 :])
    return (before in DUAL_JOINING or before in LEFT_JOINING) and (
        after in DUAL_JOINING or after in RIGHT_JOINING
    )


def _joining_neighbour(text: str) -> int:
    """The first code point of `text` that joining does not look through; -1 if there is none."""
    for char in text:
        code = ord(char)
        joins = code in DUAL_JOINING or code in RIGHT_JOINING or code in LEFT_JOINING
        # Marks are transparent; formatting characters are allowed in no label anyway.
        if joins or unicodedata.category(char) not in ("Mn", "Me"):
            return code
    return -1
