"""What a worker is and has, and whether it can do the runs of a program."""

from __future__ import annotations

import importlib.metadata
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import packages_distributions
from types import FunctionType
from typing import Any

from brevettiai.sweep.needs import Needs, size

OURS = "brevetti"


@dataclass(frozen=True)
class WorkerFacts:
    """What a worker tells of itself.

    Attributes:
        id: that of the process; one that is started again at the same address has another.
        versions: of distributions, None for what is not installed.
        has_runtime: it can import this package.
        memory: what it was given, in bytes; 0 for no limit.
        resources: those that it declares to Dask.
        devices: the GPUs that it sees by `CUDA_VISIBLE_DEVICES`.
    """

    id: str
    python: str
    versions: Mapping[str, str | None]
    has_runtime: bool
    threads: int
    memory: int
    resources: Mapping[str, float]
    devices: Sequence[str]

    def problems(self, here: Mapping[str, str]) -> list[str]:
        """What keeps it from doing runs; nothing where it can.

        Args:
            here: the versions of this process.
        """
        python = f"{sys.version_info[0]}.{sys.version_info[1]}"
        if self.python != python:
            return [f"Python {self.python}, and {python} here"]
        if not self.has_runtime:
            return [f"{OURS} is not installed"]
        own = here.get(OURS)
        found = self.versions.get(OURS)
        if own is not None and found is not None and own != found:
            return [f"{OURS} {found}, and {own} here"]
        lacking = [name for name in here if self.versions.get(name) is None and name != OURS]
        return [f"{name} is not installed (here {here[name]})" for name in lacking]

    def differences(self, here: Mapping[str, str]) -> list[str]:
        """The distributions of which it has other versions."""
        found = self.versions
        return [
            f"{name} {found[name]} (here {version})"
            for name, version in here.items()
            if found.get(name) not in (None, version)
        ]

    def places(self, needs: Needs) -> int:
        """How many runs it has room for at a time."""
        declared = self.resources
        rooms = [declared.get("CPU", self.threads) // (needs.cores or 1)]
        rooms.append(self.threads)
        if needs.memory:
            memory = declared.get("MEMORY", self.memory)
            rooms += [memory // needs.memory] if memory else []
        if needs.gpus:
            rooms.append(len(self.gpus()) // needs.gpus)
        return int(min(rooms))

    def gpus(self) -> list[str]:
        """The GPUs that its runs may have: as many as it declares, else those that it sees."""
        declared = self.resources.get("GPU")
        if declared is None:
            return [*self.devices]
        return [*self.devices][: int(declared)] or [str(index) for index in range(int(declared))]

    def required(self, needs: Needs) -> dict[str, float]:
        """What of the resources that it declares each run takes."""
        wanted = {"GPU": needs.gpus, "MEMORY": needs.memory, "CPU": needs.cores}
        return {name: each for name, each in wanted.items() if each and name in self.resources}


def lacks(facts: Iterable[WorkerFacts], needs: Needs) -> str:
    """Why no worker has room for a run."""
    there = [*facts]
    if needs.gpus and not any(each.gpus() for each in there):
        return (
            f"each run is to have {needs.gpus} GPU, and no worker has one: start workers with "
            "CUDA_VISIBLE_DEVICES, or with --resources GPU=1"
        )
    most = max((each.memory for each in there), default=0)
    if needs.memory and 0 < most < needs.memory:
        return f"each run is to have {size(needs.memory)} of memory, and a worker {size(most)}"
    return f"no worker has room for a run ({needs})"


def versions_of(imports: Iterable[str]) -> dict[str, str]:
    """The versions of the distributions that imported top-level names belong to, and of ours."""
    tops = [name for name in imports if name in sys.modules and name not in sys.stdlib_module_names]
    owners: Mapping[str, Sequence[str]] = packages_distributions() if tops else {}
    names = {OURS, *(owner for name in tops for owner in owners.get(name, ()))}
    return {name: version for name in sorted(names) if (version := version_of(name)) is not None}


def version_of(name: str) -> str | None:
    """The version of a distribution; None where it is not installed."""
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None


def asking() -> Callable[..., dict[str, Any]]:
    """The function that asks a worker: it travels by its code."""
    function = FunctionType(ask.__code__, {"__name__": "__main__", "__builtins__": __builtins__})
    function.__kwdefaults__ = {}
    return function


def ask(names: Sequence[str], dask_worker: Any) -> dict[str, Any]:
    """What a worker is and has, see `WorkerFacts`: alone, as this module may lack there."""
    import importlib.metadata
    import importlib.util
    import os
    import sys

    versions: dict[str, str | None] = {}
    for name in names:
        try:
            versions[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            versions[name] = None
    try:
        has_runtime = importlib.util.find_spec("brevettiai.sweep.workers.seat") is not None
    except ImportError:
        has_runtime = False
    visible = os.environ.get("CUDA_VISIBLE_DEVICES", "")
    return {
        "id": dask_worker.id,
        "python": f"{sys.version_info[0]}.{sys.version_info[1]}",
        "versions": versions,
        "has_runtime": has_runtime,
        "threads": dask_worker.state.nthreads,
        "memory": dask_worker.memory_manager.memory_limit or 0,
        "resources": dict(dask_worker.state.total_resources),
        "devices": [name for name in visible.split(",") if name and name != "-1"],
    }
