"""Schemas that patterns leave out, and perhaps should not."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from brevettiai.messages.words import listed

from ...read.find import Source, find
from ...schema.dialects import DIALECTS, dialect_meant

_CLAIM = re.compile(r"[\"']?\$schema[\"']?\s*:\s*[\"']?(\w+:[^\s\"']+)")


def left_out(
    sources: Sequence[str | Path], folder: Path, found: Sequence[Source]
) -> tuple[str, ...]:
    """What is to be told of the schemas that are not `found`: of those that say that they are."""
    kept = {source.path for source in found}
    others = (source for source in find(sources, folder)[0] if source.path not in kept)
    names = [source.name for source in others if _claims_to_be_a_schema(source.path)]
    return (f"--exclude leaves out schemas: {listed(names)}",) if names else ()


def _claims_to_be_a_schema(path: Path) -> bool:
    """Whether a file says of itself that it is a schema: near its top, by the URI of a draft."""
    with suppress(OSError), path.open("rb") as file:
        said = _CLAIM.findall(file.read(10_000).decode(errors="replace"))
        return any(uri.strip("#") in DIALECTS or dialect_meant(uri) for uri in said)
    return False
