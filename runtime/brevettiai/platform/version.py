"""The version of this runtime."""

from __future__ import annotations


def runtime_version() -> str:
    """The version of the installed distribution, or `unknown` where it is not installed."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("brevetti")
    except PackageNotFoundError:
        return "unknown"
