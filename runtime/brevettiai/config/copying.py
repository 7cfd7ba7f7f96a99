"""Deep copies of settings. Loaded when the first one is made."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from copy import deepcopy
from typing import Any, TypeVar

from ..compiled import new
from ..json_values import class_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..modules import SettingsObject

S = TypeVar("S", bound="SettingsObject")
_ABSENT = object()


def deep_copy(settings: S, memo: dict[int, Any], base: type[SettingsObject]) -> S:
    """What `copy.deepcopy` makes of `settings`, with less of the stack for each level.

    Args:
        base: the class whose `__deepcopy__` this is; who overrides that is asked.
    """
    cls = type(settings)
    copied: S = new(cls)
    memo[id(settings)] = copied
    attributes = copied.__dict__
    for name, value in settings.__dict__.items():
        attributes[name] = _copy(value, memo, base)
    for name in _slots(cls):
        value = getattr(settings, name, _ABSENT)
        if value is not _ABSENT:
            setattr(copied, name, _copy(value, memo, base))
    return copied


def _slots(cls: type[SettingsObject]) -> Iterator[str]:
    """The attributes of objects of `cls` that do not stand in their `__dict__`."""
    for base in cls.__mro__:
        slots: str | Iterable[str] = base.__dict__.get("__slots__", ())
        for name in (slots,) if isinstance(slots, str) else slots:
            is_mangled = name.startswith("__") and not name.endswith("__")
            if name not in ("__dict__", "__weakref__"):
                yield f"_{base.__name__.lstrip('_')}{name}" if is_mangled else name


def _copy(value: Any, memo: dict[int, Any], base: type[SettingsObject]) -> Any:
    kind = class_of(value)
    if kind is str or kind is int or kind is float or kind is bool or value is None:
        return value
    known = memo.get(id(value), _ABSENT)
    if known is not _ABSENT:
        return known
    if kind is list:
        items: list[Any] = []
        memo[id(value)] = items
        for item in value:
            items.append(_copy(item, memo, base))
        return items
    if kind is dict:
        members: dict[Any, Any] = {}
        memo[id(value)] = members
        for key, item in value.items():
            members[deepcopy(key, memo)] = _copy(item, memo, base)
        return members
    if isinstance(value, base) and type(value).__deepcopy__ is base.__deepcopy__:
        return deep_copy(value, memo, base)
    return deepcopy(value, memo)
