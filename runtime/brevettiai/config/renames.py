"""Old names in configs: put right before anything else looks, with a word to whoever gave them."""

from __future__ import annotations

from ..errors import Problem, path_text
from .notices import warn_of_change

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..compiled import Renames
    from ..settings import Settings


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
        warn_of_change(
            cls, f"Renamed config keys: {', '.join(renamed)}" + (source and f", from {source}")
        )
    return [
        Problem((*at, old), f"is the old name of {new!r}, which is given too", source=source)
        for at, old, new, both in found
        if both
    ]
