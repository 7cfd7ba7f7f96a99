"""What people see of settings: warnings, and texts without secrets."""

from __future__ import annotations

from typing import Any

from ..config.renames import caller_level
from ..messages.words import did_you_mean
from ..settings import UNSET, Settings, path_text
from ..utils.module import is_dict, is_list

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..compiled import Notes, Path


def warn(cls: type[Settings], config: Any, notes: Notes) -> None:
    """Log what a load noticed: unknown keys in one record, then deprecated ones in one."""
    import logging

    logger = logging.getLogger("brevettiai.utils.module")
    is_deep = any(owner is not config for owner, _, _ in notes)
    places = _places(config) if is_deep else {id(config): ()}
    unknown: list[tuple[str, str, tuple[str, ...]]] = []
    deprecated: list[str] = []
    for owner, key, why in notes:
        text = path_text((*places.get(id(owner), ()), key))
        if why == "deprecated":
            deprecated.append(text)
        else:
            unknown.append((text, key, why if isinstance(why, tuple) else ()))
    if unknown:
        logger.warning("Invalid config keys: %s", _UnknownKeys(unknown))
    if deprecated:
        import warnings

        message = f"Deprecated config keys: {', '.join(deprecated)}"
        logger.warning("%s", message)
        warnings.warn(message, DeprecationWarning, stacklevel=caller_level(cls))


class _UnknownKeys:
    """The text of a record. Looking for near matches takes many times what a load takes, so that
    it happens only where somebody writes the record down."""

    __slots__ = ("_found",)

    def __init__(self, found: list[tuple[str, str, tuple[str, ...]]]) -> None:
        self._found = found

    def __str__(self) -> str:
        return ", ".join(text + near_match(key, known) for text, key, known in self._found)

    __repr__ = __str__


def _places(config: Any) -> dict[int, Path]:
    """The path of every object in `config`, by identity."""
    found: dict[int, Path] = {}
    stack: list[tuple[Any, Path]] = [(config, ())]
    while stack:
        value, at = stack.pop()
        if is_dict(value):
            found.setdefault(id(value), at)
            stack += [(item, (*at, key)) for key, item in value.items()]
        elif is_list(value):
            stack += [(item, (*at, index)) for index, item in enumerate(value)]
    return found


def near_match(key: str, known: tuple[str, ...]) -> str:
    """` (did you mean 'angle'?)`, if one of the `known` keys looks like it."""
    guess = did_you_mean(key, known)
    return f" ({guess.removeprefix(', ')})" if guess else ""


def without_secrets(settings: Settings, config: dict[str, Any]) -> None:
    """Remove the secrets of `settings` from its `config`."""
    for field in settings.__brevetti__.fields():
        if field.key not in config:
            continue
        if field.secret:
            del config[field.key]
        else:
            _conceal(settings.__dict__.get(field.attribute), config[field.key])


def _conceal(value: Any, config: Any) -> None:
    if isinstance(value, Settings) and is_dict(config):
        without_secrets(value, config)
    elif is_list(value) and is_list(config):
        for item, inner in zip(value, config, strict=False):
            _conceal(item, inner)
    elif is_dict(value) and is_dict(config):
        for key, item in value.items():
            _conceal(item, config.get(key))


def repr_of(settings: Settings) -> str:
    """`Training(epochs=10, augmentation=Augmentation(angle=10.0))`, secrets masked."""
    parts = [f"{name}={value!r}" for name, value in shown_attributes(settings)]
    return f"{type(settings).__name__}({', '.join(parts)})"


class _Masked:
    """Stands for a secret."""

    def __repr__(self) -> str:
        return "***"


_MASKED = _Masked()


def shown_attributes(settings: Settings) -> Iterator[tuple[str, object]]:
    """The attributes that are present, secrets masked, and `extra`."""
    for field in settings.__brevetti__.fields():
        value = settings.__dict__.get(field.attribute, UNSET)
        if value is UNSET or (value is None and not field.required and field.default is None):
            continue
        yield field.attribute, _MASKED if field.secret else value
    if settings.__extra__:
        yield "extra", settings.__extra__
