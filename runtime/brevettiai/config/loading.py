"""The slower paths of settings: refusing, explaining, changing. Loaded when needed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, TypeVar

from ..compiled import Compiled, Field, config_of
from ..errors import Problem, SettingsError, of_later_version, too_deep
from ..json_values import (
    ATOMS,
    UNSET,
    class_of,
    is_absent,
    is_array,
    is_mapping,
    is_object,
    is_settings,
    keep_verdicts,
)
from ..messages.findings import Findings, Path
from ..messages.secrets import HIDDEN, secrets_of
from ..messages.words import did_you_mean, listed, shown
from .assigned import misassigned, misassigned_to
from .json_text import NotJSONText, parse_json
from .notices import rename, warn

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..cli.layers import Parsed
    from ..compiled import Notes
    from ..form.models import Reading
    from ..settings import Settings

S = TypeVar("S", bound="Settings")
Origins = Mapping[Path, str]

#: The truth where a check and its explanation disagree, which tests show that they never do.
UNEXPLAINED = "does not fit the schema"


def load(cls: type[S], config: Any, origins: Origins | None = None) -> S:
    """`from_config` for configs that need care: renamed keys, foreign types, or refused ones."""
    settings = object.__new__(cls)
    _fill(settings, config, origins)
    return settings


def _fill(settings: Settings, config: Any, origins: Origins | None = None) -> None:
    cls = type(settings)
    plain = fit(cls, config, origins)
    notes: Notes = []
    try:
        keep_verdicts(cls.__brevetti__.fill, plain, settings, notes)
    except RecursionError:
        raise SettingsError([too_deep()], cls.__name__) from None
    if notes:
        warn(cls, plain, notes)


def fit(cls: type[Settings], config: Any, origins: Origins | None = None) -> dict[str, Any]:
    """`config` as plain JSON that fits `cls`, under the names that keys have now.

    Raises:
        SettingsError: it does not fit.
    """
    compiled = cls.__brevetti__

    def check(plain: Any) -> bool:
        return is_object(plain) and compiled.check(plain)

    plain, problems = fitting(cls, config, check, partial(explained, compiled))
    if problems:
        raise SettingsError([with_origin(problem, origins) for problem in problems], cls.__name__)
    fits: dict[str, Any] = plain
    return fits


def fitting(
    cls: Any, value: Any, check: Callable[[Any], bool], explain: Callable[[Any], list[Problem]]
) -> tuple[Any, list[Problem]]:
    """`value` as plain JSON under the names that keys have now, and why it does not fit `cls`."""
    problems: list[Problem] = []
    plain = None
    try:
        plain = plain_json(value, (), problems)
        if not problems:
            problems = rename(cls, plain)
            if not (problems and of_later_version(problems)) and not check(plain):
                problems += explain(plain)
    except RecursionError:
        problems = [too_deep()]
    return plain, problems


def construct(settings: Settings, given: Mapping[str, Any]) -> None:
    """What `C(**given)` does: loads the config of the arguments; instances are kept as they are."""
    config: dict[str, Any] = {}
    fields = type(settings).__brevetti__.fields()
    for field in fields:
        value = given[field.attribute]
        if field.required or not is_absent(value, field.kinds):
            config[field.key] = value
    _fill(settings, config)
    values = settings.__dict__
    for field in fields:
        values[field.attribute] = _kept(given[field.attribute], values[field.attribute])


def arguments_of(cls: type[Settings], given: Mapping[str, Any]) -> dict[str, Any]:
    """What a constructor was `given` by attribute, and what stands for absence of all others.

    Raises:
        TypeError: an argument is missing, or is none of the attributes.
    """
    fields = cls.__brevetti__.fields()
    absent = {field.attribute: UNSET if field.nullable else None for field in fields}
    for name in given:
        if name not in absent:
            guess = did_you_mean(name, absent)
            message = f"{cls.__name__}.__init__() got an unexpected keyword argument {name!r}"
            raise TypeError(f"{message}{guess}")
    missing = [f.attribute for f in fields if f.required and f.attribute not in given]
    if missing:
        names = listed(missing, repr)
        count = "1 required keyword-only argument"
        if len(missing) > 1:
            count = f"{len(missing)} required keyword-only arguments"
        raise TypeError(f"{cls.__name__}.__init__() missing {count}: {names}")
    return {**absent, **given}


def _kept(given: Any, loaded: Any) -> Any:
    """`loaded`, with the very objects that were `given` for it."""
    if is_array(given) and is_array(loaded):
        return [_kept(*pair) for pair in zip(given, loaded, strict=True)]
    if is_object(given) and is_object(loaded):
        return {key: _kept(given.get(key), value) for key, value in loaded.items()}
    is_same = class_of(loaded) not in ATOMS and isinstance(given, class_of(loaded))
    return given if is_same else loaded


def explained(compiled: Compiled, config: Any) -> list[Problem]:
    """Why `config`, plain JSON, does not fit."""
    tables: Any = compiled.tables
    if not isinstance(config, dict):
        given = HIDDEN if compiled.hides else shown(config)
        return [Problem((), "must be an object", given)]
    findings = Findings(tables.explanations(), secrets_of(compiled))
    findings.explain(tables.row, (), config)
    return findings.problems or [Problem((), UNEXPLAINED)]


def with_origin(problem: Problem, origins: Origins | None) -> Problem:
    """`problem` with where the value came from: of its path or the nearest object around it."""
    if origins and not problem.source:
        for length in range(len(problem.path), -1, -1):
            source = origins.get(problem.path[:length])
            if source is not None:
                return Problem(problem.path, problem.expected, problem.given, source)
    return problem


def plain_json(value: Any, at: Path, problems: list[Problem]) -> Any:
    """`value` as JSON of Python's own types: array scalars, tuples and subclasses converted."""
    kind = class_of(value)
    if kind is str or kind is int or kind is bool or value is None:
        return value
    if is_settings(value):
        # Attributes are assignable: what they hold need not be JSON any more.
        return plain_json(_assigned_config(value, problems, at), at, problems)
    if is_mapping(value):
        return {
            _key(key, at, problems): plain_json(item, (*at, str(key)), problems)
            for key, item in value.items()
        }
    if is_array(value):
        return [plain_json(item, (*at, index), problems) for index, item in enumerate(value)]
    if isinstance(value, float):
        if value - value != 0:
            problems.append(Problem(at, "must be a finite number", repr(float(value))))
        return float(value)
    if isinstance(value, (str, int)):
        return str.__str__(value) if isinstance(value, str) else int(value)
    is_class = isinstance(value, type)
    convert = getattr(value, "tolist", None) or getattr(value, "item", None)
    if callable(convert) and not is_class:
        return plain_json(convert(), at, problems)
    get_config = getattr(value, "get_config", None)
    if callable(get_config) and not is_class:
        return plain_json(get_config(), at, problems)
    text = value if is_class else config_of(value)
    if text is not value:
        return text
    problems.append(Problem(at, "must be a JSON value", f"a {kind.__name__}"))
    return None


def _key(key: Any, at: Path, problems: list[Problem]) -> str:
    if isinstance(key, str):
        return str.__str__(key)
    problems.append(Problem(at, "must have text for keys", shown(key)))
    return str(key)


def parse_config(text: str | bytes) -> Any:
    """The value of JSON text, in which no key may occur twice."""
    try:
        return parse_json(text if isinstance(text, str) else text.decode("utf-8-sig"))
    except (NotJSONText, UnicodeDecodeError) as error:
        mistake = f"is not JSON: {error}"
    # Not where the other one was caught, which has all of the text.
    raise SettingsError([Problem((), mistake)])


def load_read(cls: type[S], said: Parsed | Reading) -> S:
    """Load what flags, files or a form said.

    Raises:
        SettingsError: with the problems of reading and those of the values, and their origins.
    """
    problems = [*said.problems]
    if not problems:
        return load(cls, said.config, said.origins)
    if later := of_later_version(problems):
        raise SettingsError(later, cls.__name__)
    try:
        fit(cls, said.config, said.origins)
    except SettingsError as error:
        told = {problem.path for problem in problems}
        problems += [problem for problem in error.problems if problem.path not in told]
    raise SettingsError(problems, cls.__name__)


# Presets and changes


def load_changed(cls: type[S], config: dict[str, Any], changes: Mapping[str, Any]) -> S:
    """Load `config`, which is changed, with other values for the named attributes."""
    fields = _changed_fields(cls, changes)
    for attribute, value in changes.items():
        field = fields[attribute]
        if is_absent(value, field.kinds):
            config.pop(field.key, None)
        else:
            config[field.key] = value
    return _with_instances(load(cls, config), changes)


def unknown_preset(name: str, presets: Mapping[str, Any], guess: str = "") -> str:
    """The message about a preset that does not exist."""
    known = f"there are {listed(presets, repr)}" if presets else "these settings have none"
    return f"there is no preset {name!r}{guess}; {known}"


def replace(settings: S, changes: Mapping[str, Any]) -> S:
    _changed_fields(type(settings), changes)
    changed = settings.copy()
    for name, value in changes.items():
        setattr(changed, name, value)
    problems = [*misassigned(changed)]
    if problems:
        raise SettingsError(problems, type(settings).__name__)
    return _with_instances(load(type(settings), _assigned_config(changed, [])), changes)


def _changed_fields(cls: type[Settings], changes: Mapping[str, Any]) -> dict[str, Field]:
    fields = {field.attribute: field for field in cls.__brevetti__.fields()}
    for name in changes:
        if name not in fields:
            raise TypeError(f"{cls.__name__} has no attribute {name!r}{did_you_mean(name, fields)}")
    return fields


def _with_instances(settings: S, changes: Mapping[str, Any]) -> S:
    """`settings`, with the very objects that `changes` gave for nested settings."""
    for name, value in changes.items():
        setattr(settings, name, _kept(value, getattr(settings, name)))
    return settings


def validate(settings: Settings) -> None:
    problems: list[Problem] = []
    cls = type(settings)
    try:
        config = plain_json(_assigned_config(settings, problems), (), problems)
        problems += [problem for problem in misassigned(settings) if problem not in problems]
        if not problems and cls.__brevetti__.check(config):
            return
        problems = problems or explained(cls.__brevetti__, config)
    except RecursionError:
        problems = [too_deep()]
    raise SettingsError(problems, cls.__name__)


def _assigned_config(settings: Settings, problems: list[Problem], at: Path = ()) -> dict[str, Any]:
    """`get_config`, also where something else was assigned than what the attributes should hold.

    It may hold objects then, each of which is asked in its turn.
    """
    try:
        return settings.get_config()
    except (AttributeError, SettingsError, TypeError) as error:
        if too_deep() in getattr(error, "problems", ()):
            raise  # What is inside would say the same, each after a search of its own.
        problems += misassigned_to(settings, at)
    config: dict[str, Any] = {}
    for field in type(settings).__brevetti__.fields():
        value = settings.__dict__.get(field.attribute, UNSET)
        if is_absent(value, field.kinds):
            continue
        if field.cls is not None and is_mapping(value):
            text = f"must be an object of the class {field.cls.__name__}"
            problems.append(Problem((*at, field.key), text, f"a {type(value).__name__}"))
        config[field.key] = value
    config.update(settings.extra)
    return config
