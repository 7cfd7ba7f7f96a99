"""What S3 answers, as the errors of the storage contract."""

from __future__ import annotations

import errno

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectTimeoutError,
    EndpointConnectionError,
    HTTPClientError,
    NoCredentialsError,
    ReadTimeoutError,
    SSLError,
)

from brevettiai.io.errors import StorageError

# An answer to HEAD has no body: of an expired token it tells no more than the status.
EXPIRED = frozenset(["ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired", "400"])
_ABSENT = frozenset(["404", "NoSuchKey"])
_DENIED = frozenset(["401", "403", "AccessDenied", "AllAccessDisabled", "SignatureDoesNotMatch"])


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
    if code in EXPIRED:
        return PermissionError(errno.EACCES, f"The credentials for S3 have expired: {said}", path)
    if code in _DENIED or code.startswith("InvalidAccessKey"):
        return PermissionError(errno.EACCES, f"S3 denies access: {said}", path)
    return StorageError(errno.EIO, f"S3 answered {code}: {said}", path)
