"""What each run of a sweep has of a machine."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass

_THREADS = (
    *("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"),
    *("NUMEXPR_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"),
)


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

    def threads(self, environ: Mapping[str, str], *, on_dask: bool = True) -> dict[str, str]:
        """The variables by which libraries know how many threads a run has.

        What somebody has set stays. A worker of Dask has 1 in them for its own tasks, which is no
        word on runs with more cores.
        """
        cores = self.cores or 1
        unset = (None, "1") if on_dask else (None,)
        return {name: str(cores) for name in _THREADS if environ.get(name) in unset}

    def __str__(self) -> str:
        parts = [f"{self.cores or 1} cores"]
        parts += [f"{size(self.memory)} of memory"] if self.memory else []
        parts += [f"{self.gpus} GPUs"] if self.gpus else []
        return ", ".join(parts)


def size(count: float) -> str:
    """A number of bytes as people write it: `4 GB`."""
    for unit, factor in (("TB", 1000**4), ("GB", 1000**3), ("MB", 1000**2), ("KB", 1000)):
        if count >= factor:
            return f"{count / factor:.3g} {unit}"
    return f"{count:g} bytes"


def local_gpus() -> list[str]:
    """The GPUs of this machine that this process may use, as `CUDA_VISIBLE_DEVICES` names them."""
    visible = os.environ.get("CUDA_VISIBLE_DEVICES")
    if visible is not None:
        return [name for name in visible.split(",") if name and name != "-1"]
    import subprocess

    try:
        said = subprocess.run(
            ["nvidia-smi", "--list-gpus"], capture_output=True, text=True, timeout=20, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return []
    lines = said.stdout.splitlines() if said.returncode == 0 else []
    return [str(index) for index, _ in enumerate(line for line in lines if line[:3] == "GPU")]


def cpu_count() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def machine_memory() -> int:
    """The memory of this machine, in bytes."""
    import psutil

    return int(psutil.virtual_memory().total)
