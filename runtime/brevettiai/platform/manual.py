"""The help of a job: its settings, of whatever kind their class is, and its own flags."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from brevettiai.cli.general import HELP
from brevettiai.cli.help import Manual, manual_of, program
from brevettiai.cli.layout import Section, unbroken
from brevettiai.platform.flags import FLAGS, NAMES, VARIABLES
from brevettiai.platform.settings import ENV_PREFIX, facts_of, with_methods
from brevettiai.sweep.flags import ABOUT as SWEEP_ABOUT
from brevettiai.sweep.flags import EXAMPLES
from brevettiai.sweep.flags import FLAGS as SWEEP_FLAGS


def manual_of_job(cls: type | None) -> Manual:
    """The manual of a job with settings of `cls`; None for a job without a settings class."""
    own = [_many_runs(), Section("Job", "", _rows(FLAGS))]
    topics = {"sweep": _about_sweeps()}
    settings: Any = None if cls is None else with_methods(cls)
    facts = facts_of(settings)
    if facts is not None:
        manual = manual_of(facts, own, ENV_PREFIX, topics)
        # At the top a job's own flags go first: a setting of that name is said by JSON.
        manual.flags = [
            flag._replace(name="") if len(flag.path) == 1 and flag.name in NAMES else flag
            for flag in manual.flags
        ]
        return manual
    if hasattr(settings, "get_schema"):
        from brevettiai.handwritten.manual import manual_of_form

        manual = manual_of_form(settings.get_schema(), own, ENV_PREFIX)
        manual.topics = topics
        return manual
    # A class of another kind knows its flags itself; without one, any word is a setting.
    text = settings.format_help() if hasattr(settings, "format_help") else ""
    about = "\n\n".join(text.splitlines()) or "Any --NAME VALUE is taken."
    return Manual([], about=about, general=[HELP], own=own, topics=topics)


def _many_runs() -> Section:
    value, text = SWEEP_FLAGS["sweep"]
    return Section("Many runs", "", [(f"--sweep {value}", f"{text} --help sweep has more.")])


def _about_sweeps() -> list[Section]:
    """What `--help sweep` has."""
    return [
        Section("Many runs", SWEEP_ABOUT, _rows(SWEEP_FLAGS)),
        Section(f"For example, behind {unbroken(program())}", "", EXAMPLES),
    ]


def _rows(flags: Mapping[str, tuple[str, str]]) -> list[tuple[str, str]]:
    rows: list[tuple[str, str]] = []
    for name, (value, text) in flags.items():
        if name in VARIABLES:
            text += f" {unbroken(f'[variable: ${VARIABLES[name]}]')}"
        between = "" if value.startswith("[") else " "
        rows.append((f"--{name}{between}{value}", text))
    return rows
