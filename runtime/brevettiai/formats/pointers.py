"""`json-pointer` (RFC 6901) and `relative-json-pointer` (the Internet-Draft of that name)."""

from __future__ import annotations

import re

_POINTER = "(?:/[^~/]*(?:~[01][^~/]*)*)*"
_INDEX = "(?:0|[1-9][0-9]*)"


def is_json_pointer(text: str) -> bool:
    """Whether `text` is a JSON Pointer in its plain form, not that of a URI fragment."""
    return re.fullmatch(_POINTER, text) is not None


def is_relative_json_pointer(text: str) -> bool:
    """Whether `text` is a Relative JSON Pointer of revision 02 or later, as in `0+1/name`."""
    return re.fullmatch(f"{_INDEX}(?:[+-]{_INDEX})?(?:#|{_POINTER})", text) is not None


def is_relative_json_pointer_01(text: str) -> bool:
    """Whether `text` is a Relative JSON Pointer of revision 01, which has no index shift."""
    return re.fullmatch(f"{_INDEX}(?:#|{_POINTER})", text) is not None
