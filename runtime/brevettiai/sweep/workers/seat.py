"""The place of a sweep on a Dask worker: its processes there, for as long as the driver is."""

from __future__ import annotations

import asyncio
import os
import pickle
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from distributed import Worker, WorkerPlugin, get_worker

from brevettiai.io import Storage
from brevettiai.sweep.needs import Needs
from brevettiai.sweep.processes.pool import GRACE, RunProcesses
from brevettiai.sweep.processes.setup import Setup
from brevettiai.sweep.runs import Ended, Reported, Run
from brevettiai.sweep.workers.code import unpacked
from brevettiai.sweep.workers.facts import WorkerFacts, ask

LEAVING = 5.0
"""Seconds that runs have to end when their worker closes."""


@dataclass(frozen=True)
class SeatPlan:
    """What a worker is told of a sweep.

    Attributes:
        name: of the sweep on the cluster: that of its plugin and of its topic of events.
        setup: of its processes.
        needs: what each run has.
        storage: what stores the output of runs on S3.
        code: a zip file of the program's own modules.
    """

    name: str
    setup: Setup
    needs: Needs
    storage: Storage | None
    code: bytes = field(repr=False)


class Seat(WorkerPlugin):
    """Lets runs be done on a worker, and ends them when it closes, or the driver is gone."""

    def __init__(self, name: str, key: str, processes: RunProcesses, folder: str) -> None:
        self.name = name
        self.processes = processes
        self._key = key
        self._folder = folder
        self._begun: set[str] = set()
        self._worker: Worker | None = None

    def setup(self, worker: Worker) -> None:
        """Note which worker it is."""
        self._worker = worker

    async def teardown(self, worker: Worker) -> None:
        """End all, as the worker closes; the runs are lost."""
        await asyncio.to_thread(self.close, LEAVING, "its worker was closed")

    def close(self, grace: float, leaving: str = "") -> None:
        """End all runs, see `RunProcesses.close`."""
        self.processes.close(grace, leaving)
        shutil.rmtree(self._folder, ignore_errors=True)

    def transition(self, key: Any, start: str, finish: str, **_: Any) -> None:
        """Hear of tasks that nobody waits for any more."""
        if finish not in ("released", "forgotten", "cancelled"):
            return
        if key == self._key:
            # Later, as all plugins are told of the transition.
            asyncio.get_running_loop().call_soon(self._vacate)
        elif start in ("executing", "long-running"):
            self.processes.abandon(str(key[-1]))

    def _vacate(self) -> None:
        if self._worker is not None and self._worker.plugins.get(self.name) is self:
            del self._worker.plugins[self.name]
            asyncio.get_running_loop().run_in_executor(None, self.close, GRACE)

    def stop(self, token: str) -> bool:
        """Ask a run to end; whether it had begun."""
        self.processes.stop(token)
        return token in self._begun

    def do(self, token: str, run: Run) -> None:
        """Do a run, once, and tell the driver of it."""
        if token in self._begun or self._worker is None:
            return
        self._begun.add(token)
        log_event = self._worker.log_event

        def tell(what: Sequence[Reported] | Ended) -> None:
            log_event(self.name, pickle.dumps((token, what)))

        try:
            ended = self.processes.do(token, run, tell)
        except Exception as error:  # Of ours, not of the run.
            ended = Ended(run.number, "lost", error=f"its worker could not do it: {error!r}")
        tell(ended)


def seat_key(name: str, worker_id: str) -> str:
    """The key of data on a worker that is there as long as the driver is."""
    return f"{name}-{worker_id}"


async def open_seat(plan: SeatPlan, dask_worker: Worker) -> None:
    """Open the place of a sweep on a worker.

    Raises:
        OSError: the code cannot be written there.
    """
    # Dask clears that place away, also after workers that were killed.
    folder = await asyncio.to_thread(unpacked, plan.code, dask_worker.local_directory)
    processes = RunProcesses(
        plan.setup.moved(folder),
        memory=plan.needs.memory,
        environ=plan.needs.threads(os.environ),
        devices=WorkerFacts(**ask((), dask_worker)).gpus(),
        run_devices=plan.needs.gpus,
        storage=plan.storage,
    )
    seat = Seat(plan.name, seat_key(plan.name, dask_worker.id), processes, folder)
    await dask_worker.plugin_add(plugin=seat, name=plan.name)


def do_run(name: str, worker_id: str, token: str, run: Run) -> None:
    """A task that does a run on the worker that it was sent to, and on no other."""
    worker: Worker = get_worker()
    seat = worker.plugins.get(name)
    if worker.id == worker_id and isinstance(seat, Seat):
        seat.do(token, run)
    else:
        lost = Ended(run.number, "lost", error="its worker was restarted")
        worker.log_event(name, pickle.dumps((token, lost)))


def stop_run(name: str, token: str, dask_worker: Worker) -> bool:
    """Ask a run to end; whether it had begun. One that had not never does."""
    seat = dask_worker.plugins.get(name)
    return isinstance(seat, Seat) and seat.stop(token)


async def close_seat(name: str, grace: float, dask_worker: Worker) -> None:
    """End all runs of a sweep on a worker."""
    seat = dask_worker.plugins.get(name)
    if isinstance(seat, Seat):
        await asyncio.to_thread(seat.close, grace)
