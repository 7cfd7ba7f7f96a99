"""The folder of a job's temporary files: made when it is first asked for, removed at exit."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile


class TempDir:
    """The folder `config-id-<id>-<random>` of a job, made by the first call.

    Args:
        job_id: the job's id.
        parent: the folder to make it in, None for the system's folder of temporary files.
    """

    def __init__(self, job_id: str, parent: str | None) -> None:
        self._job_id = job_id
        self._parent = parent
        self._folder: str | None = None

    def __call__(self) -> str:
        """The path of the folder."""
        if self._folder is None:
            if self._parent is not None:
                os.makedirs(self._parent, exist_ok=True)
            self._folder = tempfile.mkdtemp(prefix=f"config-id-{self._job_id}-", dir=self._parent)
            atexit.register(_remove, self._folder, os.getpid())
        return self._folder


def _remove(folder: str, owner: int) -> None:
    if os.getpid() == owner:  # A forked worker leaves its parent's folder alone.
        shutil.rmtree(folder, ignore_errors=True)
