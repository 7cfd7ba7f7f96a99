"""Properties of a job whose names a subclass may use for something of its own."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    overridable = property
else:

    class overridable:
        """A property that assigning an attribute of its name hides, instead of being an error."""

        def __init__(self, get: Callable[[object], object]) -> None:
            self._get = get
            self.__doc__ = get.__doc__

        def __get__(self, owner: object, cls: type) -> object:
            return self if owner is None else self._get(owner)
