"""Answers of S3 that cannot be: without end, of impossible sizes, lists of what nobody asked for.

What raises here a ValueError or KeyError is told as what cannot be read.
"""

from __future__ import annotations

import errno
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from botocore.exceptions import ConnectionClosedError
from urllib3.exceptions import HTTPError

from brevettiai.io.errors import StorageError

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client
    from mypy_boto3_s3.type_defs import ListObjectsV2OutputTypeDef

# Of the longest list, a thousand keys of a kilobyte each, the text has some 4 MB.
_LONGEST_TEXT = 8 << 20
_LONGEST_KEY = 1024
_LARGEST_FILE = 50 * 10**12


def refuse_lies(client: S3Client) -> None:
    """Let a client refuse what cannot be, for who transfers large files by it too.

    Of botocore's events none comes between the head of an answer and its text, which botocore reads
    to its end: that is done here, in the place of its session of HTTP.
    """
    for name in ("GetObject", "HeadObject"):
        client.meta.events.register(f"after-call.s3.{name}", _require_size)
    for name in ("PutObject", "CopyObject", "CompleteMultipartUpload"):
        client.meta.events.register(f"after-call.s3.{name}", _require_tag)
    session = cast("Any", client)._endpoint.http_session
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
            text = f"S3 answers more than {_LONGEST_TEXT >> 20} MB that are no file"
            raise StorageError(errno.EIO, text)
    return answer


def _require_size(http_response: Any, parsed: Any, **_: Any) -> None:
    if http_response.status_code < 300:
        _checked_size(parsed["ContentLength"])


def _checked_size(size: int) -> None:
    if not 0 <= size <= _LARGEST_FILE:
        raise ValueError(f"a file of {size} bytes")


def _require_tag(http_response: Any, parsed: Any, **_: Any) -> None:
    """Refuse a word that is none of what was written: what it was copied from may be removed."""
    if http_response.status_code < 300:
        if "ETag" not in parsed.get("CopyObjectResult", parsed):
            raise ValueError("no ETag of what was written")


def as_listing(answer: ListObjectsV2OutputTypeDef, prefix: str) -> ListObjectsV2OutputTypeDef:
    """What lists objects below a prefix, each of them once."""
    if answer.keys() <= {"ResponseMetadata"}:
        raise ValueError("no list of files")
    files = {item["Key"]: item for item in answer.get("Contents", [])}
    folders = {item["Prefix"]: item for item in answer.get("CommonPrefixes", [])}
    for key in (*files, *folders):
        if not key.startswith(prefix) or len(key) > _LONGEST_KEY:
            raise ValueError(f"a list with the key {key}")
    for item in files.values():
        _checked_size(item["Size"])
    if answer.get("IsTruncated") and not answer.get("NextContinuationToken"):
        raise ValueError("a list that goes on nowhere")
    return {**answer, "Contents": [*files.values()], "CommonPrefixes": [*folders.values()]}
