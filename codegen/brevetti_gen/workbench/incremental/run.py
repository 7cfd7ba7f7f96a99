"""A run: what is there already is kept, all else is made, and what is new is written."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from ...problems import STYLE_LOSS, GenerationError, Problem
from ...read.find import MACHINE, ModulePath, Source, module_problems
from ...read.mapped import MappedPlaces
from ...write.files import WriteReport, write
from ...write.options import Options, text_of
from ...write.seals import OPTIONS, strays
from ..telling.excerpts import Excerpts
from .groups import Group
from .inputs import Inputs
from .making import Made, entry_of, made_by, made_of
from .notes import Note, Overtaken
from .spread import Progress, spread


class Done(NamedTuple):
    """What a run did; its modules with the root class of each, and warnings."""

    report: WriteReport
    roots: Mapping[ModulePath, str | None]
    warnings: tuple[Problem, ...]


class Run(NamedTuple):
    """What a run goes out from.

    Attributes:
        problems: those that it began with.
        ignore: rules, and sets of them, whose warnings are not told.
    """

    folder: Path
    options: Options
    places: MappedPlaces
    found: Sequence[Source]
    problems: Sequence[Problem]
    excerpts: Excerpts
    strict: bool
    ignore: Sequence[str]
    progress: Progress | None

    def done(self, note: Note, *, force: bool, check: bool) -> Done:
        """Make what is not there already.

        Raises:
            GenerationError: something is wrong with the input or the output.
            Overtaken: another process changed files meanwhile.
        """
        inputs = Inputs(self.found, self.places, self.options, note)
        made, entries = self._made(inputs, note)
        warnings = self._warnings(made)
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
        return Done(report, roots, warnings)

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

    def _warnings(self, made: Sequence[Made]) -> tuple[Problem, ...]:
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
        if self.ignore:
            from ..telling.rules import rules_in

            told = [problem for problem in told if problem.code not in rules_in(self.ignore)]
        doubts = [problem for problem in told if problem.code != STYLE_LOSS]
        if self.strict and doubts:
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
        from ...write.render import render_marks, render_package

        texts = {**render_package(roots), **render_marks(files)}
        entries[key] = [[*texts, *([OPTIONS] if text_of(self.options) else [])]]
        return {**texts}
