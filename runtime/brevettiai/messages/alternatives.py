"""Why none of several alternatives fits, as one person would tell another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..json_values import is_object, is_one_of
from .words import either, shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .findings import Findings, Path

_MOST = 5
"""How many alternatives a sentence lists."""


def merge(into: Findings, at: Path, v: Any, outcomes: Sequence[Findings]) -> None:
    """Add to `into` what `outcomes`, one for each alternative, say of the value `v` at `at`.

    Where alternatives differ in what one value must be, its choices are told together; where they
    all ask for keys that are missing, these; else the problems of the closest one.
    """
    outcomes = [o for o in outcomes if not o.refuses_all(at)] or outcomes[:1]
    others = [outcome for outcome in outcomes if not outcome.is_of_wrong_kind(at)]
    if not others:
        kinds = [outcome.problems[0].expected.removeprefix("must be ") for outcome in outcomes]
        if "a number" in kinds:
            kinds = [kind for kind in kinds if not kind.startswith("a whole number")]
        if len(outcomes) > 1:
            into.add(
                at,
                f"must be {either(dict.fromkeys(kinds))}",
                v,
                family="kind",
                fits=lambda v: any(outcome.would_take(v) for outcome in outcomes),
            )
        else:
            into.take(outcomes[0])
        return
    if len(others) > 1 or others != outcomes:
        if _differ_in_a_value(into, at, v, outcomes, others):
            return
        if len(others) > 1 and (_lack_keys(into, at, v, others) or _single(into, at, v, others)):
            return
    into.take(min(outcomes, key=lambda outcome: outcome.distance(at)))


def _differ_in_a_value(
    into: Findings, at: Path, v: Any, outcomes: Sequence[Findings], others: Sequence[Findings]
) -> bool:
    """Tell the choices of a value, `v` itself or one in it, that is wrong for each alternative."""
    choices = [outcome.wrong_choices(at) for outcome in others]
    place = next((place for place in choices[0] if all(place in c for c in choices)), None)
    if place is None or (place != at and len(others) == 1):
        return False
    values: list[Any] = []
    for found in choices:
        values += [value for value in found[place] if not is_one_of(value, values)]
    if place != at:
        into.explain({"enum": values}, place, v[place[-1]])
        return True
    if len(others) > 1 and len(others) == len(outcomes):
        into.explain({"enum": values}, at, v)
        return True
    kinds = [o.problems[0].expected.removeprefix("must be ") for o in outcomes if o not in others]
    texts = [*map(shown, values), *kinds]
    if len(texts) > 2 * _MOST or into.secrets(at):
        return False
    into.add(at, f"must be {either(dict.fromkeys(texts))}", v)
    return True


def _lack_keys(into: Findings, at: Path, v: Any, outcomes: Sequence[Findings]) -> bool:
    """Tell the keys that every alternative misses; or which sets of keys would do."""
    if not is_object(v):
        return False
    missing = [outcome.missing_keys(at) for outcome in outcomes]
    common = [name for name in missing[0] if all(name in names for names in missing)]
    if common:
        into.explain({"required": common}, at, v)
        return True
    others = any(len(o.problems) > len(m) for o, m in zip(outcomes, missing, strict=True))
    if others or len(outcomes) > _MOST:
        return False
    groups = [" and ".join(map(repr, names)) for names in missing]
    noun = "keys" if any(len(names) > 1 for names in missing) else "key"
    into.add(at, f"must have the {noun} {either(dict.fromkeys(groups))}")
    return True


def _single(into: Findings, at: Path, v: Any, outcomes: Sequence[Findings]) -> bool:
    """Tell the one thing that each alternative asks of the value, if there is one in each."""
    texts: dict[str, None] = {}
    for outcome in outcomes:
        if len(outcome.problems) != 1 or outcome.problems[0].path != at:
            return False
        expected = outcome.problems[0].expected
        if not expected.startswith("must ") or expected.startswith("must not "):
            return False
        texts[expected.removeprefix("must ")] = None
    if len(texts) > _MOST:
        return False
    given = [v] if any(outcome.problems[0].given for outcome in outcomes) else []
    into.add(at, f"must {either(texts)}", *given)
    return True
