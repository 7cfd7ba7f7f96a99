"""Whether settings can vary as `x-search` says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from brevettiai.compiled import Field
from brevettiai.messages.values import LIMITS
from brevettiai.messages.words import either, guess
from brevettiai.search.said import SAID, SCALES, known_search

from ...graphs import walked
from ...json_values import is_number, is_object
from ...model.fields import field_of
from ...model.types import Model
from ...problems import Problem
from ...schema.dialects import Pointer
from ...schema.documents import problem_at
from ...schema.nodes import Node
from .idle import idle

_KEYWORD = "x-search"


def check_searches(model: Model) -> Iterator[Problem]:
    """What is passed over of every `x-search`, and what would be wrong in a sweep."""
    heard: set[Node] = set()
    told: set[tuple[Node, str]] = set()
    for prop in (prop for cls in model.classes.values() for prop in cls.properties):
        saying = [node for node in prop.notes if node.get(_KEYWORD) is not None]
        heard.update(saying)
        for node in saying[:1]:
            row = field_of(prop, model)
            beside = walked(prop.nodes, model.shapes.index.in_place)
            limits = {**_limits_of(beside), **row.limits}
            for message, at in (*_faults(node.get(_KEYWORD)), *_unable(row, limits)):
                # One schema may be that of many properties.
                if (node, message) in told:
                    continue
                told.add((node, message))
                text = f"{_KEYWORD} of {prop.key!r}: {message}"
                hint = 'limit it by "range"' if "limit" in message and not at else None
                yield problem_at(node, _KEYWORD, text, hint, at=(_KEYWORD, *at), warning=True)
    for node in model.shapes.index.saying(_KEYWORD):
        if node.get(_KEYWORD) is not None and node not in heard:
            yield idle(node, _KEYWORD, "at properties")


def _faults(said: Any) -> list[tuple[str, Pointer]]:
    """What is not as it should be in what is said, wherever that is."""
    if isinstance(said, bool):
        return []
    if not is_object(said):
        return [(f"must be true, false or an object with {', '.join(SAID)}", ())]
    found: list[tuple[str, Pointer]] = []
    for key in said:
        if key not in SAID:
            near = guess(key, SAID) or f"there are {', '.join(SAID)}"
            found.append((f"there is no {key!r}; {near}", (key,)))
    known: Any = known_search(said)
    words = {
        "scale": f"must be {' or '.join(SCALES)}",
        "range": "must be a list of two numbers, the lower one first",
        "step": "must be a number above 0",
    }
    kept = known if is_object(known) else {}
    found += [(f"{key} {words[key]}", (key,)) for key in SAID if key in said and key not in kept]
    return found


def _limits_of(nodes: Iterable[Node]) -> dict[str, Any]:
    """What is said of numbers in alternatives, be it for some of them."""
    limits = ((word, node.get(word)) for node in nodes for word in LIMITS)
    return {word: limit for word, limit in limits if is_number(limit)}


def _unable(row: Field, limits: Mapping[str, Any]) -> Iterator[tuple[str, Pointer]]:
    """Why a setting cannot vary, or not as it says."""
    if row.search is False:
        return
    # Few schemas need it.
    from brevettiai.search.numbers import CannotVary, numbers, wanted
    from brevettiai.search.values import can_be

    can = can_be(row)
    if row.secret:
        yield "a secret never varies", ()
    elif can.endless and not can.objects:
        yield f"it takes {can.endless}, so that it cannot vary by itself", ()
    elif can.number:
        integer = "number" not in row.kinds
        try:
            numbers(row.key, (row.key,), limits, wanted(row.search), integer=integer)
        except CannotVary as error:
            # What people would type is another matter.
            yield f"it {str(error).partition('; give')[0].partition(', as in')[0]}", ()
    elif is_object(row.search):
        yield f"{either(row.search)} is for numbers, and it takes none", ()
    elif len(can.values) == 1 and not can.objects:
        yield "it has one value only", ()
