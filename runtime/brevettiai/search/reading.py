"""From the rows of a settings class to the parameters of what is asked to vary."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from ..cli.inside import Kind, default_of, item_of, kind_of, kinds_of, value_of
from ..cli.saying import say
from ..cli.words import VERSION, has_flag, meant
from ..compiled import Field
from ..errors import Problem
from ..json_values import UNSET, is_array, is_object, is_one_of, lacks
from ..messages.secrets import Secrets, secrets_of
from ..messages.words import exactly
from .alone import Judge
from .asked import ALL, Ask, Malformed
from .numbers import CannotVary
from .space import Choice, Choices, Parameter, Path
from .values import can_be, choices_of, numbers_of, of_kind, typed_choices, typed_range

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..settings import Settings

_DEEPEST = 24
"""How many objects are opened inside one another."""


class Place(NamedTuple):
    """Where settings are looked for.

    Attributes:
        path: in a config.
        name: of parameters there.
        there: what the base settings have there, with what is filled in; UNSET for nothing.
        alone: what is asked of values there.
        secrets: where secrets lie in them.
        above: the classes around it.
    """

    path: Path
    name: str
    there: Any
    alone: Judge
    secrets: Secrets
    above: tuple[type, ...] = ()

    def at(self, step: str | int, there: Any) -> Place:
        """The place of a part."""
        name = f"{self.name}.{step}" if self.name else str(step)
        inner = self.alone.at(step), self.secrets.at(step)
        return Place((*self.path, step), name, there, *inner, self.above)


class Reach(NamedTuple):
    """What of a place is asked for.

    Attributes:
        asks: names that lead there, what is left of them.
        whole: whether all that can vary.
        hinted: whether what the schema calls worth varying, by `x-search`.
    """

    asks: tuple[Ask, ...] = ()
    whole: bool = False
    hinted: bool = False

    def __bool__(self) -> bool:
        return bool(self.asks) or self.whole or self.hinted


class Reader:
    """Finds parameters.

    Attributes:
        problems: what is wrong with what was asked.
        left_out: what was reached and cannot vary, by name, with the reason.
        met: the words that led somewhere.
    """

    def __init__(self, schema: Any) -> None:
        self.problems: list[Problem] = []
        self.left_out: dict[str, str] = {}
        self.met: set[str] = set()
        self._schema = schema

    def read(
        self, cls: type[Settings], base: Mapping[str, Any], judge: Judge, reach: Reach
    ) -> list[Parameter]:
        """The parameters of a class, whose values a judge judges."""
        place = Place((), "", base, judge, secrets_of(cls.__brevetti__))
        return self._of_class(cls, place, reach)

    # Objects

    def _of_class(self, cls: type[Settings], place: Place, reach: Reach) -> list[Parameter]:
        fields = [field for field in cls.__brevetti__.fields() if field.key != VERSION]
        if cls in place.above or len(place.above) > _DEEPEST:
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
            asks.setdefault(_key(fields, ask.steps[0]), []).append(ask.rest())
        found: list[Parameter] = []
        for field in fields:
            inner = Reach(tuple(asks.get(field.key, ())), whole, reach.hinted)
            if inner:
                there = _there(field, place.there)
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
        why = _never(field, place)
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
            why = _left_alone(field)
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
        if not (reach.asks or is_there) and not _is_made(field, place):
            return []
        kinds = kinds_of(field)
        found: list[Parameter] = []
        if len(kinds.kinds) == 1:
            found = self._of_class(kinds.kinds[0].cls, place, reach)
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
            for step, row in _parts(field, ask.steps[0], place.there):
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
        chosen = [ask for ask in reach.asks if ask.steps == (tag,)]
        is_hinted = reach.hinted and any(row.search not in (None, False) for row in rows)
        everything = any(ask.steps == (ALL,) for ask in reach.asks)
        if not (reach.whole or chosen or is_hinted or everything):
            kind = next((k for k in kinds if _has_tag(k, tag, place.there)), None)
            if kind is None:
                return []
            tags = [say(rows[0], value) for value in kind.tags]
            asks = tuple(_in_branch(reach.asks, tags))
            return self._of_class(kind.cls, place, reach._replace(asks=asks))
        at = place.at(tag, UNSET)
        values = [value for kind in kinds for value in kind.tags]
        for ask in chosen:
            self._meet(ask)
            if ask is not chosen[0]:
                self._refuse(ask, at.path, "is given twice")
        if chosen and chosen[0].values is not None:
            row = rows[0].changed(choices=tuple(values), kinds=_kinds_of_values(values))
            values = [choice.value for choice in self._choices(row, at, chosen[0])]
        choices: list[Choice] = []
        others = [ask for ask in reach.asks if ask.steps != (tag,)]
        for value in values:
            row, kind = next(
                pair for pair in zip(rows, kinds, strict=True) if is_one_of(value, pair[1].tags)
            )
            label = say(row, value)
            if label is None:
                continue
            there = _kept(place.there, kind, tag, value)
            inner = place._replace(
                name=f"{place.name}[{label}]", there=there, alone=place.alone.holding(there)
            )
            asks = tuple(_in_branch(others, [label]))
            found = self._of_class(kind.cls, inner, reach._replace(asks=asks))
            choices.append(Choice(value, label, _without(found, at.path)))
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
                found_numbers = numbers_of(field, place.name, place.path, place.alone, self._schema)
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
        return [Choices(place.name, place.path, _told_apart(choices))]

    def _of_objects(
        self, field: Field, place: Place, ask: Ask | None, reach: Reach, others: list[Choice]
    ) -> list[Parameter]:
        """What a setting can be that takes objects of classes, and `others` perhaps."""
        is_there = is_object(place.there)
        if ask is None and not (others or is_there or _is_made(field, place)):
            return self._leave_out(place, "is not among the base settings")
        found = self._inside(field, place if is_there else place._replace(there={}), reach)
        if others:
            choice = Choice("object", "object", tuple(found), is_kind=True)
            return [Choices(place.name, place.path, _told_apart([*others, choice]))]
        return found or self._cannot(ask, place, "has nothing inside that can vary by its schema")

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
                name, path = place.name, place.path
                return [numbers_of(field, name, path, place.alone, self._schema, typed)]
        except (CannotVary, Malformed) as error:
            return self._cannot(ask, place, str(error))
        choices = self._choices(field, place, ask)
        return [Choices(place.name, place.path, tuple(choices))]

    def _choices(self, field: Field, place: Place, ask: Ask) -> list[Choice]:
        choices, refused = typed_choices(field, place.alone, ask.values or "")
        for why, word in refused:
            self._refuse(ask, place.path, why, word)
        if not (choices or refused):
            self._cannot(ask, place, f"lacks its values; write {place.name}=a,b or =0..1")
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


def _key(fields: Iterable[Field], step: str) -> str:
    """The key that a step of a name means: with other dashes, or an old one; "" for none."""
    key = meant(step, [field.key for field in fields])
    old = {old: field.key for field in fields for old in field.old_keys} if key is None else {}
    return key or old.get(meant(step, old) or "", "")


def _there(field: Field, holder: Any) -> Any:
    """What settings have for a property, with what is filled in; UNSET for nothing."""
    if is_object(holder) and field.key in holder:
        return holder[field.key]
    default = default_of(field)
    return {} if default is UNSET and field.filled else default


def _parts(field: Field, step: str, there: Any) -> Iterator[tuple[str | int, Field]]:
    """The items of a list that a step of a name means, or the value in a map, with their rows."""
    if is_array(there):
        for index in range(len(there)):
            row = item_of(field, index)
            if step in (ALL, str(index)) and row is not None:
                yield index, row
    elif step != ALL and (row := value_of(field, step)) is not None:
        yield step, row


def _is_made(field: Field, place: Place) -> bool:
    """Whether a setting that nobody gives is an object all the same."""
    return place.there is UNSET and field.required


def _never(field: Field, place: Place) -> str:
    """Why a setting never varies, even where it is named; "" where it can."""
    if field.secret or place.secrets.is_secret:
        return "is a secret, which never varies"
    step = place.path[-1]
    if isinstance(step, str) and not has_flag(step, at_root=len(place.path) == 1):
        return "has no flag, by which runs are told what they are"
    return ""


def _left_alone(field: Field) -> str:
    """Why a setting only varies where it is named itself; "" where it does not."""
    if field.search is False:
        return "is not worth varying, as its schema says"
    if field.deprecated:
        return "is deprecated"
    return "is read only" if field.read_only else ""


def _told_apart(choices: Iterable[Choice]) -> tuple[Choice, ...]:
    """Choices of which kinds have other words than values have."""
    values = [choice for choice in choices if not choice.is_kind]
    taken = {choice.label for choice in values}
    found = [*values]
    for choice in choices:
        if choice.is_kind:
            word = choice.label + "…" * (choice.label in taken)
            found.append(replace(choice, value=word, label=word))
    return tuple(found)


def _has_tag(kind: Kind, tag: str, there: Any) -> bool:
    return is_object(there) and tag in there and is_one_of(there[tag], kind.tags)


def _in_branch(asks: Iterable[Ask], labels: Sequence[str | None]) -> Iterator[Ask]:
    """What is asked for in a branch, by its name or that of any."""
    for ask in asks:
        if not ask.steps[0].startswith("["):
            yield ask
        elif ask.steps[0][1:-1] in labels:
            rest = ask.rest()
            yield rest if rest.steps else rest._replace(steps=(ALL,))


def _kept(there: Any, kind: Kind, tag: str, value: Any) -> dict[str, Any]:
    """What is there of an object once it is of a kind: what that has as well."""
    if _has_tag(kind, tag, there):
        return {**there, tag: value}
    known = {row.key for row in kind.cls.__brevetti__.fields()}
    kept = {key: item for key, item in there.items() if key in known} if is_object(there) else {}
    return {**kept, tag: value}


def _without(found: Iterable[Parameter], path: Path) -> tuple[Parameter, ...]:
    return tuple(each for each in found if each.path != path)


def _kinds_of_values(values: Iterable[Any]) -> tuple[str, ...]:
    names = {str: "string", bool: "boolean", type(None): "null", int: "integer", float: "number"}
    return tuple(dict.fromkeys(names.get(type(value), "string") for value in values))
