"""What one setting can be: by its schema, or as typed; every value judged on its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any, NamedTuple

from ..cli.inside import alternatives, shape_of
from ..cli.saying import say
from ..cli.values import Unreadable, contents, read
from ..cli.words import write_json
from ..compiled import Field
from ..json_values import identity, is_one_of, repeated
from ..messages.structure import content_of
from ..messages.words import exactly, listed
from .alone import Judge
from .asked import Range, choices_in, range_in
from .numbers import CannotVary, numbers, wanted
from .places import Place
from .space import Choice, Numbers
from .turns import Turns

_NUMERIC = ("integer", "number")


class CanBe(NamedTuple):
    """What values a setting takes.

    Attributes:
        values: each by itself: constants, true and false, null.
        number: "integer" or "number" if it takes any; "" for none.
        objects: whether it takes those of classes.
        endless: what else, of which there is no end, in words; "" for nothing.
    """

    values: list[Any]
    number: str
    objects: bool
    endless: str


def can_be(field: Field) -> CanBe:
    """What values a setting takes by its schema.

    >>> can_be(Field("seed", "integer null"))
    CanBe(values=[None], number='integer', objects=False, endless='')
    """
    values: list[Any] = []
    number, endless, objects = "", "", False
    for part in alternatives(content_of(field)):
        shape, parts = shape_of(part)
        if shape == "one of":
            values += parts
        elif part == "null":
            values.insert(0, None)
        elif part == "boolean":
            values += [False, True]
        elif part in _NUMERIC:
            number = "number" if number == "number" else str(part)
        elif isinstance(part, type) or shape == "object":
            objects = True
        else:
            endless = _ENDLESS.get(shape or str(part), "any text")
    again = {*repeated(values)}
    distinct = [value for index, value in enumerate(values) if index not in again]
    return CanBe(distinct, number, objects, endless)


_ENDLESS = {"list": "a list", "tuple": "a list", "map": "any keys", "any": "any value"}


def choices_of(field: Field, alone: Judge, values: Iterable[Any]) -> list[Choice]:
    """The choices that a schema and a command line take, of some values."""
    labels = ((value, say(field, value)) for value in values if not alone.refusal(value))
    return [Choice(value, label) for value, label in labels if label is not None]


def typed_range(field: Field, text: str) -> Range | None:
    """The range that was typed for a setting; None where choices were.

    Raises:
        Malformed: it begins as a range, and is none.
    """
    return range_in(text) if set(_NUMERIC).intersection(field.kinds) else None


def typed_choices(
    field: Field, alone: Judge, text: str
) -> tuple[list[Choice], list[tuple[str, str]]]:
    """The choices that were typed for a setting; why some are none, with the words."""
    choices: dict[Any, Choice] = {}
    refused: list[tuple[str, str]] = []
    for word in choices_in(text):
        try:
            value = read(field, contents(word))
        except Unreadable as error:
            refused.append((str(error), word))
            continue
        label = say(field, value)
        # Objects of a class are merged into what is there, so that they may be in part.
        why = alone.refusal(value) if field.cls is None else ""
        if not why and field.choices and not is_one_of(value, field.choices):
            why = f"must be one of {listed(field.choices, exactly)}"
        if not why and identity(value) in choices:
            why = "is given twice"
        if why or label is None:
            refused.append((why or "cannot be said by a flag", word))
        else:
            choices[identity(value)] = Choice(value, label)
    return [*choices.values()], refused


def numbers_of(
    field: Field, place: Place, turns: Callable[[], Turns], typed: Range | None = None
) -> Numbers:
    """The numbers that a setting takes, none of which its schema refuses.

    Raises:
        CannotVary: a limit is missing, it is asked for more than the schema allows, or one of the
            numbers is refused.
    """
    integer, alone = "number" not in field.kinds, place.alone
    limits = {**field.limits, **alone.limits()}
    want = wanted(field.search, typed)
    found = numbers(place.name, place.path, limits, want, integer=integer)
    between = turns().between(found) if alone.refuses_between else ()
    for value in (found.low, found.high, *between):
        why = alone.refusal(value)
        if why:
            short = found.nearest(float(f"{value:.2g}"))
            value = short if alone.refusal(short) == why else value
            raise CannotVary(
                f"{why}, so that {write_json(value)} is refused; give a range or choices without it"
            )
    return found


def of_kind(found: Numbers) -> Choice:
    """The choice of any of some numbers, beside other values of the setting."""
    kind = "integer" if found.integer else "number"
    return Choice(kind, kind, (replace(found, name=f"{found.name}[{kind}]"),), is_kind=True)
