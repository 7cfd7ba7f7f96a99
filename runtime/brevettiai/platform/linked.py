"""A job that is a run of a sweep: who started its process says where it lies, and its settings."""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    from brevettiai.messages.hidden import Secret
    from brevettiai.platform.attempts import Attempt
    from brevettiai.platform.launch import Launch
    from brevettiai.sweep.link import Link


def link_of_process() -> Link | None:
    """The link to the sweep that this process does a run of, for its first job."""
    # Where it is not imported there is none: other jobs pay nothing for sweeps.
    module = sys.modules.get("brevettiai.sweep.link")
    return None if module is None else module.take()


def begin_run(settings_type: type | None, link: Link) -> tuple[Launch, Any]:
    """What a sweep makes of a job: what it is, and its settings.

    No words, variables or stored settings count, as they did already for those of the sweep.
    """
    import os
    import time
    from functools import partial

    from brevettiai.platform.clearing import clear_storage
    from brevettiai.platform.flags import VARIABLES, Given
    from brevettiai.platform.launch import DEFAULT_BUCKET, launch_job
    from brevettiai.platform.log import show_log
    from brevettiai.platform.settings import load_config

    show_log()
    told: dict[str, Any] = {"data_bucket": DEFAULT_BUCKET, **link.given}
    told["cache_path"] = told.get("cache_path") or os.environ.get(VARIABLES["cache_path"])
    told |= {"id_source": "the sweep", "job_dir": link.run.job_dir, "resume": None}
    launch = launch_job(Given(**told))
    settings = load_config(settings_type, link.run.config)
    launch.temp_dir.take_over(partial(clear_storage, launch, time.monotonic()))
    return launch, settings


def tell_end(
    link: Link, attempt: Attempt, error: Mapping[str, str] | None, secrets: Iterable[Secret]
) -> None:
    """Tell the sweep how an attempt ended, with what it measured."""
    from brevettiai.platform.output import storable
    from brevettiai.sweep.link import number

    metrics: dict[str, Any] = {}
    for name, value in dict(attempt.metrics).items():
        alone = value if type(value) in (int, float) else number(value)
        try:
            metrics[str(name)] = storable(value) if alone is None else alone
        except Exception:
            continue  # What `output.json` has of it says why.
    link.secrets |= {*secrets}
    words = "" if error is None else f"{error['type']}: {error['message']}"
    link.ended(attempt.state, metrics, words)
