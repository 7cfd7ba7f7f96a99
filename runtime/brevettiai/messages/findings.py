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
from typing import Any, TypeAlias

from ..errors import Problem
from .keywords import CHOICES, KIND, NOTHING, READERS, REQUIRED
from .secrets import HIDDEN, MASK, NONE, Secrets
from .tables import Rows, Tables
from .words import did_you_mean, given_text, number_meant

Path: TypeAlias = tuple[str | int, ...]

#: With how many problems at the same place a new one is compared.
_COMPARED = 50


class Finding:
    """A problem, and what it asks of the value, so that no weaker one is told beside it.

    Attributes:
        family: what it asks about, such as the upper limit; problems of one family are compared.
        fits: whether a value is as asked.
        witnesses: values that are as asked, such that whatever fits all of them is asked too.
        condition: under which it is asked, as its words name it.
    """

    __slots__ = ("condition", "family", "fits", "problem", "witnesses")

    def __init__(
        self,
        problem: Problem,
        family: str = "",
        fits: Callable[[Any], bool] | None = None,
        witnesses: Sequence[Any] | None = None,
        condition: str = "",
    ) -> None:
        self.condition = condition
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

    Keys of rows are looked up in the table `rows`; `secrets` are those of the value at its root.
    """

    def __init__(
        self, rows: Rows | None = None, secrets: Secrets = NONE, tables: Tables | None = None
    ) -> None:
        #: How often something was found, again and again perhaps.
        self.refusals = 0
        self._rows: Rows = {} if rows is None else rows
        self.tables = tables or Tables()
        self._secrets: dict[Path, Secrets] = {(): secrets}
        #: How many near words were sought, also by those that try alternatives.
        self._turns = count()
        #: By place, and by the words about it.
        self._found: dict[Path, dict[str, Finding]] = {}
        #: By row and value, as many ways can lead from one to the other: whether it was fine here,
        #: and what was found of it apart from here.
        self._explained: dict[tuple[Any, ...], bool] = {}
        self._outcomes: dict[tuple[Any, ...], Findings] = {}

    @property
    def problems(self) -> list[Problem]:
        """What was found, the strongest of problems that say the same."""
        return [finding.problem for finding in self._all()]

    def _all(self) -> Iterable[Finding]:
        return (finding for found in self._found.values() for finding in found.values())

    def explain(self, child: Any, at: Path, v: Any) -> bool:
        """Find what a row has against the value `v` at `at`; whether that is nothing."""
        if type(child) is dict:
            return self._explain(child, at, v)
        key = self._key(child, at, v)
        if key not in self._explained:
            self._explained[key] = self._explain(child, at, v)
        return self._explained[key]

    def _key(self, child: Any, at: Path, v: Any) -> tuple[Any, ...]:
        return child, id(self._rows), at, id(v)

    def _explain(self, child: Any, at: Path, v: Any) -> bool:
        before, rows = self.refusals, self._rows
        row, self._rows = self.tables.found(child, rows)
        for keyword in row:
            if READERS[keyword](self, at, v, row, keyword):
                break
        self._rows = rows
        return self.refusals == before

    def tried(self, child: Any, at: Path, v: Any) -> Findings:
        """What a row has against a value that it need not fit."""
        key = None if type(child) is dict else self._key(child, at, v)
        if key is not None and key in self._outcomes:
            return self._outcomes[key]
        inner = self.another()
        inner.explain(child, at, v)
        if key is not None:
            self._outcomes[key] = inner
        return inner

    def another(self) -> Findings:
        """Findings about the same value, none yet."""
        inner = Findings()
        inner._rows, inner.tables = self._rows, self.tables
        inner._secrets, inner._turns = self._secrets, self._turns
        inner._outcomes = self._outcomes
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
            meant = ""
            if family == KIND and isinstance(value[0], str) and fits is not None:
                meant = number_meant(value[0], fits)
            # Not what stands in the stead of something that holds secrets either.
            given = HIDDEN if self.secrets(at) else given_text(value[0], meant)
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

    def secrets(self, at: Path) -> Secrets:
        """Where secrets lie in the value at a place."""
        known = self._secrets
        if not known[()]:
            return NONE
        length = next(n for n in range(len(at), -1, -1) if at[:n] in known)
        for end in range(length, len(at)):
            known[at[: end + 1]] = known[at[:end]].at(at[end])
        return known[at]

    def inside(self, at: Path, part: str | int) -> Path:
        """The place of a part that no schema names: of a secret, its key is one too."""
        is_told = isinstance(part, int) or not self.secrets(at).is_secret
        return (*at, part if is_told else MASK)

    def did_you_mean(self, word: str, known: Iterable[Any]) -> str:
        """The one of `known` that is like `word`, in words, for a message."""
        return did_you_mean(word, known, next(self._turns))

    def take(self, other: Findings, condition: str = "") -> None:
        """Add all that `other` found; under a `condition`, which its problems then name.

        Of conditions inside one another they name the innermost, without which they would multiply.
        """
        for finding in other._all():
            if condition and not finding.condition:
                problem = finding.problem
                problem = Problem(problem.path, problem.expected + condition, problem.given)
                finding = Finding(problem, finding.family, finding.fits, condition=condition)
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
