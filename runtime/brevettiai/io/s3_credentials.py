"""Credentials for S3 from a source that gives fresh ones, renewed in good time."""

from __future__ import annotations

import errno
import logging
import math
import threading
import time
from collections.abc import Callable, Mapping
from datetime import datetime, timezone
from typing import TypeAlias

from botocore.credentials import CredentialProvider, RefreshableCredentials

_log = logging.getLogger(__name__)

CredentialsSource: TypeAlias = Callable[[], Mapping[str, str]]
"""Gives fresh credentials in botocore's words: access_key, secret_key, token, expiry_time (ISO)."""

# Seconds before credentials are asked for again that were not to be had.
_AGAIN_AFTER = 20.0


class FetchedCredentials(CredentialProvider):
    """Credentials from a source, renewed before they expire, and when S3 says that they have."""

    METHOD = "brevettiai"
    CANONICAL_NAME = None

    def __init__(self, source: CredentialsSource) -> None:
        super().__init__()
        self._source = source
        self._renewing = threading.Lock()
        self._kept: dict[str, str] = {}
        self._fetched = self._failed = -math.inf
        self._credentials: _Credentials | None = None

    def load(self) -> RefreshableCredentials:
        self._fetch()
        lifetime = _seconds_left(self._kept)
        # botocore renews a quarter of an hour before the end, which for credentials that live no
        # longer than that would be on each call.
        self._credentials = _Credentials.create_from_metadata(
            self._kept,
            refresh_using=self._renewed,
            method=self.METHOD,
            advisory_timeout=int(min(900, lifetime / 4)),
            mandatory_timeout=int(min(600, lifetime / 8)),
        )
        return self._credentials

    def renew(self, signed: float) -> None:
        """Get others than those with which S3 refused what was signed at a time."""
        with self._renewing:
            if self._credentials is not None and self._fetched < signed:
                self._credentials.refused = True
                self._credentials.get_frozen_credentials()

    def _renewed(self) -> dict[str, str]:
        """New credentials; where there are none, the old ones as long as they are valid."""
        refused = self._credentials is not None and self._credentials.refused
        needed = refused or _seconds_left(self._kept) <= 0
        if needed or time.monotonic() - self._failed > _AGAIN_AFTER:
            try:
                self._fetch()
            except Exception as error:
                if needed or _seconds_left(self._kept) <= 0:
                    raise
                self._failed = time.monotonic()
                _log.warning("The credentials for S3 could not be renewed yet: %s", error)
        return self._kept

    def _fetch(self) -> None:
        kept = dict(self._source())
        if _seconds_left(kept) <= 0:
            text = (
                f"New credentials for S3 expired at {kept['expiry_time']} already: set the clock "
                "of this machine right"
            )
            raise PermissionError(errno.EACCES, text)
        self._kept, self._fetched = kept, time.monotonic()
        if self._credentials is not None:
            self._credentials.refused = False


class _Credentials(RefreshableCredentials):
    refused = False

    def refresh_needed(self, refresh_in: float | None = None) -> bool:
        return self.refused or super().refresh_needed(refresh_in)  # type: ignore[arg-type]


def _seconds_left(credentials: Mapping[str, str]) -> float:
    expiry = datetime.fromisoformat(credentials["expiry_time"].replace("Z", "+00:00"))
    return (expiry - datetime.now(timezone.utc)).total_seconds()
