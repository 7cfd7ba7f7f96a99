"""The file with the output of a run, in the folder of its job."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress

from brevettiai.io import Storage

NAME = "output.log"


class LogFile:
    """Where a run writes its output: `output.log` in its folder, stored at its end on S3.

    Attributes:
        path: of the local file; None where the run has no folder.
        told: where it is to be found.
    """

    def __init__(self, job_dir: str | None, storage: Storage | None = None) -> None:
        self.path: str | None = None
        self.told = ""
        self._storage = storage
        self._target: str | None = None
        if job_dir is None:
            return
        self.told = Storage.path.join(job_dir, NAME)
        if Storage.path.is_address(job_dir):
            descriptor, self.path = tempfile.mkstemp(prefix="brevettiai-run-", suffix=".log")
            os.close(descriptor)
            self._target = self.told
        else:
            self.path = os.path.abspath(self.told)

    def store(self) -> None:
        """Store it, if that is not done."""
        if self._target is None or self.path is None:
            return
        storage = self._storage or Storage()
        try:
            with suppress(FileNotFoundError), storage.open(self._target, "rb") as earlier:
                before = earlier.read()
                with open(self.path, "rb") as own:
                    text = before + own.read()
                with open(self.path, "wb") as own:
                    own.write(text)
            with open(self.path, "rb") as own:
                storage.write_file(self._target, own.read())
        except OSError as error:
            self.told = f"{self.path}, as {self._target} takes none ({error.strerror or error})"
        else:
            os.remove(self.path)
