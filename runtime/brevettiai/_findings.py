"""The words of validation problems. Generated explanations call one method per keyword.

Loaded only after a check has failed. Every method decides for itself whether its keyword concerns
the value, so that explanations stay flat lists of calls.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeAlias

from .compiled import (
    Pattern,
    all_unique,
    is_multiple,
    is_one_of,
    json_equal,
    matches_format,
)
from .settings import Problem
from .utils.module import is_dict, is_list

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .compiled import Marks

Path: TypeAlias = tuple[str | int, ...]
Explain: TypeAlias = Callable[[Any, Path, "Findings"], None]
Check: TypeAlias = Callable[[Any], bool]

_ARTICLES = {
    "null": "null",
    "boolean": "true or false",
    "integer": "a whole number",
    "plain integer": "a whole number without a fraction part",
    "number": "a number",
    "string": "text",
    "array": "a list",
    "object": "an object",
}


class Findings:
    """Collects problems, each with its path, in the order of the schema."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self._secrets: set[Path] = set()
        #: The indices of problems that say the value is of the wrong kind altogether.
        self._wrong_kinds: set[int] = set()

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
        self.add(at, "must not be given", v, kind=True)

    def type(self, at: Path, v: Any, *names: str) -> bool:
        """Whether `v` has one of the types; a problem if not."""
        if any(_TYPES_BY_NAME[name](v) for name in names):
            return True
        self.add(at, f"must be {either(_ARTICLES[name] for name in names)}", v, kind=True)
        return False

    def const(self, at: Path, v: Any, value: Any) -> None:
        if not json_equal(v, value):
            self.add(at, f"must be {shown(value)}", v)

    def enum(self, at: Path, v: Any, values: Sequence[Any]) -> None:
        if is_one_of(v, values):
            return
        text = f"must be {'one of ' if len(values) > 1 else ''}{listed(map(shown, values))}"
        if isinstance(v, str):
            text += did_you_mean(v, values)
        self.add(at, text, v)

    def excluded(self, at: Path, v: Any, check: Check, description: str = "") -> None:
        if check(v):
            what = f"be {description!r}" if description else "match a schema that is excluded here"
            self.add(at, f"must not {what}", v)

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
            self.add(at, f"must have the format {name}", v)

    # Lists

    def min_items(self, at: Path, v: Any, limit: int) -> None:
        if is_list(v) and len(v) < limit:
            self.add(at, f"must have at least {counted(limit, 'item')}, not {len(v)}")

    def max_items(self, at: Path, v: Any, limit: int) -> None:
        if is_list(v) and len(v) > limit:
            self.add(at, f"must have at most {counted(limit, 'item')}, not {len(v)}")

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

    def contains(self, at: Path, v: Any, check: Check, least: int, most: int | None) -> None:
        if not is_list(v):
            return
        hits = sum(map(check, v))
        if hits < least:
            self.add(at, f"must have at least {counted(least, 'item')} that fit, not {hits}")
        if most is not None and hits > most:
            self.add(at, f"must have at most {counted(most, 'item')} that fit, not {hits}")

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
            self.add(at, f"must have at most {counted(limit, 'key')}, not {len(v)}")

    def required(self, at: Path, v: Any, names: Sequence[str]) -> None:
        if is_dict(v):
            for name in names:
                if name not in v:
                    self.add((*at, name), "is required")

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

    def property_names(self, at: Path, v: Any, explain: Explain) -> None:
        if not is_dict(v):
            return
        for name in v:
            inner = Findings()
            explain(name, at, inner)
            for problem in inner.problems:
                self.add((*at, name), f"is a key that {problem.expected}")

    def dependent_required(self, at: Path, v: Any, name: str, other: str) -> None:
        if is_dict(v) and name in v and other not in v:
            self.add((*at, other), f"is required where {name!r} is given")

    def dependent_schema(self, at: Path, v: Any, name: str, explain: Explain) -> None:
        if is_dict(v) and name in v:
            explain(v, at, self)

    # Alternatives

    def any_of(self, at: Path, v: Any, explains: Sequence[Explain]) -> None:
        """The problems of the branch that comes closest, if none fits."""
        outcomes = [self._try(at, v, explain) for explain in explains]
        if all(outcome.problems for outcome in outcomes):
            self._merge(at, v, outcomes)

    def one_of(
        self, at: Path, v: Any, explains: Sequence[Explain], checks: Sequence[Check]
    ) -> None:
        fits = [index for index, check in enumerate(checks) if check(v)]
        if not fits:
            self.any_of(at, v, explains)
        elif len(fits) > 1:
            which = " and ".join(str(index + 1) for index in fits[:3])
            self.add(at, f"must fit exactly one alternative, but fits numbers {which}", v)

    def _try(self, at: Path, v: Any, explain: Explain) -> Findings:
        inner = Findings()
        inner._secrets = self._secrets
        explain(v, at, inner)
        return inner

    def _merge(self, at: Path, v: Any, outcomes: Sequence[Findings]) -> None:
        """Take over the closest outcome; where all say the kind is wrong, one sentence."""
        kinds = [
            o.problems[0].expected.removeprefix("must be ") for o in outcomes if o._is_kind(at)
        ]
        if len(kinds) == len(outcomes):
            self.add(at, f"must be {either(dict.fromkeys(kinds))}", v, kind=True)
            return
        closest = min(outcomes, key=lambda outcome: outcome._distance(at))
        offset = len(self.problems)
        self._wrong_kinds.update(offset + index for index in closest._wrong_kinds)
        self.problems += closest.problems

    def _is_kind(self, at: Path) -> bool:
        return len(self.problems) == 1 and 0 in self._wrong_kinds and self.problems[0].path == at

    def _distance(self, at: Path) -> tuple[int, int, int]:
        """How far a value is from a branch: wrong kind, then wrong tag, then number of problems."""
        wrong_tags = sum(
            problem.expected.startswith("must be '") and len(problem.path) == len(at) + 1
            for problem in self.problems
        )
        return int(self._is_kind(at)), wrong_tags, len(self.problems)


def shown(value: Any) -> str:
    """`value` as a message shows it: short, and containers by their size only."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return repr(value if len(value) <= 60 else value[:57] + "...")
    if is_dict(value):
        return f"an object with {counted(len(value), 'key')}" if value else "an empty object"
    if is_list(value):
        return f"a list of {counted(len(value), 'item')}" if value else "an empty list"
    if isinstance(value, int):
        return str(value) if value.bit_length() < 200 else "a very large number"
    if isinstance(value, float):
        return repr(value)
    return f"a {type(value).__name__}"


def counted(number: int, noun: str) -> str:
    """`1 item`, `2 items`."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def listed(texts: Iterable[str]) -> str:
    """`a, b, c`, and the number of others where there are many."""
    texts = list(texts)
    return ", ".join(texts[:12]) + (f" and {len(texts) - 12} others" if len(texts) > 12 else "")


def either(texts: Iterable[str]) -> str:
    """`a, b or c`."""
    texts = list(texts)
    return " or ".join(filter(None, [", ".join(texts[:-1]), texts[-1]]))


def did_you_mean(word: str, known: Iterable[Any]) -> str:
    """`, did you mean 'angle'?`, if one of `known` looks like `word`, else nothing."""
    from difflib import get_close_matches

    names = [name for name in known if isinstance(name, str)]
    if len(word) > 100 or len(names) > 2000:
        return ""
    close = get_close_matches(word, names, 1)
    return f", did you mean {close[0]!r}?" if close else ""


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
