"""The settings of a hand-written module as a table, with where their values come from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NoReturn

from brevettiai.cli.layout import visible
from brevettiai.cli.origins import DEFAULT, STORED
from brevettiai.cli.output import write_out
from brevettiai.cli.showing import HEAD, in_columns
from brevettiai.cli.wording import write_json
from brevettiai.errors import ModuleError
from brevettiai.handwritten.models import document_of, read_value
from brevettiai.json_values import held, is_object


def show(
    settings: Any, stored: Mapping[str, Any], given: Mapping[str, str], words: Sequence[str]
) -> NoReturn:
    """Print the table of `--show-settings`, one of `words`, and end the process.

    Args:
        stored: the stored form model.
        given: by model, the flag or the variable that says it.

    Raises:
        ModuleError: a file is asked for, which hand-written modules cannot be given.
    """
    for word in words:
        if word.startswith(("--show-settings=", "--show_settings=")) and word[16:] != "table":
            raise ModuleError(
                f"{word}: only generated settings can be a file; leave {word[15:]} out"
            )
    fields = {
        field["model"]: field
        for field in document_of(settings.get_schema())["fields"]
        if "model" in field
    }
    rows: list[tuple[str, str, str, str]] = [HEAD]
    for path, value in _leaves(settings.get_config(), fields):
        default = fields[path].get("default") if path in fields else None
        if isinstance(default, str) and path in fields:
            default = read_value(fields[path], default)
        origin = given.get(path) or (STORED if _has(stored, path.split(".")) else DEFAULT)
        texts = (visible(path), visible(write_json(value)), visible(write_json(default)))
        rows.append((*texts, visible(origin)))
    write_out(in_columns(rows))
    raise SystemExit(0)


def _leaves(value: Any, fields: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, Any]]:
    """The settings that have a field, or are no object, by model."""
    if not is_object(value) or path in fields:
        yield path, value
        return
    for key, item in value.items():
        yield from _leaves(item, fields, f"{path}.{key}" if path else key)


def _has(model: Any, keys: Sequence[str]) -> bool:
    for key in keys:
        model = held(model, key) if is_object(model) else None
    return model is not None
