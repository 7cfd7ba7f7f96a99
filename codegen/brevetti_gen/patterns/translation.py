r"""From ECMA-262 to Python's `re`, once, at generation.

`re.compile(translate(p)).search(text)` finds a match exactly where ECMA-262's
`RegExp(p, "u").test(text)` does, on Python 3.10 to 3.13, for texts of code points. The result is
ASCII, needs no flags, and depends on the pattern and the Unicode table of this package alone.

Captures that no backreference reads become plain groups. What cannot be expressed is refused:
look-behinds that do not unfold into fixed widths, backreferences in look-behinds, and references
whose value hangs on ECMA-262's forgetting of captures in loops (see `captures`).

A pattern that would be slow for what it repeats at its ends is written without (see `simple`).
"""

from __future__ import annotations

from .backtracking import searched
from .captures import Captured, captured
from .classes import set_text
from .errors import PatternError
from .lookbehind import fixed_widths
from .parser import parse
from .syntax import (
    Alternation,
    Backreference,
    Boundary,
    CapturingGroup,
    End,
    Look,
    Node,
    ParsedPattern,
    Remark,
    Repeat,
    Sequence,
    Start,
)

MAX_COUNT = 2**32 - 2
"""The largest count in a quantifier of Python's `re`; no text is as long."""

MAX_LOOK_BEHINDS = 1_000
"""Into how many look-behinds of fixed width those of one pattern may unfold."""

MAX_TEXT = 1_000_000
"""How long the sets of characters of one pattern may be together; `\\p{L}` takes about 10,000."""

# Python's \B never matches in an empty text before 3.14, hence not "(?a:\B)".
_BOUNDARIES = {False: r"(?a:\b)", True: r"(?!(?a:\b))"}

# How tightly a piece of text holds together.
_CHOICE, _CHAIN, _ATOM = range(3)


def translate(pattern: str) -> str:
    """The Python pattern for `re.compile(…).search(text)` that means what `pattern` means.

    Arguments:
        pattern: an ECMA-262 pattern without delimiters, as in JSON Schema's `pattern`.

    Raises:
        PatternError: `pattern` is no ECMA-262, or Python's `re` cannot express it.
    """
    return _Writer(parse(pattern)).text()


def remarks(pattern: str) -> tuple[Remark, ...]:
    r"""What in `pattern` only ECMA-262's Annex B tolerates, such as `\Z` for the letter Z.

    Raises:
        PatternError: `pattern` is no ECMA-262.
    """
    return parse(pattern).remarks


class _Writer:
    """Writes one pattern; knows what its backreferences mean."""

    def __init__(self, pattern: ParsedPattern) -> None:
        self.body = searched(pattern)
        self.look_behinds = 0
        self.set_length = 0
        self.references = captured(pattern.body)
        self.read_groups = {
            number for number, value in self.references.values() if value is not Captured.NEVER
        }

    def text(self) -> str:
        return self.write(self.body)[0]

    def write(self, node: Node) -> tuple[str, int]:
        """The text of `node`, and how tightly it holds together."""
        if isinstance(node, Sequence):
            return "".join(self.held(item, _CHAIN) for item in node.items), _CHAIN
        if isinstance(node, Alternation):
            return "|".join(self.held(option, _CHAIN) for option in node.options), _CHOICE
        if isinstance(node, CapturingGroup):
            if node.number not in self.read_groups:
                return self.write(node.body)
            return f"(?P<g{node.number}>{self.write(node.body)[0]})", _ATOM
        if isinstance(node, Repeat):
            return self.repeat(node)
        if isinstance(node, Look):
            return self.look(node)
        if isinstance(node, Backreference):
            return self.reference(node)
        if isinstance(node, Start):
            return "^", _CHAIN
        if isinstance(node, End):
            return r"\Z", _CHAIN
        if isinstance(node, Boundary):
            return _BOUNDARIES[node.negated], _ATOM
        text = set_text(node)
        self.set_length += len(text)
        if self.set_length > MAX_TEXT:
            raise PatternError("the pattern names too many large sets of characters", 0)
        return text, _ATOM

    def held(self, node: Node, tightness: int) -> str:
        """The text of `node`, in a group if it does not hold together as asked."""
        text, holds = self.write(node)
        return text if holds >= tightness else f"(?:{text})"

    def repeat(self, node: Repeat) -> tuple[str, int]:
        body = self.held(node.body, _ATOM)
        if body == "(?:)":
            return "", _CHAIN
        quantifier = _quantifier(node)
        return (body + quantifier, _CHAIN) if quantifier else (body, _ATOM)

    def look(self, node: Look) -> tuple[str, int]:
        sign = "!" if node.negated else "="
        if node.ahead:
            return f"(?{sign}{self.write(node.body)[0]})", _ATOM
        bodies = fixed_widths(node)
        self.look_behinds += len(bodies)
        if self.look_behinds > MAX_LOOK_BEHINDS:
            raise PatternError("nested look-behinds unfold into too many for Python", node.start)
        texts = [f"(?<{sign}{self.write(body)[0]})" for body in bodies]
        if len(texts) == 1:
            return texts[0], _ATOM
        return ("".join(texts), _CHAIN) if node.negated else ("|".join(texts), _CHOICE)

    def reference(self, node: Backreference) -> tuple[str, int]:
        number, value = self.references[node.start]
        if value is Captured.NEVER:
            return "", _CHAIN
        if value is Captured.ALWAYS:
            return f"(?P=g{number})", _ATOM
        return f"(?(g{number})(?P=g{number}))", _ATOM


def _quantifier(node: Repeat) -> str:
    least = min(node.least, MAX_COUNT)
    most = node.most if node.most is None or node.most <= MAX_COUNT else None
    if node.most is not None and node.most == node.least:
        most = least
    lazy = "?" if node.lazy and least != most else ""
    if most is None:
        limits = {0: "*", 1: "+"}.get(least, f"{{{least},}}")
    elif least == most:
        limits = "" if least == 1 else f"{{{least}}}"
    else:
        limits = "?" if (least, most) == (0, 1) else f"{{{least},{most}}}"
    return limits + lazy
