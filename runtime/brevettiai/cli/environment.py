"""Environment variables of settings: `TRAIN__TRAINING__EPOCHS` for `--training.epochs`.

The name of a variable is its program's prefix and the path of a setting, all in capitals, with
two underscores between them and one for whatever else is no letter or digit. The key of a map is
the one that is there already and has that name, else the name in small letters. Loaded when there
is a variable with the prefix.
"""

from __future__ import annotations

from ..config.json_text import parse_json
from ..errors import too_deep
from ..json_values import held, is_array, is_object
from .inside import item_of, kinds_of, value_of
from .tree import listed_flags
from .words import folded, is_index, variable_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

    from ..compiled import Field
    from ..settings import Settings
    from .layers import Parsed

    #: By the steps of the path: the row, and whether more than settings classes leads there.
    Found = dict[tuple[str, ...], tuple[Field, bool]]


def read_variables(
    parsed: Parsed, start: str
) -> Iterator[tuple[tuple[str, ...], Field | None, bool, str, str]]:
    """The variables that begin with `start`: path, field, whether more than settings classes leads
    there, value, and name as origin.

    That of an older version, inside, has the path of its flag, and no field.
    They come by their names, so that a whole is there before its parts. Of those that name no
    setting, or several, the problem is noted.
    """
    from os import environ

    for name in sorted((name for name in environ if name.startswith(start)), key=_steps):
        found: Found = {}
        try:
            _find_in_class(parsed.cls, name[len(start) :], (), parsed.config, found)
            old = () if found else _old_place(parsed, name[len(start) :])
        except RecursionError:
            parsed.refuse(too_deep().expected, (), f"${name}")
            continue
        if old:
            yield old, None, True, environ[name], f"${name}"
        elif len(found) == 1:
            ((path, (field, is_inside)),) = found.items()
            yield path, field, is_inside, environ[name], f"${name}"
        else:
            parsed.refuse(_about(parsed, name, start, found))


def _steps(name: str) -> list[str]:
    """What names are ordered by: their parts, indices as numbers."""
    return [step.zfill(19) if is_index(step) else step for step in name.split("__")]


def _old_place(parsed: Parsed, name: str) -> tuple[str, ...]:
    """The path of the old flag that a variable stands for; () for none."""
    if parsed.cls.__brevetti__.rename is None:
        return ()
    from .old_flags import old_places

    for place in old_places(parsed.cls):
        steps = [folded(key) for key in place.old]
        old = "__".join(steps)
        for depth in range(1, len(steps) + 1):
            if name == "__".join(steps[:depth]):
                return place.old[:depth]
        if name.startswith(f"{old}__") and place.new:
            found: Found = {}
            inner = "__".join([*map(folded, place.new), name[len(old) + 2 :]])
            _find_in_class(parsed.cls, inner, (), parsed.config, found)
            if len(found) == 1:
                return (*place.old, *next(iter(found))[len(place.new) :])
    return ()


def _find_in_class(
    cls: type[Settings],
    name: str,
    path: tuple[str, ...],
    there: Any,
    found: Found,
    is_inside: bool = False,
) -> None:
    """Note what `name` may mean in objects of `cls`; `there` is the one that lower layers gave."""
    for field in cls.__brevetti__.fields():
        own, start = (*path, field.key), folded(field.key)
        if name == start:
            found.setdefault(own, (field, is_inside))
        elif name.startswith(f"{start}__"):
            value = held(there, field.key)
            if value is None and field.default is not None:
                value = parse_json(field.default)
            inner = name[len(start) + 2 :]
            if field.cls is not None:
                _find_in_class(field.cls, inner, own, value, found, is_inside)
            else:
                _find_inside(field, inner, own, value, found)


def _find_inside(field: Field, name: str, path: tuple[str, ...], there: Any, found: Found) -> None:
    """Note what `name` may mean inside a union, a list or a map."""
    for kind in kinds_of(field).kinds:
        _find_in_class(kind.cls, name, path, there, found, is_inside=True)
    step, _, inner = name.partition("__")
    keys = there if is_object(there) else ()
    key = next((key for key in keys if folded(key) == step), step.lower())
    row = item_of(field, int(step)) if is_index(step) else None
    row, own = row or value_of(field, key), (*path, key)
    if row is not None and not inner:
        found.setdefault(own, (row, True))
    elif row is not None:
        at = int(step) if is_index(step) and is_array(there) else key
        _find_inside(row, inner, own, held(there, at), found)


def unknown_variable(name: str, known: Iterable[str]) -> str:
    """The message about a variable that is not among those that are `known`, with a dollar."""
    from ..messages.words import close_match

    close = close_match(f"${name}", known, 0.7)
    return f"unknown variable ${name}" + (f", did you mean {close}?" if close else "")


def _about(parsed: Parsed, name: str, start: str, found: Found) -> str:
    """What is wrong with a variable that names no setting, or several."""
    from ..messages.words import MOST_GUESSES, either

    if found:
        names = either(f"--{'.'.join(path)}" for path in found)
        return f"the variable ${name} could mean {names}: give the flag"
    from .unknown_flags import MAX_NAMES

    flags = listed_flags(parsed.cls) if len(parsed.problems) < MOST_GUESSES else ()
    listed = [flag for flag in flags if not flag.is_pattern][:MAX_NAMES]
    return unknown_variable(name, [variable_of(start[:-2], flag.path) for flag in listed])
