"""A sweep of Weights & Biases: https://docs.wandb.ai/guides/sweeps/sweep-config-keys."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ...cli.writing import Unsayable, Writer
from ..space import Numbers
from .plan import Export, Placed, Plan, about_steps, steps, told, unconditional, word

_METHODS = {"tpe": "bayes", "random": "random", "quasi": "random", "grid": "grid"}
_NAME = r"[A-Za-z_][A-Za-z0-9_.-]*"


def sweep(plan: Plan) -> Export:
    """The file that `wandb sweep` takes."""
    varied, losses = unconditional(plan.parameters, "W&B", _NAME)
    parameters = {each.flag: _parameter(each, plan.search == "grid", losses) for each in varied}
    if plan.search == "quasi":
        losses.append("Quasi-random search is random search here.")
    if len(plan.goals) > 1:
        rest = ", ".join(goal.metric for goal in plan.goals[1:])
        losses.append(f"{rest}: no goal here, as a sweep of W&B has one.")
    document = {
        "method": _METHODS[plan.search],
        "metric": {"name": plan.goal.metric, "goal": f"{plan.goal.direction}imize"},
        "run_cap": plan.runs,
        "parameters": parameters,
        "command": [*plan.program, "${args}"],
    }
    about = [
        "A sweep of Weights & Biases. Begin it with",
        "    wandb sweep THIS_FILE",
        "and start an agent on each machine with the words that this prints. W&B hears of metrics "
        "from the program itself: wandb.init() in its run, and wandb.log() with those named here.",
    ]
    return Export(written(about, losses, document), tuple(losses), document)


def written(about: Sequence[str], losses: Sequence[str], document: dict[str, Any]) -> str:
    """Data as YAML, below comments.

    Raises:
        ValueError: some text in it is no Unicode.
    """
    try:
        text = Writer().yaml(None, document)
    except Unsayable as error:
        raise ValueError(str(error)) from None
    return "\n".join([*told(about, losses), text])


def _parameter(each: Placed, is_grid: bool, losses: list[str]) -> dict[str, Any]:
    found = each.parameter
    if not isinstance(found, Numbers):
        return {"values": [word(choice) for choice in found.choices]}
    limits = {"min": found.low, "max": found.high}
    if is_grid:
        return {"values": steps(found)}
    if found.log and found.integer:
        return {"distribution": "q_log_uniform_values", **limits, "q": 1}
    if found.log:
        return {"distribution": "log_uniform_values", **limits}
    if found.size is None:
        return {"distribution": "uniform", **limits}
    if found.integer and (found.step or 1) == 1:
        return {"distribution": "int_uniform", **limits}
    losses.append(about_steps(found, "W&B"))
    return {"values": steps(found)}
