"""Step *write*: texts to files, whole, only what changed, and nobody else's.

A run goes: look at everything and refuse if anything is in the way; put all new files into a
staging folder; remove stale files, rename new ones into place. Killed at any moment, each file is
whole, and the next run knows all of them as ours by their seals.
"""

from __future__ import annotations

import os
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from shutil import rmtree

from ..problems import GenerationError, Problem
from .lock import LockedError, locked
from .options import DEFAULTS, Options, flags, text_of
from .seals import (
    OPTIONS,
    SEALS,
    Standing,
    all_sealed,
    both_lists,
    digest,
    seals_in,
    standing,
    strays,
)
from .unchanged import remember

_STAGING = ".brevetti-staging-"
_OURS = Standing(is_generated=True, is_ours=True, belongs=True)


@dataclass(frozen=True)
class WriteReport:
    """What a run did, as sorted relative paths with forward slashes."""

    written: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()


def write(
    files: Mapping[str, str],
    output: Path,
    *,
    force: bool = False,
    options: Options = DEFAULTS,
    inputs_digest: str = "",
    asked: Sequence[str] = (),
) -> WriteReport:
    """Make `output` hold exactly these generated files, sealed, beside whatever else lies there.

    Args:
        files: relative paths with forward slashes, to texts with LF line ends.
        output: the folder; made if it is not there.
        force: overwrite and remove generated files even if someone edited them. Files that we
            did not generate are never overwritten.
        options: what the folder shall record.
        inputs_digest, asked: see `remember`.

    Raises:
        GenerationError: something is in the way, then nothing was written; or the disk failed,
            then each file is whole and the next run completes the work.
    """
    outside = [path for path in files if not is_inside(path)]
    if outside:
        raise GenerationError(
            Problem("this path would leave the output folder", path) for path in outside
        )
    texts = all_sealed(files, flags(options))
    if text := text_of(options):
        texts[OPTIONS] = text
    contents = {path: texts[path].encode() for path in sorted(texts)}
    with _problems_of(output), _folder(output), locked(output) as is_locked:
        if is_locked:
            _clear_staging(output)
        plan = _plan(contents, output, force)
        if plan.written or plan.removed:
            _carry_out(plan, contents, output)
        if inputs_digest:
            remember(output, inputs_digest, asked, contents)
        return plan


def _plan(contents: Mapping[str, bytes], output: Path, force: bool) -> WriteReport:
    """Compare what is there with what shall be; writes nothing.

    Raises:
        GenerationError: something is in the way.
    """
    root, listed = os.path.realpath(output), seals_in(output)
    problems: list[Problem | None] = []
    unchanged: list[str] = []
    removed = sorted(strays(output, contents))
    # Where case is folded, an old name in other case is the new file: it must be written again.
    folded = {path.casefold() for path in removed}
    for path, content in contents.items():
        problem = _displaced(output, path, root)
        found = None if problem else _found(output / path)
        if found is not None and digest(found) == digest(content):
            unchanged.extend([path] if path.casefold() not in folded else [])
            continue
        known = standing(path, found, listed) if found is not None else _OURS
        problem = problem or _read_only(output, path)
        if not (problem or known.is_ours or (force and known.is_generated)):
            problem = _in_the_way(output, path, known)
        problems.append(problem)
    for path in removed:
        problem = _read_only(output, path)
        if not (problem or force or standing(path, _found(output / path) or b"", listed).is_ours):
            hint = "move the edits into code of your own; --force removes the file"
            message = "this generated file has no schema any more, but someone edited it"
            problem = Problem(message, (output / path).as_posix(), hint=hint)
        problems.append(problem)
    if any(problems):
        raise GenerationError(problem for problem in problems if problem)
    written = sorted(contents.keys() - set(unchanged))
    return WriteReport(tuple(written), tuple(unchanged), tuple(removed))


def _displaced(output: Path, path: str, root: str) -> Problem | None:
    """Why no file of ours can lie there: a link that leaves, a folder or a file in its place."""
    place = output / path
    name = place.as_posix()
    folder = _nearest_folder(place)
    real = os.path.realpath(folder)
    if real != root and not real.startswith(os.path.join(root, "")):
        return Problem("a symbolic link leads out of the output folder", name)
    if not os.path.isdir(real):
        hint = f"move {folder.as_posix()} away"
        return Problem("a folder is needed here, but there is a file", name, hint=hint)
    if os.path.lexists(place) and not os.path.isfile(place):
        return Problem("not a file, so it cannot be generated", name, hint="move it away")
    return None


def is_inside(path: str) -> bool:
    """Whether a relative path with forward slashes stays in its folder, on every system."""
    parts = path.split("/")
    if any(part in ("", ".", "..") or part[-1] in ". " for part in parts):
        return False
    return not any(c in '\\:*?"<>|' or ord(c) < 32 for c in path)


def _read_only(output: Path, path: str) -> Problem | None:
    if os.access(_nearest_folder(output / path), os.W_OK | os.X_OK):
        return None
    return Problem("cannot be written: its folder is read-only", (output / path).as_posix())


def _nearest_folder(place: Path) -> Path:
    """The innermost entry around `place` that is there."""
    folder = place.parent
    while not os.path.lexists(folder):
        folder = folder.parent
    return folder


def _found(place: Path) -> bytes | None:
    try:
        return place.read_bytes()
    except FileNotFoundError:
        return None


def _in_the_way(output: Path, path: str, known: Standing) -> Problem:
    name = (output / path).as_posix()
    if known.is_generated:
        hint = "move the edits into a subclass of your own; --force overwrites them"
        return Problem("someone edited this generated file", name, hint=hint)
    hint = "move it away, or generate into another folder"
    return Problem("this file is in the way, brevetti-gen did not write it", name, hint=hint)


def _carry_out(plan: WriteReport, contents: Mapping[str, bytes], output: Path) -> None:
    steps = [(path, contents[path]) for path in plan.written if path != SEALS]
    if SEALS in plan.written:  # until the end, the list knows the files before and after
        journal = both_lists(output, contents[SEALS])
        steps = [(SEALS, journal), *steps, (SEALS, contents[SEALS])]
    staging = output / f"{_STAGING}{os.urandom(8).hex()}"
    staging.mkdir()
    try:
        # All the bytes go to the disk before the first rename: a full disk changes nothing.
        for number, (_, content) in enumerate(steps):
            (staging / str(number)).write_bytes(content)
        _forget_bytecode(output, [*plan.removed, *plan.written])
        # Removing comes first: where case is folded, an old name can be the new file's.
        for path in plan.removed:
            (output / path).unlink(missing_ok=True)
        for folder in [folder for path in plan.removed for folder in (output / path).parents]:
            if output in folder.parents:
                for empty in (folder / "__pycache__", folder):
                    with suppress(OSError):
                        empty.rmdir()
        for number, (path, _) in enumerate(steps):
            (output / path).parent.mkdir(parents=True, exist_ok=True)
            os.replace(staging / str(number), output / path)
    finally:
        rmtree(staging, ignore_errors=True)


def _forget_bytecode(output: Path, paths: Sequence[str]) -> None:
    """Remove the bytecode of modules: Python tells versions apart only by second and size."""
    modules: dict[Path, set[str]] = {}
    for path in paths:
        modules.setdefault(output / Path(path).parent / "__pycache__", set()).add(Path(path).stem)
    for cache, names in modules.items():
        for file in os.listdir(cache) if cache.is_dir() else ():
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
        name = output.as_posix()
        problem = Problem("the output is not a folder", name, hint="name a folder with -o")
        raise GenerationError([problem]) from None
    try:
        yield
    except BaseException:
        with suppress(OSError):
            for folder in made:
                folder.rmdir()
        raise


@contextmanager
def _problems_of(output: Path) -> Generator[None]:
    """Failures of the disk and of the lock, as problems."""
    name = output.as_posix()
    try:
        yield
    except LockedError:
        hint = "wait for it, then try again"
        problem = Problem("another run of brevetti-gen is writing here", name, hint=hint)
    except OSError as error:
        where = error.filename2 or error.filename
        shown = Path(os.fsdecode(where)).as_posix() if isinstance(where, (str, bytes)) else name
        if _STAGING in shown:
            shown = name
        problem = Problem(f"cannot be written: {error.strerror or error}", shown)
    else:
        return
    raise GenerationError([problem])
