"""Pickles of settings, also those that another version of the class wrote.

Such a pickle means what the config of its object would: it is renamed, checked and filled. Only
what it lacks is taken from that; what it has stays the same objects.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..classes import Field, config_of
from ..errors import SettingsError
from ..json_values import UNSET, is_absent, strays
from .assigned import misassigned_to
from .given import given_config
from .json_text import parse_json
from .loading import load

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..modules import SettingsObject

_SOURCE = "a pickle of an older or newer version of the class"


def refuse_misassigned(settings: Any) -> None:
    """Refuse to pickle what a pickle of another version of the class would look like.

    Raises:
        SettingsError: an attribute was assigned that is no setting, or one was deleted.
    """
    problems = [*misassigned_to(settings, ())]
    if problems:
        raise SettingsError(problems, type(settings).__name__)


def renew(settings: SettingsObject) -> None:
    """Give `settings`, which have what their pickle has, the attributes that their class has now.

    Raises:
        SettingsError: a property that the class requires now has no default, or the pickle has
            values that the class does not allow any more.
    """
    cls: Any = type(settings)
    held = settings.__dict__
    versions = [row[1] for row in cls.__brevetti__.growth if row[0] == "version"]
    if versions and held.get("_version") is not None:
        held["_version"] = max(versions[0], held["_version"])
    fields = {field.attribute: field for field in cls.__brevetti__.fields()}
    lacking = [field for field in fields.values() if field.attribute not in held]
    old = {name: held.pop(name) for name in strays(settings, fields)}
    if not lacking and not old:
        return
    present = {name: value for name, value in held.items() if name in fields}
    loaded = load(cls, {**_config(settings, lacking), **_others(old, lacking)}, {(): _SOURCE})
    own = {name: value for name, value in held.items() if name not in fields}
    settings.__dict__ = {**vars(loaded), **present, **own}
    for name in ("__extra__", "__given__") if loaded.__brevetti__.tracks else ("__extra__",):
        setattr(settings, name, getattr(loaded, name))


def _config(settings: Any, lacking: list[Field]) -> dict[str, Any]:
    """What was given of what the pickle has, and the defaults of what is required since."""
    held, compiled = settings.__dict__, settings.__brevetti__
    held.update((field.attribute, UNSET) for field in lacking)
    if compiled.tracks:
        config = given_config(settings)
    else:
        values = ((field, held[field.attribute]) for field in compiled.fields())
        config = {field.key: value for field, value in values if not is_absent(value, field.kinds)}
        config.update(settings.extra)
    for field in lacking:
        if field.proposal is not None:
            config[field.key] = parse_json(field.proposal)
    return config


def _others(old: dict[str, Any], lacking: Iterable[Field]) -> dict[str, Any]:
    """The values of attributes that the class has no more, under the keys they had, as it seems."""
    keys = {_letters(key): key for field in lacking for key in field.old_keys}
    return {
        keys.get(_letters(name), name): config_of(value)
        for name, value in old.items()
        if value is not None and value is not UNSET
    }


def _letters(name: str) -> str:
    """What a key and its attribute have in common."""
    return "".join(filter(str.isalnum, name))
