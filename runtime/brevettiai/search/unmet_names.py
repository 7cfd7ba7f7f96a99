"""What to say of names that lead nowhere. Loaded only when there is one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..cli.layers import Parsed
from ..cli.names import find_flag
from ..cli.places import fields_there
from ..cli.tree import listed_flags
from ..cli.unknown_flags import MAX_NAMES, similar
from ..errors import Problem
from .asked import ALL, Ask

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..settings import Settings


def about_unmet(cls: type[Settings], base: Mapping[str, Any], ask: Ask) -> Problem:
    """The problem of a name that led to no setting of these."""
    typed = ask.name
    plain = ".".join(step for step in ask.steps if not step.startswith("[")).removesuffix(f".{ALL}")
    flag = find_flag(cls, plain)
    if flag is not None and flag.is_inside:
        parsed = Parsed(cls, base)
        rows = fields_there(parsed, flag.path, "")
        why = parsed.problems[0].expected.replace("--", "") if parsed.problems else ""
        if why.startswith("belongs to"):
            why, _, tag = why.partition("; give ")
            why += f"; name {tag.split()[0]} too, to vary that"
        if not rows and why:
            return Problem(flag.path, why, source=repr(ask.typed))
    if flag is not None:
        return Problem(flag.path, "is not there in the base settings", source=repr(ask.typed))
    known = dict.fromkeys(f.name for f in listed_flags(cls) if f.name and not f.is_pattern)
    close = " or ".join(similar(plain, [*known][:MAX_NAMES]))
    hint = f"; did you mean {close}?" if close else ""
    return Problem((), f"there is no setting {typed!r}{hint}")
