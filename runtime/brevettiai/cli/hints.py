"""What to say about flags that do not exist. Loaded only when there is one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..messages.words import close_match
from .tree import listed_flags
from .words import has_flag, is_dashed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from ..compiled import Field
    from ..settings import Settings
    from .words import Words

_MAX_FLAGS = 1900
"""How many flags a suggestion is sought among; comparing takes time."""


def about_foreign(words: Words, about_flag: Callable[[str], str]) -> list[str]:
    """The messages about all words that were left; `about_flag` has the one about a flag."""
    told = [
        about_flag(word.partition("=")[0]) if is_dashed(word) else f"unexpected word {word!r}"
        for word in words.foreign
    ]
    return told + [f"unexpected word {word!r} after --" for word in words.rest()[1:]]


def unknown_flag(cls: type[Settings], typed: str, others: Iterable[str] = ()) -> str:
    """The message about a flag that `cls` lacks, with a way to say what was probably meant.

    That may be one of the `others`, which the program has as well.
    """
    hint = _json_hint(cls, typed[2:]) if typed.startswith("--") else ""
    if hint:
        return f"unknown flag {typed}{hint}"
    flags = dict.fromkeys(["settings-file", "preset", "show-settings", "help", *others], False)
    listed = listed_flags(cls, inside=False)[:_MAX_FLAGS]
    return suggestion(
        typed, flags | {flag.name: "boolean" in flag.field.kinds for flag in listed if flag.name}
    )


def suggestion(typed: str, flags: Mapping[str, bool]) -> str:
    """The message about an unknown flag among `flags`, of which some can be turned off.

    It names at most three: of the same last part, or else of similar spelling.
    """
    name = typed.lstrip("-")
    no = "no-" if name.startswith("no-") and name not in flags else ""
    wanted = name[len(no) :]
    pool = [known for known, is_boolean in flags.items() if is_boolean or not no]
    same = [known for known in pool if _last(known) == _last(wanted)][:3]
    close = same or filter(None, [close_match(wanted, pool, 0.7)])
    similar = " or ".join(f"--{no}{known}" for known in close)
    return f"unknown flag {typed}" + (
        f", did you mean {similar}?" if similar else "; --help lists all"
    )


def _last(name: str) -> str:
    return name.rpartition(".")[2].replace("_", "-")


def _json_hint(cls: type[Settings], name: str) -> str:
    """How to say, as JSON of an object around it, what flags cannot reach."""
    segments = name.split(".")
    for depth, segment in enumerate(segments):
        fields = {field.key: field for field in cls.__brevetti__.fields()}
        above = "--" + (".".join(segments[:depth]) or ".")
        rest = ".".join(segments[depth:])
        if rest in fields and not has_flag(rest, at_root=not depth):
            return f": give it as JSON of its object, {above} '{{\"{rest}\": …}}'"
        field = fields.get(segment) or fields.get(segment.replace("-", "_"))
        if field is None:
            return ""
        if field.cls is None:
            return _inside_hint(field, "--" + ".".join(segments[: depth + 1]))
        cls = field.cls
    return ""


def _inside_hint(field: Field, flag: str) -> str:
    for kind, example in (("object", "{…}"), ("array", "[…]")):
        if kind in field.kinds:
            return f": what is inside {flag} is given as JSON, {flag} '{example}'"
    return f": {flag} has nothing inside"
