"""Many runs of a job: Optuna proposes settings, Dask distributes the runs."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from brevettiai.sweep.calling import SweepResult as SweepResult
    from brevettiai.sweep.calling import sweep as sweep
    from brevettiai.sweep.errors import SweepError as SweepError
    from brevettiai.sweep.link import report as report

__all__ = ["SweepError", "SweepResult", "report", "sweep"]


def __getattr__(name: str) -> object:
    # Jobs that sweep nothing import none of it.
    if name in ("sweep", "SweepResult"):
        from brevettiai.sweep import calling

        return getattr(calling, name)
    if name == "SweepError":
        from brevettiai.sweep.errors import SweepError

        return SweepError
    if name == "report":
        from brevettiai.sweep.link import report

        return report
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
