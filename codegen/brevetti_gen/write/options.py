"""The options of a package that decide what is generated: recorded in it, and taken again."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from ..problems import GenerationError, Problem, failed, refused
from .seals import OPTIONS

#: The styles of classes, our own first.
STYLES = ("plain", "pydantic", "dataclass", "msgspec", "typeddict")
FORM_RANGES = ("limits", "ignore")

#: What can be chosen, the default first.
_SLOW = "--allow-slow-patterns"
_SWITCH = ("off", "on")
_CHOICES = {"--assert-formats": _SWITCH, "--form-ranges": FORM_RANGES, "--style": STYLES}
_CHOICES[_SLOW] = _SWITCH
#: What is chosen by flag; where schemas lie by `--map URL`, relative to the package; and what is
#: left out by `--exclude PATTERN`, which is "on".
Options = Mapping[str, str]
DEFAULTS: Options = {name: values[0] for name, values in _CHOICES.items()}

_MAP, _EXCLUDE = "--map ", "--exclude "
_FIRST = "# Options of this package: a run of brevetti-gen takes again what it does not name."


def flags(options: Options, *, with_maps: bool = False) -> list[str]:
    """Options that are not the defaults, one a line.

    What is mapped, left out or allowed decides about no text of a module.

    >>> flags({**DEFAULTS, "--assert-formats": "on", "--style": "msgspec", "--map urn:a": "a"})
    ['--assert-formats', '--style msgspec']
    """
    deciding = options.keys() if with_maps else _CHOICES.keys() - {_SLOW}
    changed = {n: options[n] for n in deciding if options[n] != DEFAULTS.get(n)}
    maps = [f"{name}={path}" for name, path in changed.items() if name.startswith(_MAP)]
    others = (f"{n} {value}" for n, value in changed.items() if not n.startswith(_MAP))
    return sorted([*maps, *(line.removesuffix(" on") for line in others)])


def text_of(options: Options) -> str:
    """The text of the file that holds `options`; "" if all are the defaults."""
    lines = flags(options, with_maps=True)
    return "\n".join([_FIRST, *lines, ""]) if lines else ""


def maps_of(options: Options, folder: Path) -> dict[str, Path]:
    """Where schemas lie by URL, for a package in `folder`."""
    maps = {name: path for name, path in options.items() if name.startswith(_MAP)}
    return {n[len(_MAP) :]: Path(os.path.normpath(folder / p)) for n, p in maps.items()}


def excluded(options: Options) -> list[str]:
    """The patterns of what is left out."""
    return sorted(name[len(_EXCLUDE) :] for name in options if name.startswith(_EXCLUDE))


def options_for(
    folder: Path,
    chosen: Mapping[str, str | bool | None],
    maps: Mapping[str, str | Path] | None,
    exclude: Iterable[str] | None = None,
) -> tuple[Options, tuple[str, ...]]:
    """The options of a run, and how they differ from those of the package in `folder`.

    Those that are None are as they are recorded.

    Raises:
        GenerationError: there is no such option, or the record is broken or cannot hold what is
            mapped or left out.
    """
    was = _recorded(folder)
    given = {_MAP: maps, _EXCLUDE: exclude}
    renewed = tuple(start for start, values in given.items() if values is not None)
    now = {name: value for name, value in was.items() if not name.startswith(renewed)}
    for pattern in exclude or ():
        now[_EXCLUDE + pattern] = "on"
        if not (pattern.isprintable() and pattern.strip("/ ") and pattern == pattern.strip()):
            raise refused("option", f"{pattern!r} is no pattern of names to leave out")
    for name, value in chosen.items():
        if value is not None:
            now[name] = ("off", "on")[value] if isinstance(value, bool) else value
            if now[name] not in _CHOICES[name]:
                hint = f"there are {', '.join(_CHOICES[name])}"
                raise refused("option", f"there is no {name[2:]} {value!r}", hint=hint)
    for url, path in (maps or {}).items():
        try:
            relative = os.path.relpath(path, folder)
        except ValueError:  # on another drive of Windows
            relative = os.path.abspath(path)
        now[_MAP + url] = Path(relative).as_posix()
        if "=" in url or not f"{url}{relative}".isprintable():
            raise refused("option", "this map cannot be recorded", f"{url}={path}")
    is_first = not os.path.lexists(folder / "__init__.py")
    changes = (
        f"options: {name} was {was.get(name, 'not there')}, is {now.get(name, 'not there')}"
        for name in sorted({*was, *now})
        if was.get(name) != now.get(name)
    )
    return now, () if is_first else tuple(changes)


def _recorded(folder: Path) -> Options:
    place = folder / OPTIONS
    options: dict[str, str] = {}
    problems: list[Problem] = []
    try:
        text = place.read_text("utf-8", errors="replace") if os.path.isfile(place) else ""
    except OSError as error:
        raise GenerationError([failed("read", place.as_posix(), error)]) from None
    for number, line in enumerate(text.split("\n"), 1):
        is_map, is_pattern = line.startswith(_MAP), line.startswith(_EXCLUDE)
        name, _, value = (line, "", "") if is_pattern else line.partition("=" if is_map else " ")
        is_known = bool(value) if is_map else (value or "on") in _CHOICES.get(name, ())
        is_known |= is_pattern and bool(line[len(_EXCLUDE) :].strip("/ "))
        if line.startswith(("<<<<<<<", "=======", ">>>>>>>")):
            message = "git left the options of two branches here"
            hint = "keep the options that shall hold, and delete the lines that git put in"
            problem = Problem(message, place.as_posix(), number, hint=hint, code="option")
            raise GenerationError([problem])
        if is_known and name not in options:
            options[name] = value or "on"
        elif line and not line.startswith("#"):
            message = f"{line!r} is {'given twice' if is_known else 'no option of a package'}"
            hint, where = "delete this line", (place.as_posix(), number)
            problems.append(Problem(message, *where, hint=hint, code="option"))
    if problems:
        raise GenerationError(problems)
    return {**DEFAULTS, **options}
