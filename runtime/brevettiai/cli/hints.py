"""What to say about flags that do not exist. Loaded only when there is one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..messages.words import close_match
from .tree import listed_flags
from .words import has_flag

if TYPE_CHECKING:
    from ..compiled import Field
    from ..settings import Settings

_MAX_FLAGS = 1900
"""How many flags a suggestion is sought among; comparing takes time."""


def unknown_flag(cls: type[Settings], typed: str) -> str:
    """The message about a flag that `cls` lacks, with a way to say what was probably meant."""
    name = typed.lstrip("-")
    hint = _json_hint(cls, name) if typed.startswith("--") else ""
    if not hint:
        similar = _similar(cls, name)
        hint = f", did you mean {' or '.join(similar)}?" if similar else "; --help lists all"
    return f"unknown flag {typed}{hint}"


def _similar(cls: type[Settings], name: str) -> list[str]:
    """At most three flags: of the same last part, or else of similar spelling."""
    flags = [flag for flag in listed_flags(cls)[:_MAX_FLAGS] if flag.name]
    names = {"settings-file": "", "preset": "", "help": ""}
    names |= {flag.name: flag.field.key.replace("_", "-") for flag in flags}
    booleans = {flag.name for flag in flags if "boolean" in flag.field.kinds}
    no = "no-" if name.startswith("no-") and name not in names else ""
    wanted = name[len(no) :]
    pool = [known for known in names if known in booleans] if no else list(names)
    last = wanted.rpartition(".")[2].replace("_", "-")
    same = [known for known in pool if names[known] == last][:3]
    close = same or filter(None, [close_match(wanted, pool, 0.7)])
    return [f"--{no}{known}" for known in close]


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
