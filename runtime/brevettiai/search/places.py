"""Where settings are looked for, and what there is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from ..cli.inside import Kind, default_of, item_of, kinds_of, value_of
from ..cli.saying import say
from ..cli.values import Unreadable, read
from ..cli.words import has_flag, meant
from ..compiled import Field
from ..json_values import UNSET, is_array, is_object, is_one_of, json_equal
from ..messages.secrets import Secrets
from .alone import Judge
from .asked import ALL, Ask
from .space import Choice, Choices, Parameter, Path


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

    def holding(self, there: Any) -> Place:
        """The same place with something else there."""
        return self._replace(there=there, alone=self.alone.holding(there))


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


def key_meant(fields: Iterable[Field], step: str) -> str:
    """The key that a step of a name means: with other dashes, or an old one; "" for none."""
    key = meant(step, [field.key for field in fields])
    old = {old: field.key for field in fields for old in field.old_keys} if key is None else {}
    return key or old.get(meant(step, old) or "", "")


def value_there(field: Field, holder: Any) -> Any:
    """What settings have for a property, with what is filled in; UNSET for nothing."""
    if is_object(holder) and field.key in holder:
        return holder[field.key]
    default = default_of(field)
    return {} if default is UNSET and field.filled else default


def parts_meant(field: Field, step: str, there: Any) -> Iterator[tuple[str | int, Field]]:
    """The items of a list that a step of a name means, or the value in a map, with their rows."""
    if is_array(there):
        for index in range(len(there)):
            row = item_of(field, index)
            if step in (ALL, str(index)) and row is not None:
                yield index, row
    elif step != ALL and (row := value_of(field, step)) is not None:
        yield step, row


def is_made(field: Field, place: Place) -> bool:
    """Whether a setting that nobody gives is an object all the same."""
    return place.there is UNSET and field.required


def why_never(field: Field, place: Place) -> str:
    """Why a setting never varies, even where it is named; "" where it can."""
    if field.secret or place.secrets.is_secret:
        return "is a secret, which never varies"
    step = place.path[-1]
    if isinstance(step, str) and not has_flag(step, at_root=len(place.path) == 1):
        return "has no flag, by which runs are told what they are"
    return ""


def why_left_alone(field: Field) -> str:
    """Why a setting only varies where it is named itself; "" where it does not."""
    if field.search is False:
        return "is not worth varying, as its schema says"
    if field.deprecated:
        return "is deprecated"
    return "is read only" if field.read_only else ""


def told_apart(choices: Iterable[Choice]) -> tuple[Choice, ...]:
    """Choices of which kinds have other words than values have."""
    values = [choice for choice in choices if not choice.is_kind]
    taken = {choice.label for choice in values}
    found = [*values]
    for choice in choices:
        if choice.is_kind:
            word = choice.label + "…" * (choice.label in taken)
            found.append(replace(choice, value=word, label=word))
    return tuple(found)


def has_tag(kind: Kind, tag: str, there: Any) -> bool:
    return is_object(there) and tag in there and is_one_of(there[tag], kind.tags)


def label_of(rows: Sequence[Field], value: Any) -> str:
    """The flag's word for a tag, whichever of the kinds with these rows is there; "" for none."""
    label = next((text for row in rows if (text := say(row, value)) is not None), "")
    try:
        is_read = all(json_equal(read(row, label), value) for row in rows)
    except Unreadable:
        is_read = False
    return label if is_read else ""


def in_branch(asks: Sequence[Ask], labels: Sequence[str | None]) -> Iterator[Ask]:
    """What is asked for in a branch: by its name, and of any where its own is not."""
    own: list[tuple[str, ...]] = []
    for ask in (ask for ask in asks if ask.steps[0][:1] == "["):
        if ask.steps[0][1:-1] in labels:
            own.append(ask.steps[1:] or (ALL,))
            yield ask._replace(steps=own[-1])
    yield from (ask for ask in asks if ask.steps[0][:1] != "[" and ask.steps not in own)


def kept_in(there: Any, kinds: Sequence[Kind], kind: Kind, tag: str, value: Any) -> dict[str, Any]:
    """What is there of an object once it is of a kind: all but what only the old kind has."""
    old = next((each for each in kinds if has_tag(each, tag, there)), kind)
    had, has = ({row.key for row in each.cls.__brevetti__.fields()} for each in (old, kind))
    kept = there.items() if is_object(there) else ()
    return {**{key: item for key, item in kept if key not in had - has}, tag: value}


def why_misfit(branch: Place, kind: Kind, found: Iterable[Parameter]) -> str:
    """Why an object of a kind cannot be as it would be left there; "" where it can.

    That a setting of another kind has the same key does not mean that it takes the same values.
    """
    given = {each.path[len(branch.path)] for each in found}
    inside = [each for each in found if len(each.path) == len(branch.path) + 1]
    varies = {each.path[-1] for each in inside if not _may_stay(each)}
    judge = branch.alone.of_class(kind.cls)
    for key, item in branch.there.items():
        why = "" if key in varies else judge.at(key).refusal(item)
        if why:
            told = "does not fit there" if branch.secrets.at(key) else why
            return f"has {key} from the base settings, which {told}"
    for row in kind.cls.__brevetti__.fields():
        if row.required and row.key not in given and row.key not in branch.there:
            return f"needs {row.key}, which the base settings lack"
    return ""


def why_unmade(field: Field, place: Place, found: Sequence[Parameter]) -> str:
    """Why an object cannot be made where there is none; "" where it can."""
    kinds = kinds_of(field)
    if len(kinds.kinds) == 1:
        return why_misfit(place, kinds.kinds[0], found)
    if found:
        return ""
    return f"takes several kinds of objects; give the choices, as in {place.name}=null,{{…}}"


def _may_stay(parameter: Parameter) -> bool:
    """Whether a parameter can leave an object that is there as it is, but for what is inside."""
    return isinstance(parameter, Choices) and any(c.starts for c in parameter.choices)


def constants_in(field: Field) -> dict[str, Any]:
    """What an object of a setting surely has: constants that are required."""
    kinds = kinds_of(field).kinds
    rows = kinds[0].cls.__brevetti__.fields() if len(kinds) == 1 else ()
    return {row.key: row.choices[0] for row in rows if row.required and len(row.choices) == 1}


def but_for(found: Iterable[Parameter], path: Path) -> tuple[Parameter, ...]:
    return tuple(each for each in found if each.path != path)
