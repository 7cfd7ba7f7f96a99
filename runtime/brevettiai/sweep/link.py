"""The link of a run's process to its sweep: where its settings come from, and its metrics go.

It is here in processes that do a run; the first job that begins in one takes it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from brevettiai.sweep.runs import Run


class Link:
    """What a run's process has of its sweep.

    Args:
        given: what the sweep's job was told of the platform: its id, key, host and so on, by the
            names of its flags.
        send: takes messages for who watches the process.

    Attributes:
        process: id of the process that does the run; copies in others report nothing.
        secrets: the key, and secrets of the settings: each has `mask`, to hide it in a text, and
            `reveal`.
    """

    def __init__(
        self, run: Run, given: Mapping[str, Any], send: Callable[[object], object]
    ) -> None:
        self.process = os.getpid()
        self.run = run
        self.given = given
        self.secrets: set[Any] = {key} if (key := given.get("api_key")) is not None else set()
        self._send = send
        self._kinds: dict[str, str] = {}

    def report(self, values: Mapping[str, Any]) -> None:
        """Report the metrics among some values that have an epoch or a step.

        A metric is one of epochs or of steps, whichever it is first: both count on their own.
        """
        kind = "epoch" if values.get("epoch") is not None else "step"
        place = number(values.get(kind))
        if place is None or os.getpid() != self.process:
            return
        if not abs(place) < _MOST_STEPS:  # Neither is NaN.
            return
        found = {name: number(value) for name, value in values.items()}
        metrics = {
            name: value
            for name, value in found.items()
            if name not in ("epoch", "step")
            and value is not None
            and self._kinds.setdefault(name, kind) == kind
        }
        if metrics:
            self._send(("reported", int(place), metrics))

    def began(self) -> None:
        """Tell that the job has begun."""
        self._send(("began",))

    def ended(self, state: str, metrics: Mapping[str, Any], error: str = "") -> None:
        """Tell how the work ended; of several such messages the last one counts.

        Args:
            state: `completed`, `stopped` or `failed`.
            metrics: those of `output.json`, or what a function returned.
            error: in words, without secrets.
        """
        if os.getpid() == self.process:
            self._send(("ended", state, dict(metrics), error))


def number(value: object) -> float | None:
    """A number as a float, also one of numpy and the like; None of anything else."""
    if isinstance(value, (str, bytes, bool)) or value is None:
        return None
    try:
        return float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        return None


_MOST_STEPS = 2**53
"""From here on steps cannot be told apart."""

_link: Link | None = None
_is_taken = False


def open_link(link: Link) -> None:
    """Let a link be that of this process."""
    global _link, _is_taken
    _link, _is_taken = link, False


def take() -> Link | None:
    """The link of this process for its job; None for all but the first, and outside of sweeps."""
    global _is_taken
    if _link is None or _is_taken or os.getpid() != _link.process:
        return None
    _is_taken = True
    return _link


def is_open() -> bool:
    """Whether this process does a run of a sweep, or was started by one that does."""
    return _link is not None


def report(step: int, /, **metrics: float) -> None:
    """Report metrics of a function's run, by which a sweep may end it early.

    Outside of a sweep this does nothing, so that the function can be called as it is.

    Args:
        step: number of the epoch or step.
        metrics: numbers by name.
    """
    if _link is not None:
        _link.report({**metrics, "step": step})


def masked(text: str, secrets: Iterable[Any]) -> str:
    """A text without secrets, the longest of which may hold others."""
    for secret in sorted(secrets, key=lambda each: -len(each.reveal())):
        text = secret.mask(text)
    return text


def words_of(error: BaseException) -> str:
    """An error in a line, with the place that raised it."""
    trace, place = error.__traceback__, ""
    while trace is not None:
        code = trace.tb_frame.f_code
        place = f" ({os.path.basename(code.co_filename)}:{trace.tb_lineno})"
        trace = trace.tb_next
    kind = type(error)
    where = "" if kind.__module__ in ("builtins", "__main__") else f"{kind.__module__}."
    return f"{where}{kind.__qualname__}: {error}{place}"


def exit_status(error: SystemExit) -> int:
    """The exit status of a process that ends by `sys.exit`."""
    if error.code is None:
        return 0
    return error.code if isinstance(error.code, int) else 1
