"""Storage on S3, by paths `s3://bucket/key`."""

from __future__ import annotations

import errno
import io
import mimetypes
import os
import re
import shutil
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from botocore.exceptions import ClientError

from brevettiai.io.cache import ReadCache
from brevettiai.io.errors import StorageError
from brevettiai.io.local import destination_of, write_whole
from brevettiai.io.s3_checksums import PartsCheck
from brevettiai.io.s3_client import Connection, Route
from brevettiai.io.s3_credentials import CredentialsSource
from brevettiai.io.s3_errors import DamagedError, code_of, said_by_s3
from brevettiai.io.s3_folders import S3Folders
from brevettiai.io.s3_memory import Content
from brevettiai.io.s3_paths import split_folder, split_path
from brevettiai.io.s3_reader import ObjectReader
from brevettiai.io.s3_retries import Outage
from brevettiai.io.s3_walk import list_objects
from brevettiai.io.settings import StorageSettings
from brevettiai.io.whole import CHUNK, Destination, spooled

if TYPE_CHECKING:
    from botocore.response import StreamingBody
    from mypy_boto3_s3.type_defs import GetObjectRequestTypeDef

Result = TypeVar("Result")

# Up to here a file goes in one request, from memory: the fastest way for many small files.
_SMALL = 1 << 20
_DELETED_AT_ONCE = 1000
_RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+)")


class S3Buckets(S3Folders):
    """Objects on S3, under the contract of `brevettiai.io.Storage`.

    Credentials are those of the nearest prefix that `add_route` was told of, else those that AWS's
    own settings and variables give. The cache, if there is one, keeps what `read_file` reads.

    Args:
        spool_folder: gives the local folder of files that are on their way to S3.
    """

    def __init__(
        self,
        settings: StorageSettings,
        spool_folder: Callable[[], str],
        cache: ReadCache | None = None,
    ) -> None:
        self._settings = settings
        self._cache = cache
        self._spool_folder = spool_folder
        self._outage = Outage()
        self._default = Route("", None, settings, self._outage)
        self._routes: list[Route] = []

    def add_route(self, prefix: str, source: CredentialsSource) -> None:
        """Use credentials from a source for all paths at and below a prefix.

        Args:
            prefix: `s3://bucket` or a folder in it.
            source: gives fresh credentials; called when they are first needed, and again before
                they expire.
        """
        self._routes.append(Route(prefix.rstrip("/"), source, self._settings, self._outage))
        self._routes.sort(key=lambda route: -len(route.prefix))

    def routes(self) -> list[tuple[str, CredentialsSource]]:
        """The prefixes that have credentials of their own, each with the source of them."""
        return [(route.prefix, route.source) for route in self._routes if route.source]

    def read_file(self, path: str) -> bytes:
        kept = self._cache.find(path) if self._cache else None
        tag, content = self._read(path, kept[0] if kept else None)
        if content is None:
            return kept[1] if kept else b""
        if self._cache:
            self._cache.keep(path, tag, content)
        return content

    def _read(self, path: str, known: str | None = None) -> tuple[str, bytes | None]:
        """The tag and content of an object; no content where it is the version known already."""
        bucket, key = split_path(path)
        request: GetObjectRequestTypeDef = {"Bucket": bucket, "Key": key}
        if known:
            request["IfNoneMatch"] = known

        def read(s3: Connection) -> tuple[str, bytes | None]:
            fast = s3.obstore
            if fast and (found := fast.get(bucket, key, known)):
                return found
            try:
                answer = s3.client.get_object(**request)
            except ClientError as error:
                if known and code_of(error) in ("304", "NotModified"):
                    return known, None
                raise
            with self._reader(path, answer, s3) as reader:
                content = reader.readall()
            if fast:
                fast.learn(answer["ETag"], content)
            return answer["ETag"], content

        return self._call(path, read)

    def write_file(self, path: str, content: bytes | memoryview) -> None:
        bucket, key = split_path(path)
        kind = _content_type(key)

        def write(s3: Connection) -> None:
            if len(content) <= self._settings.part_bytes:
                if s3.obstore and s3.obstore.put(bucket, key, content, kind):
                    return
                body = bytes(content) if len(content) <= _SMALL else io.BytesIO(content)
                s3.client.put_object(Bucket=bucket, Key=key, Body=body, ContentType=kind)
            else:
                extra = {"ContentType": kind}
                s3.finish(lambda to: to.upload(Content(content), bucket, key, extra))

        self._call(path, write)

    def create_file(self, path: str, content: bytes) -> None:
        bucket, key = split_path(path)

        def create(s3: Connection) -> bool:
            try:
                s3.client.put_object(
                    Bucket=bucket,
                    Key=key,
                    Body=content,
                    ContentType=_content_type(key),
                    IfNoneMatch="*",
                )
            except ClientError as error:
                if code_of(error) not in ("412", "PreconditionFailed"):
                    raise
                return False
            return True

        # Where the reply to a first request was lost, the second one finds what that has written.
        if not self._call(path, create) and self._read(path)[1] != content:
            raise FileExistsError(errno.EEXIST, "Exists already", path)

    def read_range(self, path: str, start: int, end: int | None, etag: str = "") -> bytes:
        """A part of an object, as of its content `[start:end]`.

        Args:
            etag: of the version to read; another one is an error. Empty for any.
        """
        if end is not None and (start < 0 or end < 0):
            start, end, _ = slice(start, end).indices(self._head(path)["ContentLength"])
        if end is not None and start >= end:
            self._head(path)  # What is not there is an error, also where nothing of it is asked.
            return b""
        bucket, key = split_path(path)
        span = f"{start}" if start < 0 else f"{start}-{'' if end is None else end - 1}"
        request: GetObjectRequestTypeDef = {"Bucket": bucket, "Key": key, "Range": f"bytes={span}"}
        if etag:
            request["IfMatch"] = etag

        def read(s3: Connection) -> bytes:
            try:
                answer = s3.client.get_object(**request)
            except ClientError as error:
                if code_of(error) in ("416", "InvalidRange"):  # It begins after the end.
                    return b""
                raise
            if not _is_part(answer):  # All of it is sent, with its checksum.
                with self._reader(path, answer, s3) as reader:
                    return reader.readall()[start:end]
            sent = _RANGE.fullmatch(answer.get("ContentRange", ""))
            if not sent and not answer["ContentLength"]:
                return b""  # MinIO, of an empty file, gives no range that could be.
            first, last, size = map(int, sent.groups()) if sent else (0, 0, 0)
            asked = slice(start, end).indices(size)[:2]
            if (first, last + 1) != asked or last + 1 - first != answer["ContentLength"]:
                raise ValueError("another part than was asked for")
            told = {name: answer[name] for name in ("ContentLength", "ETag", "Body")}
            with self._reader(path, told, s3, first, str(last)) as reader:
                return reader.readall()

        return self._call(path, read)

    def open_to_append(self, path: str) -> io.BufferedWriter:
        raise io.UnsupportedOperation(
            f"{path}: S3 cannot append to a file; `with io.local_file(path, 'a') as local` gives a "
            "local copy that is uploaded again, and a log is best written to a local path"
        )

    def upload_file(self, local: str, path: str) -> None:
        """Write an object from a local file."""
        bucket, key = split_path(path)
        with open(local, "rb") as file:
            content = file.read(_SMALL + 1)
        if len(content) <= _SMALL:
            self.write_file(path, content)
            return
        extra = {"ContentType": _content_type(key)}
        size = os.path.getsize(local)
        self._call(
            path, lambda s3: s3.finish(lambda to: to.upload(local, bucket, key, extra), size)
        )

    def download_file(self, path: str, local: str, size: int | None = None) -> None:
        """Write a local file, whole, from an object.

        Args:
            size: of the object in bytes, if it is known.
        """
        if size is None:
            size = self._head(path)["ContentLength"]
        if size <= _SMALL:
            write_whole(local, self._read(path)[1] or b"")
            return
        with destination_of(local) as part:
            if size <= self._settings.part_bytes:
                self._call(path, lambda s3: self._fetch(s3, path, part))
            else:
                self._fetch_parts(path, part, size)

    def _fetch(self, s3: Connection, path: str, local: str) -> None:
        bucket, key = split_path(path)
        answer = s3.client.get_object(Bucket=bucket, Key=key)
        with self._reader(path, answer, s3) as reader, open(local, "wb") as file:
            shutil.copyfileobj(reader, file, CHUNK)

    def _fetch_parts(self, path: str, local: str, size: int) -> None:
        bucket, key = split_path(path)
        check = PartsCheck(bucket, key)

        def fetch(s3: Connection) -> None:
            s3.finish(lambda by: by.download(bucket, key, local), size)
            if not check.fits(s3.client, local):
                raise DamagedError(path)

        self._call(path, fetch)

    def destination(self, path: str) -> Destination:
        """A local temporary file, and the step that uploads it."""
        split_path(path)
        return spooled(self._spool_folder(), path, self.upload_file)

    def open_to_read(self, path: str) -> io.BufferedReader:
        bucket, key = split_path(path)

        def begin(s3: Connection) -> ObjectReader:
            return self._reader(path, s3.client.get_object(Bucket=bucket, Key=key), s3)

        return io.BufferedReader(self._call(path, begin), CHUNK)

    def _reader(
        self, path: str, answer: Mapping[str, Any], s3: Connection, first: int = 0, last: str = ""
    ) -> ObjectReader:
        """A stream of what an answer sends: all of an object, or its bytes `first` to `last`."""
        bucket, key = split_path(path)
        tag = answer["ETag"]
        if _is_part(answer):
            raise ValueError("a part, where all was asked for")

        def open_at(offset: int) -> StreamingBody:
            rest: GetObjectRequestTypeDef = {"Bucket": bucket, "Key": key, "IfMatch": tag}
            if first + offset or last:
                rest["Range"] = f"bytes={first + offset}-{last}"
            sent = self._call(path, lambda s3: s3.client.get_object(**rest))
            at = f"bytes {first + offset}-"
            if "Range" in rest and not sent.get("ContentRange", "").startswith(at):
                raise StorageError(errno.EIO, "S3 sent another part than was asked for", path)
            return sent["Body"]

        return ObjectReader(path, answer, open_at, s3.retries)

    def copy_file(self, source: str, target: str) -> None:
        bucket, key = split_path(source)
        to_bucket, to_key = split_path(target)
        if source == target:
            self._head(source)
        elif self._route(source) is self._route(target):
            original = {"Bucket": bucket, "Key": key}
            self._call(
                source, lambda s3: s3.finish(lambda by: by.copy(original, to_bucket, to_key))
            )
        else:
            # No credentials open both places.
            with self.destination(target) as part:
                self.download_file(source, part)

    def move_file(self, source: str, target: str) -> None:
        self.copy_file(source, target)
        if source != target:
            self._delete(source)

    def remove(self, path: str) -> None:
        bucket, prefix = split_folder(path)
        if not prefix:
            raise PermissionError(errno.EPERM, "Will not remove a whole bucket", path)
        if not path.endswith("/") and self.isfile(path):
            self._delete(path)
            return
        keys = self._keys_below(path)
        if not keys:
            raise FileNotFoundError(errno.ENOENT, "No such file or folder", path)
        self._delete_keys(path, bucket, keys)
        self._delete_marks(path)

    def remove_files(self, folder: str, paths: list[str]) -> None:
        """Remove objects of a folder, and the marks that there are folders, if no other is left."""
        bucket, _ = split_folder(folder)
        self._delete_keys(folder, bucket, [split_path(path)[1] for path in paths])
        self._delete_marks(folder)

    def _delete_marks(self, folder: str) -> None:
        """Delete the marks that there are folders, if no object is left below a folder.

        One by one: servers over a file system make a mark of a folder that is empty now, and keep
        it where it is in a list of keys to delete.
        """
        bucket, _ = split_folder(folder)
        left = self._keys_below(folder)
        if all(key.endswith("/") for key in left):
            for key in reversed(left):
                self._delete_key(folder, bucket, key)

    def _keys_below(self, folder: str) -> list[str]:
        bucket, prefix = split_folder(folder)
        found = list_objects(self._listing(folder, bucket), prefix)
        return [prefix + entry.name for entry in found]

    def _delete(self, path: str) -> None:
        self._delete_key(path, *split_path(path))

    def _delete_key(self, path: str, bucket: str, key: str) -> None:
        self._call(path, lambda s3: s3.client.delete_object(Bucket=bucket, Key=key))

    def _delete_keys(self, path: str, bucket: str, keys: list[str]) -> None:
        for start in range(0, len(keys), _DELETED_AT_ONCE):
            self._delete_some(path, bucket, keys[start : start + _DELETED_AT_ONCE])

    def _delete_some(self, path: str, bucket: str, keys: list[str]) -> None:
        answer = self._call(
            path,
            lambda s3: s3.client.delete_objects(
                Bucket=bucket, Delete={"Objects": [{"Key": key} for key in keys], "Quiet": True}
            ),
        )
        for error in answer.get("Errors", []):
            what = f"{error.get('Key')}: {error.get('Message') or error.get('Code')}"
            raise StorageError(errno.EIO, f"Not all could be removed; {said_by_s3(what)}", path)

    def remove_leftovers(self, path: str, age: float) -> int:
        from brevettiai.io.leftovers import abort_uploads

        bucket, prefix = split_folder(path)
        return abort_uploads(lambda operation: self._call(path, operation), bucket, prefix, age)

    def storage_options(self, path: str) -> dict[str, Any]:
        split_path(path, file=False)
        client = self._call(path, lambda s3: s3.client)
        place = {"endpoint_url": client.meta.endpoint_url, "region_name": client.meta.region_name}
        source = self._route(path).source
        options: dict[str, Any] = {
            "client_kwargs": place,
            "config_kwargs": {"s3": getattr(client.meta.config, "s3", None) or {}},
        }
        if source is not None:
            given = source()
            for name, word in (("key", "access_key"), ("secret", "secret_key"), ("token", "token")):
                options[name] = given[word]
        return options

    def _route(self, path: str) -> Route:
        return next((route for route in self._routes if route.leads_to(path)), self._default)

    def _call(self, path: str, operation: Callable[[Connection], Result]) -> Result:
        return self._route(path).call(path, operation)


def _is_part(answer: Mapping[str, Any]) -> bool:
    return bool(answer.get("ResponseMetadata", {}).get("HTTPStatusCode") == 206)


def _content_type(key: str) -> str:
    return mimetypes.guess_type(key)[0] or "application/octet-stream"
