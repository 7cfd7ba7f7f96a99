"""Cases by their numbers, and what is wrong after one."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from pathlib import Path
from random import Random

from .commands import KINDS
from .desk import Case, Desk
from .guard import Guard


def case_of(seed: int, number: int, kind: str | None = None) -> Case:
    """The case of a number, the same wherever it is drawn."""
    random = Random(f"{seed}/{number}")
    weights = [each.weight for each in KINDS.values()]
    (drawn,) = random.choices(list(KINDS), weights)
    return KINDS[kind or drawn].draw(random)


class Runner:
    """Runs cases one after another in a folder, where the files for a time lie too."""

    def __init__(self, folder: Path) -> None:
        self._desk = Desk(folder / "desk", Guard())
        self._temporary = folder / "tmp"
        self._temporary.mkdir(parents=True)
        tempfile.tempdir = os.environ["TMPDIR"] = str(self._temporary)

    def faults(self, case: Case) -> list[str]:
        """What is wrong after a case; nothing if all is well."""
        self._desk.faults = []
        with self._desk.laid(case.files):
            KINDS[case.kind].run(self._desk, case)
        for left in self._temporary.iterdir():
            self._desk.fault(f"left among the files for a time: {left.name}")
            shutil.rmtree(left) if left.is_dir() else left.unlink()
        return self._desk.faults

    @staticmethod
    def sign(faults: list[str]) -> str:
        """By what a failure is told from others: its first fault without texts and numbers."""
        first = faults[0]
        if "Traceback" in first:
            lines = first.strip().splitlines()
            where = [line for line in lines if line.lstrip().startswith('File "')][-1:]
            first = f"{where} {lines[-1].partition(':')[0]}"
        return re.sub(r"'[^']*'|\"[^\"]*\"|\d+", "", first)[:120] if "File" not in first else first
