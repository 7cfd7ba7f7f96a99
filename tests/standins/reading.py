"""Files that say what they are, and reading them: what worker processes can import."""

from __future__ import annotations

from brevettiai.io import Storage

FILES = 15


def content(number: int) -> bytes:
    return b"%06d" % number * 2000


def wrong_reads(io: Storage, top: str, files: int = FILES) -> int:
    """How many of the first files at `top` do not read as they were written."""
    return sum(io.read_file(f"{top}/{number}") != content(number) for number in range(files))
