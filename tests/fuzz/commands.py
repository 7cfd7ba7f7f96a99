"""The kinds of cases: how each is drawn, and what is looked at when it ended."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

from .allowed import python_faults
from .classes import class_of, draw_class
from .desk import Case, Desk, Ended
from .documents import CONFIGS, FORMS, OTHER, SCHEMAS, damaged, drawn, replaced, some_texts
from .pages import markdown_faults, page_faults
from .serving import draw_serving, run_serving
from .shells import draw_shells, run_shells
from .sweeps import draw_export, draw_sweep, run_export, run_sweep
from .texts import hostile_text
from .using import use_package

STYLES = ("plain", "pydantic", "dataclass", "msgspec", "typeddict")
FORMATS = ("text", "json", "github", "sarif")
_DOCUMENTS = {**SCHEMAS, **{f"form {name}": form for name, form in FORMS.items()}}


class Kind(NamedTuple):
    """A kind of case: how often it comes, how it is drawn and run."""

    weight: int
    draw: Callable[[Random], Case]
    run: Callable[[Desk, Case], None]


def sources(random: Random, documents: Mapping[str, Any] = _DOCUMENTS) -> dict[str, Any]:
    """A folder `s` with a hostile schema or form, some under hostile names."""
    name = "a.json"
    if random.random() < 0.15:
        name = f"{hostile_text(random)[:80]}.json"
    files = {f"s/{name}": drawn(random, documents)}
    if random.random() < 0.1:
        files[f"s/{hostile_text(random)[:60]}/b.schema.json"] = drawn(random, documents)
    return {**files, "s/other.json": replaced(OTHER, some_texts(random, OTHER))}


# Generating


def _draw_generate(random: Random) -> Case:
    style = random.choice(STYLES)
    seed = random.getrandbits(32)
    more = random.choice([*[[]] * 12, ["--diff"], ["--output-format", random.choice(FORMATS)]])
    return Case("generate", sources(random), ["s", "-o", "out", "--style", style, *more], seed)


def _generate(desk: Desk, case: Case) -> None:
    is_written = "--diff" not in case.words
    ended = desk.run(case.words, *(["out"] if is_written else []))
    look_at_package(desk, ended)
    if ended.code == 0 and is_written and not desk.faults:
        use_package(desk, "out", Random(case.more), is_plain="plain" in case.words)


def look_at_package(desk: Desk, ended: Ended, folder: str = "out") -> None:
    """Whatever stands in a generated package is what may."""
    if ended.code and os.path.exists(folder):
        desk.fault("it failed and wrote")
    for fault in python_faults(desk.work / folder):
        desk.fault(fault)


# What is written for people


def _draw_docs(random: Random) -> Case:
    return Case("docs", sources(random), ["docs", "s", "-o", "out"])


def _docs(desk: Desk, case: Case) -> None:
    desk.run(case.words, "out")
    for path in sorted(Path("out").rglob("*")):
        look = {".html": page_faults, ".md": markdown_faults}.get(path.suffix)
        for fault in look(path) if look is not None and path.is_file() else ():
            desk.fault(f"{path}: {fault}")


def _draw_preview(random: Random) -> Case:
    return Case("preview", sources(random), ["preview", "s", "--html", "page.html"])


def _preview(desk: Desk, case: Case) -> None:
    desk.run(case.words, "page.html")
    if os.path.exists("page.html"):
        for fault in page_faults(Path("page.html")):
            desk.fault(fault)


def _draw_serving(random: Random) -> Case:
    return draw_serving(random, sources(random))


# Forms


def _draw_form(random: Random) -> Case:
    library = random.choice(["vue-form-generator", "rjsf", "jsonforms"])
    return Case("form", sources(random), ["form", "s", "-o", "out", "--for", library])


def _form(desk: Desk, case: Case) -> None:
    ended = desk.run(case.words, "out")
    forms = [path for path in Path("out").rglob("*.json") if path.is_file()]
    if ended.code == 0 and not forms:
        desk.fault("there is no form")
    for path in forms:
        desk.attempt(lambda path=path: json.loads(path.read_bytes()))


def _from_class(desk: Desk, case: Case) -> None:
    with class_of(case):
        _propose(desk, case)
    if not desk.faults and os.path.exists("out"):
        use_package(desk, "out", Random(repr(case.files)), is_plain=True)


def _draw_import(random: Random) -> Case:
    words = ["import-form", "f.json", *random.choice([["-o", "schema.json"], []])]
    return Case("import-form", {"f.json": drawn(random, FORMS)}, words)


def _propose(desk: Desk, case: Case) -> None:
    """A command writes or prints a schema."""
    ended = desk.run(case.words, "schema.json")
    if ended.code == 0 and "-o" not in case.words:
        Path("schema.json").write_text(ended.out, encoding="utf-8")
    if ended.code == 0:
        _generate_again(desk, "schema.json")


def _generate_again(desk: Desk, schema: str) -> None:
    """A schema of ours is one that is taken."""
    ended = desk.run([schema, "-o", "out"], "out")
    look_at_package(desk, ended)
    if ended.code:
        desk.fault(f"our own schema is refused: {ended.err[:600]}")


# Looking


def _draw_lint(random: Random) -> Case:
    how = random.choice([["--fix"], ["--diff"], [], ["-v"]])
    how += ["--output-format", random.choice(FORMATS)]
    return Case("lint", sources(random), ["lint", "s", *how])


def _lint(desk: Desk, case: Case) -> None:
    ended = desk.run(case.words, *(["s"] if "--fix" in case.words else []))
    _look_at_format(desk, case.words[-1], ended)


def _look_at_format(desk: Desk, form: str, ended: Ended) -> None:
    if ended.code == 2:
        return
    if form in ("json", "sarif") and "--diff" not in ended.out:
        lines = ended.out.strip()
        if lines:
            desk.attempt(lambda: json.loads(lines))
    if form == "github":
        for line in ended.out.splitlines():
            commands = ("::error ", "::warning ", "::notice ")
            if line.startswith("::") and not line.startswith(commands):
                desk.fault(f"a command of its own: {line[:200]}")


def _draw_diff(random: Random) -> Case:
    files = sources(random)
    name, old = next(iter(files.items()))
    new = damaged(random, old)
    for _ in range(random.randint(0, 2)):
        new = damaged(random, new)
    form = random.choice(["text", "markdown", "json", "github"])
    files = {**files, f"new/{name.partition('/')[2]}": new, "new/other.json": OTHER}
    return Case("diff", files, ["diff", "s", "new", "--output-format", form])


def _diff(desk: Desk, case: Case) -> None:
    ended = desk.run(case.words)
    form = case.words[-1]
    if form != "markdown":
        _look_at_format(desk, form, ended)
        return
    Path("diff.md").write_text(ended.out, encoding="utf-8")
    for fault in markdown_faults(Path("diff.md")):
        desk.fault(fault)


# Stored configs


def _draw_infer(random: Random) -> Case:
    files = {f"{n}.json": drawn(random, CONFIGS) for n in range(random.randint(1, 3))}
    more = ["--suggest"] if random.random() < 0.5 else []
    output = random.choice([["-o", "schema.json"], []])
    return Case("infer", files, ["infer", *files, *output, *more])


def _draw_migrate(random: Random) -> Case:
    schema, config = SCHEMAS["grown"], CONFIGS["grown"]
    texts = some_texts(random, [schema, config])
    files = {"s/a.json": replaced(schema, texts), "configs/c.json": replaced(config, texts)}
    if random.random() < 0.4:
        changed = random.choice(list(files))
        files[changed] = damaged(random, files[changed])
    if random.random() < 0.1:
        files[f"configs/{hostile_text(random)[:60]}.json"] = files["configs/c.json"]
    how = random.choice([[], ["--diff"], ["--check"]])
    return Case("migrate", files, ["migrate", "configs", "--schema", "s", *how])


def _migrate(desk: Desk, case: Case) -> None:
    ended = desk.run(case.words, *(["configs"] if len(case.words) == 4 else []))
    path = Path("configs/c.json")
    if ended.code == 0 and path.exists():
        desk.attempt(lambda: json.loads(path.read_bytes()))


# Words, and what a project says


def _draw_words(random: Random) -> Case:
    words = random.choice(
        [
            ["new", "NAME"],
            ["new", "training", "NAME"],
            ["explain", "NAME"],
            ["from-class", "NAME"],
            ["from-class", "m:NAME"],
            ["from-class", "NAME:x"],
            ["s", "-o", "NAME"],
            ["s", "-o", "out", "--exclude", "NAME"],
            ["s", "-o", "out", "--map", "http://a.example/=NAME"],
            ["s", "-o", "out", "--map", "NAME"],
            ["s", "-o", "out", "--style", "NAME"],
            ["NAME", "-o", "out"],
            ["NAME"],
            ["docs", "s", "-o", "out", "--env-prefix", "NAME"],
            ["docs", "s", "-o", "out", "--since", "NAME"],
            ["docs", "s", "-o", "NAME"],
            ["docs", "s", "-o", "out", "--templates", "NAME"],
            ["form", "s", "-o", "NAME"],
            ["diff", "NAME", "s"],
            ["diff", "NAME:s", "s"],
            ["diff", "s", "s", "--fail-on", "NAME"],
            ["lint", "s", "--select", "NAME"],
            ["lint", "s", "--ignore", "NAME"],
            ["migrate", "NAME", "--schema", "s"],
            ["migrate", "configs", "--schema", "s", "--module", "NAME"],
            ["infer", "NAME", "-o", "schema.json"],
            ["import-form", "NAME"],
            ["preview", "s", "--html", "NAME"],
            ["preview", "NAME", "--html", "page.html"],
        ]
    )
    text = hostile_text(random)[:200].replace("\0", "")
    text = text.encode("utf-8", "replace").decode()  # No process is started with others.
    files = {"s/a.json": SCHEMAS["simple"], "configs/c.json": {}, "m.py": "x = 1\n"}
    return Case("words", files, [text if word == "NAME" else word for word in words])


def _words(desk: Desk, case: Case) -> None:
    """Whatever a name says, it is below the working directory, or the command was told so."""
    if any(".." in word for word in case.words):
        return
    told = [os.path.normpath(word) for word in case.words if _leads_somewhere(word)]
    before = desk.top / "work"
    if any(not os.path.abspath(word).startswith(str(before) + os.sep) for word in told):
        return  # People may name any folder of theirs.
    outputs = ["out", "schema.json", "page.html", *told]
    if case.words[0] == "new":
        outputs += ["schemas", "job.py", "tests", "test_job.py", "pyproject.toml", "README.md"]
        outputs += [".gitignore"]
    desk.run(case.words, *outputs)
    for fault in python_faults(desk.work / "out"):
        desk.fault(fault)


def _leads_somewhere(word: str) -> bool:
    return bool(word) and "\0" not in word


def _draw_project(random: Random) -> Case:
    options = {
        "schemas": ["s"],
        "output": "out",
        "style": "pydantic",
        "exclude": ["b*"],
        "maps": {"http://a.example/": "s"},
        "strict": False,
        "lint": {"select": ["people"], "ignore": ["unit-missing"]},
    }
    for _ in range(random.randint(1, 2)):
        options = damaged(random, options)
    lines = [f"{_toml(key)} = {_toml(value)}" for key, value in options.items()]
    text = "\n".join(["[tool.brevetti-gen]", *lines, ""])
    if random.random() < 0.2:
        text = hostile_text(random).join(text.split("=", 1))
    command = random.choice([[], ["lint"], ["docs", "-o", "out"]])
    files = {"pyproject.toml": text, "s/a.json": SCHEMAS["simple"]}
    return Case("project", files, command, options.get("output"))


def _toml(value: Any) -> str:
    if isinstance(value, dict):
        parts = (f"{_toml(key)} = {_toml(part)}" for key, part in value.items())
        return "{" + ", ".join(parts) + "}"
    if isinstance(value, list):
        return f"[{', '.join(map(_toml, value))}]"
    return "''" if value is None else json.dumps(value).replace("\x7f", "\\u007f")


def _project(desk: Desk, case: Case) -> None:
    output = case.more if isinstance(case.more, str) and _leads_somewhere(case.more) else "out"
    if os.path.abspath(output).startswith(str(desk.work) + os.sep):
        desk.run(case.words, "out", os.path.normpath(output))


KINDS: dict[str, Kind] = {
    "generate": Kind(40, _draw_generate, _generate),
    "docs": Kind(6, _draw_docs, _docs),
    "preview": Kind(6, _draw_preview, _preview),
    "serving": Kind(5, _draw_serving, run_serving),
    "form": Kind(12, _draw_form, _form),
    "from-class": Kind(6, draw_class, _from_class),
    "import-form": Kind(8, _draw_import, _propose),
    "lint": Kind(10, _draw_lint, _lint),
    "diff": Kind(10, _draw_diff, _diff),
    "infer": Kind(5, _draw_infer, _propose),
    "migrate": Kind(5, _draw_migrate, _migrate),
    "words": Kind(8, _draw_words, _words),
    "project": Kind(5, _draw_project, _project),
    "sweep": Kind(4, draw_sweep, run_sweep),
    "export": Kind(4, draw_export, run_export),
    "shells": Kind(1, draw_shells, run_shells),
}
