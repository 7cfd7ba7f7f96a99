"""`brevetti-gen lint`: what is wrong or doubtful in schemas, and what people will miss in them."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from brevettiai.cli.output import write_out
from brevettiai.messages.words import counted

from ....problems import Problem
from ....read.find import Source, find
from ...telling.differences import Difference
from ...telling.report import Telling, add_telling, command_parser, taken_from
from ...telling.rules import ON_REQUEST, RULES, rules_in, unknown
from ..arguments import add_sources, parsed
from ..memory import all_kept
from .fixes import FixedFile, fixed, write_fixed
from .looking import found_in

_DESCRIPTION = """\
Tell what is wrong or doubtful in schemas, as generating classes from them does, and what people
will miss: titles, descriptions, units, names of one manner. Nothing is generated."""
_EPILOG = """\
RULES are names that stand in brackets behind problems, and those of sets: meaning, people, forms.
Without --select all count but those that are for forms alone (form-json, form-limits, same-label).
What is not given is as [tool.brevetti-gen] in pyproject.toml says, with lint = {select, ignore}.
In a schema, "x-lint": {"ignore": ["unit-missing"]} ignores rules there and in all inside.
Errors are always told. --fix mends what has one right answer, and leaves the rest of a file as it
was written, comments too; run it where version control shows what it did.
Exit codes: 0 nothing was found, 1 something was, 2 wrong usage. docs/linting.md has every rule."""
#: How often what was mended may bring up something else to mend.
_MOST_TURNS = 10


def main(arguments: Sequence[str]) -> int:
    parser = command_parser("brevetti-gen lint", _DESCRIPTION, _EPILOG)
    add_sources(parser)
    for flag, text in (("select", "tell these only"), ("ignore", "do not tell these")):
        parser.add_argument(
            f"--{flag}", action="extend", type=_rules, metavar="RULES", help=f"{text}: a,b,…"
        )
    parser.add_argument("--fix", action="store_true", help="mend what has one right answer")
    text = "show as a unified diff what --fix would do, and write nothing"
    parser.add_argument("--diff", action="store_true", help=text)
    add_telling(parser)
    parser.set_defaults(lint=None)
    options = parsed(parser, arguments)
    telling, fixes, shows = taken_from(options), options.pop("fix"), options.pop("diff")
    chosen = options.pop("lint", {})
    select, ignore = (options.pop(key, chosen.get(key)) for key in ("select", "ignore"))
    rules = chosen_rules(select, ignore)
    if shows:
        return _show(options, rules, telling)
    with all_kept():
        problems, said = found_in(options, rules), "{}"
    if fixes:
        problems, said = _mended(options, rules, problems)
    elif number := sum(file.mended for file in _files(options, problems)):
        said = f"{{}}, of which --fix mends {number}"
    return _tell(problems, said, telling)


def _rules(text: str) -> list[str]:
    names = [name.strip() for name in text.split(",") if name.strip()]
    for name in names:
        if said := unknown(name):
            raise argparse.ArgumentTypeError("; ".join(said))
    return names


def chosen_rules(select: Iterable[str] | None, ignore: Iterable[str] | None) -> frozenset[str]:
    """The rules that count, by names of rules and sets; all that are for everybody by default."""
    asked = RULES.keys() - ON_REQUEST if select is None else rules_in(select)
    return frozenset(asked - rules_in(ignore or ()))


def _files(options: dict[str, Any], problems: Sequence[Problem]) -> Iterator[FixedFile]:
    sources: list[Source] = find(options["sources"], patterns=options.get("exclude") or ())[0]
    yield from fixed(sources, problems)


def _mended(
    options: dict[str, Any], rules: frozenset[str], problems: list[Problem]
) -> tuple[list[Problem], str]:
    """What is left of `problems` when all that can be is mended; and how much was."""
    number, names, left = 0, set[str](), set[Problem]()
    for _ in range(_MOST_TURNS):
        files = list(_files(options, problems))
        left = {problem for file in files for problem in file.left}
        if not any(file.mended for file in files):
            break
        for file in files:
            write_fixed(file)
            number += file.mended
            names.add(file.source.name)
        problems = found_in(options, rules)
    why = "--fix leaves it, as its edit would change something else too"
    hints = {problem: "; ".join(filter(None, [problem.hint, why])) for problem in left}
    problems = [replace(each, hint=hints.get(each, each.hint)) for each in problems]
    return problems, f"{counted(number, 'problem')} mended in {counted(len(names), 'file')}; {{}}"


def _show(options: dict[str, Any], rules: frozenset[str], telling: Telling) -> int:
    """Show what would be mended, and tell nothing else."""
    files = [file for file in _files(options, found_in(options, rules)) if file.mended]
    for file in () if telling.has_output else files:
        names = (file.source.uri_path, file.source.name)
        for line in Difference(*names, file.old, file.new, obstacle=None).lines():
            write_out(f"{line}\n")
    number = sum(file.mended for file in files)
    telling.done(f"{counted(number, 'problem')} would be mended" if number else "nothing to mend")
    return int(number > 0)


def _tell(problems: Sequence[Problem], said: str, telling: Telling) -> int:
    telling.problems(problems, so=None)
    found = [problem for problem in problems if problem.severity != "note"]
    files = {problem.path for problem in found}
    counts = f"{counted(len(found), 'problem')} in {counted(len(files), 'file')}"
    telling.done(said.format(counts if found else "nothing found"))
    return int(bool(found))
