"""Where runs of a sweep are done: on this machine, or a Dask cluster."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from brevettiai.sweep.dask_runner import ClusterError, DaskRunner
from brevettiai.sweep.needs import Needs, cpu_count, local_gpus, machine_memory, size
from brevettiai.sweep.workers.code import CodeTooLarge

if TYPE_CHECKING:
    from brevettiai.sweep.program import Program

_PATIENCE = 10
"""Seconds in which a scheduler should answer."""
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
    import dask
    import distributed

    dask_cluster: Any = distributed.LocalCluster
    dask_client: Any = distributed.Client
    with dask.config.set(_LOCAL):
        cluster = dask_cluster(
            n_workers=1,
            threads_per_worker=min(rooms),
            processes=False,
            protocol="inproc",
            dashboard_address=None,
            memory_limit=0,
            silence_logs=logging.CRITICAL,
        )
        client = dask_client(cluster, set_as_default=False)
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

    dask_client: Any = distributed.Client
    try:
        client = dask_client(address, timeout=_PATIENCE, set_as_default=False)
    except (OSError, ValueError, TimeoutError) as error:
        reason = str(error).partition("\n")[0] or type(error).__name__
        raise ClusterError(
            f"no Dask scheduler answers at {address} within {_PATIENCE} seconds: {reason}"
        ) from None
    try:
        return DaskRunner(client, program, limit=workers, **options)
    except CodeTooLarge as error:
        client.close(timeout=5)
        raise ClusterError(str(error)) from None
