"""Answers of S3 that cannot be are ValueErrors and KeyErrors here, told as what cannot be read."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from botocore.exceptions import ConnectionClosedError
from urllib3.exceptions import HTTPError

from brevettiai.io.local import FileEntry

# The longest list, of a thousand keys, takes about half of it.
_LONGEST_TEXT = 8 << 20
_LONGEST_KEY = 1024
_LARGEST_FILE = 50 * 10**12
# After a word of these that is none, what was copied might be removed.
_WRITING = ("PutObject", "CopyObject", "CompleteMultipartUpload")


def refuse_lies(client: Any) -> None:
    """Let a client refuse what cannot be, also where others transfer large files by it.

    None of botocore's events comes between the head of an answer and its text, which botocore reads
    to its end: so that is read here, in the place of its HTTP session.
    """
    client.meta.events.register("after-call.s3", _check)
    session = client._endpoint.http_session
    session.send = partial(_send, session.send)


def _send(send: Callable[[Any], Any], request: Any) -> Any:
    is_file, request.stream_output = request.stream_output, True
    answer = send(request)
    if not is_file or answer.status_code >= 300:
        try:
            answer._content = answer.raw.read(_LONGEST_TEXT + 1)
        except HTTPError as error:
            raise ConnectionClosedError(endpoint_url=request.url, error=error) from error
        if len(answer._content) > _LONGEST_TEXT:
            answer.raw.close()
            raise ValueError(f"a text of more than {_LONGEST_TEXT >> 20} MB")
    return answer


def _check(http_response: Any, parsed: Any, model: Any, **_: Any) -> None:
    name = model.name if http_response.status_code < 300 else ""
    if name in ("GetObject", "HeadObject"):
        _possible(parsed["ContentLength"])
    if name in _WRITING and "ETag" not in parsed.get("CopyObjectResult", parsed):
        raise ValueError("no ETag of what was written")


def _possible(size: int) -> int:
    if not 0 <= size <= _LARGEST_FILE:
        raise ValueError(f"a file of {size} bytes")
    return size


def listed(answer: Any, prefix: str) -> tuple[list[FileEntry], str | None]:
    """What an answer lists, named from a prefix on, each once; and what it goes on by."""
    token = answer.get("NextContinuationToken")
    if answer.keys() <= {"ResponseMetadata"} or (answer.get("IsTruncated") and not token):
        raise ValueError("no list, or one without its end")
    found: dict[str, FileEntry] = {}
    for item in answer.get("Contents", []):
        key, size, etag = item["Key"], _possible(item["Size"]), item.get("ETag", "").strip('"')
        found[key] = FileEntry(key[len(prefix) :], size, item.get("LastModified"), etag)
    for folder in answer.get("CommonPrefixes", []):
        key = folder["Prefix"]
        found[key] = FileEntry(key[len(prefix) : -1], 0, is_folder=True)
    for key in found:
        if not key.startswith(prefix) or len(key) > _LONGEST_KEY:
            raise ValueError(f"the key {key}")
    return [*found.values()], token
