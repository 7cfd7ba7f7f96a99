"""The local names of machine functions, which all of them use alike, and their declarations.

Type checkers infer nothing useful of values that come from JSON; what a local may hold is said
once, at the head of its function.
"""

from __future__ import annotations

import re

from .literals import INDENT

#: `t` the class of a value, `d` attributes, `c` a config, the others any JSON value.
_TYPES = {
    **dict.fromkeys(("t", "t1", "t2", "t3"), "object"),
    **dict.fromkeys(("d", "c"), "dict[str, Any]"),
    **dict.fromkeys(("v", "w", "x"), "Any"),
}
_BOUND = re.compile(rf"\b({'|'.join(_TYPES)}): ")


def with_declared_locals(block: list[str]) -> list[str]:
    """`block`, a function, with declarations of the locals that it assigns."""
    head, *body = block
    if head.startswith("@"):
        return [head, *with_declared_locals(body)]
    bound = {*_BOUND.findall(head), *(line.lstrip().partition(": ")[0] for line in body)}
    assigned = {word.lstrip() for line in body for word in line.split(" = ")[:-1]}
    wanted = sorted(assigned.intersection(_TYPES) - bound)
    lines = [f"{INDENT}{name}: {_TYPES[name]}" for name in wanted]
    return [head, *lines, *body]
