"""Settings by variables of the environment or by code: one table of what is known of each."""

from __future__ import annotations

import math
import os
from dataclasses import dataclass, field, fields
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple, cast

if TYPE_CHECKING:
    from collections.abc import Callable

    from typing_extensions import Self


class Setting(NamedTuple):
    """What is known of a setting beside its name and default.

    Attributes:
        variable: of the environment.
        unit: what its number counts; empty where it is a path.
        says: what it sets.
        least: the smallest value.
        most: the largest value.
    """

    variable: str
    unit: str
    says: str
    least: float = 0
    most: float = math.inf


def setting(default: object, *facts: Any) -> Any:
    """A field of a class of settings: its default, and what `Setting` has."""
    return field(default=default, metadata={"setting": Setting(*facts)})


@dataclass(frozen=True, kw_only=True)
class FromEnvironment:
    """The base of such settings.

    Raises:
        ValueError: a value is none of its kind, or out of its range.
    """

    def __post_init__(self) -> None:
        for name, (default, known) in _table_of(type(self)).items():
            _require(getattr(self, name), default, name, known)

    @classmethod
    def table(cls) -> dict[str, Setting]:
        """Of each name what is known of it."""
        return {name: known for name, (_, known) in _table_of(cls).items()}

    @classmethod
    def from_environment(cls) -> Self:
        """The settings that the environment gives; a value that is none is told and left out."""
        texts = tuple(os.environ.get(known.variable, "") for known in cls.table().values())
        given: Self = _parsed(cast("Any", cls), texts)
        return given


def _table_of(cls: type[FromEnvironment]) -> dict[str, tuple[Any, Setting]]:
    return {each.name: (each.default, each.metadata["setting"]) for each in fields(cls)}


def _require(value: Any, default: object, name: str, known: Setting) -> None:
    if not known.unit:
        if not (value is None or isinstance(value, str)):
            raise ValueError(f"{name} must be the path of a folder, not {value!r}")
        return
    kinds = (int,) if isinstance(default, int) else (int, float)
    is_number = isinstance(value, kinds) and not isinstance(value, bool)
    if not (is_number and known.least <= value <= known.most):
        raise ValueError(f"{name} must be {_range(default, known)}, not {value!r}")


def _range(default: object, known: Setting) -> str:
    kind = "a whole number" if isinstance(default, int) else "a number"
    most = "" if math.isinf(known.most) else f" to {known.most:g}"
    return f"{kind} ({known.unit}) from {known.least:g}{most}"


@lru_cache(maxsize=8)  # So that what is wrong is told once.
def _parsed(cls: Callable[..., Any], texts: tuple[str, ...]) -> Any:
    found: dict[str, Any] = {}
    for (name, (default, known)), text in zip(
        _table_of(cast("Any", cls)).items(), texts, strict=True
    ):
        if not text:
            continue
        value: object = text
        try:
            if known.unit:
                value = int(text) if isinstance(default, int) else float(text)
        except ValueError:
            pass
        try:
            _require(value, default, known.variable, known)
        except ValueError as error:
            import logging

            logging.getLogger(__name__).warning("%s: it is taken for %s", error, default)
        else:
            found[name] = value
    return cls(**found)
