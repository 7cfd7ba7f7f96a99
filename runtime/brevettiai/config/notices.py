"""What is worth a word to whoever gave a config that loads: unknown, deprecated, renamed keys."""

from __future__ import annotations

from ..errors import Problem, path_text
from ..json_values import is_array, is_object
from ..messages.secrets import path_shown, secrets_of
from ..messages.words import near_match

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..compiled import Notes, Path
    from ..settings import Settings

#: The logger that the platform's library has for this.
LOGGER = "brevettiai.utils.module"
#: By this key a config names its schema to editors. It is kept like other unknown ones.
OF_EDITORS = ("$schema",)


def warn(cls: type[Settings], config: Any, notes: Notes) -> None:
    """Log what a load noticed: unknown keys in one record, then deprecated ones in one."""
    is_deep = any(owner is not config for owner, _, _ in notes)
    places = _places(config) if is_deep else {id(config): ()}
    unknown: list[tuple[str, str, tuple[str, ...]]] = []
    deprecated: list[str] = []
    secrets = secrets_of(cls.__brevetti__)
    for owner, key, why in notes:
        path = path_shown((*places.get(id(owner), ()), key), secrets)
        text = path_text(path)
        if isinstance(why, str) and why.startswith("deprecated"):
            said = why.partition(": ")[2]
            deprecated.append(f"{text} ({said})" if said else text)
        elif path != OF_EDITORS:
            known = why if isinstance(why, tuple) and path[-1] == key else ()
            unknown.append((text, key, known))
    if unknown:
        warn_of_unknown(UnknownKeys(unknown))
    if deprecated:
        warn_of_change(cls, f"Deprecated config keys: {', '.join(deprecated)}")


def rename(cls: type[Settings], config: Any, source: str = "") -> list[Problem]:
    """Make of `config`, plain JSON of any version that is changed, one of today.

    What was changed is a record on the logger `brevettiai.utils.module` and a
    `DeprecationWarning` for each kind of change. `source` is where the config came from, "" where
    that needs no word.

    Returns:
        The problems: objects that have both the old and the new key; or that it is of a later
        version, and nothing else.
    """
    if cls.__brevetti__.rename is None:
        return []
    from .changes import changes_in, problems_of, words_of

    changes = changes_in(cls, config)
    secrets = secrets_of(cls.__brevetti__)
    later = [change for change in changes if change.kind == "version" and change.both]
    if later:
        return problems_of(later, secrets, source)
    for text in words_of(changes, secrets):
        warn_of_change(cls, text + (source and f", from {source}"))
    return problems_of(changes, secrets, source)


def warn_of_unknown(keys: object) -> None:
    """Log that keys are unknown; `str(keys)` names them, and is asked only where it is written."""
    import logging

    logging.getLogger(LOGGER).warning("Invalid config keys: %s", keys)


def warn_of_change(cls: type[Settings], message: str) -> None:
    """Log and warn that a config of `cls` is written as it should not be any more."""
    import logging
    import warnings

    logging.getLogger(LOGGER).warning("%s", message)
    warnings.warn(message, DeprecationWarning, stacklevel=_caller_level(cls))


def _caller_level(cls: type[Settings]) -> int:
    """The `stacklevel` at which a warning of the caller points to the code that uses `cls`."""
    import inspect

    halves = [vars(base)["__declared__"][0] for base in cls.__mro__ if "__declared__" in vars(base)]
    ours = {name for half in halves for name in (half.name, f"{half.machine}.objects")}
    here = inspect.currentframe()
    frame, level = here.f_back if here is not None else None, 1
    while frame is not None and frame.f_back is not None:
        known = frame.f_globals.get("__spec__")  # of a module that runs as the program, its name
        name = str(getattr(known, "name", None) or frame.f_globals.get("__name__"))
        if name not in ours and name.partition(".")[0] != "brevettiai":
            break
        frame, level = frame.f_back, level + 1
    return level


class UnknownKeys:
    """The text of a record. Looking for near matches takes many times what a load takes, so that
    it happens only where somebody writes the record down."""

    __slots__ = ("_found",)

    def __init__(self, found: list[tuple[str, str, tuple[str, ...]]]) -> None:
        self._found = found

    def __str__(self) -> str:
        return ", ".join(
            text + near_match(key, known, turn)
            for turn, (text, key, known) in enumerate(self._found)
        )

    __repr__ = __str__


def _places(config: Any) -> dict[int, Path]:
    """The path of every object in `config`, by identity."""
    found: dict[int, Path] = {}
    stack: list[tuple[Any, Path]] = [(config, ())]
    while stack:
        value, at = stack.pop()
        if is_object(value):
            found.setdefault(id(value), at)
            stack += [(item, (*at, key)) for key, item in value.items()]
        elif is_array(value):
            stack += [(item, (*at, index)) for index, item in enumerate(value)]
    return found
