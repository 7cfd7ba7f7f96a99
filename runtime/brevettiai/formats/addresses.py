"""`ipv4` and `ipv6`: the text forms of RFC 2673, section 3.2, and RFC 4291, section 2.2.

An octet of an IPv4 address has no leading zero: some readers take one for octal.
"""

from __future__ import annotations

LONGEST_ADDRESS = 45
"""Of an IPv6 address, in characters: six groups and an IPv4 address."""


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
