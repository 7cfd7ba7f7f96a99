"""The remote monitor: a callback that logs the metrics of each epoch."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any


class RemoteMonitor:
    """Logs the metrics of each epoch of a job, which sends them to the platform.

    A callback for `fit` of Keras and for the `Trainer` of Lightning, in their lists of callbacks;
    other loops call `on_epoch_end`. It has all hooks of both, most of which do nothing, and needs
    neither library.
    """

    #: Keras may call it from a thread of its own.
    async_safe = True
    #: The names by which Lightning stores the state of a callback, of which there is none.
    state_key = _legacy_state_key = "RemoteMonitor"

    def __init__(self, record: Callable[[Mapping[str, Any]], object]) -> None:
        """Monitors are given by `Job.get_remote_monitor`."""
        self._record = record

    def on_epoch_end(self, epoch: int, logs: Mapping[str, Any] | None = None) -> None:
        """Log the metrics of an epoch, and return at once.

        Args:
            epoch: its number.
            logs: its metrics by name; arrays and scalars of numpy and the like are fine.
        """
        self._record({"epoch": epoch, **(logs or {})})

    def on_train_epoch_end(self, trainer: Any, pl_module: Any) -> None:
        """Log what Lightning's modules have logged in an epoch."""
        if trainer.is_global_zero:
            place = {"step": trainer.global_step, "epoch": trainer.current_epoch}
            self._record({**trainer.callback_metrics, **place})

    def __getattr__(self, name: str) -> Any:
        """The hooks that have nothing to do here."""
        if name.startswith("on_") or name in _OTHER_HOOKS:
            return _nothing
        raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")

    def state_dict(self) -> dict[str, Any]:
        """Nothing: what was logged is in the job's journal."""
        return {}


_OTHER_HOOKS = frozenset(
    [
        *("set_params", "set_model"),
        *(f"_implements_{phase}_batch_hooks" for phase in ("train", "test", "predict")),
        *("setup", "teardown", "load_state_dict"),
    ]
)
"""Of Keras, of Keras 2, and of Lightning."""


def _nothing(*_: object, **__: object) -> None:
    pass
