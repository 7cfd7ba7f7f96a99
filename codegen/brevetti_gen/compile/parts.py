"""The files of a machine half, each with what it imports."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from .program import ModuleCode

#: What the runtime's `settings` has of the names that machine halves use.
_FROM_SETTINGS = frozenset({"UNSET", "construct", "construct_given", "grow_object"})
#: Types that only the heads of functions name.
_TYPES = ("Marks", "Notes", "Path", "Renames")
_WORD = re.compile(r"\w+")
#: In the head of a function, or the type of a constant.
_USES_ANY = re.compile(r"^(?:def .*\bAny\b|\w+: (?:dict|tuple)\[[^=]*\bAny\b)", re.MULTILINE)


class MachinePart(NamedTuple):
    """A file of a machine half.

    Attributes:
        name: `objects`, `flags` or `texts`; "" for what is imported first.
        imports: its statements that import.
        type_block: what only type checkers see, and who looks for what is imported.
        later: the statements that stand for that at run time.
        body: all the rest.
    """

    name: str
    imports: list[str]
    type_block: list[str]
    later: list[str]
    body: list[str]


def part_of(code: ModuleCode, name: str, body: list[str], rest: Iterable[str] = ()) -> MachinePart:
    """The part `name` of a module; of the one that is imported first, `rest` are the others."""
    text = "\n".join(body)
    uses_runtime = name in ("", "objects")
    words = set(_WORD.findall(text)) if uses_runtime or code.imports else set[str]()
    dots = "." * (len(code.path) + 1)
    aliases = {path: alias for path, alias in code.imports.items() if alias in words}
    imports = _runtime_imports(code, name, words, aliases=bool(aliases))
    classes = [cls.name for cls in code.classes]
    if name:
        # All it has but for names that begin with an underscore.
        imports += [*_from(".", "*"), *_from(".", (each for each in classes if each[0] == "_"))]
    else:
        shown = (f"{each} as {each}" for each in classes)
        imports += _from(f".{dots}{'.'.join(code.module.path)}", ["__half__", *shown])
    types = _from("typing", ["Any"] if _USES_ANY.search(text) else ())
    heads = "".join(line for line in body if line.startswith("def "))
    types += _from("brevettiai.compiled", (each for each in _TYPES if f": {each}" in heads))
    types += _from(".", (f"{other} as {other}" for other in rest))
    later: list[str] = []
    for other, alias in aliases.items():
        types += _from(dots + ".".join(other[:-1]), [f"{other[-1]} as {alias}"])
        later.append(f'{alias} = later(__package__, "{dots}{".".join(other)}")')
    return MachinePart(name, imports, types, later, body)


def _runtime_imports(code: ModuleCode, name: str, words: set[str], *, aliases: bool) -> list[str]:
    """The statements that import what a part has of the runtime."""
    own = {"": ["Machine"], "flags": ["Field"]}.get(name, [])
    used = {*code.used, "construct"} & words if name in ("", "objects") else set[str]()
    # A constant, which type checkers let no module have of two others.
    unset = ["UNSET as UNSET"] if "UNSET" in code.used and not name else []
    runtime = [*own, *(["later"] if aliases else []), *sorted(used - _FROM_SETTINGS)]
    settings = [*unset, *sorted((used & _FROM_SETTINGS) - {"UNSET"})]
    return _from("brevettiai.compiled", runtime) + _from("brevettiai.settings", settings)


def _from(module: str, names: Iterable[str]) -> list[str]:
    """The statement that imports `names`, if there are any."""
    listed = ", ".join(names)
    return [f"from {module} import {listed}"] if listed else []
