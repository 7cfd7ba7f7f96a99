"""What is made of a group of schemas: the texts of its modules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from ...problems import STYLE_LOSS, GenerationError, Problem
from ...read.document import Document
from ...read.find import ModulePath, Source
from ...read.mapped import MappedPlaces
from ...write.options import Options
from .groups import Group


class Made(NamedTuple):
    """What was made of a group.

    Attributes:
        files: the texts by path; None for those that lie there already.
        modules: the root classes of its modules.
        problems: why nothing could be made, or warnings.
        read: the digests of the files that were read besides the group's own, by path.
        neighbours: those of them that are modules.
    """

    files: Mapping[str, str | None]
    modules: Mapping[ModulePath, str | None]
    problems: tuple[Problem, ...]
    read: Mapping[str, str] = {}
    neighbours: tuple[Source, ...] = ()

    def was_made_of(self, group: Group) -> bool:
        """Whether it was made of nothing but what is known of the group."""
        if group.outside is None:
            return False
        return self.read.items() <= {each[:2] for each in group.outside.values()}


def made_of(
    found: Sequence[Document | list[Problem]],
    places: MappedPlaces,
    options: Options,
    told: Sequence[Problem],
) -> Made:
    """What is made of the documents of a group; or of some, why they cannot be read.

    What is `told` of other groups needs no further word.
    """
    from ...compile.module import module_texts
    from ...meaning import meaning_of_documents, too_large
    from ...schema.verdicts import Multiplied
    from ...write.render import render_modules

    documents = [each for each in found if isinstance(each, Document)]
    unreadable = [p for each in found if isinstance(each, list) for p in each]
    style, assert_formats = options["--style"], options["--assert-formats"] == "on"
    try:
        meant = meaning_of_documents(documents, places, unreadable, options, told=told)
        try:
            if style == "plain":
                files = render_modules(module_texts(meant.model, meant.scopes, assert_formats))
                lost: list[Problem] = []
            else:
                from ...styles.package import style_files

                files, lost = style_files(style, meant.model, meant.judge, assert_formats)
                lost = meant.ignores.kept(lost)
        except (Multiplied, RecursionError) as error:
            raise too_large(error, meant.known.index, documents) from None
    except GenerationError as error:
        return Made({}, {}, error.problems)
    roots = {m.path: m.root_class.name if m.root_class else None for m in meant.model.modules}
    known = meant.known
    return Made(files, roots, (*meant.problems, *lost), known.read, known.neighbours)


def entry_of(made: Made, told_as: Sequence[str]) -> list[Any]:
    """What is noted of a group. What a style cannot hold, nobody can mend: it is told once."""
    problems = [
        ({name: value for name, value in vars(problem).items() if name != "code"}, problem.code)
        for problem in made.problems
        if problem.code != STYLE_LOSS
    ]
    neighbours = [(str(path), *others) for path, *others in made.neighbours]
    return [[*made.files], [*made.modules.items()], problems, told_as, neighbours]


def made_by(entry: Sequence[Any], told_as: Sequence[str]) -> Made | None:
    """What was made of a group as an entry says; None if its problems were told otherwise."""
    files, modules, problems, was_told_as, neighbours = entry
    if problems and was_told_as != told_as:
        return None
    return Made(
        dict.fromkeys(files),
        {tuple(path): root for path, root in modules},
        tuple(Problem(**said, code=code) for said, code in problems),
        neighbours=tuple(Source(*each) for each in neighbours),
    )
