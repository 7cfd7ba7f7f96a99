"""Why a value does not fit, found by reading rows of data. Loaded only after a check has failed.

A row says what one subschema asks for: its keywords in the order in which they are told, each
with what it needs, much as the schema itself has them (`keywords` lists what that is). Where a
keyword holds subschemas, it names their rows: by their keys in the table of the same module; as
`(module, key)` in that of another one; as True or False, where any value will do or none; or it has
the row itself.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias, cast

from ..errors import Problem
from ..halves import MEND
from .keywords import NOTHING, READERS, REQUIRED
from .words import shown

Path: TypeAlias = tuple[str | int, ...]
Rows: TypeAlias = dict[str, dict[str, Any]]

_NEVER: dict[str, Any] = {"not": (True, "")}


class Findings:
    """Collects problems, each with its path, in the order of the schema.

    Keys of rows are looked up in the table that `rows` gives.
    """

    def __init__(self, rows: Callable[[], Rows] | None = None) -> None:
        self.problems: list[Problem] = []
        self._rows: Rows = rows() if rows is not None else {}
        #: The tables of other modules that were needed.
        self._tables: dict[Any, Rows] = {}
        self._secrets: set[Path] = set()
        #: The indices of problems that say the value is of the wrong kind altogether.
        self._wrong_kinds: set[int] = set()
        #: The values that were allowed, by the index of the problem that says so.
        self._choices: dict[int, Sequence[Any]] = {}

    def explain(self, child: Any, at: Path, v: Any) -> bool:
        """Find what a row has against the value `v` at `at`; whether that is nothing."""
        before, rows = len(self.problems), self._rows
        row: Any = child
        if isinstance(child, tuple):
            module, row = cast("tuple[Any, Any]", child)
            if module not in self._tables:
                self._tables[module] = module.machine.texts.explanations()
            self._rows = self._tables[module]
        if type(row) is str:
            row = self._named(row)
        elif row is True or row is False:
            row = {} if row else _NEVER
        for keyword in row:
            if READERS[keyword](self, at, v, row, keyword):
                break
        self._rows = rows
        return len(self.problems) == before

    def _named(self, name: str) -> Any:
        """The row of a name, which is another name where it is what other modules know it by.

        Raises:
            ImportError: another version of the module is there than that which refers to it.
        """
        row: Any = name
        while type(row) is str:
            if row not in self._rows:
                raise ImportError(f"nothing explains {row!r} any more: {MEND}")
            row = self._rows[row]
        return row

    def tried(self, child: Any, at: Path, v: Any) -> Findings:
        """What a row has against a value that it need not fit."""
        inner = Findings()
        inner._rows, inner._tables, inner._secrets = self._rows, self._tables, self._secrets
        inner.explain(child, at, v)
        return inner

    def add(
        self,
        at: Path,
        expected: str,
        *value: Any,
        kind: bool = False,
        choices: Sequence[Any] = (),
    ) -> None:
        """Record that the value at `at`, if there is one, is not as `expected`.

        Arguments:
            kind: it is of the wrong kind altogether.
            choices: the values that are right, if these are few.
        """
        given = ""
        if value:
            is_secret = any(at[: len(secret)] == secret for secret in self._secrets)
            given = "a hidden value" if is_secret else shown(value[0])
        if kind:
            self._wrong_kinds.add(len(self.problems))
        if choices:
            self._choices[len(self.problems)] = choices
        self.problems.append(Problem(at, expected, given))

    def hide(self, at: Path) -> None:
        """The value at `at`, and all in it, must not be shown."""
        self._secrets.add(at)

    def take(self, other: Findings) -> None:
        """Add all that `other` found."""
        offset = len(self.problems)
        self._wrong_kinds.update(offset + index for index in other._wrong_kinds)
        self._choices.update((offset + index, v) for index, v in other._choices.items())
        self.problems += other.problems

    # What the choice between alternatives asks about each of them

    def is_of_wrong_kind(self, at: Path) -> bool:
        """Whether all that was found is that the value at `at` is of another kind."""
        return len(self.problems) == 1 and 0 in self._wrong_kinds and self.problems[0].path == at

    def refuses_all(self, at: Path) -> bool:
        """Whether no value would have been right."""
        return self.is_of_wrong_kind(at) and self.problems[0].expected == NOTHING

    def wrong_choices(self, at: Path) -> dict[Path, Sequence[Any]]:
        """The choices for values at `at`, or directly in it, that are none of them."""
        return {
            self.problems[index].path: values
            for index, values in self._choices.items()
            if at in (self.problems[index].path, self.problems[index].path[:-1])
        }

    def missing_keys(self, at: Path) -> list[str]:
        """The keys that the object at `at` lacks."""
        return [
            str(problem.path[-1])
            for problem in self.problems
            if problem.expected == REQUIRED and problem.path[:-1] == at
        ]

    def distance(self, at: Path) -> tuple[int, int, int]:
        """How far a value is from a branch: wrong kind, then wrong tag, then number of problems."""
        wrong_tags = sum(
            isinstance(values[0], str) and len(path) == len(at) + 1
            for path, values in self.wrong_choices(at).items()
        )
        return int(self.is_of_wrong_kind(at)), wrong_tags, len(self.problems)
