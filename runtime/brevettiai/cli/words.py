"""The words of a command line, and which of them are flags."""

from __future__ import annotations

#: Flags of every settings class.
GENERAL = frozenset({"help", "settings-file", "settings_file", "preset"})


def has_flag(key: str, *, at_root: bool) -> bool:
    """Whether the property `key` can be said by a flag of its own."""
    if at_root and key in GENERAL:
        return False
    return (
        key.isprintable()
        and key[:1] not in ("", "-")
        and not any(char in ".=" or char.isspace() for char in key)
    )
