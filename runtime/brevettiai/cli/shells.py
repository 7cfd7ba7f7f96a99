"""Completion in bash, zsh and fish: the script that sets it up, and the answers that it asks for.

A script asks the program itself, with one word that holds all: `--completion=bash`, and behind
separators the words that were typed. So a program that does not know of this refuses the word
rather than to run.
"""

from __future__ import annotations

import sys

from .completion import Answer, complete
from .output import write_out
from .words import ASKED, SHELLS, is_index

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from ..settings import Settings


def respond(text: str, cls: type[Settings] | None, own: Mapping[str, tuple[str, str]] = {}) -> str:
    """Do what `--completion` asks for and end the process, or say what is wrong with `text`.

    Args:
        text: the name of a shell for its script, or what the script asks.
        own: as `complete` takes them.
    """
    shell, *asked = text.split(ASKED)
    if shell not in SHELLS:
        return f"--completion must be one of {', '.join(SHELLS)}"
    if not asked:
        from .shell_scripts import script

        written = script(shell)
    elif shell == "bash":
        if len(asked) != 3 or not is_index(asked[0]):
            return "--completion=bash takes a count, a line and its end, as the script gives them"
        written = _answer_bash(cls, own, *asked)
    else:
        written = _answer(shell, complete(cls, asked[:-1], asked[-1], own))
    stdout: Any = sys.stdout
    if hasattr(stdout, "reconfigure"):
        # Whatever the locale: shells that complete what is no ASCII talk UTF-8.
        stdout.reconfigure(encoding="utf-8", errors="surrogateescape")
    write_out(written)
    raise SystemExit(0)


def _answer(shell: str, answer: Answer) -> str:
    """The part of the word that stays; then what may follow, a line for each.

    For zsh a line begins with a dot where the word goes on, and its colons are those of
    `_describe`. Names of files are asked for by a second line that is the separator.
    """
    lines = [answer.start]
    if answer.files:
        lines.append(ASKED)
    for word, about in answer.words.items():
        if shell == "fish":
            lines.append(f"{answer.start}{word}\t{about}")
        else:
            goes_on = "." if word.endswith(".") else " "
            parts = [word.replace("\\", "\\\\").replace(":", "\\:")]
            parts += [about.replace("\\", "\\\\")] if about else []
            lines.append(goes_on + ":".join(parts))
    return "\n".join(lines) + "\n"


def _answer_bash(
    cls: type[Settings] | None,
    own: Mapping[str, tuple[str, str]],
    skipped: str,
    line: str,
    piece: str,
) -> str:
    """What bash may put in the place of `piece`, the end of `line` that it replaces.

    It breaks words at `=` and `:` too, and takes what it is given as if it was typed.

    Args:
        skipped: how many words of the line are the program.
        line: the command line up to the cursor, as it was typed.
    """
    words, raw, quote = split(line)
    answer = complete(cls, words[int(skipped) : -1], words[-1], own)
    kept, _, _ = split(raw.removesuffix(piece))
    ahead = len(kept[-1])
    if answer.files:
        return f"{ASKED}{answer.start[ahead:]}\n"
    whole = (answer.start + word for word in answer.words)
    return "".join(quoted(word[ahead:], quote) + "\n" for word in whole)


def split(line: str) -> tuple[list[str], str, str]:
    """The words of a line of bash, the last one as it was typed, and the quote that is open.

    There is always a last word, though it may be empty. Nothing is expanded.
    """
    words = [""]
    quote, start, at, begun = "", 0, 0, False
    while at < len(line):
        char = line[at]
        following = line[at + 1 : at + 2]
        if char == "\\" and quote != "'" and (not quote or following in '$`"\\'):
            words[-1] += following
            at += 1
        elif quote:
            if char == quote:
                quote = ""
            else:
                words[-1] += char
        elif char in "'\"":
            quote, begun = char, True
        elif char in " \t\n":
            if words[-1] or begun:
                words.append("")
            start, begun = at + 1, False
        else:
            words[-1] += char
        at += 1
    return words, line[start:], quote


def quoted(text: str, quote: str) -> str:
    """`text` as it can be typed behind an open `quote`, or outside of quotes."""
    if quote == "'":
        return text.replace("'", "'\\''")
    if quote:
        return "".join("\\" + char if char in '$`"\\' else char for char in text)
    return "".join(
        char if char.isalnum() or char in "-_./:=@%+," or ord(char) > 127 else "\\" + char
        for char in text
    )
