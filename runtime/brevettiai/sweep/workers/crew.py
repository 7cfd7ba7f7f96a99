"""The workers of a cluster that do runs of a sweep: those that can, and the place that each has."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from brevettiai.sweep.errors import ClusterError
from brevettiai.sweep.workers.facts import WorkerFacts, asking, lacks
from brevettiai.sweep.workers.seat import SeatPlan, close_seat, open_seat, seat_key

# Dask says little of its types.
Client: TypeAlias = Any
Future: TypeAlias = Any

_log = logging.getLogger(__name__)
_NO_RUNS = "The worker %s does no runs: %s"


@dataclass
class PlacedWorker:
    """A worker that does runs.

    Attributes:
        id: that of its process.
        places: how many runs it does at a time.
        required: what of the resources that it declares each run takes.
        lease: of data on it, by which it knows that the driver is there.
        tokens: of the runs that were sent there.
    """

    address: str
    id: str
    places: int
    required: Mapping[str, float]
    lease: Future
    tokens: set[str] = field(default_factory=set[str])


class Crew:
    """The workers that do runs. All happens in the thread of the client's loop.

    Args:
        here: the versions of the distributions that workers need.
        changed: called when there are others.

    Attributes:
        workers: those that do runs, by their addresses.
    """

    def __init__(
        self,
        client: Client,
        plan: SeatPlan,
        here: Mapping[str, str],
        changed: Callable[[], object],
    ) -> None:
        self.workers: dict[str, PlacedWorker] = {}
        self._client = client
        self._plan = plan
        self._here = here
        self._changed = changed
        self._greeted: set[str] = set()
        self._is_told = False
        self._is_closing = False

    def is_new(self, address: str) -> bool:
        """Whether a worker is to be welcomed, and is not yet."""
        is_new = address not in self._greeted and not self._is_closing
        self._greeted.add(address)
        return is_new

    def lose(self, address: str) -> PlacedWorker | None:
        """Forget a worker; what it was, if it did runs."""
        self._greeted.discard(address)
        return self.workers.pop(address, None)

    def free(self) -> PlacedWorker | None:
        """The worker with the most room, if one has any."""
        free = [worker for worker in self.workers.values() if len(worker.tokens) < worker.places]
        return max(free, key=lambda worker: worker.places - len(worker.tokens), default=None)

    async def close(self, grace: float) -> None:
        """End all runs."""
        self._is_closing = True
        if self.workers:
            await self.on([*self.workers], close_seat, self._plan.name, grace)
        for worker in self.workers.values():
            worker.lease.release()

    async def welcome_all(self) -> None:
        """Make places on the workers that there are.

        Raises:
            ClusterError: one of them cannot do runs, or none has room for one.
        """
        addresses = [*await self._client.scheduler.ncores()]
        self._greeted.update(addresses)
        facts = await self._ask(addresses)
        problems = [
            f"  {address}: {problem}"
            for address, each in facts.items()
            for problem in each.problems(self._here)
        ]
        if problems:
            raise ClusterError("workers cannot do runs of the program:\n" + "\n".join(problems))
        is_full = not any(each.places(self._plan.needs) for each in facts.values())
        if facts and is_full:
            raise ClusterError(lacks(facts.values(), self._plan.needs))
        await self._open(facts)
        if not facts:
            _log.warning("The cluster has no workers yet: runs begin when one joins it")

    async def welcome(self, address: str) -> None:
        """Make a place on a worker that has joined."""
        try:
            facts = await self._ask([address])
            for each in facts.values():
                if problems := each.problems(self._here):
                    _log.warning(_NO_RUNS, address, "; ".join(problems))
                else:
                    await self._open(facts)
        except Exception as error:
            _log.warning(_NO_RUNS, address, error)

    async def _ask(self, addresses: Sequence[str]) -> dict[str, WorkerFacts]:
        """What workers are and have; those that do not answer are left out."""
        if not addresses:
            return {}
        said = await self.on(addresses, asking(), [*self._here])
        return {address: WorkerFacts(**each) for address, each in said.items()}

    async def on(
        self, addresses: Sequence[str], function: Callable[..., object], *words: Any
    ) -> dict[str, Any]:
        """Call a function on workers; what it gives by their addresses, where it gives something.

        It does not wait for the tasks that a worker has.
        """
        said = await self._client._run(
            function, *words, workers=[*addresses], on_error="return", wait=True
        )
        for address, each in said.items():
            if isinstance(each, Exception) and not self._is_closing:
                _log.warning(_NO_RUNS, address, each)
        return {name: each for name, each in said.items() if not isinstance(each, Exception)}

    async def _open(self, facts: Mapping[str, WorkerFacts]) -> None:
        """Make places on workers that can do runs."""
        places: dict[str, int] = {}
        for address, each in facts.items():
            places[address] = each.places(self._plan.needs)
            others = each.differences(self._here)
            if not places[address]:
                _log.warning("The worker %s has no room for a run (%s)", address, self._plan.needs)
            elif others and not self._is_told:
                self._is_told = True
                _log.warning("The worker %s has other versions: %s", address, ", ".join(others))
        fit = [address for address, count in places.items() if count]
        opened = await self.on(fit, open_seat, self._plan) if fit else {}
        leases = [self._lease(address, facts[address], places[address]) for address in opened]
        await asyncio.gather(*leases)
        self._changed()

    async def _lease(self, address: str, facts: WorkerFacts, places: int) -> None:
        """Let a worker have data that it loses with the driver, and do runs."""
        key = seat_key(self._plan.name, facts.id)
        try:
            leases = await self._client.scatter({key: 0}, workers=[address], direct=False)
        except Exception as error:  # It is gone again.
            _log.warning(_NO_RUNS, address, error)
            return
        required = facts.required(self._plan.needs)
        worker = PlacedWorker(address, facts.id, places, required, leases[key])
        if address in self._greeted:
            self.workers[address] = worker
