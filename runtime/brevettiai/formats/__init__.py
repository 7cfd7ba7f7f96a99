"""The formats of JSON Schema, as checks of one text each.

Loaded only by code generated with `--assert-formats`. Every check takes a `str` of any content
and length, answers in time linear in it (or refuses it by its length), and never raises. Which
document defines a format can differ from draft to draft; `check_of` knows. Draft 4 has `regex`, as
its metaschema asks it of `pattern`, though it is not in its list.

What changed its meaning: `hostname` knows nothing of Punycode before draft 7, `email` is RFC
5322's up to draft 7 and RFC 5321's from 2019-09 on, and `relative-json-pointer` may shift an
array index from 2019-09 on.
"""

from __future__ import annotations

from functools import lru_cache

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    Check = Callable[[str], bool]

# Which module judges a format, imported by the first text that is said to have it.
_MODULES = {
    **dict.fromkeys(("date", "date-time", "duration", "time"), "times"),
    **dict.fromkeys(("email", "idn-email"), "email"),
    **dict.fromkeys(("hostname", "idn-hostname"), "hostnames"),
    **dict.fromkeys(("iri", "iri-reference", "uri", "uri-reference", "uri-template"), "uris"),
    **dict.fromkeys(("ipv4", "ipv6", "json-pointer", "relative-json-pointer", "uuid"), "simple"),
    "regex": "regex",
}
FORMATS = tuple(sorted(_MODULES))
"""The names of all formats, as 2020-12 and 2019-09 define them."""

_DRAFTS = ("draft4", "draft6", "draft7", "draft2019-09", "draft2020-12")
_SINCE = {
    **dict.fromkeys(("json-pointer", "uri-reference", "uri-template"), "draft6"),
    **dict.fromkeys(("date", "idn-email", "idn-hostname", "iri", "iri-reference"), "draft7"),
    **dict.fromkeys(("relative-json-pointer", "time"), "draft7"),
    **dict.fromkeys(("duration", "uuid"), "draft2019-09"),
}
# The last draft that meant a format in an older way, and the check of that.
_UNTIL = {
    "hostname": ("draft6", "is_hostname_1034"),
    "email": ("draft7", "is_email_5322"),
    "relative-json-pointer": ("draft7", "is_relative_json_pointer_01"),
}


@lru_cache(maxsize=128)
def check_of(name: str, draft: str) -> Check | None:
    """The check of a format as a draft means it; None where the draft does not define it.

    Arguments:
        draft: `draft4`, `draft6`, `draft7`, `draft2019-09` or `draft2020-12`.

    Raises:
        ValueError: `draft` is none of these.
    """
    age = _DRAFTS.index(draft)
    if name not in _MODULES or age < _DRAFTS.index(_SINCE.get(name, "draft4")):
        return None
    function = "is_" + name.replace("-", "_")
    if name in _UNTIL and age <= _DRAFTS.index(_UNTIL[name][0]):
        function = _UNTIL[name][1]
    module = __import__(f"{__name__}.{_MODULES[name]}", fromlist=[function])
    check: Check = getattr(module, function)
    return check
