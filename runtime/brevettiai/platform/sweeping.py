"""A job that is run many times: its command line, and what it is on the platform."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from brevettiai.adapters import owner_of
from brevettiai.cli.program import mistakes_end
from brevettiai.cli.words import GAP, is_hosted
from brevettiai.errors import ModuleError, SettingsError
from brevettiai.platform.beginning import begin
from brevettiai.platform.errors import JobError
from brevettiai.platform.flags import FLAGS, parse_job_flags
from brevettiai.platform.launch import collect_given
from brevettiai.platform.settings import ENV_PREFIX, load_settings, settings_class
from brevettiai.sweep.best import program_of_process
from brevettiai.sweep.command_line import SweepFlags, take_sweep_flags
from brevettiai.sweep.conducting import Subject, conduct, require_extra
from brevettiai.sweep.errors import SweepError, SweepWordsError
from brevettiai.sweep.link import is_open
from brevettiai.sweep.program import Program

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from brevettiai.messages.hidden import Secret
    from brevettiai.platform.flags import Given
    from brevettiai.platform.job import Job
    from brevettiai.sweep.outcome import Outcome

_INTERRUPTED = 130
"""The exit code of a process that Ctrl-C ended."""


def sweep_job(
    job_class: type[Job],
    begin_job: Callable[[Job], object],
    settings_type: type | None,
    given_settings: Any,
    words: Sequence[str],
    key: Secret | None,
    arguments: Mapping[str, str | os.PathLike[str] | None],
    unknown: str,
    *,
    ends: bool,
) -> list[str]:
    """Run a job many times, as its command line says, and end the process.

    Args:
        begin_job: begins a job of the class, once that is made.
        ends: whether mistakes end the process, or are raised.

    Returns:
        The words of the command line without those about the sweep, in a process that is a run of
        a sweep itself.
    """
    flags, rest = take_sweep_flags(words)
    if is_open():
        return rest
    mistakes = (SettingsError, ModuleError, JobError, SweepError) if ends else ()
    with mistakes_end(*mistakes):
        require_extra()
        launch, settings = begin(
            settings_type, given_settings, rest, key, arguments, unknown, None, flags
        )
        typed = parse_job_flags(rest)
        given = collect_given(typed, key, None, **arguments)
        flags = replace(flags, lasting=(*_words_of(typed), *flags.lasting))
        job = job_class(launch, settings)
        if not job.is_first:
            raise SweepWordsError("a sweep is begun by one process, not by one of several ranks")
        subject = _subject_of_words(settings_type, settings, given)
        if launch.info_path is not None:  # Stored settings lie under flags.
            subject = replace(subject, exact=True)
        if launch.client is not None:
            # Folders of runs have no info.json of their own.
            subject = replace(subject, given={**subject.given, "info_file": launch.info_path})
        try:
            if launch.client is None and given.job_dir is None:
                folder = flags.folder or os.path.join("sweeps", f"{launch.run_id}-{launch.id}")
                outcome = _conduct(flags, subject, job, folder)
            else:
                begin_job(job)
                outcome = _conduct_as_job(flags, subject, job)
        except KeyboardInterrupt:  # It came twice, and nothing more is to be told.
            raise SystemExit(_INTERRUPTED) from None
    raise SystemExit(outcome.exit_code)


def _conduct_as_job(flags: SweepFlags, subject: Subject, job: Job) -> Outcome:
    """Run a sweep as the work of a job that has begun: on the platform, or in a folder it has."""
    folder = flags.folder or job.artifact_path("sweep")
    try:
        with job:
            outcome = _conduct(flags, subject, job, folder)
            if outcome.bests:
                best = outcome.bests[0]
                job.settings = best.settings
                job.add_output_metrics({**best.row.metrics, "best_run": best.row.run})
            if outcome.result.interrupted:
                raise KeyboardInterrupt
            if not outcome.bests:
                raise SweepError("no run of the sweep is done")
    except KeyboardInterrupt:
        raise SystemExit(_INTERRUPTED) from None
    return outcome


def _words_of(typed: Given) -> Iterator[str]:
    """The flags of the job that were typed, but for its key."""
    for name in ("job_id", "info_file", "job_dir", "cache_path", "host", "data_bucket"):
        if value := getattr(typed, name):
            yield f"--{name}={value}"


def subject_of_class(job_class: type, base: type, settings: Any) -> Subject:
    """What is swept of a job class, whose settings are an object, a config, or None.

    Args:
        base: `Job`.
    """
    settings_type = settings_class(job_class, base)
    loaded = load_settings(settings_type, None, [], settings)
    return _subject(settings_type, loaded, Program.of_job(job_class, settings_type), "")


def _subject_of_words(settings_type: type | None, settings: Any, given: Given) -> Subject:
    """What is swept of a command line: the main program again."""
    command_line = take_sweep_flags(sys.argv[1:])[1]
    if is_hosted():
        raise SweepWordsError(
            "--sweep runs a program again, and this process is none: a notebook or a test calls "
            "`brevettiai.sweep.sweep` with the job class"
        )
    try:
        program = Program.of_main([word for word in command_line if word != GAP])
    except ValueError as error:
        raise SweepWordsError(f"--sweep: {error}") from None
    subject = _subject(settings_type, settings, program, program_of_process())
    told = {name: getattr(given, name) for name in FLAGS if hasattr(given, name)}
    has_variables = any(name.startswith(f"{ENV_PREFIX}__") for name in os.environ)
    return replace(
        subject,
        given={name: value for name, value in told.items() if value is not None},
        exact=has_variables,
    )


def _subject(settings_type: type | None, settings: Any, program: Program, started: str) -> Subject:
    if settings_type is None:
        raise SweepWordsError(
            "a sweep needs a job with a settings class, as that says what may vary"
        )
    name = f"{settings_type.__module__}:{settings_type.__qualname__}"
    return Subject(owner_of(settings_type), name, settings, program, started)


def _conduct(flags: SweepFlags, subject: Subject, job: Job, folder: str) -> Outcome:
    outcome = conduct(flags, subject, io=job.io, folder=folder)
    print(outcome.text(), flush=True)
    return outcome
