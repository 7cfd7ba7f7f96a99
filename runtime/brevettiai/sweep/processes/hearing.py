"""What is heard of a run, and how it ended by that."""

from __future__ import annotations

import signal
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from brevettiai.sweep.needs import size
from brevettiai.sweep.runs import Ended, Outcome

_OUTSIDE = ("SIGTERM", "SIGINT", "SIGHUP")


@dataclass
class Heard:
    """What is heard of a run until its end.

    Attributes:
        begins_job: whether its program should begin a job.
        limit: the most memory that it may hold, in bytes.
        is_over: it has ended.
        asked: it was asked to end.
        is_over_memory: it held more than the limit.
        leaving: why its worker ended it, if the sweep did not ask for that.
        is_killed: it was killed for that, or as it did not end when it was asked to.
    """

    begins_job: bool
    limit: int | None = None
    is_over: bool = False
    asked: bool = False
    is_over_memory: bool = False
    is_killed: bool = False
    memory: int = 0
    began: bool = False
    state: str = ""
    error: str = ""
    raised: str = ""
    is_left: bool = False
    said: str = ""
    status: int = 0
    is_gone: bool = False
    leaving: str = ""
    metrics: dict[str, Any] = field(default_factory=dict[str, Any])
    final: Mapping[str, Any] = field(default_factory=dict[str, Any])

    def hear(self, message: tuple[Any, ...]) -> None:
        """Take in a message of its process or server."""
        kind, *rest = message
        if kind == "reported":
            self.metrics.update(rest[1])
        elif kind == "began":
            self.began = True
        elif kind == "ended":
            self.began = True
            self.state, self.final, self.error = rest
        elif kind == "raised":
            [self.raised] = rest
        elif kind == "left":
            self.is_left, self.said = True, " ".join(rest[0].split())
        elif kind == "memory":
            [self.memory] = rest
        elif kind in ("exited", "gone"):
            self.status, self.is_over, self.is_gone = rest[0] or 0, True, kind == "gone"


def ended(heard: Heard, number: int, began: float, seconds: float, worker: str, log: str) -> Ended:
    """How a run ended.

    Args:
        log: where its output is, for who asks why.
    """
    outcome, error = _outcome(heard)
    if outcome in ("failed", "lost") and log:
        error = f"{error}; its output is in {log}"
    metrics = {**heard.metrics, **heard.final}
    return Ended(number, outcome, metrics, error, began, seconds, worker, heard.memory)


def _outcome(heard: Heard) -> tuple[Outcome, str]:
    if heard.state == "completed":
        return "done", ""
    if heard.is_over_memory:
        return "failed", f"used more than {size(heard.limit or 0)} of memory (--run-memory)"
    if heard.leaving:
        return "lost", heard.leaving
    if heard.asked:
        return "stopped", "was killed, as it did not end when asked to" if heard.is_killed else ""
    if heard.is_gone:
        how = _signal_name(heard.status) or f"exit status {heard.status}"
        return "lost", f"the process that does runs has died ({how})"
    name = _signal_name(heard.status)
    if name == "SIGKILL":
        return "lost", "was killed by SIGKILL: out of memory?"
    if name in _OUTSIDE or (heard.state == "stopped" and heard.status in (130, 143)):
        name = name or {130: "SIGINT", 143: "SIGTERM"}[heard.status]
        return "lost", f"was ended by {name}, which the sweep did not send"
    if name:
        return "failed", f"crashed by {name}"
    if heard.state == "failed" and not heard.is_left:
        return "failed", heard.error
    if heard.raised:
        return "failed", heard.raised
    return "failed", _without_end(heard)


def _without_end(heard: Heard) -> str:
    """What is wrong with a program that came to no end of a job or function."""
    how = f"exited with status {heard.status}"
    if heard.said:
        how += f" ({heard.said})"
    if not heard.begins_job:
        return f"{how} before the function returned"
    if heard.began:
        return f"{how} before its job was complete"
    if heard.status:
        return f"{how} before it began a job"
    return "ended without beginning a job: no `Job.init` was called"


def _signal_name(status: int) -> str:
    """The name of the signal that ended a process; "" where none did."""
    if status >= 0:
        return ""
    try:
        return signal.Signals(-status).name
    except ValueError:
        return f"signal {-status}"
