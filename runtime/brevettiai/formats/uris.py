"""`uri`, `iri`, their references, and `uri-template`: RFC 3986, RFC 3987 and RFC 6570."""

from __future__ import annotations

import re
from functools import lru_cache

from brevettiai.formats.simple import is_ipv6

# ucschar and iprivate of RFC 3987, section 2.2.
_UCSCHAR = (
    "\\xa0-\\ud7ff\\uf900-\\ufdcf\\ufdf0-\\uffef"
    + "".join(f"\\U{plane:04x}0000-\\U{plane:04x}fffd" for plane in range(0x1, 0xE))
    + "\\U000e1000-\\U000efffd"
)
_IPRIVATE = "\\ue000-\\uf8ff\\U000f0000-\\U000ffffd\\U00100000-\\U0010fffd"

_UNRESERVED = r"A-Za-z0-9._~\-"
_SUB_DELIMS = "!$&'()*+,;="
_ESCAPE = "%[0-9A-Fa-f]{2}"

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:")
_PORT = re.compile("[0-9]*")
_IP_FUTURE = re.compile(rf"[vV][0-9A-Fa-f]+\.[{_UNRESERVED}{_SUB_DELIMS}:]+")
# RFC 3987, section 4.1: these may stand in no IRI.
_BIDI_CONTROLS = re.compile("[\u200e\u200f\u202a-\u202e]")


# Compiled at first use: the sets of IRIs take Python's `re` some milliseconds each.
@lru_cache(maxsize=2)
def _components(more: str = "", private: str = "") -> dict[str, re.Pattern[str]]:
    """What may stand in each component, for URIs or, with `more` characters, for IRIs."""
    others = {"user": ":", "name": "", "path": ":@/", "query": f":@/?{private}", "fragment": ":@/?"}
    return {
        component: re.compile(f"(?:[{_UNRESERVED}{more}{_SUB_DELIMS}{characters}]|{_ESCAPE})*")
        for component, characters in others.items()
    }


def is_uri(text: str) -> bool:
    """Whether `text` is a `URI`: with a scheme, with or without a fragment."""
    return _SCHEME.match(text) is not None and is_uri_reference(text)


def is_uri_reference(text: str) -> bool:
    """Whether `text` is a `URI-reference`: a URI or a relative reference."""
    return _is_reference(text, _components())


def is_iri(text: str) -> bool:
    """Whether `text` is an `IRI`."""
    return _SCHEME.match(text) is not None and is_iri_reference(text)


def is_iri_reference(text: str) -> bool:
    """Whether `text` is an `IRI-reference`."""
    allowed = _components(_UCSCHAR, _IPRIVATE)
    return _BIDI_CONTROLS.search(text) is None and _is_reference(text, allowed)


def _is_reference(text: str, allowed: dict[str, re.Pattern[str]]) -> bool:
    scheme = _SCHEME.match(text)
    rest = text[scheme.end() :] if scheme else text
    rest, _, fragment = rest.partition("#")
    rest, _, query = rest.partition("?")
    if not (allowed["fragment"].fullmatch(fragment) and allowed["query"].fullmatch(query)):
        return False
    if rest.startswith("//"):
        authority, slash, path = rest[2:].partition("/")
        path = slash + path
        if not _is_authority(authority, allowed):
            return False
    else:
        path = rest
        # Else what comes before the colon would read as a scheme.
        if scheme is None and ":" in path.partition("/")[0]:
            return False
    return allowed["path"].fullmatch(path) is not None


def _is_authority(text: str, allowed: dict[str, re.Pattern[str]]) -> bool:
    user, at, host = text.rpartition("@")
    if at and allowed["user"].fullmatch(user) is None:
        return False
    if host.startswith("["):
        address, bracket, port = host[1:].partition("]")
        if not bracket or not (is_ipv6(address) or _IP_FUTURE.fullmatch(address)):
            return False
        return not port or (port[0] == ":" and _PORT.fullmatch(port[1:]) is not None)
    name, _, port = host.partition(":")
    return allowed["name"].fullmatch(name) is not None and _PORT.fullmatch(port) is not None


# The apostrophe is a literal too (RFC errata 6937). Operators that are only reserved for later
# ("=", ",", "!", "@", "|") belong to no level of template.
_VARIABLE_CHARACTER = f"(?:[A-Za-z0-9_]|{_ESCAPE})"
_VARIABLE = rf"{_VARIABLE_CHARACTER}(?:\.?{_VARIABLE_CHARACTER})*(?:\*|:[1-9][0-9]{{0,3}})?"
_TEMPLATE = (
    rf"(?:[!#$&-;=?-\[\]_a-z~{_UCSCHAR}{_IPRIVATE}]|{_ESCAPE}"
    rf"|\{{[+#./;?&]?{_VARIABLE}(?:,{_VARIABLE})*\}})*"
)


def is_uri_template(text: str) -> bool:
    """Whether `text` is a URI Template of any level (1 to 4)."""
    return re.fullmatch(_TEMPLATE, text) is not None
