"""The figures of a report: Optuna's, of a study in which all texts are escaped.

Plotly reads HTML in labels, and names and values of settings come from strangers.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from html import escape
from typing import Any

import optuna
from optuna.distributions import BaseDistribution, CategoricalDistribution
from optuna.trial import FrozenTrial, TrialState, create_trial

from brevettiai.errors import visible
from brevettiai.sweep.goals import Goal
from brevettiai.sweep.wording import short_names

_LONGEST = 48
_MOST_LINES = 200
"""More lines in a figure can neither be told apart, nor drawn at once."""
_ENDED = (TrialState.COMPLETE, TrialState.PRUNED)


@dataclass(frozen=True)
class Figure:
    """A figure.

    Attributes:
        about: how to read it.
        json: what Plotly draws; "" where there is too little for it.
        table: the same as words and numbers, where these are few.
    """

    title: str
    about: str
    json: str = ""
    table: Sequence[tuple[str, str]] = ()


def figures_of(trials: Sequence[FrozenTrial], goals: Sequence[Goal]) -> list[Figure]:
    """The figures that trials give."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Parts of Optuna's plots are experimental.
        shown = _Texts()
        study = _study(trials, goals, shown)
        found = [*_of_each_goal(study, goals, shown), *_curves(study, goals, shown)]
        if len(goals) > 1:
            found.insert(0, _front(study, goals, shown))
        return found


class _Study(optuna.Study):
    """A study whose trials are only read, so that none is copied: there may be many."""

    def get_trials(
        self, deepcopy: bool = True, states: Container[TrialState] | None = None
    ) -> list[FrozenTrial]:
        return super().get_trials(deepcopy=False, states=states)


class _Texts:
    """Texts as Plotly can show them: short, one as unlike the other as before, without HTML."""

    def __init__(self) -> None:
        self._given: dict[str, str] = {}
        self._taken: set[str] = set()

    def __call__(self, text: str) -> str:
        if text not in self._given:
            short = visible(text)
            short = short if len(short) <= _LONGEST else f"{short[: _LONGEST - 1]}…"
            found, count = short, 1
            while found in self._taken:
                count += 1
                found = f"{short} ({count})"
            self._taken.add(found)
            # Plotly reads entities as HTML does; quotes it leaves alone.
            self._given[text] = escape(found, quote=False)
        return self._given[text]


def _study(trials: Sequence[FrozenTrial], goals: Sequence[Goal], shown: _Texts) -> optuna.Study:
    """A study in memory with the same trials under the same numbers."""
    optuna.logging.set_verbosity(optuna.logging.ERROR)  # The page says what there is not.
    study = _study_of([], goals)
    distributions: dict[int, BaseDistribution] = {}
    short = short_names(dict.fromkeys(name for trial in trials for name in trial.params))
    names = {name: shown(text) for name, text in short.items()}
    for trial in trials:
        ended = trial.state in _ENDED
        study.add_trial(
            create_trial(
                state=trial.state if ended else TrialState.FAIL,
                values=trial.values if trial.state == TrialState.COMPLETE else None,
                params={names[k]: _value(v, shown) for k, v in trial.params.items()},
                distributions={
                    names[name]: _escaped(each, shown, distributions)
                    for name, each in trial.distributions.items()
                },
                intermediate_values=trial.intermediate_values,
            )
        )
    return study


def _study_of(trials: Iterable[FrozenTrial], goals: Sequence[Goal]) -> optuna.Study:
    directions: list[Any] = [f"{goal.direction}imize" for goal in goals]
    storage = optuna.storages.InMemoryStorage()
    name = optuna.create_study(storage=storage, directions=directions).study_name
    study = _Study(name, storage)
    study.add_trials(trials)
    return study


def _best_of(study: optuna.Study, index: int, goals: Sequence[Goal]) -> tuple[optuna.Study, str]:
    """The study, with only the best runs if there are many; and what to say of that."""
    done = [trial for trial in study.trials if trial.state == TrialState.COMPLETE]
    if len(done) <= _MOST_LINES:
        return study, ""
    sign = 1 if goals[index].direction == "min" else -1
    done.sort(key=lambda trial: sign * trial.values[index])
    return _study_of(done[:_MOST_LINES], goals), f", of the best {_MOST_LINES}"


def _value(value: Any, shown: _Texts) -> Any:
    return shown(value) if isinstance(value, str) else value


def _escaped(
    distribution: BaseDistribution, shown: _Texts, known: dict[int, BaseDistribution]
) -> BaseDistribution:
    if not isinstance(distribution, CategoricalDistribution):
        return distribution
    if id(distribution) not in known:
        choices = [_value(choice, shown) for choice in distribution.choices]
        known[id(distribution)] = CategoricalDistribution(choices)
    return known[id(distribution)]


def _of_each_goal(study: optuna.Study, goals: Sequence[Goal], shown: _Texts) -> Iterator[Figure]:
    for index, goal in enumerate(goals):
        name = shown(goal.metric)
        of_goal = f" of {visible(goal.metric)}" if len(goals) > 1 else ""
        aim: dict[str, Any] = {"target_name": name}
        if of_goal:
            aim["target"] = partial(_value_of, index)
        plot = optuna.visualization
        best = "lowest" if goal.direction == "min" else "highest"
        line = "" if of_goal else f"; the line is the {best} {visible(goal.metric)} so far"
        lines, of_best = _best_of(study, index, goals)
        yield _drawn(
            f"History{of_goal}",
            f"Each point is a run{line}.",
            partial(_history, study, **aim),
        )
        yield _importance(study, f"Importance{of_goal}", aim)
        yield _drawn(
            f"Parallel coordinates{of_goal}",
            f"Each line is a run that is done{of_best}; the better, the stronger its color.",
            partial(plot.plot_parallel_coordinate, lines, **aim),
        )


def _history(study: optuna.Study, **aim: Any) -> Any:
    drawn: Any = optuna.visualization.plot_optimization_history(study, **aim)
    return drawn.update_layout(xaxis_title="run")


def _value_of(index: int, trial: FrozenTrial) -> float:
    values: list[float] = trial.values
    return values[index]


def _importance(study: optuna.Study, title: str, aim: Mapping[str, Any]) -> Figure:
    from optuna.importance import PedAnovaImportanceEvaluator, get_param_importances

    about = (
        "How much of what tells the best tenth of the runs from the others is due to a setting "
        "(PED-ANOVA). Settings that depend on a choice are not in it."
    )
    evaluator = PedAnovaImportanceEvaluator()
    shares: dict[str, float] = {}

    def draw() -> Any:
        found = get_param_importances(study, evaluator=evaluator, target=aim.get("target"))
        shares.update(found)
        drawn: Any = optuna.visualization.plot_param_importances(study, evaluator=evaluator, **aim)
        return drawn.update_layout(yaxis_title=None, xaxis_title="share")

    figure = _drawn(title, about, draw)
    table = [(name, f"{share:.0%}") for name, share in shares.items()]
    return Figure(title, figure.about, figure.json, table if figure.json else ())


def _curves(study: optuna.Study, goals: Sequence[Goal], shown: _Texts) -> Iterator[Figure]:
    """What runs reported on their way; of more than can be told apart, the best."""
    if len(goals) > 1:
        return
    reported = [trial for trial in study.trials if len(trial.intermediate_values) > 1]
    if not reported:
        return
    sign = 1 if goals[0].direction == "min" else -1
    reported.sort(key=lambda trial: sign * trial.intermediate_values[trial.last_step or 0])
    some = _study_of(reported[:_MOST_LINES], goals)
    of = f", of the {_MOST_LINES} best runs" if len(reported) > _MOST_LINES else ""
    yield _drawn(
        "Curves",
        f"The {visible(goals[0].metric)} that runs reported, by step or epoch{of}.",
        partial(_reported, some, shown(goals[0].metric)),
    )


def _reported(study: optuna.Study, name: str) -> Any:
    drawn: Any = optuna.visualization.plot_intermediate_values(study)
    return drawn.update_layout(xaxis_title="step", yaxis_title=name)


def _front(study: optuna.Study, goals: Sequence[Goal], shown: _Texts) -> Figure:
    names = [shown(goal.metric) for goal in goals]
    about = "The best are the runs that no other one is at least as good as in all goals."
    if len(goals) > 3:
        return Figure("Pareto front", f"{about} More than three goals are not drawn.")
    return _drawn(
        "Pareto front",
        about,
        partial(optuna.visualization.plot_pareto_front, study, target_names=names),
    )


def _drawn(title: str, about: str, draw: Callable[[], Any]) -> Figure:
    try:
        figure = draw()
    except (ValueError, RuntimeError):
        return Figure(title, f"{about} There are too few runs, or too much alike, to draw it.")
    if not figure.data:
        return Figure(title, f"{about} There are too few runs to draw it.")
    figure.update_layout(title=None, template="none", autosize=True, width=None, height=None)
    return Figure(title, about, figure.to_json())
