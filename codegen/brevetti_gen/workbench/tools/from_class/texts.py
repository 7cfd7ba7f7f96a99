"""What the source of a class says about it to people: docstrings and comments."""

from __future__ import annotations

import ast
import inspect
import io
import re
import sys
import tokenize
from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

from .target import shown_path

_SECTION = re.compile(r"^(?:Args|Arguments|Parameters|Attributes|Keyword Args)\s*:?\s*$")
_HEADING = re.compile(r"^[A-Z][A-Za-z ]*:\s*$|^:\w+")
_ENTRY = re.compile(r"^\*{0,2}(\w+)\s*(?:\([^)]*\))?\s*:\s*(.*)$")
_PARAM = re.compile(r"^:(?:param|ivar|cvar|var)\s+(?:[^:]*\s)?(\w+)\s*:\s*(.*)$")
_FOR_TOOLS = re.compile(r"^(?:type:|noqa|pragma|pylint|pyright|mypy|fmt:|isort|ruff|nosec)", re.I)


class Place(NamedTuple):
    """Where in the user's code something is.

    Attributes:
        name: the class and what in it, with dots.
    """

    name: str
    path: str | None = None
    line: int | None = None


class Texts(NamedTuple):
    """What is said of a class.

    Attributes:
        about: its description.
        members: descriptions by name.
        lines: the lines of members in `path`, by name.
    """

    about: str
    members: dict[str, str]
    lines: dict[str, int]
    path: str | None
    line: int | None

    def place(self, name: str, member: str) -> Place:
        """The place of a member of the class that is called `name`."""
        return Place(f"{name}.{member}", self.path, self.lines.get(member, self.line))


@cache
def texts_of(cls: Any) -> Texts:
    """What the source of a class and of its bases says; little where there is no source."""
    members: dict[str, str] = {}
    lines: dict[str, int] = {}
    path: str | None = None
    line: int | None = None
    for base in reversed(cls.__mro__):
        if base.__module__ in ("builtins", "typing", "abc") or _is_ours(base):
            continue
        own = _read(base)
        members |= own.members
        lines |= own.lines if own.path else {}
        path, line = own.path or path, own.line or line
    held: dict[str, Any] = {**vars(cls)}
    about, listed = _sections(held.get("__doc__"))
    _, of_init = _sections(getattr(held.get("__init__"), "__doc__", None))
    is_signature = about.startswith(f"{cls.__name__}(")
    return Texts("" if is_signature else about, {**listed, **of_init, **members}, lines, path, line)


def _is_ours(cls: type[Any]) -> bool:
    return cls.__module__.partition(".")[0] in ("brevettiai", "pydantic", "msgspec")


class _Source(NamedTuple):
    """A module that people wrote.

    Attributes:
        classes: those of one name, from the top.
        comments: by line.
    """

    path: str | None
    lines: list[str]
    classes: dict[str, list[ast.ClassDef]]
    comments: dict[int, str]


def _read(cls: type[Any]) -> Texts:
    source = _source_of(sys.modules.get(cls.__module__))
    nodes = source.classes.get(cls.__qualname__, []) if source else []
    if source is None or not nodes:
        return Texts("", {}, {}, None, None)
    first = vars(cls).get("__firstlineno__")  # Tells classes of one name apart, from Python 3.13.
    node = next((each for each in nodes if _first_line(each) == first), nodes[-1])
    members: dict[str, str] = {}
    lines: dict[str, int] = {}
    for name, place, said in _members(node):
        lines[name] = place.lineno
        found = said or _comment_at(source.comments, place, source.lines)
        if found:
            members[name] = found
    return Texts("", members, lines, source.path, node.lineno)


@cache
def _source_of(module: Any) -> _Source | None:
    """The source of a module, read once for all its classes; None where there is none."""
    try:
        lines, _ = inspect.findsource(module)
        file, text = inspect.getsourcefile(module), "".join(lines)
        tree, comments = ast.parse(text), dict(_comments(text))
    except (OSError, TypeError, SyntaxError, ValueError, tokenize.TokenError):
        return None
    classes: dict[str, list[ast.ClassDef]] = {}
    waiting: list[tuple[ast.AST, str]] = [(tree, "")]
    while waiting:
        node, around = waiting.pop()
        if isinstance(node, ast.ClassDef):
            classes.setdefault(around + node.name, []).append(node)
            around += f"{node.name}."
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            around += f"{node.name}.<locals>."
        inner = [(each, around) for each in ast.iter_child_nodes(node)]
        waiting += [pair for pair in reversed(inner) if not isinstance(pair[0], ast.expr)]
    return _Source(shown_path(file) if file else None, lines, classes, comments)


def _first_line(node: ast.ClassDef) -> int:
    return min([node.lineno, *(each.lineno for each in node.decorator_list)])


def _members(node: ast.AST) -> Iterator[tuple[str, Any, str]]:
    """The fields of a class, and the parameters of its `__init__`: name, node, own docstring."""
    body: list[ast.stmt] = getattr(node, "body", [])
    for statement, after in zip(body, [*body[1:], None], strict=True):
        if isinstance(statement, ast.FunctionDef) and statement.name == "__init__":
            given = statement.args
            for argument in (*given.posonlyargs, *given.args, *given.kwonlyargs):
                yield argument.arg, argument, ""
        target: Any = getattr(statement, "target", None) or getattr(statement, "targets", [None])[0]
        if isinstance(statement, (ast.AnnAssign, ast.Assign)) and isinstance(target, ast.Name):
            value = getattr(after, "value", None) if isinstance(after, ast.Expr) else None
            said = getattr(value, "value", "")
            yield target.id, statement, inspect.cleandoc(said) if isinstance(said, str) else ""


def _comments(text: str) -> Iterator[tuple[int, str]]:
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            said = token.string.lstrip("#:! ").strip()
            if said and not _FOR_TOOLS.match(said):
                yield token.start[0], said


def _comment_at(comments: dict[int, str], node: Any, lines: list[str]) -> str:
    """The comment behind a member, or the lines of comment right above it."""
    for line in range(node.lineno, (node.end_lineno or node.lineno) + 1):
        if line in comments:
            return comments[line]
    above: list[str] = []
    before: int = node.lineno - 1
    while before in comments and lines[before - 1].lstrip().startswith("#"):
        above.insert(0, comments[before])
        before -= 1
    return " ".join(above)


def _sections(doc: object) -> tuple[str, dict[str, str]]:
    """What a docstring says before its sections, and what it says of single names."""
    if not isinstance(doc, str):
        return "", {}
    about: list[str] = []
    members: dict[str, str] = {}
    name, is_about, is_listing = "", True, False
    for line in inspect.cleandoc(doc).splitlines():
        bare, is_inside = line.strip(), line.startswith((" ", "\t"))
        if found := _PARAM.match(bare):
            is_about, is_listing, name = False, False, found[1]
            members[name] = found[2]
        elif _SECTION.match(bare) and not is_inside:
            is_about, is_listing, name = False, True, ""
        elif _HEADING.match(line) and not is_about:
            is_listing, name = False, ""
        elif is_listing and (found := _ENTRY.match(bare)) and not line.startswith(" " * 6):
            name = found[1]
            members[name] = found[2]
        elif name and bare and is_inside:
            members[name] = f"{members[name]} {bare}".strip()
        elif is_about:
            about.append(line)
        elif not bare:
            name = ""
    return "\n".join(about).strip(), {key: said for key, said in members.items() if said}
