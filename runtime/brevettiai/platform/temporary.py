"""The folder of a job's temporary files."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile


class TempFolder:
    """The folder `config-id-<id>-<random>` of a job, made by the first call, which gives its path.

    It goes when the process that made it ends. In a copy that comes to another process on the same
    machine it is the same folder, if it was made before.

    Args:
        job_id: the id in its name.
        parent: the folder to make it in, None for the system's folder of temporary files.
        made: its path, if it is there already.
    """

    def __init__(self, job_id: str, parent: str | None, made: str | None = None) -> None:
        self._job_id = job_id
        self._parent = parent
        self._made = made if made is not None and os.path.isdir(made) else None

    def __call__(self) -> str:
        if self._made is None:
            if self._parent is not None:
                os.makedirs(self._parent, exist_ok=True)
            self._made = tempfile.mkdtemp(prefix=f"config-id-{self._job_id}-", dir=self._parent)
            atexit.register(_remove, self._made, os.getpid())
        return self._made

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self._job_id, self._parent, self._made)


def _remove(folder: str, owner: int) -> None:
    if os.getpid() == owner:  # A forked worker leaves its parent's folder alone.
        shutil.rmtree(folder, ignore_errors=True)
