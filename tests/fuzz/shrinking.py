"""The smallest case that fails as one that was found."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import asdict
from typing import Any

from .desk import Case
from .documents import places
from .running import Runner

#: Seconds that it may take.
_PATIENCE = 20


def smaller(runner: Runner, case: Case, faults: list[str]) -> tuple[Case, list[str]]:
    """The case with all taken away without which it still fails in the same way."""
    sign, until = runner.sign(faults), time.monotonic() + _PATIENCE
    best, goes_on = asdict(case), True
    while goes_on and time.monotonic() < until:
        goes_on = False
        for tried in _less(best):
            if time.monotonic() > until:
                break
            found = runner.faults(Case(**tried))
            if found and runner.sign(found) == sign:
                best, faults, goes_on = tried, found, True
                break
    return Case(**best), faults


def _less(case: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A case with one thing less: a file, a part of a document, some of a text."""
    for path in places(case["files"]):
        yield _without(case, path)
    for path in places(case["files"]):
        part = case["files"]
        for step in path:
            part = part[step]
        for text in _shorter(part) if isinstance(part, str) else ():
            changed = deepcopy(case)
            inner = changed["files"]
            for step in path[:-1]:
                inner = inner[step]
            inner[path[-1]] = text
            yield changed


def _without(case: dict[str, Any], path: tuple[Any, ...]) -> dict[str, Any]:
    changed = deepcopy(case)
    inner = changed["files"]
    for step in path[:-1]:
        inner = inner[step]
    del inner[path[-1]]
    return changed


def _shorter(text: str) -> Iterator[str]:
    size = len(text) // 2
    while size:
        for start in range(0, len(text), size):
            yield text[:start] + text[start + size :]
        size //= 2


def told(case: Case, faults: list[str]) -> str:
    """A case and what is wrong with it, to be read."""
    what = json.dumps(asdict(case), indent=1)
    return "\n".join([what[:3000], *(fault[:1500] for fault in faults[:3])])
