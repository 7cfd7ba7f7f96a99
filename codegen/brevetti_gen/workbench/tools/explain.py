"""`brevetti-gen explain`: what a rule is about, whose name a message ends with."""

from __future__ import annotations

from collections.abc import Sequence

from ..telling.report import Telling, command_parser
from ..telling.rules import RULES, set_of

_DESCRIPTION = "Say what the rules are about whose names stand in brackets behind problems."


def main(arguments: Sequence[str]) -> int:
    parser = command_parser("brevetti-gen explain", _DESCRIPTION, "")
    text = "names of rules; without any, all are listed"
    parser.add_argument("rules", nargs="*", metavar="RULE", help=text)
    names = parser.parse_args(list(arguments)).rules
    if unknown := [name for name in names if name not in RULES]:
        from brevettiai.messages.words import did_you_mean

        parser.error(f"there is no rule {unknown[0]!r}{did_you_mean(unknown[0], RULES)}")
    for name in names or RULES:
        Telling().done(f"{name}: {RULES[name]}")
    for name in names:
        Telling().done(f"  {_switch(name)}")
    return 0


def _switch(rule: str) -> str:
    """Which set a rule is in, and how to do without it."""
    group = set_of(rule)
    if group == "errors":
        return f"{rule} finds errors, which are always told"
    beside = f'"x-lint": {{"ignore": ["{rule}"]}}'
    return f"{rule} is one of {group}: {beside} beside the place ignores it; see docs/linting.md"
