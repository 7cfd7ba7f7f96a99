"""What came out of a sweep, for people: the best settings, and how to go on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from brevettiai.errors import visible
from brevettiai.io import Storage
from brevettiai.sweep.best import FILE, Best, program_words
from brevettiai.sweep.progress import Result
from brevettiai.sweep.rows import FILE as ROWS
from brevettiai.sweep.wording import command_text, first_line, folder_text, params_text, values_text

_MOST = 20
"""How many settings of a Pareto front are told; all are in the folder."""


@dataclass(frozen=True)
class Outcome:
    """What came out of a sweep.

    Attributes:
        bests: of one goal the best run, of several the Pareto front; empty if none is done.
        program: how the program is started, as `Definition.program` has it.
        lasting: flags of the sweep that do not stand in its folder, to go on with.
    """

    result: Result
    bests: tuple[Best, ...]
    lasting: Sequence[str] = ()

    @property
    def program(self) -> str:
        """How the program is started that runs are made of."""
        return self.result.definition.program

    @property
    def exit_code(self) -> int:
        """That of a process which did nothing but this sweep."""
        if self.result.interrupted:
            return 130
        return 0 if self.bests else 1

    def text(self) -> str:
        """All that there is to say, in lines."""
        return "\n".join([self._counts(), *self._best(), *self._places(), *self._resume()])

    def _counts(self) -> str:
        rows, wanted = self.result.rows, self.result.definition.runs
        states = [row.state for row in rows]
        counts = [
            f"{states.count(state)} {state}"
            for state in ("done", "pruned", "failed")
            if state in states
        ]
        if self.result.rejected:
            counts.append(f"{self.result.rejected} proposals rejected by the settings")
        ended = "Stopped after" if self.result.interrupted else "Ended"
        of = f" of {wanted}" if len(rows) < wanted else ""
        return f"{ended} {len(rows)}{of} runs: {', '.join(counts) or 'none done'}"

    def _best(self) -> list[str]:
        goals = self.result.definition.goals
        if not self.bests:
            errors = [row.error for row in self.result.rows if row.error]
            return [f"The last error: {first_line(errors[-1])}"] if errors else []
        if len(goals) == 1:
            best = self.bests[0]
            lines = [f"Best: {values_text(goals, best.row.values)}, of run {best.row.run}"]
        else:
            lines = [f"Best, as none is better in all of {visible(' and '.join(map(str, goals)))}:"]
            lines += self._front()
            best = self.bests[0]
            lines.append(f"The settings of run {best.row.run}, the first of these:")
        if self.program:
            lines.append(f"  {best.command(self.program)}")
        if best.hides_secrets:
            lines.append("  (secrets are left out: give them as in the sweep)")
        return lines

    def _front(self) -> list[str]:
        """The Pareto front as a table."""
        goals = self.result.definition.goals
        table = [["run", *(visible(goal.metric) for goal in goals), "settings"]]
        for best in self.bests[:_MOST]:
            values = [f"{value:.5g}" for value in best.row.values]
            table.append([str(best.row.run), *values, params_text(best.row.params)])
        widths = [max(len(row[i]) for row in table) for i in range(len(table[0]) - 1)]
        lines = [
            "  " + "  ".join([*(c.rjust(w) for c, w in zip(row, widths, strict=False)), row[-1]])
            for row in table
        ]
        left = len(self.bests) - _MOST
        return [*lines, f"  and {left} more"] if left > 0 else lines

    def _places(self) -> list[str]:
        folder = folder_text(self.result.folder.rstrip("/"))
        lines = [f"Runs: {folder}/{ROWS}"]
        if self.bests:
            lines.append(f"Best settings, for --settings-file: {folder}/{FILE}")
        report = ["python", "-m", "brevettiai.sweep", "report", folder]
        lines.append(f"A report: {command_text(report)}")
        return list(map(visible, lines))

    def _resume(self) -> list[str]:
        if not self.result.interrupted or not self.program:
            return []
        folder = self.result.folder
        lines = [f"Go on with: {resume_command(self.program, folder, self.lasting)}"]
        if self.result.definition.secrets:
            lines.append("  (and with the same secrets, which are stored nowhere)")
        return lines


def resume_command(program: str, folder: str, lasting: Sequence[str] = ()) -> str:
    """The command line that goes on with a sweep, for a shell to read.

    Args:
        lasting: flags that do not stand in the folder.
    """
    words = [*program_words(program), "--resume", "--sweep-dir", folder_text(folder), *lasting]
    return command_text(words)


def write_best(io: Storage, folder: str, best: Best) -> None:
    """Write the best settings as a settings file, without secrets.

    Raises:
        OSError: the folder does not take it.
    """
    from brevettiai.config.json_text import json_text

    io.write_file(io.path.join(folder, FILE), json_text(best.config, indent=2) + "\n")
