"""`email` and `idn-email`: RFC 5321 and RFC 6531 mailboxes, and the addr-spec of RFC 5322."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from brevettiai.formats.hostnames import u_label
from brevettiai.formats.simple import is_ipv4, is_ipv6

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~\-]+"
_DOT_ATOM = re.compile(rf"{_ATOM}(?:\.{_ATOM})*")
_DOMAIN_LABEL = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9\-]*[A-Za-z0-9])?")

# RFC 5322, sections 3.2.2 to 3.4.1, without the obsolete forms.
_FOLD = r"(?:(?:[ \t]*\r\n)?[ \t]+)"
_QUOTED_5322 = re.compile(rf'"(?:{_FOLD}?(?:[!#-\[\]-~]|\\[\t -~]))*{_FOLD}?"')
_LITERAL_5322 = re.compile(rf"\[(?:{_FOLD}?[!-Z^-~])*{_FOLD}?\]")
_FOLDING = re.compile(_FOLD)
_COMMENT_TEXT = re.compile(r"[!-'*-\[\]-~]+|\\[\t -~]")


def is_email(text: str) -> bool:
    """Whether `text` is a `Mailbox` of RFC 5321, section 4.1.2."""
    local, at, domain = text.rpartition("@")
    if not at or not _local_part().fullmatch(local):
        return False
    return _is_domain(domain) or _is_address_literal(domain)


def is_idn_email(text: str) -> bool:
    """Whether `text` is a `Mailbox` of RFC 6531, section 3.3.

    The labels of the domain may be in any normalization form, as in mail that people type.
    """
    local, at, domain = text.rpartition("@")
    if not at or not _local_part(r"\x80-\ud7ff\ue000-\U0010ffff").fullmatch(local):
        return False
    if domain.isascii():
        return _is_domain(domain) or _is_address_literal(domain)
    return len(domain) <= 255 and all(
        _is_domain(label) if label.isascii() else u_label(unicodedata.normalize("NFC", label))
        for label in domain.split(".")
    )


def is_email_5322(text: str) -> bool:
    """Whether `text` is an `addr-spec` of RFC 5322, section 3.4.1, without obsolete forms."""
    at = _skip_comments(text, 0)
    local = _DOT_ATOM.match(text, at) or _QUOTED_5322.match(text, at)
    if local is None:
        return False
    at = _skip_comments(text, local.end())
    if text[at : at + 1] != "@":
        return False
    at = _skip_comments(text, at + 1)
    domain = _DOT_ATOM.match(text, at) or _LITERAL_5322.match(text, at)
    return domain is not None and _skip_comments(text, domain.end()) == len(text)


# Compiled at first use: the set of all that is not ASCII takes Python's `re` some milliseconds.
@lru_cache(maxsize=2)
def _local_part(more: str = "") -> re.Pattern[str]:
    """What may stand before the `@`: a dot-atom or a quoted string, both with `more` characters."""
    atom = _ATOM.replace("-]", f"-{more}]")
    return re.compile(rf'{atom}(?:\.{atom})*|"(?:[ !#-\[\]-~{more}]|\\[ -~])*"')


def _is_domain(text: str) -> bool:
    return all(_DOMAIN_LABEL.fullmatch(label) for label in text.split("."))


def _is_address_literal(text: str) -> bool:
    if text[:1] != "[" or text[-1:] != "]":
        return False
    address = text[1:-1]
    if address[:5].lower() != "ipv6:":
        return is_ipv4(address)
    groups = address[5:].split(":")
    # RFC 5321, section 4.1.3: "::" stands for two groups or more; an IPv4 address counts as two.
    enough_left_out = "::" not in address or sum(map(bool, groups)) + ("." in groups[-1]) <= 6
    return enough_left_out and is_ipv6(address[5:])


def _skip_comments(text: str, at: int) -> int:
    """The index after the comments (which nest) and folding white space at `at`."""
    end = at
    depth = 0
    while at < len(text):
        if text[at] == "(":
            depth += 1
            at += 1
        elif text[at] == ")" and depth:
            depth -= 1
            at += 1
        else:
            match = _FOLDING.match(text, at) or (depth and _COMMENT_TEXT.match(text, at))
            if not match:
                break
            at = match.end()
        if not depth:
            end = at
    return end
