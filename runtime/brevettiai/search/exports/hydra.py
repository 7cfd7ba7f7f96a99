"""A config for Hydra with its Optuna sweeper: https://hydra.cc/docs/plugins/optuna_sweeper."""

from __future__ import annotations

import re
from typing import Any

from ..space import Choice, Numbers
from .plan import Export, Placed, Plan, about_steps, steps, unconditional
from .wandb import written

_SAMPLERS = {"tpe": "tpe", "random": "random", "quasi": "random", "grid": "grid"}
_KEY = r"[A-Za-z_$][A-Za-z0-9_$-]*"
_NAME = rf"{_KEY}(\.({_KEY}|0|[1-9][0-9]*))*"
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
#: What Hydra would take for something else than text.
_NOT_TEXT = frozenset("null true false yes no on off inf nan".split())


def config(plan: Plan) -> Export:
    """A file for the folder `conf/experiment` of a Hydra application."""
    varied, losses = unconditional(plan.parameters, "Hydra", _NAME)
    found = ((each.flag, _sweep(each, plan.search == "grid", losses)) for each in varied)
    params = {f"++{flag}": text for flag, text in found if text}
    if plan.search == "quasi":
        losses.append("Quasi-random search is random search here.")
    directions = [f"{goal.direction}imize" for goal in plan.goals]
    document = {
        "defaults": [
            {"override /hydra/sweeper": "optuna"},
            {"override /hydra/sweeper/sampler": _SAMPLERS[plan.search]},
        ],
        "hydra": {
            "sweeper": {
                "direction": directions if len(directions) > 1 else directions[0],
                "n_trials": plan.runs,
                "n_jobs": 1,
                "params": params,
            }
        },
    }
    goals = " and ".join(goal.metric for goal in plan.goals)
    about = [
        "@package _global_",
        f"For a Hydra application whose function gives {goals}. As conf/experiment/sweep.yaml:",
        "    python app.py --multirun +experiment=sweep",
        "The config of a run is that of the settings: from_config(OmegaConf.to_container(cfg)).",
        f"The job by itself is started as {' '.join(plan.program)}.",
    ]
    return Export(written(about, losses, document), tuple(losses), document)


def _sweep(each: Placed, is_grid: bool, losses: list[str]) -> str | None:
    """What a setting may be, in Hydra's words; None where none of it can be said."""
    found = each.parameter
    if not isinstance(found, Numbers):
        if [choice.value for choice in found.choices] == [{}]:
            return None  # What is set inside it makes it.
        said = [text for choice in found.choices if (text := _value(each.flag, choice, losses))]
        return f"choice({', '.join(said)})" if said else None
    interval = f"interval({_number(found, found.low)}, {_number(found, found.high)})"
    if is_grid:
        return f"choice({', '.join(map(repr, steps(found)))})"
    if found.log:
        return f"int(tag(log, {interval}))" if found.integer else f"tag(log, {interval})"
    if found.size is None:
        return interval
    if found.integer:
        # The sweeper has the end among the values, other than Hydra's own range.
        return f"range({found.low}, {found.high}, {found.step or 1})"
    losses.append(about_steps(found, "Hydra"))
    return f"choice({', '.join(map(repr, steps(found)))})"


def _number(numbers: Numbers, value: float) -> str:
    return repr(int(value) if numbers.integer else float(value))


def _value(flag: str, choice: Choice, losses: list[str]) -> str | None:
    value: Any = choice.value
    if isinstance(value, bool):
        return repr(value).lower()
    if isinstance(value, (int, float)):
        return repr(value)
    if isinstance(value, str) and _can_be_said(value):
        if _PLAIN.fullmatch(value) and value.lower() not in _NOT_TEXT:
            return value
        # What is proposed is read once more: the text needs quotes then, too.
        return _quoted(_quoted(value, '"'), "'")
    losses.append(f"{flag}: without {choice.label}, which the sweeper of Hydra cannot propose.")
    return None


def _can_be_said(text: str) -> bool:
    """Not what OmegaConf would replace, nor what ends a word of a command line."""
    return "${" not in text and "\0" not in text


def _quoted(text: str, quote: str) -> str:
    """Text in quotes: backslashes count before a quote only, those within and the last one."""
    inside = re.sub(rf"(\\*){quote}", lambda m: m[1] * 2 + "\\" + quote, text)
    ending = re.search(r"\\*\Z", inside)
    return f"{quote}{inside}{ending[0] if ending else ''}{quote}"
