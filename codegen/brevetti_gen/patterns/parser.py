r"""Parser of ECMA-262 regular expressions, the patterns of JSON Schema.

The language is that of Unicode mode (the flag `u`) of ECMA-262, 15th edition, without the flags
`i`, `m`, `s`, which a JSON Schema cannot set. JSON Schemas in the wild are also written for
engines without the flag; `parse` then tolerates what Annex B of ECMA-262 tolerates (`\-`, `\_`,
lone `{` `}` `]`, legacy octal escapes, quantified lookaheads, …), read as Annex B reads it, with
three deviations that keep one meaning per text: characters are code points, `\p{…}` is always a
property and `\u{…}` always a code point. Each tolerated place is a `Remark`, so that a lint can
show, for instance, that `\Z` means the letter Z. What no mode of ECMA-262 accepts (`(?P<n>…)`,
`(?i)`, `(?#…)`, `a++`) is an error that names the ECMA-262 spelling where there is one.
"""

from __future__ import annotations

from .errors import PatternError
from .reader import DIGITS, Reader
from .syntax import (
    Alternation,
    Backreference,
    Boundary,
    CapturingGroup,
    Char,
    Dot,
    End,
    Look,
    Node,
    ParsedPattern,
    Repeat,
    Sequence,
    Start,
)

MAX_NESTING = 64
"""Groups within groups; deeper patterns are refused, since every later step recurses."""

_GROUP_HINTS = (
    ("(?P<", "named groups are written (?<name>…)"),
    ("(?P=", "references to named groups are written \\k<name>"),
    ("(?#", "there are no comments; describe the pattern in the schema's `description`"),
    ("(?>", "there are no atomic groups"),
    ("(?|", "there are no branch-reset groups"),
    ("(?(", "there are no conditional groups"),
)


def parse(source: str) -> ParsedPattern:
    """The syntax tree of the pattern `source`; with remarks where Unicode mode refuses it.

    Arguments:
        source: the pattern, without delimiters or flags.

    Raises:
        PatternError: `source` is no pattern, or nests deeper than `MAX_NESTING`.
    """
    try:
        return _Parser(source, strict=True).pattern()
    except PatternError:
        return _Parser(source, strict=False).pattern()


class _Parser(Reader):
    """Reads the structure of one pattern: groups, quantifiers and references."""

    def __init__(self, source: str, strict: bool) -> None:
        super().__init__(source, strict)
        self.depth = 0
        self.groups = 0
        self.total, self.has_names = _count_groups(source)
        self.names: dict[str, int] = {}
        self.references: list[tuple[str, int]] = []

    # --- structure

    def pattern(self) -> ParsedPattern:
        body = self.disjunction()
        if self.at < len(self.source):
            raise PatternError("unmatched ')'", self.at)
        body = self._with_named_references(body)
        return ParsedPattern(self.source, body, self.groups, tuple(self.remarks))

    def disjunction(self) -> Node:
        options = [self.alternative()]
        while self.accept("|"):
            options.append(self.alternative())
        return options[0] if len(options) == 1 else Alternation(tuple(options))

    def alternative(self) -> Node:
        items: list[Node] = []
        while (char := self.peek()) and char not in "|)":
            start = self.at
            item, quantifiable = self.term(char)
            items.append(self.quantified(item, start, quantifiable))
        return items[0] if len(items) == 1 else Sequence(tuple(items))

    def term(self, char: str) -> tuple[Node, bool]:
        """The next atom or assertion, and whether a quantifier may follow it."""
        start = self.at
        if char == "(":
            return self.group()
        self.at += 1
        if char == "\\":
            return self.escape(start)
        if char == "[":
            return self.character_class(start), True
        if char == ".":
            return Dot(), True
        if char == "^":
            return Start(), False
        if char == "$":
            return End(), False
        if char in "*+?":
            raise PatternError(self._nothing_to_repeat(start, char), start)
        if char == "{":
            self.at = start
            if self.braces() is not None:
                raise PatternError("nothing to repeat before '{'", start)
            self.at = start + 1
        if char in "{}]":
            self.tolerate(start, f"a lone {char!r} must be written '\\{char}'", "itself")
        return Char(ord(char)), True

    def _nothing_to_repeat(self, index: int, char: str) -> str:
        if char == "+" and self.source[index - 1 : index] in ("*", "+", "?", "}"):
            return "nothing to repeat before '+': there are no possessive quantifiers"
        return f"nothing to repeat before {char!r}"

    def quantified(self, item: Node, start: int, quantifiable: bool) -> Node:
        mark = self.at
        limits = self.quantifier()
        if limits is None:
            return item
        if not quantifiable:
            if not (isinstance(item, Look) and item.ahead):
                raise PatternError("an assertion cannot be repeated", mark)
            self.tolerate(mark, "an assertion cannot be repeated", "a repeated lookahead")
        least, most = limits
        if most is not None and most < least:
            raise PatternError(f"the quantifier's limits are out of order: {most} < {least}", mark)
        lazy = self.accept("?")
        return Repeat(item, least, most, lazy, start, self.at)

    def quantifier(self) -> tuple[int, int | None] | None:
        if self.accept("*"):
            return 0, None
        if self.accept("+"):
            return 1, None
        if self.accept("?"):
            return 0, 1
        return self.braces()

    def braces(self) -> tuple[int, int | None] | None:
        """`{n}`, `{n,}` or `{n,m}`; else None, with nothing consumed."""
        mark = self.at
        if self.accept("{"):
            least = self.number()
            most: int | None = least
            if least is not None and self.accept(","):
                most = self.number()
            if least is not None and self.accept("}"):
                return least, most
        self.at = mark
        return None

    # --- groups

    def group(self) -> tuple[Node, bool]:
        start = self.at
        self.depth += 1
        if self.depth > MAX_NESTING:
            raise PatternError(f"groups nest deeper than {MAX_NESTING} levels", start)
        node, quantifiable = self.group_body(start)
        if not self.accept(")"):
            raise PatternError("this '(' is never closed", start)
        self.depth -= 1
        return node, quantifiable

    def group_body(self, start: int) -> tuple[Node, bool]:
        for opening, ahead, negated in (
            ("(?=", True, False),
            ("(?!", True, True),
            ("(?<=", False, False),
            ("(?<!", False, True),
        ):
            if self.accept(opening):
                return Look(self.disjunction(), ahead, negated, start), False
        if self.accept("(?:"):
            return self.disjunction(), True
        named = self.accept("(?<")
        if not named and self.source.startswith("(?", start):
            raise PatternError(_group_problem(self.source, start), start)
        self.groups += 1
        number = self.groups
        if named:
            name = self.group_name(start)
            if name in self.names:
                raise PatternError(f"the group name {name!r} is used twice", start)
            self.names[name] = number
        else:
            self.at += 1
        return CapturingGroup(self.disjunction(), number), True

    def group_name(self, start: int) -> str:
        """The rest of `<name>`, after the `<`."""
        name = ""
        while (char := self.peek()) != ">":
            self.at += 1
            if char == "\\" and self.accept("u"):
                code = self.unicode_escape()
                char = chr(code) if code is not None else ""
            if not char or not _is_name_character(char, first=not name):
                raise PatternError("a group name must be an identifier followed by '>'", start)
            name += char
        self.at += 1
        if not name:
            raise PatternError("a group name must not be empty", start)
        return name

    # --- escapes

    def escape(self, start: int) -> tuple[Node, bool]:
        r"""The escape whose `\` stood at `start`; outside a class."""
        char = self.peek()
        if char in ("b", "B") and char:
            self.at += 1
            return Boundary(char == "B"), False
        if char in DIGITS and char != "0" and (reference := self.numbered(start)) is not None:
            return reference, True
        if char == "k" and (self.has_names or self.strict):
            self.at += 1
            if not self.accept("<"):
                raise PatternError("\\k must be followed by <name>", start)
            self.references.append((self.group_name(start), start))
            return Backreference(-len(self.references), start), True
        return self.class_escape(start, in_class=False), True

    def numbered(self, start: int) -> Backreference | None:
        r"""`\1` and the like; None if Annex B reads it as an octal escape."""
        mark = self.at
        number = self.number() or 0
        if number <= self.total:
            return Backreference(number, start)
        if self.strict:
            raise PatternError(f"there is no group {number} to refer to", start)
        self.at = mark
        return None

    # --- references by name, once every name is known

    def _with_named_references(self, node: Node) -> Node:
        if not self.references:
            return node
        numbers: list[int] = []
        for name, index in self.references:
            if name not in self.names:
                raise PatternError(f"there is no group named {name!r}", index)
            numbers.append(self.names[name])
        return _renumbered(node, numbers)


def _renumbered(node: Node, numbers: list[int]) -> Node:
    """`node` with the reference -1 turned into `numbers[0]`, -2 into `numbers[1]`, …"""
    if isinstance(node, Backreference) and node.number < 0:
        return Backreference(numbers[-node.number - 1], node.start)
    if isinstance(node, Sequence):
        return Sequence(tuple(_renumbered(item, numbers) for item in node.items))
    if isinstance(node, Alternation):
        return Alternation(tuple(_renumbered(option, numbers) for option in node.options))
    if isinstance(node, CapturingGroup):
        return CapturingGroup(_renumbered(node.body, numbers), node.number)
    if isinstance(node, Look):
        return Look(_renumbered(node.body, numbers), node.ahead, node.negated, node.start)
    if isinstance(node, Repeat):
        body = _renumbered(node.body, numbers)
        return Repeat(body, node.least, node.most, node.lazy, node.start, node.end)
    return node


def _count_groups(source: str) -> tuple[int, bool]:
    """How many captures `source` has, and whether any has a name; needs no valid pattern."""
    count = 0
    named = False
    in_class = False
    index = 0
    while index < len(source):
        char = source[index]
        if char == "\\":
            index += 1
        elif in_class:
            in_class = char != "]"
        elif char == "[":
            in_class = True
        elif char == "(":
            follows = source[index + 1 : index + 4]
            has_name = follows.startswith("?<") and follows[2:] not in ("=", "!")
            named = named or has_name
            count += has_name or not follows.startswith("?")
        index += 1
    return count, named


def _is_name_character(char: str, first: bool) -> bool:
    if char in ("$", "_") or (not first and char in ("\u200c", "\u200d")):
        return True
    return (char if first else "a" + char).isidentifier()


def _group_problem(source: str, start: int) -> str:
    for opening, hint in _GROUP_HINTS:
        if source.startswith(opening, start):
            return f"'{opening}' is not ECMA-262: {hint}"
    if source[start + 2 : start + 3] in tuple("aiLmsux-"):
        return (
            "ECMA-262 has no inline flags; write both cases, as in [Aa], or [^] for any character"
        )
    return "'(?' begins no ECMA-262 group"
