"""Clients of S3: whose credentials open which prefix, how they are renewed, and what S3 refuses."""

from __future__ import annotations

import base64
import errno
import hashlib
import logging
import math
import os
import random
import threading
import time
from collections.abc import Callable, Mapping
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar, cast

import botocore.session
from boto3.s3.transfer import TransferConfig, create_transfer_manager
from botocore.config import Config
from botocore.credentials import CredentialProvider, CredentialResolver, RefreshableCredentials
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectionError,
    ConnectTimeoutError,
    EndpointConnectionError,
    FlexibleChecksumError,
    HTTPClientError,
    NoCredentialsError,
    ProxyConnectionError,
    ReadTimeoutError,
    ResponseStreamingError,
    SSLError,
)

from brevettiai.io.errors import StorageError
from brevettiai.io.processes import belongs_to_process
from brevettiai.io.s3_memory import Files
from brevettiai.io.settings import StorageSettings

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client
    from s3transfer.manager import TransferManager

_log = logging.getLogger(__name__)

DEFAULT_REGION = "eu-west-1"

CredentialsSource: TypeAlias = Callable[[], Mapping[str, str]]
"""Gives fresh credentials in botocore's words: access_key, secret_key, token, expiry_time (ISO)."""

Result = TypeVar("Result")

_LARGEST_PART = 64 << 20
# Seconds before credentials are asked for again that were not to be had.
_AGAIN_AFTER = 20.0
_FIRST_PAUSE, _LONGEST_PAUSE = 0.2, 10.0
# Seconds to wait for a server that never answered: its address may be wrong.
_AT_FIRST = 5.0
# An upload of several parts that is not known any more may be done: the reply was lost.
_PASSING = frozenset(
    ["SlowDown", "RequestTimeout", "Throttling", "NoSuchUpload", "OperationAborted"]
)
# Of 256 KiB each, received and not written yet.
_QUEUED_CHUNKS = 8
# An answer to HEAD has no body: of an expired token it tells no more than the status.
EXPIRED = frozenset(["ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired", "400"])
_ABSENT = frozenset(["404", "NoSuchKey"])
_DENIED = frozenset(["401", "403", "AccessDenied", "AllAccessDisabled", "SignatureDoesNotMatch"])
DAMAGED = "What S3 sent does not fit its checksum"
_loader = botocore.session.Session().get_component("data_loader")


class Connection:
    """A client, and the transfers of large files through it."""

    def __init__(self, client: S3Client, settings: StorageSettings) -> None:
        self.client = client
        self._settings = settings
        self._lock = threading.Lock()
        self._managers: dict[int, TransferManager] = {}

    def transfers(self, size: int = 0) -> TransferManager:
        """Transfers in parts, by a bounded number of threads and with bounded memory.

        Args:
            size: of a file to download, in bytes. Each thread takes about one part of it, so that
                all work and none asks more often than it must.
        """
        part, threads = self._settings.part_bytes, self._settings.part_threads
        while part < _LARGEST_PART and part * threads < size:
            part *= 2
        with self._lock:
            if part not in self._managers:
                config = TransferConfig(
                    multipart_chunksize=part,
                    max_concurrency=threads,
                    max_io_queue=_QUEUED_CHUNKS,
                    preferred_transfer_client="classic",
                )
                self._managers[part] = create_transfer_manager(self.client, config, Files())
            return self._managers[part]


class Route:
    """The way to all paths below a prefix, by AWS's own settings where there is no source."""

    def __init__(
        self, prefix: str, source: CredentialsSource | None, settings: StorageSettings
    ) -> None:
        self.prefix = prefix
        self.source = source
        self._settings = settings
        self.begin_anew()
        belongs_to_process(self)

    def begin_anew(self) -> None:
        self._lock = threading.Lock()
        self._connection: Connection | None = None
        self._process = os.getpid()
        self._was_there = False

    def leads_to(self, path: str) -> bool:
        """Whether a path lies at or below the prefix."""
        return not self.prefix or path == self.prefix or path.startswith(self.prefix + "/")

    def call(self, path: str, operation: Callable[[Connection], Result]) -> Result:
        """Do an operation on a path; once more with new credentials where they had expired.

        While S3 is away or asks for patience, it is done again, for as long as `_patience` says.

        Raises:
            OSError: what the storage contract says for what S3 answered.
        """
        start, pause = time.monotonic(), _FIRST_PAUSE
        stale: Connection | None = None
        while True:
            connection = self._connect(stale)
            try:
                result = operation(connection)
                self._was_there = True
                return result
            except (ClientError, BotoCoreError) as error:
                self._was_there |= isinstance(error, ClientError)
                expired = isinstance(error, ClientError) and code_of(error) in EXPIRED
                if expired and self.source is not None and stale is None:
                    stale = connection
                    continue
                spent = time.monotonic() - start
                # Patience is asked for last: it reads AWS's configuration.
                if not _passes(error) or spent + pause > self._patience():
                    raise translate(error, path) from error
                if pause == _LONGEST_PAUSE:
                    _log.warning("%s: S3 is away for %.0f s: %s", path, spent, error)
            # So that not all threads come back at once.
            time.sleep(pause * random.uniform(0.5, 1))
            pause = min(2 * pause, _LONGEST_PAUSE)

    def _patience(self) -> float:
        """For how many seconds an operation is tried again.

        For 0 where AWS's own settings say how often, `AWS_MAX_ATTEMPTS` say.
        """
        if _own_attempts():
            return 0
        patience = self._settings.patience
        return patience if self._was_there else min(patience, _AT_FIRST)

    def _connect(self, stale: Connection | None) -> Connection:
        """The connection; a new one with new credentials if it is still the stale one."""
        if self._process != os.getpid():  # Forked without a word to Python.
            self.begin_anew()
        with self._lock:
            if self._connection is None or self._connection is stale:
                self._connection = Connection(
                    _make_client(self.source, self._settings), self._settings
                )
            return self._connection


def _own_attempts() -> bool:
    return botocore.session.Session().get_config_variable("max_attempts") is not None


def _passes(error: ClientError | BotoCoreError) -> bool:
    """Whether what went wrong may pass: nobody there, too much to do, a reply that was lost."""
    if isinstance(error, ClientError):
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        return status >= 500 or status == 429 or code_of(error) in _PASSING
    # What cannot be trusted stays so; a cut body is read again where it is read.
    lasting = (SSLError, ProxyConnectionError, ResponseStreamingError)
    return isinstance(error, (HTTPClientError, ConnectionError)) and not isinstance(error, lasting)


def _make_client(source: CredentialsSource | None, settings: StorageSettings) -> S3Client:
    session = botocore.session.Session()
    # Reading S3's description is most of the time that a client takes; all clients share it.
    session.register_component("data_loader", _loader)
    if source is not None:
        provider = _Fetched(source)
        session.register_component("credential_provider", CredentialResolver([provider]))
    own_server = bool(os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL"))
    config = Config(
        connect_timeout=settings.connect_timeout,
        read_timeout=settings.read_timeout,
        # Without the quota of the standard mode, which an outage would use up.
        retries=None if _own_attempts() else {"mode": "legacy", "total_max_attempts": 4},
        max_pool_connections=settings.threads + settings.part_threads,
        # Servers of one's own seldom have a host name for every bucket.
        s3={"addressing_style": "path"} if own_server else {},
    )
    region = os.environ.get("AWS_REGION") or DEFAULT_REGION
    client = cast("Any", session).create_client("s3", region_name=region, config=config)
    client.meta.events.register("before-call.s3.DeleteObjects", _add_md5)
    return cast("S3Client", client)


class _Fetched(CredentialProvider):
    """Credentials from a source, renewed in good time before they expire."""

    METHOD = "brevettiai"
    CANONICAL_NAME = None

    def __init__(self, source: CredentialsSource) -> None:
        super().__init__()
        self._source = source
        self._kept: dict[str, str] = {}
        self._failed = -math.inf

    def load(self) -> RefreshableCredentials:
        self._kept = dict(self._source())
        lifetime = _seconds_left(self._kept)
        # botocore renews a quarter of an hour before the end, which for credentials that live no
        # longer than that would be on each call.
        return RefreshableCredentials.create_from_metadata(
            self._kept,
            refresh_using=self._renewed,
            method=self.METHOD,
            advisory_timeout=int(min(900, lifetime / 4)),
            mandatory_timeout=int(min(600, lifetime / 8)),
        )

    def _renewed(self) -> dict[str, str]:
        """New credentials; where there are none, the old ones as long as they are valid."""
        if time.monotonic() - self._failed > _AGAIN_AFTER or _seconds_left(self._kept) <= 0:
            try:
                self._kept = dict(self._source())
            except Exception as error:
                if _seconds_left(self._kept) <= 0:
                    raise
                self._failed = time.monotonic()
                _log.warning("The credentials for S3 could not be renewed yet: %s", error)
        return self._kept


def _seconds_left(credentials: Mapping[str, str]) -> float:
    expiry = datetime.fromisoformat(credentials["expiry_time"].replace("Z", "+00:00"))
    return (expiry - datetime.now(timezone.utc)).total_seconds()


def _add_md5(params: Mapping[str, Any], **_: Any) -> None:
    """Tell the MD5 of a list of keys to delete: servers of one's own often ask for it."""
    digest = hashlib.md5(params["body"], usedforsecurity=False).digest()
    params["headers"]["Content-MD5"] = base64.b64encode(digest).decode()


def code_of(error: ClientError) -> str:
    """The code of an answer: a name such as `NoSuchKey`, or the status where it has no body."""
    return str(error.response.get("Error", {}).get("Code", ""))


def translate(error: ClientError | BotoCoreError, path: str) -> OSError:
    """The error to raise for what botocore raised on a path."""
    if isinstance(error, ClientError):
        return _translate_answer(error, path)
    if isinstance(error, NoCredentialsError):
        text = "There are no credentials for S3: begin a job on the platform, or configure AWS's"
        return PermissionError(errno.EACCES, text, path)
    if isinstance(error, FlexibleChecksumError):
        return StorageError(errno.EIO, DAMAGED, path)
    if isinstance(error, SSLError):
        return StorageError(errno.EIO, f"S3 could not be trusted: {error}", path)
    if isinstance(error, (EndpointConnectionError, ConnectTimeoutError)):
        return StorageError(errno.EHOSTUNREACH, f"S3 cannot be reached: {error}", path)
    if isinstance(error, (HTTPClientError, ReadTimeoutError)):
        return StorageError(errno.EIO, f"The connection to S3 broke: {error}", path)
    return StorageError(errno.EIO, f"S3 failed: {error}", path)


def _translate_answer(error: ClientError, path: str) -> OSError:
    code = code_of(error)
    if code in _ABSENT:
        return FileNotFoundError(errno.ENOENT, "No such file", path)
    if code == "NoSuchBucket":
        return FileNotFoundError(errno.ENOENT, "There is no such bucket", path)
    said = error.response.get("Error", {}).get("Message", "") or code
    if code == "400":
        text = "S3 refuses the request without a word: its credentials may have expired"
        return PermissionError(errno.EACCES, text, path)
    if code in EXPIRED:
        return PermissionError(errno.EACCES, f"The credentials for S3 have expired: {said}", path)
    if code in _DENIED or code.startswith("InvalidAccessKey"):
        return PermissionError(errno.EACCES, f"S3 denies access: {said}", path)
    return StorageError(errno.EIO, f"S3 answered {code}: {said}", path)
