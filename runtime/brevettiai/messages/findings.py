"""The words of validation problems. Generated explanations call one method per keyword.

Loaded only after a check has failed. Every method decides for itself whether its keyword concerns
the value, so that explanations stay flat lists of calls.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

from ..compiled import Pattern, matches_format
from ..errors import Problem
from ..json_values import all_unique, is_multiple, is_one_of, json_equal
from ..json_values import is_array as is_list
from ..json_values import is_object as is_dict
from .words import (
    ARTICLES,
    FORMATS,
    conjugated,
    counted,
    did_you_mean,
    either,
    exactly,
    listed,
    shown,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..compiled import Marks

Path: TypeAlias = tuple[str | int, ...]
Explain: TypeAlias = Callable[[Any, Path, "Findings"], None]
Check: TypeAlias = Callable[[Any], bool]

_NOTHING = "must not be given"
_REQUIRED = "is required"


class Findings:
    """Collects problems, each with its path, in the order of the schema."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self._secrets: set[Path] = set()
        #: The indices of problems that say the value is of the wrong kind altogether.
        self._wrong_kinds: set[int] = set()
        #: The values that were allowed, by the index of the problem that says so.
        self._choices: dict[int, Sequence[Any]] = {}

    def add(self, at: Path, expected: str, *value: Any, kind: bool = False) -> None:
        """Record that the value at `at`, if there is one, is not as `expected`."""
        given = ""
        if value:
            given = "a hidden value" if self._is_secret(at) else shown(value[0])
        if kind:
            self._wrong_kinds.add(len(self.problems))
        self.problems.append(Problem(at, expected, given))

    def secret(self, at: Path, v: Any) -> None:
        """The value at `at`, and all in it, must not be shown."""
        self._secrets.add(at)

    def _is_secret(self, at: Path) -> bool:
        return any(at[: len(secret)] == secret for secret in self._secrets)

    # Any value

    def nothing(self, at: Path, v: Any) -> None:
        self.add(at, _NOTHING, v, kind=True)

    def type(self, at: Path, v: Any, *names: str) -> bool:
        """Whether `v` has one of the types; a problem if not."""
        if any(_TYPES_BY_NAME[name](v) for name in names):
            return True
        if not isinstance(v, float) or not v.is_integer():
            # Only who gave 1.0 need know that draft 4 takes it for no integer.
            names = tuple(name.removeprefix("plain ") for name in names)
        self.add(at, f"must be {either(ARTICLES[name] for name in names)}", v, kind=True)
        return False

    def const(self, at: Path, v: Any, value: Any) -> None:
        if not json_equal(v, value):
            self._choices[len(self.problems)] = (value,)
            self.add(at, f"must be {exactly(value)}", v)

    def enum(self, at: Path, v: Any, values: Sequence[Any]) -> None:
        if is_one_of(v, values):
            return
        if not values:
            self.nothing(at, v)
            return
        self._choices[len(self.problems)] = values
        text = f"must be {'one of ' if len(values) > 1 else ''}{listed(map(exactly, values))}"
        if isinstance(v, str):
            text += did_you_mean(v, values)
        self.add(at, text, v)

    def excluded(
        self, at: Path, v: Any, check: Check, description: str = "", what: str = ""
    ) -> None:
        """`what` is a verb phrase for what is excluded, `description` a noun."""
        if check(v):
            what = f"be {description!r}" if description else what
            self.add(at, f"must not {what or 'match a schema that is excluded here'}", v)

    # Numbers

    def minimum(self, at: Path, v: Any, limit: float) -> None:
        if _is_number(v) and not v >= limit:
            self.add(at, f"must be at least {shown(limit)}", v)

    def maximum(self, at: Path, v: Any, limit: float) -> None:
        if _is_number(v) and not v <= limit:
            self.add(at, f"must be at most {shown(limit)}", v)

    def exclusive_minimum(self, at: Path, v: Any, limit: float) -> None:
        if _is_number(v) and not v > limit:
            self.add(at, f"must be more than {shown(limit)}", v)

    def exclusive_maximum(self, at: Path, v: Any, limit: float) -> None:
        if _is_number(v) and not v < limit:
            self.add(at, f"must be less than {shown(limit)}", v)

    def multiple_of(self, at: Path, v: Any, step: float) -> None:
        if _is_number(v) and not is_multiple(v, step):
            self.add(at, f"must be a multiple of {shown(step)}", v)

    # Text

    def min_length(self, at: Path, v: Any, limit: int) -> None:
        if isinstance(v, str) and len(v) < limit:
            self.add(at, f"must have at least {counted(limit, 'character')}", v)

    def max_length(self, at: Path, v: Any, limit: int) -> None:
        if isinstance(v, str) and len(v) > limit:
            self.add(at, f"must have at most {counted(limit, 'character')}, not {len(v)}", v)

    def pattern(self, at: Path, v: Any, pattern: Pattern) -> None:
        if isinstance(v, str) and not pattern.search(v):
            self.add(at, f"must match the pattern {pattern.source}", v)

    def format(self, at: Path, v: Any, name: str, draft: str) -> None:
        if isinstance(v, str) and not matches_format(v, name, draft):
            text = FORMATS.get(name)
            self.add(at, f"must be {text}" if text else f"must have the format {name}", v)

    # Lists

    def min_items(self, at: Path, v: Any, limit: int) -> None:
        if is_list(v) and len(v) < limit:
            self.add(at, f"must have at least {counted(limit, 'item')}, not {len(v)}")

    def max_items(self, at: Path, v: Any, limit: int) -> None:
        if is_list(v) and len(v) > limit:
            text = f"must have at most {counted(limit, 'item')}, not {len(v)}"
            self.add(at, text if limit else f"must be empty, but has {counted(len(v), 'item')}")

    def unique_items(self, at: Path, v: Any) -> None:
        if not is_list(v) or all_unique(v):
            return
        for index, item in enumerate(v):
            if is_one_of(item, v[:index]):
                self.add((*at, index), "must not repeat an earlier item", item)

    def prefix_items(self, at: Path, v: Any, explains: Sequence[Explain]) -> None:
        if is_list(v):
            for index, (item, explain) in enumerate(zip(v, explains, strict=False)):
                explain(item, (*at, index), self)

    def items(self, at: Path, v: Any, explain: Explain, start: int = 0) -> None:
        if is_list(v):
            for index in range(start, len(v)):
                explain(v[index], (*at, index), self)

    def no_items_after(self, at: Path, v: Any, limit: int) -> None:
        self.max_items(at, v, limit)

    def contains(
        self, at: Path, v: Any, check: Check, least: int, most: int | None, what: str = ""
    ) -> None:
        """`what` is a verb phrase for the items that are looked for."""
        if not is_list(v):
            return
        hits = sum(map(check, v))
        what = what or "fit what the schema looks for"
        for word, limit, fails in (
            ("least", least, hits < least),
            ("most", most, most is not None and hits > most),
        ):
            if fails and limit is not None:
                items = f"{counted(limit, 'item')} that {conjugated(what, limit)}"
                self.add(at, f"must have at {word} {items}, not {hits}")

    def unevaluated_items(self, at: Path, v: Any, seen: Marks, explain: Explain) -> None:
        if is_list(v):
            for index, item in enumerate(v):
                if index not in seen:
                    explain(item, (*at, index), self)

    # Objects

    def min_properties(self, at: Path, v: Any, limit: int) -> None:
        if is_dict(v) and len(v) < limit:
            self.add(at, f"must have at least {counted(limit, 'key')}, not {len(v)}")

    def max_properties(self, at: Path, v: Any, limit: int) -> None:
        if is_dict(v) and len(v) > limit:
            text = f"must have at most {counted(limit, 'key')}, not {len(v)}"
            self.add(at, text if limit else f"must be empty, but has {counted(len(v), 'key')}")

    def required(self, at: Path, v: Any, names: Sequence[str]) -> None:
        if is_dict(v):
            for name in names:
                if name not in v:
                    self.add((*at, name), _REQUIRED)

    def property(self, at: Path, v: Any, name: str, explain: Explain) -> None:
        if is_dict(v) and name in v:
            explain(v[name], (*at, name), self)

    def pattern_properties(self, at: Path, v: Any, pattern: Pattern, explain: Explain) -> None:
        if is_dict(v):
            for name, item in v.items():
                if pattern.search(name):
                    explain(item, (*at, name), self)

    def additional_properties(
        self,
        at: Path,
        v: Any,
        names: Sequence[str],
        patterns: Sequence[Pattern],
        explain: Explain,
    ) -> None:
        for name in _unknown(v, names, patterns):
            explain(v[name], (*at, name), self)

    def no_additional_properties(
        self, at: Path, v: Any, names: Sequence[str], patterns: Sequence[Pattern]
    ) -> None:
        for name in _unknown(v, names, patterns):
            self.add((*at, name), "is not a known key" + did_you_mean(name, names))

    def unevaluated_properties(self, at: Path, v: Any, seen: Marks, explain: Explain) -> None:
        if is_dict(v):
            for name, item in v.items():
                if name not in seen:
                    explain(item, (*at, name), self)

    def no_unevaluated_properties(
        self, at: Path, v: Any, seen: Marks, names: Sequence[str]
    ) -> None:
        """`names` are those that some part of the schema knows, whether or not it counted."""
        if is_dict(v):
            for name in v:
                if name not in seen:
                    known = [other for other in names if other not in v]
                    self.add((*at, name), "is not a known key" + did_you_mean(name, known))

    def no_unevaluated_items(self, at: Path, v: Any, seen: Marks) -> None:
        if is_list(v):
            for index in range(len(v)):
                if index not in seen:
                    self.add((*at, index), "is one item too many")

    def property_names(self, at: Path, v: Any, explain: Explain) -> None:
        if not is_dict(v):
            return
        for name in v:
            inner = Findings()
            explain(name, at, inner)
            for problem in inner.problems:
                text = problem.expected.removeprefix(_NOTHING)
                self.add((*at, name), f"is a key that {text}" if text else _NOTHING)

    def dependent_required(self, at: Path, v: Any, name: str, other: str) -> None:
        if is_dict(v) and name in v and other not in v:
            self.add((*at, other), f"is required where {name!r} is given")

    def dependent_schema(self, at: Path, v: Any, name: str, explain: Explain) -> None:
        if not (is_dict(v) and name in v):
            return
        inner = self._try(at, v, explain)
        if inner.refuses_all(at):
            self.add((*at, name), _NOTHING, v[name])
            return
        for problem in inner.problems:
            problem.expected += f" where {name!r} is given"
        self.take(inner)

    # Alternatives

    def any_of(self, at: Path, v: Any, explains: Sequence[Explain]) -> None:
        """The problems of the branch that comes closest, if none fits."""
        outcomes = [self._try(at, v, explain) for explain in explains]
        if all(outcome.problems for outcome in outcomes):
            from .alternatives import merge

            merge(self, at, v, outcomes)

    def one_of(
        self,
        at: Path,
        v: Any,
        explains: Sequence[Explain],
        checks: Sequence[Check],
        whats: Sequence[str] = (),
    ) -> None:
        """`whats` are verb phrases for the alternatives, "" where there is none."""
        fits = [index for index, check in enumerate(checks) if check(v)]
        if not fits:
            self.any_of(at, v, explains)
        elif len(fits) > 1:
            texts = [conjugated(whats[index], 1) if whats else "" for index in fits[:3]]
            which = " and ".join(
                f"number {index + 1}" + (f" ({text})" if text else "")
                for index, text in zip(fits, texts, strict=False)
            )
            self.add(at, f"must fit exactly one alternative, but fits {which}", v)

    def _try(self, at: Path, v: Any, explain: Explain) -> Findings:
        inner = Findings()
        inner._secrets = self._secrets
        explain(v, at, inner)
        return inner

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
        return self.is_of_wrong_kind(at) and self.problems[0].expected == _NOTHING

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
            if problem.expected == _REQUIRED and problem.path[:-1] == at
        ]

    def distance(self, at: Path) -> tuple[int, int, int]:
        """How far a value is from a branch: wrong kind, then wrong tag, then number of problems."""
        wrong_tags = sum(
            isinstance(values[0], str) and len(path) == len(at) + 1
            for path, values in self.wrong_choices(at).items()
        )
        return int(self.is_of_wrong_kind(at)), wrong_tags, len(self.problems)


def _unknown(v: Any, names: Sequence[str], patterns: Sequence[Pattern]) -> list[str]:
    if not is_dict(v):
        return []
    return [
        name
        for name in v
        if name not in names and not any(pattern.search(name) for pattern in patterns)
    ]


def _is_number(v: Any) -> bool:
    return isinstance(v, (int, float)) and not isinstance(v, bool)


_TYPES_BY_NAME: dict[str, Check] = {
    "null": lambda v: v is None,
    "boolean": lambda v: isinstance(v, bool),
    "integer": lambda v: _is_number(v) and (isinstance(v, int) or v.is_integer()),
    "plain integer": lambda v: isinstance(v, int) and not isinstance(v, bool),
    "number": lambda v: _is_number(v) and v - v == 0,
    "string": lambda v: isinstance(v, str),
    "array": lambda v: is_list(v),
    "object": lambda v: is_dict(v),
}
