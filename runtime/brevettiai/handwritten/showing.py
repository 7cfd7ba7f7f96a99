"""The settings of a hand-written module as a table, with where their values come from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NoReturn

from brevettiai.cli.inside import value_at
from brevettiai.cli.layout import visible
from brevettiai.cli.origins import DEFAULT, STORED
from brevettiai.cli.output import write_out
from brevettiai.cli.showing import HEAD, in_columns
from brevettiai.cli.words import write_json
from brevettiai.errors import ModuleError
from brevettiai.handwritten.models import document_of, read_value, with_whole_parts
from brevettiai.json_values import UNSET, is_object
from brevettiai.messages.secrets import MASK

TYPE_CHECKING = False
if TYPE_CHECKING:
    from brevettiai.handwritten.fields import Field


def show(
    settings: Any,
    public: Mapping[str, Any],
    stored: Mapping[str, Any],
    origins: Mapping[str, str],
    words: Sequence[str],
) -> NoReturn:
    """Print the table of `--show-settings`, one of `words`, and end the process.

    Args:
        public: the config of the settings without their secrets.
        stored: the stored form model.
        origins: by model, the flag or the variable that says it.

    Raises:
        ModuleError: a file is asked for, which hand-written modules cannot be given.
    """
    for word in words:
        name, _, language = word.partition("=")
        if name in ("--show-settings", "--show_settings") and language not in ("", "table"):
            raise ModuleError(f"{word}: only generated settings can be a file; give {name}")
    document = document_of(settings.get_schema())
    listed = with_whole_parts(document["fields"])
    fields = {field["model"]: field for field in listed if "model" in field}
    rows: list[tuple[str, str, str, str]] = [HEAD]
    for path, value in _leaves(settings.get_config(), fields):
        keys = path.split(".")
        said, default = MASK, ""
        if value_at(public, keys) is not UNSET:
            said, default = write_json(value), write_json(_default(fields.get(path)))
        is_stored = value_at(stored, keys) not in (UNSET, None)
        origin = origins.get(path) or (STORED if is_stored else DEFAULT)
        rows.append((visible(path), visible(said), visible(default), visible(origin)))
    write_out(in_columns(rows))
    raise SystemExit(0)


def _default(field: Field | None) -> Any:
    """What a field proposes, as a value of the config."""
    default = None if field is None else field.get("default")
    return read_value(field, default) if field and isinstance(default, str) else default


def _leaves(value: Any, fields: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, Any]]:
    """The settings that have a field, or are no object, by model."""
    if not is_object(value) or path in fields:
        yield path, value
        return
    for key, item in value.items():
        yield from _leaves(item, fields, f"{path}.{key}" if path else key)
