"""The command `brevetti-gen`.

Only what every run needs is imported at the top: the steps load the libraries of the extra `gen`
when they come to them.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any

from brevettiai.messages.words import counted

from .._version import VERSION
from ..generate import Report, generate
from ..problems import GenerationError
from ..read.find import MACHINE
from ..workbench.telling.differences import tell_differences
from ..workbench.telling.progress import progress_bar
from ..workbench.telling.report import add_telling, command_parser, taken_from, telling_of
from ..workbench.tools.arguments import add_check, add_output, add_sources, parsed
from ..workbench.tools.memory import all_kept
from ..write.options import STYLES

EXIT_PROBLEMS = 1
EXIT_INTERRUPTED = 130

_EXTRA = frozenset(
    """datamodel_code_generator genson jinja2 jsonschema jsonschema_specifications referencing
    ruamel watchfiles""".split()
)
_DESCRIPTION = """\
Compile JSON Schemas and platform forms to a package of typed Python settings classes."""
_EPILOG = """\
Each schema becomes a module: schemas/training.schema.json becomes settings/training.py with the
class Training. Only what changed is written, and files of your own in the output folder stay.
What is not given is as [tool.brevetti-gen] in pyproject.toml says (schemas, output, style, exclude,
maps, allow-slow-patterns, assert-formats, form-ranges, strict, lint), and else as the package
recorded it in its last run: --style, --allow-slow-patterns, --assert-formats, --form-ranges, --map,
--exclude.
Nothing is ever fetched. With --watch, it generates again with each save of a schema. Exit codes:
0 done, 1 problems (nothing was generated), 2 wrong usage, 130 Ctrl-C; with --check 1 also if
anything would change.

other commands, each with a --help of its own:
  brevetti-gen new NAME                       begin: a schema, a job and a test that run
  brevetti-gen infer CONFIGS -o SCHEMA        propose a schema for stored configs
  brevetti-gen from-class MODULE:CLASS        write a schema for a class that people wrote
  brevetti-gen preview SCHEMA                 see the form of a schema, live
  brevetti-gen form SCHEMAS -o FOLDER         export the forms of schemas
  brevetti-gen docs SCHEMAS -o FOLDER         write a reference of all settings
  brevetti-gen migrate CONFIGS --schema S     write stored configs as those of today
  brevetti-gen import-form FORM -o SCHEMA     write a form as a JSON Schema
  brevetti-gen lint SCHEMAS                   tell what is wrong or doubtful, and what people miss
  brevetti-gen explain RULE                   say what a rule is about
  brevetti-gen diff OLD NEW                   say what changed, and what that breaks
  brevetti-gen metaschema                     print a schema of schemas, for editors"""
#: The other commands. A module of the name, or the module `command` in a room of the name, has a
#: function `main(arguments) -> exit code`. What is wrong with what it is given is a
#: GenerationError; wrong usage ends it as argparse does.
_ROOMS = ("diff", "docs", "lint", "migrate")
_COMMANDS = (*_ROOMS, *"explain form from-class import-form infer metaschema new preview".split())


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command with `argv` (by default the process's own) and give its exit code.

    Raises:
        SystemExit: for `--help`, `--version` and wrong usage, as argparse does.
    """
    arguments = sys.argv[1:] if argv is None else list(argv)
    generates = not (arguments and arguments[0] in _COMMANDS)
    try:
        if not generates:
            name = arguments[0].replace("-", "_") + ".command" * (arguments[0] in _ROOMS)
            command = import_module(f"..workbench.tools.{name}", __package__)
            return int(command.main(arguments[1:]))
        return _generate(arguments)
    except GenerationError as error:
        so = f"nothing was {'generated' if generates else 'done'}"
        telling_of(arguments).problems(error.problems, so)
        return EXIT_PROBLEMS
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in _EXTRA:
            raise
        text = 'the generator needs the extra `gen`: pip install "brevetti[gen]"'
        print(f"brevetti-gen: error: {error.name} is not installed; {text}", file=sys.stderr)
        return EXIT_PROBLEMS
    except KeyboardInterrupt:
        return EXIT_INTERRUPTED


def _generate(arguments: Sequence[str]) -> int:
    parser = _parser()
    options = _options(parser, arguments)
    output: str = options["output"]
    telling, checks, shows = taken_from(options), options.pop("check"), options.pop("diff")
    if options.pop("watch"):
        if checks or shows:
            parser.error("--watch writes: it does not go with --check or --diff")
        from ..workbench.tools.watch import watch

        watch(lambda: _options_now(arguments), telling, _summary)
    with all_kept(), progress_bar() as progress:
        report = generate(**options, check=checks or shows, progress=progress)
    if checks or shows:
        return tell_differences(report, output, telling, checks=checks, shows=shows)
    telling.problems(report.warnings)
    gone = (path for path in report.removed if not path.startswith(f"{MACHINE}/"))
    for text in (*report.notices, *(f"removed {path}" for path in gone), _summary(report)):
        telling.done(f"{output}: {text}")
    return 0


def _options(parser: argparse.ArgumentParser, arguments: Sequence[str]) -> dict[str, Any]:
    options = parsed(parser, arguments)
    options["ignore"] = options.pop("lint", {}).get("ignore", ())
    return options


def _options_now(arguments: Sequence[str]) -> dict[str, Any]:
    """The options of `generate`, as words and `pyproject.toml` say now."""
    options = _options(_parser(), arguments)
    for name in ("verbose", "output_format", "check", "diff", "watch"):
        del options[name]
    return options


def _parser() -> argparse.ArgumentParser:
    parser = command_parser("brevetti-gen", _DESCRIPTION, _EPILOG)
    add_sources(parser)
    add_output(parser, "generated package")
    text = "generate classes of another library, under the same names (at first: plain)"
    parser.add_argument("--style", choices=STYLES, help=text)
    text = "overwrite and remove generated files even if someone edited them"
    parser.add_argument("--force", action="store_true", help=text)
    text = "take warnings for errors: generate nothing until they are mended"
    parser.add_argument("--strict", action=argparse.BooleanOptionalAction, help=text)
    add_check(parser)
    text = "write nothing, and print all that a run would change as a unified diff"
    parser.add_argument("--diff", action="store_true", help=text)
    text = "stay, and generate again whenever a schema is saved; Ctrl-C ends"
    parser.add_argument("--watch", action="store_true", help=text)
    add_telling(parser)
    parser.set_defaults(lint=None)
    parser.add_argument("--version", action="version", version=f"brevetti-gen {VERSION}")
    return parser


def _summary(report: Report) -> str:
    """`4 modules, 3 files written, 1 unchanged`."""
    facts = [counted(len(report.modules), "module")]
    if not report.written and not report.removed:
        return f"{facts[0]}, nothing changed"
    facts.append(f"{counted(len(report.written), 'file')} written")
    others = {"unchanged": report.unchanged, "removed": report.removed}
    return ", ".join([*facts, *(f"{len(paths)} {word}" for word, paths in others.items() if paths)])
