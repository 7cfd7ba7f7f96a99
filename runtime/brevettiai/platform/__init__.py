"""Jobs of the platform."""

from brevettiai.platform.errors import JobError, PlatformError
from brevettiai.platform.job import Job

__all__ = ["Job", "JobError", "PlatformError"]
