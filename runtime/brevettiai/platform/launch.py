"""How a job finds out what it is: arguments, flags, environment, `info.json`."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from brevettiai.io import Storage
from brevettiai.io.path import text_of
from brevettiai.messages.hidden import Secret
from brevettiai.platform.attempts import Attempt, find_output, next_attempt
from brevettiai.platform.errors import JobError, PlatformError
from brevettiai.platform.flags import VARIABLES
from brevettiai.platform.info import Dataset, JobInfo, datasets_of, read_info
from brevettiai.platform.temporary import TempFolder

if TYPE_CHECKING:
    from brevettiai.platform.client import PlatformClient
    from brevettiai.platform.flags import Given

DEFAULT_HOST = "https://platform.brevetti.ai"
DEFAULT_BUCKET = "s3://data.criterion.ai"

PathArgument = str | os.PathLike[str] | None


@dataclass
class Launch:
    """What a job is, before its settings are loaded.

    Attributes:
        info_path: where its `info.json` was found, None where it has none.
        run_id: when it began, in local time.
        client: the platform's interface, None in a local job.
        temp_dir: gives the job's folder of temporary files.
        attempt: which attempt at the job this is.
    """

    id: str
    job_dir: str
    host_name: str
    io: Storage
    info: JobInfo
    info_path: str | None
    datasets: tuple[Dataset, ...]
    run_id: str
    temp_dir: TempFolder
    attempt: Attempt
    key: Secret | None = None
    client: PlatformClient | None = None

    def __post_init__(self) -> None:
        self.temp_dir.about = {
            "id": self.id,
            "job_dir": self.job_dir,
            "host_name": self.host_name,
            "info_path": self.info_path,
            "on_platform": self.client is not None,
        }


def collect_given(
    flags: Given, key: Secret | None, resume: bool | None, **arguments: PathArgument
) -> Given:
    """What a job is told: by the arguments of `Job.init` before flags before the environment."""
    changes: dict[str, Any] = {
        name: os.environ.get(variable) or getattr(flags, name)
        for name, variable in VARIABLES.items()
        if name != "api_key" and not getattr(flags, name)
    }
    id_source = "the environment" if flags.job_id is None else flags.id_source
    changes |= {name: each for name, each in arguments.items() if each is not None}
    changes["resume"] = flags.resume if resume is None else resume
    if arguments["job_id"] is not None:
        id_source = "the arguments"
    for name in ("info_file", "job_dir", "cache_path", "data_bucket"):
        path = changes.get(name) or getattr(flags, name)
        changes[name] = text_of(path) if path else path
    given = replace(flags, **changes, id_source=id_source)
    if given.job_id is not None:
        _check_id(given.job_id, id_source)
    key = key or given.api_key
    if key is None and given.job_id is not None and os.environ.get(VARIABLES["api_key"]):
        # A variable of such a common name does not make a platform job on its own.
        key = Secret(os.environ[VARIABLES["api_key"]])
    return replace(given, api_key=key, data_bucket=given.data_bucket or DEFAULT_BUCKET)


def _check_id(job_id: str, source: str) -> None:
    """Refuse an id that could lead out of a folder or into another address.

    Raises:
        JobError: the id cannot be one.
    """
    if not re.fullmatch(r"(?!\.)[A-Za-z0-9._-]{1,128}", job_id, re.ASCII):
        raise JobError(
            f"job id {job_id!r}, from {source}: an id has letters, digits, '-', '_' and '.' only"
        )


def launch_job(given: Given) -> Launch:
    """Find out what a job is: on the platform if it has an id and a key, else locally.

    An `info.json` that `--info_file` names may hold both.
    """
    job_id, key = given.job_id, given.api_key
    if given.info_file is not None and not Storage.path.is_address(given.info_file):
        info = read_info(Storage(), given.info_file)
        job_id = job_id or info.id
        key = key or info.key
    if job_id is not None and key is not None:
        _check_id(job_id, given.id_source if given.job_id else str(given.info_file))
        return _launch_on_platform(given, job_id, key)
    if key is not None:
        raise JobError("there is an api key, but no job id: pass job_id=, --job_id or $job_id")
    if given.job_id is not None and given.job_dir is None and given.info_file is None:
        raise JobError(
            f"job {given.job_id}, from {given.id_source}, has no api key: pass api_key=, "
            "--api_key or $api_key; for a local job pass no id, or --job_dir"
        )
    return _launch_locally(given)


def _launch_locally(given: Given) -> Launch:
    """A job without a platform; an `info.json` gives stored settings, if there is one."""
    run_id = _now()
    first_io = Storage()
    info_path = given.info_file
    if info_path is None and given.job_dir is not None:
        candidate = first_io.path.join(given.job_dir, "info.json")
        info_path = candidate if _is_there(first_io, candidate) else None
    info = JobInfo() if info_path is None else read_info(first_io, info_path)
    found = None if given.job_dir is None else find_output(first_io, _absolute(given.job_dir))
    if found is None and given.resume:
        raise JobError(
            "there is nothing to resume: a local job begins in a new folder, unless job_dir= or "
            "--job_dir names that of an earlier attempt"
        )
    job_id = given.job_id or info.id or (found and found.job_id) or os.urandom(4).hex()
    _check_id(job_id, given.id_source if given.job_id else str(info_path or given.job_dir))
    job_dir = given.job_dir or os.path.join("jobs", f"{run_id}-{job_id}")
    temp_dir = TempFolder(job_id, given.cache_path)
    return Launch(
        id=job_id,
        job_dir=_absolute(job_dir),
        host_name=(info.host_name or given.host or DEFAULT_HOST).rstrip("/"),
        io=Storage(lambda: given.cache_path or temp_dir()),
        info=info,
        info_path=info_path,
        datasets=datasets_of(info, given.data_bucket, str(info_path)),
        run_id=run_id,
        temp_dir=temp_dir,
        attempt=next_attempt(found, job_id, given.resume) if found else Attempt(),
    )


def _is_there(io: Storage, path: str) -> bool:
    """Whether there is a file.

    Raises:
        PlatformError: nobody can say, as the bucket refuses or does not answer.
    """
    try:
        return io.isfile(path)
    except OSError as error:
        raise PlatformError(f"{path}: cannot be looked for: {error.strerror or error}") from error


def _launch_on_platform(given: Given, job_id: str, key: Secret) -> Launch:
    """A job of the platform: its folder is in the data bucket unless `--job_dir` says otherwise."""
    from brevettiai.platform.client import PlatformClient

    client = PlatformClient(given.host or DEFAULT_HOST, job_id, key)
    temp_dir = TempFolder(job_id, given.cache_path)
    io = Storage(lambda: given.cache_path or temp_dir())
    remote_dir = io.path.join(given.data_bucket, job_id)
    job_dir = _absolute(given.job_dir or remote_dir)
    for folder in {remote_dir, job_dir}:
        open_route(io, folder, client, "modelId", job_id)
    info_path = given.info_file or io.path.join(job_dir, "info.json")
    if given.info_file is None and not io.path.is_address(job_dir) and not _is_there(io, info_path):
        info_path = io.path.join(remote_dir, "info.json")
    info = read_info(io, info_path)
    host_name = (info.host_name or client.host).rstrip("/")
    if given.host is None and host_name != client.host:
        client = PlatformClient(host_name, job_id, key)
    datasets = datasets_of(info, given.data_bucket, info_path)
    for dataset in datasets:
        open_route(io, dataset.bucket, client, "datasetId", dataset.id)
    for model in info.models:
        if model.get("bucket") and model.get("id"):
            open_route(io, str(model["bucket"]), client, "modelId", str(model["id"]))
    return Launch(
        id=job_id,
        job_dir=job_dir,
        host_name=host_name,
        io=io,
        info=info,
        info_path=info_path,
        datasets=datasets,
        run_id=_now(),
        temp_dir=temp_dir,
        attempt=next_attempt(find_output(io, job_dir), job_id, given.resume),
        key=key,
        client=client,
    )


def open_route(io: Storage, folder: str, client: PlatformClient, kind: str, resource: str) -> None:
    """Let a folder on S3 be opened by the platform's credentials for a resource."""
    if folder.startswith("s3://"):
        io.s3.add_route(folder, partial(client.credentials, kind, resource))


def _absolute(folder: str) -> str:
    return folder if Storage.path.is_address(folder) else os.path.abspath(folder)


def _now() -> str:
    return datetime.now().strftime("%Y-%m-%dT%H%M%S")
