"""Formats that one rule decides: addresses, pointers, UUIDs.

- `ipv4` and `ipv6`: RFC 2673, section 3.2, and RFC 4291, section 2.2. An octet of an IPv4 address
  has no leading zero: some readers take one for octal.
- `json-pointer`: RFC 6901; `relative-json-pointer`: the Internet-Draft of that name.
- `uuid`: RFC 4122, section 3.
"""

from __future__ import annotations

import re

LONGEST_ADDRESS = 45
"""Of an IPv6 address, in characters: six groups and an IPv4 address."""

_POINTER = "(?:/[^~/]*(?:~[01][^~/]*)*)*"
_INDEX = "(?:0|[1-9][0-9]*)"


def is_ipv4(text: str) -> bool:
    """Whether `text` is an IPv4 address of four decimal octets."""
    return ":" not in text and _is_address(text)


def is_ipv6(text: str) -> bool:
    """Whether `text` is an IPv6 address, without brackets, prefix length or zone."""
    return ":" in text and "%" not in text and _is_address(text)


def _is_address(text: str) -> bool:
    import ipaddress  # 3 ms, which most programs need not spend

    if len(text) > LONGEST_ADDRESS:
        return False
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def is_json_pointer(text: str) -> bool:
    """Whether `text` is a JSON Pointer in its plain form, not that of a URI fragment."""
    return re.fullmatch(_POINTER, text) is not None


def is_relative_json_pointer(text: str) -> bool:
    """Whether `text` is a Relative JSON Pointer of revision 02 or later, as in `0+1/name`."""
    return re.fullmatch(f"{_INDEX}(?:[+-]{_INDEX})?(?:#|{_POINTER})", text) is not None


def is_relative_json_pointer_01(text: str) -> bool:
    """Whether `text` is a Relative JSON Pointer of revision 01, which has no index shift."""
    return re.fullmatch(f"{_INDEX}(?:#|{_POINTER})", text) is not None


def is_uuid(text: str) -> bool:
    """Whether `text` is a UUID of any version and variant."""
    return re.fullmatch("[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}", text) is not None
