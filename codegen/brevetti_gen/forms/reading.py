"""The form in a file, and the file of the schema that is made of it."""

from __future__ import annotations

import os
from pathlib import Path

from ..problems import GenerationError, Problem, refused
from ..read.document import Document, read
from ..read.find import find
from ..schema.recognise import recognise


def form_in(name: str) -> Document:
    """The platform form in the file `name`.

    Raises:
        GenerationError: it cannot be read, or is no form.
    """
    if Path(name).is_dir():
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


def check_schema_file(output: Path, force: bool) -> None:
    """See that a schema can be written to `output`.

    Raises:
        GenerationError: it is no name of a schema's file, or there is a file and no `force`.
    """
    if output.suffix != ".json":
        hint = "such as schemas/training.schema.json"
        raise refused("in-the-way", "a schema's file must end in .json", output, hint)
    if output.is_dir():
        raise refused("in-the-way", "is a folder", output, "name the schema's file")
    if os.path.lexists(output) and not force:
        raise refused("in-the-way", "this file is there already", output, "--force overwrites it")
