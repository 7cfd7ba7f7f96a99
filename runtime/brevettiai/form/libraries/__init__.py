"""The forms of settings classes for libraries beside the platform's, each one document."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ...errors import SettingsError
from ...json_values import plain
from ...messages.secrets import public
from ..models import class_form, config_of
from ..placing import laid_over, opened_model, placed_fields_of
from .controls import Control, controls_of, data_of
from .controls import TooManyControls as TooManyControls
from .jsonforms import jsonforms_of, jsonforms_value, offers_null, simplified
from .rjsf import rjsf_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ...settings import Settings

    #: Gives the whole config of a part of one, without secrets.
    Load = Callable[[dict[str, Any]], dict[str, Any]]

#: The libraries, and what their documents hold: the schema, the layout, the data.
KEYS = {"rjsf": ("schema", "uiSchema", "formData"), "jsonforms": ("schema", "uischema", "data")}


def form_for(cls: type[Settings], library: str, load: Load | None = None) -> dict[str, Any]:
    """The form of a class for react-jsonschema-form or JSON Forms, as one document.

    It opens with what the class has when nothing is said; what people submit loads by
    `from_settings`. Its `presets`, if the class has some, are such data by name.

    Args:
        library: `rjsf` or `jsonforms`.
        load: how the class loads a config, if it is described only.

    Raises:
        ValueError: there is no such library, or the form would be too large.
    """
    if library not in KEYS:
        raise ValueError(f"no form for {library!r}: only for {' and '.join(KEYS)}")
    load = load or (lambda config: cls.from_config(config).get_config(hide_secrets=True))
    control = _library_controls(cls, library)
    is_rjsf = library == "rjsf"
    first, second = rjsf_of(control) if is_rjsf else jsonforms_of(control)
    shown = None if is_rjsf else jsonforms_value
    usual = _defaults(cls, load)
    presets = {
        name: data_of(control, _preset(cls, preset, usual, load), shown)
        for name, preset in cls.presets().items()
    }
    found = (first, second, data_of(control, usual, shown))
    document = dict(zip(KEYS[library], map(plain, found), strict=True))
    return {**document, "presets": presets} if presets else document


def losses(cls: type[Settings], library: str) -> dict[str, str]:
    """What the form of a class for a library does worse than others, by the path of the setting."""
    return dict(_losses(_library_controls(cls, library), library, ""))


def _losses(control: Control, library: str, at: str) -> Iterator[tuple[str, str]]:
    for part in control.parts:
        path = f"{at}{part.key}"
        is_chosen = not {"type", "isJson"}.isdisjoint(part.changes.get("set", {}))
        if part.is_section:
            yield from _losses(part, library, f"{path}.")
        elif part.how == "json" and not is_chosen:
            yield path, "is edited as JSON text"
        elif part.is_nullable and part.default is not None and not _can_be_null(part, library):
            yield path, "cannot be made null: emptied, it has its default"


def _can_be_null(control: Control, library: str) -> bool:
    """Whether something in the form stands for null where the default is another value."""
    if control.how in ("text", "lines"):
        return False
    if library == "rjsf" or control.how == "json":
        return True
    return offers_null(control)


def _library_controls(cls: type[Settings], library: str) -> Control:
    """The controls of a class that a library has."""
    control = controls_of(cls)
    return simplified(control) if library == "jsonforms" else control


def _defaults(cls: type[Settings], load: Load) -> dict[str, Any]:
    """The config of a class of which nothing is said; what fields begin with, if that is none."""
    try:
        return load({})
    except SettingsError:
        form = class_form(cls)
        found: dict[str, Any] = config_of(form, opened_model(placed_fields_of(form))).config
        return found


def _preset(
    cls: type[Settings], preset: Mapping[str, Any], usual: dict[str, Any], load: Load
) -> dict[str, Any]:
    try:
        return load(dict(preset))
    except SettingsError:
        hidden: dict[str, Any] = public(dict(preset), secrets=class_form(cls).secrets)
        return laid_over(usual, hidden)
