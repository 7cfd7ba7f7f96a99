"""The life of a job: its attempts, its ranks and copies, and how it stops."""

from __future__ import annotations

from brevettiai.platform.checkpoints import JobCheckpoints
from brevettiai.platform.metrics import JobMetrics
from brevettiai.platform.overridable import overridable

TYPE_CHECKING = False
if TYPE_CHECKING:
    import os
    from collections.abc import Mapping
    from typing import Any

    from brevettiai.messages.hidden import Secret
    from brevettiai.platform.attempts import State
    from brevettiai.platform.checkpoint_sender import CheckpointSender
    from brevettiai.platform.recording import MetricsRecord
    from brevettiai.platform.revision import Revision
    from brevettiai.platform.running import Running
    from brevettiai.sweep.link import Link


class JobLife(JobCheckpoints, JobMetrics):
    """How a job goes on and ends: `Job` has it all.

    Attributes:
        output_interval: seconds between two writes of `output.json` while the job runs.
        stop_signals: names of the signals that ask the job to stop; `SIGUSR1` may be one more.
        stop_grace: seconds that the job has to end after such a signal, if `on_stop` leaves that
            to it; then it ends as if it came again. None for any number.
    """

    output_interval: float = 120.0
    stop_signals: tuple[str, ...] = ("SIGTERM", "SIGINT")
    stop_grace: float | None = 20.0

    id: str
    name: str
    host_name: str
    settings: Any

    @overridable
    def attempt(self) -> int:
        """Which attempt at the job this is, 1 for the first."""
        return self._launch.attempt.number

    @overridable
    def rank(self) -> int:
        """The number of this process among those of the job, 0 where it is the only one."""
        return self._life.rank

    @property
    def is_first(self) -> bool:
        """Whether this is the process that speaks to the platform and writes the output.

        That is the one of rank 0 which began the job, and no worker process that has a copy of it.
        """
        return self._life.is_first

    @property
    def stopping(self) -> bool:
        """Whether the job is asked to stop, for `run` to look at."""
        return bool(self._life.stop.number)

    def on_stop(self) -> None:
        """What a signal that asks the job to stop does first, in the main thread: it ends `run`.

        A job that stops where it suits it does nothing here, and looks at `stopping`, or calls
        `check_stopping`, where it may end.

        Raises:
            KeyboardInterrupt: for SIGINT.
            SystemExit: for other signals, with the exit code that belongs to them.
        """
        self.check_stopping()

    def check_stopping(self) -> None:
        """End here, if the job is asked to stop.

        Raises:
            KeyboardInterrupt: the job was asked by SIGINT.
            SystemExit: it was asked by another signal, with the exit code that belongs to it.
        """
        if self.stopping:
            self._life.stop.raise_error()

    def request_stop(self) -> None:
        """Ask the job to stop, from any thread, as SIGTERM does: `stopping` is true from now on."""
        from signal import SIGTERM

        self._life.stop.ask(SIGTERM)

    def _begin(self) -> None:
        """Store what is known before the work begins, which shows that the folder takes it."""
        from brevettiai.platform.attempts import note_begun
        from brevettiai.platform.errors import JobError, PlatformError
        from brevettiai.platform.log import job_log
        from brevettiai.platform.revision import Revision, folder_of
        from brevettiai.platform.running import call_at_exit

        if not self.is_first:
            job_log.debug("Rank %s of job %s writes no output", self._life.rank, self.id)
            return
        path, attempt = self._output_path, self._launch.attempt
        self._life.revision = Revision(folder_of(type(self)))
        try:
            if attempt.is_unreadable:
                aside = f"{path}.{self._launch.run_id}"
                job_log.warning("%s is no output of a job; it is now %s", path, aside)
                self.io.move(path, aside)
            self.upload_job_output()
            self._resume_metrics()
        except OSError as error:
            kind = PlatformError if self.io.path.is_address(self.job_dir) else JobError
            reason = error.strerror or str(error)
            raise kind(f"{self.job_dir}: the job cannot write to its folder ({reason})") from error
        note_begun(path, attempt)
        call_at_exit(self._end_open)
        self._begin_checkpoints()
        if self._life.link is not None:
            self._life.link.began()

    def _begin_again(self) -> None:
        """Where the attempt has ended already, as in a notebook, begin the next one."""
        import json

        from brevettiai.platform.attempts import Found, next_attempt, note_begun
        from brevettiai.platform.stopping import Stop

        if self._launch.attempt.ended is None:
            return
        path = self._output_path
        self._life.stop = Stop()
        found = Found(path, json.loads(self._output_text(self._config())))
        self._launch.attempt = next_attempt(found, self.id, None)
        note_begun(path, self._launch.attempt)
        self._store_at_the_end()

    def _running(self) -> Running:
        """The block in which the job runs."""
        from brevettiai.platform.running import Regularly, Running
        from brevettiai.platform.stopping import Signals

        self._begin_again()
        signals = Signals(self.stop_signals, self._life.stop, self.on_stop, self.stop_grace)
        regularly = Regularly(self._store_output, self.output_interval) if self.is_first else None
        return Running(self._life, signals, regularly, self._end_by)

    def _end_by(self, error: BaseException | None) -> None:
        """What follows when the job runs no longer, also if an exception ended that."""
        from signal import Signals

        from brevettiai.platform.log import job_log
        from brevettiai.platform.running import state_after

        if error is None:
            self._store_at_the_end()
            return
        if self._life.stop.number:
            name = Signals(self._life.stop.number).name
            job_log.warning("Job %s is stopped by %s", self.id, name)
        self._end(state_after(error, self.stopping), error)

    def _end_of_work(self, package_path: str | os.PathLike[str] | None) -> None:
        """What follows the work is not disturbed by a first signal.

        Work that ended because the job was asked to stop, and that raised nothing for it, is not
        whole: its package is kept, and the job ends as stopped.
        """
        stop = self._life.stop
        if self._life.running:
            self._life.running.finish()
        if stop.number and not stop.is_raised:
            if package_path is not None and self.is_first:
                self._place_package(package_path)
            stop.raise_error()

    @property
    def _output_path(self) -> str:
        from brevettiai.platform.attempts import output_path

        return output_path(self.io, self.job_dir)

    @property
    def _is_complete(self) -> bool:
        return self._launch.attempt.state == "completed"

    def upload_job_output(self, name: str = "output.json") -> str:
        """Store the job's settings, metrics and state as an artifact, without secrets.

        Only the first process of a job does (`is_first`).

        Returns:
            Its path as seen from the job's folder: `artifacts/output.json`.
        """
        from brevettiai.platform.log import job_log

        path = self.artifact_path(name)
        if self.is_first:
            job_log.info("Uploading %s to %s", name, path)
            self._write_output(path, self._config())
        else:
            job_log.debug("%s: this process does not write it, as the first one does", path)
        return self._as_artifact(path)

    def _config(self) -> dict[str, Any]:
        """What the job is, as `output.json` has it."""
        from brevettiai.platform.settings import (
            schema_digest,
            secrets_in,
            settings_class,
            stored_config,
        )

        cls = settings_class(type(self), JobLife)
        info, life = self._launch.info, self._life
        life.config = {
            "id": self.id,
            "run_id": self._launch.run_id,
            "name": self.name,
            "job": type(self).__qualname__,
            "settings": stored_config(self.settings, cls),
            "schema_digest": schema_digest(self.settings, cls),
            "datasets": info.datasets,
            "models": info.models,
            "tags": info.tags,
            "host_name": self.host_name,
        }
        life.secrets |= secrets_in(self.settings, cls)
        return life.config

    def _output_text(self, config: Mapping[str, Any], wait: float = 0.0) -> str:
        from brevettiai.platform.output import environment_of, format_output

        environment = environment_of(self._life.revision, wait)
        return format_output(self._launch.attempt, config, environment, self._launch.key)

    def _write_output(self, path: str, config: Mapping[str, Any], wait: float = 0.0) -> None:
        with self._life.writing:
            self.io.write_file(path, self._output_text(config, wait))
            self._store_metrics()
            self._stored(path)

    def _store_output(self, wait: float = 0.0) -> None:
        """Store the output as well as it can be: settings that cannot be read are as they were.

        Args:
            wait: seconds to wait for what is not known yet of the code's revision.
        """
        from brevettiai.platform.log import job_log

        if not self.is_first:
            return
        try:
            config = self._config()
        except Exception as error:
            job_log.warning("The settings of the job cannot be stored: %s", error)
            config = self._life.config
        self._write_output(self._output_path, config, wait)

    def _store_at_the_end(self) -> None:
        from brevettiai.platform.log import job_log

        try:
            self._store_output(wait=2.0)
        except Exception as error:  # What ended the job is told, not this.
            told = self._keep_output(error) if isinstance(error, OSError) else error
            job_log.error("The output of the job was not stored: %s", told)

    def _keep_output(self, error: OSError) -> OSError:
        """Keep the output that S3 did not take; the error that says where it is."""
        from brevettiai.platform.unsent import OUTPUT, keep_file

        path = self._output_path
        if not self.io.path.is_address(path):
            return error
        text = self._output_text(self._life.config)
        return keep_file(self._launch.temp_dir, path, OUTPUT, text, False, error)

    def _end(self, state: State, error: BaseException | None = None) -> None:
        """Note how the attempt ended, and store that; a completed one stays so."""
        from contextlib import suppress

        from brevettiai.platform.output import describe_error

        if not self.is_first:
            return
        told = None
        if not self._is_complete:
            if error is not None:
                with suppress(Exception):  # Those that were found before will do.
                    self._config()
                key = self._launch.key
                told = describe_error(error, self._life.secrets | ({key} if key else set()))
            self._launch.attempt.end(state, told)
        self._store_at_the_end()
        patience, grace = self.io.settings.patience, self.stop_grace
        self._finish_checkpoints(patience if grace is None else min(grace, patience))
        self._end_metrics(hurries=self.stopping)
        if self._life.link is not None:
            from brevettiai.platform.linked import tell_end

            tell_end(self._life.link, self._launch.attempt, told, self._life.secrets)

    def _end_open(self, state: State, error: BaseException | None) -> None:
        """End with the process, unless the attempt has ended, or is not the last one here."""
        from os.path import isdir

        from brevettiai.platform.attempts import is_latest

        attempt, path = self._launch.attempt, self._output_path
        is_open = self.is_first and attempt.ended is None and is_latest(path, attempt)
        # A folder that was removed meanwhile does not come back.
        if is_open and (self.io.path.is_address(self.job_dir) or isdir(self.job_dir)):
            self._end(state, error)

    def __getstate__(self) -> dict[str, Any]:
        """A copy runs nothing, and writes no output; it has the key, as that of `io` does."""
        return {name: value for name, value in vars(self).items() if name != "_life"}

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state)
        self._life = Life(None)


class Life:
    """What belongs to the process that began the job, and to no copy of it.

    Attributes:
        process: its id; None in a copy.
        rank: the number of this process when this began.
        stop: whether the job is asked to stop.
        writing: held by who writes the output.
        recording: held by who opens the record of metrics.
        running: the block in which the job runs, if it does.
        revision: that of the code.
        metrics: the record of metrics, while there is one.
        had_metrics: there was one.
        config: what the job is, as it was when that could be told last.
        secrets: those of the settings until now.
        sender: stores checkpoints, since there was one.
        link: that to the sweep, of which the job is a run.
    """

    def __init__(self, process: int | None) -> None:
        from threading import RLock

        from brevettiai.platform.ranks import rank
        from brevettiai.platform.stopping import Stop

        self.process = process
        self.rank = rank()
        self.stop = Stop()
        self.writing = RLock()
        self.recording = RLock()
        self.running: Running | None = None
        self.revision: Revision | None = None
        self.metrics: MetricsRecord | None = None
        self.had_metrics = False
        self.config: dict[str, Any] = {}
        self.secrets: set[Secret] = set()
        self.sender: CheckpointSender | None = None
        self.link: Link | None = None

    @property
    def is_first(self) -> bool:
        """Whether this is the process that writes for the job."""
        from os import getpid

        return self.process == getpid() and self.rank == 0
