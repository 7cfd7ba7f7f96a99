"""The help of a job: its settings, of whatever kind their class is, and its own flags."""

from __future__ import annotations

from typing import Any

from brevettiai.cli.general import HELP
from brevettiai.cli.help import Manual, manual_of
from brevettiai.cli.layout import Section, unbroken
from brevettiai.platform.flags import FLAGS, VARIABLES
from brevettiai.platform.settings import ENV_PREFIX, facts_of, with_methods


def manual_of_job(cls: type | None) -> Manual:
    """The manual of a job with settings of `cls`; None for a job without a settings class."""
    own = [_own_flags()]
    settings: Any = None if cls is None else with_methods(cls)
    facts = facts_of(settings)
    if facts is not None:
        manual = manual_of(facts, own, ENV_PREFIX)
        # At the top a job's own flags go first: a setting of that name is said by JSON.
        manual.flags = [
            flag._replace(name="") if len(flag.path) == 1 and flag.name in FLAGS else flag
            for flag in manual.flags
        ]
        return manual
    if hasattr(settings, "get_schema"):
        from brevettiai.handwritten.manual import manual_of_form

        return manual_of_form(settings.get_schema(), own, ENV_PREFIX)
    # A class of another kind knows its flags itself; without one, any word is a setting.
    text = settings.format_help() if hasattr(settings, "format_help") else ""
    about = "\n\n".join(text.splitlines()) or "Any --NAME VALUE is taken."
    return Manual([], about=about, general=[HELP], own=own)


def _own_flags() -> Section:
    rows: list[tuple[str, str]] = []
    for name, (value, text) in FLAGS.items():
        if name in VARIABLES:
            text += f" {unbroken(f'[variable: ${VARIABLES[name]}]')}"
        between = "" if value.startswith("[") else " "
        rows.append((f"--{name}{between}{value}", text))
    return Section("Job", "", rows)
