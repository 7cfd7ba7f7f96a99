"""Jobs of the platform."""

from brevettiai.platform.errors import JobError, PlatformError
from brevettiai.platform.job import Job

TYPE_CHECKING = False
if TYPE_CHECKING:
    from brevettiai.platform.job_settings import JobSettings as JobSettings

__all__ = ["Job", "JobError", "JobSettings", "PlatformError"]


def __getattr__(name: str) -> object:
    if name != "JobSettings":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from brevettiai.platform.job_settings import JobSettings

    return JobSettings
