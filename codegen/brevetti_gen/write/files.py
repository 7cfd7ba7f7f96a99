"""Step *write*: texts to files, whole, only what changed, and nobody else's.

A run goes: look at everything and refuse if anything is in the way; put all new files into a
staging folder; remove stale files, rename new ones into place. Killed at any moment, each file is
whole, and the next run knows all of them as ours by their seals.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Generator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from shutil import rmtree
from types import MappingProxyType
from typing import Any

from ..problems import GenerationError, Problem, failed, refused
from ..workbench.telling.differences import Difference
from .lock import locked
from .options import DEFAULTS, Options, flags, text_of
from .seals import OPTIONS, SEALS, Standing, all_sealed, seals_in, standing, strays, with_lf

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..workbench.incremental.notes import Note

_STAGING = ".brevetti-staging-"
_NO_FOLDER, _FOLDER_HINT = "the output is not a folder", "name a folder with -o"


@dataclass(frozen=True)
class WriteReport:
    """What a run did to files, or would do, as sorted relative paths with forward slashes."""

    written: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    differences: tuple[Difference, ...] = ()


def write(
    files: Mapping[str, str],
    output: Path,
    *,
    force: bool = False,
    check: bool = False,
    options: Options = DEFAULTS,
    kept: Collection[str] = (),
    note: Note | None = None,
    entries: Mapping[str, Any] = MappingProxyType({}),
) -> WriteReport:
    """Make `output` hold exactly these generated files, sealed, beside whatever else lies there.

    Args:
        files: relative paths with forward slashes, to texts with LF line ends.
        output: the folder; made if it is not there.
        force: overwrite and remove generated files even if someone edited them. Files that we
            did not generate are never overwritten.
        check: write nothing, and report the differences.
        options: what the folder shall record.
        kept: files that lie there already, as `note` says.
        entries: what shall be noted.

    Raises:
        GenerationError: something is in the way, then nothing was written; or the disk failed,
            then each file is whole and the next run completes the work.
        Overtaken: one of the kept files is not any more what was noted.
    """
    if outside := [path for path in files if not is_inside(path)]:
        message = "this path would leave the output folder"
        raise GenerationError(Problem(message, path, code="leads-outside") for path in outside)
    texts = all_sealed(files, flags(options))
    if text := text_of(options):
        texts[OPTIONS] = text
    contents = {path: texts[path].encode() for path in sorted(texts)}
    kept = sorted(set(kept).difference(contents))
    if check:
        with _problems_of(output):
            return _plan(contents, output, force, kept, only_checks=True)
    with _problems_of(output), _folder(output), locked(output) as is_locked:
        if is_locked:
            _clear_staging(output)
        if note:
            note.confirm(kept)
        plan = _plan(contents, output, force, kept)
        if problems := [d.obstacle for d in plan.differences if d.obstacle]:
            raise GenerationError(problems)
        if plan.written or plan.removed:
            _carry_out(plan, contents, output)
        if note:
            note.remember(entries, contents)
        return replace(plan, differences=())


def _plan(
    contents: Mapping[str, bytes],
    output: Path,
    force: bool,
    kept: Sequence[str] = (),
    *,
    only_checks: bool = False,
) -> WriteReport:
    """Compare what is there with what shall be; writes nothing.

    Raises:
        GenerationError: the output is no folder.
    """
    root, listed = os.path.realpath(output), seals_in(output)
    has_folder = os.path.lexists(output)
    if has_folder and not os.path.isdir(root):
        raise refused("in-the-way", _NO_FOLDER, output, _FOLDER_HINT)
    removed = sorted(strays(output, {*contents, *kept}))
    # Where case is folded, an old name in other case is the new file: it must be written again.
    folded = {path.casefold() for path in removed}
    unchanged: list[str] = []
    differences: list[Difference] = []
    for path in [*contents, *removed]:
        place, new = output / path, contents.get(path)
        found = place.read_bytes() if os.path.isfile(place) else None
        is_same = found is not None and with_lf(found) == new
        obstacle = _obstacle(place, root, is_same or only_checks) if has_folder else None
        if is_same and path.casefold() not in folded and not obstacle:
            unchanged.append(path)
            continue
        known = Standing(True, True) if found is None else standing(path, found, listed)
        if not (is_same or obstacle or known.is_ours or (force and known.is_generated)):
            obstacle = _in_the_way(place, known, is_stale=new is None)
        old, new = (found, new) if known.is_generated else (None, None)
        differences.append(Difference(path, place.as_posix(), old, new, obstacle))
    written = sorted(contents.keys() - set(unchanged))
    unchanged = sorted([*unchanged, *kept])
    return WriteReport(tuple(written), tuple(unchanged), tuple(removed), tuple(differences))


def _obstacle(place: Path, root: str, stays: bool) -> Problem | None:
    """Why no file of ours can lie there, or be changed unless it stays as it is."""
    name, folder = place.as_posix(), place.parent
    while not os.path.lexists(folder):
        folder = folder.parent
    real = os.path.realpath(folder)
    if real != root and not real.startswith(os.path.join(root, "")):
        text = "a symbolic link leads out of the output folder"
        return Problem(text, name, code="leads-outside")
    if not os.path.isdir(real):
        hint = f"move {folder.as_posix()} away"
        text = "a folder is needed here, but there is a file"
        return Problem(text, name, hint=hint, code="in-the-way")
    if os.path.lexists(place) and not os.path.isfile(place):
        text = "not a file, so it cannot be generated"
        return Problem(text, name, hint="move it away", code="in-the-way")
    if not (stays or os.access(folder, os.W_OK | os.X_OK)):
        return Problem("cannot be written: its folder is read-only", name, code="not-written")
    return None


def _in_the_way(place: Path, known: Standing, is_stale: bool) -> Problem:
    if not known.is_generated:
        message = "this file is in the way, brevetti-gen did not write it"
        hint = "move it away, or generate into another folder"
    elif is_stale:
        message = "this generated file has no schema any more, but someone edited it"
        hint = "move the edits into code of your own; --force removes the file"
    else:
        message = "someone edited this generated file"
        hint = "move the edits into a subclass of your own; --force overwrites them"
    code = "edited" if known.is_generated else "in-the-way"
    return Problem(message, place.as_posix(), hint=hint, code=code)


def is_inside(path: str) -> bool:
    """Whether a relative path with forward slashes stays in its folder, on every system."""
    parts = path.split("/")
    if any(part in ("", ".", "..") or part[-1] in ". " for part in parts):
        return False
    return not any(c in '\\:*?"<>|' or ord(c) < 32 for c in path)


def _carry_out(plan: WriteReport, contents: Mapping[str, bytes], output: Path) -> None:
    # The list comes last: until then it knows the files that are not replaced yet.
    written = sorted(plan.written, key=lambda path: path == SEALS)
    staging = output / f"{_STAGING}{os.urandom(8).hex()}"
    staging.mkdir()
    try:
        # All the bytes go to the disk before the first rename: a full disk changes nothing.
        for number, path in enumerate(written):
            (staging / str(number)).write_bytes(contents[path])
        _forget_bytecode(output, [*plan.removed, *plan.written])
        # Removing comes first: where case is folded, an old name can be the new file's.
        for path in plan.removed:
            (output / path).unlink(missing_ok=True)
        for folder in [folder for path in plan.removed for folder in (output / path).parents]:
            if output in folder.parents:
                for empty in (folder / "__pycache__", folder):
                    with suppress(OSError):
                        empty.rmdir()
        for folder in dict.fromkeys((output / path).parent for path in written):
            folder.mkdir(parents=True, exist_ok=True)
        for number, path in enumerate(written):
            os.replace(staging / str(number), output / path)
    finally:
        rmtree(staging, ignore_errors=True)


def _forget_bytecode(output: Path, paths: Sequence[str]) -> None:
    """Remove the bytecode of modules: Python tells versions apart only by second and size."""
    modules: dict[Path, set[str]] = {}
    for path in paths:
        modules.setdefault(output / Path(path).parent / "__pycache__", set()).add(Path(path).stem)
    for cache, names in modules.items():
        for file in os.listdir(cache) if os.path.isdir(cache) else ():
            if file.endswith(".pyc") and file.partition(".")[0] in names:
                (cache / file).unlink(missing_ok=True)


def _clear_staging(output: Path) -> None:
    """Remove what a killed run left; only with the lock, else it could be a run's under way."""
    for name in os.listdir(output):
        if name.startswith(_STAGING):
            rmtree(output / name, ignore_errors=True)


@contextmanager
def _folder(output: Path) -> Generator[None]:
    """Make the output folder; if nothing comes to be written, what was made goes again."""
    made = [folder for folder in (output, *output.parents) if not os.path.lexists(folder)]
    try:
        output.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError):
        raise refused("in-the-way", _NO_FOLDER, output, _FOLDER_HINT) from None
    try:
        yield
    except BaseException:
        with suppress(OSError):
            for folder in made:
                folder.rmdir()
        raise


@contextmanager
def _problems_of(output: Path) -> Generator[None]:
    """Failures of the disk, as problems."""
    name = output.as_posix()
    try:
        yield
    except OSError as error:
        where = error.filename2 or error.filename
        shown = Path(os.fsdecode(where)).as_posix() if isinstance(where, (str, bytes)) else name
        place = name if _STAGING in shown else shown
        raise GenerationError([failed("written", place, error)]) from None
