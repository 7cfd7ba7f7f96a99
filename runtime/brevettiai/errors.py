"""The errors of settings, and the problems that they hold. Below everything; imports nothing.

Each has the name under which people import it: that is what tracebacks and pickles show.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any, TypeVar

    F = TypeVar("F", bound=Callable[..., Any])


class Problem:
    """One reason why settings were refused.

    Attributes:
        path: where, as keys and indices from the root.
        expected: what would be right, `must be at most 180`.
        given: what was there, shortened, secrets masked; "" where nothing was.
        source: where the value came from, `--augmentation.angle` or a file's name, else "".
    """

    __slots__ = ("expected", "given", "path", "source")
    __module__ = "brevettiai.settings"

    def __init__(
        self, path: tuple[str | int, ...], expected: str, given: str = "", source: str = ""
    ) -> None:
        self.path = path
        self.expected = expected
        self.given = given
        self.source = source

    def __str__(self) -> str:
        details = [f"got {self.given}"] if self.given else []
        details += [f"from {self.source}"] if self.source else []
        place = path_text(self.path)
        text = f"{place}: {self.expected}" if place else self.expected
        text = f"{text} ({', '.join(details)})" if details else text
        # A key can have megabytes, and a flag a thousand parts.
        return visible(text if len(text) < 4000 else f"{text[:1000]} … {text[-1000:]}")

    def __repr__(self) -> str:
        return f"Problem({str(self)!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Problem) and self.path == other.path and str(self) == str(other)

    __hash__ = None  # type: ignore[assignment]


class LaterVersion(Problem):
    """That a config is of a later version, so that of nothing else in it can be told whether it
    is right."""

    __slots__ = ()


def of_later_version(problems: list[Problem]) -> list[Problem]:
    """Those of some problems that are all that is to be told, if there are any."""
    return [problem for problem in problems if isinstance(problem, LaterVersion)]


def too_deep() -> Problem:
    """The problem of values that hold one another too often for Python's stack."""
    return Problem((), "is nested too deeply")


MOST_TOLD = 100
"""How many problems the text of an error has; nobody reads more."""


def told(problems: Sequence[Problem]) -> list[Problem]:
    """The problems that people are told: the first hundred, and how many more there are."""
    more = len(problems) - MOST_TOLD
    return [*problems[:MOST_TOLD], *([Problem((), f"and {more} more")] if more > 0 else ())]


class SettingsError(ValueError):
    """Settings do not fit their schema: `problems` has every reason, `str()` the first hundred."""

    __module__ = "brevettiai.settings"

    def __init__(self, problems: Sequence[Problem], title: str = "") -> None:
        super().__init__(tuple(problems), title)
        self.problems = tuple(problems)
        self.title = title

    def within(self, *steps: str | int) -> SettingsError:
        """The same error, seen from an object that has the settings at `steps`."""
        problems = [
            Problem((*steps, *problem.path), problem.expected, problem.given, problem.source)
            for problem in self.problems
        ]
        return SettingsError(problems, self.title)

    def __str__(self) -> str:
        number = len(self.problems)
        lines = [str(problem) for problem in told(self.problems)]
        if number == 1 and not self.title:
            return lines[0]
        count = f"{number} problem" + ("s" if number != 1 else "")
        head = f"{self.title}: {count}" if self.title else count
        return "\n".join([head, *(f"  {line}" for line in lines)])


def path_text(path: tuple[str | int, ...]) -> str:
    """`augmentation.angles[2]`, as messages show places; keys that would confuse are quoted."""
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
        elif step and step.isprintable() and not any(c in step for c in ".[]' "):
            text += f".{step}" if text else step
        else:
            text += f"[{step!r}]"
    return text


def visible(text: str) -> str:
    """`text` with whitespace as spaces, and what a terminal might obey or hide as escapes."""
    if text.isprintable():
        return text
    return "".join(map(_visible_character, text))


def _visible_character(char: str) -> str:
    if char.isprintable() or char in "\u200c\u200d":  # Joiners belong to many scripts.
        return char
    if char.isspace() and char not in "\x1c\x1d\x1e\x1f\x85":
        return " "
    return char.encode("unicode_escape").decode("ascii")


class ModuleError(ValueError):
    """A value that does not fit a module: where it is, what is wrong, how to mend it.

    Args:
        problem: What is wrong, and how to mend it.
        path: The keys that lead to the value, from the outermost module on.
    """

    __module__ = "brevettiai.utils.module"

    def __init__(self, problem: str, path: tuple[str, ...] = ()) -> None:
        super().__init__(problem, path)
        self.problem = problem
        self.path = path

    def __str__(self) -> str:
        return visible(f"{'.'.join(self.path)}: {self.problem}" if self.path else self.problem)

    def within(self, name: str) -> ModuleError:
        """The same error, as the module sees it that holds this one under `name`."""
        return type(self)(self.problem, (name, *self.path))


def forgets(method: F) -> F:
    """Let the error of a method that loads settings hold nothing of what it was given.

    Tracebacks can show the values in frames, and some of these are secrets.
    """

    def guarded(cls: Any, *given: Any, **named: Any) -> Any:
        try:
            return method(cls, *given, **named)
        except SettingsError as error:
            refused, given, named = error.with_traceback(None), (), {}
        raise refused

    return _like(guarded, method)


def refuses_depth(method: F) -> F:
    """Let a method of settings refuse what is nested too deeply for Python's stack."""

    def guarded(settings: Any, *given: Any, **named: Any) -> Any:
        try:
            return method(settings, *given, **named)
        except RecursionError:
            raise SettingsError([too_deep()], type(settings).__name__) from None

    return _like(guarded, method)


def _like(guarded: Any, method: F) -> F:
    """A function that stands for a method."""
    for name in ("__module__", "__name__", "__qualname__", "__doc__"):
        setattr(guarded, name, getattr(method, name))
    guarded.__wrapped__ = method
    found: F = guarded
    return found
