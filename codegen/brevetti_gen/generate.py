"""The way of a schema: find, read, recognise, check, resolve, build, compile, render, write."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import invalidate_caches
from pathlib import Path
from typing import Any, NamedTuple

from .problems import STYLE_LOSS, GenerationError, Problem
from .read.find import MACHINE, Source, find, folders_of_files, module_problems
from .read.mapped import MappedPlaces
from .workbench.incremental.inputs import Inputs
from .workbench.incremental.making import Made, entry_of, made_by, made_of
from .workbench.incremental.notes import Note, Overtaken, noted
from .workbench.incremental.spread import Progress, spread
from .write.files import WriteReport, write
from .write.options import Options, excluded, maps_of, options_for, text_of
from .write.seals import OPTIONS, strays

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .forms.field_values import FormRanges
    from .model.types import ModulePath
    from .workbench.incremental.groups import Group
    from .workbench.telling.excerpts import Excerpts

PathLike = str | Path


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
    from .workbench.telling.excerpts import Excerpts

    nowhere = list(places.problems())
    excerpts = Excerpts(found, has_others=bool(maps or places.folders))
    run = _Run(folder, options, places, found, [*problems, *nowhere], excerpts, progress)
    # Where a place of schemas is missing, what was made with it does not hold.
    note = Note(folder) if force or nowhere else noted(folder)
    try:
        report = run.report(note, strict=strict, force=force, check=check)
    except Overtaken:
        report = run.report(Note(folder), strict=strict, force=force, check=check)
    # So that a process that generates can import what it generated.
    invalidate_caches()
    return replace(report, notices=notices)


class _Run(NamedTuple):
    """What a run goes out from; `problems` are those that it began with."""

    folder: Path
    options: Options
    places: MappedPlaces
    found: Sequence[Source]
    problems: Sequence[Problem]
    excerpts: Excerpts
    progress: Progress | None

    def report(self, note: Note, *, strict: bool, force: bool, check: bool) -> Report:
        """Make what is not there already.

        Raises:
            GenerationError: as `generate`.
            Overtaken: another process changed files meanwhile.
        """
        inputs = Inputs(self.found, self.places, self.options, note)
        made, entries = self._made(inputs, note)
        warnings = self._warnings(made, strict=strict)
        roots = dict(sorted(pair for each in made for pair in each.modules.items()))
        files = {path: text for each in made for path, text in each.files.items()}
        files |= self._package_files(roots, files, note, entries)
        fresh = {path: text for path, text in sorted(files.items()) if text is not None}
        kept = files.keys() - fresh.keys()
        gone = {path.casefold() for path in strays(self.folder, files)}
        if not gone.isdisjoint(map(str.casefold, kept)):
            raise Overtaken  # where case is folded, what goes is what stays
        report = WriteReport(unchanged=tuple(sorted(kept)))
        if fresh or gone:
            report = write(
                fresh,
                self.folder,
                force=force,
                check=check,
                options=self.options,
                kept=kept,
                note=note,
                entries=entries,
            )
        if report.differences and self.excerpts.has_secrets:
            told = tuple(each._replace(may_tell=True) for each in report.differences)
            report = replace(report, differences=told)
        modules = tuple(sorted(map(".".join, roots)))
        return Report(**vars(report), modules=modules, warnings=warnings)

    def _made(self, inputs: Inputs, note: Note) -> tuple[list[Made], dict[str, Any]]:
        """What is made of each group, and what is to be noted of it, by its digest."""
        made: dict[str, Made | None] = {}
        groups = {inputs.key(group): group for group in inputs.groups}
        for key, group in groups.items():
            entry = note.groups.get(key)
            made[key] = None
            if entry and all(map(note.is_as_left, entry[0])):
                made[key] = made_by(entry, inputs.told_as(group))
        missing = [groups[key] for key, each in made.items() if each is None]

        def make(group: Group) -> Made:
            return made_of(inputs.documents(group), self.places, self.options, self.problems)

        sizes = [len(group.members) for group in missing]
        results = iter(spread(make, missing, sizes, self.progress))
        whole = {key: each or next(results) for key, each in made.items()}
        entries = {
            key: entry_of(each, inputs.told_as(groups[key]))
            for key, each in whole.items()
            if each.was_made_of(groups[key])
        }
        return [*whole.values()], entries

    def _warnings(self, made: Sequence[Made], *, strict: bool) -> tuple[Problem, ...]:
        """What is to be told of what was made.

        Raises:
            GenerationError: something is wrong.
        """
        problems = [*self.problems, *(problem for each in made for problem in each.problems)]
        if neighbours := [source for each in made for source in each.neighbours]:
            problems += module_problems([*self.found, *neighbours])
        # A part of a schema that several classes have is remarked on once.
        told = sorted(dict.fromkeys(problems), key=lambda problem: problem.sort_key)
        told = list(self.excerpts.added(told))
        if any(problem.severity == "error" for problem in told):
            raise GenerationError(told)
        # Warnings come again until they are mended; what a style cannot hold, nobody can mend.
        doubts = [problem for problem in told if problem.code != STYLE_LOSS]
        if strict and doubts:
            raise GenerationError(replace(problem, severity="error") for problem in doubts)
        return tuple(told)

    def _package_files(
        self,
        roots: Mapping[ModulePath, str | None],
        files: Mapping[str, str | None],
        note: Note,
        entries: dict[str, Any],
    ) -> dict[str, str | None]:
        """The files that are about all modules; None for those that are there."""
        has_machine = any(path.startswith(f"{MACHINE}/") for path in files)
        key = hashlib.sha256(repr((text_of(self.options), roots, has_machine)).encode()).hexdigest()
        entry = note.groups.get(key)
        if entry and all(map(note.is_as_left, entry[0])):
            entries[key] = entry
            return dict.fromkeys(entry[0])
        from .write.render import render_marks, render_package

        texts = {**render_package(roots), **render_marks(files)}
        entries[key] = [[*texts, *([OPTIONS] if text_of(self.options) else [])]]
        return {**texts}
