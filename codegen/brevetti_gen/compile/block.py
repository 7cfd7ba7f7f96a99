"""Source lines of a suite of checks while they are written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from .literals import INDENT, WIDTH, condition, negated, returned

_COMPARISON = re.compile("^[a-z0-9.]+ (==|!=|<=?|>=?) ")


class Block:
    """Source lines of a suite, with the depth of its indentation."""

    def __init__(self, depth: int = 1) -> None:
        self.depth = depth
        self.lines: list[str] = []
        #: The last `fail_if` of this block: its lines, parts and joint.
        self._last_test: tuple[int, int, tuple[str, ...], str] = (0, -1, (), "and")

    def add(self, line: str) -> None:
        self.lines.append(INDENT * self.depth + line)

    def extend(self, lines: Iterable[str]) -> None:
        self.lines.extend(lines)

    def fail_if(self, *parts: str, joint: str = "and") -> None:
        """`return False` where all (or any) of `parts` hold."""
        start = len(self.lines)
        self.extend(condition("if", parts, joint, self.depth))
        self.add(f"{INDENT}return False")
        self._last_test = (start, len(self.lines), parts, joint)

    def end(self) -> None:
        """`return True`, or what the last test says, at the end of a function."""
        start, stop, parts, joint = self._last_test
        if stop != len(self.lines):
            if self.lines[-1:] != [INDENT * self.depth + "return False"]:
                self.add("return True")
            return
        del self.lines[start:]
        other = "or" if joint == "and" else "and"
        tests = [negated(part) for part in parts]
        if len(tests) == 1 and _COMPARISON.search(tests[0]):
            # Comparing what may be anything gives anything, as type checkers see it.
            tests = [f"bool({tests[0]})"]
        self.extend(returned(tests, other, self.depth))

    def suite_if(self, tests: Sequence[str], suite: Block) -> None:
        """`suite`, a deeper block, under `if` with any of `tests`; a lone `if` in it is merged."""
        if suite.is_one_test():
            self.fail_if(together(tests, "or"), *suite.tested())
            return
        indent = INDENT * suite.depth
        head, *rest = suite.lines
        alone = all(line.startswith(indent + INDENT) for line in rest)
        if alone and head.startswith(f"{indent}if ") and head.endswith(":"):
            test = head.strip().removeprefix("if ").removesuffix(":")
            parts = [together(tests, "or"), f"({test})" if " or " in test else test]
            line = f"{INDENT * self.depth}if {' and '.join(parts)}:"
            if len(line) <= WIDTH:
                self.lines += [line, *(line.removeprefix(INDENT) for line in rest)]
                return
        self.extend(condition("if", tests, "or", self.depth))
        self.extend(suite.lines)

    def is_one_test(self) -> bool:
        """Whether this block is nothing but one `fail_if`."""
        start, stop, _, _ = self._last_test
        return (start, stop) == (0, len(self.lines))

    def tested(self) -> Sequence[str]:
        """Tests that fail together exactly where the last `fail_if` does."""
        *_, parts, joint = self._last_test
        return parts if joint == "and" else [together(parts, "or")]

    def inner(self) -> Block:
        """A deeper suite that writes into this one."""
        block = Block(self.depth + 1)
        block.lines = self.lines
        return block

    def take(self, other: Block) -> None:
        """Append the lines of a block of the same depth."""
        offset = len(self.lines)
        self.lines += other.lines
        start, stop, parts, joint = other._last_test
        if stop >= 0:
            self._last_test = (start + offset, stop + offset, parts, joint)


def together(parts: Sequence[str], joint: str) -> str:
    """Several tests as one operand."""
    return parts[0] if len(parts) == 1 else f"({f' {joint} '.join(parts)})"
