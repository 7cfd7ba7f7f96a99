"""Why a value does not fit, found by reading rows of data. Loaded only after a check has failed.

A row says what one subschema asks for: its keywords in the order in which they are told, each
with what it needs, much as the schema itself has them (`keywords` lists what that is). Where a
keyword holds subschemas, it names their rows: by their keys in the table of the same module; as
`(module, key)` in that of another one; as True or False, where any value will do or none; or it has
the row itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import count, islice
from typing import Any, TypeAlias, cast

from ..errors import Problem
from ..halves import MEND
from .keywords import CHOICES, KIND, NOTHING, READERS, REQUIRED
from .words import did_you_mean, given_text, number_meant

Path: TypeAlias = tuple[str | int, ...]
Rows: TypeAlias = dict[str, dict[str, Any]]

#: With how many problems at the same place a new one is compared.
_COMPARED = 50
_NEVER: dict[str, Any] = {"not": (True, "")}


class Finding:
    """A problem, and what it asks of the value, so that no weaker one is told beside it.

    Attributes:
        family: what it asks about, such as the upper limit; problems of one family are compared.
        fits: whether a value is as asked.
        witnesses: values that are as asked, such that whatever fits all of them is asked too.
    """

    __slots__ = ("family", "fits", "problem", "witnesses")

    def __init__(
        self,
        problem: Problem,
        family: str = "",
        fits: Callable[[Any], bool] | None = None,
        witnesses: Sequence[Any] | None = None,
    ) -> None:
        self.problem = problem
        self.family = family
        self.fits = fits
        self.witnesses = witnesses

    def says(self, other: Finding) -> bool:
        """Whether nothing is left of another problem at the same place where this one is mended."""
        if self.family == NOTHING:
            return True
        fits, related = other.fits, self.family in (other.family, CHOICES)
        if not related or fits is None or self.witnesses is None:
            return False
        return all(map(fits, self.witnesses))


class Findings:
    """Collects problems, each with its path: place by place, in the order of the schema.

    Keys of rows are looked up in the table that `rows` gives.
    """

    def __init__(self, rows: Callable[[], Rows] | None = None) -> None:
        #: How often something was found, again and again perhaps.
        self.refusals = 0
        self._rows: Rows = rows() if rows is not None else {}
        #: The tables of other modules that were needed.
        self._tables: dict[Any, Rows] = {}
        self._secrets: set[Path] = set()
        #: How many near words were sought, also by those that try alternatives.
        self._turns = count()
        #: By place, and by the words about it.
        self._found: dict[Path, dict[str, Finding]] = {}

    @property
    def problems(self) -> list[Problem]:
        """What was found, the strongest of problems that say the same."""
        return [finding.problem for finding in self._all()]

    def _all(self) -> Iterable[Finding]:
        return (finding for found in self._found.values() for finding in found.values())

    def explain(self, child: Any, at: Path, v: Any) -> bool:
        """Find what a row has against the value `v` at `at`; whether that is nothing."""
        before, rows = self.refusals, self._rows
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
        return self.refusals == before

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
        inner._rows, inner._tables = self._rows, self._tables
        inner._secrets, inner._turns = self._secrets, self._turns
        inner.explain(child, at, v)
        return inner

    def add(
        self,
        at: Path,
        expected: str,
        *value: Any,
        family: str = "",
        fits: Callable[[Any], bool] | None = None,
        witnesses: Sequence[Any] | None = None,
    ) -> None:
        """Record that the value at `at`, if there is one, is not as `expected`.

        The other arguments are those of a `Finding`.
        """
        given = ""
        if value:
            is_secret = any(at[:length] in self._secrets for length in range(len(at) + 1))
            meant = ""
            if family == KIND and isinstance(value[0], str) and fits is not None:
                meant = number_meant(value[0], fits)
            given = "a hidden value" if is_secret else given_text(value[0], meant)
        self.put(Finding(Problem(at, expected, given), family, fits, witnesses))

    def put(self, finding: Finding) -> None:
        """Add what was found elsewhere, unless what is known of its place says it all."""
        self.refusals += 1
        problem = finding.problem
        found = self._found.setdefault(problem.path, {})
        others = [*islice(found.values(), _COMPARED)]
        if problem.expected in found or any(other.says(finding) for other in others):
            return
        for other in others:
            if finding.says(other):
                del found[other.problem.expected]
        found[problem.expected] = finding

    def did_you_mean(self, word: str, known: Iterable[Any]) -> str:
        """The one of `known` that is like `word`, in words, for a message."""
        return did_you_mean(word, known, next(self._turns))

    def hide(self, at: Path) -> None:
        """The value at `at`, and all in it, must not be shown."""
        self._secrets.add(at)

    def take(self, other: Findings, condition: str = "") -> None:
        """Add all that `other` found; under a `condition`, which its problems then name."""
        for finding in other._all():
            if condition:
                finding.problem.expected += condition
                finding.witnesses = None
            self.put(finding)

    # What the choice between alternatives asks about each of them

    def is_of_wrong_kind(self, at: Path) -> bool:
        """Whether all that was found is that the value at `at` is of another kind."""
        found = [*islice(self._all(), 2)]
        return (
            len(found) == 1 and found[0].family in (KIND, NOTHING) and found[0].problem.path == at
        )

    def would_take(self, value: Any) -> bool:
        """Whether a value in the place of one that is of another kind would be of the right one."""
        return all(found.fits is not None and found.fits(value) for found in self._all())

    def refuses_all(self, at: Path) -> bool:
        """Whether no value would have been right."""
        return self.is_of_wrong_kind(at) and self.problems[0].expected == NOTHING

    def wrong_choices(self, at: Path) -> dict[Path, Sequence[Any]]:
        """The choices for values at `at`, or directly in it, that are none of them."""
        return {
            finding.problem.path: finding.witnesses
            for finding in self._all()
            if finding.family == CHOICES
            and finding.witnesses is not None
            and at in (finding.problem.path, finding.problem.path[:-1])
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
