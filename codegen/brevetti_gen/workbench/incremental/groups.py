"""Which schemas have to do with one another: a reference, or an `$id` of both, joins two.

What is made of a group depends on no schema outside of it. A name is taken in every sense that a
later step could give it, so that a group may be larger than need be, but never smaller.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

from ...json_values import is_array, is_object
from ...schema.dialects import DIALECTS
from ...schema.keywords import REFERENCES
from ...schema.references import Nowhere
from ...schema.references import joined as joined_uri
from ...schema.resolve import MERGED

#: In how many ways `$id`s inside one another may be read, before nothing is said of a document.
MAX_BASES = 50


class Names(NamedTuple):
    """The URIs by which a document can be found, and those that it looks for."""

    known: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()
    #: Whether there are too many to tell.
    is_open: bool = False


class Outside(NamedTuple):
    """A document that was not given, by the name of its file or its URI.

    Attributes:
        module: the path of the module that it becomes, if it does, as if it were given.
    """

    name: str
    digest: str
    module: tuple[str, ...]
    names: Names


class Group(NamedTuple):
    """Documents that have to do with one another, by number.

    Attributes:
        outside: what else they may lead to, by URI; None where there is too much to tell.
    """

    members: tuple[int, ...]
    outside: Mapping[str, Outside] | None


def names_of(value: Any, uri: str, place: str | None, path: Path | None) -> Names:
    """The names in a document that is retrieved from `uri` and lies at `place` and `path`."""
    places = [uri, MERGED + place] if place else [uri]
    known: dict[str, None] = dict.fromkeys(places)
    asked: dict[str, None] = {}
    stack: list[tuple[Any, tuple[str, ...]]] = [(value, (uri,))]
    while stack:
        part, bases = stack.pop()
        if is_array(part):
            stack += [(each, bases) for each in part if isinstance(each, (dict, list))]
        elif is_object(part):
            for name in _texts(part, ("$id", "id")):
                # Whether it counts here is not asked: inside, both are possible.
                bases = tuple(dict.fromkeys([*bases, *_joined(bases, name)]))
                known.update(dict.fromkeys(bases))
            if len(bases) > MAX_BASES:
                return Names(is_open=True)
            for reference in _texts(part, REFERENCES):
                asked.update(dict.fromkeys(_meant(reference, bases, place, path)))
            for text in _texts(part, ("$schema",)):
                if (name := text.removesuffix("#")) not in DIALECTS:
                    asked[name] = None
            stack += [(each, bases) for each in part.values() if isinstance(each, (dict, list))]
    return Names(tuple(known), tuple(asked))


def _texts(part: Mapping[str, Any], keys: Iterable[str]) -> list[str]:
    return [text for key in keys if key in part and isinstance(text := part[key], str)]


def _joined(bases: Iterable[str], reference: str) -> list[str]:
    found: list[str] = []
    for base in bases:
        with suppress(Nowhere, ValueError):
            found.append(urldefrag(joined_uri(base, reference))[0])
    return found


def _meant(reference: str, bases: Iterable[str], place: str | None, path: Path | None) -> list[str]:
    """The URIs outside of a document that a reference in it can mean."""
    if reference.startswith("#"):
        return []
    found = _joined(bases, reference)
    with suppress(ValueError):
        parts = urlsplit(reference)
        if place and not parts.scheme:
            found.append(urldefrag(urljoin(MERGED + place, reference))[0])
        if path and not (parts.scheme or parts.netloc):
            found.append(Path(os.path.abspath(path.parent / unquote(parts.path))).as_uri())
    return found


def grouped(
    documents: Sequence[Names], outside: Callable[[str], Outside | int | None]
) -> list[Group]:
    """The groups of documents, in their order.

    `outside` gives what lies at a URI: another document, the number of a given one, or nothing.
    """
    if any(names.is_open for names in documents):
        return [Group(tuple(range(len(documents))), None)]
    first = list(range(len(documents)))

    def top(number: int) -> int:
        while first[number] != number:
            number = first[number] = first[first[number]]
        return number

    def join(one: int, other: int) -> None:
        low, high = sorted([top(one), top(other)])
        first[high] = low

    owners: dict[str, int] = {}
    for number, names in enumerate(documents):
        for name in names.known:
            join(number, owners.setdefault(name, number))
    reached: list[dict[str, Outside]] = [{} for _ in documents]
    missed: list[tuple[int, str]] = []
    aliases: dict[str, list[int]] = {}
    for number, names in enumerate(documents):
        todo, seen = [*names.asked], set[str]()
        while todo:
            name = todo.pop()
            if name in seen:
                continue
            seen.add(name)
            if name in owners:
                join(number, owners[name])
            found = outside(name)
            if isinstance(found, int):
                join(number, found)
            elif found is None:
                missed.append((number, name))
            elif found.names.is_open:
                return [Group(tuple(range(len(documents))), None)]
            else:
                reached[number][name] = found
                todo += found.names.asked
                for alias in found.names.known:
                    aliases.setdefault(alias, []).append(number)
                if found.module:
                    join(number, owners.setdefault(found.name, number))
    for alias in owners.keys() & aliases.keys():
        for number in aliases[alias]:
            join(number, owners[alias])
    for number, name in missed:
        for other in aliases.get(name, ()):
            join(number, other)
    members: dict[int, list[int]] = {}
    for number in range(len(documents)):
        members.setdefault(top(number), []).append(number)
    return [
        Group(tuple(each), {n: o for number in each for n, o in reached[number].items()})
        for each in members.values()
    ]


def joined(groups: Sequence[Group]) -> Group:
    """One group of all."""
    numbers = sorted(number for group in groups for number in group.members)
    if any(group.outside is None for group in groups):
        return Group(tuple(numbers), None)
    outside = {uri: each for group in groups for uri, each in (group.outside or {}).items()}
    return Group(tuple(numbers), outside)
