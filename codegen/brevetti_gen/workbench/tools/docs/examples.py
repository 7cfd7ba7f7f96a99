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
from .contents import Example
from .samples import sample

_MOST_TRIED = 30
"""Configs of one class, and values of one setting."""
_DEEPEST = 6
_LONGEST = 1000
"""Of items, and of characters: no example is longer."""


def example_of(cls: type[Settings]) -> Example | None:
    """A config of `cls` that is valid, secrets hidden; None if none was found."""
    config = _config(cls, _DEEPEST)
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
    text = json.dumps(value, ensure_ascii=False, indent=2)
    # Of the marks of templates both characters stand together in texts alone.
    for mark in ("{{", "}}", "{%", "%}", "{#", "#}"):
        text = text.replace(mark, mark.replace("{", "\\u007b").replace("}", "\\u007d"))
    if text.isascii():
        return text
    return "".join(c if c == "\n" or c.isprintable() else json.dumps(c)[1:-1] for c in text)


def _is_valid(cls: type[Settings], config: Any) -> bool:
    return cls.__brevetti__.check(config)


def _config(cls: type[Settings], depth: int) -> dict[str, Any] | None:
    """The least that is valid; what must be there is made up. None if nothing was found."""
    fields = {field.key: field for field in cls.__brevetti__.fields()}
    tried = {key: _values(field, depth) for key, field in fields.items()}
    config: dict[str, Any] = {}
    for key, field in fields.items():
        if field.required:
            config[key] = next(tried[key], None)
    for _ in range(_MOST_TRIED):
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
        if _is_valid(cls, longer):
            return longer
    return None


def _at_fault(cls: type[Settings], config: dict[str, Any]) -> list[str]:
    """The keys of which the class says that another value is needed."""
    try:
        cls.from_config(config)
    except SettingsError as error:
        return [str(problem.path[0]) for problem in error.problems if problem.path]
    return []


def _values(field: Field, depth: int) -> Iterator[Any]:
    """What a setting may be, the best first."""
    yield from islice(_all_values(field, depth), _MOST_TRIED)


def _all_values(field: Field, depth: int) -> Iterator[Any]:
    yield from field.examples
    for text in (field.proposal, field.default):
        if text is not None:
            yield json.loads(text)
    yield from field.choices
    for content in alternatives(content_of(field)):
        yield from _of_content(field, content, depth)
    if field.nullable:
        yield None


def _of_content(field: Field, content: Any, depth: int) -> Iterator[Any]:
    """Values of a content, within the limits of the field where these are known."""
    if isinstance(content, type):
        config = _config(content, depth - 1) if depth else None
        if config is not None:
            yield config
        return
    shape, parts = shape_of(content)
    if shape == "one of":
        yield from parts
    elif shape == "map":
        yield {}
        for value in islice(_inside(field, "KEY", parts[0], ..., depth), 3):
            yield {"name": value}
    elif shape == "tuple":
        items = [next(_inside(field, str(i), p, i, depth), None) for i, p in enumerate(parts)]
        yield items
    elif shape == "list":
        yield from _lists(field, parts[0], depth)
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


def _inside(field: Field, key: str, content: Any, step: Any, depth: int) -> Iterator[Any]:
    """Values of what lies in a field."""
    return _values(member(field, key, content, step), depth - 1) if depth else iter(())


def _lists(field: Field, item: Any, depth: int) -> Iterator[Any]:
    least = min(field.limits.get("minItems", 0), _LONGEST)
    items = list(_inside(field, "N", item, -1, depth))
    if not least:
        yield from ([[items[0]], []] if items else [[]])
    elif items:
        yield [items[at % len(items)] for at in range(least)]
        yield from ([value] * least for value in items)


def _numbers(limits: Any, is_whole: bool) -> Iterator[Any]:
    (low, low_excluded), (high, high_excluded) = bounds(limits)
    step = limits.get("multipleOf")
    if step is not None:
        first = 0 if low is None else -(-low // step) * step
        yield from (first, first + step, first - step)
    between = 1 if low is None or high is None else (low + high) / 2
    steps = [] if low is None else [low + 1 if low_excluded else low, low + 0.5]
    steps += [] if high is None else [high - 1 if high_excluded else high, high - 0.5]
    for value in (*steps, 1, 0, between):
        yield int(value) if is_whole or value == int(value) else value


def _texts(field: Field, content: str) -> Iterator[str]:
    for words in (PYTHON_TYPES.get(content, ("",))[0], FORMATS.get(field.format, "")):
        if " such as " in words:
            yield words.partition(" such as ")[2]
    for pattern in field.patterns:
        with suppress(PatternError):
            yield from (sample(pattern, more) for more in (0, 1, 8))
    least = min(field.limits.get("minLength", 0), _LONGEST)
    most = field.limits.get("maxLength", least + 4)
    yield ("text" * (least // 4 + 1))[: max(least, min(4, most))]
    yield from ("user@example.com", "example.com", "/", "")
