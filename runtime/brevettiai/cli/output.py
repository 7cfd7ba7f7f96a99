"""What is printed: characters that an output lacks, readers that have seen enough."""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TextIO


def write_out(text: str, stream: TextIO | None = None) -> None:
    """Print `text`, to stdout by default; if whoever reads it has seen enough, end without a word.

    Where it cannot be written for another reason, a full disk say, that is told.
    Characters that the output cannot show become escapes as JSON has them.
    """
    output = sys.stdout if stream is None else stream
    encoding = getattr(output, "encoding", None) or "utf-8"
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        text = "".join(_encodable(char, encoding) for char in text)
    try:
        print(text, end="", file=output, flush=True)
    except OSError as error:
        # What is left must not be flushed to them when the process ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), output.fileno())
        if not isinstance(error, BrokenPipeError):
            print(f"the output cannot be written: {error.strerror}", file=sys.stderr)
        raise SystemExit(1) from None


def _encodable(char: str, encoding: str) -> str:
    try:
        char.encode(encoding)
    except UnicodeEncodeError:
        from json import dumps

        return dumps(char)[1:-1]
    return char
