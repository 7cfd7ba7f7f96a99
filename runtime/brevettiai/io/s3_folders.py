"""What S3 tells of files and folders: whether they are there, what is known of them, what is in.

A folder is there as long as something is in it, if only the mark of a console that it exists.
"""

from __future__ import annotations

import errno
from collections import Counter
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, TypeVar

from botocore.exceptions import ClientError

from brevettiai.io.errors import StorageError
from brevettiai.io.local import FileEntry
from brevettiai.io.s3_answers import listed
from brevettiai.io.s3_errors import WORDLESS, code_of
from brevettiai.io.s3_glob import glob
from brevettiai.io.s3_paths import split_folder, split_path
from brevettiai.io.s3_walk import Listing, list_folder, list_objects, walk_folders

if TYPE_CHECKING:
    from mypy_boto3_s3.type_defs import HeadObjectOutputTypeDef

    from brevettiai.io.s3_client import Connection

Result = TypeVar("Result")


class S3Folders:
    """The part of `S3Buckets` that asks and lists."""

    def _call(self, path: str, operation: Callable[[Connection], Result]) -> Result:
        raise NotImplementedError

    def exists(self, path: str) -> bool:
        return self.isfile(path) or self.isdir(path)

    def isfile(self, path: str) -> bool:
        _, key = split_path(path, file=False)
        if not key or key.endswith("/"):
            return False
        try:
            self._head(path)
        except FileNotFoundError:
            return False
        return True

    def isdir(self, path: str) -> bool:
        bucket, prefix = split_folder(path)
        try:
            found, _ = self._list(path, Bucket=bucket, Prefix=prefix, MaxKeys=1)
        except FileNotFoundError:
            return False
        return not prefix or bool(found)

    def stat(self, path: str) -> FileEntry:
        _, key = split_path(path, file=False)
        name = path.rstrip("/").rpartition("/")[2]
        missing = FileNotFoundError(errno.ENOENT, "No such file or folder", path)
        if key and not key.endswith("/"):
            try:
                found = self._head(path)
            except FileNotFoundError as error:
                missing = error
            else:
                etag = found.get("ETag", "").strip('"')
                return FileEntry(name, found["ContentLength"], found.get("LastModified"), etag)
        if self.isdir(path):
            return FileEntry(name, 0, is_folder=True)
        raise missing

    def scandir(self, path: str) -> list[FileEntry]:
        bucket, prefix = split_folder(path)
        found = list_folder(self._listing(path, bucket), prefix)
        if not found and not self.isdir(path):
            if self.isfile(path):
                raise NotADirectoryError(errno.ENOTDIR, "Is no folder", path)
            raise FileNotFoundError(errno.ENOENT, "No such folder", path)
        return found

    def walk(self, path: str) -> Iterator[tuple[str, list[str], list[str]]]:
        bucket, prefix = split_folder(path)
        return walk_folders(self._listing(path, bucket), path, prefix)

    def files(self, path: str) -> Iterator[FileEntry]:
        bucket, prefix = split_folder(path)
        for entry in list_objects(self._listing(path, bucket), prefix):
            if entry.name and not entry.name.endswith("/"):  # It only marks that a folder exists.
                yield entry

    def glob(self, pattern: str) -> list[str]:
        bucket, _ = split_path(pattern, file=False)
        return glob(self._listing(pattern, bucket), self.exists, pattern)

    def make_dirs(self, path: str) -> None:
        split_folder(path)

    def known_md5(self, path: str) -> str | None:
        bucket, _ = split_path(path)
        found = self._head(path)
        tag = found.get("ETag", "").strip('"')
        # The tag is the MD5 of what was written in one part and not encrypted with own keys.
        encrypted = found.get("ServerSideEncryption", "AES256") != "AES256"
        plain = not encrypted and "SSECustomerAlgorithm" not in found
        return tag if plain and len(tag) == 32 and not bucket.endswith("--x-s3") else None

    def _head(self, path: str) -> HeadObjectOutputTypeDef:
        bucket, key = split_path(path)

        def ask(s3: Connection) -> HeadObjectOutputTypeDef:
            try:
                return s3.client.head_object(Bucket=bucket, Key=key)
            except ClientError as error:
                if code_of(error) in WORDLESS:
                    s3.client.get_object(Bucket=bucket, Key=key, Range="bytes=0-0")["Body"].close()
                raise

        return self._call(path, ask)

    def _list(self, path: str, **request: Any) -> tuple[list[FileEntry], str | None]:
        prefix = request["Prefix"]
        return self._call(path, lambda s3: listed(s3.client.list_objects_v2(**request), prefix))

    def _listing(self, path: str, bucket: str) -> Listing:
        def answers(prefix: str, delimiter: str) -> Iterator[list[FileEntry]]:
            request = {"Bucket": bucket, "Prefix": prefix}
            if delimiter:
                request["Delimiter"] = delimiter
            ends: Counter[object] = Counter()
            while True:
                found, token = self._list(path, **request)
                yield found
                if not token:
                    return
                end = (found[-1].name, found[-1].is_folder) if found else None
                ends[end] += 1
                if ends[end] > (1 if end else 1000) or token == request.get("ContinuationToken"):
                    raise StorageError(f"{path}: S3 lists the same again and again")
                request["ContinuationToken"] = token

        return answers
