"""The function behind the command: schemas are found, and a run makes what is not there yet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import invalidate_caches
from pathlib import Path

from .problems import Problem
from .read.find import PathLike, find, folders_of_files
from .read.mapped import MappedPlaces
from .workbench.incremental.notes import Note, Overtaken, noted
from .workbench.incremental.run import Run
from .workbench.incremental.spread import Progress
from .workbench.telling.excerpts import Excerpts
from .write.files import WriteReport
from .write.options import excluded, maps_of, options_for

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .forms.field_values import FormRanges


@dataclass(frozen=True)
class Report(WriteReport):
    """What a run did, or would do if it only checks.

    Attributes:
        differences: the files that it would change, if it only checks.
        modules: names of the generated modules, dotted, relative to the package.
        warnings: problems that did not stop the run.
        notices: how the options differ from those of the run before.
    """

    modules: tuple[str, ...] = ()
    warnings: tuple[Problem, ...] = ()
    notices: tuple[str, ...] = ()


def generate(
    sources: Sequence[PathLike],
    output: PathLike,
    *,
    maps: Mapping[str, PathLike] | None = None,
    exclude: Sequence[str] | None = None,
    allow_slow_patterns: bool | None = None,
    assert_formats: bool | None = None,
    form_ranges: FormRanges | None = None,
    style: str | None = None,
    force: bool = False,
    strict: bool = False,
    check: bool = False,
    ignore: Sequence[str] = (),
    progress: Progress | None = None,
) -> Report:
    """Compile the schemas in `sources`, files and folders, to a package of settings classes.

    Options of the package that are None are as they were in its last run, and as the defaults in
    its first: no maps, nothing left out, no formats, limits, plain. Only what is made of changed
    schemas, and of those that have to do with them, is made again.

    Args:
        sources: JSON Schemas or platform forms, JSON or YAML, and folders of them.
        output: the folder of the package; it is made if it is not there.
        maps: where schemas at a URL lie, by URL prefix: a file, or a folder for a prefix that
            ends in `/`. Nothing is ever fetched.
        exclude: patterns of files and folders inside `sources` to leave out, such as `testdata`
            or `data/**/*.json`.
        allow_slow_patterns: take patterns too that can take practically forever on some texts.
        assert_formats: check `format` too, instead of taking it for an annotation.
        form_ranges: whether `min` and `max` in forms are limits of the values, or are ignored.
        style: of the classes: `plain`, or `pydantic`, `dataclass`, `msgspec` or `typeddict`.
        force: overwrite generated files that someone edited, and make all of them again.
        strict: take warnings for errors, but for what a style cannot hold.
        check: write nothing. The report tells what a run would do, with the `differences`;
            an `obstacle` at one of them is why a run would be refused.
        ignore: rules, and sets of them, whose warnings are not told.
        progress: called now and then with how many of how many schemas are done.

    Raises:
        GenerationError: something is wrong with the input or the output; it has every problem,
            and nothing was written.
    """
    folder = Path(output)
    chosen = {"--assert-formats": assert_formats, "--form-ranges": form_ranges, "--style": style}
    chosen["--allow-slow-patterns"] = allow_slow_patterns
    options, notices = options_for(folder, chosen, maps, exclude)
    patterns = excluded(options)
    maps = maps_of(options, folder) if maps is None else maps
    places = MappedPlaces(maps, folders_of_files(sources))
    found, problems = find(sources, folder, patterns)
    if patterns:
        from .workbench.lint.left_out import left_out

        notices += left_out(sources, folder, found)
    nowhere = list(places.problems())
    excerpts = Excerpts(found, has_others=bool(maps or places.folders))
    problems += nowhere
    run = Run(folder, options, places, found, problems, excerpts, strict, ignore, progress)
    # Where a place of schemas is missing, what was made with it does not hold.
    note = Note(folder) if force or nowhere else noted(folder)
    try:
        done = run.done(note, force=force, check=check)
    except Overtaken:
        done = run.done(Note(folder), force=force, check=check)
    # So that a process that generates can import what it generated.
    invalidate_caches()
    modules = tuple(sorted(map(".".join, done.roots)))
    return Report(**vars(done.report), modules=modules, warnings=done.warnings, notices=notices)
