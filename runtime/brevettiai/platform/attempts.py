"""The attempts at a job: which one this is, how it goes, and what is known of those before.

They stand in the `output.json` among the artifacts of the job, of which each attempt writes its
own, with the earlier ones in `history`.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any, Literal, TypeAlias, cast

from brevettiai.io import Storage
from brevettiai.io.processes import host, runs
from brevettiai.json_values import is_array, is_object, json_of
from brevettiai.platform.errors import JobError, PlatformError
from brevettiai.platform.log import job_log
from brevettiai.platform.ranks import launched_by, rank

State: TypeAlias = Literal["running", "completed", "failed", "stopped"]

_SAME = ("config", "environment")
"""Parts of a record of which its entry in a later history has what is different there."""


def now() -> str:
    """The time in UTC, in the format of ISO 8601."""
    return datetime.now(timezone.utc).isoformat(timespec="milliseconds")


@dataclass
class Attempt:
    """One attempt at a job.

    Attributes:
        number: 1 for the first.
        metrics: what was measured so far, also in the earlier attempts that this one goes on with.
        history: the earlier attempts, the first one first.
        error: what it failed of: `type`, `message` and `traceback`.
        is_unreadable: something else lies in the place of its record.
    """

    number: int = 1
    metrics: dict[str, Any] = field(default_factory=dict[str, Any])
    history: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    state: State = "running"
    began: str = field(default_factory=now)
    ended: str | None = None
    error: Mapping[str, str] | None = None
    is_unreadable: bool = False
    _clock: float = field(default_factory=time.monotonic)
    _seconds: float | None = None

    @property
    def seconds(self) -> float:
        """How long it took, or takes until now."""
        past = time.monotonic() - self._clock if self._seconds is None else self._seconds
        return round(past, 3)

    def end(self, state: State, error: Mapping[str, str] | None = None) -> None:
        """Note how it ended."""
        self._seconds = self.seconds
        self.state, self.error, self.ended = state, error, now()


@dataclass(frozen=True)
class Found:
    """What lies in the place of a job's `output.json`.

    Attributes:
        document: the record of an earlier attempt, None where there is none.
        is_unreadable: there is something else.
    """

    path: str
    document: Mapping[str, Any] | None = None
    is_unreadable: bool = False

    @property
    def job_id(self) -> str | None:
        """The id of the job whose record it is."""
        config = (self.document or {}).get("config")
        said = config.get("id") if is_object(config) else None
        return said if isinstance(said, str) else None


def output_path(io: Storage, job_dir: str) -> str:
    """The place of the record of a job."""
    return io.path.join(job_dir, "artifacts", "output.json")


def find_output(io: Storage, job_dir: str) -> Found:
    """What lies in the place of a job's record.

    Raises:
        PlatformError: nobody can say, as the bucket does not answer.
    """

    path = output_path(io, job_dir)
    try:
        # Not by `read_file`, which would keep it in the cache.
        with io.open(path, "rb") as file:
            content = file.read()
    except (FileNotFoundError, NotADirectoryError):
        return Found(path)
    except PermissionError as error:
        if not io.path.is_address(path):
            raise JobError(f"{path}: cannot be read: {error.strerror}") from error
        # S3 says that of absent files too, where the credentials do not allow to list them.
        job_log.debug(
            "%s: access is denied, as to absent files; the job begins as if it were", path
        )
        return Found(path)
    except OSError as error:
        kind = PlatformError if io.path.is_address(path) else JobError
        raise kind(f"{path}: cannot be read: {error.strerror or error}") from error
    try:
        document = json_of(content)
    except ValueError:
        document = None
    return Found(path, document) if is_object(document) else Found(path, is_unreadable=True)


def next_attempt(found: Found, job_id: str, resume: bool | None) -> Attempt:
    """The attempt that begins now, after what was found of earlier ones.

    Args:
        resume: go on with the metrics of the earlier attempts; None where there are any.

    Raises:
        JobError: there is nothing to go on with, though `resume` says so.
    """
    earlier = found.document
    if resume and (earlier is None or found.job_id not in (None, job_id)):
        whose = "" if earlier is None else f"; that of job {found.job_id} is there"
        raise JobError(
            f"{found.path}: there is no output of an earlier attempt at job {job_id} to resume"
            f"{whose}; without --resume the job begins with its first attempt"
        )
    if earlier is None:
        return Attempt(is_unreadable=found.is_unreadable)
    history = _history_of(earlier)
    last = history[-1]
    if rank() and last["state"] == "running" and last["environment"].get("launch") == launched_by():
        # The first of the processes that were launched together has begun its record already.
        return Attempt(last["attempt"], dict(last["output"]), history[:-1])
    if last["state"] == "running":
        last["state"] = _end_of(found.path, last)
    goes_on = resume is not False and found.job_id in (None, job_id)
    metrics = dict(last["output"]) if goes_on else {}
    return Attempt(last["attempt"] + 1, metrics, history)


def _history_of(document: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The attempts that a record tells of; what they left out as it was the same is put in."""
    said = document.get("history")
    given = [each for each in said if is_object(each)] if is_array(said) else []
    entries: list[dict[str, Any]] = []
    for item in (*given, document):
        entry = {key: value for key, value in item.items() if key != "history"}
        if not (isinstance(number := entry.get("attempt"), int) and 0 < number < 1 << 31):
            entry["attempt"] = len(entries) + 1
        entry.setdefault("state", "unknown")
        if not is_object(entry.get("output")):
            entry["output"] = {}
        for key in _SAME:
            entry[key] = {**_object(document.get(key)), **_object(entry.get(key))}
        entries.append(entry)
    return entries


def history_beside(attempt: Attempt, present: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The history as it is stored beside the present config and environment: without the same."""
    entries: list[dict[str, Any]] = []
    for whole in attempt.history:
        entry = dict(whole)
        for key in _SAME:
            then, names = _object(whole.get(key)), {**_object(whole.get(key)), **present[key]}
            entry[key] = {
                name: then.get(name) for name in names if then.get(name) != present[key].get(name)
            }
        entries.append(entry)
    return entries


def _object(value: Any) -> Mapping[str, Any]:
    return cast("Mapping[str, Any]", value) if is_object(value) else {}


_latest: dict[str, int] = {}
"""By the paths of records, the number of the attempt that this process began last."""


def note_begun(path: str, attempt: Attempt) -> None:
    """Note that this process begins an attempt."""
    _latest[path] = attempt.number


def is_latest(path: str, attempt: Attempt) -> bool:
    """Whether this process has begun no later attempt in the same place."""
    return _latest.get(path) == attempt.number


def _end_of(path: str, entry: Mapping[str, Any]) -> str:
    """What became of an attempt that did not say how it ended."""
    if _latest.get(path) == entry["attempt"]:
        return "stopped"  # Another `init` in this process, as in a notebook.
    environment = entry["environment"]
    process = environment.get("pid")
    try:
        began = datetime.fromisoformat(str(entry.get("began"))).timestamp()
    except ValueError:  # Somebody else wrote it.
        return "killed"
    if environment.get("host") == host() and isinstance(process, int) and runs(process, began):
        job_log.warning(
            "%s: attempt %s seems to run still, as process %s of this machine; both write there",
            *(path, entry["attempt"], process),
        )
        return "running"
    return "killed"
