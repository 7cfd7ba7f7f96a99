"""The job: settings, storage, artifacts and the platform, in one object."""

from __future__ import annotations

from brevettiai.platform.life import JobLife

TYPE_CHECKING = False
if TYPE_CHECKING:
    import os
    from collections.abc import Mapping, Sequence
    from typing import Any, Literal

    from typing_extensions import Self

    from brevettiai.platform.launch import Launch
    from brevettiai.sweep.conducting import Subject


class Job(JobLife):
    """A run with settings, storage and artifacts, on the platform or local.

    Subclass it, say which settings it takes, and write `run`:

        class TrainingJob(Job):
            settings: Training

            def run(self) -> str | None:
                ...

        if __name__ == "__main__":
            TrainingJob.init().start()

    Attributes:
        settings: the settings: those stored on the platform, with the command line's over them.
            A subclass names their class by annotating `settings`, or by `Settings = Training`;
            without, a job takes any settings and shows what is stored as attributes.
        io: the storage of the job, for local paths and `s3://` ones.
        id: the job's id.
        name: the job's name on the platform.
        job_dir: the job's folder.
        host_name: address of the platform.
        datasets: the datasets of the job, none in a local job.
        tags: the tags of the job, as its `info.json` has them.
        models: the models that the job builds on, as its `info.json` has them.
    """

    def __init__(self, launch: Launch, settings: Any) -> None:
        """Jobs are made by `Job.init`."""
        import os

        from brevettiai.platform.life import Life

        self.settings = settings
        self.id = launch.id
        self.name = launch.info.name
        self.job_dir = launch.job_dir
        self.host_name = launch.host_name
        self.io = launch.io
        self.datasets = launch.datasets
        self.tags = launch.info.tags
        self.models = launch.info.models
        self._launch = launch
        self._life = Life(os.getpid())

    @classmethod
    def init(
        cls,
        job_id: str | None = None,
        api_key: str | None = None,
        *,
        info_file: str | os.PathLike[str] | None = None,
        job_dir: str | os.PathLike[str] | None = None,
        cache_path: str | os.PathLike[str] | None = None,
        host: str | None = None,
        data_bucket: str | None = None,
        settings: Any = None,
        args: Sequence[str] | None = None,
        unknown: Literal["refuse", "ignore"] = "refuse",
        resume: bool | None = None,
    ) -> Self:
        """Begin a job: find out what it is, load its settings, and write its `output.json`.

        Each argument counts first, then the flag of its name (`--model_id` and `--test_id` are
        `--job_id` too), then the environment: `job_id`, `api_key`, `BREVETTIAI_HOST_NAME`,
        `BREVETTIAI_DATA_BUCKET`, `BREVETTI_AI_CACHE`. Without an id and a key the job is local.
        These flags are always the job's; a setting of the same name at the top of the settings is
        set by JSON of the whole (`--. '{"host": "…"}'`) or a settings file. `--help` prints the
        flags and exits, `--show-settings` the settings, before the job has a folder.

        Settings are those stored in `info.json`; over them lie `--preset` and `--settings-file`,
        variables such as `BREVETTIAI_SETTINGS__TRAINING__EPOCHS`, and flags.

        Words that belong neither to the job nor to its settings are refused, unless the job has no
        settings class. A mistake in the words of the process ends it with the problems on stderr
        and exit code 2, except in an interactive session; so does a JobError where no argument is
        given, with 1 if the platform or a bucket is what fails. With `args` they are raised.

        Log records are shown on stderr, unless logging is configured already.

        Args:
            job_id: the job's id on the platform.
            api_key: the job's key.
            info_file: the job's `info.json`, where it is not in the job's folder.
            job_dir: the job's folder; `<data bucket>/<id>` on the platform, `jobs/<time>-<id>` in
                a local job.
            cache_path: a local folder for temporary files and a cache of files read from S3 that
                outlives the job.
            host: address of the platform.
            data_bucket: where the platform keeps jobs and datasets.
            settings: an object of the settings class or its config, which takes the place of the
                stored settings: variables and flags lie over it. The job has a copy.
            args: the command line; by default that of the process, without the words of a
                notebook's kernel or a test runner.
            unknown: `"ignore"` leaves words alone that belong to nobody.
            resume: what to do with an earlier attempt in the job's folder. By default the job goes
                on with its metrics, if there is one; True requires that there is. False begins
                anew: of earlier attempts `output.json` keeps the history.

        Raises:
            JobError: something outside the job is wrong: an id without a key, a wrong key, an
                absent or broken `info.json`, an unreachable platform or bucket, nothing to resume.
            SettingsError: the settings, stored or from flags, do not fit their class; ModuleError
                where that is a hand-written module. Both are ValueErrors.
            TypeError: `settings` is an object of another class.
        """
        from brevettiai.cli.program import mistakes_end
        from brevettiai.cli.words import words_of_process
        from brevettiai.errors import ModuleError, SettingsError
        from brevettiai.messages.hidden import Secret
        from brevettiai.platform.beginning import begin
        from brevettiai.platform.errors import JobError
        from brevettiai.platform.flags import asks_for_sweep
        from brevettiai.platform.linked import begin_run, link_of_process
        from brevettiai.platform.secret import hide_values
        from brevettiai.platform.settings import settings_class

        # Tracebacks with local variables must not show the key.
        key, api_key = (Secret(api_key) if api_key else None), None
        args = None if args is None else hide_values(args, "api_key")
        if unknown not in ("refuse", "ignore"):
            raise ValueError(f"unknown must be 'refuse' or 'ignore', not {unknown!r}")
        settings_type = settings_class(cls, Job)
        arguments = {
            "job_id": job_id,
            "info_file": info_file,
            "job_dir": job_dir,
            "cache_path": cache_path,
            "host": host,
            "data_bucket": data_bucket,
        }
        mistakes: list[type[Exception]] = [SettingsError, ModuleError]
        if key is None and all(value is None for value in arguments.values()):
            mistakes.append(JobError)
        link = link_of_process()
        with mistakes_end(*(mistakes if args is None else ())):
            words = hide_values(words_of_process(), "api_key") if args is None else args
            if link is None and asks_for_sweep(words):
                from brevettiai.platform.sweeping import sweep_job

                given = (settings_type, settings, words, key, arguments, unknown)
                words = sweep_job(cls, lambda job: job._begin(), *given, ends=args is None)
            if link is not None:
                launch, loaded = begin_run(settings_type, link)
            else:
                launch, loaded = begin(
                    settings_type, settings, words, key, arguments, unknown, resume
                )
        job = cls(launch, loaded)
        job._life.link = link
        with mistakes_end(*(mistakes if args is None else ())):
            job._begin()
        return job

    @classmethod
    def __swept__(cls, settings: Any) -> Subject:
        """What `brevettiai.sweep.sweep` runs many times, from these settings on."""
        from brevettiai.platform.sweeping import subject_of_class

        return subject_of_class(cls, Job, settings)

    def start(self, complete_job: bool = True) -> str | None:
        """Run the job, then complete it; what `run` returns.

        Whatever ends it before, an exception, Ctrl-C or SIGTERM (exit code 143), `output.json` has
        the metrics until then, and says how it ended.

        Args:
            complete_job: tell the platform that the job is complete.
        """
        if self._life.running:
            return self._run_and_complete(complete_job)
        with self._running():
            return self._run_and_complete(complete_job)

    def _run_and_complete(self, complete_job: bool) -> str | None:
        package_path = self.run()
        self._end_of_work(package_path)
        if complete_job and not self._is_complete:
            self.complete(package_path)
        return package_path

    def __enter__(self) -> Self:
        """Begin the work of a job without `run`: the `with` block is its work.

        Raises:
            RuntimeError: the job runs already.
        """
        if self._life.running:
            raise RuntimeError(f"job {self.id} runs already")
        self._running().__enter__()
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        """Complete the job, unless that is done or an exception leaves the block."""
        running = self._life.running
        if running is None:
            return
        try:
            if error is None and not self._is_complete:
                self._end_of_work(None)
                self.complete()
        except BaseException as late:
            running.__exit__(type(late), late, None)
            raise
        running.__exit__(kind, error, trace)

    def run(self) -> str | None:
        """The work of the job, for subclasses to write.

        Returns:
            The path of the resulting package, or None where there is none.
        """
        return None

    def complete(
        self, package_path: str | os.PathLike[str] | None = None, *, output_args: str = ""
    ) -> None:
        """Write `output.json` again, and tell the platform that the job is complete.

        A local job only writes.

        Args:
            package_path: the file that the job results in, also as seen from the job's folder, as
                `upload_artifact` gives it; one outside that folder is uploaded to the artifacts.
            output_args: text to append to the address of the completion.

        Raises:
            FileNotFoundError: there is no such package.
            UnsentError: the package or the output could not be uploaded. It stays on this machine;
                the text says where, and how to send it and complete the job then.
            PlatformError: the platform could not be told; the text says how to do it later.
        """
        from brevettiai.platform.log import job_log
        from brevettiai.platform.unsent import completion_kept

        if not self.is_first:
            job_log.debug("This process of job %s leaves its completion to the first", self.id)
            return
        if self._life.running:
            self._life.running.finish()
        with completion_kept(self._launch, output_args) as told:
            if package_path is not None:
                told.package = self._place_package(package_path)
            try:
                self.upload_job_output()
            except OSError as error:
                raise self._keep_output(error) from None
            self._finish_checkpoints(self.io.settings.patience)
            self._flush_metrics()
            self._tell_completion(told.package, output_args)
        self._end("completed")

    def _tell_completion(self, package: str, output_args: str) -> None:
        from brevettiai.platform.log import job_log

        launch = self._launch
        if self._life.link is not None:
            job_log.debug("Job %s is a run of a sweep, which completes it", self.id)
        elif launch.client is not None and launch.info.complete_url:
            launch.client.complete(launch.info.complete_url, package, output_args)
            job_log.info("Completed job %s", self.id)
        elif launch.client is not None:
            job_log.warning(
                "%s has no complete_url, so the platform is not told that the job is complete",
                launch.info_path,
            )

    def add_output_metric(self, key: str, metric: Any) -> None:
        """Add a metric to `output.json`; it is stored by the next upload of it."""
        self._launch.attempt.metrics[key] = metric

    def add_output_metrics(self, metrics: Mapping[str, Any]) -> None:
        """Add metrics to `output.json`, as `add_output_metric` does."""
        self._launch.attempt.metrics.update(metrics)

    def root_tags(self) -> list[object]:
        """The tags at the root of the platform's tree of tags; none in a local job.

        Raises:
            PlatformError: the platform refused or did not answer.
        """
        return [] if self._launch.client is None else self._launch.client.root_tags()

    def __repr__(self) -> str:
        return f"<{type(self).__qualname__} {self.id} in {self.job_dir}>"
