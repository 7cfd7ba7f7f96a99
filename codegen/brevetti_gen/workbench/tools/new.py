"""`brevetti-gen new`: a schema, a job and a test that run at once, to go on from."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from ...problems import GenerationError, Problem, refused
from ...read.find import module_name
from ...write.render import render_template
from ..telling.configuration import FILE
from ..telling.report import Telling, command_parser
from ..telling.whole import write_whole
from .arguments import not_empty

_DESCRIPTION = """\
Begin a project: write a schema, a job that has its settings, and a test, all of which run at once.
Nothing that is there is overwritten."""
_EPILOG = """\
NAME says what the settings are for: `brevetti-gen new training` writes the schema
schemas/training.schema.json, whose class is Training. In the folder then

  brevetti-gen                makes the package settings/ of the schemas
  python job.py --help        lists what can be set
  python job.py --epochs 3    runs the job
  pytest                      runs the test (pip install pytest)"""
_TABLE = "[tool.brevetti-gen]"
#: Bytes of a name. File systems take 255, and suffixes are added.
_LONGEST = 200


def main(arguments: Sequence[str]) -> int:
    parser = command_parser("brevetti-gen new", _DESCRIPTION, _EPILOG)
    text = "what the settings are for, such as training: a name for a module of Python"
    parser.add_argument("name", metavar="NAME", help=text)
    text = "where to begin (at first: the working directory); made if it is not there"
    parser.add_argument("folder", metavar="FOLDER", nargs="?", type=not_empty, help=text)
    options = parser.parse_args(list(arguments))
    name, folder = options.name, Path(options.folder or ".")
    if not name.isidentifier() or module_name(name) != name or name.startswith("_"):
        proposal = module_name(module_name(name).strip("_"))
        will_do = proposal.isidentifier() and not proposal.startswith("_")
        example = f"; {proposal} would do" if will_do else ""
        parser.error(f"NAME must be a name for a module of Python, not {name!r}{example}")
    if len(name.encode("utf-8", "surrogatepass")) > _LONGEST:
        parser.error(f"NAME must be short enough for the name of a file: at most {_LONGEST} bytes")
    texts, cls = _texts(name)
    if cls == "Job":
        parser.error("NAME must say what the settings are for, such as training: Job is the job's")
    if os.path.exists(folder) and not os.path.isdir(folder):
        raise refused("in-the-way", "is no folder", folder, "give the folder to begin in")
    has_project = os.path.lexists(folder / FILE)
    project = texts.pop(FILE)
    files = texts if has_project else {**texts, FILE: project}
    _refuse_obstacles(folder, files)
    telling = Telling()
    for path, text in files.items():
        write_whole(folder / path, text, makes_folders=True)
        telling.done(f"{(folder / path).as_posix()}: written")
    if has_project:
        telling.done(_advice(folder / FILE))
        if _TABLE not in _text_in(folder / FILE):
            telling.done("")
            for line in project.splitlines()[1:]:
                telling.done(f"    {line}")
            telling.done("")
    place = "" if folder == Path() else f"cd {folder.as_posix()}; "
    telling.done(f"next: {place}brevetti-gen && python job.py --help")
    return 0


def _texts(name: str) -> tuple[dict[str, str], str]:
    """The files of a project, by path, and the class of its settings."""
    schema = f"schemas/{name}.schema.json"
    title = json.dumps(name.replace("_", " ").capitalize(), ensure_ascii=False)
    texts = {schema: render_template("new/schema.json.jinja", title=title)}
    cls = _class_of(name, texts[schema])
    for path in ("job.py", "test_job.py", FILE):
        texts[path] = render_template(f"new/{path}.jinja", schema=schema, cls=cls)
    return texts, cls


def _class_of(name: str, schema: str) -> str:
    """The class that the schema becomes."""
    from ...meaning import meaning_of  # which brings in all steps

    with TemporaryDirectory(prefix="brevetti-") as folder:
        path = Path(folder, f"{name}.schema.json")
        path.write_text(schema, encoding="utf-8", newline="\n")
        (module,) = meaning_of([path]).model.modules
    assert module.root_class is not None
    return module.root_class.name


def _refuse_obstacles(folder: Path, files: Iterable[str]) -> None:
    """Refuse to write where something is.

    Raises:
        GenerationError: it names all that is in the way.
    """
    hint = "move it, or begin in another folder: brevetti-gen new NAME FOLDER"
    problems: list[Problem] = []
    for path in files:
        place = folder / path
        if os.path.lexists(place):
            text = "this file is there already"
            problems.append(Problem(text, place.as_posix(), hint=hint, code="in-the-way"))
        elif os.path.lexists(place.parent) and not os.path.isdir(place.parent):
            text = "is no folder, and one is needed here"
            problems.append(Problem(text, place.parent.as_posix(), hint=hint, code="in-the-way"))
    if problems:
        raise GenerationError(dict.fromkeys(problems))


def _text_in(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def _advice(path: Path) -> str:
    """What to do with a project file that is left as it is."""
    if _TABLE in _text_in(path):
        needed = "let its schemas have schemas/, and its output be settings"
        return f"{path.as_posix()}: has {_TABLE} already; {needed}"
    return f"{path.as_posix()}: is left as it is; add these lines to it:"
