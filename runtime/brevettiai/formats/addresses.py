"""`ipv4` and `ipv6`: the text forms of RFC 2673, section 3.2, and RFC 4291, section 2.2.

An octet of an IPv4 address has no leading zero: some readers take one for octal.
"""

from __future__ import annotations

_DIGITS = frozenset("0123456789")
_HEX = frozenset("0123456789abcdefABCDEF")


def is_ipv4(text: str) -> bool:
    """Whether `text` is an IPv4 address of four decimal octets."""
    octets = text.split(".", 4)
    return len(octets) == 4 and all(map(_is_octet, octets))


def is_ipv6(text: str, omitted: int = 1) -> bool:
    """Whether `text` is an IPv6 address, without brackets, prefix length or zone.

    Arguments:
        text: the address.
        omitted: how many groups `::` stands for at least.
    """
    if len(text) > 45:
        return False
    head, gap, tail = text.partition("::")
    if not gap:
        return _groups(text, last=True) == 8
    before = _groups(head, last=False) if head else 0
    after = _groups(tail, last=True) if tail else 0
    return before is not None and after is not None and before + after <= 8 - omitted


def _is_octet(text: str) -> bool:
    if not 1 <= len(text) <= 3 or not _DIGITS.issuperset(text):
        return False
    return text == "0" or (text[0] != "0" and int(text) <= 255)


def _groups(text: str, last: bool) -> int | None:
    """How many 16-bit groups `text` spells; an IPv4 address may end it where `last`."""
    groups = text.split(":")
    count = len(groups)
    if last and "." in groups[-1]:
        if not is_ipv4(groups.pop()):
            return None
        count += 1
    if all(1 <= len(group) <= 4 and _HEX.issuperset(group) for group in groups):
        return count
    return None
