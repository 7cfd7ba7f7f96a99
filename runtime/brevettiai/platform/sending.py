"""Metrics on their way to the platform: in the background, in order, as long as it takes.

The journal on disk is the queue. What is sent is what is known of an epoch; of lines of one epoch
that wait together, the latest value of each metric.
"""

from __future__ import annotations

import json
import logging
import math
import threading
import time
from typing import Any, NamedTuple

from brevettiai.messages.hidden import Secret
from brevettiai.platform.client import TRY_AGAIN, Patience, PlatformClient
from brevettiai.platform.errors import PlatformError
from brevettiai.platform.journal import Journal

_log = logging.getLogger(__name__)

_BETWEEN = 1.0
"""Seconds between two requests about the same epoch."""


class _Batch(NamedTuple):
    """Lines of one epoch: their metrics, what is sent with them, and where they end."""

    values: dict[str, Any]
    sent: dict[int, int]
    end: int
    mark: str


class MetricsSender:
    """Sends the metrics of a journal from a thread of its own, which the first of them starts.

    Args:
        job_id: begins what tells a request from all others.
        run: which run of a sweep the job is; the platform is told, beside the metrics.
    """

    def __init__(
        self,
        client: PlatformClient,
        remote_url: Secret,
        job_id: str,
        journal: Journal,
        run: int | None = None,
    ) -> None:
        self._client = client
        self._remote_url = remote_url
        self._job_id = job_id if run is None else f"{job_id}-run-{run}"
        self._beside = {} if run is None else {"run": run}
        self._journal = journal
        self._position = 0
        self._more = threading.Event()
        self._sending = threading.Lock()
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None
        self._patience = Patience()
        self._refusal_told = False
        self._failure = ""
        self._last: tuple[Any, float] = (None, -math.inf)

    def notify(self) -> None:
        """The journal has more lines."""
        if not self._more.is_set():
            self._more.set()
        if self._thread is None:
            with self._starting:
                if self._thread is None:
                    self._patience = Patience()
                    self._thread = threading.Thread(
                        target=self._run,
                        args=(self._patience,),
                        name="brevettiai-metrics",
                        daemon=True,
                    )
                    self._thread.start()

    def flush(self, within: float) -> bool:
        """Let all be sent; whether it was, within so many seconds."""
        if self._unsent() is None:
            return True
        self.notify()
        thread, until = self._thread, time.monotonic() + within
        self._patience.end(within)
        self._more.set()
        if thread is not None:
            thread.join(max(0.0, until - time.monotonic()))
        self._patience.end()
        self._thread = None
        left = self._unsent()
        if left is None:
            return True
        _log.warning(
            "The metrics from epoch %s on did not reach the platform within %g s (%s): they are "
            "stored with the job, and its next attempt sends them",
            *(left.values["epoch"], within, self._failure or "it does not answer"),
        )
        return False

    def close(self) -> None:
        """Let the thread end."""
        self._patience.end()
        self._more.set()
        self._thread = None

    def _unsent(self) -> _Batch | None:
        """What is to be sent next, None where all is."""
        batch = self._next(self._position)
        return batch if batch is not None and batch.values else None

    def _run(self, patience: Patience) -> None:
        with self._sending:
            while True:
                self._more.wait()
                self._more.clear()
                while (batch := self._next(self._position)) is not None:
                    last, until = self._last
                    if batch.values.get("epoch") == last and patience.pause(until):
                        continue  # With what has come meanwhile.
                    if batch.values and (patience.left() <= 0 or not self._send(batch, patience)):
                        return
                    self._position = batch.end
                if patience.is_ended:
                    return

    def _next(self, position: int) -> _Batch | None:
        """The lines of the next epoch after a position, None where there are no lines."""
        values: dict[str, Any] = {}
        sent: dict[int, int] = {}
        first = (0, 0)
        for line in self._journal.read(position):
            if line.values.get("epoch") is not None:
                if not values:
                    values, first = {"epoch": None}, (line.attempt, line.number)
                elif (line.values["epoch"], line.attempt) != (values["epoch"], first[0]):
                    break
                del line.values["_time"]
                values |= line.values
            sent[line.attempt] = line.number
            position = line.end
        attempt, number = first
        mark = f"{self._job_id}-{attempt}-{number}-{sent.get(attempt)}"
        return _Batch(values, sent, position, mark) if sent else None

    def _send(self, batch: _Batch, patience: Patience) -> bool:
        """Whether that is done with: the platform took it, or will never."""
        data = json.dumps({**batch.values, **self._beside}, allow_nan=False)
        try:
            self._client.send_metrics(self._remote_url, data, batch.mark, patience)
        except PlatformError as error:
            self._failure = str(error)
            if error.status is None or error.status in TRY_AGAIN:
                return False
            level = logging.DEBUG if self._refusal_told else logging.WARNING
            self._refusal_told = True
            text = "The metrics of epoch %s were not sent, and of others that the platform refuses"
            _log.log(level, f"{text} no more is said: %s", batch.values["epoch"], error)
        self._last = batch.values["epoch"], time.monotonic() + _BETWEEN
        try:
            self._journal.note_sent(batch.sent)
        except OSError as error:
            _log.debug("What the platform has of the metrics was not noted: %s", error)
        return True
