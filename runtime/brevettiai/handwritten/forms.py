"""Forms by reflection: what the parameters of a module's `__init__` look like in a form.

| type | field | form model |
| --- | --- | --- |
| int, float | number input | the number |
| str | text input | the text |
| bool | checkbox | the truth value |
| dict, list, tuple, set | text area of JSON | JSON text |
| `Literal` | select | the text; of values that are no text, JSON text |
| other unions | text area | text; JSON text for all that is no text or reads as JSON |
| a module | heading, and its own fields | its own form model |
| a module that can hold itself | text area of JSON | JSON text of its config |

Parameters of other types have no field. They, and sets, are left out of form models, as the
platform's library leaves them out, except where the module would not come back the same.
"""

from __future__ import annotations

import json
import typing
from collections.abc import Mapping
from typing import Any

from brevettiai.errors import ModuleError
from brevettiai.handwritten import fields as controls
from brevettiai.handwritten.fields import json_text
from brevettiai.handwritten.models import apply_schema_to_model
from brevettiai.handwritten.parameters import (
    MISSING,
    Parameter,
    at_path,
    expect_mapping,
    is_inherited,
    parameters_of,
)
from brevettiai.json_values import is_module, is_object, plain
from brevettiai.messages.words import ARTICLES

if typing.TYPE_CHECKING:
    from brevettiai.handwritten.builder import SchemaBuilder
    from brevettiai.modules import VueSettingsModule

_EMPTY: dict[Any, Any] = {int: 0, float: 0.0, str: "", bool: False}
_EMPTY_JSON: dict[Any, Any] = {dict: {}, list: [], tuple: [], set: []}


def add_to_form(
    builder: SchemaBuilder, name: str, ptype: Any, default: Any, facts: dict[str, Any]
) -> None:
    """Add what a parameter looks like in the form; see `VueSettingsModule.to_schema`."""
    title = name.replace("_", " ").title()
    if _has_form(ptype):
        builder.add_field(controls.label(title, tag=name))
        builder.append(ptype.get_schema(name))
        return
    label = facts.pop("label", title)
    field = _field(label, name, ptype, default, facts)
    if field is not None:
        builder.add_field(field)


def _field(
    label: str, model: str, ptype: Any, default: Any, facts: dict[str, Any]
) -> dict[str, Any] | None:
    if typing.get_origin(ptype) is typing.Literal:
        return _choice(label, model, typing.get_args(ptype), default, facts)
    value = None if default is MISSING else plain(default)
    if _is_union(ptype):
        return controls.text_area(label, model, _union_text(value) or "", **facts)
    if _is_json(ptype):
        value = _EMPTY_JSON.get(ptype) if value is None else value
        return controls.text_area(label, model, value, json=True, **facts)
    if not _is_scalar(ptype):
        return None
    value = _EMPTY[ptype] if value is None else value
    if ptype is bool:
        return controls.checkbox(label, model, value, **facts)
    if ptype is str:
        return controls.text_input(label, model, value, **facts)
    return controls.number_input(label, model, value, **facts)


def _choice(
    label: str, model: str, values: tuple[Any, ...], default: Any, facts: dict[str, Any]
) -> dict[str, Any]:
    default = values[0] if default is MISSING else default
    texts = [_choice_text(values, value) for value in values]
    text = _choice_text(values, default)
    field = controls.select(label, model, text, texts, json=not _all_text(values), **facts)
    return {**field, "default": text}


def read_form_model(cls: type[VueSettingsModule], settings: object) -> dict[str, Any]:
    """The config that a form model stands for; see `VueSettingsModule.from_settings`."""
    model = plain(dict(expect_mapping({} if settings is None else settings, cls, "settings")))
    own = dict(_modules_read_by_themselves(cls))
    fields = [
        field
        for field in cls.get_schema().schema["fields"]
        if not any(f"{field.get('model', '')}.".startswith(f"{path}.") for path in own)
    ]
    apply_schema_to_model({"fields": fields}, model)
    for path, parameter in own.items():
        _read_by_itself(model, path, parameter)
    return cls.to_config(model)


def config_of(cls: type[VueSettingsModule], settings: Mapping[str, Any]) -> dict[str, Any]:
    """Turn read form values into config values; see `VueSettingsModule.to_config`."""
    config = dict(expect_mapping(settings, cls, "settings"))
    for name, parameter in parameters_of(cls).items():
        value = config.get(name)
        if _is_union(parameter.ptype) and isinstance(value, str):
            config[name] = _union_value(value)
        elif _has_form(parameter.ptype) and isinstance(value, Mapping):
            config[name] = at_path((name,), _module_config, parameter.ptype, value)
    return config


def _module_config(module: Any, settings: Any) -> Any:
    """A nested module's config, or the module, by the method that the module has for it."""
    if is_inherited(module, "from_settings") or not is_inherited(module, "to_config"):
        return module.to_config(settings) if hasattr(module, "to_config") else settings
    return module.from_settings(settings)


def settings_of(cls: type[VueSettingsModule], config: Mapping[str, Any]) -> dict[str, Any]:
    """Turn a config into a form model; see `VueSettingsModule.to_settings`."""
    config = expect_mapping(config, cls)
    parameters = parameters_of(cls)
    defaults: dict[str, Any] | None = None
    settings: dict[str, Any] = {}
    for name, value in config.items():
        value = plain(value)
        parameter = parameters.get(name)
        if parameter is None:
            settings[name] = value
            continue
        if not _is_shown(parameter):
            if defaults is None and not parameter.is_default(value):
                defaults = _defaults_of(cls)
            if parameter.is_default(value) or (defaults and defaults.get(name) == value):
                continue
        settings[name] = at_path((name,), _form_value, parameter.ptype, value)
    return settings


def _is_shown(parameter: Parameter) -> bool:
    """Whether the platform's library writes the parameter to form models."""
    ptype = parameter.ptype
    has_field = _has_form(ptype) or _is_scalar(ptype) or _is_json(ptype)
    is_choice = _is_union(ptype) or typing.get_origin(ptype) is typing.Literal
    return is_choice or (has_field and ptype is not set)


def _defaults_of(cls: type[VueSettingsModule]) -> dict[str, Any]:
    """The config of a module made from nothing; empty where there is no such module."""
    try:
        return cls.from_settings({}).get_config()
    except Exception:  # whatever the constructor raises
        return {}


def _form_value(ptype: Any, value: Any) -> Any:
    if _is_json(ptype):
        return value if isinstance(value, str) else json_text(value, indent=2)
    if value is None:
        return None
    if _is_scalar(ptype):
        return _scalar(ptype, value)
    if typing.get_origin(ptype) is typing.Literal:
        return _choice_text(typing.get_args(ptype), value)
    if _is_union(ptype):
        return _union_text(value)
    if _has_form(ptype) and isinstance(value, Mapping):
        return _module_settings(ptype, value)
    return value


def _scalar(ptype: Any, value: Any) -> Any:
    try:
        converted = ptype(value)
    except (TypeError, ValueError, OverflowError):
        needed = ARTICLES["integer" if ptype is int else "number"]
        raise ModuleError(f"expected {needed}, got {value!r}") from None
    loses = ptype is int and isinstance(value, float) and converted != value
    return value if loses else converted  # a rate with the default 1 may well be 0.5


def _module_settings(module: Any, config: Any) -> Any:
    """The form model of a nested module, by the method that the module has for it."""
    if hasattr(module, "to_settings") and (
        is_inherited(module, "get_settings") or not is_inherited(module, "to_settings")
    ):
        return module.to_settings(config)
    return module.from_config(config).get_settings() if hasattr(module, "get_settings") else config


def _modules_read_by_themselves(
    cls: type, path: tuple[str, ...] = ()
) -> typing.Iterator[tuple[str, Parameter]]:
    """The nested modules with a `from_settings` of their own, at any depth, by dotted path."""
    for name, parameter in parameters_of(cls).items():
        if not _has_form(parameter.ptype) or not hasattr(parameter.ptype, "from_settings"):
            continue
        if is_inherited(parameter.ptype, "from_settings"):
            yield from _modules_read_by_themselves(parameter.ptype, (*path, name))
        else:
            yield ".".join((*path, name)), parameter


def _read_by_itself(model: dict[str, Any], path: str, parameter: Parameter) -> None:
    *parents, name = path.split(".")
    node: Any = model
    for parent in parents:
        node = node.setdefault(parent, {})
        if not is_object(node):
            return  # null, or an error that the module around it reports
    given = name in node
    if given and node[name] is None:
        return
    try:
        node[name] = at_path(path.split("."), _from_settings, parameter.ptype, node.get(name, {}))
    except ValueError:
        # Nothing was given, and nothing is not enough for that module: its default has to do.
        if given or parameter.default is MISSING:
            raise


def _from_settings(module: Any, settings: object) -> Any:
    return module.from_settings(expect_mapping(settings, module, "settings"))


def _has_form(ptype: Any) -> bool:
    return is_module(ptype) and hasattr(ptype, "get_schema") and not _holds_itself(ptype)


def _holds_itself(module: Any) -> bool:
    """Whether the parameters of a module lead back to it: a form cannot repeat itself for ever."""
    seen: set[Any] = set()
    ahead: list[Any] = [module]
    while ahead:
        current = ahead.pop()
        if current in seen or not is_inherited(current, "get_schema"):
            continue
        seen.add(current)
        inner = [parameter.ptype for parameter in parameters_of(current).values()]
        ahead.extend(ptype for ptype in inner if is_module(ptype))
        if module in inner:
            return True
    return False


def _is_scalar(ptype: Any) -> bool:
    return isinstance(ptype, type) and ptype in _EMPTY


def _is_json(ptype: Any) -> bool:
    return isinstance(ptype, type) and (
        ptype in _EMPTY_JSON or (hasattr(ptype, "get_schema") and not _has_form(ptype))
    )


def _is_union(ptype: Any) -> bool:
    return typing.get_origin(ptype) is typing.Union


def _all_text(values: tuple[Any, ...]) -> bool:
    return all(isinstance(value, str) for value in values)


def _choice_text(values: tuple[Any, ...], value: Any) -> Any:
    """How a choice is written: as itself where all choices are text, else as JSON text."""
    return value if value is None or _all_text(values) else json_text(value)


def _union_text(value: Any) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str):
        return json_text(value, indent=2)
    return value if value and _union_value(value) == value else json_text(value)


def _union_value(text: str) -> Any:
    if not text:
        return None
    try:
        return json.loads(text)
    except ValueError:
        return text
