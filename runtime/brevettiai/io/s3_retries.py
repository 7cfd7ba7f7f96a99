"""Requests that are made again: for how long, how often, and what threads know of it together."""

from __future__ import annotations

import logging
import random
import threading
import time
from collections.abc import Callable
from typing import Any, cast

from botocore.hooks import BaseEventHooks

from brevettiai.io.processes import belongs_to_process
from brevettiai.io.s3_errors import EXPIRED, answer_passes, failure_passes
from brevettiai.io.threads import is_stopped

_log = logging.getLogger(__name__)

_FIRST_PAUSE, _LONGEST_PAUSE = 0.05, 10.0
# While S3 is away: somebody asks at least so often, so that all go on soon after it is back.
_LONGEST_BETWEEN_QUESTIONS = 2.0
# Failures in a row, of all threads together, after which S3 counts as away.
_AWAY_AFTER = 8
# Seconds to wait for a server that never answered, and how often it is asked at least: its address
# may be wrong.
_AT_FIRST, _TIMES_AT_FIRST = 5.0, 3
_RENEWALS = 3


class Outage:
    """Whether S3 is there, as all threads know it together.

    While it is away, one request after the other asks whether it is back, whoever made it; the
    others wait, and go on when the first is answered.
    """

    def __init__(self) -> None:
        self.was_there = False
        self.begin_anew()
        belongs_to_process(self)

    def begin_anew(self) -> None:
        self._changed = threading.Condition()
        self._failures = 0
        self._since = self._next_question = 0.0
        self._told = False

    def is_on(self) -> bool:
        """Whether S3 counts as away."""
        return self._failures >= _AWAY_AFTER

    def answered(self) -> None:
        """S3 has answered, whatever it was."""
        self.was_there = True
        if self._failures:
            with self._changed:
                if self._told:
                    _log.warning("S3 is back after %.0f s", time.monotonic() - self._since)
                self._failures, self._told = 0, False
                self._changed.notify_all()

    def failed(self, error: object) -> None:
        """A request got no answer, or that S3 has too much to do."""
        now = time.monotonic()
        with self._changed:
            if not self._failures:
                self._since = now
            self._failures += 1
            if now - self._since > _LONGEST_PAUSE and not self._told:
                self._told = True
                _log.warning("S3 is away for %.0f s: %s", now - self._since, error)

    def wait(self, attempts: int, until: float) -> bool:
        """Wait before a request is made again that failed so often; False where that is no use.

        Args:
            until: when patience ends, in seconds of `time.monotonic`.
        """
        with self._changed:
            now = time.monotonic()
            away = self.is_on()
            # The last time when patience ends.
            mine = min(now + _pause(attempts, _LONGEST_PAUSE), until)
            if now >= until:
                return False
            while not is_stopped():
                if not self.is_on():
                    if away or now >= mine:
                        return True
                    turn = mine
                else:
                    away = True
                    if now >= self._next_question:
                        over = self._failures - _AWAY_AFTER
                        self._next_question = now + _pause(over + 1, _LONGEST_BETWEEN_QUESTIONS)
                        return True
                    if now >= until:
                        return False
                    turn = min(self._next_question, until)
                self._changed.wait(min(turn - now, 1))
                now = time.monotonic()
            return False


def _pause(attempts: int, longest: float) -> float:
    """Seconds to wait after so many attempts; not the same for all."""
    doubled: float = _FIRST_PAUSE * 2 ** min(attempts - 1, 16)
    return min(doubled, longest) * random.uniform(0.5, 1)


class Retries:
    """Decides for a client of S3 whether a request is made again, in botocore's place.

    Each request has its own patience, so that of a large file in many parts none is done twice.

    Args:
        patience: for how many seconds a request is made again.
        renew: gets other credentials than those of a request that was signed at a time (in seconds
            of `time.monotonic`), where these have expired; None if there are no others.
    """

    def __init__(
        self, outage: Outage, patience: float, renew: Callable[[float], None] | None
    ) -> None:
        self._outage = outage
        self._patience = patience
        self._renew = renew

    def register(self, events: BaseEventHooks) -> None:
        """Take the place of botocore's own handler."""
        events.unregister("needs-retry.s3", unique_id="retry-config-s3")
        events.register("needs-retry.s3", cast("Any", self._decide))
        events.register("before-sign.s3", _note_time)

    def again(self, attempts: int, begun: float) -> bool:
        """Whether what failed so often since a time is tried once more; waits before that."""
        patience = self._patience
        if not self._outage.was_there and attempts >= _TIMES_AT_FIRST:
            patience = min(patience, _AT_FIRST)
        return self._outage.wait(attempts, begun + patience)

    def _decide(
        self,
        attempts: int,
        response: tuple[Any, dict[str, Any]] | None,
        caught_exception: Exception | None,
        request_dict: dict[str, Any],
        **_: Any,
    ) -> float | None:
        """Seconds to wait until a request is made again, here 0, as waiting is over; else None."""
        context = request_dict["context"]
        begun = context.setdefault("brevettiai_begun", time.monotonic())
        if response is None:
            error: object = caught_exception
            passes = caught_exception is not None and failure_passes(caught_exception)
            if not passes:
                return None
        else:
            code = str(response[1].get("Error", {}).get("Code", ""))
            status = response[0].status_code
            error = code or status
            if not answer_passes(status, code):
                self._outage.answered()
                return self._again_as_new(code, context)
        self._outage.failed(error)
        return 0 if self.again(attempts, begun) else None

    def _again_as_new(self, code: str, context: dict[str, Any]) -> float | None:
        """0 where credentials had expired and there are new ones."""
        times = context.get("brevettiai_renewed", 0)
        if code not in EXPIRED or self._renew is None or times == _RENEWALS:
            return None
        self._renew(context["brevettiai_signed"])
        context["brevettiai_renewed"] = times + 1
        return 0


def _note_time(request: Any, **_: Any) -> None:
    request.context["brevettiai_signed"] = time.monotonic()
