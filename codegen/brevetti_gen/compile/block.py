"""Source lines of functions: suites of checks while they are written, and the types of locals."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from .literals import INDENT

#: A test that is the opposite of a call, which itself says whether a value fits.
_REFUSED_CALL = re.compile(r"not ([\w.]+\(\w[^()]*\))")

#: The local names that all functions use alike: `t` the class of a value, `d` attributes, `c` a
#: config, the others any JSON value, of which type checkers infer nothing useful.
_TYPES = {
    **dict.fromkeys(("t", "t1", "t2", "t3"), "object"),
    **dict.fromkeys(("d", "c"), "dict[str, Any]"),
    **dict.fromkeys(("v", "w", "x"), "Any"),
}
_BOUND = re.compile(rf"\b({'|'.join(_TYPES)}): ")


class Block:
    """A suite of statements, with the depth of its indentation.

    Tests that follow one another share a statement.

    >>> block = Block()
    >>> block.fail_if("type(v) is not int")
    >>> block.fail_if("v % 2")
    >>> block.end()
    >>> print(*block.lines, sep="\\n")
        return not (type(v) is not int or v % 2)
    """

    def __init__(self, depth: int = 1, refusal: str = "return False") -> None:
        self.depth = depth
        #: The statement for values that do not fit.
        self.refusal = refusal
        #: Lines, tests of which none may hold, and deeper suites.
        self._parts: list[str | _Test | Block] = []

    def __bool__(self) -> bool:
        return bool(self._parts)

    @property
    def lines(self) -> list[str]:
        """The statements, indented."""
        lines: list[str] = []
        tests: list[str] = []
        for part in self._parts:
            if isinstance(part, _Test):
                tests.append(part)
                continue
            if tests:
                lines += self._statements(tests)
                tests = []
            lines += [part] if isinstance(part, str) else part.lines
        return [*lines, *self._statements(tests)]

    def _statements(self, tests: Sequence[str]) -> Iterable[str]:
        """`tests` with `or` between them, so many in a statement as can still be read."""
        indent = INDENT * self.depth
        for start in range(0, len(tests), 3):
            yield f"{indent}if {' or '.join(tests[start : start + 3])}:"
            yield f"{indent}{INDENT}{self.refusal}"

    def add(self, *lines: str) -> None:
        """Write `lines`, which are not indented yet."""
        self._parts += (INDENT * self.depth + line for line in lines)

    def fail_if(self, *parts: str, joint: str = "and") -> None:
        """Refuse where all (or any) of `parts` hold."""
        tests = parts if joint == "or" else [together(parts, "and")]
        self._parts += map(_Test, tests)

    def end(self) -> None:
        """`return True`, or what the last tests say, at the end of a function."""
        first = len(self._parts)
        while first and isinstance(self._parts[first - 1], _Test):
            first -= 1
        tests = [part for part in self._parts[first:] if isinstance(part, _Test)]
        if tests:
            del self._parts[first:]
            before = (len(tests) - 1) // 3 * 3
            self._parts += self._statements(tests[:before])
            self.add(f"return {opposite(' or '.join(tests[before:]))}")
        elif self._parts[-1:] != [INDENT * self.depth + "return False"]:
            self.add("return True")

    def suite_if(self, tests: Sequence[str], suite: Block) -> None:
        """`suite`, a deeper block, under `if` with any of `tests`."""
        if inner := suite.as_test():
            self.fail_if(together(tests, "or"), inner)
        elif suite:
            self.add(f"if {' or '.join(tests)}:")
            self._parts.append(suite)

    def as_test(self) -> str:
        """One operand that holds where the suite refuses; "" if there is more in it than tests."""
        tests = [part for part in self._parts if isinstance(part, _Test)]
        return together(tests, "or") if tests and len(tests) == len(self._parts) else ""

    def under(self, head: str) -> Block:
        """A deeper suite in this one, below the line `head`."""
        self.add(head)
        block = self.deeper()
        self._parts.append(block)
        return block

    def deeper(self) -> Block:
        """A deeper suite that stands nowhere yet."""
        return Block(self.depth + 1, self.refusal)

    def beside(self) -> Block:
        """A suite of the same depth that stands nowhere yet."""
        return Block(self.depth, self.refusal)

    def take(self, other: Block) -> None:
        """Append what a block of the same depth says."""
        self._parts += other._parts


class _Test(str):
    """A test where a function returns False if it holds."""


def opposite(test: str) -> str:
    """An expression that is a Boolean for type checkers too, whatever is compared."""
    refused_call = _REFUSED_CALL.fullmatch(test)
    return refused_call[1] if refused_call else f"not ({test})"


def together(parts: Sequence[str], joint: str) -> str:
    """Several tests as one operand.

    >>> together(["a", "b"], "or")
    '(a or b)'
    """
    text = f" {joint} ".join(parts)
    return text if len(parts) == 1 or joint == "and" else f"({text})"


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
