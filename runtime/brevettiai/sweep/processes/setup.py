"""What a process that does runs is told first. A value that travels between processes."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from brevettiai.sweep.program import Program
from brevettiai.sweep.runs import Run


@dataclass(frozen=True)
class Setup:
    """What the runs of a sweep have in common.

    Attributes:
        given: what their jobs are told of the platform, see `Link`.
        path: `sys.path`; None for that of the process.
        folder: where they run; None for where the process does.
        forks: whether a process is forked for each, of one that has imported what they need.
    """

    program: Program
    given: Mapping[str, Any] = field(default_factory=dict[str, Any], repr=False)
    path: tuple[str, ...] | None = None
    folder: str | None = None
    forks: bool = True

    def moved(self, folder: str) -> Setup:
        """The same where the program's own modules lie in a folder."""
        program = self.program
        if program.kind == "file":
            program = replace(program, name=os.path.join(folder, program.name))
        return replace(self, program=program, path=(folder, *sys.path), folder=None)


@dataclass(frozen=True)
class Order:
    """A run that is to be done.

    Attributes:
        log: path of the file that its output is added to; None where nobody wants it.
        environ: variables of its process beside those of the server.
    """

    run: Run
    log: str | None = None
    environ: Mapping[str, str] = field(default_factory=dict[str, str])
