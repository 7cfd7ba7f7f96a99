"""`Job` and `JobSettings` under the names that the platform's library gives them."""

from __future__ import annotations

from brevettiai.platform.job import Job

TYPE_CHECKING = False
if TYPE_CHECKING:
    from brevettiai.platform.job_settings import JobSettings as JobSettings

__all__ = ["Job", "JobSettings"]


def __getattr__(name: str) -> object:
    if name != "JobSettings":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from brevettiai.platform.job_settings import JobSettings

    return JobSettings
