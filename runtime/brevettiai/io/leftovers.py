"""What killed processes leave in storage: hidden temporary files, and unfinished uploads."""

from __future__ import annotations

import os
from collections import deque
from contextlib import suppress
from functools import partial

from brevettiai.io.locks import lock_abandoned, on_this_machine
from brevettiai.io.whole import LOCK_SUFFIX, PART_PREFIX, PART_SUFFIX, is_part

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime
    from typing import Any

    from brevettiai.io.s3_client import Connection

_MOST_FILES = 200_000
"""So many files are looked at, and not more: a start must not read a whole archive."""
_MOST_ANSWERS = 20
"""Of a list of unfinished uploads, with up to a thousand each."""

_begun_here: deque[str] = deque(maxlen=1000)
"""The uploads that this process began last: whatever clocks say, they are no leftovers."""


def remove_parts(folder: str, *, below: bool = True) -> int:
    """Remove the temporary files of dead processes of this machine; how many there were.

    Args:
        below: look into the folders of the folder too.
    """
    removed = seen = 0
    for path, folders, names in os.walk(folder):
        if not below:
            folders.clear()
        groups: dict[str, list[str]] = {}
        for name in filter(is_part, names):
            base = name.partition(PART_SUFFIX)[0] + PART_SUFFIX
            groups.setdefault(base, []).append(name)
        for base, parts in groups.items():
            removed += _remove_group(path, base, parts)
        seen += len(names) + len(folders)
        if seen > _MOST_FILES:
            break
    return removed


def _remove_group(folder: str, base: str, parts: list[str]) -> int:
    """Remove a temporary file and those beside it, if no living process has it."""
    if not on_this_machine(base.removeprefix(PART_PREFIX)):
        return 0
    lock = os.path.join(folder, base + LOCK_SUFFIX)
    held = lock_abandoned(lock if os.path.lexists(lock) else os.path.join(folder, parts[0]))
    if held is None:
        return 0
    removed = 0
    try:
        # The lock goes last, so that it tells of the others as long as there are any.
        for name in sorted(parts, key=lambda name: name.endswith(LOCK_SUFFIX)):
            with suppress(OSError):
                os.remove(os.path.join(folder, name))
                removed += 1
    finally:
        os.close(held)
    return removed


def note_begun(parsed: Mapping[str, Any], **_: Any) -> None:
    """Note what S3 answered to the beginning of an upload."""
    if upload := parsed.get("UploadId"):
        _begun_here.append(upload)


def abort_uploads(
    call: Callable[[Callable[[Connection], Any]], Any], bucket: str, prefix: str, age: float
) -> int:
    """Abort the unfinished uploads below a prefix that began some time ago; how many there were.

    Args:
        call: does an operation on S3.
        age: seconds since they began at least, by the clock of S3.
    """
    from datetime import timedelta

    request: dict[str, Any] = {"Bucket": bucket, "Prefix": prefix}
    aborted = 0
    for _ in range(_MOST_ANSWERS):
        answer = call(lambda s3: s3.client.list_multipart_uploads(**request))
        latest = _time_of(answer) - timedelta(seconds=age)
        for upload in answer.get("Uploads", []):
            if upload["Initiated"] <= latest and upload["UploadId"] not in _begun_here:
                call(partial(_abort, bucket, upload["Key"], upload["UploadId"]))
                aborted += 1
        if not answer.get("IsTruncated"):
            break
        request["KeyMarker"] = answer["NextKeyMarker"]
        request["UploadIdMarker"] = answer["NextUploadIdMarker"]
    return aborted


def _abort(bucket: str, key: str, upload: str, s3: Connection) -> None:
    with suppress(s3.client.exceptions.NoSuchUpload):  # It was finished meanwhile.
        s3.client.abort_multipart_upload(Bucket=bucket, Key=key, UploadId=upload)


def _time_of(answer: Any) -> datetime:
    """When S3 gave an answer: the clock here may be off."""
    from datetime import datetime, timezone
    from email.utils import parsedate_to_datetime

    said = answer.get("ResponseMetadata", {}).get("HTTPHeaders", {}).get("date", "")
    try:
        return parsedate_to_datetime(said)
    except (TypeError, ValueError):
        return datetime.now(timezone.utc)
