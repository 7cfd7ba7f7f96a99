"""The *render* step: templates lay out what people read; the machine half is text already."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Any

from .._version import VERSION
from ..compile.literals import INDENT, WIDTH, literal
from ..compile.module import ModuleText
from ..compile.parts import MachinePart
from ..compile.text import comment, import_statements
from ..model.names import export_key
from ..model.types import Module, ModulePath
from ..read.find import MACHINE
from ..schema.documents import Schema
from .seals import GENERATED_MARK

#: The level of `brevettiai.compiled` that generated code asks for.
RUNTIME_LEVEL = 1


def render_modules(texts: Iterable[tuple[Module, ModuleText]]) -> dict[str, str]:
    """The sources of both halves of modules, by path."""
    files: dict[str, str] = {}
    for module, text in texts:
        document = module.root.document
        assert isinstance(document, Schema)
        header = generated_header(document.source.uri_path)
        # What ties the parts of a module together.
        digest = hashlib.sha256(repr(text).encode()).hexdigest()[:16]
        machine = "." * len(module.path) + ".".join((MACHINE, *module.path))
        files["/".join(module.path) + ".py"] = render_template(
            "module.py.jinja",
            header=header,
            text=text,
            tie=_tie([machine, digest], [text.volume] if text.volume else []),
        )
        for folder, parts in text.machine.items():
            for part in parts:
                path = "/".join((MACHINE, *folder, f"{part.name or '__init__'}.py"))
                files[path] = _machine_text(header, part, digest)
    for path in [*files]:
        for parent in PurePosixPath(path).parents:
            if parent.parts[:1] == (MACHINE,):
                files.setdefault(f"{parent}/__init__.py", f"{generated_header()}\n")
    return files


def _tie(names: list[str], numbers: list[int]) -> list[str]:
    """The statement that ties a module to its machine half, laid out as ruff does."""
    arguments = [literal(RUNTIME_LEVEL), "__name__", *map(literal, [*names, *numbers])]
    for lines in (
        [f"__half__ = Half({', '.join(arguments)})"],
        ["__half__ = Half(", INDENT + ", ".join(arguments), ")"],
    ):
        if max(map(len, lines)) <= WIDTH:
            return lines
    return ["__half__ = Half(", *(f"{INDENT}{argument}," for argument in arguments), ")"]


def _machine_text(header: str, part: MachinePart, digest: str) -> str:
    """A file of a machine half. Nobody lays it out, and nobody has to."""
    lines = [header, "# fmt: off", "# ruff: noqa", "# pyright: basic"]
    lines += ["from __future__ import annotations", f'__digest__ = "{digest}"', *part.imports]
    if not part.name:
        lines += ["machine = Machine(__name__, __half__)", "TYPE_CHECKING = False"]
    if part.type_block:
        lines += ["if TYPE_CHECKING:", *(INDENT + line for line in part.type_block)]
    if part.later:
        lines += ["else:", *(INDENT + line for line in part.later)]
    # At the end, so that what was cut off is seen.
    return "\n".join([*lines, *part.body, "__whole__ = True", ""])


def render_package(modules: Mapping[ModulePath, str | None]) -> dict[str, str]:
    """The `__init__.py` of every folder of the package; of modules with the root class of each."""
    bound = {path[: depth + 1] for path in modules for depth in range(len(path))}
    folders: dict[ModulePath, dict[str, str]] = {path[:-1]: {} for path in bound}
    for path, root_class in modules.items():
        if root_class is not None:
            folders[path[:-1]].setdefault(root_class, path[-1])
    return {
        "/".join((*folder, "__init__.py")): render_template(
            "package.py.jinja",
            header=generated_header(),
            classes=sorted(classes.items(), key=lambda item: export_key(item[0])),
            imports=import_statements(
                [(f".{m}", f"{n} as {n}", f"{n} as {n}") for n, m in classes.items()], depth=1
            ),
            # Python binds modules to their package under the name that may be a class's.
            is_shadowed=any((*folder, name) in bound for name in classes),
            literal=literal,
        )
        for folder, classes in folders.items()
    }


def render_marks(files: Iterable[str]) -> dict[str, str]:
    """What tells tools to pass over the machine's folder, if one of `files` lies there."""
    if not any(path.startswith(f"{MACHINE}/") for path in files):
        return {}
    header = generated_header()
    return {
        f"{MACHINE}/.gitattributes": f"{header}\n* linguist-generated gitlab-generated\n",
        f"{MACHINE}/ruff.toml": f'{header}\nexclude = ["*"]\n',
    }


def generated_header(source: str = "") -> str:
    """The first line of a generated file; `source` names its schema."""
    # Python takes `coding` with one of these behind it for the encoding of a file (PEP 263).
    name = comment(source).replace("coding:", "coding\\x3a").replace("coding=", "coding\\x3d")
    origin = f" from {name}" if source else ""
    return f"# {GENERATED_MARK} {VERSION}{origin}. Changes here are lost."


def render_template(template: str, **values: Any) -> str:
    """The text that one of our templates makes of `values`; texts in HTML are escaped."""
    return str(_template(template, is_html=".html." in template).render(**values))


@cache
def _template(name: str, *, is_html: bool) -> Any:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(templates_folder()),
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        undefined=StrictUndefined,
        autoescape=is_html,
    )
    return environment.get_template(name)


def templates_folder() -> Path:
    """Where the templates lie: in the installed package, or at the top of a checkout."""
    package = Path(__file__).resolve().parent.parent
    for folder in (package / "templates", package.parent.parent / "templates"):
        if os.path.isdir(folder):
            return folder
    raise FileNotFoundError("the templates of brevetti_gen are missing; install it again")
