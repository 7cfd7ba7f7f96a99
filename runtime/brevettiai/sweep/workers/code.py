"""The code of a program on its way to workers that have no such files."""

from __future__ import annotations


def unpacked(code: bytes) -> tuple[str, ...]:
    """Unpack a zip file of modules; the `sys.path` with which they are found."""
    raise NotImplementedError
