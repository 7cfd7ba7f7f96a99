"""A script for Ray Tune: https://docs.ray.io/en/latest/tune."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ..space import Numbers, Parameter
from .plan import Export, Placed, Plan, about_steps, split, steps, told, unconditional, word

_SCRIPT = '''\
import json
import os
import subprocess
from pathlib import Path

from ray import tune
{imports}
PROGRAM = {program}
METRICS = {metrics}
FLAGS = {flags}

param_space = {{
{space}
}}


def trainable(config):
    """Do a run in a process of its own, and report what it measured."""
    given = {{name: value for name, value in config.items() if value is not None}}
    flags = [f"--{{FLAGS.get(name, name)}}={{value}}" for name, value in given.items()]
    job_dir = Path(tune.get_context().get_trial_dir(), "job").resolve()
    # Ray works in the folder of the trial; the program is found from where Ray was started.
    folder = os.environ.get("TUNE_ORIG_WORKING_DIR")
    subprocess.run([*PROGRAM, *flags, f"--job_dir={{job_dir}}"], cwd=folder, check=True)
    output = json.loads(Path(job_dir, "artifacts", "output.json").read_text("utf-8"))["output"]
    tune.report({{name: output[name] for name in METRICS}})


if __name__ == "__main__":
    tuner = tune.Tuner(
        trainable,
        param_space=param_space,
        tune_config=tune.TuneConfig({config}),
    )
    best = tuner.fit().get_best_result({best})
    print(best.metrics, best.config)
'''


@dataclass(frozen=True)
class Domain:
    """What a setting may be: a function of `ray.tune`, and its arguments.

    Attributes:
        when: the names of settings, and the values that they must have for this to be one.
    """

    function: str
    arguments: tuple[Any, ...]
    when: tuple[tuple[str, Any], ...] = ()

    def source(self) -> str:
        """Python that makes it."""
        call = f"tune.{self.function}({', '.join(map(repr, self.arguments))})"
        if not self.when:
            return call
        tests = " and ".join(f"config[{name!r}] == {value!r}" for name, value in self.when)
        return f"tune.sample_from(lambda config: {call}.sample() if {tests} else None)"

    def made(self, tune: Any) -> Any:
        """It itself, by the module `ray.tune`."""
        domain = getattr(tune, self.function)(*self.arguments)
        if not self.when:
            return domain

        def sample(config: Any) -> Any:
            is_there = all(config[name] == value for name, value in self.when)
            return domain.sample() if is_there else None

        return tune.sample_from(sample)


def param_space(parameters: Sequence[Parameter]) -> dict[str, Any]:
    """A search space as objects of Ray Tune, for its `Tuner`; by the names of flags.

    Raises:
        ImportError: Ray Tune is not installed.
    """
    from importlib import import_module

    tune = import_module("ray.tune")
    plan = Plan(tuple(parameters), (), (), 0, "random", "")
    return {name: domain.made(tune) for name, domain in _domains(plan, []).items()}


def script(plan: Plan) -> Export:
    """A script that does the sweep."""
    losses: list[str] = []
    domains = _domains(plan, losses)
    has_conditions = any(domain.when for domain in domains.values())
    by_optuna = plan.search == "tpe" and not has_conditions
    goals = plan.goals
    if plan.search == "quasi":
        losses.append("Quasi-random search is random search here.")
    if plan.search == "tpe" and has_conditions:
        losses.append(
            "TPE is random search here: settings that depend on another are functions to Ray, "
            "which its other searchers do not take."
        )
    if len(goals) > 1 and not by_optuna:
        rest = ", ".join(goal.metric for goal in goals[1:])
        losses.append(f"{rest}: recorded, but no goal: without Optuna, Ray has one.")
    losses.append("Ray hears of metrics at the end of each run, so that it stops none midway.")
    metrics = [goal.metric for goal in goals]
    first = f"{metrics[0]!r}, {_mode(plan, 0)!r}"
    if by_optuna and len(goals) > 1:
        modes = [_mode(plan, index) for index in range(len(goals))]
        config = f"search_alg=OptunaSearch(metric={metrics!r}, mode={modes!r}), "
    elif by_optuna:
        config = f"search_alg=OptunaSearch(), metric={metrics[0]!r}, mode={_mode(plan, 0)!r}, "
    else:
        config = f"metric={metrics[0]!r}, mode={_mode(plan, 0)!r}, "
    body = _SCRIPT.format(
        imports="from ray.tune.search.optuna import OptunaSearch\n" if by_optuna else "",
        program=list(plan.program),
        metrics=metrics,
        flags={
            _key(each.name): each.flag for each in _placed(plan) if _key(each.name) != each.flag
        },
        space="\n".join(f"    {name!r}: {each.source()}," for name, each in domains.items()),
        config=f"{config}num_samples={1 if plan.search == 'grid' else plan.runs}",
        best=first,
    )
    about = [
        "Many runs by Ray Tune. Begin them with",
        "    python THIS_FILE",
        "in the folder from which the program starts.",
    ]
    return Export("\n".join([*told(about, losses), body]), tuple(losses))


def _placed(plan: Plan) -> list[Placed]:
    always, dependent = split(plan.parameters)
    return [*always, *dependent]


def _mode(plan: Plan, index: int) -> str:
    return plan.goals[index].direction


def _domains(plan: Plan, losses: list[str]) -> dict[str, Domain]:
    """What each parameter may be, by its name."""
    if plan.search == "grid":
        always, unsaid = unconditional(plan.parameters, "the grid search of Ray")
        losses += unsaid
    else:
        always = _placed(plan)
    return {_key(each.name): _domain(each, plan.search, losses) for each in always}


def _key(name: str) -> str:
    """A name that Ray takes: it has nested ones, with slashes."""
    return name.replace("/", "|")


def _domain(each: Placed, search: str, losses: list[str]) -> Domain:
    found = each.parameter
    when = tuple((_key(name), word(choice)) for name, choice in each.when)
    if not isinstance(found, Numbers):
        words = [word(choice) for choice in found.choices]
        return Domain("grid_search" if search == "grid" else "choice", (words,), when)
    if search == "grid":
        return Domain("grid_search", (steps(found),), when)
    scale = "log" if found.log else ""
    if found.integer and not found.step:
        return Domain(f"{scale}randint", (int(found.low), int(found.high) + 1), when)
    if found.size is None:
        return Domain(f"{scale}uniform", (float(found.low), float(found.high)), when)
    losses.append(about_steps(found, "Ray"))
    return Domain("choice", (steps(found),), when)
