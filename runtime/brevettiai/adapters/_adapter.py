"""`SettingsAdapter`: one settings class of another style, seen as if it were ours."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from functools import cached_property, lru_cache
from typing import Any

from ..cli.flags import parse
from ..cli.help import format_help
from ..cli.inside import value_at
from ..cli.layers import Parsed
from ..cli.program import Held, answered
from ..cli.saying import shortest_args
from ..config.json_text import json_text
from ..config.loading import parse_config, plain_json, with_origin
from ..config.notices import OF_EDITORS, UnknownKeys, warn_of_unknown
from ..errors import Problem, SettingsError, path_text, too_deep
from ..form.documents import form_of_class
from ..form.models import (
    Reading,
    class_form,
    config_of,
    config_of_model,
    form_model,
    without_cleared,
)
from ..handwritten.builder import SchemaBuilder
from ..json_values import is_mapping
from ..messages.findings import Path
from ..messages.secrets import HIDDEN, MASK, UNTOLD, public
from ..messages.words import did_you_mean, shown
from ..settings import Settings
from ._facts import Described, described
from ._style import UNKNOWN, ConfigRefused, Style
from ._walk import known_keys, unknown_keys, with_whole_numbers

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..search.spaces import Space

#: What a library says where a value is none of some constants.
_LISTED = re.compile(r"""must be (one of|['"\d-])""")


class SettingsAdapter:
    """What our settings classes offer, for a class of another style.

    Everything but loading and saving is derived from the JSON Schema that the library gives for
    its class: flags, help, form, and what is secret.

    Attributes:
        cls: the class. Its objects are what `from_config` and the like give.
    """

    def __init__(self, style: Style) -> None:
        """Adapters are made by `SettingsAdapter.of`."""
        self.cls: Any = style.cls
        self._style = style

    @staticmethod
    def of(settings_class: Any) -> SettingsAdapter:
        """The adapter of a pydantic model, a dataclass, a msgspec struct or a TypedDict.

        Raises:
            TypeError: the class is none of these.
            ImportError: a library is missing that the class needs.
        """
        return _adapter_of(settings_class)

    # Configs

    def from_config(self, config: Mapping[str, Any]) -> Any:
        """Load a config, as the library does: what it converts or fills in is up to the class.

        Keys that the class would ignore are named in one warning of the logger
        `brevettiai.utils.module`.

        Raises:
            SettingsError: the class does not accept the config; it names every problem that the
                library told.
        """
        return self._load(config, [], {})

    def get_config(self, settings: Any, *, hide_secrets: bool = False) -> dict[str, Any]:
        """The config of an object; without secrets, where `hide_secrets`."""
        config = self._style.save(settings)
        return public(config, secrets=self._style.secrets) if hide_secrets else config

    def from_json(self, text: str | bytes) -> Any:
        """Load the JSON text of a config.

        Raises:
            SettingsError: `text` is not JSON, or the class does not accept it.
        """
        return self.from_config(parse_config(text))

    def to_json(self, settings: Any, *, indent: int | None = None) -> str:
        """The config of an object as JSON text."""
        return json_text(self.get_config(settings), indent)

    # The command line

    def from_args(
        self,
        args: Sequence[str] | None = None,
        *,
        config: Mapping[str, Any] | None = None,
        env_prefix: str | None = None,
        ignore_unknown: bool = False,
        prog: str | None = None,
    ) -> Any:
        """Load settings from flags and what they lie over, as `Settings.from_args` does.

        Raises:
            SettingsError: an unknown flag, a value that cannot be read, or settings that the
                class does not accept. Each problem says which flag or file it came from.
        """
        parsed = parse(
            self.facts, args, config=config, env_prefix=env_prefix, ignore_unknown=ignore_unknown
        )

        def save(settings: Any) -> Held:
            config = self.get_config(settings)
            secrets = self._style.secrets
            return Held(config, public(config, secrets=secrets), secrets)

        return answered(parsed, self.load_parsed, save, prog, ends=args is None)

    def to_args(self, settings: Any) -> list[str]:
        """The fewest flags from which `from_args` makes the same settings."""
        config = self.get_config(settings)
        return shortest_args(self.facts, config, loaded=self._saved)

    def format_help(self, prog: str | None = None) -> str:
        """The text of `--help`."""
        return format_help(self.facts, prog)

    # Form and form models

    def get_schema(self, namespace: str | None = None) -> SchemaBuilder:
        """The platform form of the class; `.schema` is the document."""
        return form_of_class(self.facts, namespace)

    def form_for(self, library: str) -> dict[str, Any]:
        """The form of the class for `rjsf` or `jsonforms`, as `brevettiai.form.libraries` has it.

        Raises:
            ValueError: there is no such library, or the form would be too large.
        """
        from ..form.libraries import form_for

        def load(config: dict[str, Any]) -> dict[str, Any]:
            return self.get_config(self.from_config(config), hide_secrets=True)

        return form_for(self.facts, library, load)

    def get_settings(self, settings: Any) -> dict[str, Any]:
        """The form model of an object: its config with JSON-typed fields as text."""
        return form_model(self.facts, self.get_config(settings))

    def from_settings(self, settings: Mapping[str, Any] | None) -> Any:
        """Load a form model.

        Raises:
            SettingsError: a JSON field does not parse, or the class does not accept the settings.
        """
        reading = config_of(class_form(self.facts), {} if settings is None else settings)
        return without_cleared(reading, lambda: self._load_read(reading))

    def to_config(self, settings: Mapping[str, Any] | None) -> dict[str, Any]:
        """The config of a form model, not checked yet.

        Raises:
            SettingsError: a JSON field does not parse.
        """
        return config_of_model(self.facts, settings, self._load_read)

    # Searches

    def search_space(self, *names: str, base: Any = None) -> Space:
        """What of these settings may vary in a sweep, as `Settings.search_space` has it."""
        from ..search.spaces import space_of

        return space_of(self, names, base)

    # Facts

    def json_schema(self) -> dict[str, Any]:
        """The JSON Schema of the class, references into its own definitions only."""
        return self._style.json_schema()

    @cached_property
    def facts(self) -> type[Described]:
        """What flags, help and forms read of the class, in a settings class without objects."""
        style = self._style
        return described(style.schema, self.cls.__name__, style.about(), style.secrets)

    def schema_digest(self) -> str:
        """A short digest of `json_schema()`, which stored results name."""
        text = json.dumps(self._style.schema, sort_keys=True, default=str)
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    def presets(self) -> dict[str, dict[str, Any]]:
        """The partial configs under `x-presets` of the schema, by name."""
        return self.facts.presets()

    def load_parsed(self, parsed: Parsed, *, warns: bool = True) -> Any:
        """Load what layers of settings say; unknown keys are worth a warning, if it `warns`."""
        return self._load(parsed.config, parsed.problems, parsed.origins, warns=warns)

    def refusals(self, config: Mapping[str, Any]) -> Sequence[Problem]:
        """Why the class does not accept a config, in plain JSON; nothing is logged."""
        walk = self._style.walk
        try:
            self._style.load(with_whole_numbers(walk, walk.start, config))
        except ConfigRefused as error:
            return error.problems
        return ()

    def __reduce__(self) -> tuple[Any, ...]:
        return SettingsAdapter.of, (self.cls,)

    def _load_read(self, reading: Reading) -> Any:
        return self._load(reading.config, [*reading.problems], reading.origins)

    def _load(
        self,
        config: Any,
        problems: list[Problem],
        origins: Mapping[Path, str],
        *,
        warns: bool = True,
    ) -> Any:
        found: list[Problem] = []
        walk = self._style.walk
        try:
            plain = plain_json(config, (), found)
            if not is_mapping(plain):
                found.append(Problem((), "must be an object", shown(plain)))
            if not found:
                settings = self._style.load(with_whole_numbers(walk, walk.start, plain))
                if not problems:
                    found_keys = unknown_keys(walk, walk.start, plain) if warns else ()
                    if keys := [each for each in found_keys if each[0] != OF_EDITORS]:
                        warn_of_unknown(UnknownKeys([self._unknown(*each) for each in keys]))
                    return settings
        except ConfigRefused as error:
            found += error.problems
        except RecursionError:
            found.append(too_deep())
        told = {problem.path for problem in problems}
        found = [problem for problem in found if problem.path not in told]
        problems += [self._told(each, config, turn) for turn, each in enumerate(found)]
        located = [with_origin(problem, origins) for problem in problems]
        raise SettingsError(located, self.cls.__name__) from None

    def _saved(self, config: dict[str, Any]) -> dict[str, Any]:
        """The config of what a config loads to, without a word about it."""
        walk = self._style.walk
        return self.get_config(self._style.load(with_whole_numbers(walk, walk.start, config)))

    def _told(self, problem: Problem, config: Any, turn: int) -> Problem:
        """A problem as people may see it: secrets masked, keys that were meant named."""
        path, expected, given = problem.path, problem.expected, problem.given
        secrets = self._style.secrets
        if _LISTED.match(expected) and (secrets.at(*path) or self._is_beside_secrets(path)):
            expected = UNTOLD
        if secrets.at(*path):
            given = given and HIDDEN
            value = value_at(config, path)
            if value and str(value) in expected:  # in a validator's own words
                expected = UNTOLD
        shown_path = self._path_shown(path)
        if expected == UNKNOWN and shown_path == path:
            known = known_keys(self._style.walk.at(path[:-1]))
            expected += did_you_mean(str(path[-1]), known, turn)
        return Problem(shown_path, expected, given, problem.source)

    def _is_beside_secrets(self, path: Path) -> bool:
        """Whether something is of one type to the class with what to the schema is a secret."""
        *above, last = path or (None,)
        if last is None or last in known_keys(self._style.walk.at(tuple(above))):
            return False
        return bool(self._style.secrets.at(*above, -1 if type(last) is int else ...))

    def _path_shown(self, path: Path) -> Path:
        """A path as it may be told: without keys in a secret that the schema does not name."""
        secrets, at = self._style.secrets, self._style.walk.at

        def is_told(length: int, step: object) -> bool:
            inside = isinstance(step, str) and secrets.at(*path[:length]).is_secret
            return not inside or step in known_keys(at(path[:length]))

        return tuple(step if is_told(i, step) else MASK for i, step in enumerate(path))

    def _unknown(self, path: Path, known: tuple[str, ...]) -> tuple[str, str, tuple[str, ...]]:
        """What is told of an unknown key."""
        shown_path = self._path_shown(path)
        return path_text(shown_path), str(path[-1]), known if shown_path == path else ()


@lru_cache(maxsize=1000)
def _adapter_of(cls: Any) -> SettingsAdapter:
    library = _library_of(cls)
    if library == "pydantic":
        from ._pydantic import PydanticStyle

        return SettingsAdapter(PydanticStyle(cls))
    if library == "msgspec":
        from ._msgspec import MsgspecStyle

        return SettingsAdapter(MsgspecStyle(cls))
    if library == "dataclasses":
        from ._dataclasses import dataclass_style

        return SettingsAdapter(dataclass_style(cls))
    raise TypeError(
        f"{cls!r} is no settings class of another style; adapters take pydantic models, "
        "dataclasses, msgspec structs and TypedDicts"
    )


def is_adaptable(cls: Any) -> bool:
    """Whether `SettingsAdapter.of` takes a class; imports no library to find out."""
    return _library_of(cls) != ""


def _library_of(cls: Any) -> str:
    """The library that knows a class, by what it leaves there; "" for none."""
    bases: tuple[type[Any], ...] = getattr(cls, "__mro__", ())
    if not bases or Settings in bases:
        return ""
    if hasattr(cls, "__pydantic_validator__") or hasattr(cls, "__pydantic_fields__"):
        return "pydantic"
    if hasattr(cls, "__struct_config__"):
        return "msgspec"
    is_typed_dict = dict in bases and hasattr(cls, "__required_keys__")
    is_known = is_typed_dict or hasattr(cls, "__dataclass_fields__")
    return "dataclasses" if is_known else ""
