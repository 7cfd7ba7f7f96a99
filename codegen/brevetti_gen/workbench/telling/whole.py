"""One file, whole or not at all."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from pathlib import Path

from ...problems import GenerationError, failed


def write_whole(path: Path, text: str, *, makes_folders: bool = False) -> None:
    """Write a file by one rename, with the rights that it had.

    Halves of surrogate pairs become question marks.

    Raises:
        GenerationError: it cannot be written, and is as it was.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        if makes_folders:
            path.parent.mkdir(parents=True, exist_ok=True)
        try:
            temporary.write_text(text, encoding="utf-8", errors="replace", newline="\n")
            with suppress(OSError):
                shutil.copymode(path, temporary)
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)
    except OSError as error:
        raise GenerationError([failed("written", path.as_posix(), error)]) from None
