"""Problems that can be mended in one right way, and the files with them mended."""

from __future__ import annotations

import codecs
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import reduce
from operator import getitem
from pathlib import Path
from typing import Any, NamedTuple

from ....json_values import is_array, is_object
from ....problems import Problem
from ....read.document import Document, read
from ....read.find import Source
from ....schema.dialects import DIALECTS, DRAFT_2020_12, Dialect, Pointer, dialect_meant
from ...lint.faults import faults_of
from ...lint.spelling import is_plainly
from ...telling.whole import write_whole
from .edits import Change, changed, repeated_items

_MEANT = re.compile(r'did you mean "([^"]+)"\?')
_FORMAT = re.compile(r'add "format": "([a-z]+)", which checks nothing by itself')
#: The rules that find what can be mended, if it can.
FIXABLE = frozenset(
    """dialect-spelling form-implies form-repeats invalid-keyword twice unknown-keyword""".split()
)
#: What stands in these a second time says nothing.
_LISTS = ("anyOf", "enum", "required", "type")


class FixedFile(NamedTuple):
    """A file with problems mended.

    Attributes:
        old, new: its bytes.
        mended: how many problems.
        left: those that are mended by hand, as an edit would change something else too.
    """

    source: Source
    old: bytes
    new: bytes
    mended: int
    left: tuple[Problem, ...]


def fixed(sources: Iterable[Source], problems: Sequence[Problem]) -> Iterator[FixedFile]:
    """The files among `sources` with problems that can be mended, mended as far as they can."""
    by_path: dict[str | None, list[Problem]] = {}
    for problem in (problem for problem in problems if problem.code in FIXABLE):
        by_path.setdefault(problem.path, []).append(problem)
    for source in sources:
        if source.name in by_path and not source.is_foreign:
            yield from _fixed(source, by_path[source.name])


def _fixed(source: Source, problems: Sequence[Problem]) -> Iterator[FixedFile]:
    document = read(source)
    if not isinstance(document, Document):
        return
    old = source.path.read_bytes()
    mark = codecs.BOM_UTF8 if old.startswith(codecs.BOM_UTF8) else b""
    text, mended, left = old.removeprefix(mark).decode(), 0, list[Problem]()
    # From behind, so that places before a change are what they were.
    for problem in sorted(problems, key=lambda problem: problem.sort_key, reverse=True):
        changes = list(_changes_for(problem, document.value))
        new: str | None = text
        for change in changes:
            new = None if new is None else changed(new, change, is_yaml=source.is_yaml)
        if changes and new is None:
            left.append(problem)
        elif changes and new is not None:
            text, mended = new, mended + 1
    if mended or left:
        yield FixedFile(source, old, mark + text.encode(), mended, tuple(left))


def write_fixed(file: FixedFile) -> None:
    """Write a file with its problems mended, whole or not at all."""
    write_whole(Path(os.path.realpath(file.source.path)), file.new.decode())


def _changes_for(problem: Problem, document: Any) -> Iterator[Change]:
    """The changes that mend a problem in a document; none if only people can tell."""
    pointer = _steps(problem.pointer or "#", document)
    if not pointer:
        return
    *way, last = pointer
    value, around = _at(document, pointer), _at(document, way)
    if problem.code == "dialect-spelling" and (meant := dialect_meant(str(value))):
        yield Change("replaced", pointer, meant.canonical)
    elif problem.code == "form-repeats":
        yield Change("dropped", pointer)
    elif problem.code == "form-implies":
        found = _FORMAT.fullmatch(problem.hint or "")
        if found and is_object(value) and "format" not in value:
            yield Change("added", (*pointer, "format"), found[1])
    elif problem.code == "unknown-keyword" and is_object(around):
        found = _MEANT.fullmatch(problem.hint or "")
        meant_word = found[1] if found else str(last)
        fits = is_plainly(str(last), meant_word) and meant_word not in around
        if fits and not faults_of({meant_word: value}, _dialect(document)):
            yield Change("renamed", pointer, meant_word)
    elif problem.code in ("twice", "invalid-keyword"):
        # Of a list that is none of its draft, the list itself is told.
        place = pointer if is_array(value) and last in _LISTS else (*way,)
        if place and place[-1] in _LISTS and not _has_parallels(document, place):
            for index in repeated_items(_at(document, place)):
                yield Change("dropped", (*place, index))


def _has_parallels(document: Any, place: Pointer) -> bool:
    """Whether lists beside one at `place` may tell of its items by their number."""
    beside, own = _at(document, place[:-1]), _at(document, place)
    lists = (other for key, other in beside.items() if key != place[-1] and is_array(other))
    return not is_array(own) or any(len(other) == len(own) for other in lists)


def _steps(pointer: str, document: Any) -> Pointer:
    """The path that a JSON Pointer tells, as far as there is one in a document."""
    found: list[str | int] = []
    value: Any = document
    for part in pointer.removeprefix("#").split("/")[1:]:
        key = part.replace("~1", "/").replace("~0", "~")
        step: Any = int(key) if is_array(value) and key.isdecimal() else key
        try:
            value = value[step]
        except (LookupError, TypeError):
            return ()
        found.append(step)
    return tuple(found)


def _at(document: Any, pointer: Iterable[str | int]) -> Any:
    return reduce(getitem, pointer, document)


def _dialect(document: Any) -> Dialect:
    uri = str(document.get("$schema", "")) if is_object(document) else ""
    return DIALECTS.get(uri.removesuffix("#")) or dialect_meant(uri) or DRAFT_2020_12
