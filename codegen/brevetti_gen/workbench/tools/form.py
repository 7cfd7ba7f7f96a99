"""`brevetti-gen form`: the platform forms of schemas, as files."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from brevettiai.messages.words import counted

from ...forms.exporting import ENDINGS, LIBRARIES, exported
from ...load import load_package
from ...problems import no_errors
from ...write.files import write
from ...write.seals import seals_in, standing, with_lf
from ..telling.report import add_telling, command_parser, taken_from
from .arguments import add_output, add_sources, parsed, refuse_among_schemas

_DESCRIPTION = """\
Export the form of each schema, for the platform (vue-form-generator) or another form library:
schemas/training.schema.json becomes forms/training.form.json, training.rjsf.json or
training.jsonforms.json."""
_EPILOG = """\
What a form cannot express is told: what becomes JSON text, and that conditions between settings
are checked only when settings load. "x-form" in a schema changes any field; see
docs/forms.md. Only what changed is written, and files of your own in the folder stay."""


def main(arguments: Sequence[str]) -> int:
    parser = command_parser("brevetti-gen form", _DESCRIPTION, _EPILOG)
    add_sources(parser)
    add_output(parser, "forms", dest="forms")
    text = "overwrite forms even if someone edited them"
    parser.add_argument(
        "--for",
        dest="library",
        choices=LIBRARIES,
        default=LIBRARIES[0],
        metavar="LIBRARY",
        help="the form library: vue-form-generator (the platform's, the default), "
        "rjsf (react-jsonschema-form) or jsonforms (JSON Forms)",
    )
    parser.add_argument("--force", action="store_true", help=text)
    add_telling(parser)
    options = parsed(parser, arguments)
    telling = taken_from(options)
    name, force, library = (options.pop(key) for key in ("forms", "force", "library"))
    refuse_among_schemas(Path(name), options["sources"], "forms")
    loaded = load_package(**options)
    roots = [(each.source, each.cls) for each in loaded.classes]
    files, remarks = exported(roots, library)
    problems = no_errors([*loaded.warnings, *remarks])
    others, edited = _forms_for_others(Path(name), ENDINGS[library])
    report = write({**others, **files}, Path(name), force=force, kept=edited)
    telling.problems(problems)
    written = files.keys() & set(report.written)
    changed = f"{len(written)} written" if written else "nothing changed"
    telling.done(f"{name}: {counted(len(files), 'form')}, {changed}")
    return 0


def _forms_for_others(folder: Path, ending: str) -> tuple[dict[str, str], list[str]]:
    """The forms in a folder for other libraries than that whose forms have this ending.

    Their texts by path, and the paths of those that someone edited, which are theirs from then on.
    """
    found: dict[str, str] = {}
    edited: list[str] = []
    listed = seals_in(folder)
    for path in listed:
        with suppress(OSError):
            content = b"" if path.endswith(ending) else with_lf((folder / path).read_bytes())
            if content and standing(path, content, listed).is_ours:
                found[path] = content.decode()
            elif content:
                edited.append(path)
    return found, edited
