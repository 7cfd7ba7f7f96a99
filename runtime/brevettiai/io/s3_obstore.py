"""S3 by `obstore`, a client in Rust: one request for a whole object, at a fraction of boto3's work.

It is the short way, never the only one: what obstore cannot do, fails to do, or cannot vouch for is
left to boto3, which has the patience, renews credentials and knows what to raise.
"""

from __future__ import annotations

import hashlib
import importlib
import logging
import os
import threading
import time
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

from brevettiai.io.processes import is_inherited

if TYPE_CHECKING:
    from collections.abc import Callable

    from botocore.client import ClientMeta
    from botocore.credentials import ReadOnlyCredentials
    from obstore import GetOptions
    from obstore.store import ClientConfig, S3Credential, S3Store

    from brevettiai.io.s3_retries import Outage
    from brevettiai.io.settings import StorageSettings

_log = logging.getLogger(__name__)

# So much is read at once: a signal can interrupt Python in between.
_CHUNK = 8 << 20
# Of a request as a whole; that S3 falls silent is noticed long before.
_LONGEST_REQUEST = timedelta(hours=1)
# Seconds for which obstore keeps credentials before it asks again.
_KEPT = 1.0
# Failures in a row after which obstore has a rest of so many seconds.
_GIVE_UP = 5
_REST = 60.0
_process = os.getpid()


def is_usable() -> bool:
    """Whether obstore is installed, and its threads are there.

    A forked process has none of its parent's threads, for which obstore would wait forever.
    """
    if is_inherited("obstore") or _process != os.getpid():
        return False
    try:
        importlib.import_module("obstore")
    except ImportError:
        return False
    return True


class Obstore:
    """Requests to S3 by obstore, under the credentials of a client of boto3.

    Args:
        credentials: gives those to use now.
        place: the region and the address of S3.
        certificates: a file of certificates to trust beside the system's, None for none.
    """

    def __init__(
        self,
        credentials: Callable[[], ReadOnlyCredentials],
        place: ClientMeta,
        settings: StorageSettings,
        outage: Outage,
        certificates: str | None,
    ) -> None:
        self._credentials = credentials
        self._place = place
        self._settings = settings
        self._outage = outage
        self._certificates = certificates
        self._lock = threading.Lock()
        self._stores: dict[str, S3Store] = {}
        self._failures = 0
        self._rests_until = 0.0
        self._tags_vouch = True

    def get(self, bucket: str, key: str, known: str | None) -> tuple[str, bytes | None] | None:
        """The tag and the content of an object; None where boto3 has to read it.

        Args:
            known: the tag of a version that is at hand; then the content is None if it is that.
        """
        if not (self._tags_vouch and self._takes(key)):
            return None
        from obstore.exceptions import NotModifiedError

        self._credentials()  # Raises here what stands in their way.
        try:
            options: GetOptions | None = {"if_none_match": known} if known else None
            result = self._store(bucket).get(key, options=options)
            tag = result.meta["e_tag"] or ""
            digest = tag.strip('"')
            if len(digest) != 32:  # No MD5: of an object in several parts.
                return None
            is_short = result.meta["size"] <= _CHUNK
            content = bytes(result.bytes()) if is_short else b"".join(result.stream(_CHUNK))
        except NotModifiedError:
            self._succeeded()
            return (known, None) if known else None
        except FileNotFoundError:
            return None
        except Exception as error:
            self._failed(error)
            return None
        self._succeeded()
        return (tag, content) if md5(content) == digest else None

    def put(self, bucket: str, key: str, content: bytes | memoryview, kind: str) -> bool:
        """Write an object; False where boto3 has to.

        Its SHA-256 goes with it, which S3 verifies and keeps.
        """
        if not self._takes(key):
            return False
        self._credentials()
        try:
            self._store(bucket).put(
                key, content, use_multipart=False, attributes={"Content-Type": kind}
            )
        except Exception as error:
            self._failed(error)
            return False
        self._succeeded()
        return True

    def learn(self, tag: str, content: bytes) -> None:
        """See from what boto3 has read whether the tags of objects are their MD5s here.

        Where S3 encrypts objects with a customer's key they are not.
        """
        digest = tag.strip('"')
        if len(digest) == 32 and md5(content) != digest:
            self._tags_vouch = False

    def _takes(self, key: str) -> bool:
        """Whether obstore can name an object, S3 is there, and obstore has no rest."""
        named = key.isprintable() and not key.startswith("/") and "//" not in key
        return named and not self._outage.is_on() and time.monotonic() >= self._rests_until

    def _succeeded(self) -> None:
        self._failures = 0
        self._outage.answered()

    def _failed(self, error: Exception) -> None:
        self._failures += 1
        said = str(error).partition("\n")[0]
        _log.debug("boto3 goes on where obstore failed: %s", said)
        if self._failures >= _GIVE_UP:
            self._failures = 0
            self._rests_until = time.monotonic() + _REST
            _log.warning("S3 goes by boto3 for %.0f s, as obstore fails: %s", _REST, said)

    def _store(self, bucket: str) -> S3Store:
        with self._lock:
            if bucket not in self._stores:
                self._stores[bucket] = self._open(bucket)
            return self._stores[bucket]

    def _open(self, bucket: str) -> S3Store:
        from obstore.store import S3Store

        endpoint = self._place.endpoint_url
        client: ClientConfig = {
            "allow_http": endpoint.startswith("http://"),
            "connect_timeout": timedelta(seconds=self._settings.connect_timeout),
            "read_timeout": timedelta(seconds=self._settings.read_timeout),
            "timeout": _LONGEST_REQUEST,
        }
        if self._certificates:
            with open(self._certificates, "rb") as file:
                client["root_certificate"] = file.read()
        return S3Store(
            bucket,
            config={
                "region": self._place.region_name,
                "endpoint": endpoint,
                "aws_endpoint_url_s3": endpoint,
                "virtual_hosted_style_request": False,
                "checksum_algorithm": "SHA256",
            },
            client_options=client,
            # Where it fails, boto3 goes on.
            retry_config={"max_retries": 0},
            credential_provider=self._provide,
        )

    def _provide(self) -> S3Credential:
        now = self._credentials()
        return {
            "access_key_id": now.access_key or "",
            "secret_access_key": now.secret_key or "",
            "token": now.token,
            "expires_at": datetime.now(timezone.utc) + timedelta(seconds=_KEPT),
        }


def md5(content: bytes) -> str:
    return hashlib.md5(content, usedforsecurity=False).hexdigest()
