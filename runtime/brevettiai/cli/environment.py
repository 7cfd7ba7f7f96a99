"""Environment variables of settings: `TRAIN__TRAINING__EPOCHS` for `--training.epochs`.

The name of a variable is its program's prefix and the path of a setting, all in capitals, with
two underscores between them and one for whatever else is no letter or digit. Loaded when there is
a variable with the prefix.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .tree import listed_flags

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ..compiled import Field
    from ..settings import Settings
    from .layers import Parsed

    Found = tuple[tuple[str, ...], Field]

_MAX_NAMES = 1900
"""How many names a suggestion is sought among; comparing takes time."""


def read_variables(parsed: Parsed, start: str) -> Iterator[tuple[tuple[str, ...], Field, str, str]]:
    """The variables that begin with `start`: path, field, value, and name as origin.

    They come by their names, so that a whole is there before its parts. Of those that name no
    setting, or several, the problem is noted.
    """
    from os import environ

    for name in sorted(environ):
        if name.startswith(start):
            found = [*_find(parsed.cls, name[len(start) :])]
            if len(found) == 1:
                yield *found[0], environ[name], f"${name}"
            else:
                parsed.refuse(_about(parsed.cls, name, start, [path for path, _ in found]))


def variable_of(prefix: str, path: Iterable[str | int]) -> str:
    """The variable of a setting, with a dollar: `$TRAIN__TRAINING__EPOCHS`."""
    return f"${'__'.join([prefix, *(_folded(str(step)) for step in path)])}"


def about_variables(cls: type[Settings], prefix: str) -> str:
    """What help says of them, with one as an example."""
    paths = (flag.path for flag in listed_flags(cls, inside=False) if flag.name and not flag.open)
    example = variable_of(prefix, next(paths, ("NAME",)))
    return (
        f"Environment variables such as {example} count over settings files, and flags over them."
    )


def _folded(key: str) -> str:
    return "".join(char if char.isalnum() else "_" for char in key.upper())


def _find(cls: type[Settings], name: str, path: tuple[str, ...] = ()) -> Iterator[Found]:
    """The settings that a variable without its prefix may mean."""
    for field in cls.__brevetti__.fields():
        own, inner = (*path, field.key), _folded(field.key)
        if name == inner:
            yield own, field
        elif name.startswith(f"{inner}__") and field.cls is not None:
            yield from _find(field.cls, name[len(inner) + 2 :], own)


def unknown_variable(name: str, known: Iterable[str]) -> str:
    """The message about a variable that is not among those that are `known`, with a dollar."""
    from ..messages.words import close_match

    close = close_match(f"${name}", known, 0.7)
    return f"unknown variable ${name}" + (f", did you mean {close}?" if close else "")


def _about(cls: type[Settings], name: str, start: str, found: list[tuple[str, ...]]) -> str:
    """What is wrong with a variable that names no setting, or several."""
    if found:
        from ..messages.words import either

        names = either(f"--{'.'.join(path)}" for path in found)
        return f"the variable ${name} could mean {names}: give the flag"
    listed = listed_flags(cls, inside=False)[:_MAX_NAMES]
    return unknown_variable(name, [variable_of(start[:-2], flag.path) for flag in listed])
