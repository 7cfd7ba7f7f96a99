"""The platform's HTTP interface."""

from __future__ import annotations

import logging
import math
import random
import threading
import time
from collections.abc import Callable, Mapping
from datetime import datetime, timezone
from typing import Any, TypeAlias, TypeVar, cast
from urllib.parse import quote, urljoin, urlsplit

import requests

from brevettiai.json_values import json_of
from brevettiai.messages.hidden import Secret
from brevettiai.platform.client_settings import PlatformSettings
from brevettiai.platform.credentials import parse_assume_role
from brevettiai.platform.errors import CredentialsError, JobError, PlatformError
from brevettiai.platform.secret import apart

_log = logging.getLogger(__name__)

Fields: TypeAlias = Mapping[str, str] | None
Result = TypeVar("Result")

_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 20.0
# Seconds of patience with a platform that never answered: its address may be wrong.
_AT_FIRST = 5.0
# Seconds after which the log says that the platform is away.
_TOLD_AFTER = 10.0
_MOST_REDIRECTS = 5
_LONGEST_ANSWER = 8 << 20  # Of what is longer the rest is not read.
TRY_AGAIN = frozenset([408, 425, 429, 500, 502, 503, 504])
"""Statuses of a platform that is away, or has too much to do."""
_REFUSED = {
    401: "it refuses the api key",
    403: "it refuses the api key",
    404: "it knows no such job or resource",
}


class Patience:
    """For how long a request is made again; others may end it.

    Args:
        at_first: seconds, as long as there was no answer at all.

    Attributes:
        is_ended: others want an end.
    """

    def __init__(self, seconds: float = math.inf, at_first: float = math.inf) -> None:
        now = time.monotonic()
        self._until, self._longest = now + min(seconds, at_first), now + seconds
        self._changed = threading.Event()
        self.is_ended = False

    def left(self) -> float:
        """For how many seconds more."""
        return self._until - time.monotonic()

    def answered(self) -> None:
        """There was an answer."""
        self._until = self._longest

    def end(self, within: float = 0) -> None:
        """Let it end in so many seconds; who waits now tries at once."""
        self._until = self._longest = min(self._longest, time.monotonic() + within)
        self.is_ended = True
        self._changed.set()

    def wait(self, pause: float) -> bool:
        """Wait before the next try; False if there is to be none."""
        if self.left() <= 0:
            return False
        self._changed.wait(min(pause, self.left(), threading.TIMEOUT_MAX))
        self._changed.clear()
        return True

    def pause(self, until: float) -> bool:
        """Wait until a time of `time.monotonic`, unless it is over or others want an end."""
        seconds = until - time.monotonic()
        return not self.is_ended and seconds > 0 and not self._changed.wait(seconds)


class _Session(requests.Session):
    def get_redirect_target(self, resp: requests.Response) -> None:
        """Nowhere: it would read all that is sent along."""


class PlatformClient:
    """What a job asks of the platform, with the job's key.

    What the platform refuses, or does not answer in time, is a PlatformError. The key goes into
    requests and nowhere else: errors name addresses without their query, and carry no exception of
    the HTTP library along; requests are made in threads of their own, so that no traceback shows
    it, however the wait for them ends.

    Raises:
        JobError: the host is no address.
    """

    def __init__(self, host: str, job_id: str, key: Secret) -> None:
        if not host.startswith(("https://", "http://")):
            raise JobError(f"host {host!r}: the address of a platform starts with https://")
        self.host = host.rstrip("/")
        self.settings = PlatformSettings.from_environment()
        self._id = job_id
        self._key = key
        self._was_there = False
        self._valid_until: dict[tuple[str, str], datetime] = {}
        _keys.add(key)
        for name in ("urllib3.connectionpool", "urllib3.util.retry"):
            logging.getLogger(name).addFilter(_mask_keys)

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.host, self._id, self._key)

    def credentials(self, kind: str, resource: str) -> Mapping[str, str]:
        """Short-lived credentials for the folder of a job or dataset.

        While those that it gave before are valid, the platform is asked only once.

        Args:
            kind: what the resource is, `modelId` or `datasetId`.
            resource: its id.

        Raises:
            CredentialsError: the platform refused, did not answer, or answered something else.
        """
        until = self._valid_until.get((kind, resource))
        is_valid = until is not None and datetime.now(timezone.utc) < until
        patience = Patience(
            0 if is_valid else self.settings.patience,
            at_first=math.inf if self._was_there else _AT_FIRST,
        )
        try:
            found = self._apart(self._fetch_credentials, patience, kind, resource)
        except CredentialsError:
            raise
        except PlatformError as error:
            raise CredentialsError(str(error), error.status) from None
        self._valid_until[kind, resource] = datetime.fromisoformat(found["expiry_time"])
        return found

    def _fetch_credentials(self, kind: str, resource: str, patience: Patience) -> Mapping[str, str]:
        address = f"{self.host}/api/models/{quote(self._id, safe='')}/securitycredentials"
        answer = self._request("GET", address, patience, query={kind: resource})
        return parse_assume_role(answer, f"GET {address}")

    def complete(self, complete_url: Secret, package: str, output_args: str = "") -> None:
        """Tell the platform that the job is complete, again and again while it is away.

        Where the reply to a try was lost, nobody knows whether it was taken; the next one says with
        an `Idempotency-Key` that it is the same, and a platform that answers 409 has taken it.

        Args:
            complete_url: the address for it, from the job's `info.json`, relative to the host.
            package: path of the resulting package as seen from the job's folder, or empty.
            output_args: text to append.
        """
        from uuid import uuid4

        patience, appended = Patience(self.settings.patience), quote(package) + output_args
        self._apart(self._post, patience, complete_url, str(uuid4()), None, appended)

    def send_metrics(self, remote_url: Secret, data: str, mark: str, patience: Patience) -> None:
        """Send metrics of a running job, as `complete` tells; not from the thread of a job's work.

        Args:
            remote_url: the address for it, from the job's `info.json`, relative to the host.
            data: JSON of the epoch and its metrics.
            mark: tells these metrics from all others of the job.
            patience: how long they are sent again.
        """
        self._post(remote_url, mark, {"data": data}, "", patience)

    def root_tags(self) -> list[object]:
        """The tags at the root of the platform's tree of tags.

        Raises:
            PlatformError: the platform refused, did not answer, or answered something else.
        """
        return self._apart(self._fetch_root_tags, Patience(self.settings.patience))

    def _fetch_root_tags(self, patience: Patience) -> list[object]:
        address = f"{self.host}/api/resources/roottags"
        answer = self._request("GET", address, patience, query={"id": self._id})
        try:
            tags: Any = json_of(answer)
        except ValueError:
            tags = None
        if not isinstance(tags, list):
            raise PlatformError(f"GET {address}: the answer is no JSON list")
        return list(cast("list[object]", tags))

    def _apart(self, work: Callable[..., Result], patience: Patience, *args: Any) -> Result:
        """Do work with the key apart; it gets the patience as its last argument."""
        settings = self.settings
        # Two tries more than patience: time for an answer that comes byte by byte.
        most = settings.patience + 2 * (settings.connect_timeout + settings.read_timeout)
        try:
            return apart(work, *args, patience, within=most, ended=patience.end)
        except TimeoutError:
            reason = f"the platform did not answer within {most:.0f} s"
            raise PlatformError(f"{self.host}: {reason}") from None

    def _post(
        self, relative: Secret, mark: str, data: Fields, appended: str, patience: Patience
    ) -> None:
        path = relative.reveal()
        if not path.startswith("/"):
            shown = self._key.mask(path.partition("?")[0])
            raise PlatformError(f"{shown!r} from info.json should be an address that starts with /")
        headers = {"Idempotency-Key": mark}
        address = self.host + path + appended
        self._request("POST", address, patience, data=data, headers=headers)

    def _request(
        self,
        method: str,
        address: str,
        patience: Patience,
        *,
        query: Fields = None,
        data: Fields = None,
        headers: Fields = None,
    ) -> bytes:
        """Ask the platform, and again while it is away; the content of a good answer.

        Args:
            query: parameters beside the key; None for an address that holds its own query.
        """
        where = f"{method} {self._key.mask(address.partition('?')[0])}"
        request = {
            "params": None if query is None else {"key": self._key.reveal(), **query},
            "data": data,
            "headers": {"Accept-Encoding": "identity", **(headers or {})},  # Nothing may swell.
            "timeout": (self.settings.connect_timeout, self.settings.read_timeout),
            "stream": True,
        }
        begun, pause, told, may_be_taken = time.monotonic(), _FIRST_PAUSE, False, False
        while True:
            answer, content, reason, was_sent = self._try(method, address, request)
            if answer is not None:
                self._was_there = True
                patience.answered()
                status = answer.status_code
                if 200 <= status < 300 or (status == 409 and may_be_taken):
                    return content
                failed = "the platform failed" if status >= 500 else "it refuses"
                reason = f"{_REFUSED.get(status, failed)} (status {status})"
            may_be_taken |= was_sent and method == "POST"
            wait = max(pause * random.uniform(0.5, 1), _asked_to_wait(answer))
            passes = answer is None or answer.status_code in TRY_AGAIN
            if not passes or not patience.wait(wait):
                break
            if time.monotonic() - begun > _TOLD_AFTER and not told:
                told = True
                left = patience.left()
                how_long = "" if math.isinf(left) else f" for {max(left, 0):.0f} s"
                _log.warning("%s: %s; it is tried again%s", where, reason, how_long)
            pause = min(2 * pause, _LONGEST_PAUSE)
        if may_be_taken:
            reason += "; an earlier try got no answer, and may have been taken"
        raise PlatformError(f"{where}: {reason}", None if answer is None else answer.status_code)

    def _try(
        self, method: str, address: str, request: dict[str, Any]
    ) -> tuple[requests.Response | None, bytes, str, bool]:
        """One attempt: the answer, or why there was none; and whether it may have been taken then.

        What the HTTP library raises holds the address with the key; it must not become the context
        of what we raise, so nothing is raised here.
        """
        try:
            for _ in range(_MOST_REDIRECTS):
                with _Session() as http, http.request(method, address, **request) as answer:
                    further = _further(method, address, answer)
                    if further is None:
                        # Read once more, what was cut on its way is an error.
                        read, is_read = answer.raw.read, method == "GET"
                        content = read(_LONGEST_ANSWER) + read(1) if is_read else b""
                        return answer, content, "", answer.status_code >= 500
                address, request = further, {**request, "params": None}
        except requests.ConnectTimeout:
            return None, b"", "the platform cannot be reached in time", False
        except requests.Timeout:
            return None, b"", "the platform did not answer in time", True
        except requests.ConnectionError as error:
            root, was_sent = _root_of(error)
            return None, b"", f"the platform cannot be reached ({root})", was_sent
        except Exception as error:  # Of what it cannot read, it raises whatever it runs into.
            return None, b"", f"the request failed ({type(error).__name__})", True
        return None, b"", "the platform redirects in circles", False


def _further(method: str, address: str, answer: requests.Response) -> str | None:
    """Where an answer sends a request on to; a POST only as a POST, and on the same host."""
    if not answer.is_redirect or (method == "POST" and answer.status_code not in (307, 308)):
        return None
    further = urljoin(address, answer.headers["Location"])
    old, new = urlsplit(address), urlsplit(further)
    is_safe = new.scheme in (old.scheme, "https")
    return further if is_safe and (method == "GET" or new.hostname == old.hostname) else None


def _asked_to_wait(answer: requests.Response | None) -> float:
    said = "" if answer is None else answer.headers.get("Retry-After", "")
    if said.strip().isdecimal():
        return float(said)
    from email.utils import parsedate_to_datetime

    try:
        return max(0.0, parsedate_to_datetime(said).timestamp() - time.time())
    except (TypeError, ValueError, OverflowError):
        return 0.0


def _root_of(error: BaseException) -> tuple[str, bool]:
    """What is at the root of a failed connection, such as `Connection refused`.

    Also whether there was a connection, through which a request may have gone.
    """
    found = type(error).__name__
    was_there = True
    below: object = error
    while isinstance(below, BaseException):
        if isinstance(below, OSError) and below.strerror:
            found = below.strerror
        if type(below).__name__ in ("NewConnectionError", "NameResolutionError", "ProxyError"):
            was_there = False
        below = below.__cause__ or below.__context__ or getattr(below, "reason", None)
    return found, was_there


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
