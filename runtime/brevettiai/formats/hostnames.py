"""`hostname` and `idn-hostname`: RFC 1123, section 2.1, and RFC 5890, section 2.3.2.3.

Internationalized labels are judged by the library `idna` (IDNA2008), imported where one is met. It
is no dependency of ours by name: `requests`, which is one, brings it.
"""

from __future__ import annotations

import re
import unicodedata

_LABEL = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9\-]{0,61}[A-Za-z0-9])?")
_LONGEST_LABEL = 63
_LONGEST_NAME = 253
# RFC 3490, section 3.1: what counts as a dot between labels.
_DOTS = re.compile("[.\u3002\uff0e\uff61]")
_RIGHT_TO_LEFT = frozenset(("R", "AL", "AN"))


def is_hostname(text: str) -> bool:
    """Whether `text` is an ASCII host name whose `xn--` labels, if any, are valid A-labels."""
    if not is_hostname_1034(text):
        return False
    labels = text.lower().split(".")
    if not any(label.startswith("xn--") for label in labels):
        return True
    return _keep_bidi_rule(
        [u_label(label) if label.startswith("xn--") else label for label in labels]
    )


def is_hostname_1034(text: str) -> bool:
    """Whether `text` is a host name of letters, digits and hyphens, whatever its `xn--` labels.

    RFC 1034, section 3.1, with leading digits as RFC 1123 allows them.
    """
    return len(text) <= _LONGEST_NAME and all(map(_LABEL.fullmatch, text.split(".")))


def is_idn_hostname(text: str) -> bool:
    """Whether `text` is an internationalized host name: IDNA2008 labels, in any mixture."""
    if len(text) > _LONGEST_NAME:
        return False
    labels = _DOTS.split(text)
    if not _keep_bidi_rule([u_label(label) for label in labels]):
        return False
    import idna

    return sum(len(idna.alabel(label)) + 1 for label in labels) - 1 <= _LONGEST_NAME


def u_label(label: str) -> str | None:
    """What any label stands for, in lower case, without Punycode; None if IDNA2008 refuses it."""
    if len(label) > _LONGEST_LABEL:
        return None
    import idna

    try:
        plain = idna.ulabel(label)
        encoded = idna.alabel(plain).decode("ascii")
    except (ValueError, OverflowError):  # `idna.IDNAError`, or a code point out of range
        return None
    return plain if encoded == label.lower() or not label.isascii() else None


def _keep_bidi_rule(labels: list[str | None]) -> bool:
    """Whether the labels of one name keep RFC 5893, section 2; False if one of them is None.

    The library judges each label by itself, but one label from right to left binds all others.
    """
    import idna

    plain = [label for label in labels if label]
    if len(plain) < len(labels):
        return False
    if _RIGHT_TO_LEFT.isdisjoint(map(unicodedata.bidirectional, "".join(plain))):
        return True
    try:
        return all(idna.check_bidi(label, check_ltr=True) for label in plain)
    except idna.IDNAError:
        return False
