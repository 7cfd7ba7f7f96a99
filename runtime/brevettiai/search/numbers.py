"""From the limits of a setting, and what was asked within them, to the numbers that it takes."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import reduce
from typing import Any, NamedTuple

from ..json_values import is_object
from ..messages.values import bounds
from ..messages.words import demand
from .asked import Range
from .space import Numbers, Path

_MOST_STEPS = 2**53
"""How many steps from 0 floats tell neighbors apart, with which proposals are made."""
_BEYOND: Mapping[str, Callable[[Any, Any], bool]] = {
    "minimum": operator.lt,
    "maximum": operator.gt,
    "exclusiveMinimum": operator.le,
    "exclusiveMaximum": operator.ge,
}


class CannotVary(ValueError):
    """Why a setting cannot vary as asked; `str()` says it, and what would help."""


class Wanted(NamedTuple):
    """How a setting is to vary: what was typed, over what its schema says under `x-search`."""

    low: float | None = None
    high: float | None = None
    step: float | None = None
    log: bool = False


def wanted(search: bool | Mapping[str, Any] | None, typed: Range | None = None) -> Wanted:
    """What the schema, as `known_search` has it, and a typed range say together.

    A typed range takes the place of that of the schema, but for the scale.
    """
    says = search if is_object(search) else {}
    log = says.get("scale") == "log"
    if typed is None:
        low, high = says.get("range", (None, None))
        return Wanted(low, high, says.get("step"), log)
    if typed.low is None and typed.high is None:
        typed = typed._replace(**dict(zip(("low", "high"), says.get("range", ()), strict=False)))
    # Who types steps, or a range from 0 on, does not mean the schema's scale.
    keeps = log and typed.step is None and (typed.low is None or typed.low > 0)
    return Wanted(typed.low, typed.high, typed.step, typed.log or keeps)


def numbers(
    name: str, path: Path, limits: Mapping[str, Any], want: Wanted, *, integer: bool
) -> Numbers:
    """The numbers that a setting takes.

    Args:
        limits: those of its schema, by keyword.

    Raises:
        CannotVary: a limit is missing, or what is wanted goes beyond them.
    """
    _refuse_beyond(limits, want)
    natural, unit = _units(limits, want, integer=integer)
    (least, above), (most, below) = bounds(limits)
    low = want.low if want.low is not None else least
    high = want.high if want.high is not None else most
    above, below = above and want.low is None, below and want.high is None
    if low is None or high is None:
        raise CannotVary(_missing(name, low, high))
    if want.log and (low < 0 or (low == 0 and not (integer and above))):
        rest = "…" if high is None else f"{high}"
        raise CannotVary(f"takes a lower limit above 0 for log, as in {name}=1e-5..{rest}:log")
    ends = f"{low} and {high}" + (f"; write {name}={high}..{low}" if low > high else "")
    if unit is None:
        low, high = _number(low), _number(high)
        low = math.nextafter(low, math.inf) if above else low
        high = math.nextafter(high, -math.inf) if below else high
        step = None
    else:
        first, last = _on_grid(_exact(low), _exact(high), natural, unit, above=above, below=below)
        low, high = _plain(first, integer=integer), _plain(last, integer=integer)
        step = None if integer and unit == 1 else _plain(unit, integer=integer)
    if low > high:
        raise CannotVary(f"has no value between {ends}")
    is_exact = unit is None or max(abs(low), abs(high)) <= _MOST_STEPS * unit
    if not (is_exact and math.isfinite(float(high) - float(low))):
        raise CannotVary(f"has limits too far apart; give a range, as in {name}=0..100")
    if want.log and step is not None:
        raise CannotVary(
            f"takes multiples of {step} only, which do not go with log; "
            f"give choices, as in {name}={low},{high}"
        )
    return Numbers(name, path, low, high, integer, step, want.log)


def _refuse_beyond(limits: Mapping[str, Any], want: Wanted) -> None:
    for value in (want.low, want.high):
        for keyword, is_beyond in _BEYOND.items() if value is not None else ():
            if keyword in limits and is_beyond(value, limits[keyword]):
                raise CannotVary(f"must {demand(keyword, limits[keyword])}, not {value}")


def _units(
    limits: Mapping[str, Any], want: Wanted, *, integer: bool
) -> tuple[Fraction | None, Fraction | None]:
    """What all values are multiples of by the schema, and the step between them; None for none."""
    multiple = limits.get("multipleOf")
    natural = Fraction(1) if integer else None
    if multiple is not None:
        exact = _exact(multiple)
        natural = exact if natural is None else _common(natural, exact)
    if want.step is None:
        return natural, natural
    step = _exact(want.step)
    if natural is not None and step % natural:
        what = "an integer" if multiple is None else f"a multiple of {natural}"
        raise CannotVary(f"takes {what} for a step, not {want.step}")
    return natural, step


def _on_grid(
    low: Fraction,
    high: Fraction,
    natural: Fraction | None,
    step: Fraction,
    *,
    above: bool,
    below: bool,
) -> tuple[Fraction, Fraction]:
    """The first and the last value within limits, which may be excluded."""
    first = low if natural is None else low + (-low) % natural
    if above and first == low:
        first += natural or step
    last = high - (high - first) % step
    if below and last == high:
        last -= step
    return first, last


def round_step(found: Numbers) -> float:
    """A step of a round number that makes some ten of the values between two limits."""
    return float(10 ** math.floor(math.log10((found.high - found.low) / 5 or 1)))


def _missing(name: str, low: float | None, high: float | None) -> str:
    if low is None and high is None:
        return f"has no limits in its schema; give them, as in {name}=0..100"
    which, example = ("lower", f"0..{high}") if low is None else ("upper", f"{low}..100")
    return f"has no {which} limit in its schema; give it, as in {name}={example}"


def common_multiple(steps: Sequence[float]) -> float:
    """The least number above 0 that is a multiple of all, as their decimal notations say.

    >>> common_multiple([4, 6]), common_multiple([0.1, 0.25])
    (12, 0.5)
    """
    common = reduce(_common, map(_exact, steps))
    return int(common) if common.denominator == 1 else _number(common)


def _common(a: Fraction, b: Fraction) -> Fraction:
    numerator = math.lcm(a.numerator * b.denominator, b.numerator * a.denominator)
    return Fraction(numerator, a.denominator * b.denominator)


def _exact(value: float) -> Fraction:
    """A number as its decimal notation says."""
    return Fraction(value if type(value) is int else str(value))


def _plain(value: Fraction, *, integer: bool) -> float:
    return int(value) if integer else _number(value)


def _number(value: float | Fraction) -> float:
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf
