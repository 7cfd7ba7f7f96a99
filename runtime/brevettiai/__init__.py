"""The runtime that jobs import: settings, the Job and its storage."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from brevettiai.platform import Job as Job
    from brevettiai.platform import JobSettings as JobSettings

#: The distribution that this package belongs to. Another one on the index has the same import name.
DISTRIBUTION = "brevetti"


def __getattr__(name: str) -> object:
    # Under these names the platform's library has them.
    if name not in ("Job", "JobSettings"):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from brevettiai import platform

    return getattr(platform, name)
