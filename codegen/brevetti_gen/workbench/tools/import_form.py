"""`brevetti-gen import-form`: a platform form as a JSON Schema, to be refined by hand."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from ...compile.judge import judge_of
from ...forms.field_values import FormRanges
from ...forms.importing import schema_of_form
from ...problems import GenerationError, Problem, refused
from ...read.document import Document, read
from ...read.find import find
from ...schema.recognise import recognise
from ..telling.report import command_parser
from .arguments import add_form_ranges
from .schema_files import add_schema_file, schema_file

_DESCRIPTION = """\
Write a platform form (vue-form-generator) as a JSON Schema, which says what the form says and gives
exactly the same form back. Refine it, and go on from there. --tidy leaves out what only keeps the
form as it was to the letter, and tells what becomes of the form: what loads stays the same."""
_EPILOG = """\
What is guessed: whole numbers where default, step, min and max are whole; limits from min and max,
but for 0 to 100 with step 1, which the platform writes unasked, and limits that the form's own
values break; lists and objects from the default of JSON fields. docs/forms.md tells all of it."""


def main(arguments: Sequence[str]) -> int:
    parser = command_parser("brevetti-gen import-form", _DESCRIPTION, _EPILOG)
    parser.add_argument("form", metavar="FORM", help="the form's file (*.json, *.yaml, *.yml)")
    add_schema_file(parser)
    add_form_ranges(parser)
    text = "leave out what only keeps the order of facts, checks that the form does not make, and "
    text += "other spellings of what is usual"
    parser.add_argument("--tidy", action="store_true", help=text)
    text = "tell of each field what --tidy changes"
    parser.add_argument("-v", "--verbose", action="store_true", help=text)
    options = parser.parse_args(list(arguments))
    output = schema_file(options)
    ranges: FormRanges = options.form_ranges or "limits"
    tidy: bool = options.tidy
    imported = schema_of_form(form_in(options.form), judge_of, ranges, thorough=True, tidy=tidy)
    output.write(imported.schema, imported.problems, verbose=options.verbose or not tidy)
    return 0


def form_in(name: str) -> Document:
    """The platform form in the file `name`.

    Raises:
        GenerationError: it cannot be read, or is no form.
    """
    if os.path.isdir(name):
        raise refused("not-a-form", "is a folder; give the file of one form", Path(name))
    found, problems = find([name])
    result = read(found[0]) if found else problems
    if not isinstance(result, Document):
        raise GenerationError(result)
    kind = recognise(result)
    if isinstance(kind, Problem):
        raise GenerationError([kind])
    if kind != "form":
        message = "this is a JSON Schema already, not a form"
        raise GenerationError([result.problem("not-a-form", message)])
    return result
