"""`Job` and `JobSettings` under the names that the platform's library gives them."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from brevettiai.platform import Job, JobSettings

__all__ = ["Job", "JobSettings"]


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from brevettiai import platform

    return getattr(platform, name)
