"""What a command line says of a sweep."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from brevettiai.cli.values import BOOLEANS
from brevettiai.cli.words import GAP, Words, meant
from brevettiai.errors import Problem
from brevettiai.messages.words import did_you_mean, either
from brevettiai.search.asked import asks_of
from brevettiai.sweep.errors import SweepWordsError
from brevettiai.sweep.flags import FLAGS, PRUNERS, SEARCHES
from brevettiai.sweep.goals import read_goals

_LISTS = ("sweep", "goal")
_LASTING = ("workers", "cluster", "run-cores", "run-memory", "run-gpus")
_SIZES = {"k": 1000, "m": 1000**2, "g": 1000**3, "t": 1000**4}
_BINARY = {letter: 1024**power for power, letter in enumerate("kmgt", 1)}


@dataclass(frozen=True)
class SweepFlags:
    """What a command line says of a sweep: None for what is not given.

    Attributes:
        names: what may vary, NAME or NAME=RANGE; empty for what the schema marks.
        goals: "min loss" or "max iou", one by one.
        folder: the sweep's.
        memory: in bytes, of a run.
        lasting: of these flags those as typed that do not stand in the folder of a sweep.
        problems: what is wrong with these flags.
    """

    names: tuple[str, ...] | None = None
    goals: tuple[str, ...] = ()
    runs: int | None = None
    search: str | None = None
    prune: str | None = None
    seed: int | None = None
    folder: str | None = None
    resume: bool = False
    storage: str | None = None
    workers: int | None = None
    cluster: str | None = None
    cores: int | None = None
    memory: int | None = None
    gpus: int | None = None
    retries: int | None = None
    lasting: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


def take_sweep_flags(words: Sequence[str]) -> tuple[SweepFlags, list[str]]:
    """Take the flags of a sweep out of a command line; the other words, in order.

    Of repeated flags the last counts, but for `--sweep` and `--goal`, which add to each other.
    """
    said: dict[str, list[str]] = {}
    rest: list[str] = []
    remaining = Words(words)
    for word, typed, text in remaining:
        name = meant(typed or "", FLAGS)
        if name is None:
            rest.append(word)
            continue
        if text is None:
            if name in _LISTS:
                text = " ".join(remaining.take_others())
            elif name == "resume":
                text = "true"
            else:
                text = remaining.take_value() or ""
        said.setdefault(name, []).append(text)
        if rest and remaining.next_value() is not None:
            rest.append(GAP)
    return read_flags(said), [*rest, *remaining.rest()]


def read_flags(said: Mapping[str, Sequence[str]]) -> SweepFlags:
    """What the texts of flags mean, by their names."""
    given: dict[str, Any] = {}
    problems: list[Problem] = []
    for name, texts in said.items():
        attribute, read = _READERS[name]
        try:
            if not texts[-1] and name != "sweep":
                raise ValueError("needs a value")
            given[attribute] = read(texts if name in _LISTS else texts[-1])
        except SweepWordsError as error:
            problems.append(Problem((), str(error)))
        except ValueError as error:
            problems.append(Problem((), f"--{name} {error}", texts[-1]))
    if not given.get("resume"):
        if "goal" not in said:
            text = '--sweep needs --goal, the metric that runs are judged by: --goal "min loss"'
            problems.append(Problem((), text))
    elif "sweep-dir" not in said:
        problems.append(Problem((), "--resume needs --sweep-dir, the folder of the sweep"))
    lasting = tuple(f"--{name}={said[name][-1]}" for name in _LASTING if name in said)
    return SweepFlags(**given, lasting=lasting, problems=tuple(problems))


def _names(texts: Sequence[str]) -> tuple[str, ...]:
    return tuple(ask.typed for ask in asks_of(texts))


def _goals(texts: Sequence[str]) -> tuple[str, ...]:
    return tuple(map(str, read_goals(texts)))


def _whole(least: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not re.fullmatch(r"\d{1,9}", text, re.ASCII) or int(text) < least:
            raise ValueError(f"must be a whole number, at least {least}")
        return int(text)

    return read


def _one_of(known: Sequence[str]) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text in known:
            return text
        raise ValueError(f"must be {either(known)}{did_you_mean(text, known)}")

    return read


def _read_size(text: str) -> int:
    """The bytes that a text such as `4GB` or `512MiB` says.

    Raises:
        ValueError: it says none.
    """
    found = re.fullmatch(r"(\d{1,9}(?:\.\d{1,9})?) ?([kmgt])(i?)b?", text, re.ASCII | re.IGNORECASE)
    size = 0
    if found:
        units = _BINARY if found[3] else _SIZES
        size = round(float(found[1]) * units[found[2].lower()])
    if size <= 0:
        raise ValueError("must be a size such as 4GB or 512MiB")
    return size


def _address(text: str) -> str:
    if not re.fullmatch(r"[a-z]+://.+", text):
        raise ValueError("must be the address of a Dask scheduler, such as tcp://host:8786")
    return text


def _truth(text: str) -> bool:
    value = BOOLEANS.get(text.lower())
    if value is None:
        raise ValueError("is true or false")
    return value


_READERS: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "sweep": ("names", _names),
    "goal": ("goals", _goals),
    "runs": ("runs", _whole(1)),
    "search": ("search", _one_of(SEARCHES)),
    "prune": ("prune", _one_of(PRUNERS)),
    "sweep-seed": ("seed", _whole(0)),
    "sweep-dir": ("folder", str),
    "resume": ("resume", _truth),
    "sweep-storage": ("storage", str),
    "workers": ("workers", _whole(1)),
    "cluster": ("cluster", _address),
    "run-cores": ("cores", _whole(1)),
    "run-memory": ("memory", _read_size),
    "run-gpus": ("gpus", _whole(0)),
    "retries": ("retries", _whole(0)),
}
"""By flag, the attribute of `SweepFlags`, and what reads its text."""


def keyword_of(problem: str) -> str:
    """A problem with a flag as one with the argument of `sweep` that says the same."""
    return re.sub(
        r"--([a-z-]+)",
        lambda found: {"sweep": "names", "goal": "goal"}.get(
            found[1], _READERS.get(found[1], (found[0],))[0]
        ),
        problem,
    )
