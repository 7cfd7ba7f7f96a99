"""Texts in Markdown: as they are, whichever dialect or site generator reads them.

What all dialects know as escaped has a backslash, everything else is a character reference, as
Python-Markdown keeps HTML and shows backslashes before `<`.
"""

from __future__ import annotations

import re
from posixpath import dirname, relpath

from markupsafe import Markup

from .contents import Link

_BACKSLASHED = frozenset("\\`*_{}[]#!")
_MARKS = re.compile(r"[\\`*_{}\[\]#!<>&|~$^]|:(?=[\w+-]+:)|(?<=\{)%|%(?=\})")
#: What begins a list, a heading or a definition where it begins a line.
_STARTS = re.compile(r"[-+:](?=\s|$)|-(?=-)|=(?==*$)|\d+(?=[.)](?:\s|$))")
#: What no code between backticks can have, nor a site that is made of templates.
_NO_CODE = re.compile(r"`|\{\{|\}\}|\{[%#]|[%#]\}|^\s|\s$|^$")
_PUNCTUATION = re.compile(r"[!-/:-@\[-`{-~]")


def text(value: object) -> Markup:
    """A text as one line, or in one; what is laid out already stays.

    >>> print(text("1. a_b <b> {{ 7 * 7 }}"), text("2 * 3"))
    1&#46; a\\_b &lt;b&gt; \\{\\{ 7 \\* 7 \\}\\} 2 \\* 3
    """
    if isinstance(value, Markup):
        return value
    escaped = _MARKS.sub(lambda mark: _escape(mark[0]), str(value))
    start = _STARTS.match(escaped)
    if start is not None:
        # Of a number that counts it is the point behind it that makes a list.
        at = start.end() if start[0].isdigit() else 0
        escaped = escaped[:at] + _reference(escaped[at]) + escaped[at + 1 :]
    return Markup(escaped)


def code(value: str, in_table: bool = False) -> Markup:
    """A text as code.

    >>> print(code("auto|cpu"), code("auto|cpu", in_table=True))
    `auto|cpu` <code>auto&#124;cpu</code>
    """
    if _NO_CODE.search(value) or (in_table and "|" in value):
        inner = _PUNCTUATION.sub(lambda mark: _reference(mark[0]), value)
        return Markup(f"<code>{inner}</code>")
    return Markup(f"`{value}`")


def address(link: Link, page: str = "") -> Markup:
    """What leads to a place from a page of Markdown.

    >>> print(address(Link("a", "x/a.md", "x.a-n"), "x/b.md"))
    a.md#x.a-n
    """
    file = "" if link.file == page else relpath(link.file, dirname(page) or ".")
    return Markup(f"{file}#{link.anchor}" if link.anchor else file)


def _escape(char: str) -> str:
    return f"\\{char}" if char in _BACKSLASHED else _reference(char)


def _reference(char: str) -> str:
    return {"<": "&lt;", ">": "&gt;", "&": "&amp;"}.get(char) or f"&#{ord(char)};"
