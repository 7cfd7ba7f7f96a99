"""`hostname` and `idn-hostname`: RFC 1123, section 2.1, and RFC 5890, section 2.3.2.3."""

from __future__ import annotations

import re

_LABEL = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9\-]*[A-Za-z0-9])?")
_LONGEST_LABEL = 63
_LONGEST_NAME = 253
# RFC 3490, section 3.1: what counts as a dot between labels.
_DOTS = re.compile("[.\u3002\uff0e\uff61]")


def is_hostname(text: str) -> bool:
    """Whether `text` is an ASCII host name whose `xn--` labels, if any, are valid A-labels."""
    if not is_hostname_1034(text):
        return False
    if "xn--" not in text.lower():
        return True
    from brevettiai.formats.idna import is_bidi_valid, u_label_of

    labels = [
        u_label_of(label) if label.startswith("xn--") else label
        for label in text.lower().split(".")
    ]
    return is_bidi_valid(labels)


def is_hostname_1034(text: str) -> bool:
    """Whether `text` is a host name of letters, digits and hyphens, whatever its `xn--` labels.

    RFC 1034, section 3.1, with leading digits as RFC 1123 allows them.
    """
    return len(text) <= _LONGEST_NAME and all(map(_is_ascii_label, text.split(".")))


def is_idn_hostname(text: str) -> bool:
    """Whether `text` is an internationalized host name: IDNA2008 labels, in any mixture."""
    if len(text) > _LONGEST_NAME:
        return False
    from brevettiai.formats.idna import a_label_of, is_bidi_valid, u_label_of

    plain: list[str | None] = []
    length = -1
    for label in _DOTS.split(text):
        encoded: str | None = label
        if not label.isascii():
            plain.append(label)
            encoded = a_label_of(label)
        elif not _is_ascii_label(label):
            return False
        elif label[:4].lower() == "xn--":
            plain.append(u_label_of(label.lower()))
        elif label[2:4] == "--":
            return False  # reserved: RFC 5890, section 2.3.1
        else:
            plain.append(label.lower())
        if encoded is None:
            return False
        length += len(encoded) + 1
    return length <= _LONGEST_NAME and is_bidi_valid(plain)


def _is_ascii_label(text: str) -> bool:
    return len(text) <= _LONGEST_LABEL and _LABEL.fullmatch(text) is not None
