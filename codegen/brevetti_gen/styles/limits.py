"""Ranges, sizes and patterns of values, as far as a type hint of another library can hold them."""

from __future__ import annotations

import math
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from ..json_values import is_number
from ..patterns import translate
from ..schema.nodes import Node
from .style import LIMITS

#: A keyword at the node that says it.
Occurrence = tuple[Node, str]


@dataclass(frozen=True)
class Limit:
    """A limit as the library takes it: `minimum: 3`, with the keywords that it stands for."""

    keyword: str
    value: Any
    said_by: tuple[Occurrence, ...]

    @property
    def word(self) -> str:
        """The name of the argument that it becomes: `ge`."""
        return next(words[self.keyword] for words in LIMITS.values() if self.keyword in words)


def limits_of(kind: str, applied: Iterable[Node], *, whole: bool, exact: bool) -> list[Limit]:
    """The limits that `applied` set to values of `kind`; of one keyword the tightest.

    `whole` says that only integers come. `exact` leaves out what a library cannot compare that
    computes with 64 bits and without tolerance.
    """
    found: dict[str, list[Limit]] = {}
    for node in applied:
        for keyword in LIMITS[kind]:
            limit = _limit(node, keyword, whole)
            if limit is not None and not (exact and _is_inexact(limit, whole)):
                found.setdefault(limit.keyword, []).append(limit)
    return [_tightest(limits) for limits in found.values()]


def _is_inexact(limit: Limit, whole: bool) -> bool:
    """Whether fixed numbers of bits cannot say a limit, or values would be refused wrongly."""
    if limit.keyword == "multipleOf":
        return not float(limit.value).is_integer() or abs(limit.value) >= 2**53
    return whole and limit.keyword in LIMITS["number"] and not -(2**63) <= limit.value < 2**63


def _limit(node: Node, keyword: str, whole: bool) -> Limit | None:
    value = node.keyword(keyword)
    said_by: tuple[Occurrence, ...] = ((node, keyword),)
    if isinstance(value, bool) or value is None:
        return None
    # No library has larger ones; a float and an integer of any length can be compared.
    most = sys.float_info.max if keyword in LIMITS["number"] else 2**63 - 1
    if is_number(value) and abs(value) > most:
        return None
    if keyword == "pattern":
        return Limit(keyword, translate(str(value)), said_by)
    strict = f"exclusive{keyword[0].upper()}{keyword[1:]}"
    if keyword in ("minimum", "maximum") and node.keyword(strict) is True:  # draft 4
        keyword, said_by = strict, (*said_by, (node, strict))
    if keyword not in LIMITS["number"]:
        return Limit(keyword, int(value), said_by)
    if whole and is_number(value) and not float(value).is_integer():
        if keyword == "multipleOf":
            return None
        is_low = keyword.endswith("inimum")
        keyword = "minimum" if is_low else "maximum"
        return Limit(keyword, math.ceil(value) if is_low else math.floor(value), said_by)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return Limit(keyword, value, said_by)


def _tightest(limits: list[Limit]) -> Limit:
    """The one of several limits of a keyword that implies the others, as far as it does."""
    keyword = limits[0].keyword
    values = {limit.value for limit in limits}
    if keyword in ("pattern", "multipleOf"):
        value = limits[0].value
        return Limit(keyword, value, _said_by(limit for limit in limits if limit.value == value))
    is_low = keyword.startswith(("min", "exclusiveMin"))
    value = max(values) if is_low else min(values)
    return Limit(keyword, value, _said_by(limits))


def _said_by(limits: Iterable[Limit]) -> tuple[Occurrence, ...]:
    return tuple(dict.fromkeys(each for limit in limits for each in limit.said_by))
