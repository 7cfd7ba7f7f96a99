"""The changes as text for a terminal, Markdown for a review, JSON, and annotations of GitHub."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from brevettiai.messages.words import counted

from ....problems import Problem, printable
from ...telling.machine_formats import document_of
from .change import BREAKS, Answer, Change, Comparison, Place

FORMATS = ("text", "markdown", "json", "github")
#: Longer examples are cut where people read them.
MAX_EXAMPLE = 400
_ANSWERS: Mapping[Answer, str] = {
    "loads": "stored configs still load",
    "loads declared": "stored configs still load, but for what lies under undeclared keys",
    "refused": "stored configs no longer load",
    "unknown": "whether all stored configs still load is not known",
}
_MARKDOWN = str.maketrans(
    {**{sign: f"\\{sign}" for sign in r"\`*_[]|#!~"}, "<": "&lt;", ">": "&gt;", "@": "&#64;"}
)


class Told(NamedTuple):
    """What is told.

    Attributes:
        comparison: of both versions, with places as the user would name them.
        names: what the user called the old and the new version.
        fail_on: the words of `BREAKS` that are asked for.
    """

    comparison: Comparison
    names: tuple[str, str]
    fail_on: frozenset[str]

    @property
    def failing(self) -> list[Change]:
        """The changes that break what is asked for."""
        return [change for change in self.comparison.changes if change.breaks & self.fail_on]

    def text(self, output_format: str) -> str:
        """All of it, in one of `FORMATS`."""
        if output_format == "github":
            problems = [self._problem(change) for change in self.comparison.changes]
            return document_of(problems, "github")
        if output_format == "json":
            return json.dumps(self._json(), indent=2) + "\n"
        lines = self._lines() if output_format == "text" else self._markdown()
        return "".join(f"{line}\n" for line in lines)

    # For people

    def _lines(self) -> Iterator[str]:
        for change in self.comparison.changes:
            broken = f" [breaks {_listed(change.breaks)}]" if change.breaks else ""
            yield printable(f"{_setting(change)}: {change.message}{broken}")
            if place := _places(change):
                yield printable(f"    {place}")
            if change.example is not None:
                yield printable(
                    f"    {_EXAMPLE['extra' in change.breaks]}: {_short(change.example)}"
                )
        if self.comparison.changes:
            yield from (f"{name}: {_ANSWERS[answer]}" for name, answer in self._verdicts())
        yield self._summary()

    def _verdicts(self) -> list[tuple[str, Answer]]:
        """Those on modules of which something changed."""
        changed = {change.module for change in self.comparison.changes}
        return [pair for pair in self.comparison.verdicts.items() if pair[0] in changed]

    def _summary(self) -> str:
        changes, failing = self.comparison.changes, self.failing
        if not changes:
            return "nothing changed"
        told = counted(len(changes), "change")
        if not failing:
            return f"{told}, none of which breaks what is asked for"
        broken = _listed(word for change in failing for word in change.breaks & self.fail_on)
        which = "which breaks" if len(changes) == 1 else f"{len(failing)} of which break"
        return f"{told}, {which} {broken}"

    def _markdown(self) -> Iterator[str]:
        old, new = map(_code, self.names)
        yield f"### Settings: {old} → {new}"
        yield ""
        yield f"{self._summary().capitalize()}."
        changes = self.comparison.changes
        if not changes:
            return
        if verdicts := self._verdicts():
            yield ""
            yield from (f"- {_code(name)}: {_ANSWERS[answer]}" for name, answer in verdicts)
        yield ""
        yield "| setting | change | breaks |"
        yield "| --- | --- | --- |"
        for change in changes:
            setting = _code(_setting(change))
            yield f"| {setting} | {_escaped(change.message)} | {_listed(change.breaks)} |"
        for change in (change for change in changes if change.example is not None):
            text = printable(_short(change.example))
            yield ""
            words = _EXAMPLE["extra" in change.breaks]
            yield f"<details><summary>{_escaped(_setting(change))}: {words}</summary>"
            yield ""
            fence = "`" * max(3, _longest_ticks(text) + 1)
            yield from (f"{fence}json", text, fence, "", "</details>")

    # For programs

    def _json(self) -> dict[str, Any]:
        changes = [
            {
                "module": change.module,
                "path": change.path,
                "message": change.message,
                "old": change.old and change.old._asdict(),
                "new": change.new and change.new._asdict(),
                "breaks": [word for word in BREAKS if word in change.breaks],
                "example": change.example,
            }
            for change in self.comparison.changes
        ]
        failing = [word for word in BREAKS if any(word in c.breaks for c in self.failing)]
        failing = [word for word in failing if word in self.fail_on]
        return {"changes": changes, "stored": dict(self.comparison.verdicts), "failing": failing}

    def _problem(self, change: Change) -> Problem:
        severity: Any = "notice"
        if change.breaks:
            severity = "error" if change.breaks & self.fail_on else "warning"
        place = change.new or change.old
        broken = f" (breaks {_listed(change.breaks)})" if change.breaks else ""
        return Problem(
            f"{_setting(change)}: {change.message}{broken}",
            place and place.path,
            place and place.line,
            severity="note" if severity == "notice" else severity,
            hint=None if change.example is None else f"for example {_short(change.example)}",
            code="changed",
        )


_EXAMPLE = {
    False: "a config that no longer loads",
    True: "a config with an undeclared key that no longer loads",
}


def _setting(change: Change) -> str:
    return f"{change.module}: {change.path}" if change.path else change.module


def _listed(breaks: Iterable[str]) -> str:
    found = set(breaks)
    return ", ".join(word for word in BREAKS if word in found)


def _places(change: Change) -> str:
    def place(at: Place) -> str:
        return f"{at.path}:{at.line}"

    if change.new is not None:
        return place(change.new) + (f" (was: {place(change.old)})" if change.old else "")
    return f"was: {place(change.old)}" if change.old else ""


def _short(example: Any) -> str:
    text = json.dumps(example, ensure_ascii=False)
    return text if len(text) <= MAX_EXAMPLE else f"{text[: MAX_EXAMPLE - 1]}…"


def _escaped(text: str) -> str:
    return printable(text).translate(_MARKDOWN)


def _code(text: str) -> str:
    """Code inside a line, in which nothing has a meaning but `|`."""
    text = printable(text).replace("|", "\\|")
    ticks = "`" * (_longest_ticks(text) + 1)
    pad = " " if "`" in text else ""
    return f"{ticks}{pad}{text}{pad}{ticks}"


def _longest_ticks(text: str) -> int:
    longest = count = 0
    for sign in text:
        count = count + 1 if sign == "`" else 0
        longest = max(longest, count)
    return longest
