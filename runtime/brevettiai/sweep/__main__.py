"""`python -m brevettiai.sweep`: what came out of a sweep, and its space for other engines."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

ENGINES = ("wandb", "ray", "katib", "hydra")
WAYS = ("command", "settings", "preset")


def main(words: Sequence[str] | None = None) -> int:
    """Do what a command line says; the exit code."""
    from brevettiai.errors import visible
    from brevettiai.sweep.errors import SweepError

    given = _parser().parse_args(words)
    try:
        given.does(given)
    except SweepError as error:
        # What was recorded is of others too, and must not play with a terminal.
        print("\n".join(map(visible, str(error).split("\n"))), file=sys.stderr)
        return error.exit_code
    except OSError as error:
        print(f"{given.command}: {error}", file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m brevettiai.sweep", description="What came out of a sweep."
    )
    commands = parser.add_subparsers(dest="command", required=True)

    about = "write one HTML page: best settings, figures, all runs"
    report = commands.add_parser("report", help=about, description=about)
    _add_folder(report)
    report.add_argument("-o", metavar="FILE", dest="file", help="by default FOLDER/report.html")
    report.add_argument(
        "--sweep-storage", metavar="URL", default="", help="of the database, if it has a password"
    )
    report.set_defaults(does=_report)

    about = "print the best settings"
    best = commands.add_parser("best", help=about, description=about)
    _add_folder(best)
    best.add_argument(
        "--as",
        dest="way",
        choices=WAYS,
        default="command",
        help="a command line (the default), a settings file, or a preset for the schema",
    )
    best.add_argument("--run", type=int, metavar="N", help="of that run, not of the best")
    best.set_defaults(does=_best)

    about = "print the search space for another engine"
    export = commands.add_parser("export", help=about, description=about)
    _add_folder(export)
    export.add_argument(
        "--for",
        dest="engine",
        choices=ENGINES,
        required=True,
        help="a sweep of W&B, a script for Ray Tune, an experiment of Katib, a config for Hydra "
        "with its Optuna sweeper",
    )
    export.add_argument("-o", metavar="FILE", dest="file", help="write it there")
    export.add_argument("--program", metavar="COMMAND", help="what starts the job, if not as here")
    export.add_argument("--image", metavar="NAME", default="", help="container image, for Katib")
    export.set_defaults(does=_export)
    return parser


def _add_folder(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", help="of the sweep, local or s3://…")


def _report(given: argparse.Namespace) -> None:
    from brevettiai.sweep.folder import SweepFolder
    from brevettiai.sweep.reports import FILE, report_of

    sweep = SweepFolder(given.folder)
    path = given.file or sweep.io.path.join(given.folder, FILE)
    sweep.io.write_file(path, report_of(sweep, given.sweep_storage))
    print(path)


def _best(given: argparse.Namespace) -> None:
    from brevettiai.cli.writing import Writer
    from brevettiai.sweep.errors import SweepWordsError
    from brevettiai.sweep.folder import SweepFolder

    sweep = SweepFolder(given.folder)
    best = sweep.settings_of(sweep.row(given.run))
    if given.way == "settings":
        print(Writer().json(None, dict(best.config)), end="")
    elif given.way == "preset":
        print(Writer().json(None, best.preset(sweep.definition.goals)), end="")
    elif not sweep.program:
        raise SweepWordsError(
            f"{given.folder} is of a function, which no command starts: --as settings or preset"
        )
    else:
        print(best.command(sweep.definition.program))
    if best.hides_secrets:
        print("Secrets are left out: give them as in the sweep.", file=sys.stderr)


def _export(given: argparse.Namespace) -> None:
    import shlex
    import warnings

    from brevettiai.sweep.errors import SweepWordsError
    from brevettiai.sweep.folder import SweepFolder

    sweep = SweepFolder(given.folder)
    definition = sweep.definition
    try:
        program = shlex.split(given.program) if given.program else sweep.program
    except ValueError as error:
        raise SweepWordsError(f"--program: is no command line: {error}") from None
    if not program:
        raise SweepWordsError(
            f"{given.folder} is of a function, which no command starts: say what does, as in "
            '--program "python -m examples.train"'
        )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            found = sweep.space.export(
                given.engine,
                program=program,
                goal=[str(goal) for goal in definition.goals],
                runs=definition.runs,
                search=definition.search,
                image=given.image,
            )
        except ValueError as error:
            raise SweepWordsError(f"{given.folder}: {error}") from None
    for loss in found.losses:
        print(f"lost: {loss}", file=sys.stderr)
    if given.file:
        sweep.io.write_file(given.file, f"{found}")
    else:
        print(found, end="")


if __name__ == "__main__":
    sys.exit(main())
