"""`brevetti-gen form`: the platform forms of schemas, as files."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from brevettiai.form.documents import FormTooLarge, document_text

from .._version import VERSION
from ..forms.export_lint import inexpressible
from ..load import Loaded, load_package
from ..problems import GenerationError, Problem, printable
from ..write.files import write
from ..write.manifest import Manifest, ManifestError
from .arguments import add_output, add_sources, command_parser
from .report import count, show_problems

_DESCRIPTION = """\
Export the platform form (vue-form-generator) of each schema: schemas/training.schema.json becomes
forms/training.form.json. The same document as `Training.get_schema().schema` of the class."""
_EPILOG = """\
What a form cannot express is told: unions, maps and lists become JSON text, conditions between
settings are checked only when settings load. "x-form" in a schema changes any field; see
docs/forms.md. Only what changed is written, and files of your own in the folder stay."""


def main(arguments: Sequence[str]) -> int:
    """Run the command.

    Raises:
        GenerationError: the schemas are no good, or the folder is not.
    """
    parser = command_parser("brevetti-gen form", _DESCRIPTION, _EPILOG)
    add_sources(parser)
    add_output(parser, "forms")
    parser.add_argument(
        "--force", action="store_true", help="overwrite forms even if someone edited them"
    )
    options = parser.parse_intermixed_args(list(arguments))
    output = Path(options.output)
    _refuse(output, options.sources)
    loaded = load_package(
        options.sources,
        maps=dict(options.maps),
        assert_formats=options.assert_formats,
        form_ranges=options.form_ranges,
    )
    files, remarks = _forms(loaded)
    report = write(files, output, force=options.force, inputs_digest="", tool_version=VERSION)
    show_problems([*loaded.warnings, *remarks])
    changed = f"{len(report.written)} written" if report.written else "nothing changed"
    print(printable(f"{options.output}: {count(len(files), 'form')}, {changed}"))
    return 0


def _refuse(output: Path, sources: Sequence[str]) -> None:
    """Refuse a folder in which the forms would be taken for something else."""
    place = output.resolve()
    for source in map(Path, sources):
        if source.is_dir() and (place == source.resolve() or source.resolve() in place.parents):
            hint = "give another folder: forms among the schemas would be schemas of the next run"
            message = "the forms would lie among the schemas"
            raise GenerationError([Problem(message, output.as_posix(), hint=hint)])
    try:
        manifest = Manifest.load(output)
    except (ManifestError, OSError):
        return  # for the writer to tell
    if any(path.endswith(".py") for path in manifest.files):
        hint = "give the forms a folder of their own"
        message = "this folder holds generated classes"
        raise GenerationError([Problem(message, output.as_posix(), hint=hint)])


def _forms(loaded: Loaded) -> tuple[dict[str, str], list[Problem]]:
    """The texts of the forms by path, and what they cannot express."""
    files: dict[str, str] = {}
    problems: list[Problem] = []
    for found in loaded.classes:
        if found.cls is None:
            message = "the root is no object, so it has no form"
            problems.append(Problem(message, found.name, severity="warning"))
            continue
        try:
            files[form_path(found.uri_path)] = document_text(found.cls.get_schema().schema)
        except FormTooLarge as error:
            problems.append(Problem(str(error), found.name))
            continue
        problems += inexpressible(found.cls, found.name)
    if any(problem.severity == "error" for problem in problems):
        raise GenerationError([*loaded.warnings, *problems])
    return files, problems


def form_path(path: str) -> str:
    """`a/training.schema.json` → `a/training.form.json`."""
    return re.sub(r"(?:\.schema|\.form)?\.(?:json|yaml|yml)$", "", path, flags=re.I) + ".form.json"
