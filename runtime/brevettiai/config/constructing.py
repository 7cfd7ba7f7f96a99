"""What the constructors of generated classes call where arguments need care.

Generated code finds these in `brevettiai.settings`.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..settings import Settings


def construct(settings: Settings, /, **given: Any) -> None:
    """Make of `settings` a whole object, whose attributes hold the arguments of its constructor.

    `given` are arguments that the attributes do not hold any more.

    Raises:
        SettingsError: the arguments do not fit the schema.
    """
    from .loading import construct as construct_carefully

    construct_carefully(settings, {**settings.__dict__, **given})


def construct_given(settings: Settings, /, **given: Any) -> None:
    """The constructor of classes whose schema says more than their properties.

    Raises:
        SettingsError: the arguments do not fit the schema.
        TypeError: one is missing, or is none of the attributes.
    """
    from .loading import arguments_of
    from .loading import construct as construct_carefully

    construct_carefully(settings, arguments_of(type(settings), given))
