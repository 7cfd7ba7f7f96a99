"""The settings of what a job asks of the platform: one table, from the environment."""

from __future__ import annotations

from dataclasses import dataclass

from brevettiai.io.variables import FromEnvironment, setting


@dataclass(frozen=True, kw_only=True)
class PlatformSettings(FromEnvironment):
    """How long a job waits for the platform."""

    patience: float = setting(
        600.0,
        "BREVETTIAI_PLATFORM_PATIENCE",
        "seconds",
        "how long a request, `complete` say, is made again while the platform is away",
    )
    connect_timeout: float = setting(
        5.0,
        "BREVETTIAI_PLATFORM_CONNECT_TIMEOUT",
        "seconds",
        "how long one attempt to reach the platform may take",
        0.001,
    )
    read_timeout: float = setting(
        30.0,
        "BREVETTIAI_PLATFORM_READ_TIMEOUT",
        "seconds",
        "how long the platform may be silent before it answers",
        0.001,
    )
    metrics_patience: float = setting(
        30.0,
        "BREVETTIAI_METRICS_PATIENCE",
        "seconds",
        "how long the end of a job waits for metrics on their way to the platform",
    )
