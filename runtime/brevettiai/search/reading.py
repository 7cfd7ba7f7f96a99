"""From the rows of a settings class to the parameters of what is asked to vary."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

from ..cli.inside import Kind, kind_of, kinds_of, member
from ..cli.saying import say
from ..cli.words import VERSION, meant, write_json
from ..compiled import Field
from ..errors import Problem
from ..json_values import UNSET, is_object, is_one_of, lacks
from ..messages.secrets import secrets_of
from ..messages.words import exactly
from .alone import Judge
from .asked import ALL, Ask, Malformed
from .numbers import CannotVary
from .places import (
    Place,
    Reach,
    but_for,
    constants_in,
    has_tag,
    in_branch,
    is_made,
    kept_in,
    key_meant,
    label_of,
    parts_meant,
    told_apart,
    value_there,
    why_left_alone,
    why_misfit,
    why_never,
    why_unmade,
)
from .space import Choice, Choices, Parameter, Path
from .turns import Turns
from .values import can_be, choices_of, numbers_of, of_kind, typed_choices, typed_range

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..settings import Settings

_DEEPEST = 24
"""How many objects are opened inside one another."""
_MOST = 2000
"""How many are opened in all: a small schema can lead to one class by very many ways."""


class Reader:
    """Finds parameters.

    Attributes:
        problems: what is wrong with what was asked.
        left_out: what was reached and cannot vary, by name, with the reason.
        met: the words that led somewhere.
    """

    def __init__(self, schema: Callable[[], Any]) -> None:
        self.problems: list[Problem] = []
        self.left_out: dict[str, str] = {}
        self.met: set[str] = set()
        self._opened = 0
        # Most settings do not need them.
        self._turns = cache(lambda: Turns(schema()))

    def read(
        self, cls: type[Settings], base: Mapping[str, Any], judge: Judge, reach: Reach
    ) -> list[Parameter]:
        """The parameters of a class, whose values a judge judges."""
        place = Place((), "", base, judge, secrets_of(cls.__brevetti__))
        return self._of_class(cls, place, reach)

    # Objects

    def _of_class(self, cls: type[Settings], place: Place, reach: Reach) -> list[Parameter]:
        fields = [field for field in cls.__brevetti__.fields() if field.key != VERSION]
        if cls in place.above or len(place.above) > _DEEPEST or self._opened > _MOST:
            return []
        self._opened += 1
        if self._opened > _MOST:
            text = f"more than {_MOST:,} objects are reached; name what is to vary more closely"
            self.problems.append(Problem((), text))
            return []
        place = place._replace(alone=place.alone.of_class(cls), above=(*place.above, cls))
        asks: dict[str, list[Ask]] = {}
        whole = reach.whole
        for ask in reach.asks:
            if ask.steps == (ALL,):
                self._meet(ask)
                whole = True
                if ask.values is not None:
                    self._refuse(ask, place.path, "takes no range, which belongs to one setting")
                continue
            asks.setdefault(key_meant(fields, ask.steps[0]), []).append(ask.rest())
        found: list[Parameter] = []
        for field in fields:
            inner = Reach(tuple(asks.get(field.key, ())), whole, reach.hinted)
            if inner:
                there = value_there(field, place.there)
                found += self._of_field(field, place.at(field.key, there), inner)
        return found

    def _of_field(self, field: Field, place: Place, reach: Reach) -> list[Parameter]:
        own = [ask for ask in reach.asks if not ask.steps]
        for each in own:
            self._meet(each)
        for each in own[1:]:
            self._refuse(each, place.path, "is given twice")
        ask = own[0] if own else None
        reach = reach._replace(asks=tuple(each for each in reach.asks if each.steps))
        why = why_never(field, place)
        if why:
            for each in (*own, *reach.asks):
                self._meet(each)
                self._refuse(each, place.path, why)
            return [] if own or reach.asks else self._leave_out(place, why)
        if ask is not None and ask.values is not None:
            for other in reach.asks:
                self._meet(other)
                self._refuse(other, place.path, f"is a part of {place.name}, which varies as well")
            return self._asked(field, place, ask)
        hint = field.search
        if ask is None and reach.whole:
            why = why_left_alone(field)
            if why:
                self._leave_out(place, why)
                reach = reach._replace(whole=False)
        if reach.hinted and hint is False:
            reach = reach._replace(hinted=False)
        if ask is not None or reach.whole or (reach.hinted and hint is not None):
            return self._automatic(field, place, ask, reach._replace(whole=True))
        return self._inside(field, place, reach)

    def _inside(self, field: Field, place: Place, reach: Reach) -> list[Parameter]:
        """What is asked for inside the values of a setting."""
        if not reach:
            return []
        is_there = is_object(place.there)
        if not (reach.asks or is_there) and not is_made(field, place):
            return []
        kinds = kinds_of(field)
        found: list[Parameter] = []
        if len(kinds.kinds) == 1:
            found = self._of_class(kinds.kinds[0].cls, place, reach)
            misfit = "" if is_there else why_misfit(place.holding({}), kinds.kinds[0], found)
            if found and misfit:
                return self._cannot(reach.asks[0] if reach.asks else None, place, misfit)
        elif kinds.tag is not None:
            found = self._of_union(kinds.tag, kinds.kinds, place, reach)
        elif kinds.kinds:
            kind = kind_of(kinds, place.there)
            if kind is not None:
                found = self._of_class(kind.cls, place, reach)
        if not kinds.kinds and reach.asks:
            found = self._of_parts(field, place, reach.asks)
        return found

    def _of_parts(self, field: Field, place: Place, asks: Sequence[Ask]) -> list[Parameter]:
        """Of a list or a map."""
        by_step: dict[str | int, tuple[Field, list[Ask]]] = {}
        for ask in asks:
            for step, row in parts_meant(field, ask.steps[0], place.there):
                by_step.setdefault(step, (row, []))[1].append(ask.rest())
        found: list[Parameter] = []
        for step, (row, inner) in by_step.items():
            there = UNSET if lacks(place.there, step) else place.there[step]
            found += self._of_field(row, place.at(step, there), Reach(tuple(inner)))
        return found

    def _of_union(
        self, tag: str, kinds: Sequence[Kind], place: Place, reach: Reach
    ) -> list[Parameter]:
        """Of a union whose branches a discriminator tells apart."""
        rows = [{row.key: row for row in kind.cls.__brevetti__.fields()}[tag] for kind in kinds]
        chosen = [ask for ask in reach.asks if len(ask.steps) == 1 and meant(ask.steps[0], [tag])]
        others = [ask for ask in reach.asks if ask not in chosen]
        is_hinted = reach.hinted and any(row.search not in (None, False) for row in rows)
        everything = any(ask.steps == (ALL,) for ask in reach.asks)
        if not (reach.whole or chosen or is_hinted or everything):
            kind = next((k for k in kinds if has_tag(k, tag, place.there)), None)
            if kind is None:
                return []
            asks = tuple(in_branch(others, [say(rows[0], value) for value in kind.tags]))
            return self._of_class(kind.cls, place, reach._replace(asks=asks))
        at = place.at(tag, UNSET)
        values = [value for kind in kinds for value in kind.tags]
        for ask in chosen:
            self._meet(ask)
            if ask is not chosen[0]:
                self._refuse(ask, at.path, "is given twice")
        if chosen and chosen[0].values is not None:
            row = member(rows[0], tag, ("one of", *values), tag)
            values = [choice.value for choice in self._choices(row, at, chosen[0])]
        choices: list[Choice] = []
        for value in values:
            kind = next(kind for kind in kinds if is_one_of(value, kind.tags))
            label = label_of(rows, value)
            inner = place.holding(kept_in(place.there, kinds, kind, tag, value))
            inner = inner._replace(name=f"{place.name}[{label}]")
            asks = tuple(in_branch(others, [label]))
            found = self._of_class(kind.cls, inner, reach._replace(asks=asks))
            why = why_misfit(inner, kind, found) if label else "has a tag that no flag can say"
            if why:
                self._cannot(chosen[0] if chosen else None, inner, why)
            else:
                choices.append(Choice(value, label, but_for(found, at.path)))
        return [Choices(at.name, at.path, tuple(choices))] if choices else []

    # Values

    def _automatic(
        self, field: Field, place: Place, ask: Ask | None, reach: Reach
    ) -> list[Parameter]:
        """What a setting can be by its schema."""
        can = can_be(field)
        if can.endless:
            found = self._inside(field, place, reach) if can.objects else []
            why = f"takes {can.endless}; give the choices, as in {place.name}=…,…"
            return found or self._cannot(ask, place, why)
        choices = choices_of(field, place.alone, can.values)
        if can.number:
            try:
                found_numbers = numbers_of(field, place, self._turns)
            except CannotVary as error:
                if not can.objects:
                    return self._cannot(ask, place, str(error))
                return self._inside(field, place, reach) or self._cannot(ask, place, str(error))
            if not (choices or can.objects):
                return [found_numbers, *self._nothing_inside(place, reach)]
            choices.append(of_kind(found_numbers))
        if can.objects:
            return self._of_objects(field, place, ask, reach, choices)
        self._nothing_inside(place, reach)
        if len(can.values) == 1 and not can.number:
            only = f"can only be {exactly(can.values[0])} by its schema"
            return [] if ask is None else self._cannot(ask, place, only)
        if not choices:
            return self._cannot(ask, place, "has no value that its schema takes")
        return [Choices(place.name, place.path, told_apart(choices))]

    def _of_objects(
        self, field: Field, place: Place, ask: Ask | None, reach: Reach, others: list[Choice]
    ) -> list[Parameter]:
        """What a setting can be that takes objects of classes, and `others` perhaps."""
        is_there = is_object(place.there)
        if ask is None and not (others or is_there or is_made(field, place)):
            return self._leave_out(place, "is not among the base settings")
        if not others:
            found = self._inside(field, place, reach)
            return found or self._cannot(
                ask, place, "has nothing inside that can vary by its schema"
            )
        starts = {} if is_there else constants_in(field)
        opened = place if is_there else place.holding(starts)
        found = self._inside(field, opened, reach)
        why = "" if is_there else why_unmade(field, opened, found)
        if why:
            return self._cannot(ask, place, why)
        choice = Choice("object", "object", tuple(found), True, write_json(starts))
        return [Choices(place.name, place.path, told_apart([*others, choice]))]

    def _nothing_inside(self, place: Place, reach: Reach) -> list[Parameter]:
        for ask in reach.asks:
            self._meet(ask)
            self._refuse(ask, place.path, f"leads into {place.name}, which is no object")
        return []

    def _asked(self, field: Field, place: Place, ask: Ask) -> list[Parameter]:
        """What a setting is to be as typed."""
        text = ask.values or ""
        try:
            typed = typed_range(field, text)
            if typed is not None:
                return [numbers_of(field, place, self._turns, typed)]
        except (CannotVary, Malformed) as error:
            return self._cannot(ask, place, str(error))
        choices = self._choices(field, place, ask)
        return [Choices(place.name, place.path, tuple(choices))]

    def _choices(self, field: Field, place: Place, ask: Ask) -> list[Choice]:
        choices, refused = typed_choices(field, place.alone, ask.values or "")
        for why, word in refused:
            self._refuse(ask, place.path, why, word)
        if not (choices or refused):
            self._cannot(
                ask, place, f"lacks its values; write {place.name}=a,b or {place.name}=0..1"
            )
        return choices

    # Words

    def _meet(self, ask: Ask) -> None:
        self.met.add(ask.typed)

    def _refuse(self, ask: Ask, path: Path, expected: str, given: str = "") -> None:
        self.problems.append(Problem(path, expected, given, f"{ask.typed!r}"))

    def _leave_out(self, place: Place, why: str) -> list[Parameter]:
        self.left_out.setdefault(place.name, why)
        return []

    def _cannot(self, ask: Ask | None, place: Place, why: str) -> list[Parameter]:
        if ask is None:
            return self._leave_out(place, why)
        self._refuse(ask, place.path, why)
        return []
