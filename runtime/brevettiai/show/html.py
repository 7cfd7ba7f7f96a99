"""Settings as a table for notebooks: one row for each value, objects opened, secrets masked."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import Any

from ..json_values import is_array, is_object, is_settings
from ..messages.secrets import NONE, Secrets
from .shown import Shown, shown_attributes

_MOST_ROWS = 200
_MOST_CHARACTERS = 200


def table_of(settings: Any) -> str:
    """The HTML of a compact table; all texts are escaped."""
    rows = list(_rows(settings, ""))
    more = len(rows) - _MOST_ROWS
    lines = [
        f'<tr{_tooltip(about)}><td style="text-align:left">{escape(name)}</td>'
        f'<td style="text-align:left"><code>{escape(_text(value))}</code></td></tr>'
        for name, value, about in rows[:_MOST_ROWS]
    ]
    if more > 0:
        lines.append(f'<tr><td colspan="2">… {more} more</td></tr>')
    caption = f"<caption>{escape(type(settings).__name__)}</caption>"
    return f"<table>{caption}{''.join(lines)}</table>"


def _rows(settings: Any, above: str, secrets: Secrets = NONE) -> Iterator[tuple[str, object, str]]:
    """Name with dots, value, description of every value that is no settings object itself."""
    about = {
        field.attribute: field.description or field.title
        for field in settings.__brevetti__.fields()
    }
    for name, value in shown_attributes(settings, secrets):
        if isinstance(value, Shown):
            yield from _rows(value.settings, f"{above}{name}.", value.secrets)
        elif is_settings(value):
            yield from _rows(value, f"{above}{name}.")
        else:
            yield f"{above}{name}", value, about.get(name, "")


def _tooltip(text: str) -> str:
    return f' title="{escape(text)}"' if text else ""


def _text(value: object) -> str:
    """The value as Python writes it, but not more of a long one than can be read."""
    if (is_object(value) or is_array(value)) and len(value) > _MOST_CHARACTERS:
        return f"{len(value)} items"
    try:
        text = repr(value)
    except ValueError:
        text = "a very large number"
    return text if len(text) <= _MOST_CHARACTERS else f"{text[: _MOST_CHARACTERS - 1]}…"
