"""Who does the runs of a sweep on this machine: a process for each, and a thread that hears it."""

from __future__ import annotations

import os
import sys
import threading
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from queue import Empty, SimpleQueue
from typing import Any

from brevettiai.io import Storage
from brevettiai.sweep.errors import ClusterError
from brevettiai.sweep.needs import Needs, cpu_count, local_gpus, machine_memory, size
from brevettiai.sweep.processes.pool import GRACE, RunProcesses
from brevettiai.sweep.processes.setup import Setup
from brevettiai.sweep.program import Program
from brevettiai.sweep.runs import Ended, Reported, Run


class LocalRunner:
    """Does runs in processes of this machine: a `Runner`.

    Args:
        workers: how many runs there are at a time; by default as many as the machine has room for.
        needs: what each run has.
        given: what jobs are told of the platform, by the names of their flags, see `Link`.
        storage: what stores the output of runs on S3.

    Attributes:
        capacity: how many runs it does at a time.

    Raises:
        ClusterError: the machine has no room for a run.
    """

    def __init__(
        self,
        program: Program,
        *,
        workers: int | None = None,
        needs: Needs | None = None,
        given: Mapping[str, Any] | None = None,
        storage: Storage | None = None,
    ) -> None:
        needs = needs or Needs()
        devices = local_gpus() if needs.gpus else []
        self.capacity = _room(needs, workers, len(devices))
        self._processes = RunProcesses(
            Setup(
                program,
                given=dict(given or {}),
                path=tuple(sys.path),
                folder=os.getcwd(),
                forks=sys.platform == "linux",
            ),
            memory=needs.memory,
            environ=needs.threads(os.environ, on_dask=False),
            devices=devices,
            run_devices=needs.gpus,
            storage=storage,
        )
        self._changed = threading.Condition()
        self._waiting: dict[int, Run] = {}
        self._going: dict[int, str] = {}
        self._heard: SimpleQueue[Reported | Ended] = SimpleQueue()
        self._closed = False
        self._threads = [
            threading.Thread(target=self._serve, name=f"brevettiai-run-{place}", daemon=True)
            for place in range(self.capacity)
        ]
        for thread in self._threads:
            thread.start()

    def submit(self, run: Run) -> None:
        with self._changed:
            self._waiting[run.number] = run
            self._changed.notify()

    def stop(self, number: int) -> None:
        with self._changed:
            waited = self._waiting.pop(number, None)
            key = self._going.get(number)
        if waited is not None:
            self._heard.put(Ended(number, "stopped"))
        elif key is not None:
            self._processes.stop(key)

    def events(self, timeout: float) -> Iterator[Reported | Ended]:
        with suppress(Empty):
            yield self._heard.get(timeout=timeout)
            while True:
                yield self._heard.get_nowait()

    def close(self, grace: float = GRACE) -> None:
        """End what still runs, and all processes; `events` still tells of it.

        Args:
            grace: the seconds that runs have for it, before they are killed.
        """
        with self._changed:
            if self._closed:
                return
            self._closed = True
            waiting = [*self._waiting]
            self._changed.notify_all()
        for number in waiting:
            self.stop(number)
        self._processes.close(grace)
        until = time.monotonic() + _LAST_WORDS
        for thread in self._threads:
            thread.join(max(0.0, until - time.monotonic()))

    def _serve(self) -> None:
        """Do one run after the other."""
        while (run := self._next()) is not None:
            key = self._going[run.number]
            try:
                ended = self._processes.do(key, run, self._report)
            except Exception as error:  # Of ours, not of the run.
                ended = Ended(run.number, "lost", error=f"this machine could not do it: {error!r}")
            with self._changed:
                del self._going[run.number]
            self._heard.put(ended)

    def _next(self) -> Run | None:
        """The run that has waited longest; None where there is nothing more to do."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._closed)
            if self._closed:
                return None
            run = self._waiting.pop(next(iter(self._waiting)))
            self._going[run.number] = uuid.uuid4().hex
            return run

    def _report(self, said: Sequence[Reported]) -> None:
        for each in said:
            self._heard.put(each)


_LAST_WORDS = 10.0
"""Seconds in which the ends of runs are heard whose processes have been killed."""


def _room(needs: Needs, workers: int | None, devices: int) -> int:
    """How many runs this machine has room for at a time.

    Raises:
        ClusterError: not for one.
    """
    rooms = [workers or max(1, cpu_count() // (needs.cores or 1))]
    if needs.memory:
        rooms.append(machine_memory() // needs.memory)
        if not rooms[-1]:
            raise ClusterError(
                f"each run is to have {size(needs.memory)} of memory, and this machine has "
                f"{size(machine_memory())}"
            )
    if needs.gpus:
        rooms.append(devices // needs.gpus)
        if not rooms[-1]:
            raise ClusterError(
                f"each run is to have {needs.gpus} GPU, and {devices} are found on this "
                "machine, by CUDA_VISIBLE_DEVICES or else nvidia-smi"
            )
    return min(rooms)
