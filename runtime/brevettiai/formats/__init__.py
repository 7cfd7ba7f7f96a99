"""The formats of JSON Schema, as checks of one text each.

Loaded only by code generated with `--assert-formats`. Every check takes a `str` of any content
and length, answers in time linear in it (or refuses it by its length), and never raises. Which
document defines a format can differ from draft to draft; `formats_of` knows.

- draft 4: `date-time`, `email`, `hostname`, `ipv4`, `ipv6`, `uri`, and `regex`, which is not in
  its list, but which its metaschema asks of `pattern`
- draft 6 adds `json-pointer`, `uri-reference`, `uri-template`
- draft 7 adds `date`, `idn-email`, `idn-hostname`, `iri`, `iri-reference`,
  `relative-json-pointer`, `time`
- 2019-09 adds `duration`, `uuid`; 2020-12 adds none

What changed its meaning: `hostname` knows nothing of Punycode before draft 7, `email` is RFC
5322's up to draft 7 and RFC 5321's from 2019-09 on, and `relative-json-pointer` may shift an
array index from 2019-09 on.
"""

from __future__ import annotations

from collections.abc import Callable

from brevettiai.formats.addresses import is_ipv4, is_ipv6
from brevettiai.formats.email import is_email, is_email_5322, is_idn_email
from brevettiai.formats.hostnames import is_hostname, is_hostname_1034, is_idn_hostname
from brevettiai.formats.pointers import (
    is_json_pointer,
    is_relative_json_pointer,
    is_relative_json_pointer_01,
)
from brevettiai.formats.times import is_date, is_date_time, is_duration, is_time
from brevettiai.formats.uris import (
    is_iri,
    is_iri_reference,
    is_uri,
    is_uri_reference,
    is_uri_template,
)

Check = Callable[[str], bool]

_HEX = frozenset("0123456789abcdefABCDEF")


def is_regex(text: str) -> bool:
    """Whether `text` is an ECMA-262 pattern in Unicode mode."""
    from brevettiai.formats import regex  # its tables take some milliseconds

    return regex.is_regex(text)


def is_uuid(text: str) -> bool:
    """Whether `text` is a UUID of RFC 4122, section 3, of any version and variant."""
    parts = text.split("-")
    return [len(part) for part in parts] == [8, 4, 4, 4, 12] and _HEX.issuperset("".join(parts))


FORMATS: dict[str, Check] = {
    "date": is_date,
    "date-time": is_date_time,
    "duration": is_duration,
    "email": is_email,
    "hostname": is_hostname,
    "idn-email": is_idn_email,
    "idn-hostname": is_idn_hostname,
    "ipv4": is_ipv4,
    "ipv6": is_ipv6,
    "iri": is_iri,
    "iri-reference": is_iri_reference,
    "json-pointer": is_json_pointer,
    "regex": is_regex,
    "relative-json-pointer": is_relative_json_pointer,
    "time": is_time,
    "uri": is_uri,
    "uri-reference": is_uri_reference,
    "uri-template": is_uri_template,
    "uuid": is_uuid,
}
"""Every format by name, as 2020-12 (and 2019-09) means it."""

_OF_DRAFT_4 = ("date-time", "email", "hostname", "ipv4", "ipv6", "regex", "uri")
_NEW_IN_DRAFT_6 = ("json-pointer", "uri-reference", "uri-template")
_NEW_IN_2019_09 = ("duration", "uuid")


def formats_of(draft: str) -> dict[str, Check]:
    """The formats that a draft defines, as it means them.

    Arguments:
        draft: `draft4`, `draft6`, `draft7`, `draft2019-09` or `draft2020-12`.

    Raises:
        ValueError: `draft` is none of these.
    """
    if draft in ("draft2020-12", "draft2019-09"):
        return dict(FORMATS)
    if draft == "draft7":
        names = [name for name in FORMATS if name not in _NEW_IN_2019_09]
    elif draft == "draft6":
        names = [*_OF_DRAFT_4, *_NEW_IN_DRAFT_6]
    elif draft == "draft4":
        names = [*_OF_DRAFT_4]
    else:
        raise ValueError(f"unknown draft {draft!r}")
    checks = {name: FORMATS[name] for name in names}
    checks["email"] = is_email_5322
    if draft == "draft7":
        checks["relative-json-pointer"] = is_relative_json_pointer_01
    else:
        checks["hostname"] = is_hostname_1034
    return checks
