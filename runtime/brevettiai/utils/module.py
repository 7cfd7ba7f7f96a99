"""`Module`: an object whose `__init__` says what is stored of it.

A module's *config* is the plain JSON value of its constructor arguments, read back from the
attributes of the same names. Reflection over `__init__` lives in `_parameters`, and loads at the
first use: importing this module stays cheap, and a subclass that overrides the methods below
with compiled ones never pays for it.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any, TypeGuard

    from typing_extensions import Self

__all__ = ["Module", "ModuleError", "is_dict", "is_list", "is_module", "plain"]

_ATOMS = frozenset({str, int, float, bool, type(None)})


class ModuleError(ValueError):
    """A value that does not fit a module: where it is, what is wrong, how to mend it.

    Args:
        problem: What is wrong, and how to mend it.
        path: The keys that lead to the value, from the outermost module on.
    """

    def __init__(self, problem: str, path: tuple[str, ...] = ()) -> None:
        super().__init__(problem, path)
        self.problem = problem
        self.path = path

    def __str__(self) -> str:
        return f"{'.'.join(self.path)}: {self.problem}" if self.path else self.problem

    def within(self, name: str) -> ModuleError:
        """The same error, as the module sees it that holds this one under `name`."""
        return type(self)(self.problem, (name, *self.path))


class Module:
    """Base class of objects that are stored as the arguments of their `__init__`.

    Subclasses keep each constructor argument in the attribute of the same name. They may
    override `get_config` and `from_config`; a module inside another one is always read and
    written by its own methods.
    """

    def get_config(self) -> dict[str, Any]:
        """The plain JSON value of this module, in fresh containers.

        Nested modules become their configs, tuples and sets become lists, numpy scalars and
        arrays become numbers and lists. Arguments without an attribute are left out.
        """
        from brevettiai.utils._parameters import parameters_of

        names = parameters_of(type(self))
        return {name: plain(getattr(self, name)) for name in names if hasattr(self, name)}

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> Self:
        """Make a module from a config, the inverse of `get_config`.

        Values are handed to `__init__` as they are (copied, not converted), except that the
        configs of nested modules become modules. Keys that `__init__` does not take go to its
        `**kwargs`, or else are reported by one warning on the logger of this module.

        Raises:
            ModuleError: If the config is no mapping, lacks an argument that has no default, or
                holds something else than a mapping where a module belongs.
        """
        from brevettiai.utils._parameters import bind

        arguments, keywords, unknown = bind(cls, config)
        if unknown:
            import logging

            log = logging.getLogger("brevettiai.utils.module")
            log.warning("Invalid config keys: %s", ", ".join(unknown))
        return cls(*arguments, **keywords)

    def copy(self) -> Self:
        """A new module from this one's config; nothing is shared."""
        return type(self).from_config(self.get_config())

    # Modules as fields of pydantic models: see `brevettiai._pydantic_schema`.

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> Any:
        if hasattr(cls, "__pydantic_decorators__"):  # A class of pydantic's own, too.
            return handler(source)
        from brevettiai.integrations.pydantic import core_schema_of

        return core_schema_of(cls)

    @classmethod
    def __get_pydantic_json_schema__(cls, core_schema: Any, handler: Any) -> dict[str, Any]:
        if hasattr(cls, "__pydantic_decorators__"):
            return dict(handler(core_schema))
        from brevettiai.integrations.pydantic import json_schema_of

        return json_schema_of(cls)


def is_module(cls: object) -> bool:
    """Whether `cls` is a class whose objects are stored by their own methods.

    That is a `Module`, or any class with both `from_config` and `get_config`.
    """
    bases = getattr(cls, "__mro__", ())
    own_protocol = callable(getattr(cls, "from_config", None)) and hasattr(cls, "get_config")
    return Module in bases or (bool(bases) and own_protocol)


def is_dict(value: object) -> TypeGuard[dict[Any, Any]]:
    """Whether `value` is a dict, of whatever."""
    return isinstance(value, dict)


def is_list(value: object) -> TypeGuard[list[Any]]:
    """Whether `value` is a list or a tuple, of whatever."""
    return isinstance(value, (list, tuple))


def plain(value: object) -> Any:
    """The JSON value of `value`: nested modules as configs, containers fresh.

    Sets become lists, sorted where their items can be compared, so that the same module gives
    the same bytes in every process. Objects that JSON has no word for stay as they are.
    """
    if type(value) in _ATOMS:
        return value
    if is_dict(value):
        return {key: plain(item) for key, item in value.items()}
    if is_list(value):
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
