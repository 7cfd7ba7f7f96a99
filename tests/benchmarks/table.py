"""What was measured as Markdown: a summary, and a table for each chapter.

Nothing in here is typed by hand but the reasons why another is ahead (`reasons.py`); who is first
is computed.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from measuring import Case
from reasons import REASONS

#: The names of what is ours: competitors like others, of which the first is compared.
OURS = ("brevetti", "brevetti with fast", "brevetti, with the machine's half")


@dataclass(frozen=True)
class Chapter:
    """A work, of which the cases are measured: `unit` is `s` or `B`."""

    name: str
    title: str
    told: str
    unit: str
    axis: str
    cases: Sequence[Case]


@dataclass(frozen=True)
class Ratio:
    """A peer's time over ours in the same turns: the quartiles."""

    low: float
    median: float
    high: float

    @property
    def is_ahead(self) -> bool:
        """Whether three of four turns of the peer were shorter."""
        return self.high < 1


def ratio(case: Case, name: str, ours: str = OURS[0]) -> Ratio | None:
    """How much longer a peer takes than ours; None where either was not measured."""
    own, peer = case.found.get(ours), case.found.get(name)
    if not isinstance(own, list) or not isinstance(peer, list):
        return None
    return Ratio(*_quartiles([b / a for a, b in zip(own, peer, strict=True)]))


def _quartiles(values: Sequence[float]) -> tuple[float, float, float]:
    if len(values) == 1:
        return (values[0],) * 3
    low, middle, high = statistics.quantiles(values, n=4, method="inclusive")
    return low, middle, high


def peers(chapter: Chapter) -> list[str]:
    """Those of a chapter that are not ours."""
    names = dict.fromkeys(name for case in chapter.cases for name in case.found)
    return [name for name in names if name not in OURS]


def ahead(chapter: Chapter, case: Case) -> dict[str, Ratio]:
    """The peers that are faster than ours, and than any other of ours, in a case."""
    found: dict[str, Ratio] = {}
    for name in peers(chapter):
        each = ratio(case, name)
        if each and each.is_ahead:
            found[name] = each
    return found


def amount(number: float, unit: str) -> str:
    """`12.3 µs`, `4.56 MB`."""
    steps = {
        "s": ((1, "s"), (1e-3, "ms"), (1e-6, "µs")),
        "B": ((1e6, "MB"), (1e3, "KB"), (1, "B")),
    }[unit]
    scale, name = next((step for step in steps if number >= step[0]), steps[-1])
    value = number / scale
    return f"{value:,.0f} {name}" if value >= 100 else f"{value:.3g} {name}"


def _cell(case: Case, name: str, unit: str) -> str:
    took = case.found.get(name)
    if took is None:
        return ""
    if isinstance(took, str):
        return f"*{took}*"
    low, middle, high = _quartiles(took)
    spread = f" ± {50 * (high - low) / middle:.0f} %" if high > low else ""
    each = None if name == OURS[0] else ratio(case, name)
    over = f" ({each.median:.3g}x)" if each else ""
    text = f"{amount(middle, unit)}{spread}{over}"
    return f"**{text}**" if each and each.is_ahead and name not in OURS else text


def summary(chapters: Sequence[Chapter]) -> str:
    """One line for each work: ours, the best peer, and whether we are first."""
    lines = [
        "| work | of | ours | the best peer | takes | first |",
        "| --- | --- | --: | --- | --: | --- |",
    ]
    for chapter in chapters:
        for case in _telling(chapter):
            own = case.found.get(OURS[0])
            ratios = {name: ratio(case, name) for name in peers(chapter)}
            known = {name: each for name, each in ratios.items() if each}
            if not isinstance(own, list) or not known:
                continue
            best = min(known, key=lambda name: known[name].median)
            mark = f"no: {', '.join(ahead(chapter, case))}" if ahead(chapter, case) else "yes"
            taken = amount(statistics.median(own), chapter.unit)
            over = f"{known[best].median:.3g} times ours"
            lines.append(f"| {chapter.title} | {case.name} | {taken} | {best} | {over} | {mark} |")
    return "\n".join(lines)


def _telling(chapter: Chapter) -> Iterator[Case]:
    """The cases without a size, and of those with one the smallest and the largest."""
    sized = [case for case in chapter.cases if case.size is not None]
    for case in chapter.cases:
        if case.size is None or case in (sized[0], sized[-1]):
            yield case


def text(chapter: Chapter) -> str:
    """The section of a chapter."""
    names = dict.fromkeys(name for case in chapter.cases for name in case.found)
    head = ["", *(case.name for case in chapter.cases)]
    lines = [f"## {chapter.title}", "", chapter.told, "", f"| {' | '.join(head)} |"]
    lines.append("| --- |" + " --: |" * len(chapter.cases))
    for name in names:
        shown = f"**{name}**" if name in OURS else name
        cells = [_cell(case, name, chapter.unit) for case in chapter.cases]
        lines.append(f"| {shown} | {' | '.join(cells)} |")
    return "\n".join([*lines, "", *_not_first(chapter)])


def _not_first(chapter: Chapter) -> list[str]:
    """Who is ahead of ours, in what, and why; those for one reason together."""
    told: dict[str, list[str]] = {}
    for name in peers(chapter):
        found = [
            f"{case.name} ({each.median:.2g} of ours)"
            for case in chapter.cases
            if (each := ahead(chapter, case).get(name))
        ]
        if found:
            why = REASONS.get((chapter.name, name), "What bounds it is not known yet.")
            told.setdefault(why, []).append(f"**{name}** in {', '.join(found)}")
    if not told:
        return ["Ours is first in each column.", ""]
    lines = [f"- {'; '.join(found)}. {why}" for why, found in told.items()]
    return ["Not first:", "", *lines, ""]
