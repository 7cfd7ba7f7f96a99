"""JSON values in Python: what kind one is, anything as a plain one, and the value that is absent.

Below all concerns of the runtime and of the generator. Imports nothing.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any, Final, TypeGuard

    from .settings import Settings

_ATOMS = frozenset({str, int, float, bool, type(None)})


class Unset:
    """The type of `UNSET`: the value of an optional property that is absent and may be null."""

    __slots__ = ()
    __module__ = "brevettiai.settings"  # where people find it, pickles too

    def __new__(cls) -> Unset:
        return UNSET

    def __bool__(self) -> bool:
        return False

    def __repr__(self) -> str:
        return "UNSET"

    def __reduce__(self) -> str:
        return "UNSET"

    def __copy__(self) -> Unset:
        return self

    def __deepcopy__(self, memo: object) -> Unset:
        return self


#: Stands for an absent property where `None` would mean JSON null. Falsy, and only one exists.
UNSET: Final[Unset] = object.__new__(Unset)


def is_object(value: object) -> TypeGuard[dict[Any, Any]]:
    """Whether `value` is a JSON object."""
    return isinstance(value, dict)


def is_array(value: object) -> TypeGuard[list[Any]]:
    """Whether `value` is a JSON array, for which a tuple may stand."""
    return isinstance(value, (list, tuple))


def is_number(value: object) -> TypeGuard[float]:
    """Whether `value` is a JSON number, which `true` and `false` are not."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def is_mapping(value: object) -> TypeGuard[Mapping[Any, Any]]:
    """Whether `value` is a dict or behaves as one."""
    if isinstance(value, dict):
        return True
    from collections.abc import Mapping

    return isinstance(value, Mapping)


def is_settings(value: object) -> TypeGuard[Settings]:
    """Whether `value` is an object of a generated class."""
    return hasattr(type(value), "__brevetti__")


def is_module(cls: object) -> bool:
    """Whether `cls` is a class whose objects are stored by their own methods.

    That is a `Module`, or any class with both `from_config` and `get_config`.
    """
    return (
        bool(getattr(cls, "__mro__", ()))
        and callable(getattr(cls, "from_config", None))
        and hasattr(cls, "get_config")
    )


def plain(value: object) -> Any:
    """The JSON value of `value`: nested modules as configs, containers fresh.

    Sets become lists, sorted where their items can be compared, so that the same module gives
    the same bytes in every process. Objects that JSON has no word for stay as they are.
    """
    if type(value) in _ATOMS:
        return value
    if is_object(value):
        return {key: plain(item) for key, item in value.items()}
    if is_array(value):
        return [plain(item) for item in value]
    if _is_set(value):
        return _sorted_list(value)
    if is_module(type(value)):
        return _method(value, "get_config")()
    if hasattr(value, "dtype"):  # an array or scalar of numpy, torch, tensorflow, ...
        array = value if hasattr(value, "tolist") else getattr(value, "numpy", object)()
        return _method(array, "tolist")() if hasattr(array, "tolist") else value
    return value


def _is_set(value: object) -> TypeGuard[set[Any] | frozenset[Any]]:
    return isinstance(value, (set, frozenset))


def _method(value: object, name: str) -> Any:
    return getattr(value, name)


def _sorted_list(items: set[Any] | frozenset[Any]) -> list[Any]:
    try:
        return [plain(item) for item in sorted(items)]
    except TypeError:  # no order between them, as between text and numbers
        return [plain(item) for item in sorted(items, key=repr)]
