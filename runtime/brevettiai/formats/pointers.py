"""`json-pointer` (RFC 6901) and `relative-json-pointer` (the Internet-Draft of that name)."""

from __future__ import annotations

import re

_BAD_TILDE = re.compile(r"~(?![01])")
_UP = re.compile(r"(?:0|[1-9][0-9]*)")
_UP_AND_ASIDE = re.compile(r"(?:0|[1-9][0-9]*)(?:[+-](?:0|[1-9][0-9]*))?")


def is_json_pointer(text: str) -> bool:
    """Whether `text` is a JSON Pointer in its plain form, not that of a URI fragment."""
    return not text or (text[0] == "/" and _BAD_TILDE.search(text) is None)


def is_relative_json_pointer(text: str) -> bool:
    """Whether `text` is a Relative JSON Pointer of revision 02 or later, as in `0+1/name`."""
    return _is_relative(text, _UP_AND_ASIDE)


def is_relative_json_pointer_01(text: str) -> bool:
    """Whether `text` is a Relative JSON Pointer of revision 01, which has no index shift."""
    return _is_relative(text, _UP)


def _is_relative(text: str, prefix: re.Pattern[str]) -> bool:
    match = prefix.match(text)
    if match is None:
        return False
    rest = text[match.end() :]
    return rest == "#" or is_json_pointer(rest)
