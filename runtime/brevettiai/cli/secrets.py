"""Secrets on the command line: asked for where somebody can answer, not typed where all can read.

Loaded only when a flag of a secret is there.
"""

from __future__ import annotations

import sys
from contextlib import suppress

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..compiled import Field
    from .layers import Parsed
    from .words import Path

LOGGER = "brevettiai.cli"


def ask(parsed: Parsed, path: Path, field: Field, typed: str) -> None:
    """Put a secret that is typed in now, unseen; without a terminal that is a problem."""
    from .values import Unreadable, read

    answer = ""
    if sys.stdin is not None and sys.stdin.isatty():
        from getpass import getpass

        with suppress(EOFError):
            answer = getpass(f"{typed}: ")
    if not answer:
        hint = f"{typed} @FILE reads it from a file, and at a terminal {typed} alone asks for it"
        parsed.refuse(f"needs a value; {hint}", path, typed)
        return
    try:
        parsed.put(path, field, read(field, answer), typed)
    except Unreadable as error:
        parsed.refuse(error.untold, path, typed)


def warn_of_plain(text: str, typed: str) -> None:
    """Log that a secret was typed where others can see it, unless it is in a file."""
    if text[:1] == "@" and text[:2] != "@@":
        return
    import logging

    logging.getLogger(LOGGER).warning(
        "%s is a secret, and command lines are seen by others and kept in histories: give %s @FILE"
        ", or at a terminal %s alone",
        *(typed, typed, typed),
    )
