"""What rules find in schemas: group by group, on all cores where there are many."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from ....problems import GenerationError, Problem
from ....read.document import Document
from ....read.find import Source, find, folders_of_files, module_problems
from ....read.mapped import MappedPlaces
from ....write.options import excluded, maps_of, options_for
from ...incremental.groups import Group
from ...incremental.inputs import Inputs
from ...incremental.notes import Note, Overtaken
from ...incremental.spread import Progress, spread
from ...telling.excerpts import Excerpts
from ...telling.rules import ON_REQUEST, SETS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ....meaning import Meaning


def found_in(
    given: Mapping[str, Any], rules: frozenset[str], progress: Progress | None = None
) -> list[Problem]:
    """What rules find in schemas, and all errors, in the order of the sources.

    It begins anew if a file is changed meanwhile.

    Args:
        given: `sources`, and options that say how they are read, as `generate` takes them.
        rules: names of rules.
        progress: called now and then with how many of how many schemas are done.
    """
    try:
        return _found_in(given, rules, progress)
    except Overtaken:
        return found_in(given, rules, progress)


def _found_in(
    given: Mapping[str, Any], rules: frozenset[str], progress: Progress | None
) -> list[Problem]:
    from ....meaning import meaning_of_documents  # which brings in all steps

    names = ("allow_slow_patterns", "assert_formats", "form_ranges")
    chosen = {f"--{name.replace('_', '-')}": given.get(name) for name in names}
    nowhere = Path(".")
    options, _ = options_for(nowhere, chosen, given.get("maps"), given.get("exclude"))
    places = MappedPlaces(maps_of(options, nowhere), folders_of_files(given["sources"]))
    sources, told = find(given["sources"], None, excluded(options))
    told += places.problems()
    inputs = Inputs(sources, places, options, Note(nowhere))
    excerpts = Excerpts(sources, has_others=bool(given.get("maps") or places.folders))

    def remarks(meant: Meaning) -> Iterator[Problem]:
        ignores = meant.ignores
        asserts = options["--assert-formats"] == "on"
        yield from ignores.kept((*meant.problems, *_of_lint_alone(meant, rules, asserts)))
        yield from ignores.unused(rules)

    def look(group: Group) -> tuple[Sequence[Problem], Sequence[Source]]:
        read = inputs.documents(group)
        documents = [each for each in read if isinstance(each, Document)]
        unreadable = [problem for each in read if isinstance(each, list) for problem in each]
        neighbours: Sequence[Source] = ()
        try:
            meant = meaning_of_documents(documents, places, unreadable, options, remarks, told)
            problems, neighbours = meant.problems, meant.known.neighbours
        except GenerationError as error:
            problems = error.problems
        counting = (p for p in problems if p.severity == "error" or p.code in rules)
        # A part of a schema that several classes have is remarked on once.
        return excerpts.added(dict.fromkeys(counting)), neighbours

    _ = excerpts.has_secrets  # which is found out once, whatever processes share in the work
    sizes = [len(group.members) for group in inputs.groups]
    looked = spread(look, inputs.groups, sizes, progress)
    beside = [source for _, neighbours in looked for source in neighbours]
    told += module_problems([*sources, *beside]) if beside else []
    found = [*excerpts.added(told), *(problem for problems, _ in looked for problem in problems)]
    return sorted(dict.fromkeys(found), key=lambda problem: problem.sort_key)


def _of_lint_alone(meant: Meaning, rules: frozenset[str], asserts: bool) -> Iterator[Problem]:
    """What a run does not tell; `asserts` says whether formats are checked."""
    from ....forms.field_lint import shown_badly
    from ....forms.implied import implied
    from ...lint.branches import doubtful_branches
    from ...lint.people import missed_by_people

    yield from doubtful_branches(meant.model, meant.judge)
    if not rules.isdisjoint(SETS["people"]):
        yield from missed_by_people(meant.model, rules)
    if not rules.isdisjoint(("form-implies", "form-repeats")):
        yield from implied(meant.model, asserts)
    if not rules.isdisjoint(ON_REQUEST):
        yield from shown_badly(meant.model)
