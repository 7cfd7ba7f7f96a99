"""Where runs of a sweep are done: on this machine, or a Dask cluster."""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from brevettiai.sweep.dask_runner import DaskRunner
from brevettiai.sweep.needs import Needs, cpu_count, local_gpus, machine_memory, size
from brevettiai.sweep.workers.code import CodeTooLarge
from brevettiai.sweep.workers.crew import ClusterError

if TYPE_CHECKING:
    from brevettiai.sweep.program import Program

_NOBODY = "127.0.0.1:0"
_PATIENCE = 10
"""Seconds in which a scheduler should answer."""
_LOCAL: dict[str, Any] = {
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


def local_runner(
    program: Program, *, workers: int | None = None, needs: Needs | None = None, **options: Any
) -> DaskRunner:
    """A runner on this machine.

    Dask's part of it lies in this process, as the runs have processes of their own.

    Args:
        workers: how many runs there are at a time; by default as many as the machine has room for.
        options: as of `DaskRunner`.

    Raises:
        ClusterError: the machine has no room for a run.
    """
    needs = needs or Needs()
    devices = local_gpus() if needs.gpus else []
    rooms = [workers or max(1, cpu_count() // (needs.cores or 1))]
    if needs.memory:
        rooms.append(machine_memory() // needs.memory)
        if not rooms[-1]:
            raise ClusterError(
                f"each run is to have {size(needs.memory)} of memory, and this machine has "
                f"{size(machine_memory())}"
            )
    if needs.gpus:
        rooms.append(len(devices) // needs.gpus)
        if not rooms[-1]:
            raise ClusterError(
                f"each run is to have {needs.gpus} GPU, and {len(devices)} are found on this "
                "machine, by CUDA_VISIBLE_DEVICES or else nvidia-smi"
            )
    import distributed
    from dask import config

    package: Any = distributed
    with config.set(_LOCAL):
        cluster = package.LocalCluster(
            n_workers=1,
            threads_per_worker=min(rooms),
            processes=False,
            protocol="inproc",
            # It listens there, though it has no pages, and to nobody else.
            dashboard_address=_NOBODY,
            worker_dashboard_address=_NOBODY,
            scheduler_kwargs={"dashboard": False},
            memory_limit=0,
            silence_logs=logging.CRITICAL,
        )
        client = package.Client(cluster, set_as_default=False)
    return DaskRunner(client, program, needs=needs, cluster=cluster, devices=devices, **options)


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
