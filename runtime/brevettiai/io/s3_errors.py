"""What goes wrong between S3 and us: whether it may pass, and what is told of it."""

from __future__ import annotations

import errno
from http.client import HTTPException
from typing import TypeAlias

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectionError,
    ConnectTimeoutError,
    EndpointConnectionError,
    FlexibleChecksumError,
    HTTPClientError,
    NoCredentialsError,
    PartialCredentialsError,
    ProxyConnectionError,
    SSLError,
)
from s3transfer.exceptions import RetriesExceededError, S3DownloadFailedError
from urllib3.exceptions import HTTPError

from brevettiai.io.errors import StorageError

S3Error: TypeAlias = ClientError | BotoCoreError | RetriesExceededError | S3DownloadFailedError
"""What botocore and s3transfer raise of their own."""

S3_ERRORS = (ClientError, BotoCoreError, RetriesExceededError, S3DownloadFailedError)

# An answer to HEAD has no body: of an expired token it tells no more than the status.
EXPIRED = frozenset(["ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired", "400"])
WORDLESS = frozenset(["400", "403"])
"""The codes of such answers of which the answer to GET says more."""

REPLACED = "The file was replaced while it was read"

_ABSENT = frozenset(["404", "NoSuchKey"])
_DENIED = frozenset(
    ["401", "403", "AccessDenied", "AllAccessDisabled", "InvalidToken", "SignatureDoesNotMatch"]
)
_BUSY = frozenset(
    """
    ConditionalRequestConflict InternalError OperationAborted RequestTimeout SlowDown Throttling
    """.split()
)
_DAMAGED_ON_THE_WAY = frozenset(
    ["BadDigest", "IncompleteBody", "XAmzContentChecksumMismatch", "XAmzContentSHA256Mismatch"]
)
_REPLACED = frozenset(["412", "PreconditionFailed"])
_REDIRECTED = frozenset(["301", "PermanentRedirect", "AuthorizationHeaderMalformed"])


class DamagedError(StorageError):
    """Not what was stored."""

    def __init__(self, path: str) -> None:
        super().__init__(errno.EIO, "What S3 sent does not fit its checksum", path)


def said_by_s3(text: str) -> str:
    """What S3 says, as an error tells it: not at any length, and with nothing terminals obey."""
    return text[:300] if text.isprintable() else repr(text[:300])[1:-1]


def code_of(error: S3Error) -> str:
    """The code of an answer: a name such as `NoSuchKey`, or the status where it has no body."""
    if not isinstance(error, ClientError):
        return ""
    return str(error.response.get("Error", {}).get("Code", ""))


def answer_passes(status: int, code: str) -> bool:
    """Whether the same request may get another answer: too much to do, or damaged on its way."""
    return status >= 500 or status in (307, 429) or code in _BUSY or code in _DAMAGED_ON_THE_WAY


def failure_passes(error: Exception) -> bool:
    """Whether the same request may get an answer: nobody there, or the connection broke.

    What cannot be trusted stays so, and so does what is wrong here, as where a file is read.
    """
    if isinstance(error, (SSLError, ProxyConnectionError)):
        return False
    if type(error) is HTTPClientError:
        return isinstance(error.kwargs.get("error"), (HTTPError, HTTPException, OSError))
    return isinstance(error, (HTTPClientError, ConnectionError))


def translate(error: S3Error, path: str) -> OSError:
    """The error to raise for what botocore or s3transfer raised on a path."""
    if isinstance(error, ClientError):
        return _translate_answer(error, path)
    if isinstance(error, RetriesExceededError):
        return _translate_failure(error.last_exception, path)
    if isinstance(error, S3DownloadFailedError):
        return StorageError(errno.ESTALE, REPLACED, path)
    return _translate_failure(error, path)


def _translate_failure(error: BaseException, path: str) -> OSError:
    if isinstance(error, (NoCredentialsError, PartialCredentialsError)):
        text = "There are no credentials for S3: begin a job on the platform, or configure AWS's"
        return PermissionError(errno.EACCES, text, path)
    if isinstance(error, FlexibleChecksumError):
        return DamagedError(path)
    if isinstance(error, SSLError):
        return StorageError(errno.EIO, f"S3 could not be trusted: {error}", path)
    if isinstance(error, (EndpointConnectionError, ConnectTimeoutError)):
        return StorageError(errno.EHOSTUNREACH, f"S3 cannot be reached: {error}", path)
    if isinstance(error, HTTPClientError):
        return StorageError(errno.EIO, f"The connection to S3 broke: {error}", path)
    return StorageError(errno.EIO, f"S3 failed: {error}", path)


def _translate_answer(error: ClientError, path: str) -> OSError:
    code = code_of(error)
    if code in _ABSENT:
        return FileNotFoundError(errno.ENOENT, "No such file", path)
    if code == "NoSuchBucket":
        return FileNotFoundError(errno.ENOENT, "There is no such bucket", path)
    if code in _REPLACED:
        return StorageError(errno.ESTALE, REPLACED, path)
    said = said_by_s3(str(error.response.get("Error", {}).get("Message", "")) or code)
    if code == "400":
        text = "S3 refuses the request without a word: its credentials may have expired"
        return PermissionError(errno.EACCES, text, path)
    if code in EXPIRED:
        return PermissionError(errno.EACCES, f"The credentials for S3 have expired: {said}", path)
    if code == "RequestTimeTooSkewed":
        text = f"S3 refuses the time of this machine: set its clock right ({said})"
        return PermissionError(errno.EACCES, text, path)
    if code in _DENIED or code.startswith("InvalidAccessKey"):
        text = f"S3 denies access: {said} (are these the credentials for this path?)"
        return PermissionError(errno.EACCES, text, path)
    if code in _REDIRECTED:
        text = f"The bucket lies in another region: set AWS_REGION to it ({said})"
        return StorageError(errno.EIO, text, path)
    return StorageError(errno.EIO, f"S3 answered {said_by_s3(code)}: {said}", path)
