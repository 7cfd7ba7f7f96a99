"""What people see of settings: texts without secrets."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..json_values import class_of, is_absent, strays
from ..messages.secrets import MASK, NONE, Secrets, masked, secrets_of


def repr_of(settings: Any, secrets: Secrets = NONE) -> str:
    """`Training(epochs=10, augmentation=Augmentation(angle=10.0))`, secrets masked."""
    try:
        parts = [f"{name}={value!r}" for name, value in shown_attributes(settings, secrets)]
    except (RecursionError, ValueError) as error:
        # Who prints an object wants to see something, at least its class.
        is_deep = isinstance(error, RecursionError)
        why = "is nested too deeply" if is_deep else "holds a very large number"
        return f"<{type(settings).__name__} that {why}>"
    return f"{type(settings).__name__}({', '.join(parts)})"


class _Masked:
    """Stands for a secret."""

    def __repr__(self) -> str:
        return MASK


_MASKED = _Masked()


class Shown:
    """Stands for settings of which the schema around them says that some are secrets."""

    def __init__(self, settings: Any, secrets: Secrets) -> None:
        self.settings = settings
        self.secrets = secrets

    def __repr__(self) -> str:
        return repr_of(self.settings, self.secrets)

    def __rich_repr__(self) -> Iterator[tuple[str, object]]:
        return shown_attributes(self.settings, self.secrets)


def shown_as(settings: Any, secrets: Secrets) -> Shown:
    """`Shown` settings, under the name of their class."""
    shown: type[Shown] = type(class_of(settings).__name__, (Shown,), {})
    return shown(settings, secrets)


def shown_attributes(settings: Any, secrets: Secrets = NONE) -> Iterator[tuple[str, object]]:
    """The attributes that are present, secrets masked; those that are no settings; and `extra`.

    What stands for absence is shown only where leaving it out would mean something else.

    Args:
        secrets: what is said besides by the schemas around the settings.
    """
    held = settings.__dict__
    secrets = secrets | secrets_of(settings.__brevetti__)
    fields = {field.attribute: field for field in settings.__brevetti__.fields()}
    for name, field in fields.items():
        if name in held:
            value = held[name]
            if field.required or field.filled or not is_absent(value, field.kinds):
                yield name, masked(value, secrets.at(field.key), _MASKED, shown_as)
    # The name of a secret may be misspelled too.
    for name in strays(settings, fields):
        yield name, _MASKED if secrets else held[name]
    if extra := settings.__extra__:
        shown = {k: masked(each, secrets.at(k), _MASKED, shown_as) for k, each in extra.items()}
        yield "extra", shown
