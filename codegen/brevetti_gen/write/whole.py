"""One file, whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

from ..problems import GenerationError, failed


def write_whole(path: Path, text: str, *, makes_folders: bool = False) -> None:
    """Write a file by one rename; halves of surrogate pairs become question marks.

    Raises:
        GenerationError: it cannot be written, and is as it was.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        if makes_folders:
            path.parent.mkdir(parents=True, exist_ok=True)
        try:
            temporary.write_text(text, encoding="utf-8", errors="replace", newline="\n")
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)
    except OSError as error:
        raise GenerationError([failed("written", path.as_posix(), error)]) from None
