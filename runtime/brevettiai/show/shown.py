"""What people see of settings: texts without secrets."""

from __future__ import annotations

from typing import Any

from ..json_values import is_absent, is_array, is_object, is_settings, strays

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
    _conceal(settings.__extra__, config)


def _conceal(value: Any, config: Any) -> None:
    if is_settings(value) and is_object(config):
        without_secrets(value, config)
    elif is_array(value) and is_array(config):
        for item, inner in zip(value, config, strict=False):
            _conceal(item, inner)
    elif is_object(value) and is_object(config):
        for key, item in value.items():
            _conceal(item, config.get(key))


def repr_of(settings: Any) -> str:
    """`Training(epochs=10, augmentation=Augmentation(angle=10.0))`, secrets masked."""
    try:
        parts = [f"{name}={value!r}" for name, value in shown_attributes(settings)]
    except (RecursionError, ValueError) as error:
        # Who prints an object wants to see something, at least its class.
        is_deep = isinstance(error, RecursionError)
        why = "is nested too deeply" if is_deep else "holds a very large number"
        return f"<{type(settings).__name__} that {why}>"
    return f"{type(settings).__name__}({', '.join(parts)})"


class _Masked:
    """Stands for a secret."""

    def __repr__(self) -> str:
        return "***"


_MASKED = _Masked()


def shown_attributes(settings: Any) -> Iterator[tuple[str, object]]:
    """The attributes that are present, secrets masked; those that are no settings; and `extra`.

    What stands for absence is shown only where leaving it out would mean something else.
    """
    held = settings.__dict__
    fields = {field.attribute: field for field in settings.__brevetti__.fields()}
    for name, field in fields.items():
        if name in held:
            value = held[name]
            if field.required or field.filled or not is_absent(value, field.kinds):
                yield name, _MASKED if field.secret else value
    # The name of a secret may be misspelled too.
    has_secrets = any(field.secret for field in fields.values())
    for name in strays(settings, fields):
        yield name, _MASKED if has_secrets else held[name]
    if settings.__extra__:
        yield "extra", settings.__extra__
