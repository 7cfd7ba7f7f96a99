"""Why another is ahead of ours, where it is: by chapter and competitor.

A reason is shown only where the measurement says that the other is ahead.
"""

from __future__ import annotations

_RUST = "It is compiled to machine code; ours is Python, which anyone can read and step through."
_C = (
    "It is compiled C, drops keys that no class names, and hides no secrets; "
    "ours keeps all that was given."
)
_UNCHECKED = "It judges neither types nor limits."

REASONS: dict[tuple[str, str], str] = {
    ("load", "msgspec"): _C,
    ("save", "msgspec"): _C,
    ("read", "msgspec"): f"{_C} Ours parses by Python's `json` first.",
    ("write", "msgspec"): f"{_C} Ours writes by Python's `json`.",
    ("construct", "msgspec"): "Its constructors are compiled C and check nothing.",
    ("construct", "mashumaro"): f"A plain dataclass: {_UNCHECKED.lower()}",
    ("construct", "dataclasses-json"): f"A plain dataclass: {_UNCHECKED.lower()}",
    ("check", "jsonschema-rs"): _RUST,
}
