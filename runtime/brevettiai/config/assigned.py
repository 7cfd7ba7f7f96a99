"""What was assigned to settings objects that is no setting, and what was deleted from them.

Attributes are plain, so that using them costs nothing: a misspelled one is found when the config is
asked for.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..errors import Problem, SettingsError, too_deep
from ..json_values import ATOMS, is_array, is_object, is_settings, strays
from ..messages.findings import Path
from ..messages.words import did_you_mean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..settings import Settings


def why_not_saved(settings: Settings, error: Exception) -> Exception:
    """What to raise where the config of `settings` ended in `error`."""
    try:
        problems = [*misassigned(settings)]
        if isinstance(error, RecursionError) and not problems:
            raise error
    except RecursionError:
        problems = [too_deep()]
    return SettingsError(problems, type(settings).__name__) if problems else error


def misassigned(value: Any, at: Path = ()) -> Iterator[Problem]:
    """The attributes in `value`, which lies `at`, that are no settings or were deleted."""
    if is_settings(value):
        yield from misassigned_to(value, at)
        for field in value.__brevetti__.fields():
            yield from misassigned(value.__dict__.get(field.attribute), (*at, field.key))
        yield from misassigned(value.__extra__, at)
    elif is_object(value) or is_array(value):
        for step, item in value.items() if is_object(value) else enumerate(value):
            if type(item) not in ATOMS:
                yield from misassigned(item, (*at, step))


def misassigned_to(settings: Settings, at: Path) -> Iterator[Problem]:
    """As `misassigned`, of the attributes of `settings` alone."""
    keys = {field.attribute: field.key for field in settings.__brevetti__.fields()}
    for name in strays(settings, keys):
        yield Problem((*at, name), f"is no setting{_mend(name, keys, type(settings))}")
    for attribute, key in keys.items():
        if attribute not in settings.__dict__:
            yield Problem((*at, key), "was deleted")


def _mend(name: str, keys: dict[str, str], cls: type) -> str:
    guess = did_you_mean(name, keys)
    if guess or "__declared__" in vars(cls):
        return guess
    return f"; what is {cls.__name__}'s own, its body or its __init__ names"
