"""Who does the runs of a sweep: processes of this machine, or the workers of a Dask cluster.

Which worker does a run is decided here, and Dask is told: so a run is never repeated elsewhere
behind the back of the sweep, when its worker is lost, and is done once or not at all.
"""

from __future__ import annotations

import asyncio
import os
import pickle
import sys
import time
import uuid
from collections.abc import Coroutine, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any, TypeAlias

from brevettiai.sweep.processes.pool import GRACE
from brevettiai.sweep.processes.setup import Setup
from brevettiai.sweep.runs import Ended, Reported, Run
from brevettiai.sweep.workers.seat import (
    LEAVING,
    SeatPlan,
    close_seat,
    do_run,
    open_seat,
    stop_run,
    worker_facts,
)

if TYPE_CHECKING:
    from brevettiai.io import Storage
    from brevettiai.sweep.program import Program

# Dask says little of its types.
Client: TypeAlias = Any
Future: TypeAlias = Any


@dataclass(frozen=True)
class Needs:
    """What each run has.

    Attributes:
        cores: processors; None for one thread of a worker.
        memory: the most that it may hold, in bytes.
        gpus: GPUs that it has for itself; None where runs see what their worker does.
    """

    cores: int | None = None
    memory: int | None = None
    gpus: int | None = None


@dataclass
class _Worker:
    address: str
    id: str
    places: int
    seat: Future
    tokens: set[str] = field(default_factory=set[str])


@dataclass
class _Going:
    run: Run
    worker: _Worker | None = None
    future: Future | None = None


class ClusterError(Exception):
    """A cluster that does not answer, or cannot do the runs of a program."""

    exit_code = 1


class DaskRunner:
    """Does runs on the workers of a Dask cluster: a `Runner`.

    All that changes here does so in the thread of the client's loop.

    Args:
        given: what jobs are told of the platform, by the names of their flags, see `Link`.
        needs: what each run has.
        limit: how many runs there are at a time, at most.
        storage: what stores the output of runs on S3.
        forks: whether each run is forked of a process that has imported what it needs.
        cluster: what is closed at the end.

    Raises:
        ClusterError: no worker can do a run.
    """

    def __init__(
        self,
        client: Client,
        program: Program,
        *,
        given: Mapping[str, Any] | None = None,
        needs: Needs | None = None,
        limit: int | None = None,
        storage: Storage | None = None,
        forks: bool = True,
        cluster: Any = None,
    ) -> None:
        self._client = client
        self._cluster = cluster
        self._name = f"brevetti-sweep-{uuid.uuid4().hex[:12]}"
        self._needs = needs or Needs()
        self._limit = limit
        self._workers: dict[str, _Worker] = {}
        self._going: dict[str, _Going] = {}
        self._tokens: dict[int, str] = {}
        self._waiting: list[str] = []
        self._heard: SimpleQueue[Reported | Ended | None] = SimpleQueue()
        self._tasks: set[asyncio.Task[Any]] = set()
        self._closed = False
        setup = Setup(
            program,
            given=dict(given or {}),
            path=tuple(sys.path),
            folder=os.getcwd(),
            forks=forks and sys.platform == "linux",
        )
        self._plan = SeatPlan(self._name, setup, self._needs.memory, storage=storage)
        self._loop: asyncio.AbstractEventLoop = client.loop.asyncio_loop
        client.subscribe_topic(self._name, self._hear)
        client.subscribe_topic("all", self._hear_cluster)
        for address in client.nthreads():
            self._wait(self._welcome(address))

    @property
    def capacity(self) -> int:
        """How many runs it does at a time, now."""
        places = sum(worker.places for worker in [*self._workers.values()])
        return places if self._limit is None else min(places, self._limit)

    def submit(self, run: Run) -> None:
        """Begin a run as soon as there is room."""
        self._loop.call_soon_threadsafe(self._take, run)

    def stop(self, number: int) -> None:
        """Ask a run to end, as SIGTERM does; it is `stopped` then."""
        self._loop.call_soon_threadsafe(self._stop, number)

    def events(self, timeout: float) -> Iterator[Reported | Ended]:
        """What is heard within some seconds: each run that was submitted ends once.

        Raises:
            ClusterError: the scheduler is gone. The runs that went on are lost, which is told
                before.
        """
        until = time.monotonic() + timeout
        with suppress(Empty):
            while True:
                event = self._heard.get(timeout=max(0.0, until - time.monotonic()))
                if event is not None:
                    yield event
                if self._heard.empty():
                    break
        if not self._closed and self._client.status not in ("running", "connecting"):
            raise ClusterError("the scheduler of the Dask cluster is gone")

    def close(self, grace: float = GRACE) -> None:
        """End what still runs, and all processes; `events` still tells of it.

        Args:
            grace: the seconds that runs have for it, before they are killed.
        """
        if self._closed:
            return
        self._closed = True
        try:
            self._wait(self._close(grace), grace + 10)
        except (TimeoutError, OSError):
            pass  # Its workers are gone, or do not answer; they end what they do by themselves.
        finally:
            self._client.close(timeout=5)
            if self._cluster is not None:
                self._cluster.close(timeout=5)

    def _wait(self, work: Coroutine[Any, Any, Any], within: float | None = None) -> Any:
        waiting = asyncio.run_coroutine_threadsafe(work, self._loop)
        return waiting.result(within)

    def _spawn(self, work: Coroutine[Any, Any, Any]) -> None:
        task = self._loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _welcome(self, address: str) -> None:
        """Make a place on a worker."""
        facts = await self._client._run(worker_facts, workers=[address])
        worker_id, threads = facts[address]
        key = (f"{self._name}-seat", worker_id)
        seat = self._client.submit(
            *(open_seat, self._plan, key),
            key=key,
            workers=[address],
            allow_other_workers=False,
            pure=False,
        )
        await seat
        self._workers[address] = _Worker(address, worker_id, threads, seat)
        self._place()

    def _take(self, run: Run) -> None:
        token = uuid.uuid4().hex
        self._going[token] = _Going(run)
        self._tokens[run.number] = token
        self._waiting.append(token)
        self._place()

    def _place(self) -> None:
        """Send runs that wait to workers that have room."""
        while self._waiting and (worker := self._free_worker()) is not None:
            token = self._waiting.pop(0)
            going = self._going[token]
            worker.tokens.add(token)
            going.worker = worker
            going.future = self._client.submit(
                *(do_run, self._name, worker.id, token, going.run),
                key=(self._name, token),
                workers=[worker.address],
                allow_other_workers=False,
                pure=False,
                retries=0,
            )
            going.future.add_done_callback(partial(self._look_soon, token))

    def _free_worker(self) -> _Worker | None:
        """The worker with the most room, if one has any."""
        used = sum(len(worker.tokens) for worker in self._workers.values())
        if self._limit is not None and used >= self._limit:
            return None
        free = [worker for worker in self._workers.values() if len(worker.tokens) < worker.places]
        return max(free, key=lambda worker: worker.places - len(worker.tokens), default=None)

    def _stop(self, number: int) -> None:
        token = self._tokens.get(number)
        if token is None:
            return
        going = self._going[token]
        if going.worker is None:
            self._finish(token, Ended(number, "stopped"))
            return
        asking = self._client._run(
            *(stop_run, self._name, token), workers=[going.worker.address], on_error="ignore"
        )
        self._spawn(asking)

    def _hear(self, event: tuple[float, bytes]) -> None:
        """What a run says."""
        token, what = pickle.loads(event[1])
        if isinstance(what, Ended):
            self._finish(token, what)
        elif token in self._going:
            for each in what:
                self._heard.put(each)

    def _hear_cluster(self, event: tuple[float, Mapping[str, Any]]) -> None:
        """What becomes of the workers."""
        _, said = event
        if self._closed:
            return
        if said.get("action") == "add-worker":
            self._spawn(self._welcome(said["worker"]))
        elif said.get("action") == "remove-worker":
            # One that leaves by itself gives its runs a moment to end.
            pause = LEAVING + 1 if said.get("expected") else 0.0
            worker = self._workers.pop(said["worker"], None)
            for token in [*worker.tokens] if worker else []:
                lost = Ended(self._going[token].run.number, "lost", error="its worker was lost")
                self._loop.call_later(pause, self._finish, token, lost)
            self._heard.put(None)

    def _look_soon(self, token: str, future: Future) -> None:
        """Called in a thread when a task ends."""
        status = future.status
        if status == "error":
            self._loop.call_soon_threadsafe(self._give_up, token, repr(future.exception()))
        elif token in self._going:
            self._loop.call_soon_threadsafe(self._look, token, status)

    def _look(self, token: str, status: str) -> None:
        # What the run says of its end comes first, unless it is lost on the way.
        self._loop.call_later(_LATE, self._give_up, token, f"its task is {status}")

    def _give_up(self, token: str, why: str) -> None:
        if token in self._going:
            self._finish(token, Ended(self._going[token].run.number, "lost", error=why))

    def _finish(self, token: str, ended: Ended) -> None:
        """Tell the end of a run, the first that is heard of it."""
        going = self._going.pop(token, None)
        if going is None:
            return
        del self._tokens[going.run.number]
        if going.worker is None:
            self._waiting.remove(token)
        else:
            going.worker.tokens.discard(token)
        if going.future is not None:
            going.future.release()
        self._heard.put(ended)
        self._place()

    async def _close(self, grace: float) -> None:
        for token in [*self._waiting]:
            self._finish(token, Ended(self._going[token].run.number, "stopped"))
        addresses = [*self._workers]
        if addresses:
            await self._client._run(
                *(close_seat, self._name, grace), workers=addresses, on_error="ignore"
            )
        for worker in self._workers.values():
            worker.seat.release()
        for topic in (self._name, "all"):
            self._client.unsubscribe_topic(topic)


def local_runner(
    program: Program, *, workers: int | None = None, needs: Needs | None = None, **options: Any
) -> DaskRunner:
    """A runner on this machine.

    Dask's part of it lies in this process, as the runs have processes of their own.

    Args:
        workers: how many runs there are at a time; by default as many as the processors suffice
            for.
    """
    import logging

    import dask
    import distributed

    needs = needs or Needs()
    count = workers or max(1, cpu_count() // (needs.cores or 1))
    with dask.config.set(_LOCAL):
        dask_cluster: Any = distributed.LocalCluster
        cluster = dask_cluster(
            n_workers=1,
            threads_per_worker=count,
            processes=False,
            protocol="inproc",
            dashboard_address=None,
            memory_limit=0,
            silence_logs=logging.CRITICAL,
        )
        dask_client: Any = distributed.Client
        client = dask_client(cluster, set_as_default=False)
    return DaskRunner(client, program, needs=needs, limit=workers, cluster=cluster, **options)


def cpu_count() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


_LATE = 5.0
_LOCAL = {
    "distributed.worker.profile.enabled": False,
    "distributed.scheduler.work-stealing": False,
    "distributed.scheduler.active-memory-manager.start": False,
    "distributed.scheduler.http.routes": [],
    "distributed.worker.http.routes": [],
    "distributed.admin.low-level-log-length": 100,
    "distributed.admin.system-monitor.log-length": 10,
    "distributed.admin.system-monitor.gil.enabled": False,
    "distributed.diagnostics.nvml": False,
}
