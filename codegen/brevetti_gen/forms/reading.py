"""The form in a file."""

from __future__ import annotations

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
