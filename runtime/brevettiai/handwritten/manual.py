"""The help of hand-written settings: the flags of their form, as those of other settings."""

from __future__ import annotations

from brevettiai.cli.general import HELP
from brevettiai.cli.help import Manual
from brevettiai.cli.tree import Listed
from brevettiai.compiled import Field as Row
from brevettiai.handwritten.fields import json_text
from brevettiai.handwritten.models import document_of, with_whole_parts
from brevettiai.json_values import is_array

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from brevettiai.cli.layout import Section
    from brevettiai.handwritten.builder import SchemaBuilder
    from brevettiai.handwritten.fields import Field


_SHOW = ("--show-settings", "Show all settings and where each comes from.")


def manual_of_form(
    schema: Mapping[str, Any] | SchemaBuilder,
    own: Sequence[Section] = (),
    env_prefix: str | None = None,
) -> Manual:
    """The manual of the settings that a form edits; the arguments are those of `manual_of`."""
    listed = filter(None, map(_listed, with_whole_parts(document_of(schema)["fields"])))
    # Jobs show them too.
    general = [HELP] if env_prefix is None else [_SHOW, HELP]
    return Manual([*listed], general=general, own=own, env_prefix=env_prefix)


def _listed(field: Field) -> Listed | None:
    """A field of a form, or a heading that says which settings it heads, as a flag or a section."""
    is_heading = field.get("type") == "label"
    path = field.get("tag" if is_heading else "model")
    if not isinstance(path, str):
        return None
    # A label says more than the title of a schema, which its property's name is near to.
    texts = [str(field.get("label") or ""), str(field.get("help") or field.get("hint") or "")]
    row = Row(
        path.rpartition(".")[2],
        "object" if is_heading else _kinds(field),
        choices=_choices(field),
        content=("object",) if is_heading else "any",
        required=bool(field.get("required")),
        title=texts[0] if is_heading else "",
        description=texts[1] if is_heading else ": ".join(filter(None, texts)),
    )
    return Listed(
        tuple(path.split(".")), row, is_heading, "" if is_heading else path, None, _default(field)
    )


def _kinds(field: Field) -> str:
    if field.get("isJson"):
        return "object array"
    if field.get("type") == "checkbox":
        return "boolean"
    return "number" if field.get("inputType") == "number" else "string"


def _choices(field: Field) -> tuple[Any, ...]:
    """The texts that a flag can give a field with a list of values."""
    values = field.get("values") if field.get("type") == "select" else None
    return tuple(text for text in values if isinstance(text, str)) if is_array(values) else ()


def _default(field: Field) -> str | None:
    default = field.get("default")
    if default in (None, ""):
        return None
    return str(default) if field.get("isJson") else json_text(default)
