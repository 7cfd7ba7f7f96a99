"""The flags of every settings class, for those that list them: help and completion."""

from __future__ import annotations

from .words import GENERAL

HELP = ("-h, --help [NAME]", "Show this help, or all about a section or a flag.")
_FLAGS = {
    "settings-file": (
        "--settings-file FILE",
        "Read settings from a JSON, TOML or YAML file; NAME=FILE reads the one setting NAME.",
    ),
    "preset": ("--preset NAME", "Start from a preset."),
    "unset": ("--unset NAME", "Take back what presets, files and variables say of NAME."),
    ".": ("--. JSON", "Many settings at once, as one JSON object."),
    "show-settings": (
        "--show-settings[=FORMAT]",
        "Show all settings and where each comes from; =json, =toml or =yaml is a file of them.",
    ),
    "completion": ("--completion SHELL", "Print what completes these flags in bash, zsh or fish."),
    "help": HELP,
}
GENERAL_FLAGS = {name: row for name, row in _FLAGS.items() if name in GENERAL or name == "."}
"""By name, each with what follows it, and what it does."""
