"""A sweep in words: numbers, settings and rows as people read them, each in one line."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from brevettiai.cli.words import write_json
from brevettiai.errors import visible
from brevettiai.sweep.goals import Goal
from brevettiai.sweep.progress import Progress
from brevettiai.sweep.rows import Row

_MAX_VALUE = 40


def short_names(names: Iterable[str]) -> dict[str, str]:
    """By name of a parameter, as few of its last parts as tell it from the others.

    >>> short_names(["training.lr", "training.size", "model.size"])
    {'training.lr': 'lr', 'training.size': 'training.size', 'model.size': 'model.size'}
    """
    parts = {name: name.split(".") for name in names}
    found: dict[str, str] = {}
    for name, own in parts.items():
        count = 1
        others = [other for each, other in parts.items() if each != name]
        while count < len(own) and any(other[-count:] == own[-count:] for other in others):
            count += 1
        found[name] = ".".join(own[-count:])
    return found


def value_text(value: Any) -> str:
    """A value of a setting or metric: numbers with the digits that people compare."""
    if isinstance(value, float):
        return f"{value:.5g}"
    text = visible(value if isinstance(value, str) else write_json(value))
    return text if len(text) <= _MAX_VALUE else text[: _MAX_VALUE - 1] + "…"


def params_text(params: Mapping[str, Any], names: Mapping[str, str] | None = None) -> str:
    """`lr=0.01 backbone=resnet50`, of settings that varied."""
    names = short_names(params) if names is None else names
    return " ".join(
        f"{visible(names.get(key, key))}={value_text(value)}" for key, value in params.items()
    )


def values_text(goals: Sequence[Goal], values: Sequence[float]) -> str:
    """`loss 0.43, iou 0.9`, of the values of goals; "" where there are none."""
    pairs = zip(goals, values, strict=False)
    return ", ".join(f"{visible(goal.metric)} {value_text(float(value))}" for goal, value in pairs)


def row_text(row: Row, goals: Sequence[Goal], is_best: bool) -> str:
    """What there is to say when a run has ended."""
    text = f"run {row.run} {row.state}"
    if row.values:
        text += f": {values_text(goals, row.values)}"
    elif row.error:
        text += f": {first_line(row.error)}"
    text += f" [{params_text(row.params)}] in {duration_text(row.seconds)}"
    if row.attempts > 1:
        text += f", attempt {row.attempts}"
    return f"{text}, the best so far" if is_best else text


def command_text(words: Iterable[str]) -> str:
    """A command line for a POSIX shell."""
    return " ".join(map(shell_word, words))


def shell_word(word: str) -> str:
    """`word` quoted for a shell.

    Control characters, which could drive the terminal that a command is pasted to, are written
    as escapes (`$'…'`, in POSIX since 2024).
    """
    flag, equals, value = word.partition("=")
    if word.startswith("--") and equals and shlex.quote(flag) == flag:
        return f"{flag}={shell_word(value)}" if value else word
    if word.isprintable():
        return shlex.quote(word)
    escaped = "".join(_escaped(character) for character in word)
    return f"$'{escaped}'"


def _escaped(character: str) -> str:
    if character in "\\'":
        return f"\\{character}"
    if character.isprintable():
        return character
    return "".join(f"\\{byte:03o}" for byte in character.encode("utf-8", "surrogatepass"))


def first_line(text: str) -> str:
    """The first line of an error, for a line of ours."""
    return visible(text.strip().partition("\n")[0])


def counts_text(progress: Progress) -> str:
    """How many runs are where: `12 done, 2 running, 1 failed`."""
    counts = {
        "done": progress.done,
        "pruned": progress.pruned,
        "failed": progress.failed,
        "running": progress.running,
        "running elsewhere": progress.elsewhere,
        "proposals rejected": progress.rejected,
    }
    shown = [f"{count} {name}" for name, count in counts.items() if count or name == "done"]
    return ", ".join(shown)


def duration_text(seconds: float) -> str:
    """A time in the units that people say: `3.1 s`, `12 min`, `2 h 5 min`."""
    if seconds < 9.95:
        return f"{seconds:.1f} s"
    if seconds < 99.5:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    if minutes < 100:
        return f"{minutes} min"
    return f"{minutes // 60} h {minutes % 60} min"


def folder_text(folder: str) -> str:
    """A folder as people at the terminal would name it."""
    if not os.path.isabs(folder):
        return folder
    near = os.path.relpath(folder)
    return folder if near.startswith("..") else near
