"""`brevetti-gen diff`: the command."""

from __future__ import annotations

import argparse
import gc
import os
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from typing import Any

from brevettiai.cli.output import write_out
from brevettiai.messages.words import did_you_mean

from ....meaning import Meaning, meaning_of
from ....model.types import ModulePath
from ....problems import GenerationError
from ...telling.report import command_parser
from ..arguments import add_meaning, not_empty, parsed
from .change import BREAKS, Change, Comparison, Place
from .comparing import compared
from .documents import unaffected
from .revisions import Version, version_at
from .telling import FORMATS, Told

EXIT_BREAKS = 1
#: What a team has agreed on with others: what is stored, typed or imported. That a default changed
#: is an everyday edit, and told all the same.
DEFAULT = ("stored", "unknown", "forms", "flags", "code")
_DESCRIPTION = """\
Say what changed between two versions of schemas, and what breaks: stored configs that no longer
load, forms, command lines, Python code, and results that change silently."""
_EPILOG = """\
OLD and NEW are files, folders, or git revisions with a path, such as main:schemas/ or
v1.2:schemas/training.schema.json; what is on disk by that name goes first. The work tree is left
alone, and nothing is fetched.

what breaks, told for each change:
{}
That stored configs still load is said only if it is proven; that they do not, with an example.
Exit codes: 0 nothing breaks that --fail-on asks for, 1 something does, or the schemas are no good,
2 wrong usage.

  brevetti-gen diff main:schemas/ schemas/
  brevetti-gen diff main:schemas/ schemas/ --fail-on stored,output --output-format markdown"""


def main(arguments: Sequence[str]) -> int:
    options = parsed(_parser(), arguments)
    names = (options.pop("old"), options.pop("new"))
    fail_on, output_format = options.pop("fail_on"), options.pop("output_format")
    was_enabled = gc.isenabled()
    gc.disable()  # nearly all that is made is kept until the end
    try:
        comparison = _compared(names, options)
    finally:
        if was_enabled:
            gc.enable()
    told = Told(comparison, names, frozenset(fail_on))
    write_out(told.text(output_format))
    return EXIT_BREAKS if told.failing else 0


def _parser() -> argparse.ArgumentParser:
    words = "".join(f"  {word:8} {said}\n" for word, said in BREAKS.items())
    parser = command_parser("brevetti-gen diff", _DESCRIPTION, _EPILOG.format(words))
    for name in ("old", "new"):
        text = f"the {name} version: a file, a folder, or REVISION:PATH"
        parser.add_argument(name, metavar=name.upper(), type=not_empty, help=text)
    text = f"what to fail on, with commas between; by default {','.join(DEFAULT)}; none for nothing"
    parser.add_argument(
        "--fail-on", type=_breaks, default=DEFAULT, metavar="WORD[,WORD…]", help=text
    )
    text = "text (the default), Markdown for a review, JSON, or annotations of GitHub"
    parser.add_argument("--output-format", choices=FORMATS, default=FORMATS[0], help=text)
    add_meaning(parser)
    return parser


def _breaks(text: str) -> tuple[str, ...]:
    words = tuple(word.strip() for word in text.split(","))
    if words == ("none",):
        return ()
    for word in words:
        if word not in BREAKS:
            known = f"there are {', '.join(BREAKS)}{did_you_mean(word, BREAKS)}"
            raise argparse.ArgumentTypeError(f"{word!r} is nothing that can break; {known}")
    return words


def _compared(names: tuple[str, str], options: dict[str, Any]) -> Comparison:
    with ExitStack() as stack:
        versions = [stack.enter_context(version_at(name)) for name in names]
        exclude: list[str] = options.get("exclude") or []
        try:
            left_out = unaffected(versions[0].paths, versions[1].paths, exclude)
        except GenerationError as error:
            raise versions[0].named(versions[1].named(error)) from None
        if left_out is None:
            return Comparison((), {})
        options = {**options, "exclude": [*exclude, *left_out]}
        old, new = (_meaning(version, options) for version in versions)
        comparison = compared(old, new, _partners(versions, old, new))
    changes = [_named(change, *versions) for change in comparison.changes]
    return comparison._replace(changes=tuple(changes))


def _meaning(version: Version, options: dict[str, Any]) -> Meaning:
    try:
        return meaning_of(version.paths, **options)
    except GenerationError as error:
        raise version.named(error) from None


def _partners(
    versions: Sequence[Version], old: Meaning, new: Meaning
) -> dict[ModulePath, ModulePath]:
    """Two files are compared whatever they are called."""
    if any(os.path.isdir(path) for version in versions for path in version.paths):
        return {}
    given = [
        next(
            (
                module.path
                for module in meaning.model.modules
                if module.root.document.source.path.resolve() == version.paths[0].resolve()  # type: ignore[union-attr]
            ),
            (),
        )
        for version, meaning in zip(versions, (old, new), strict=True)
    ]
    return {given[0]: given[1]} if all(given) else {}


def _named(change: Change, old: Version, new: Version) -> Change:
    def place(version: Version, at: Place | None) -> Place | None:
        return at and at._replace(path=version.name(at.path))

    return replace(change, old=place(old, change.old), new=place(new, change.new))
