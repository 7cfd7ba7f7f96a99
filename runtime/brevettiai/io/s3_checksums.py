"""Whether a file that came in parts is what S3 has, where that tells a checksum.

S3 tells with an answer the checksum of the whole, which an answer with a part of it does not have.
Of what was written in parts it tells one of the parts' checksums instead.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from functools import reduce
from typing import TYPE_CHECKING
from zlib import crc32

from brevettiai.io.whole import CHUNK

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client


class PartsCheck:
    """Tells of each download of an object whether it fits, by its CRC-32, which is quick."""

    def __init__(self, bucket: str, key: str) -> None:
        self._bucket, self._key = bucket, key
        self._found: set[str] = set()

    def fits(self, client: S3Client, local: str) -> bool:
        """Whether a file fits, as far as can be told."""
        bucket, key = self._bucket, self._key
        whole = client.head_object(Bucket=bucket, Key=key, ChecksumMode="ENABLED")
        told = whole.get("ChecksumCRC32", "").partition("-")[0]
        if not told:
            return True
        size = whole["ContentLength"]
        in_parts = "-" in whole["ETag"] and whole.get("ChecksumType") != "FULL_OBJECT"
        if in_parts:
            size = client.head_object(Bucket=bucket, Key=key, PartNumber=1)["ContentLength"]
        sums = [*_sums(local, size)]
        checksum = crc32(b"".join(map(_bytes, sums))) if in_parts else sums[0]
        found = base64.b64encode(_bytes(checksum)).decode()
        # What came twice is what S3 has: its parts are not all of one size then.
        is_known = in_parts and found in self._found
        self._found.add(found)
        return is_known or found == told


def _sums(local: str, size: int) -> Iterator[int]:
    """The checksum of each part of a file, of so many bytes."""
    with open(local, "rb") as file:
        while first := file.read(min(CHUNK, size)):
            left = size - len(first)
            spans = [CHUNK] * (left // CHUNK) + [left % CHUNK]
            yield reduce(lambda total, span: crc32(file.read(span), total), spans, crc32(first))


def _bytes(checksum: int) -> bytes:
    return checksum.to_bytes(4, "big")
