"""Who does the runs of a sweep on a Dask cluster: its workers.

Which worker does a run is decided here, and Dask is told: so a run is never repeated elsewhere
behind the back of the sweep, when its worker is lost, and is done once or not at all.
"""

from __future__ import annotations

import asyncio
import pickle
import sys
import time
import uuid
from collections.abc import Coroutine, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeoutError
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from queue import Empty, SimpleQueue
from typing import Any

from brevettiai.io import Storage
from brevettiai.sweep.errors import ClusterError
from brevettiai.sweep.needs import Needs
from brevettiai.sweep.processes.pool import GRACE
from brevettiai.sweep.processes.setup import Setup
from brevettiai.sweep.program import Program
from brevettiai.sweep.runs import Ended, Outcome, Reported, Run
from brevettiai.sweep.workers.code import CodeTooLarge, code_of
from brevettiai.sweep.workers.crew import Client, Crew, Future, PlacedWorker
from brevettiai.sweep.workers.facts import versions_of
from brevettiai.sweep.workers.seat import LEAVING, SeatPlan, do_run, stop_run


@dataclass
class _Going:
    run: Run
    worker: PlacedWorker | None = None
    future: Future | None = None


class DaskRunner:
    """Does runs on the workers of a Dask cluster: a `Runner`.

    All that changes here does so in the thread of the client's loop.

    Args:
        given: what jobs are told of the platform, by the names of their flags, see `Link`.
        needs: what each run has.
        limit: how many runs there are at a time, at most.
        storage: what stores the output of runs on S3.

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
    ) -> None:
        self._client = client
        self._name = f"brevetti-sweep-{uuid.uuid4().hex[:12]}"
        self._limit = limit
        self._going: dict[str, _Going] = {}
        self._tokens: dict[int, str] = {}
        self._waiting: list[str] = []
        self._heard: SimpleQueue[Reported | Ended | None] = SimpleQueue()
        self._tasks: set[asyncio.Task[Any]] = set()
        self._closed = False
        code = code_of(program)
        setup = Setup(code.program, given=dict(given or {}), forks=sys.platform == "linux")
        plan = SeatPlan(self._name, setup, needs or Needs(), storage, code.zipped)
        self._crew = Crew(client, plan, versions_of(code.imports), self._changed)
        self._loop: asyncio.AbstractEventLoop = client.loop.asyncio_loop
        client.subscribe_topic(self._name, self._hear)
        client.subscribe_topic("all", self._hear_cluster)
        try:
            self._wait(self._crew.welcome_all())
        except BaseException:
            self.close(0)
            raise

    @property
    def capacity(self) -> int:
        places = sum(worker.places for worker in [*self._crew.workers.values()])
        return places if self._limit is None else min(places, self._limit)

    def submit(self, run: Run) -> None:
        self._loop.call_soon_threadsafe(self._take, run)

    def stop(self, number: int) -> None:
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
        if not self._closed and self._client.status != "running":
            self._wait(self._lose_all())
            while not self._heard.empty():
                if (event := self._heard.get()) is not None:
                    yield event
            raise ClusterError(
                "the scheduler of the Dask cluster is gone; the sweep goes on with another one, by "
                "--resume, --sweep-dir and --cluster"
            )

    def close(self, grace: float = GRACE) -> None:
        if self._closed:
            return
        self._closed = True
        try:
            is_there = self._client.status == "running"
            self._wait(self._close(grace), grace + 10 if is_there else 1)
        except (FutureTimeoutError, OSError):
            pass  # Its workers are gone, or do not answer; they end what they do by themselves.
        finally:
            self._client.close(timeout=5)

    def _wait(self, work: Coroutine[Any, Any, Any], within: float | None = None) -> Any:
        waiting = asyncio.run_coroutine_threadsafe(work, self._loop)
        return waiting.result(within)

    def _spawn(self, work: Coroutine[Any, Any, Any]) -> None:
        task = self._loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _take(self, run: Run) -> None:
        token = uuid.uuid4().hex
        self._going[token] = _Going(run)
        self._tokens[run.number] = token
        self._waiting.append(token)
        self._place()

    def _place(self) -> None:
        """Send runs that wait to workers that have room."""
        while self._waiting and (worker := self._free()) is not None:
            token = self._waiting.pop(0)
            going = self._going[token]
            worker.tokens.add(token)
            going.worker = worker
            future = self._client.submit(
                *(do_run, self._name, worker.id, token, going.run),
                key=(self._name, token),
                workers=[worker.address],
                allow_other_workers=False,
                pure=False,
                retries=0,
                resources=worker.required or None,
            )
            future.add_done_callback(partial(self._look_soon, token))
            going.future = future

    def _free(self) -> PlacedWorker | None:
        """A worker that has room, if there may be more runs."""
        used = len(self._going) - len(self._waiting)
        is_full = self._limit is not None and used >= self._limit
        return None if is_full else self._crew.free()

    def _changed(self) -> None:
        """There are other workers."""
        self._place()
        self._heard.put(None)

    def _stop(self, number: int) -> None:
        token = self._tokens.get(number)
        if token is None:
            return
        going = self._going[token]
        if going.worker is None:
            self._finish(token, Ended(number, "stopped"))
            return
        self._spawn(self._stop_on(going.worker.address, token))

    async def _stop_on(self, address: str, token: str) -> None:
        said = await self._crew.on([address], stop_run, self._name, token)
        if said.get(address) is False:
            self._end_early(token, "stopped", "")

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
            if self._crew.is_new(said["worker"]):
                self._spawn(self._crew.welcome(said["worker"]))
        elif said.get("action") == "remove-worker":
            # One that leaves by itself gives its runs a moment to end.
            pause = LEAVING + 1 if said.get("expected") else 0.0
            worker = self._crew.lose(said["worker"])
            for token in [*worker.tokens] if worker else []:
                self._loop.call_later(pause, self._end_early, token, "lost", "its worker was lost")
            self._heard.put(None)

    def _look_soon(self, token: str, future: Future) -> None:
        """Called in a thread when a task ends."""
        status = future.status
        if status == "error":
            error = repr(future.exception())
            self._loop.call_soon_threadsafe(self._end_early, token, "lost", error)
        elif token in self._going:
            self._loop.call_soon_threadsafe(self._look, token, status)

    def _look(self, token: str, status: str) -> None:
        # What the run says of its end comes first, unless it is lost on the way.
        self._loop.call_later(_LATE, self._end_early, token, "lost", f"its task is {status}")

    def _end_early(self, token: str, outcome: Outcome, why: str) -> None:
        """End a run that says nothing of it, if it has not ended."""
        if token in self._going:
            self._finish(token, Ended(self._going[token].run.number, outcome, error=why))

    async def _lose_all(self) -> None:
        for token in [*self._going]:
            self._end_early(token, "lost", "the scheduler of the cluster is gone")

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
        await self._crew.close(grace)
        for topic in (self._name, "all"):
            self._client.unsubscribe_topic(topic)


_LATE = 5.0
"""Seconds between the end of a task and that of its run, of which nothing was heard."""


_PATIENCE = 10
"""Seconds in which a scheduler should answer."""


def cluster_runner(
    address: str, program: Program, *, workers: int | None = None, **options: Any
) -> DaskRunner:
    """A runner on a Dask cluster.

    Args:
        address: of its scheduler: `tcp://scheduler:8786`.
        workers: how many runs there are at a time; by default as many as its workers have threads.
        options: as of `DaskRunner`.

    Raises:
        ClusterError: no scheduler answers there, or the workers cannot do runs.
    """
    import distributed

    package: Any = distributed
    try:
        with ThreadPoolExecutor(1) as thread:  # In this one a notebook has a loop of its own.
            thread.submit(asyncio.run, _greet(address)).result()
        client = package.Client(address, timeout=_PATIENCE, set_as_default=False)
    except (OSError, ValueError, asyncio.TimeoutError) as error:
        reason = str(error).partition("\n")[0] or "it says nothing"
        raise ClusterError(
            f"no Dask scheduler answers at {address} within {_PATIENCE} seconds: {reason}"
        ) from None
    try:
        return DaskRunner(client, program, limit=workers, **options)
    except CodeTooLarge as error:
        client.close(timeout=5)
        raise ClusterError(str(error)) from None


async def _greet(address: str) -> None:
    """See whether a scheduler answers: a client waits forever for one that accepts, and is silent.

    Raises:
        OSError: nobody is there; TimeoutError where it is silent.
        ValueError: that is no address.
    """
    import distributed
    from distributed.comm import core

    package: Any = distributed
    connecting: Any = core
    options = package.Security().get_connection_args("client")
    comm = await asyncio.wait_for(
        connecting.connect(address, timeout=_PATIENCE, **options), _PATIENCE
    )
    comm.abort()
