"""What changed since another version of the schemas, on the pages of a reference."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from brevettiai.errors import visible

from ....meaning import meaning_of
from ....problems import GenerationError
from ....read.find import PathLike
from ..diff.change import BREAKS, Change
from ..diff.comparing import changes_between
from ..diff.documents import unaffected
from ..diff.revisions import version_at
from .contents import Reference


def with_changes(reference: Reference, since: str, options: Mapping[str, Any]) -> Reference:
    """The reference with what changed.

    Args:
        since: older schemas: a file, a folder, `REVISION:PATH` of a git repository, or a revision
            in which they lie where they lie now.
        options: those of `meaning_of`, the new `sources` among them.

    Raises:
        GenerationError: there is no such version, or its schemas are no good.
    """
    told: dict[str, list[str]] = {page.module: [] for page in reference.pages}
    removed: list[str] = []
    for change in _changes(since, options):
        if change.module in told:
            told[change.module].append(_text(change, change.path))
        else:
            removed.append(_text(change, change.module))
    pages = (page._replace(changes=tuple(told[page.module])) for page in reference.pages)
    return reference._replace(pages=tuple(pages), since=visible(since), removed=tuple(removed))


def _changes(since: str, options: Mapping[str, Any]) -> Sequence[Change]:
    sources: Sequence[PathLike] = options["sources"]
    names = [since]
    if ":" not in since and not os.path.lexists(since):
        names = [f"{since}:{_from_here(source)}" for source in sources]
    with ExitStack() as stack:
        versions = [stack.enter_context(version_at(name)) for name in names]
        paths = [path for version in versions for path in version.paths]
        exclude: list[str] = options.get("exclude") or []
        left_out = unaffected(paths, [Path(source) for source in sources], exclude)
        if left_out is None:
            return ()
        compared: dict[str, Any] = {**options, "exclude": [*exclude, *left_out]}
        older: dict[str, Any] = {"sources": paths}
        try:
            old = meaning_of(**compared | older)
        except GenerationError as error:
            for version in versions:
                error = version.named(error)
            raise error from None
        new = meaning_of(**compared)
    modules = [[module.path for module in each.model.modules] for each in (old, new)]
    # Two single files are versions of one another whatever they are called.
    is_one = left_out == [] and [len(each) for each in modules] == [1, 1]
    return changes_between(old, new, {modules[0][0]: modules[1][0]} if is_one else {})


def _from_here(source: PathLike) -> str:
    """A path as git takes it for one that begins in the working directory."""
    path = Path(os.path.relpath(source)).as_posix()
    return path if path.startswith("../") else f"./{path}"


def _text(change: Change, place: str) -> str:
    text = f"{place}: {change.message}" if place else change.message
    broken = "; ".join(said for name, said in BREAKS.items() if name in change.breaks)
    return " ".join(visible(f"{text} ({broken})" if broken else text).split())
