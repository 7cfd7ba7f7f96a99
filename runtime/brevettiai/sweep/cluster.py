"""The Dask cluster that does the runs of a sweep, by the address of its scheduler."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from brevettiai.sweep.dask_runner import DaskRunner
from brevettiai.sweep.errors import ClusterError
from brevettiai.sweep.program import Program
from brevettiai.sweep.workers.code import CodeTooLarge

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
