"""What people read in generated files, laid out as ruff does; prose that cannot end early."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence

from ..problems import printable
from .literals import INDENT, WIDTH


def docstring(paragraphs: list[str], depth: int) -> list[str]:
    """A docstring of `paragraphs`, wrapped, as source lines; [] if they are all empty.

    Backslashes and quotes are escaped, and what does not print is shown as an escape, so that no
    text of a schema ends the literal or hides in it.
    """
    width = WIDTH - len(INDENT) * depth
    blocks = [block for text in paragraphs if (block := _wrapped(text, width - 6))]
    if not blocks:
        return []
    indent = INDENT * depth
    # As ruff has it: a space keeps the text's own quotes apart from those of the docstring.
    if blocks[0][0].startswith('"'):
        blocks[0][0] = " " + blocks[0][0]
    if len(blocks) == 1 and len(blocks[0]) == 1 and len(blocks[0][0]) <= width - 6:
        end = " " if blocks[0][0].endswith('"') else ""
        return [f'{indent}"""{blocks[0][0]}{end}"""']
    lines: list[str] = []
    for block in blocks:
        lines += ["", *block] if lines else block
    first, *rest = lines
    body = [f"{indent}{line}" if line else "" for line in rest]
    return [f'{indent}"""{first}', *body, f'{indent}"""']


def _wrapped(text: str, width: int) -> list[str]:
    lines: list[str] = []
    for paragraph in text.split("\n"):
        words = " ".join(printable(paragraph.replace("\t", " ")).split())
        wrapped = textwrap.wrap(
            words, width - words.count('"""'), break_long_words=False, break_on_hyphens=False
        )
        lines += [_escaped(line) for line in wrapped]
    return lines


def _escaped(line: str) -> str:
    line = line.replace("\\", "\\\\")
    return _QUOTES.sub(lambda run: '\\"' * len(run[0]), line)


_QUOTES = re.compile('"{3,}')


def wrapped_call(
    function: str, arguments: Sequence[str], depth: int, *, before: str = ""
) -> list[str]:
    """A call as ruff lays it out: on one line where it fits, else one argument a line."""
    indent = INDENT * depth
    line = f"{indent}{before}{function}({', '.join(arguments)})"
    if len(line) <= WIDTH:
        return [line]
    inner = [f"{indent}{INDENT}{argument}," for argument in arguments]
    return [f"{indent}{before}{function}(", *inner, f"{indent})"]


def comment(text: str) -> str:
    """`text` on one line that is safe after a `#`."""
    return " ".join(printable(text).split())
