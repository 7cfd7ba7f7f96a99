"""What generated code calls. Frozen within a major version of the distribution.

A module that `brevetti-gen` wrote once imports these names from every later runtime of the same
major version, so nothing here changes its meaning or goes away.
"""

from __future__ import annotations

from .classes import Compiled as Compiled
from .classes import Field as Field
from .classes import Properties as Properties
from .classes import config_of as config_of
from .classes import full_config_of as full_config_of
from .classes import unknown_keys as unknown_keys
from .halves import LEVEL as LEVEL
from .halves import MEND, absolute, bound_machine
from .halves import Half as Half
from .halves import Machine as Machine
from .halves import field as field
from .halves import settings_class as settings_class
from .json_values import NotJSON as NotJSON
from .json_values import all_unique as all_unique
from .json_values import changing as _changing
from .json_values import class_of as class_of
from .json_values import copy_json as copy_json
from .json_values import is_multiple as is_multiple
from .json_values import is_one_of as is_one_of
from .json_values import json_equal as json_equal
from .json_values import keep_verdicts as keep_verdicts
from .json_values import no_marks as no_marks
from .json_values import once as once
from .json_values import refuse_strays
from .json_values import whole as whole

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TypeAlias

    from .json_values import Marks as Marks
    from .messages.findings import Path as Path
    from .messages.tables import Rows as Rows
    from .settings import Settings

    #: What was renamed: the path of the object, the old key, the new one, whether both were given;
    #: or a `config.growing.Change`.
    Renames: TypeAlias = list[tuple[Any, ...]]
    #: What a load noticed: the object, one of its keys, and why that is worth a word: a reason, or
    #: for an unknown key the keys that are known there.
    Notes: TypeAlias = list[tuple[dict[str, Any], str, str | tuple[str, ...]]]


new = object.__new__
null_class = type(None)


class Pattern:
    """A regular expression that is compiled when it is first searched for.

    `source` is the ECMA-262 text of the schema, for messages; `pattern` its Python translation;
    `longest` how long texts are at most for which it is told that they do not match.
    """

    __slots__ = ("longest", "pattern", "search", "source")

    def __init__(self, source: str, pattern: str, longest: float = float("inf")) -> None:
        self.source = source
        self.pattern = pattern
        self.longest = longest
        self.search: Callable[[str], object] = self._search_first

    def _search_first(self, text: str) -> object:
        import re

        self.search = re.compile(self.pattern).search
        return self.search(text)


class later:
    """Another module of the same package, which is imported when something of it is used first.

    Its parts, such as `objects`, are those of its machine.

    Arguments:
        package: the `__package__` of the module that asks.
        name: the relative name of the other one, as in an `import`.
    """

    def __init__(self, package: str | None, name: str) -> None:
        self.__package = package or ""
        self.__name = name
        self.__module: Any = None

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        module = self.module()
        holder = module if hasattr(module, name) else module.machine
        if not hasattr(holder, name):
            message = f"{module.__name__} lacks {name}, which {self.__package} calls: {MEND}"
            raise ImportError(message, name=module.__name__)
        value = self.__dict__[name] = getattr(holder, name)
        return value

    def module(self) -> Any:
        """The other module itself, the same one from then on."""
        if self.__module is None:
            name = absolute(self.__name, self.__package)
            self.__module = bound_machine(name, self.__package)
        return self.__module


def matches_format(value: str, name: str, draft: str) -> bool:
    """Whether the text `value` has the format `name` of `draft`; what the draft lacks fits."""
    from .formats import check_of

    check = check_of(name, draft)
    return check is None or check(value)


def is_text_of(name: str, value: str) -> bool:
    """Whether a text stands for an object of the type of Python that a schema calls `name`."""
    from .formats.python_types import can_read

    return can_read(name, value)


def of_text(name: str, value: str) -> Any:
    """The object of such a type that a text, which fits, stands for."""
    from .formats.python_types import read

    return read(name, value)


def holds(value: Any, check: Callable[[Any], bool]) -> bool:
    """Whether the config of an attribute's value is JSON that `check` accepts."""
    try:
        return check(copy_json(config_of(value)))
    except (AttributeError, RecursionError, TypeError, ValueError):
        return False


def give(
    settings: Settings, config: dict[str, Any], fills: dict[str, Any], names: tuple[str, ...] = ()
) -> dict[str, Any]:
    """Give `settings` what `config` says over `fills`, under other `names` perhaps; all of it."""
    values = {**fills, **config}
    for key, name in zip(fills, names or fills, strict=True):
        setattr(settings, name, values[key])
    return values


def copy_list(value: list[Any], notes: Notes) -> list[Any]:
    """A copy of a list of scalars."""
    return [*value]


def copy_value(value: Any, notes: Notes) -> Any:
    """A copy of any JSON value."""
    return copy_json(value)


def whole_number(value: Any, notes: Notes) -> Any:
    """As `whole`."""
    return whole(value)


def load_object(cls: type[Settings], config: Any, notes: Notes) -> Any:
    """An object of `cls` from a config that fits."""
    return cls.__brevetti__.fill(config, new(cls), notes)


def without_others(
    attributes: dict[str, Any], known: dict[str, Any], settings: Settings
) -> dict[str, Any]:
    """The `known` ones of the attributes of `settings`, in their order.

    Raises:
        AttributeError: another one is no setting.
        KeyError: one was deleted.
    """
    refuse_strays(settings, known)
    return {name: attributes[name] for name in known}


class _Trial(list["tuple[Any, ...]"]):
    """What the renames of an alternative changed, and the containers as they were before."""

    def __init__(self) -> None:
        super().__init__()
        self.before: list[tuple[Any, Any]] = []

    def undo(self) -> None:
        """Make all of them what they were."""
        for container, before in reversed(self.before):
            _changing(container, None)
            if class_of(container) is list:
                container[:] = before
            else:
                container.clear()
                container.update(before)


def rename_key(config: dict[str, Any], old: str, new: str, at: Path, out: Renames) -> None:
    """Give the value of the key `old` to the key `new`, if only the old one is there."""
    if old in config:
        _changing(config, out)
        value = config.pop(old)
        out.append((at, old, new, new in config))
        config.setdefault(new, value)


def rename_first(
    value: dict[str, Any],
    at: Path,
    out: Renames,
    branches: tuple[
        tuple[Callable[[Any, Path, Renames], None] | None, tuple[Callable[[Any], bool], ...]], ...
    ],
) -> None:
    """Rename in `value` as the first of `branches` says that `value` then fits."""
    keep_verdicts(_rename_first, value, at, out, branches)


def _rename_first(value: dict[str, Any], at: Path, out: Renames, branches: Any) -> None:
    for rename, checks in branches:
        found = _Trial()
        if rename is not None:
            rename(value, at, found)
        if all(check(value) for check in checks) and not any(both for *_, both in found):
            out += found
            if isinstance(out, _Trial):
                out.before += found.before
            return
        found.undo()
