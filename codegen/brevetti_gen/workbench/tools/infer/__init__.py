"""`brevetti-gen infer`: a schema for configs that are there already, to be refined by hand."""

from __future__ import annotations

from collections.abc import Sequence

from brevettiai.settings import Settings, SettingsError

from ....problems import Problem, refused
from ...telling.report import command_parser
from ..schema_files import add_schema_file, schema_file
from .configs import Config, read_configs
from .inferring import inferred

_DESCRIPTION = """\
Propose a schema for stored configs: settings files in JSON, YAML or TOML, the output.json or the
info.json of jobs. It accepts each of them. Refine it, and go on from there."""
_EPILOG = """\
The schema says what holds for all configs: keys, types, what is always there. What is likely only
(defaults, choices, limits, formats) is told, and with --suggest it stands in the schema. Settings
whose names or values say that they are secret get "writeOnly": true, and none of their values is
shown. The more configs, the better the schema."""


def main(arguments: Sequence[str]) -> int:
    parser = command_parser("brevetti-gen infer", _DESCRIPTION, _EPILOG)
    text = "a stored config (*.json, *.yaml, *.yml, *.toml), or what a job stored"
    parser.add_argument("configs", nargs="+", metavar="CONFIG", help=text)
    add_schema_file(parser)
    text = "write into the schema what the configs make likely: defaults, choices, limits, formats"
    parser.add_argument("--suggest", action="store_true", help=text)
    options = parser.parse_args(list(arguments))
    output = schema_file(options)
    configs = read_configs(options.configs)
    try:
        schema, remarks = inferred(configs, suggest=options.suggest)
        cls, warnings = output.class_of(schema, "settings")
        assert cls is not None
        for config in configs:
            _see_accepted(cls, config)
    except RecursionError:
        raise refused("too-large", "the configs are nested too deeply") from None
    notes = [_note(config) for config in configs if config.note]
    output.write(schema, [*notes, *remarks, *warnings])
    return 0


def _note(config: Config) -> Problem:
    return Problem(config.note, str(config.origin), severity="note", code="suggestion")


def _see_accepted(cls: type[Settings], config: Config) -> None:
    try:
        cls.from_config(config.value)
    except SettingsError as error:
        places = ", ".join(sorted({".".join(map(str, p.path)) for p in error.problems}))
        message = f"the schema that was inferred refuses this config (at {places})"
        raise refused("internal", message, str(config.origin)) from None
