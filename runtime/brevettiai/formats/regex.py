r"""`regex`: whether a text is a pattern of ECMA-262 in Unicode mode (the flag `u`), 15th edition.

Only a verdict, in one pass and without recursion; what a pattern means is the generator's business,
whose parser accepts the same texts.
"""

from __future__ import annotations

import re

from brevettiai.formats.unicode_names import long_names

MAX_NESTING = 64
"""Groups within groups; deeper patterns are refused, as the generator does."""

_HEX = "[0-9A-Fa-f]"
_CODE_POINT = (
    rf"\\u(?:[dD][89ABab]{_HEX}{{2}}\\u[dD][C-Fc-f]{_HEX}{{2}}|{_HEX}{{4}}"
    rf"|\{{0*(?:10{_HEX}{{4}}|{_HEX}{{1,5}})\}})"
)
# One character by its escape, and a set of them; both stand in classes and outside of them.
_ESCAPE = rf"{_CODE_POINT}|\\(?:[fnrtv^$\\.*+?()\[\]{{}}|/]|c[A-Za-z]|0(?![0-9])|x{_HEX}{{2}})"
_SET = r"\\(?:[dDsSwW]|[pP]\{(?P<property>[^}]*)\})"
_NAME = rf"(?:[^>\\]|{_CODE_POINT})*"

_TOKEN = re.compile(
    rf"(?P<look>\(\?<?[=!])|(?P<group>\((?:\?:|(?P<capture>\?<(?P<name>{_NAME})>|(?!\?))))"
    r"|(?P<close>\))|(?P<either>\|)|(?P<assertion>[\^$]|\\[bB])|(?P<class>\[\^?)"
    r"|(?P<quantifier>(?:[*+?]|\{(?P<least>[0-9]+)(?P<more>,(?P<most>[0-9]*))?\})\??)"
    rf"|(?P<reference>\\(?:(?P<number>[1-9][0-9]*)|k<(?P<to>{_NAME})>))"
    rf"|(?P<atom>{_ESCAPE}|{_SET}|[^\\(){{}}\[\]])"
)
_IN_CLASS = re.compile(rf"(?P<one>{_ESCAPE}|\\[b\-]|[^\]\\])|{_SET}")
_REPEATABLE = frozenset(("atom", "class", "reference"))
_CODES = {"b": 8, "t": 9, "n": 10, "v": 11, "f": 12, "r": 13, "0": 0}


def is_regex(text: str) -> bool:
    """Whether `text` is an ECMA-262 pattern in Unicode mode."""
    open_groups: list[bool] = []  # for each, whether it can be repeated once it is closed
    captures = largest_reference = 0
    names: set[str] = set()
    references: set[str] = set()
    at = 0
    repeatable = False
    while at < len(text):
        token = _TOKEN.match(text, at)
        if token is None:
            return False
        at = token.end()
        kind = token.lastgroup
        if kind == "quantifier":
            most = token["most"]
            if not repeatable or (most and _count(token["least"]) > _count(most)):
                return False
        elif kind in ("look", "group"):
            open_groups.append(kind == "group")
            captures += token["capture"] is not None
            if token["name"] is not None and not _is_new_name(_plain(token["name"]), names):
                return False
            if len(open_groups) > MAX_NESTING:
                return False
        elif kind == "close" and not open_groups:
            return False
        elif kind == "class":
            at = _end_of_class(text, at)
            if not at:
                return False
        elif token["number"]:
            largest_reference = max(largest_reference, _count(token["number"]))
        elif token["to"] is not None:
            references.add(_plain(token["to"]))
        elif not _is_known_set(token):
            return False
        repeatable = open_groups.pop() if kind == "close" else kind in _REPEATABLE
    return not open_groups and largest_reference <= captures and references <= names


def _end_of_class(text: str, at: int) -> int:
    """The index after the class whose items begin at `at`; 0 if it is none."""
    while text[at : at + 1] != "]":
        first = _IN_CLASS.match(text, at)
        if first is None or not _is_known_set(first):
            return 0
        at = first.end()
        if text[at : at + 1] == "-" and text[at + 1 : at + 2] not in ("]", ""):
            last = _IN_CLASS.match(text, at + 1)
            if last is None or not first["one"] or not last["one"]:
                return 0
            if _code(first["one"]) > _code(last["one"]):
                return 0
            at = last.end()
    return at + 1


def _is_known_set(token: re.Match[str]) -> bool:
    """Whether the property that `token` names, if it names one, is one of ECMA-262."""
    if token["property"] is None:
        return True
    name, equals, value = token["property"].partition("=")
    return long_names(name, value if equals else None) is not None


def _count(digits: str) -> int:
    # A count of 19 digits exceeds any text; Python's int() refuses thousands of digits.
    digits = digits.lstrip("0")
    return int(digits or "0") if len(digits) < 19 else 10**18


def _code(character: str) -> int:
    """The code point of a character, plain or escaped."""
    if len(character) == 1:
        return ord(character)
    kind, rest = character[1], character[2:]
    if not rest:
        return _CODES.get(kind, ord(kind))
    if kind == "c":
        return ord(rest) % 32
    high, _, low = rest.strip("{}").partition("\\u")
    return (
        int(high, 16) if not low else 0x10000 + (int(high, 16) % 1024 << 10) + int(low, 16) % 1024
    )


def _plain(name: str) -> str:
    """The name of a group, its escapes read."""
    return re.sub(_CODE_POINT, lambda escape: chr(_code(escape[0])), name)


def _is_new_name(name: str, names: set[str]) -> bool:
    """Whether `name` is an identifier of ECMA-262 and not yet among `names`; adds it."""
    rest = name[1:].replace("\u200c", "_").replace("\u200d", "_")
    new = name not in names and (name[:1] + rest).replace("$", "_").isidentifier()
    names.add(name)
    return new
