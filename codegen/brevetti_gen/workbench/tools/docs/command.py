"""`brevetti-gen docs`: the words of the command, and the way from schemas to a reference."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from brevettiai.messages.words import counted

from ....load import load_package
from ....problems import Problem
from ....write.files import write
from ...telling.differences import Difference, tell_differences
from ...telling.report import add_telling, command_parser, taken_from
from ..arguments import add_check, add_output, add_sources, not_empty, parsed, refuse_among_schemas
from ..memory import all_kept
from .contents import Reference
from .layout import TEMPLATES, laid_out
from .since import with_changes
from .writing import pages_of

_DESCRIPTION = """\
Write a reference of all settings: schemas/training.schema.json becomes docs/training.md, beside
docs/index.md, and docs/index.html has all of them in one page that needs no network."""
_EPILOG = f"""\
It says of each setting what the command line and the class know: values, ranges, defaults, choices,
presets, flags, environment variables, and an example that is valid. Secrets are never shown. Only
what changed is written, and files of your own in the folder stay.
A folder of templates can have {", ".join(TEMPLATES[:3])},
{" and ".join(TEMPLATES[3:])}; docs/reference-docs.md says what they get."""


class _Report(NamedTuple):
    """What `--check` tells of."""

    differences: tuple[Difference, ...]
    modules: tuple[str, ...]
    warnings: tuple[Problem, ...]
    notices: tuple[str, ...] = ()


def main(arguments: Sequence[str]) -> int:
    options = parsed(_parser(), arguments)
    telling = taken_from(options)
    name, force, checks, prefix = map(options.pop, ("docs", "force", "check", "env_prefix"))
    templates, since = options.pop("templates", None), options.pop("since", None)
    refuse_among_schemas(Path(name), options["sources"], "docs")
    with all_kept():
        loaded = load_package(**options)
        reference = Reference(tuple(pages_of(loaded.classes, prefix)))
        if since is not None:
            reference = with_changes(reference, since, options)
        files = laid_out(reference, Path(templates) if templates else None)
    report = write(files, Path(name), force=force, check=checks)
    if checks:
        modules = tuple(page.module for page in reference.pages)
        told = _Report(report.differences, modules, loaded.warnings)
        return tell_differences(told, name, telling, checks=True, shows=False)
    telling.problems(loaded.warnings)
    written = files.keys() & set(report.written)
    changed = f"{len(written)} written" if written else "nothing changed"
    gone = [path for path in report.removed if path not in files]
    changed += f", {len(gone)} removed" if gone else ""
    telling.done(f"{name}: {counted(len(files), 'page')}, {changed}")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = command_parser("brevetti-gen docs", _DESCRIPTION, _EPILOG)
    add_sources(parser)
    add_output(parser, "docs", dest="docs")
    text = "a folder with templates that go before ours of the same names"
    parser.add_argument("--templates", type=not_empty, metavar="FOLDER", help=text)
    text = "tell what changed since then: a folder or file of older schemas, or a git revision"
    parser.add_argument("--since", type=not_empty, metavar="VERSION", help=text)
    text = "what environment variables begin with (by default %(default)s, as in jobs)"
    parser.add_argument(
        "--env-prefix", type=not_empty, metavar="NAME", default=_jobs_prefix(), help=text
    )
    text = "overwrite and remove pages even if someone edited them"
    parser.add_argument("--force", action="store_true", help=text)
    add_check(parser)
    add_telling(parser)
    return parser


def _jobs_prefix() -> str:
    from brevettiai.platform.settings import ENV_PREFIX

    return ENV_PREFIX
