"""What could not be uploaded: it stays in a bundle on this machine, and is sent later.

In the bundle of an attempt (see `leftovers`) `files/` holds what belongs below the job's folder, by
its path from there, and `completion.json` what the platform is still to be told.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from brevettiai.io import Storage
from brevettiai.io.errors import StorageError
from brevettiai.platform.errors import JobError, PlatformError
from brevettiai.platform.journal import JOURNAL
from brevettiai.platform.leftovers import ABOUT, LOCK, Abandoned, command_to_send
from brevettiai.platform.log import job_log

if TYPE_CHECKING:
    from brevettiai.messages.hidden import Secret
    from brevettiai.platform.client import PlatformClient
    from brevettiai.platform.launch import Launch
    from brevettiai.platform.temporary import TempFolder

FILES, COMPLETION = "files", "completion.json"
OUTPUT = "artifacts/output.json"


class UnsentError(StorageError):
    """A file could not be uploaded; it stays on this machine, and the text says how to send it.

    Attributes:
        name: where it belongs, as seen from the job's folder.
    """

    def __init__(self, error: OSError, path: str, name: str, kept: str) -> None:
        super().__init__(error.errno, f"{error.strerror or error}. {kept}", path)
        self.name = name


def keep_file(
    temp_dir: TempFolder,
    path: str,
    name: str,
    payload: bytes | str | os.PathLike[str],
    is_path: bool,
    error: OSError,
) -> OSError:
    """Keep what could not be uploaded; the error that says so, or the one given if that fails too.

    Args:
        path: where it belongs.
        name: the same, as seen from the job's folder.
        is_path: the payload is the path of a local file.
        error: why it could not be uploaded.
    """
    try:
        place = _place(temp_dir.unsent(), name)
        if is_path:
            _keep_copy(os.path.abspath(os.fsdecode(payload)), place)
        else:
            Storage().write_file(place, payload if isinstance(payload, bytes) else str(payload))
    except OSError as full:
        job_log.error("%s could not be kept on this machine either: %s", name, full)
        return error
    return UnsentError(error, path, name, words_for(temp_dir))


def _keep_copy(path: str, place: str) -> None:
    """Copy a file, which may be written over; where there is no room, another name of it does."""
    try:
        Storage().copy(path, place)
    except OSError:
        os.link(path, place)


def words_for(temp_dir: TempFolder) -> str:
    """Where unsent files are, and how to send them."""
    folder = temp_dir()
    return f"That stays in {folder}; `{command_to_send(folder)}` sends it"


@dataclass
class Told:
    """What the platform is told when a job is complete.

    Attributes:
        package: its path as seen from the job's folder, empty without one.
    """

    package: str = ""


@contextmanager
def completion_kept(launch: Launch, output_args: str) -> Generator[Told]:
    """Keep that a job is complete, where a file or the platform cannot be told.

    Raises:
        PlatformError: that which left the block, with the words for how to tell it.
    """
    told = Told()
    try:
        yield told
    except (UnsentError, PlatformError) as error:
        if launch.client is None:
            raise
        if isinstance(error, UnsentError) and error.name != OUTPUT:
            told.package = error.name
        args = launch.key.mask(output_args) if launch.key else output_args
        text = json.dumps({"package": told.package, "output_args": args})
        Storage().write_file(os.path.join(launch.temp_dir.unsent(), COMPLETION), text)
        if isinstance(error, UnsentError):
            raise
        words = words_for(launch.temp_dir)
        raise PlatformError(f"{error}. {words}", error.status) from None


def forget(temp_dir: TempFolder, name: str) -> None:
    """Let go of kept files that belong where there is a newer one now."""
    for bundle in temp_dir.bundles():
        place = _place(bundle, name)
        is_other = name == OUTPUT and bundle in temp_dir.earlier  # It gets a place of its own.
        if os.path.exists(place) and not is_other:
            with temp_dir.sending, suppress(OSError):
                os.remove(place)


def send_earlier(launch: Launch) -> None:
    """Send the files that attempts before this one could not upload.

    Their output becomes a file beside that of this attempt, which tells the platform itself when
    it is complete.
    """
    temp_dir = launch.temp_dir
    for bundle in temp_dir.earlier:
        with suppress(OSError):
            os.remove(os.path.join(bundle, COMPLETION))
        aside = f"artifacts/output.{os.path.basename(bundle)}.json"
        try:
            for name in _kept(bundle):
                with temp_dir.sending:
                    _send_file(
                        launch.io, bundle, name, launch.job_dir, {OUTPUT: aside}.get(name, name)
                    )
        except Exception as error:
            job_log.warning("What an earlier attempt did not upload stays unsent: %s", error)


def send(folder: str, key: Secret | None, host: str | None, say: Callable[[str], object]) -> None:
    """Send what is unsent in a folder of temporary files, which goes then.

    Args:
        key: that of the job, where it is one of the platform.
        host: address of the platform, where it is not as it was.
        say: is told of all that was sent.

    Raises:
        JobError: the folder is none, or in use; the key is missing; the platform did not answer.
        OSError: a file could not be uploaded.
    """
    from brevettiai.io.locks import lock_abandoned

    folder = os.path.abspath(folder)
    lock = os.path.join(folder, LOCK)
    if not os.path.isfile(lock):
        raise JobError(f"{folder}: is no folder of a job's temporary files, config-id-…")
    descriptor = lock_abandoned(lock)
    if descriptor is None:
        raise JobError(
            f"{folder}: a process still works there, which sends it itself; or the disk "
            "has no locks, then copy the folder to one that has"
        )
    held = Abandoned(folder, descriptor)
    try:
        for bundle in held.bundles():
            _send_bundle(bundle, key, host, say)
    finally:
        held.remove()


def _send_bundle(
    bundle: str, key: Secret | None, host: str | None, say: Callable[[str], object]
) -> None:
    from brevettiai.platform.checkpoint_sender import SPOOL, spooled
    from brevettiai.platform.checkpoint_store import CheckpointStore
    from brevettiai.platform.client import PlatformClient
    from brevettiai.platform.launch import open_route

    with open(os.path.join(bundle, ABOUT), encoding="utf-8") as file:
        about: dict[str, Any] = json.load(file)
    io, job_dir, client = Storage(), about["job_dir"], None
    if about["on_platform"]:
        if key is None:
            raise JobError(f"job {about['id']} has a key: pass it as --api_key or $api_key")
        client = PlatformClient(host or about["host_name"], about["id"], key)
        open_route(io, job_dir, client, "modelId", about["id"])
    for name in _kept(bundle):
        _send_file(io, bundle, name, job_dir, name)
        say(f"sent {io.path.join(job_dir, name)}")
    for snapshot in spooled(os.path.join(bundle, SPOOL)):
        CheckpointStore(io, job_dir).publish(snapshot)
        say(f"sent a checkpoint to {job_dir}")
    if os.path.isfile(os.path.join(bundle, JOURNAL)):
        _send_metrics(io, client, about, bundle)
        say(f"sent metrics to {job_dir}")
    completion = os.path.join(bundle, COMPLETION)
    if client is not None and os.path.isfile(completion):
        with open(completion, encoding="utf-8") as file:
            _complete(io, client, about, json.load(file))
        os.remove(completion)
        say(f"completed job {about['id']}")


def _send_metrics(
    io: Storage, client: PlatformClient | None, about: Mapping[str, Any], bundle: str
) -> None:
    """Store what was logged with the job; the platform is told what it does not have of it."""
    from tempfile import TemporaryDirectory

    from brevettiai.platform.info import read_info
    from brevettiai.platform.recording import MetricsRecord

    url = None if client is None else read_info(io, about["info_path"]).remote_url
    with TemporaryDirectory(dir=bundle) as folder:
        record = MetricsRecord(io, about["job_dir"], folder, client, url, about["id"])
        record.take_in([bundle])
        record.end()


def _complete(io: Storage, client: Any, about: Mapping[str, Any], told: Mapping[str, str]) -> None:
    """Tell the platform that a job is complete, and its output too."""
    from brevettiai.platform.info import read_info

    info = read_info(io, about["info_path"])
    if info.complete_url:
        client.complete(info.complete_url, told["package"], told["output_args"])
    path = io.path.join(about["job_dir"], OUTPUT)
    with suppress(FileNotFoundError):
        output = json.loads(io.read_file(path))
        output |= {"state": "completed", "error": None}
        io.write_file(path, json.dumps(output, indent=2) + "\n")


def _kept(bundle: str) -> list[str]:
    """The names of the kept files, the output last."""
    names = [entry.name for entry in Storage().files(os.path.join(bundle, FILES))]
    return sorted(names, key=lambda name: (name == OUTPUT, name))


def _send_file(io: Storage, bundle: str, name: str, job_dir: str, target: str) -> None:
    place = _place(bundle, name)
    if os.path.exists(place):
        io.copy(place, io.path.join(job_dir, *target.split("/")))
        os.remove(place)


def _place(bundle: str, name: str) -> str:
    return os.path.join(bundle, FILES, *name.split("/"))
