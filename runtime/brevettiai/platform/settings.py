"""From a job class, its stored settings and its flags to the settings object of a job.

Four kinds of settings: generated classes (they have `from_args`), hand-written modules (they have
`get_schema` and `from_settings`), classes of other styles (see `brevettiai.adapters`), and none,
where a job takes whatever is stored.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

from brevettiai.errors import SettingsError
from brevettiai.json_values import is_mapping, is_object
from brevettiai.messages.hidden import Secret, secrets_between
from brevettiai.platform.errors import JobError

if TYPE_CHECKING:
    from brevettiai.adapters import SettingsAdapter
    from brevettiai.settings import Settings


ENV_PREFIX = "BREVETTIAI_SETTINGS"
"""What the variables of a job's settings begin with: `BREVETTIAI_SETTINGS__TRAINING__EPOCHS`."""


class StoredSettings(SimpleNamespace):
    """Settings of a job without a settings class: what is stored, as attributes."""

    def get_config(self) -> dict[str, Any]:
        """The settings as they were stored."""
        return dict(vars(self))


def settings_class(job_class: type, base: type) -> type | None:
    """The settings class of a job class, None where it has none; `base` is `Job`.

    The nearest class that says it counts: by `Settings = MySettings`, else by the annotation
    `settings: MySettings`, which may be text, as under `from __future__ import annotations`.
    """
    for owner in job_class.__mro__:
        if owner is base:
            break
        found = vars(owner).get("Settings")
        if found is None:
            found = vars(owner).get("__annotations__", {}).get("settings")
            if isinstance(found, str):
                found = _resolve(found, owner)
        if found is not None:
            if isinstance(found, type) and (_is_ours(found) or _is_adaptable(found)):
                return found
            raise JobError(
                f"{owner.__qualname__}: {found!r} is no settings class; it takes a generated "
                "class, a subclass of VueSettingsModule, a pydantic model, a dataclass, a msgspec "
                "struct or a TypedDict"
            )
    return None


def _resolve(text: str, owner: type) -> object:
    """The value of an annotation that is a dotted name, seen from its class and its module."""
    text = text.strip("\"'")  # A quoted name under the future import is quoted twice.
    first, *rest = text.split(".")
    module = sys.modules.get(owner.__module__)
    try:
        value = vars(owner)[first] if first in vars(owner) else vars(module)[first]
        for name in rest:
            value = getattr(value, name)
    except (KeyError, AttributeError, TypeError):
        raise JobError(
            f"{owner.__qualname__}: the annotation 'settings: {text}' names nothing that can be "
            f"found in {owner.__module__}; import the class there (not only for type checkers), "
            "or write 'Settings = ' and the class"
        ) from None
    return value


def _is_ours(cls: type) -> bool:
    return hasattr(cls, "from_args") or hasattr(cls, "from_settings")


def _is_adaptable(cls: type) -> bool:
    from brevettiai.adapters import is_adaptable

    return is_adaptable(cls)


def _adapter(cls: type | None, settings: object = None) -> SettingsAdapter | None:
    """The adapter of a settings class of another style, or of the class of `settings`.

    Objects of a TypedDict are dicts, of which only their job's class knows what they are.
    """
    given = type(settings)
    if settings is not None and given not in (cls, dict):
        cls = given
    if cls is None or _is_ours(cls) or not _is_adaptable(cls):
        return None
    from brevettiai.adapters import SettingsAdapter

    return SettingsAdapter.of(cls)


def with_methods(cls: type) -> Any:
    """A settings class, or the adapter that has the methods of one; their kinds have no type."""
    return _adapter(cls) or cls


def facts_of(settings: Any) -> type[Settings] | None:
    """The class with the fields of a settings class or an adapter; None for a module by hand."""
    from brevettiai.settings import Settings

    facts = getattr(settings, "facts", settings)
    return facts if isinstance(facts, type) and issubclass(facts, Settings) else None


def load_settings(
    cls: type | None, stored: Mapping[str, Any] | None, words: Sequence[str], given: Any = None
) -> Any:
    """The settings of a job: the stored form model, with variables and flags among `words` over it.

    Words that are no flags of the settings are left alone. What is wrong in a form model is told
    by its labels.

    Args:
        given: settings that take the place of the stored ones, as an object or a config.

    Raises:
        TypeError: `given` is something else.
    """
    if cls is None:
        if given is not None and not is_mapping(given):
            return given
        return StoredSettings(**(stored or {}) if given is None else given)
    settings = with_methods(cls)
    config = None if given is None else _config_of(settings, cls, given)
    if not hasattr(settings, "from_args"):
        if config is not None:
            stored = settings.from_config(config).get_settings()
        return _load_module(settings, stored or {}, words)
    try:
        if config is None:
            config = settings.to_config(dict(stored or {}))
        return settings.from_args(
            list(words), config=config, env_prefix=ENV_PREFIX, ignore_unknown=True
        )
    except SettingsError as error:
        facts = facts_of(settings)
        if facts is None or stored is None or given is not None:
            raise
        from brevettiai.form.models import told_by_form

        raise told_by_form(facts, stored, error) from None


def load_swept(
    cls: type | None,
    names: Sequence[str],
    stored: Mapping[str, Any] | None,
    words: Sequence[str],
    given: Any = None,
) -> Any:
    """As `load_settings`, of a job whose settings with some `names` vary in a sweep.

    Those that are required and that nobody gives are as they are at the first point of the space.
    """
    try:
        return load_settings(cls, stored, words, given)
    except SettingsError as error:
        from brevettiai.messages.keywords import REQUIRED

        owner: Any = None if cls is None else with_methods(cls)
        are_missing = all(each.expected.startswith(REQUIRED) for each in error.problems)
        if not are_missing or not hasattr(owner, "search_space"):
            raise
        try:
            space = owner.search_space(*names)
            said = space.words(space.suggest(_First()))
            return load_settings(cls, stored, [*words, *said], given)
        except SettingsError:
            raise error from None


class _First:
    """Proposes the first value of each parameter."""

    def suggest_float(self, name: str, low: float, high: float, **_: Any) -> float:
        return low

    def suggest_int(self, name: str, low: int, high: int, **_: Any) -> int:
        return low

    def suggest_categorical(self, name: str, choices: Sequence[str]) -> str:
        return choices[0]


def load_config(cls: type | None, config: Mapping[str, Any]) -> Any:
    """The settings of a job from their config alone.

    Raises:
        SettingsError: it does not fit the class; ModuleError for a hand-written module.
    """
    if cls is None:
        return StoredSettings(**config)
    return with_methods(cls).from_config(dict(config))


def without_show(words: Sequence[str]) -> list[str]:
    """Words without `--show-settings`, for a job that has mistakes to show instead."""
    shows = ("--show-settings", "--show_settings")
    return [word for word in words if word.partition("=")[0] not in shows]


def _config_of(settings: Any, cls: type, given: Any) -> Any:
    """The config of settings that code gives to a job whose settings are of `cls`."""
    if is_mapping(given):
        return dict(given)
    if not isinstance(given, cls):
        kind = type(given).__name__
        raise TypeError(f"settings= takes an object of {cls.__name__} or its config, not a {kind}")
    return settings.get_config(given)  # Of an adapter, or of the class, whose method it is.


def _load_module(cls: Any, stored: Mapping[str, Any], words: Sequence[str]) -> Any:
    """Settings of a hand-written module: flags by its form, laid over the form model."""
    from brevettiai.handwritten.flags import read_flags

    own = without_show(words)
    model: dict[str, Any] = json.loads(json.dumps(stored))
    given = read_flags(cls.get_schema(), own, ENV_PREFIX)
    for path, (value, _) in given.items():
        *above, last = path.split(".")
        node = model
        for name in above:
            if not is_object(node.get(name)):
                node[name] = {}
            node = node[name]
        node[last] = value
    settings = cls.from_settings(model)
    if len(own) != len(words):
        from brevettiai.handwritten.showing import show

        origins = {path: origin for path, (_, origin) in given.items()}
        show(settings, stored_config(settings, cls), stored, origins, words)
    return settings


def stored_config(settings: Any, cls: type | None = None) -> Any:
    """The config of a job's settings for `output.json`: without the secrets that classes know of.

    Those may be nested in hand-written modules, which know of no secrets.
    """
    adapter = _adapter(cls, settings)
    if adapter is not None:
        return adapter.get_config(settings, hide_secrets=True)
    attributes = cast("dict[str, Any]", vars(settings))
    if isinstance(settings, StoredSettings):
        return dict(attributes)  # A stored setting may have the name of the method.
    from brevettiai.handwritten.models import public_config

    return public_config(settings)


def schema_digest(settings: Any, cls: type | None = None) -> str | None:
    """The digest of the schema of a settings class; None for classes without one."""
    adapter = _adapter(cls, settings)
    if adapter is not None:
        return adapter.schema_digest()
    digest = getattr(cast("type[object]", type(settings)), "schema_digest", None)
    return str(digest()) if callable(digest) else None


def secrets_in(settings: Any, cls: type | None = None) -> set[Secret]:
    """The secrets among the values of settings: those that `stored_config` leaves out."""
    if isinstance(settings, StoredSettings):
        return set()
    adapter = _adapter(cls, settings)
    config = adapter.get_config(settings) if adapter else settings.get_config()
    return secrets_between(config, stored_config(settings, cls))
