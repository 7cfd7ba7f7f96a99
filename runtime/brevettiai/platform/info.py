"""What a job is told: its `info.json`, as plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from brevettiai.io import Storage
from brevettiai.io.path import is_address
from brevettiai.json_values import class_of, json_of
from brevettiai.messages.hidden import Secret
from brevettiai.messages.words import ARTICLES
from brevettiai.platform.errors import CredentialsError, JobInfoError
from brevettiai.platform.secret import apart


@dataclass(frozen=True)
class Dataset:
    """A dataset of a job.

    Attributes:
        bucket: the folder of its files, for `job.io`.
        info: everything the job's `info.json` says of it.
    """

    id: str
    name: str
    bucket: str
    info: Mapping[str, Any] = field(default_factory=dict[str, Any], repr=False)


@dataclass(frozen=True)
class JobInfo:
    """The content of an `info.json`; the addresses may hold the key.

    Attributes:
        settings: the form model of the settings.
        datasets: the datasets as they are described, see `datasets_of`.
    """

    id: str | None = None
    name: str = ""
    settings: Mapping[str, Any] = field(default_factory=dict[str, Any])
    datasets: tuple[Mapping[str, Any], ...] = ()
    models: tuple[Mapping[str, Any], ...] = ()
    tags: tuple[Any, ...] = ()
    host_name: str | None = None
    charts_url: Secret | None = None
    complete_url: Secret | None = None
    remote_url: Secret | None = None
    key: Secret | None = None


def read_info(io: Storage, path: str) -> JobInfo:
    """Read an `info.json`.

    Raises:
        JobInfoError: it is absent, cannot be read, is no JSON, or a part of it is not what it
            should be.
    """
    return apart(_read_info, io, path)


def _read_info(io: Storage, path: str) -> JobInfo:
    try:
        text = io.read_file(path)
    except FileNotFoundError:
        raise JobInfoError(f"{path}: there is no such file; is the job's id right?") from None
    except CredentialsError:
        raise
    except OSError as error:
        raise JobInfoError(f"{path}: cannot be read: {error}") from None
    document, problem = _parse_json(text)
    if problem:
        raise JobInfoError(f"{path}: is no JSON: {problem}")
    return parse_info(document, path)


def _parse_json(text: bytes | str) -> tuple[Any, str | None]:
    """The value, or what is wrong: the error of the library holds the text, and so the key."""
    try:
        return json_of(text), None
    except ValueError as error:
        return None, str(error)


def parse_info(document: object, path: str) -> JobInfo:
    """The values of a parsed `info.json` at a path; parts that are absent or null are empty."""
    if not isinstance(document, dict):
        raise JobInfoError(f"{path}: should be an object, not {_kind(document)}")
    parts = dict(cast("dict[str, Any]", document))
    if isinstance(parts.get("settings"), str):
        parts["settings"], problem = _parse_json(parts["settings"] or "{}")
        if problem:
            raise JobInfoError(f"{path}: settings are text that is no JSON: {problem}")

    found: dict[str, Any] = {}
    for name, kind in _PARTS.items():
        value = parts.get(name)
        if value is None:
            continue
        if not isinstance(value, kind):
            raise JobInfoError(f"{path}: {name} should be {_NAMES[kind]}, not {_kind(value)}")
        found[name] = tuple(cast("list[Any]", value)) if kind is list else value
    for name in ("datasets", "models"):
        for number, item in enumerate(found.get(name, ())):
            where = f"{path}: {name}[{number}]"
            if not isinstance(item, Mapping):
                raise JobInfoError(f"{where} should be an object, not {_kind(item)}")
            bucket = str(cast("Mapping[str, Any]", item).get("bucket") or path)
            if is_address(path) and not is_address(bucket):
                text = "should be an address as s3://bucket/folder where the info.json is at one"
                raise JobInfoError(f"{where}: bucket {text}, not {bucket!r}")
    found["key"] = found.pop("api_key", None)
    for name in ("key", "charts_url", "complete_url", "remote_url"):
        found[name] = Secret(found[name]) if found.get(name) else None
    return JobInfo(**found)


def datasets_of(info: JobInfo, data_bucket: str, path: str) -> tuple[Dataset, ...]:
    """The datasets of a job; their files are in `<data bucket>/<id>` unless it says otherwise."""
    found: list[Dataset] = []
    for number, item in enumerate(info.datasets):
        identity = item.get("id")
        if not isinstance(identity, str) or not identity:
            raise JobInfoError(f"{path}: datasets[{number}] has no id")
        try:
            parts = [] if item.get("bucket") else Storage.path.split_name(identity)
        except ValueError as error:
            raise JobInfoError(f"{path}: the id of datasets[{number}]: {error}") from None
        bucket = item.get("bucket") or Storage.path.join(data_bucket, *parts)
        found.append(Dataset(identity, str(item.get("name") or identity), str(bucket), dict(item)))
    return tuple(found)


_PARTS: dict[str, type] = {
    **dict.fromkeys(("id", "name", "host_name", "api_key"), str),
    **dict.fromkeys(("charts_url", "complete_url", "remote_url"), str),
    **dict.fromkeys(("datasets", "models", "tags"), list),
    "settings": dict,
}
_NAMES: dict[type, str] = {
    str: ARTICLES["string"],
    list: ARTICLES["array"],
    dict: ARTICLES["object"],
}


def _kind(value: object) -> str:
    named = _NAMES.get(class_of(value))
    return named or ("null" if value is None else f"a {type(value).__name__}")
