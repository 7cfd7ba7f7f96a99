"""Sweeps: what is proposed, run and recorded, with what stands in for who does the runs."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

optuna = pytest.importorskip("optuna", reason="needs optuna")
from brevettiai.io import Storage  # noqa: E402
from brevettiai.sweep.errors import SweepError, SweepWordsError  # noqa: E402
from brevettiai.sweep.rows import read_rows  # noqa: E402
from brevettiai.sweep.runs import Run  # noqa: E402
from brevettiai.sweep.storages import open_storage  # noqa: E402
from standins.sweeps import Lost, StepRunner, Sweep, Watcher  # noqa: E402

SCHEMA = {
    "type": "object",
    "properties": {
        "rate": {"type": "number", "minimum": 0.001, "maximum": 0.1},
        "size": {"type": "integer", "minimum": 1, "maximum": 4},
        "flip": {"type": "boolean"},
        "kind": {"enum": ["a", "b"]},
    },
    # At most one of the two: a rule that only the whole can judge.
    "not": {"properties": {"flip": {"const": True}, "size": {"const": 4}}},
}


@pytest.fixture
def sweep(class_of: Callable[..., Any], tmp_path: Path) -> Callable[..., Sweep]:
    cls = class_of(SCHEMA)

    def make(*names: str, folder: str = "sweep") -> Sweep:
        names = names or ("rate=0.001..0.1:log", "size", "kind")
        return Sweep(cls, str(tmp_path / folder), *names)

    return make


def job(run: Run) -> Iterator[dict[str, Any]]:
    """Its loss is least where the rate is 0.01."""
    loss = abs(math.log10(run.config["rate"]) + 2)
    yield {"loss": loss + 1, "accuracy": 0.5}
    return {"loss": loss, "accuracy": 1 - loss / 10}


def params_of(result: Any) -> list[dict[str, Any]]:
    return [dict(row.params) for row in result.rows]


def test_a_sweep(sweep: Callable[..., Sweep]) -> None:
    one = sweep()
    watcher = Watcher()
    runner = StepRunner(job, 2)
    result = one.drive(runner, watcher, runs=20)
    assert [row.run for row in result.rows] == list(range(20))
    assert {row.state for row in result.rows} == {"done"}
    [best] = result.best
    assert best.values == (min(row.values[0] for row in result.rows),)
    assert best.values[0] < 0.2
    assert not result.interrupted
    assert read_rows(one.io, one.folder) == list(result.rows)
    assert watcher.last is not None
    assert (watcher.last.done, watcher.last.running, watcher.last.seconds_left) == (20, 0, 0.0)
    for run in runner.submitted:
        assert one.cls.from_config(run.config).rate == result.rows[run.number].params["rate"]
        assert run.job_dir == str(Path(one.folder, "runs", f"{run.number:04}"))
    assert not list(Path(one.folder, "drivers").glob("*.json"))


def test_what_it_leaves_is_read_by_pandas_and_by_optuna(sweep: Callable[..., Sweep]) -> None:
    pandas = pytest.importorskip("pandas", reason="needs pandas")
    one = sweep()
    result = one.drive(job, runs=5)
    frame = pandas.read_json(Path(one.folder, "runs.jsonl"), lines=True)
    assert list(frame["metrics.loss"]) == pytest.approx([row.values[0] for row in result.rows])
    assert list(frame["params.kind"]) == [row.params["kind"] for row in result.rows]
    backend = optuna.storages.journal.JournalFileBackend(str(Path(one.folder, "optuna.log")))
    study = optuna.load_study(study_name=None, storage=optuna.storages.JournalStorage(backend))
    assert study.best_value == result.best[0].values[0]
    assert study.trials[0].intermediate_values == {0: pytest.approx(study.trials[0].value + 1)}


@pytest.mark.parametrize("search", ["random", "quasi", "tpe", "grid"])
def test_the_same_seed_gives_the_same_sweep_also_across_a_resume(
    sweep: Callable[..., Sweep], search: str
) -> None:
    names = ("size", "kind", "flip") if search == "grid" else ()
    cost = job if search != "grid" else lambda run: iter_of({"loss": run.config["size"]})
    runs = 14
    whole = sweep(*names, folder="whole").drive(cost, runs=runs, search=search)
    other = sweep(*names, folder="other").drive(cost, runs=runs, search=search, seed=1)
    parts = sweep(*names, folder="parts")
    for so_far in (3, 12, runs):
        last = parts.drive(cost, runs=so_far, search=search)
    assert params_of(last) == params_of(whole)
    assert (params_of(other) == params_of(whole)) == (search == "grid")


def iter_of(*metrics: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield from metrics[:-1]
    return metrics[-1]


def test_what_tpe_forgets_is_the_same_after_a_resume(
    sweep: Callable[..., Sweep], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, number in (("_ALL", 18), ("_WINDOW", 14), ("_FORGET", 6), ("_BEST", 3)):
        monkeypatch.setattr(f"brevettiai.sweep.tpe.{name}", number)
    whole = sweep(folder="whole").drive(job, runs=34)
    parts = sweep(folder="parts")
    for runs in (16, 21, 34):
        last = parts.drive(job, runs=runs)
    assert params_of(last) == params_of(whole)
    monkeypatch.setattr("brevettiai.sweep.tpe._ALL", 1000)
    assert params_of(sweep(folder="all").drive(job, runs=34)) != params_of(whole)


def test_quasi_random_points_are_spread_evenly(sweep: Callable[..., Sweep]) -> None:
    rows = sweep("rate", "size", "kind").drive(job, runs=32, search="quasi").rows
    # Of 32 rates, 2 lie in each sixteenth of the range.
    places = [int((row.params["rate"] - 0.001) / 0.099 * 16) for row in rows]
    assert [places.count(place) for place in range(16)] == [2] * 16
    assert 6 <= sum(row.params["size"] == 3 for row in rows) <= 10


def test_a_grid_has_each_valid_point_once(sweep: Callable[..., Sweep]) -> None:
    watcher = Watcher()
    one = sweep("size", "flip", "kind")
    result = one.drive(
        lambda run: iter_of({"loss": run.config["size"]}), watcher, runs=100, search="grid"
    )
    points = [tuple(row.params.values()) for row in result.rows]
    assert len(set(points)) == len(points) == 4 * 2 * 2 - 2
    assert result.rejected == 2
    assert not result.interrupted
    assert watcher.last is not None
    assert watcher.last.runs == 14
    assert {row.state for row in one.drive(job, runs=100, search="grid").rows} == {"done"}


def test_what_another_driver_left_behind_the_end_of_a_grid_is_no_run(
    sweep: Callable[..., Sweep],
) -> None:
    one = sweep("size", "kind")

    def cost(run: Run) -> Iterator[dict[str, Any]]:
        return iter_of({"loss": run.config["size"]})

    for runs in (3, 100):
        one.drive(cost, runs=runs, search="grid")
        storage, _ = open_storage(one.io, one.folder)
        waiting = optuna.trial.create_trial(state=optuna.trial.TrialState.WAITING)
        storage.create_new_trial(0, waiting)
    rows = one.drive(cost, runs=100, search="grid").rows
    assert [row.run for row in rows] == list(range(6))
    assert {row.state for row in rows} == {"done"}
    assert len({tuple(row.params.values()) for row in rows}) == 6


def test_a_grid_needs_steps(sweep: Callable[..., Sweep]) -> None:
    with pytest.raises(SweepWordsError, match=r"--search grid: rate: .*step="):
        sweep("rate").drive(job, search="grid")


def test_proposals_that_the_class_refuses_are_counted_and_never_run(
    sweep: Callable[..., Sweep],
) -> None:
    one, watcher = sweep("size=3,4", "flip=true", "rate"), Watcher()
    runner = StepRunner(job)
    result = one.drive(runner, watcher, runs=12, search="random")
    assert {run.config["size"] for run in runner.submitted} == {3}
    assert len(result.rows) == 12
    assert result.rejected == len(watcher.refused) > 0
    assert one.drive(job, runs=12, search="random").rejected == result.rejected


def test_nothing_but_refused_proposals_ends_a_sweep_with_the_reason(
    sweep: Callable[..., Sweep], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("brevettiai.sweep.proposing.MOST_REJECTED", 100)
    one, watcher = sweep("rate", "kind"), Watcher()
    runner = StepRunner(job)
    with pytest.raises(
        SweepError, match=r"100 proposals in a row .*: must not have 'flip'"
    ) as raised:
        one.drive(runner, watcher, base={"size": 4, "flip": True})
    assert "--sweep" in str(raised.value)
    assert len(watcher.refused) == 100
    assert not runner.submitted
    # Nothing of it counts as a run.
    assert read_rows(one.io, one.folder) == []


def test_a_goal_that_is_never_reported_ends_the_sweep_after_one_run(
    sweep: Callable[..., Sweep],
) -> None:
    one = sweep()
    runner = StepRunner(lambda run: iter_of(*[{"los": 1}] * (1 + run.number)), 3)
    with pytest.raises(SweepError, match=r"run 0.*'loss'.*did you mean 'los'") as raised:
        one.drive(runner, goal="min loss")
    assert "but los" in str(raised.value)
    assert len(runner.submitted) == 3
    # The others wait.
    [row] = read_rows(one.io, one.folder)
    assert (row.run, row.state) == (0, "failed")
    result = one.drive(job)
    assert [row.state for row in result.rows] == ["failed", *["done"] * 9]
    assert [row.attempts for row in result.rows] == [1, 2, 2, *[1] * 7]


def test_one_run_without_the_goal_fails_alone(sweep: Callable[..., Sweep]) -> None:
    values = {3: {}, 4: {"loss": math.nan}, 5: {"loss": "small"}, 6: {"loss": True}}
    one = sweep()
    result = one.drive(lambda run: iter_of(values.get(run.number, {"loss": 1.0})))
    failed = {row.run: row.error for row in result.rows if row.state == "failed"}
    assert set(failed) == {3, 4, 5, 6}
    assert "nan, not a finite number" in failed[4]
    assert "no number (got 'small')" in failed[5]
    json.loads(Path(one.folder, "runs.jsonl").read_text().splitlines()[4])


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (float("nan"), "is nan, not a finite number"),
        (10**400, "is too large, not a finite number"),
        ("low", "is no number (got 'low')"),
        (True, "is no number (got 'True')"),
    ],
    ids=["nan", "large", "text", "truth"],
)
def test_a_goal_that_is_no_number_fails_its_run_alone(
    value: Any, told: str, sweep: Callable[..., Sweep]
) -> None:
    def job(run: Run) -> Iterator[dict[str, Any]]:
        reported: dict[str, Any] = {"loss": value if run.number == 1 else 0.5, "other": value}
        yield reported
        return reported

    rows = sweep().drive(job, runs=3).rows
    assert [row.state for row in rows] == ["done", "failed", "done"]
    assert rows[1].error == f"the metric 'loss' {told}"
    assert [dict(row.metrics) for row in rows] == [{"loss": 0.5}, {}, {"loss": 0.5}]


def test_lost_runs_are_tried_again_and_failed_ones_as_told(sweep: Callable[..., Sweep]) -> None:
    def fragile(run: Run) -> Iterator[dict[str, Any]]:
        yield {"loss": 1}
        if run.number == 1 and run.attempt == 1:
            raise Lost
        if run.number == 2:
            raise Lost
        if run.number == 3 and run.attempt < 3:
            raise OSError("disk full")
        return {"loss": 2}

    watcher = Watcher()
    rows = sweep().drive(fragile, watcher, runs=4).rows
    assert [(row.state, row.attempts) for row in rows] == [
        ("done", 1),
        ("done", 2),
        ("failed", 2),
        ("failed", 1),
    ]
    assert rows[3].error == "OSError: disk full"
    assert [number for number, _ in watcher.retries] == [1, 2]
    rows = sweep(folder="2").drive(fragile, runs=4, retries=2).rows
    assert [(row.state, row.attempts) for row in rows] == [
        ("done", 1),
        ("done", 2),
        ("failed", 3),
        ("done", 3),
    ]


@pytest.mark.parametrize("prune", ["median", "halving", "hyperband"])
def test_runs_that_promise_nothing_are_pruned(sweep: Callable[..., Sweep], prune: str) -> None:
    def slow(run: Run) -> Iterator[dict[str, Any]]:
        for step in range(10):
            yield {"loss": run.number % 5 + 1 / (step + 1)}
        return {"loss": run.number % 5}

    one = sweep()
    result = one.drive(StepRunner(slow, 3), runs=24, prune=prune, search="random")
    states = [row.state for row in result.rows]
    assert 0 < states.count("pruned") < 24
    assert set(states) == {"done", "pruned"}
    pruned = next(row for row in result.rows if row.state == "pruned")
    assert pruned.values == (pruned.metrics["loss"],)
    assert result.best[0].values == (0,)
    assert (
        sweep(folder="none").drive(StepRunner(slow, 3), runs=8, search="random").rows[-1].state
        == "done"
    )


def test_of_several_goals_the_best_are_a_pareto_front(sweep: Callable[..., Sweep]) -> None:
    points = [(3, 1), (1, 1), (2, 5), (1, 1), (3, 9), (4, 8)]

    def both(run: Run) -> Iterator[dict[str, Any]]:
        loss, iou = points[run.number]
        return iter_of({"loss": 9}, {"loss": loss, "iou/scratch": iou})

    watcher = Watcher()
    result = sweep().drive(both, watcher, goal="min loss, max iou/scratch", runs=6, prune="median")
    assert [row.run for row in result.best] == [1, 2, 4]
    [words] = watcher.words
    assert "no runs are pruned" in words
    assert read_rows(Storage(), result.folder)[4].values == (3, 9)


def test_a_long_run_leaves_few_values(sweep: Callable[..., Sweep]) -> None:
    one = sweep()
    one.drive(lambda run: iter_of(*[{"loss": 1 / (i + 1)} for i in range(3000)]), runs=1)
    text = Path(one.folder, "optuna.log").read_text()
    assert 128 < text.count('"intermediate_value"') < 1000


def test_a_sweep_may_grow_and_changes_nothing_else(sweep: Callable[..., Sweep]) -> None:
    one = sweep()
    first = one.drive(job, runs=3)
    second = one.drive(job, runs=5)
    assert second.rows[:3] == first.rows
    assert len(second.rows) == 5
    before = Path(one.folder, "sweep.json").read_bytes()
    for change, words in (
        ({"runs": 4}, r"--runs: was 5, is 4"),
        ({"goal": "max iou"}, r"--goal: was 'min loss', is 'max iou'"),
        ({"seed": 2}, r"--sweep-seed: was 0, is 2"),
        ({"digest": "0123"}, r"schema of .*:Training has changed: its digest was .*, is 0123"),
        (
            {"base": {"size": 2}},
            r"settings that runs begin from: size: was what the schema fills in, is 2",
        ),
        ({"space": ("rate",)}, r"--sweep: was 'rate=0.001..0.1:log size kind', is 'rate'"),
    ):
        with pytest.raises(SweepWordsError, match=words) as raised:
            one.drive(job, **{"runs": 5, **change})
        assert f"--resume --sweep-dir {one.folder}" in str(raised.value)
        assert raised.value.exit_code == 2
    assert Path(one.folder, "sweep.json").read_bytes() == before
    assert json.loads(before)["format"] == 1
