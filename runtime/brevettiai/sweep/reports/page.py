"""The page of a report: what of a sweep people want to know, laid out by a template."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from brevettiai.cli.words import write_json
from brevettiai.config.json_text import json_text
from brevettiai.errors import visible
from brevettiai.show.pages import base_style, digest_of, in_script
from brevettiai.sweep.errors import SweepError
from brevettiai.sweep.wording import duration_text, folder_text, value_text

if TYPE_CHECKING:
    from brevettiai.sweep.folder import SweepFolder
    from brevettiai.sweep.reports.figures import Figure
    from brevettiai.sweep.rows import Row

_MOST_ROWS = 200
_LONGEST_ERROR = 4000


def page_of(sweep: SweepFolder, figures: Sequence[Figure], rejected: int = 0) -> str:
    """The HTML of the report, which asks nobody for anything.

    Args:
        rejected: how many proposals the settings class refused.
    """
    import jinja2

    goals = sweep.definition.goals
    names = list(dict.fromkeys(name for row in sweep.rows for name in row.params))
    failed = [row for row in sweep.rows if row.state == "failed"]
    ranked, about = _ranked(sweep)
    style = f"{base_style()}\n{_own_text('page.css')}"
    script = _own_text("page.js")
    plotly = ""
    if any(figure.json for figure in figures):
        plotly = import_module("plotly.offline").get_plotlyjs()
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("page.html.jinja").render(
        in_script=in_script,
        policy=_policy(script, plotly, figures),
        version=sweep.definition.brevetti,
        style=style,
        script=script,
        plotly=plotly,
        title=f"Sweep of {visible(' '.join(sweep.program) or sweep.definition.settings)}",
        goals=[visible(goal.metric) for goal in goals],
        goals_text=" and ".join(_sought(goal) for goal in goals),
        counts=_counts(sweep, rejected),
        when=_when(sweep.rows),
        best=_best(sweep) if sweep.best else None,
        front=_shown(sweep.best[:_MOST_ROWS], names) if len(goals) > 1 else [],
        figures=figures,
        names=[visible(name) for name in names],
        failed=_shown(failed[-_MOST_ROWS:], names),
        more_failed=max(len(failed) - _MOST_ROWS, 0),
        rows=_shown(ranked, names),
        rows_about=about,
        facts=list(_facts(sweep)),
    )


def _own_text(name: str) -> str:
    return Path(__file__).with_name(name).read_text(encoding="utf-8")


def _policy(script: str, plotly: str, figures: Sequence[Figure]) -> str:
    scripts = " ".join(f"'{digest_of(each)}'" for each in (script, plotly) if each)
    # Plotly styles what it draws, and compiles shaders for what older versions of Optuna draw.
    compiles = " 'unsafe-eval'" if any('"parcoords"' in each.json for each in figures) else ""
    return "; ".join(
        [
            "default-src 'none'",
            f"script-src {scripts}{compiles}",
            "style-src 'unsafe-inline'",
            "img-src data: blob:",
            "base-uri 'none'",
            "form-action 'none'",
        ]
    )


def _sought(goal: Any) -> str:
    return f"{'Least' if goal.direction == 'min' else 'Most'} {visible(goal.metric)}"


def _counts(sweep: SweepFolder, rejected: int) -> str:
    states = [row.state for row in sweep.rows]
    counted = {state: states.count(state) for state in ("done", "pruned", "failed")}
    texts = [f"{count} {state}" for state, count in counted.items() if count or state == "done"]
    texts += [f"{rejected} proposals rejected by the settings"] if rejected else []
    of = sweep.definition.runs
    ended = f"{len(states)} of {of} runs" if len(states) < of else f"{len(states)} runs"
    return f"{ended}: {', '.join(texts)}"


def _when(rows: Iterable[Row]) -> str:
    spans = [(row.began, row.began + row.seconds) for row in rows if row.began]
    if not spans:
        return ""
    first, last = min(began for began, _ in spans), max(ended for _, ended in spans)
    return f"{_time(first)} to {_time(last)}, {duration_text(last - first)}."


def _time(seconds: float) -> str:
    return time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime(seconds))


@dataclass(frozen=True)
class _Shown:
    """A run as a line of a table shows it."""

    run: int
    state: str
    goals: Sequence[str]
    params: Sequence[str]
    time: str
    attempts: int
    worker: str
    error: str


def _shown(rows: Iterable[Row], names: Sequence[str]) -> list[_Shown]:
    return [
        _Shown(
            run=row.run,
            state=row.state,
            goals=[value_text(value) for value in row.values] or [""],
            params=[value_text(row.params[name]) if name in row.params else "" for name in names],
            time=duration_text(row.seconds),
            attempts=row.attempts,
            worker=visible(row.worker),
            error=_lines(row.error),
        )
        for row in rows
    ]


def _lines(text: str) -> str:
    text = text.strip()
    text = text if len(text) <= _LONGEST_ERROR else f"…{text[-_LONGEST_ERROR:]}"
    return "\n".join(visible(line) for line in text.split("\n"))


def _ranked(sweep: SweepFolder) -> tuple[list[Row], str]:
    """The runs that reached something, the best first, and what to say of them."""
    first = sweep.definition.goals[0]
    sign = 1 if first.direction == "min" else -1
    ended = [row for row in sweep.rows if row.values]
    ended.sort(key=lambda row: (row.state != "done", sign * row.values[0], row.run))
    about = f"By {visible(first.metric)}, the best first."
    if len(ended) > _MOST_ROWS:
        about += f" The first {_MOST_ROWS} of {len(ended)}; all are in runs.jsonl."
    return ended[:_MOST_ROWS], about


def _best(sweep: SweepFolder) -> dict[str, Any]:
    """The best settings in all ways that people want to copy."""
    row = sweep.row()
    goals = sweep.definition.goals
    which = "Of the best runs, below, the first is" if len(goals) > 1 else "The best is"
    found: dict[str, Any] = {
        "about": f"{which} run {row.run}.",
        "params": [(visible(name), _json(value)) for name, value in row.params.items()],
        "metrics": [(visible(name), value_text(value)) for name, value in row.metrics.items()],
        "copied": [],
        "problem": "",
    }
    try:
        best = sweep.settings_of(row)
    except SweepError as error:
        found["problem"] = _lines(str(error))
        return found
    note = "Secrets are left out: give them as in the sweep." if best.hides_secrets else ""
    if sweep.program:
        command = best.command(sweep.definition.program)
        found["copied"].append({"title": "Command line", "text": command, "note": note})
    for title, document in (
        ("Settings file", best.config),
        ("Preset, for the schema", best.preset(goals)),
    ):
        text = _lines(json_text(document, indent=2, ascii=True))
        found["copied"].append({"title": title, "text": text, "note": note})
    return found


def _json(value: Any) -> str:
    return visible(write_json(value))


def _facts(sweep: SweepFolder) -> Iterable[tuple[str, str]]:
    definition = sweep.definition
    yield "folder", visible(folder_text(sweep.path))
    yield "settings", visible(definition.settings)
    yield "space", visible(" ".join(definition.space)) or "what the schema says (x-search)"
    yield "search", f"{definition.search}, seed {definition.seed}"
    yield "ended early", definition.prune
    yield "from", visible(write_json(dict(definition.base)))
    yield "brevetti", visible(definition.brevetti)
