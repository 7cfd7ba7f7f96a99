r"""Characters, escapes and character classes of ECMA-262 patterns: all but the structure.

`Reader` is the lower half of the parser, which says what is tolerated.
"""

from __future__ import annotations

from brevettiai.formats.unicode_names import long_names

from .errors import PatternError
from .syntax import Char, CharacterClass, Range, Remark, Shorthand, UnicodeProperty

_SYNTAX = frozenset("^$\\.*+?()[]{}|/")
_CONTROLS = {"t": 9, "n": 10, "v": 11, "f": 12, "r": 13}
_HEX = frozenset("0123456789abcdefABCDEF")
DIGITS = frozenset("0123456789")
_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")


class Reader:
    """Reads one pattern from left to right; `at` is the index of the next character."""

    def __init__(self, source: str, strict: bool) -> None:
        self.source = source
        self.strict = strict
        self.at = 0
        self.remarks: list[Remark] = []

    # --- reading characters

    def peek(self) -> str:
        return self.source[self.at : self.at + 1]

    def accept(self, text: str) -> bool:
        if self.source.startswith(text, self.at):
            self.at += len(text)
            return True
        return False

    def remark(self, index: int, text: str) -> None:
        self.remarks.append(Remark(index, text))

    def tolerate(self, index: int, problem: str, reading: str) -> None:
        """Raise `problem` in Unicode mode; else remark on how it is read."""
        if self.strict:
            raise PatternError(problem, index)
        self.remark(index, f"{problem}; read as {reading}")

    def number(self) -> int | None:
        start = self.at
        while self.peek() in DIGITS:
            self.at += 1
        # A count of 19 digits exceeds any text; Python's int() refuses thousands of digits.
        digits = self.source[start : self.at].lstrip("0")
        if self.at == start:
            return None
        return int(digits or "0") if len(digits) < 19 else 10**18

    # --- escapes

    def class_escape(self, start: int, in_class: bool) -> Char | Shorthand | UnicodeProperty:
        char = self.peek()
        if not char:
            raise PatternError("a pattern cannot end in a lone '\\'", start)
        self.at += 1
        if char in "dDsSwW":
            return Shorthand(char.lower(), char.isupper())
        if char in "pP" and (self.strict or self.peek() == "{"):
            return self.property(start, char == "P")
        return Char(self.character_escape(start, char, in_class))

    def character_escape(self, start: int, char: str, in_class: bool) -> int:
        if char in _CONTROLS:
            return _CONTROLS[char]
        if char == "c":
            return self.control_escape(start, in_class)
        if char in "xu":
            code = self.unicode_escape() if char == "u" else self.hex_digits(2)
            if code is not None:
                return code
            form = "\\xHH" if char == "x" else "\\uHHHH or \\u{H…}"
            self.tolerate(start, f"'\\{char}' must be written {form}", f"the letter {char!r}")
            return ord(char)
        if char in DIGITS:
            return self.octal_escape(start, char)
        if in_class and char == "b":
            return 8
        if char not in _SYNTAX and not (in_class and char == "-"):
            self.tolerate(start, f"there is no escape '\\{char}'", f"the character {char!r}")
        return ord(char)

    def control_escape(self, start: int, in_class: bool) -> int:
        letter = self.peek()
        if letter in _LETTERS:
            self.at += 1
            return ord(letter) % 32
        problem = "'\\c' must be followed by a letter"
        if in_class and (letter in DIGITS or letter == "_"):
            self.tolerate(start, problem, f"the control code {ord(letter) % 32}")
            self.at += 1
            return ord(letter) % 32
        self.tolerate(start, problem, "a backslash and the letter c")
        self.at -= 1  # the "c" is read again, as itself
        return ord("\\")

    def octal_escape(self, start: int, char: str) -> int:
        if char == "0" and self.peek() not in DIGITS:
            return 0
        if char in "89":
            self.tolerate(start, f"there is no escape '\\{char}'", f"the character {char!r}")
            return ord(char)
        digits = char
        limit = 3 if char in "0123" else 2
        while len(digits) < limit and self.peek() and self.peek() in "01234567":
            digits += self.peek()
            self.at += 1
        self.tolerate(start, f"there is no escape '\\{digits}'", f"the octal code {digits}")
        return int(digits, 8)

    def unicode_escape(self) -> int | None:
        r"""What follows `\u`; None, with nothing consumed, if it is malformed."""
        mark = self.at
        if self.accept("{"):
            while self.peek() in _HEX:
                self.at += 1
            digits = self.source[mark + 1 : self.at].lstrip("0")
            empty = self.at == mark + 1
            if not empty and self.accept("}") and len(digits) <= 6:
                code = int(digits or "0", 16)
                if code <= 0x10FFFF:
                    return code
            self.at = mark
            return None
        high = self.hex_digits(4)
        if high is not None and 0xD800 <= high <= 0xDBFF:
            mark = self.at
            low = self.hex_digits(4) if self.accept("\\u") else None
            if low is not None and 0xDC00 <= low <= 0xDFFF:
                return 0x10000 + (high - 0xD800 << 10) + (low - 0xDC00)
            self.at = mark
        return high

    def hex_digits(self, count: int) -> int | None:
        digits = self.source[self.at : self.at + count]
        if len(digits) < count or not _HEX.issuperset(digits):
            return None
        self.at += count
        return int(digits, 16)

    def property(self, start: int, negated: bool) -> UnicodeProperty:
        end = self.source.find("}", self.at)
        if self.peek() != "{" or end < 0:
            raise PatternError("\\p must be followed by {property}", start)
        name, equals, value = self.source[self.at + 1 : end].partition("=")
        self.at = end + 1
        known = long_names(name, value if equals else None)
        if known is None:
            raise PatternError(
                f"{self.source[start : end + 1]!r} is no property that ECMA-262 knows; scripts are "
                "written \\p{Script=Greek}, and names have their exact case",
                start,
            )
        return UnicodeProperty(*known, negated)

    # --- character classes

    def character_class(self, start: int) -> CharacterClass:
        negated = self.accept("^")
        items: list[Char | Range | Shorthand | UnicodeProperty] = []
        while not self.accept("]"):
            first_at = self.at
            first = self.class_atom(start)
            if self.peek() != "-" or self.source[self.at + 1 : self.at + 2] in ("]", ""):
                items.append(first)
                continue
            self.at += 1
            last = self.class_atom(start)
            if isinstance(first, Char) and isinstance(last, Char):
                if last.code < first.code:
                    raise PatternError("a range's limits are out of order", first_at)
                items.append(Range(first.code, last.code))
            else:
                self.tolerate(first_at, "a range needs single characters as limits", "three items")
                items += (first, Char(ord("-")), last)
        return CharacterClass(tuple(items), negated)

    def class_atom(self, start: int) -> Char | Shorthand | UnicodeProperty:
        char = self.peek()
        if not char:
            raise PatternError("this '[' is never closed", start)
        self.at += 1
        if char == "\\":
            return self.class_escape(self.at - 1, in_class=True)
        return Char(ord(char))
