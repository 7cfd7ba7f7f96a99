"""Clients of S3: whose credentials open which prefix, and how requests are made."""

from __future__ import annotations

import base64
import errno
import hashlib
import os
import re
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, TypeVar, cast

import botocore
import botocore.session
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.credentials import CredentialResolver
from botocore.exceptions import FlexibleChecksumError
from botocore.handlers import convert_body_to_file_like_object
from botocore.utils import parse_timestamp
from s3transfer.exceptions import RetriesExceededError, S3DownloadFailedError
from s3transfer.manager import TransferManager

from brevettiai.io.errors import StorageError
from brevettiai.io.leftovers import note_begun
from brevettiai.io.processes import belongs_to_process
from brevettiai.io.s3_answers import refuse_lies
from brevettiai.io.s3_credentials import CredentialsSource, FetchedCredentials
from brevettiai.io.s3_errors import S3_ERRORS, DamagedError, S3Error, code_of, said_by_s3, translate
from brevettiai.io.s3_memory import Files
from brevettiai.io.s3_obstore import Obstore, is_usable
from brevettiai.io.s3_retries import Outage, Retries
from brevettiai.io.settings import StorageSettings
from brevettiai.io.threads import Stop, ThreadsOfCaller

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client
    from s3transfer.futures import TransferFuture

DEFAULT_REGION = "eu-west-1"

Result = TypeVar("Result")

_LARGEST_PART = 64 << 20
# Of an operation as a whole; its requests have their own.
_ATTEMPTS = 3
# Of 256 KiB each, received and not written yet.
_QUEUED_CHUNKS = 8
# What S3 says of an object that is read; botocore looks for all that it ever could say.
_HEARD = re.compile("Body|Content(Length|Range|Type)|ETag|LastModified|Checksum|Parts|ServerSide")
_loader = botocore.session.Session().get_component("data_loader")


class Connection:
    """A client, the transfers of large files through it, and when its requests are made again.

    Attributes:
        obstore: the short way to whole objects, None where there is none.
    """

    def __init__(
        self,
        client: S3Client,
        retries: Retries,
        settings: StorageSettings,
        obstore: Obstore | None = None,
    ) -> None:
        self.client = client
        self.obstore = obstore
        self._settings = settings
        self.retries = retries
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
                manager = TransferManager(self.client, config, Files(), ThreadsOfCaller)
                self._managers[part] = manager
            return self._managers[part]

    def finish(self, begin: Callable[[TransferManager], TransferFuture], size: int = 0) -> None:
        """Begin a transfer of a file of that size and wait for its end, also when interrupted."""
        stop = Stop()
        try:
            transfer = stop.run(lambda: begin(self.transfers(size)))
            stop.then(transfer.cancel)
            try:
                transfer.result()
            except BaseException:
                stop.tell()
                with suppress(Exception):
                    transfer.result()
                raise
        finally:
            stop.over()


class Route:
    """The way to all paths below a prefix, by AWS's own settings where there is no source."""

    def __init__(
        self,
        prefix: str,
        source: CredentialsSource | None,
        settings: StorageSettings,
        outage: Outage,
    ) -> None:
        self.prefix = prefix
        self.source = source
        self._settings = settings
        self._outage = outage
        self.begin_anew()
        belongs_to_process(self)

    def begin_anew(self) -> None:
        self._lock = threading.Lock()
        self._connection: Connection | None = None
        self._process = os.getpid()

    def leads_to(self, path: str) -> bool:
        """Whether a path lies at or below the prefix."""
        return not self.prefix or path == self.prefix or path.startswith(self.prefix + "/")

    def call(self, path: str, operation: Callable[[Connection], Result]) -> Result:
        """Do an operation on a path, as a whole again where its requests cannot be.

        Raises:
            OSError: what the storage contract says for what S3 answered.
        """
        attempt = 0
        while True:
            attempt += 1
            try:
                return operation(self.connect())
            except S3_ERRORS as error:
                if attempt >= _ATTEMPTS or not _begins_anew(error):
                    raise translate(error, path) from error
            except RecursionError:  # botocore asks for the region, and is sent elsewhere again.
                text = "S3 sends all requests elsewhere: set AWS_ENDPOINT_URL_S3 to where it leads"
                raise StorageError(errno.EIO, text, path) from None
            except OSError as error:
                if attempt >= _ATTEMPTS or not _begins_anew(error):
                    if isinstance(error, PermissionError) and error.errno and not error.filename:
                        error.filename = path  # There are no credentials for it.
                    raise
            except (ValueError, KeyError) as error:  # from botocore, of a size or time that is none
                text = f"S3 answered what cannot be read: {said_by_s3(str(error))}"
                raise StorageError(errno.EIO, text, path) from error

    def connect(self) -> Connection:
        """The connection of this process."""
        if self._process != os.getpid():  # Forked without a word to Python.
            self._outage.begin_anew()
            self.begin_anew()
        with self._lock:
            if self._connection is None:
                self._connection = _connect(self.source, self._settings, self._outage)
            return self._connection


def _begins_anew(error: S3Error | OSError) -> bool:
    """Whether an operation may do at its next attempt what its requests could not.

    An upload of several parts that is not known any more may be done: the reply was lost. One whose
    parts do not fit was told wrong of one.
    """
    if isinstance(error, OSError):
        # ESTALE: replaced while it was read.
        return error.errno == errno.ESTALE or isinstance(error, DamagedError)
    broken = (FlexibleChecksumError, RetriesExceededError, S3DownloadFailedError)
    return isinstance(error, broken) or code_of(error) in ("InvalidPart", "NoSuchUpload")


def _own_attempts() -> bool:
    return botocore.session.Session().get_config_variable("max_attempts") is not None


def _connect(
    source: CredentialsSource | None, settings: StorageSettings, outage: Outage
) -> Connection:
    session = botocore.session.Session()
    # Reading S3's description is most of the time that a client takes; all clients share it.
    session.register_component("data_loader", _loader)
    parsers = session.get_component("response_parser_factory")
    parsers.set_parser_defaults(timestamp_parser=_time_of)
    fetched = FetchedCredentials(source) if source else None
    if fetched:
        session.register_component("credential_provider", CredentialResolver([fetched]))
    own_server = bool(os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL"))
    own_attempts = _own_attempts()
    config = Config(
        connect_timeout=settings.connect_timeout,
        read_timeout=settings.read_timeout,
        retries=None if own_attempts else {"mode": "legacy"},
        max_pool_connections=settings.threads + settings.part_threads,
        # Else botocore makes the text anew for each request, twice, and looks through what is ours.
        user_agent=f"brevetti Botocore/{botocore.__version__}",
        parameter_validation=False,
        # Servers of one's own seldom have a host name for every bucket.
        s3={"addressing_style": "path"} if own_server else {},
    )
    region = os.environ.get("AWS_REGION") or DEFAULT_REGION
    client = cast("Any", session).create_client("s3", region_name=region, config=config)
    heard = client.meta.service_model.operation_model("GetObject").output_shape.members
    for name in [name for name in heard if not _HEARD.match(name)]:
        del heard[name]
    refuse_lies(client)
    client.meta.events.register("before-call.s3.DeleteObjects", _add_md5)
    client.meta.events.register("after-call.s3.CreateMultipartUpload", note_begun)
    # Bytes are sent at once: only for what is a file S3 is asked first whether it wants it.
    client.meta.events.unregister(
        "before-parameter-build.s3.PutObject", convert_body_to_file_like_object
    )
    # AWS's own settings go first where they say how often.
    patience = 0 if own_attempts else settings.patience
    retries = Retries(outage, patience, fetched.renew if fetched else None)
    if not own_attempts:
        retries.register(client.meta.events)
    credentials = session.get_credentials()
    obstore = None
    if settings.obstore and credentials and is_usable():
        obstore = Obstore(
            credentials.get_frozen_credentials,
            client.meta,
            settings,
            outage,
            session.get_config_variable("ca_bundle"),
        )
    return Connection(cast("S3Client", client), retries, settings, obstore)


def _time_of(said: Any) -> datetime:
    """A time that S3 says, for which botocore asks a parser that takes all there is."""
    try:
        read = datetime.fromisoformat if said[10] == "T" else parsedate_to_datetime
        found = read(said.replace("Z", "+00:00"))
    except (TypeError, ValueError, IndexError, OverflowError):
        try:
            found = parse_timestamp(said)
        except (RuntimeError, OverflowError):
            raise ValueError(f"{said!r} is no time") from None
    return found if found.tzinfo else found.replace(tzinfo=timezone.utc)


def _add_md5(params: Mapping[str, Any], **_: Any) -> None:
    """Tell the MD5 of a list of keys to delete: servers of one's own often ask for it."""
    digest = hashlib.md5(params["body"], usedforsecurity=False).digest()
    params["headers"]["Content-MD5"] = base64.b64encode(digest).decode()
