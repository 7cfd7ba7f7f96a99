"""Folders in which what a command writes would be taken for something else."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from ...problems import refused
from ...write.seals import GENERATED_MARK


def refuse_among_schemas(output: Path, sources: Sequence[str], what: str) -> None:
    """Refuse a folder of schemas, and one of generated classes, for the files of a command.

    Args:
        what: the files in one word, `forms`.

    Raises:
        GenerationError: the folder is one of these.
    """
    place = Path(os.path.realpath(output))
    for source in map(Path, sources):
        if os.path.isdir(source) and place.is_relative_to(source.resolve()):
            hint = f"give another folder: {what} among the schemas would be schemas of the next run"
            raise refused("in-the-way", f"the {what} would lie among the schemas", output, hint)
    with suppress(OSError), open(output / "__init__.py", "rb") as file:
        if GENERATED_MARK.encode() in file.readline():
            hint = f"give the {what} a folder of their own"
            raise refused("in-the-way", "this folder holds generated classes", output, hint)
