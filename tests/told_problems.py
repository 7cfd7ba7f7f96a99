"""What the command tells of problems, without the names of rules and the lines of sources.

These are the same everywhere, and `codegen/test_messages_of_problems.py` is about them.
"""

from __future__ import annotations

import re

_RULE = re.compile(r" \[[a-z][a-z-]+\]$")
_SOURCE = re.compile(r" +\d* \| ")


def without_sources(lines: list[str]) -> list[str]:
    """The lines of messages and hints."""
    return [_RULE.sub("", line) for line in lines if not _SOURCE.match(line)]
