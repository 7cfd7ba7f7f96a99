"""Form models, read by their form: what the platform's form edits, turned into config values."""

from __future__ import annotations

from brevettiai.cli.values import read_number
from brevettiai.errors import ModuleError
from brevettiai.handwritten.builder import SchemaBuilder
from brevettiai.json_values import is_array, is_number, is_object, plain

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    from brevettiai.handwritten.fields import Field


_ABSENT = object()


def apply_schema_to_model(
    schema: Mapping[str, Any] | SchemaBuilder,
    model: dict[str, Any] | None = None,
    check_required_fields: bool = True,
) -> dict[str, Any]:
    """Read a form model by its form: parse JSON texts and numbers, fill in the defaults.

    Values without a field stay as they are. A `null` stays `null`, and so does everything in an
    object that is `null`.

    Args:
        schema: The form document, or its builder.
        model: The form model; changed in place.
        check_required_fields: Whether to insist on fields that are `required`, before defaults.

    Returns:
        The model, of config values now.

    Raises:
        ModuleError: If a value does not fit its field, or required ones are missing.
    """
    model = {} if model is None else model
    fields = fields_of(document_of(schema))
    if check_required_fields:
        required = [field["model"] for field in fields if field.get("required")]
        missing = [path for path in required if _get(model, path) is _ABSENT]
        if missing:
            raise ModuleError(f"missing settings: {', '.join(missing)}; the form requires them")
    for field in fields:
        _apply(field, model)
    return model


def document_of(schema: Mapping[str, Any] | SchemaBuilder) -> Mapping[str, Any]:
    """The form document, of a builder too."""
    return schema.schema if isinstance(schema, SchemaBuilder) else schema


def fields_of(document: Mapping[str, Any]) -> list[Field]:
    """The fields of a form that edit settings, those of groups too."""
    groups = [group for group in document.get("groups") or () if is_object(group)]
    fields = with_whole_parts(
        field
        for part in (document, *groups)
        for field in part.get("fields") or ()
        if is_object(field)
    )
    return [field for field in fields if "model" in field and field.get("type") != "label"]


def with_whole_parts(entries: Iterable[Field]) -> list[Field]:
    """Fields in which one of JSON stands for those of a list's items, as `mean[0]`, and of a union.

    Forms of generated classes have such, which nest in those written by hand. A heading with
    `isJson` is that of a union.
    """
    found: list[Field] = []
    lists: dict[str, Field] = {}
    union = ""
    for field in entries:
        path = str(field.get("model", field.get("tag", "")))
        if union and path.startswith(f"{union}."):
            continue
        if field.get("type") == "label" and field.get("isJson") is True:
            union = path
            texts = {name: text for name, text in field.items() if name in ("label", "help")}
            found.append({"type": "textArea", "isJson": True, **texts, "model": path})
            continue
        model, bracket, place = path.partition("[")
        if "model" not in field or not bracket or not place[:-1].isdigit():
            found.append(field)
            continue
        whole = lists.get(model)
        if whole is None:
            label = str(field.get("label", "")).removesuffix(" 1")
            whole = lists[model] = {"type": "textArea", "isJson": True, "label": label}
            found.append(whole)
            whole |= {"model": model, "default": []}
        if "default" not in field or whole["default"] is None:
            whole["default"] = None
        else:
            whole["default"] = [*whole["default"], field["default"]]
    for whole in lists.values():
        if whole["default"] is None:
            del whole["default"]
    return found


def read_value(field: Field, value: Any) -> Any:
    """The config value that a field's form value stands for."""
    kind = field.get("type")
    try:
        if value is None:
            return None
        if kind == "checkbox":
            return bool(value)
        if field.get("isJson"):
            return _parse_json(value)
        if kind == "input":
            return _number(value) if field.get("inputType") == "number" else str(value)
    except (TypeError, ValueError) as error:
        given = repr(value) if len(repr(value)) <= 60 else f"{repr(value)[:57]}..."
        if isinstance(value, str) and field.get("inputType") == "number":
            from brevettiai.messages.words import given_text, number_meant

            given = given_text(value, number_meant(value, is_number))
        raise ModuleError(
            f"field {field.get('label', '')!r} {error}; got {given}",
            tuple(str(field["model"]).split(".")),
        ) from error
    return value


def _apply(field: Field, model: dict[str, Any]) -> None:
    *parents, last = field["model"].split(".")
    node: Any = model
    for depth, name in enumerate(parents, 1):
        node = node.setdefault(name, {})
        if node is None:
            return
        if not is_object(node):
            raise ModuleError(
                f"expected an object with the value of the field {field.get('label', '')!r}, "
                f"got {type(node).__name__}",
                tuple(parents[:depth]),
            )
    if last in node:
        node[last] = read_value(field, node[last])
    elif "default" in field:
        default = plain(field["default"])
        unticked = default is None and field.get("type") == "checkbox"
        node[last] = False if unticked else read_value(field, default)


def _get(model: Any, path: str) -> Any:
    for name in path.split("."):
        if not is_object(model) or name not in model:
            return _ABSENT
        model = model[name]
    return model


def _parse_json(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if not value:
        return None
    import json

    try:
        return json.loads(value)
    except ValueError as error:
        raise ValueError(f"needs JSON text: {error}") from error


def _number(value: Any) -> Any:
    if hasattr(value, "__float__"):
        return value
    number = read_number(value.strip()) if isinstance(value, str) else None
    if number is None:
        raise ValueError("needs a number")
    return number


def public_config(settings: Any) -> Any:
    """The config of a module, without what generated classes inside it call a secret."""
    if callable(getattr(settings, "schema_digest", None)):
        return settings.get_config(hide_secrets=True)
    attributes: dict[str, Any] = settings.__dict__
    config: dict[str, Any] = settings.get_config()
    return {key: _public_item(attributes.get(key), stored) for key, stored in config.items()}


def _public_item(value: Any, stored: Any) -> Any:
    """What to show of an attribute's value, which its module stores as `stored`."""
    if is_array(value) and is_array(stored):
        return [_public_item(*pair) for pair in zip(value, stored, strict=False)]
    if is_object(value) and is_object(stored):
        return {key: _public_item(value.get(key), inner) for key, inner in stored.items()}
    return public_config(value) if hasattr(value, "get_config") and is_object(stored) else stored
