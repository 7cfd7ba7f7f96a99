"""Who does the runs of a sweep: processes of this machine, or the workers of a Dask cluster.

Which worker does a run is decided here, and Dask is told: so a run is never repeated elsewhere
behind the back of the sweep, when its worker is lost, and is done once or not at all.
"""

from __future__ import annotations

import asyncio
import logging
import os
import pickle
import sys
import time
import uuid
from collections.abc import Coroutine, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any, TypeAlias

from brevettiai.sweep.errors import SweepError
from brevettiai.sweep.needs import Needs
from brevettiai.sweep.processes.pool import GRACE
from brevettiai.sweep.processes.setup import Setup
from brevettiai.sweep.runs import Ended, Reported, Run
from brevettiai.sweep.workers.code import code_of
from brevettiai.sweep.workers.facts import WorkerFacts, asking, lacks, versions_of
from brevettiai.sweep.workers.seat import (
    LEAVING,
    SeatPlan,
    close_seat,
    do_run,
    open_seat,
    stop_run,
)

if TYPE_CHECKING:
    from brevettiai.io import Storage
    from brevettiai.sweep.program import Program

# Dask says little of its types.
Client: TypeAlias = Any
Future: TypeAlias = Any


@dataclass
class _Worker:
    address: str
    id: str
    places: int
    required: Mapping[str, float]
    seat: Future
    tokens: set[str] = field(default_factory=set[str])


@dataclass
class _Going:
    run: Run
    worker: _Worker | None = None
    future: Future | None = None


_log = logging.getLogger(__name__)


class ClusterError(SweepError):
    """A cluster, or this machine, that cannot do the runs of a program."""


class DaskRunner:
    """Does runs on the workers of a Dask cluster: a `Runner`.

    All that changes here does so in the thread of the client's loop.

    Args:
        given: what jobs are told of the platform, by the names of their flags, see `Link`.
        needs: what each run has.
        limit: how many runs there are at a time, at most.
        storage: what stores the output of runs on S3.
        forks: whether each run is forked of a process that has imported what it needs.
        cluster: what is closed at the end; one in this process.
        devices: the GPUs of this machine, for such a cluster.

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
        devices: Sequence[str] = (),
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
        self._devices = devices
        self._here: dict[str, str] = {}
        self._is_told = False
        code: bytes | None = None
        if cluster is None:
            own = code_of(program)
            program, code = own.program, own.zipped
            self._here = versions_of(own.imports)
        setup = Setup(
            program,
            given=dict(given or {}),
            path=tuple(sys.path),
            folder=os.getcwd(),
            forks=forks and sys.platform == "linux",
        )
        self._plan = SeatPlan(self._name, setup, self._needs, storage=storage, code=code)
        self._loop: asyncio.AbstractEventLoop = client.loop.asyncio_loop
        client.subscribe_topic(self._name, self._hear)
        client.subscribe_topic("all", self._hear_cluster)
        try:
            self._wait(self._welcome_all([*client.nthreads()]))
        except BaseException:
            self.close(0)
            raise

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

    async def _welcome_all(self, addresses: Sequence[str]) -> None:
        """Make places on the workers that there are.

        Raises:
            ClusterError: one of them cannot do runs, or none has room for one.
        """
        asked = [self._ask(address) for address in addresses]
        facts = dict(zip(addresses, await asyncio.gather(*asked), strict=True))
        problems = [
            f"  {address}: {problem}"
            for address, each in facts.items()
            for problem in each.problems(self._here)
        ]
        if problems:
            raise ClusterError("workers cannot do runs of the program:\n" + "\n".join(problems))
        is_full = not any(each.places(self._needs) for each in facts.values())
        if facts and is_full and self._cluster is None:
            raise ClusterError(lacks(facts.values(), self._needs))
        await asyncio.gather(*(self._open(address, each) for address, each in facts.items()))
        if not facts:
            _log.warning("The cluster has no workers yet: runs begin when one joins it")

    async def _welcome(self, address: str) -> None:
        """Make a place on a worker that has joined."""
        try:
            facts = await self._ask(address)
            if problems := facts.problems(self._here):
                text = "The worker %s does no runs: %s"
                _log.warning(text, address, "; ".join(problems))
            else:
                await self._open(address, facts)
        except Exception as error:
            _log.warning("The worker %s does no runs: %s", address, error)

    async def _ask(self, address: str) -> WorkerFacts:
        names = [*self._here]
        said = await self._client._run(asking(), names, workers=[address])
        return WorkerFacts(**said[address])

    async def _open(self, address: str, facts: WorkerFacts) -> None:
        is_here = self._cluster is not None
        if not (places := facts.threads if is_here else facts.places(self._needs)):
            _log.warning("The worker %s has no room for a run (%s)", address, self._needs)
            return
        if (others := facts.differences(self._here)) and not self._is_told:
            self._is_told = True
            _log.warning("The worker %s has other versions: %s", address, ", ".join(others))
        devices = self._devices if is_here else facts.gpus()
        key = (f"{self._name}-seat", facts.id)
        seat = self._client.submit(
            *(open_seat, replace(self._plan, devices=devices), key),
            key=key,
            workers=[address],
            allow_other_workers=False,
            pure=False,
        )
        await seat
        required = facts.required(self._needs)
        self._workers[address] = _Worker(address, facts.id, places, required, seat)
        self._place()
        self._heard.put(None)

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


_LATE = 5.0
"""Seconds between the end of a task and that of its run, of which nothing was heard."""
