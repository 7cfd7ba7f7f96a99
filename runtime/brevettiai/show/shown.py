"""What people see of settings: texts without secrets."""

from __future__ import annotations

from typing import Any

from ..json_values import UNSET, is_array, is_object, is_settings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..settings import Settings


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
    if is_settings(value) and is_object(config):
        without_secrets(value, config)
    elif is_array(value) and is_array(config):
        for item, inner in zip(value, config, strict=False):
            _conceal(item, inner)
    elif is_object(value) and is_object(config):
        for key, item in value.items():
            _conceal(item, config.get(key))


def repr_of(settings: Settings) -> str:
    """`Training(epochs=10, augmentation=Augmentation(angle=10.0))`, secrets masked."""
    try:
        parts = [f"{name}={value!r}" for name, value in shown_attributes(settings)]
    except RecursionError:
        # Who prints an object wants to see something, at least its class.
        return f"<{type(settings).__name__} that is nested too deeply>"
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
