"""Growth as a picture: a panel for each chapter, both axes logarithmic, as SVG of some KB.

Text stays text. Colours follow the reader's scheme, light or dark, by a style sheet inside.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from html import escape

from measuring import Case
from table import OURS, Chapter, amount

_WIDTH, _HEIGHT, _COLUMNS = 430, 250, 2
#: The area of a panel in which lines are drawn.
_LEFT, _RIGHT, _TOP, _BOTTOM = 62, 285, 40, 205
_LINE = 11.5
_STYLE = """
svg { font: 11px system-ui, -apple-system, "Segoe UI", sans-serif; }
.page { fill: #ffffff } .title { font-weight: 600; font-size: 13px; fill: #1f2328 }
.axis, .tick { fill: #59636e } .grid { stroke: #d1d9e0; stroke-width: 0.6 }
.line { fill: none; stroke-width: 1.4; opacity: 0.85 } .ours { stroke-width: 3; opacity: 1 }
.name-ours { font-weight: 700 }
@media (prefers-color-scheme: dark) {
  .page { fill: #0d1117 } .title { fill: #f0f6fc } .axis, .tick { fill: #9198a1 }
  .grid { stroke: #3d444d }
}
"""
_OURS_COLOURS = ("#d1495b", "#a8324a")
_COLOURS = ("#2f7fd1", "#2e9e5b", "#9a6bd0", "#b8860b", "#1a9ba1", "#c86a2b", "#7a8b99", "#b0569a")


def _points(cases: Sequence[Case], name: str) -> list[tuple[float, float]]:
    return [
        (case.size, statistics.median(took))
        for case in cases
        if case.size and isinstance(took := case.found.get(name), list)
    ]


def is_growth(chapter: Chapter) -> bool:
    """Whether a chapter has cases of several sizes."""
    return len({case.size for case in chapter.cases if case.size}) > 1


def svg(chapters: Sequence[Chapter]) -> str:
    """The picture of the chapters that grow."""
    shown = [chapter for chapter in chapters if is_growth(chapter)]
    names = dict.fromkeys(n for chapter in shown for case in chapter.cases for n in case.found)
    peers = [name for name in names if name not in OURS]
    colours = {name: _COLOURS[i % len(_COLOURS)] for i, name in enumerate(peers)}
    colours |= dict.fromkeys(OURS, _OURS_COLOURS[0])
    rows = math.ceil(len(shown) / _COLUMNS)
    width, height = _WIDTH * _COLUMNS, _HEIGHT * rows + 10
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'role="img" aria-label="What works of several sizes take, of brevetti and its peers">',
        f'<style>{_STYLE}</style><rect class="page" width="{width}" height="{height}" rx="8"/>',
    ]
    for index, chapter in enumerate(shown):
        x, y = index % _COLUMNS * _WIDTH, index // _COLUMNS * _HEIGHT
        parts.append(f'<g transform="translate({x} {y})">')
        parts += [*_panel(chapter, colours), "</g>"]
    return "\n".join([*parts, "</svg>", ""])


class _Scale:
    """Places of numbers on a logarithmic axis."""

    def __init__(self, values: Sequence[float], begin: float, end: float) -> None:
        self.low, self.high = math.log10(min(values)), math.log10(max(values))
        if self.high - self.low < 0.5:
            self.low, self.high = self.low - 0.25, self.high + 0.25
        self.begin, self.end = begin, end

    def __call__(self, value: float) -> float:
        share = (math.log10(value) - self.low) / (self.high - self.low)
        return round(self.begin + share * (self.end - self.begin), 1)

    def decades(self) -> list[float]:
        return [
            10.0**n for n in range(math.ceil(self.low - 1e-9), math.floor(self.high + 1e-9) + 1)
        ]


def _panel(chapter: Chapter, colours: dict[str, str]) -> list[str]:
    sized = [case for case in chapter.cases if case.size]
    names = dict.fromkeys(name for case in sized for name in case.found)
    lines = {name: found for name in names if (found := _points(sized, name))}
    across = _Scale([case.size for case in sized if case.size], _LEFT + 6, _RIGHT - 6)
    up = _Scale([y for found in lines.values() for _, y in found], _BOTTOM, _TOP + 6)
    parts = [f'<text class="title" x="12" y="22">{escape(chapter.title)}</text>']
    for value in up.decades():
        parts.append(f'<path class="grid" d="M{_LEFT} {up(value)}H{_RIGHT}"/>')
        shown = amount(value, chapter.unit)
        parts.append(_text("tick", _LEFT - 5, up(value) + 4, shown, "end"))
    for size in (case.size for case in sized if case.size):
        parts.append(_text("tick", across(size), _BOTTOM + 15, f"{size:,g}", "middle"))
    parts.append(_text("axis", (_LEFT + _RIGHT) / 2, _BOTTOM + 31, chapter.axis, "middle"))
    for name, found in sorted(lines.items(), key=lambda line: line[0] in OURS):
        path = "L".join(f"{across(x)} {up(y)}" for x, y in found)
        kind = "line ours" if name in OURS else "line"
        dots = "".join(
            f'<circle cx="{across(x)}" cy="{up(y)}" r="2.2" fill="{colours[name]}"/>'
            for x, y in found
        )
        parts.append(f'<path class="{kind}" stroke="{colours[name]}" d="M{path}"/>{dots}')
    ends = {name: up(found[-1][1]) for name, found in lines.items()}
    for name, y in _spread(ends).items():
        kind = "name-ours" if name in OURS else "name"
        shown = escape(name.replace("`", ""))
        parts.append(
            f'<text class="{kind}" x="{_RIGHT + 6}" y="{y + 4:.1f}" fill="{colours[name]}">'
            f"{shown}</text>"
        )
    return parts


def _spread(places: dict[str, float]) -> dict[str, float]:
    """Where names stand, near the ends of their lines and not over one another."""
    names = sorted(places, key=lambda name: places[name])
    found: dict[str, float] = {}
    last = -math.inf
    for name in names:
        last = found[name] = max(places[name], last + _LINE)
    over = last - (_BOTTOM + 8)
    if over > 0:  # push up what stands too low
        bound = math.inf
        for name in reversed(names):
            bound = found[name] = min(found[name], bound - _LINE, _BOTTOM + 8)
    return found


def _text(kind: str, x: float, y: float, shown: str, anchor: str) -> str:
    return f'<text class="{kind}" x="{x:g}" y="{y:g}" text-anchor="{anchor}">{escape(shown)}</text>'
