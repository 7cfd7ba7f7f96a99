"""Sweeps: what a run costs that does nothing, beside Optuna on processes and Hydra's launcher.

    python tests/benchmarks/bench_sweep.py [--runs 1000] [--many 10000] [--hydra PYTHON]

A run is proposed, validated, handed out and recorded, and does nothing else. Ours, like any sweep,
gives each a process of its own; with `reuse` as many processes as there are processors do one after
the other. That is Optuna's way on processes, which share a journal storage. Hydra's
joblib launcher takes another environment, which has `hydra-core` and `hydra-joblib-launcher`:
`--hydra`, or the variable HYDRA_PYTHON, names its Python.

The competitors take turns. A time of a processor is that of all processes over the number of
processors: what the clock would show on a machine that does nothing else.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import statistics
import sys
import tempfile
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

import trees
from measuring import (
    MISSING,
    SOURCES,
    Case,
    Row,
    Spent,
    Work,
    generated,
    in_turns,
    run,
    too_slow,
)

CORES = os.cpu_count() or 1
PER_RUN, DRIVER, AHEAD_OF_HYDRA, START = 20.0, 300.0, 10.0, 1.8
_HYDRA_RUNS = 100
"""Hydra's launcher takes seconds for what others do in one: of fewer runs."""

OURS = """
import json, resource, statistics, sys, time
from brevettiai.sweep import sweep
from tree_settings.tree import Tree

def nothing(settings: Tree) -> dict[str, float]:
    return {"value": settings.lr, "start": time.process_time() * 1000}

if __name__ == "__main__":
    runs, search, reuse = int(sys.argv[1]), sys.argv[2], sys.argv[3] == "reuse"
    result = sweep(nothing, "lr", "epochs", "augmentation.angle", goal="min value", runs=runs,
                   search=search, folder="sweep", reuse=reuse, quiet=True)
    assert len(result.rows) == runs and all(row["state"] == "done" for row in result.rows)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    peak /= 1 << 20 if sys.platform == "darwin" else 1 << 10
    start = statistics.median(row["metrics.start"] for row in result.rows)
    print(json.dumps({"memory": peak, "start": start}))
"""
JOBS = """
import sys
from brevettiai.platform import Job
from tree_settings.tree import Tree

class Nothing(Job):
    settings: Tree

    def run(self) -> None:
        self.log(epoch=1, loss=self.settings.lr)

if __name__ == "__main__":
    Nothing.init().start()
"""
OPTUNA = """
import multiprocessing, optuna, sys
from optuna.storages import JournalStorage
from optuna.storages.journal import JournalFileBackend

def sampler(search, seed):
    kinds = {"random": optuna.samplers.RandomSampler, "tpe": optuna.samplers.TPESampler}
    return kinds[search](seed=seed)

def nothing(trial):
    trial.suggest_int("epochs", 1, 100)
    trial.suggest_float("augmentation.angle", 0, 180)
    return trial.suggest_float("lr", 1e-5, 1, log=True)

def work(search, trials, seed):
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    storage = JournalStorage(JournalFileBackend("journal.log"))
    study = optuna.load_study(study_name="s", storage=storage, sampler=sampler(search, seed))
    study.optimize(nothing, n_trials=trials)

if __name__ == "__main__":
    runs, search, cores = int(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    storage = JournalStorage(JournalFileBackend("journal.log"))
    study = optuna.create_study(study_name="s", storage=storage)
    shares = [runs // cores + (i < runs % cores) for i in range(cores)]
    processes = [
        multiprocessing.Process(target=work, args=(search, share, i))
        for i, share in enumerate(shares)
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert len(study.trials) == runs
"""
HYDRA = """
import hydra
from omegaconf import DictConfig

@hydra.main(version_base=None, config_path=None)
def nothing(config: DictConfig) -> float:
    return float(config.lr)

if __name__ == "__main__":
    nothing()
"""


class Cost(NamedTuple):
    """What a run costs, in ms.

    Attributes:
        processor: that of all processes, over the number of processors.
        memory: the most that the driver held, in MB.
        start: of a run's process until it has its settings.
    """

    clock: float
    processor: float
    memory: float = 0.0
    start: float = 0.0


def ours(folder: Path, runs: int, search: str = "random", how: str = "fork") -> Cost:
    spent = _python(folder, "ours.py", OURS, str(runs), search, how)
    return _cost(spent, runs)._replace(**json.loads(spent.written.splitlines()[-1]))


def ours_of_jobs(folder: Path, runs: int, search: str = "random") -> Cost:
    words = ["--sweep", "lr epochs augmentation.angle", "--goal", "min loss", "--search", search]
    words += ["--runs", str(runs), "--sweep-dir", "jobs"]
    return _cost(_python(folder, "jobs.py", JOBS, *words), runs)


def optuna_on_processes(folder: Path, runs: int, search: str = "random") -> Cost:
    return _cost(_python(folder, "peer.py", OPTUNA, str(runs), search, str(CORES)), runs)


def hydra_joblib(folder: Path, runs: int, python: str) -> Cost:
    words = ["--multirun", "hydra/launcher=joblib", f"hydra.launcher.n_jobs={CORES}"]
    words += [f"+lr={','.join(str(index + 1) for index in range(runs))}"]
    return _cost(_python(folder, "app.py", HYDRA, *words, python=python), runs)


def _python(folder: Path, name: str, text: str, *words: str, python: str = "") -> Spent:
    with tempfile.TemporaryDirectory(dir=folder) as own:
        path = Path(own, name)
        path.write_text(text, encoding="utf-8")
        command = [python or sys.executable, str(path), *words]
        return run(
            command, Path(own), [] if python else [*SOURCES, str(folder)], writes_bytecode=True
        )


def _cost(spent: Spent, runs: int) -> Cost:
    scale = 1000 / runs
    return Cost(spent.clock * scale, spent.processor * scale / CORES)


def medians(competitors: dict[str, Callable[[], Cost]], turns: int) -> dict[str, Cost]:
    """The median cost of each, over turns."""
    found: dict[str, list[Cost]] = {name: [] for name in competitors}
    for _ in range(turns):
        for name, once in competitors.items():
            found[name].append(once())
    return {
        name: Cost(*(statistics.median(values) for values in zip(*costs, strict=True)))
        for name, costs in found.items()
    }


def cases(quick: bool) -> list[Case]:
    """What a run costs that does nothing, in seconds of a processor.

    By random search, and by TPE, in processes that stay; then in one for each.
    """
    found: list[Case] = []
    has_hydra = importlib.util.find_spec("hydra_plugins.hydra_joblib_launcher") is not None
    has_optuna = importlib.util.find_spec("optuna") is not None
    with tempfile.TemporaryDirectory() as top:
        folder = Path(top)
        generated({"tree": trees.SCHEMA}, folder, "tree_settings")
        for runs, search, how in (
            *((runs, "random", "reuse") for runs in (30, 300, 1000)),
            *((300, search, how) for search, how in (("tpe", "reuse"), ("random", "fork"))),
        ):
            works: dict[str, Work | str] = {
                "brevetti": _costs(partial(ours, folder, runs, search, how)),
                "Optuna on processes": _costs(partial(optuna_on_processes, folder, runs, search))
                if has_optuna
                else MISSING,
                "Hydra's joblib launcher": "no such search"
                if search != "random"
                else too_slow(found, "Hydra's joblib launcher", 0.01)
                or (
                    _costs(partial(hydra_joblib, folder, runs, sys.executable))
                    if has_hydra
                    else MISSING
                ),
            }
            taken = in_turns(works, 0, 0, 2 if runs > 100 else 3, warm=False)
            is_sized = search == "random" and how == "reuse"
            name = f"{runs:,} runs" + (", TPE" if search == "tpe" else "")
            name += ", a process for each" if how == "fork" else ""
            found.append(Case(name, taken, runs if is_sized else None))
    return found


def _costs(once: Callable[[], Cost]) -> Work:
    return lambda _: once().processor / 1000


def rows(runs: int, many: int, turns: int, hydra: str) -> list[Row]:
    """What was measured beside the budgets; of `many` runs once."""
    with tempfile.TemporaryDirectory() as top:
        folder = Path(top)
        generated({"tree": trees.SCHEMA}, folder, "tree_settings")
        competitors: dict[str, Callable[[], Cost]] = {
            "ours": lambda: ours(folder, runs),
            "ours, reuse": lambda: ours(folder, runs, how="reuse"),
            "ours, of jobs": lambda: ours_of_jobs(folder, runs),
            "ours, TPE": lambda: ours(folder, runs, "tpe"),
            "Optuna on processes": lambda: optuna_on_processes(folder, runs),
            "Optuna on processes, TPE": lambda: optuna_on_processes(folder, runs, "tpe"),
        }
        if hydra:
            competitors["Hydra's joblib launcher"] = lambda: hydra_joblib(
                folder, _HYDRA_RUNS, hydra
            )
        else:
            print("  (Hydra's joblib launcher is left out: say where its Python is, --hydra)")
        costs = medians(competitors, turns)
        found = [
            Row(f"{name}, {runs:,} runs: per run", cost.processor, unit="ms", note=_clock(cost))
            for name, cost in costs.items()
        ]
        peer, own = costs["Optuna on processes"], costs["ours"]
        staying = costs["ours, reuse"]
        found.append(_ahead("times as fast as Optuna on processes, reuse", peer, staying, 1.0))
        if hydra:
            peer = costs["Hydra's joblib launcher"]
            found.append(_ahead("times as fast as Hydra's launcher", peer, own, AHEAD_OF_HYDRA))
        bare = min(run([sys.executable, "-c", ""]).processor for _ in range(10)) * 1000
        limit = bare + START
        note = f"a bare interpreter takes {bare:.1f} ms"
        found.append(Row("a run until it has its settings", own.start, limit, "ms", note=note))
        if many:
            found += _of_many(folder, many, own)
    return found


def _of_many(folder: Path, many: int, few: Cost) -> list[Row]:
    cost = ours(folder, many)
    per_run = Row(f"ours, {many:,} runs: per run", cost.processor, PER_RUN, "ms", note=_clock(cost))
    growth = Row(f"of {many:,} runs each, over one of few", cost.processor / few.processor, 1.5)
    memory = Row(f"the driver of {many:,} runs", cost.memory, DRIVER, "MB")
    return [per_run, growth, memory]


def _ahead(what: str, peer: Cost, own: Cost, at_least: float) -> Row:
    note = f"of a processor {peer.processor / own.processor:.2f}"
    return Row(what, peer.clock / own.clock, at_least, at_least=True, note=note)


def _clock(cost: Cost) -> str:
    return f"on the clock {cost.clock:.1f} ms"


def main(words: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--runs", type=int, default=1000)
    parser.add_argument("--many", type=int, default=10_000, help="0 for none")
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--hydra", default=os.environ.get("HYDRA_PYTHON", ""), metavar="PYTHON")
    given = parser.parse_args(words)
    found = rows(given.runs, given.many, given.turns, given.hydra)
    for row in found:
        row.show()
    return any(row.is_missed for row in found)


if __name__ == "__main__":
    sys.exit(main())
