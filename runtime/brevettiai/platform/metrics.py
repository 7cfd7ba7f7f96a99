"""The metrics of a job: kept in a journal on disk, stored with the job, sent to the platform."""

from __future__ import annotations

from brevettiai.platform.artifacts import JobFiles
from brevettiai.platform.overridable import overridable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from brevettiai.platform.monitor import RemoteMonitor
    from brevettiai.platform.recording import MetricsRecord

_WHEN_STOPPED = 5.0
"""Seconds that a job which is asked to stop waits for metrics on their way to the platform."""


class JobMetrics(JobFiles):
    """What a job does with metrics: `Job` has it all."""

    @overridable
    def metrics(self) -> dict[str, Any]:
        """What was measured so far, also in earlier attempts that this one goes on with."""
        return self._launch.attempt.metrics

    def log(self, /, *, step: int | None = None, epoch: int | None = None, **metrics: Any) -> None:
        """Log metrics, at a step or epoch of the work where that is told.

        They are a line of the job's `artifacts/metrics.jsonl`, and the latest value of each is
        among the metrics of its `output.json`. Those of an epoch are sent to the platform. The
        caller does not wait for any of that: a line is written to a local file, and is stored and
        sent in the background.

        Args:
            step: number of the step.
            epoch: number of the epoch.
            metrics: values by name; arrays and scalars of numpy and the like are fine.

        Raises:
            ValueError: a metric is called as what a line tells of itself (`_attempt`, `_line`,
                `_time`).
        """
        place = {"step": step, "epoch": epoch}
        values = {name: value for name, value in place.items() if value is not None}
        written = self._record({**values, **metrics})
        self._launch.attempt.metrics.update({name: written[name] for name in metrics})

    def report(self, epoch: int, metrics: Mapping[str, Any]) -> None:
        """Log the metrics of an epoch, as `log` does; a sweep may end the run by them."""
        self.log(epoch=epoch, **metrics)

    def get_remote_monitor(self) -> RemoteMonitor:
        """A callback for Keras, Lightning and others, which logs the metrics of each epoch.

        They are logged as by `log`, but are not among the metrics of `output.json`.
        """
        from brevettiai.platform.monitor import RemoteMonitor

        return RemoteMonitor(self._record)

    def _record(self, values: Mapping[str, Any]) -> Mapping[str, Any]:
        """Write values to the journal, in the process that writes the output; as plain values."""
        from os import getpid

        record = self._life.metrics
        if record is None and self._life.is_first:
            record = self._open_record()
        if record is None or record.process != getpid():
            return values
        written = record.add(self._launch.attempt.number, values)
        if self._life.link is not None:
            self._life.link.report(written)
        return written

    def _open_record(self) -> MetricsRecord:
        from brevettiai.platform.recording import MetricsRecord

        life, launch = self._life, self._launch
        with life.recording:  # Several threads may log at first.
            if life.metrics is None:
                is_remote = self.io.path.is_address(self.job_dir)
                record = MetricsRecord(
                    launch.io,
                    launch.job_dir,
                    launch.temp_dir.unsent() if is_remote else None,
                    launch.client,
                    launch.info.remote_url,
                    launch.id,
                    life.link.run.number if life.link else None,
                )
                if launch.attempt.number > 1 or life.had_metrics or launch.temp_dir.earlier:
                    record.take_in(launch.temp_dir.earlier)
                life.metrics, life.had_metrics = record, True
            return life.metrics

    def _resume_metrics(self) -> None:
        """Go on with what earlier attempts logged, if there are any."""
        if self._launch.attempt.number > 1 or self._launch.temp_dir.earlier:
            self._open_record()

    def _store_metrics(self) -> None:
        if self._life.metrics is not None:
            self._life.metrics.store()

    def _flush_metrics(self) -> None:
        if self._life.metrics is not None:
            self._life.metrics.flush()

    def _end_metrics(self, *, hurries: bool) -> None:
        """What follows the last store of a job's output."""
        record, self._life.metrics = self._life.metrics, None
        if record is not None:
            record.end(_WHEN_STOPPED if hurries else None)
