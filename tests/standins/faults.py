"""Faults of a network and of a server, drawn by a seed."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter

PASSING = [
    *["InternalError", "ServiceUnavailable", "SlowDown", "TooManyRequests", "TemporaryRedirect"],
    *["drop", "cut sent", "flip sent", "lost", "lost 500", "cut", "flip"],
]
"""All that a gate of `S3Server` can do to a request that may go well the next time."""

STALLS = ["hold", "stall"]
EXPIRY = ["ExpiredToken"]


class Faults:
    """A gate that draws what happens to each request.

    Args:
        share: of the requests that go wrong.
        outages: how many seconds the server is away, from the so-manieth request on.

    Attributes:
        drawn: how often each fault was drawn, with the method of the request.
        away_until: when the last outage ends, in seconds of `time.monotonic`.
        back_at: when the first request after it came, alike.
        refused: when each request came during an outage, alike.
    """

    def __init__(
        self,
        seed: int,
        share: float = 0.0,
        kinds: list[str] = PASSING,
        outages: dict[int, float] | None = None,
    ) -> None:
        self._random = random.Random(seed)
        self._share = share
        self._kinds = kinds
        self._outages = outages or {}
        self._lock = threading.Lock()
        self._requests = 0
        self.away_until = self.back_at = 0.0
        self.drawn: Counter[tuple[str, str]] = Counter()
        self.refused: list[float] = []

    def __call__(self, key: str, method: str, path: str) -> str | None:
        with self._lock:
            now = time.monotonic()
            self._requests += 1
            if self._requests in self._outages:
                self.away_until = now + self._outages.pop(self._requests)
            if now < self.away_until:
                self.refused.append(now)
                return "drop"
            if self.back_at < self.away_until:
                self.back_at = now
            if self._random.random() >= self._share:
                return None
            kind = self._random.choice(self._kinds)
            self.drawn[method, kind] += 1
            return kind
