"""Old names in configs: put right before anything else looks, with a word to whoever gave them."""

from __future__ import annotations

from ..settings import Problem, Settings, path_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..compiled import Renames


def rename(cls: type[Settings], config: Any, source: str = "") -> list[Problem]:
    """Give the values of old keys in `config`, plain JSON that is changed, their new keys.

    What was renamed is one record on the logger `brevettiai.utils.module` and one
    `DeprecationWarning`. `source` is where the config came from, "" where that needs no word.

    Returns:
        The problems: objects that have both the old and the new key.
    """
    apply = cls.__brevetti__.rename
    if apply is None:
        return []
    found: Renames = []
    apply(config, (), found)
    renamed = [
        f"{path_text((*at, old))} (now {path_text((new,))})"
        for at, old, new, both in found
        if not both
    ]
    if renamed:
        _warn(cls, f"Renamed config keys: {', '.join(renamed)}" + (source and f", from {source}"))
    return [
        Problem((*at, old), f"is the old name of {new!r}, which is given too", source=source)
        for at, old, new, both in found
        if both
    ]


def _warn(cls: type[Settings], message: str) -> None:
    import logging
    import warnings

    logging.getLogger("brevettiai.utils.module").warning("%s", message)
    warnings.warn(message, DeprecationWarning, stacklevel=caller_level(cls))


def caller_level(cls: type[Settings]) -> int:
    """The `stacklevel` at which a warning of the caller points to the code that uses `cls`."""
    import inspect

    ours = {base.__module__ for base in cls.__mro__ if "__brevetti__" in vars(base)}
    here = inspect.currentframe()
    frame, level = here.f_back if here is not None else None, 1
    while frame is not None and frame.f_back is not None:
        name = str(frame.f_globals.get("__name__"))
        if name not in ours and name.partition(".")[0] != "brevettiai":
            break
        frame, level = frame.f_back, level + 1
    return level
