"""How a job begins: its command line, what it is, and its settings."""

from __future__ import annotations

import time
from functools import partial

from brevettiai.platform.flags import parse_job_flags

TYPE_CHECKING = False
if TYPE_CHECKING:
    import os
    from collections.abc import Mapping, Sequence
    from typing import Any

    from brevettiai.messages.hidden import Secret
    from brevettiai.platform.launch import Launch
    from brevettiai.sweep.command_line import SweepFlags


def begin(
    settings_type: type | None,
    given_settings: Any,
    words: Sequence[str],
    key: Secret | None,
    arguments: Mapping[str, str | os.PathLike[str] | None],
    unknown: str,
    resume: bool | None,
    sweep: SweepFlags | None = None,
) -> tuple[Launch, Any]:
    """What a command line makes of a job: what it is, and its settings.

    Args:
        sweep: what was taken from the words, as the job is to be run many times.
    """
    flags = parse_job_flags(words)
    if flags.completion is not None or flags.help is not None:
        # Before what an answer can do without is imported.
        from brevettiai.platform.answers import answer

        answer(settings_type, flags)
    from brevettiai.errors import ModuleError, SettingsError
    from brevettiai.platform.clearing import clear_storage
    from brevettiai.platform.errors import JobError
    from brevettiai.platform.foreign import foreign_problems, with_others
    from brevettiai.platform.launch import collect_given, launch_job
    from brevettiai.platform.log import job_log, show_log
    from brevettiai.platform.settings import load_settings, load_swept, without_show

    show_log()
    given = collect_given(flags, key, resume, **arguments)
    wrong = [*flags.problems, *(sweep.problems if sweep else ())]
    if unknown == "refuse":
        on_platform = given.job_id is not None and given.api_key is not None
        wrong += foreign_problems(
            settings_type, flags.rest, on_platform=on_platform, sweeps=sweep is not None
        )
    refused: Exception | None = None
    try:
        launch = launch_job(given)
        if launch.info_path is not None:
            job_log.info("Config args found at: %r", launch.info_path)
        stored = None if launch.info_path is None else launch.info.settings
        if sweep is not None and sweep.resume and sweep.folder is not None:
            from brevettiai.sweep.definition import read_definition

            given_settings = read_definition(launch.io, sweep.folder).base
        own = without_show(flags.rest) if wrong else flags.rest
        load = load_settings if sweep is None else partial(load_swept, names=sweep.names or ())
        settings = load(settings_type, stored=stored, words=own, given=given_settings)
        if not wrong:
            launch.temp_dir.take_over(partial(clear_storage, launch, time.monotonic()))
            return launch, settings
    except (JobError, SettingsError, ModuleError) as error:
        if not wrong:
            raise
        refused = error
    raise with_others(wrong, refused, getattr(settings_type, "__name__", ""))
