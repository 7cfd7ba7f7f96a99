"""The folder of a job's temporary files: made when it is first asked for, removed at exit."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from collections.abc import Callable
from functools import lru_cache


def temp_dir_of(job_id: str, parent: str | None) -> Callable[[], str]:
    """Gives the folder `config-id-<id>-<random>` of a job, made by the first call.

    Args:
        parent: the folder to make it in, None for the system's folder of temporary files.
    """

    @lru_cache(maxsize=1)
    def folder() -> str:
        if parent is not None:
            os.makedirs(parent, exist_ok=True)
        made = tempfile.mkdtemp(prefix=f"config-id-{job_id}-", dir=parent)
        atexit.register(_remove, made, os.getpid())
        return made

    return folder


def _remove(folder: str, owner: int) -> None:
    if os.getpid() == owner:  # A forked worker leaves its parent's folder alone.
        shutil.rmtree(folder, ignore_errors=True)
