"""Secrets on the command line: asked for where somebody can answer, not typed where all can read.

Loaded only when a flag is there that can have a secret.
"""

from __future__ import annotations

import sys
from contextlib import suppress

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..compiled import Field
    from ..settings import Settings
    from .layers import Parsed
    from .names import Flag, Typed
    from .words import Path

LOGGER = "brevettiai.cli"
_SEEN = "and command lines are seen by others and kept in histories: give"


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


def warn_of_plain(cls: type[Settings], flags: Iterable[Typed]) -> None:
    """Log which secrets of a class were typed where others can see them, and not in a file."""
    found: dict[str, str] = {}
    for flag, text, typed in flags:
        if text is None or (text[:1] == "@" and text[:2] != "@@"):
            continue
        if any(field.secret for field in flag.fields):
            found[typed] = (
                f"{typed} is a secret, {_SEEN} {typed} @FILE, or at a terminal {typed} alone"
            )
        elif _has_secret(cls, flag, text):
            found[typed] = f"{typed} has a secret in it, {_SEEN} {typed} @FILE"
    if found:
        import logging

        for text in found.values():
            logging.getLogger(LOGGER).warning("%s", text)


def _has_secret(cls: type[Settings], flag: Flag, text: str) -> bool:
    """Whether what a flag is given has a secret in it."""
    from ..messages.secrets import public, secrets_of
    from .values import Unreadable, read, read_json

    secrets = secrets_of(cls.__brevetti__).at(*flag.path)
    for field in flag.fields or [None]:
        with suppress(Unreadable, RecursionError):
            value = read_json(text, "") if field is None else read(field, text)
            if public(value, secrets=secrets) != value:
                return True
    return False
