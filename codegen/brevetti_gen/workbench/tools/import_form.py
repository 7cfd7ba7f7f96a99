"""`brevetti-gen import-form`: a platform form as a JSON Schema, to be refined by hand."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from brevettiai.cli.output import write_out

from ...compile.judge import judge_of
from ...forms.field_values import FormRanges
from ...forms.importing import schema_of_form
from ...forms.reading import check_schema_file, form_in
from ...write.whole import write_whole
from ..telling.parsers import command_parser
from ..telling.report import Telling
from .arguments import add_form_ranges

_DESCRIPTION = """\
Write a platform form (vue-form-generator) as a JSON Schema, which says what the form says and gives
exactly the same form back. Refine it, and go on from there."""
_EPILOG = """\
What is guessed: whole numbers where default, step, min and max are whole; limits from min and max,
but for 0 to 100 with step 1, which the platform writes unasked, and limits that the form's own
values break; lists and objects from the default of JSON fields. docs/forms.md tells all of it."""


def main(arguments: Sequence[str]) -> int:
    """Run the command.

    Raises:
        GenerationError: the form cannot be read, or the output is in the way.
    """
    parser = command_parser("brevetti-gen import-form", _DESCRIPTION, _EPILOG)
    parser.add_argument("form", metavar="FORM", help="the form's file (*.json, *.yaml, *.yml)")
    parser.add_argument(
        "-o",
        "--output",
        metavar="SCHEMA",
        help="the schema's file, such as schemas/training.schema.json; without it, the schema is "
        "printed",
    )
    add_form_ranges(parser)
    parser.add_argument("--force", action="store_true", help="overwrite the schema's file")
    options = parser.parse_args(list(arguments))
    output = Path(options.output) if options.output else None
    if output is not None:
        check_schema_file(output, options.force)
    ranges: FormRanges = options.form_ranges or "limits"
    imported = schema_of_form(form_in(options.form), judge_of, ranges, thorough=True)
    text = json.dumps(imported.schema, indent=2, ensure_ascii=False) + "\n"
    telling = Telling(verbose=True)
    telling.problems(imported.problems)
    if output is None:
        write_out(text)
    else:
        write_whole(output, text, makes_folders=True)
        telling.done(f"{options.output}: written")
    return 0
