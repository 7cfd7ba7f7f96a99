"""Drives a sweep: proposes, hands runs to who does them, and records how they end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from brevettiai.sweep.progress import Observer, Result

if TYPE_CHECKING:
    from collections.abc import Mapping

    from brevettiai.io import Storage
    from brevettiai.search.space import Space
    from brevettiai.sweep.definition import Definition
    from brevettiai.sweep.runs import Runner


def drive(
    definition: Definition,
    folder: str,
    space: Space,
    base: Mapping[str, Any],
    runner: Runner,
    *,
    io: Storage,
    observer: Observer | None = None,
    storage_url: str = "",
    job_dirs: bool = True,
) -> Result:
    """Drive a sweep until all its runs have ended, or somebody asks it to end.

    Several drivers may do so at once, also on different machines; what another one was at when it
    was killed is taken over. In the main thread, the first SIGINT or SIGTERM ends the sweep tidily:
    runs are stopped and may be gone on with later; the second is a KeyboardInterrupt at once. The
    caller closes the runner.

    Args:
        definition: what `begin_or_join` gave for the folder.
        base: the config that runs begin from, with its secrets.
        storage_url: the URL of the definition's database, with its password.
        job_dirs: whether each run has a job dir, `FOLDER/runs/0007`.

    Raises:
        SweepError: it cannot go on: a goal is not reported, nothing but rejected proposals comes,
            or its storage does not answer.
    """
    raise NotImplementedError
