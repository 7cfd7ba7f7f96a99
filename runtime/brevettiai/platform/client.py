"""The platform's HTTP interface."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from typing import Any, TypeAlias, cast
from urllib.parse import quote

import requests

from brevettiai.platform.credentials import parse_assume_role
from brevettiai.platform.errors import CredentialsError, JobError, PlatformError
from brevettiai.platform.secret import Secret

Fields: TypeAlias = Mapping[str, str] | None

# Seconds to connect, and between two bytes of an answer.
_TIMEOUT = (5.0, 30.0)
# Seconds to wait before trying again.
_PAUSES = (0.5, 1.5)
_TRY_AGAIN = frozenset([408, 429, 500, 502, 503, 504])
_REFUSED = {
    401: "it refuses the api key",
    403: "it refuses the api key",
    404: "it knows no such job or resource",
}


class PlatformClient:
    """What a job asks of the platform, with the job's key.

    What the platform refuses, or does not answer, is a PlatformError. The key goes into requests
    and nowhere else: errors name addresses without their query, and carry no exception of the HTTP
    library along.

    Raises:
        JobError: the host is no address.
    """

    def __init__(self, host: str, job_id: str, key: Secret) -> None:
        if not host.startswith(("https://", "http://")):
            raise JobError(f"host {host!r}: the address of a platform starts with https://")
        self.host = host.rstrip("/")
        self._id = job_id
        self._key = key
        _keys.add(key)
        for name in ("urllib3.connectionpool", "urllib3.util.retry"):
            logging.getLogger(name).addFilter(_mask_keys)

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.host, self._id, self._key)

    def credentials(self, kind: str, resource: str) -> Mapping[str, str]:
        """Short-lived credentials for the folder of a job or dataset.

        Args:
            kind: what the resource is, `modelId` or `datasetId`.
            resource: its id.

        Raises:
            CredentialsError: the platform refused, did not answer, or answered something else.
        """
        address = f"{self.host}/api/models/{quote(self._id, safe='')}/securitycredentials"
        try:
            answer = self._request("GET", address, {kind: resource})
        except PlatformError as error:
            raise CredentialsError(str(error), error.status) from None
        return parse_assume_role(answer.content, f"GET {address}")

    def complete(self, complete_url: str, package: str, output_args: str = "") -> None:
        """Tell the platform that the job is complete.

        Args:
            complete_url: the address for it, from the job's `info.json`, relative to the host.
            package: path of the resulting package as seen from the job's folder, or empty.
            output_args: text to append.
        """
        self._request("POST", self._address(complete_url) + quote(package) + output_args)

    def send_metrics(self, remote_url: str, data: str) -> None:
        """Send metrics of a running job.

        Args:
            remote_url: the address for it, from the job's `info.json`, relative to the host.
            data: JSON of the epoch and its metrics.
        """
        self._request("POST", self._address(remote_url), data={"data": data})

    def root_tags(self) -> list[object]:
        """The tags at the root of the platform's tree of tags.

        Raises:
            PlatformError: the platform refused, did not answer, or answered something else.
        """
        address = f"{self.host}/api/resources/roottags"
        answer = self._request("GET", address, {"id": self._id})
        try:
            tags: Any = answer.json()
        except ValueError:
            tags = None
        if not isinstance(tags, list):
            raise PlatformError(f"GET {address}: the answer is no JSON list")
        return list(cast("list[object]", tags))

    def _address(self, relative: str) -> str:
        if not relative.startswith("/"):
            shown = self._key.mask(relative.partition("?")[0])
            raise PlatformError(f"{shown!r} from info.json should be an address that starts with /")
        return self.host + relative

    def _request(
        self, method: str, address: str, query: Fields = None, data: Fields = None
    ) -> requests.Response:
        """Ask the platform, and again where it could not answer; the answer, if it is a good one.

        Args:
            query: parameters beside the key; None for an address that holds its own query.
        """
        where = f"{method} {self._key.mask(address.partition('?')[0])}"
        pauses = iter(_PAUSES)
        while True:
            answer, reason = self._try(method, address, query, data)
            if answer is not None and answer.status_code < 300:
                return answer
            pause = next(pauses, None)
            if pause is None or (answer is not None and answer.status_code not in _TRY_AGAIN):
                break
            time.sleep(pause)
        if answer is None:
            raise PlatformError(f"{where}: {reason}")
        status = answer.status_code
        reason = _REFUSED.get(status, "the platform failed" if status >= 500 else "it refuses")
        raise PlatformError(f"{where}: {reason} (status {status})", status)

    def _try(
        self, method: str, address: str, query: Fields, data: Fields
    ) -> tuple[requests.Response | None, str]:
        """One attempt: the answer, or why there was none, without the address.

        What the HTTP library raises holds the address with the key; it must not become the context
        of what we raise, so nothing is raised here.
        """
        params = None if query is None else {"key": self._key.reveal(), **query}
        try:
            answer = requests.request(
                method,
                address,
                params=params,
                data=data,
                timeout=_TIMEOUT,
                # A POST that is sent on elsewhere becomes a GET, and does nothing.
                allow_redirects=method == "GET",
            )
        except requests.Timeout:
            return None, "the platform did not answer in time"
        except requests.ConnectionError as error:
            return None, f"the platform cannot be reached ({_root_of(error)})"
        except requests.RequestException as error:
            return None, f"the request failed ({type(error).__name__})"
        return answer, ""


def _root_of(error: BaseException) -> str:
    """What the system said at the root of a failed connection, such as `Connection refused`."""
    found = type(error).__name__
    below: object = error
    while isinstance(below, BaseException):
        if isinstance(below, OSError) and below.strerror:
            found = below.strerror
        below = below.__cause__ or below.__context__ or getattr(below, "reason", None)
    return found


_keys: set[Secret] = set()


def _mask_keys(record: logging.LogRecord) -> bool:
    """A filter for the records of the HTTP library, which shows addresses when it debugs."""
    text = record.getMessage()
    masked = text
    for key in _keys:
        masked = key.mask(masked)
    if masked != text:
        record.msg, record.args = masked, ()
    return True
