"""The record of a job's metrics: its journal, where that is stored, and who sends it."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING, Any
from weakref import WeakValueDictionary

from brevettiai.platform.journal import JOURNAL, SENT, Journal, remove_journal, sent_of
from brevettiai.platform.log import job_log

if TYPE_CHECKING:
    from collections.abc import Mapping

    from brevettiai.io import Storage
    from brevettiai.messages.hidden import Secret
    from brevettiai.platform.client import PlatformClient
    from brevettiai.platform.sending import MetricsSender

_open: WeakValueDictionary[str, MetricsRecord] = WeakValueDictionary()
"""By the places of their artifacts, the records of this process that were begun last."""


class MetricsRecord:
    """What a process writes of a job's metrics; it belongs to the process that began the job.

    The journal lies among the artifacts where these are local, else among the files that outlive
    the process until they are stored.

    Args:
        folder: where the journal lies if that is not among the artifacts, as S3 keeps no file that
            grows.
        run: which run of a sweep the job is, which the platform is told beside the metrics.

    Attributes:
        process: its id; None at the end.
    """

    def __init__(
        self,
        io: Storage,
        job_dir: str,
        folder: str | None,
        client: PlatformClient | None,
        remote_url: Secret | None,
        job_id: str,
        run: int | None = None,
    ) -> None:
        self.process: int | None = os.getpid()
        self._io = io
        self._artifacts = io.path.join(job_dir, "artifacts")
        earlier = _open.get(self._artifacts)
        if earlier is not None:  # Of an earlier attempt in this process, as in a notebook.
            earlier.give_way()
        self._is_remote = folder is not None
        self._journal = Journal(folder or self._artifacts)
        self._stored = 0
        self._stored_sent: Mapping[int, int] = {}
        self._is_told = False
        self._sender: MetricsSender | None = None
        if client is not None and remote_url is not None:
            from brevettiai.platform.sending import MetricsSender

            self._sender = MetricsSender(client, remote_url, job_id, self._journal, run)
            self._patience = client.settings.metrics_patience
        _open[self._artifacts] = self

    def add(self, attempt: int, values: Mapping[str, Any]) -> Mapping[str, Any]:
        """Write values to the journal, and let them be sent; the values as plain ones.

        A disk that does not take them is a warning: the work goes on.
        """
        try:
            values = self._journal.append(attempt, values)
        except OSError as error:
            if not self._is_told:
                self._is_told = True
                text = "%s cannot be written: what is logged from now on is not in it (%s)"
                job_log.warning(text, self._journal.path, error.strerror or error)
        else:
            if self._sender is not None:
                self._sender.notify()
        return values

    def take_in(self, bundles: list[str]) -> None:
        """Go on with what earlier attempts stored, or left behind in folders on this machine.

        Raises:
            OSError: it cannot be read.
        """
        for folder in [self._artifacts, *bundles] if self._is_remote else bundles:
            # S3 says "denied" of absent files too, where credentials do not allow to list them.
            with suppress(FileNotFoundError, PermissionError):
                with self._io.open(self._io.path.join(folder, JOURNAL), "rb") as lines:
                    self._journal.take_in(lines)
                if folder == self._artifacts:
                    self._stored = self._journal.size
                with self._io.open(self._io.path.join(folder, SENT), "rb") as file:
                    self._journal.take_in_sent(sent_of(file.read()))
        self.store()
        for folder in bundles:
            remove_journal(folder)
        if self._sender is not None and self._journal.size:
            self._sender.notify()

    def store(self) -> None:
        """Store the journal among the artifacts, if it has grown, and what the platform has of it.

        Raises:
            OSError: that is not possible now.
        """
        if not self._is_remote:
            return
        join, sent = self._io.path.join, self._journal.sent
        if self._journal.size > self._stored:
            with self._io.open(join(self._artifacts, JOURNAL), "wb") as file:
                size = self._journal.copy_to(file)
            self._stored = size
        if sent != self._stored_sent:
            self._io.write_file(join(self._artifacts, SENT), self._journal.sent_text())
            self._stored_sent = sent

    def give_way(self) -> None:
        """End, as a later attempt goes on with what is stored."""
        if self.process == os.getpid():
            try:
                self.store()
            except OSError as error:
                job_log.warning("Metrics of an earlier attempt could not be stored: %s", error)
            self.end(0)

    def flush(self, within: float | None = None) -> None:
        """Let what waits be sent, as long as `metrics_patience` says, or so many seconds."""
        if self._sender is not None:
            self._sender.flush(self._patience if within is None else min(within, self._patience))

    def end(self, within: float | None = None) -> None:
        """After the last `store`: what is stored needs no copy on this machine.

        Args:
            within: as for `flush`.
        """
        self.process = None
        self.flush(within)
        if self._sender is not None:
            self._sender.close()
        if not self._is_remote:
            self._journal.close()
            return
        if self._stored == self._journal.size:
            try:
                self.store()
            except OSError as error:
                job_log.error("What the platform has of the metrics was not stored: %s", error)
            self._journal.remove()
        else:
            text = "Metrics were not stored: the next attempt on this machine takes them from %s"
            job_log.error(text, self._journal.path)
