"""A config of a class that is valid: its defaults, and what they leave out made up.

What is shown was judged by the class itself; of what the judge refuses other values are tried, as
far as that goes in bounded time.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from typing import Any

from brevettiai.cli.inside import alternatives, member, shape_of
from brevettiai.compiled import Field
from brevettiai.messages.secrets import masked, secrets_of
from brevettiai.messages.structure import content_of
from brevettiai.messages.values import bounds
from brevettiai.messages.words import FORMATS, PYTHON_TYPES
from brevettiai.settings import Settings, SettingsError

from ....patterns.errors import PatternError
from ..diff.samples import holds_at_most
from .contents import Example

_MOST_TRIED = 30
"""Configs of one class, and values of one setting."""
_DEEPEST = 6
_LONGEST = 1000
"""Of items, and of characters: no example is longer."""
_MOST_VALUES = 10_000
"""In an example, as required objects and long lists in one another multiply."""


def example_of(cls: type[Settings]) -> Example | None:
    """A config of `cls` that is valid, secrets hidden; None if none was found."""
    config = _Maker().config(cls, _DEEPEST)
    if config is None:
        return None
    settings = object.__new__(cls)
    if not cls.__brevetti__.load(config, settings, []):
        return None
    full = settings.get_config()
    config = full if _is_valid(cls, full) else config
    secrets = secrets_of(cls.__brevetti__)
    shown, note = settings.get_config(hide_secrets=True), "Secrets are left out."
    if not secrets or shown == config:
        shown, note = config, ""
    elif not _is_valid(cls, shown):
        shown, note = masked(config, secrets), "*** stands for secrets that must be given."
    return Example(_json_text(shown), note)


def _json_text(value: Any) -> str:
    """JSON in lines; what is not printed, or could be code of a template, is escaped in it."""
    text = json.dumps(value, ensure_ascii=False, indent=2).replace("\x7f", "\\u007f")
    # Of the marks of templates both characters stand together in texts alone.
    for mark in ("{{", "}}", "{%", "%}", "{#", "#}"):
        text = text.replace(mark, mark.replace("{", "\\u007b").replace("}", "\\u007d"))
    if text.isascii():
        return text
    return "".join(c if c == "\n" or c.isprintable() else json.dumps(c)[1:-1] for c in text)


def _is_valid(cls: type[Settings], config: Any) -> bool:
    return cls.__brevetti__.check(config)


class _Maker:
    """Makes configs up; of each class once for each depth, so that it ends soon."""

    def __init__(self) -> None:
        self._known: dict[tuple[type[Settings], int], dict[str, Any] | None] = {}

    def config(self, cls: type[Settings], depth: int) -> dict[str, Any] | None:
        """The least that is valid; what must be there is made up. None if nothing was found."""
        if (cls, depth) not in self._known:
            self._known[cls, depth] = self._made(cls, depth)
        return self._known[cls, depth]

    def _made(self, cls: type[Settings], depth: int) -> dict[str, Any] | None:
        fields = {field.key: field for field in cls.__brevetti__.fields()}
        tried = {key: self._values(field, depth) for key, field in fields.items()}
        config: dict[str, Any] = {}
        for key, field in fields.items():
            if field.required:
                config[key] = next(tried[key], None)
        for _ in range(_MOST_TRIED):
            if not holds_at_most(_MOST_VALUES, config):
                return None
            if _is_valid(cls, config):
                return config
            for key in _at_fault(cls, config):
                if key in fields and (value := next(tried[key], ...)) is not ...:
                    config[key] = value
                    break
            else:
                break
        # What one of several alternatives requires has no place of its own.
        for key in islice((key for key in fields if key not in config), _MOST_TRIED):
            longer = {**config, key: next(tried[key], None)}
            if holds_at_most(_MOST_VALUES, longer) and _is_valid(cls, longer):
                return longer
        return None

    def _values(self, field: Field, depth: int) -> Iterator[Any]:
        """What a setting may be, the best first."""
        yield from islice(self._all_values(field, depth), _MOST_TRIED)

    def _all_values(self, field: Field, depth: int) -> Iterator[Any]:
        yield from field.examples
        for text in (field.proposal, field.default):
            if text is not None:
                yield json.loads(text)
        yield from field.choices
        for content in alternatives(content_of(field)):
            yield from self._of_content(field, content, depth)
        if field.nullable:
            yield None

    def _of_content(self, field: Field, content: Any, depth: int) -> Iterator[Any]:
        """Values of a content, within the limits of the field where these are known."""
        if isinstance(content, type):
            config = self.config(content, depth - 1) if depth else None
            if config is not None:
                yield config
            return
        shape, parts = shape_of(content)
        if shape == "one of":
            yield from parts
        elif shape == "map":
            yield {}
            for value in islice(self._inside(field, "KEY", parts[0], ..., depth), 3):
                yield {"name": value}
        elif shape == "tuple":
            items = [
                next(self._inside(field, str(i), p, i, depth), None) for i, p in enumerate(parts)
            ]
            yield items
        elif shape == "list":
            yield from self._lists(field, parts[0], depth)
        elif content == "object":
            yield {}
        elif content in ("integer", "number"):
            yield from _numbers(field.limits, content == "integer")
        elif content == "boolean":
            yield from (True, False)
        elif content == "any":
            yield from ("text", 1, {}, [], True)
        elif content != "null":
            yield from _texts(field, content)

    def _inside(self, field: Field, key: str, content: Any, step: Any, depth: int) -> Iterator[Any]:
        """Values of what lies in a field."""
        return self._values(member(field, key, content, step), depth - 1) if depth else iter(())

    def _lists(self, field: Field, item: Any, depth: int) -> Iterator[Any]:
        least = min(field.limits.get("minItems", 0), _LONGEST)
        items = list(self._inside(field, "N", item, -1, depth))
        if not least:
            yield from ([[items[0]], []] if items else [[]])
        elif items:
            yield [items[at % len(items)] for at in range(least)]
            yield from ([value] * least for value in items)


def _at_fault(cls: type[Settings], config: dict[str, Any]) -> list[str]:
    """The keys of which the class says that another value is needed."""
    try:
        cls.from_config(config)
    except SettingsError as error:
        return [str(problem.path[0]) for problem in error.problems if problem.path]
    return []


def _numbers(limits: Any, is_whole: bool) -> Iterator[Any]:
    (low, low_excluded), (high, high_excluded) = bounds(limits)
    step = limits.get("multipleOf")
    ends = [] if low is None else [low + 1 if low_excluded else low]
    ends += [] if high is None else [high - 1 if high_excluded else high]
    with suppress(OverflowError):  # of integers that are beyond all floats
        if step is not None:
            first = 0 if low is None else -(-low // step) * step
            yield from (first, first + step, first - step)
        between = 1 if low is None or high is None else (low + high) / 2
        for value in (*ends, 1, 0, between, *(end + 0.5 for end in ends)):
            yield int(value) if is_whole or value == int(value) else value
    yield from ends


def _texts(field: Field, content: str) -> Iterator[str]:
    from ..diff.samples import matching  # with all of its library, where there is no pattern

    for words in (PYTHON_TYPES.get(content, ("",))[0], FORMATS.get(field.format, "")):
        if " such as " in words:
            yield words.partition(" such as ")[2]
    for pattern in field.patterns:
        with suppress(PatternError):
            yield from matching(pattern)
    least = min(field.limits.get("minLength", 0), _LONGEST)
    most = field.limits.get("maxLength", least + 4)
    yield ("text" * (least // 4 + 1))[: max(least, min(4, most))]
    yield from ("user@example.com", "example.com", "/", "")
