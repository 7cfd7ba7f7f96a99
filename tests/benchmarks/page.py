"""The page of the benchmarks: what was measured, on which machine, and how to do it again."""

from __future__ import annotations

import os
import platform
import re
from collections.abc import Sequence
from datetime import datetime, timezone
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import table
from brevetti_gen._version import VERSION

_PEERS = Path(__file__).with_name("peers.txt")
_HEAD = """\
# Benchmarks

What each work takes, of ours and of the libraries that do the same, measured in one run in which
all of them take turns. `python -m tests.benchmarks --write docs/benchmarks.md` writes this page; no
number is typed by hand.

- A number is the median over the turns, `±` half of the range that the middle half of them spans,
  and `(1.5x)` the median of a peer's time over ours in the same turn. Less than 1 is faster than
  ours, **bold** where three of four turns were.
- Times are those of a processor, of a process and all that it waited for, where it does not say
  *clock*. In-process times are taken without collection of garbage, as `timeit` does.
- Each peer is used as its own documentation advises for speed. *not installed* is what this run
  could not try, *takes too long* what was left out as the smaller case took long.

"""
_AGAIN = """
To measure again, in an environment of its own, `.venv-peers`, with the peers that
`tests/benchmarks/peers.txt` pins (some 12 minutes on two processors):

```sh
python tasks.py bench --write docs/benchmarks.md
```
"""


def page(chapters: Sequence[table.Chapter], picture: str) -> str:
    """The page; `picture` is the place of the picture beside it, if there is one."""
    parts = [_HEAD + _circumstances() + _AGAIN]
    if picture:
        parts.append(f"![What works of several sizes take, of ours and of peers]({picture})\n")
    parts += ["## In short", "", table.summary(chapters), ""]
    return "\n".join([*parts, *map(table.text, chapters)]).rstrip() + "\n"


def _circumstances() -> str:
    now = datetime.now(timezone.utc).date().isoformat()
    memory = load = ""
    if hasattr(os, "sysconf") and hasattr(os, "getloadavg"):
        size = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
        memory = f", {size / 2**30:.0f} GB"
        load = f"; load {os.getloadavg()[0]:.1f} at the end"
    return "\n".join(
        [
            "| measured | |",
            "| --- | --- |",
            f"| on | {now}, by brevetti {VERSION} |",
            f"| machine | {_processor()}, {os.cpu_count()} processors{memory}, "
            f"{platform.system()} {platform.machine()}{load} |",
            f"| Python | {platform.python_version()} |",
            f"| peers | {', '.join(_versions())} |",
            "",
        ]
    )


def _processor() -> str:
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return platform.processor()
    found = re.search(r"^model name\s*:\s*(.+)$", text, re.MULTILINE)
    return found[1] if found else platform.processor()


def _versions() -> list[str]:
    names = re.findall(r"^([\w-]+)(?:\[\w+\])?==", _PEERS.read_text(encoding="utf-8"), re.MULTILINE)
    return [f"{name} {_version(name)}" for name in names]


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"
