"""What `--help NAME` says of one flag, and of presets."""

from __future__ import annotations

from ..json_values import UNSET, is_object, is_one_of
from ..messages.secrets import MASK
from ..messages.values import search_text
from ..messages.words import FORMATS
from .describe import entry_of, json_value, kind_text, label_of, shown, value_text
from .inside import value_at
from .layout import Section, visible
from .sections import Group, heading_of_kind

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

    from .help import Manual
    from .tree import Listed


def about_flag(manual: Manual, flag: Listed, groups: Sequence[Group]) -> Section:
    """Everything that is known of a flag."""
    field = flag.field
    texts = [field.title, *field.description.split("\n\n")]
    text = "\n\n".join(" ".join(visible(text).split()) for text in texts if text)
    of_kind = next((each for each in groups if each.kind and flag in each.flags), None)
    rows = [(name, visible(fact)) for name, fact in facts_of(manual, flag, of_kind) if fact]
    return Section(label_of(flag), text, rows)


def facts_of(manual: Manual, flag: Listed, of_kind: Group | None) -> Iterator[tuple[str, str]]:
    """The facts of a flag, each with its name; an empty one where there is nothing to say.

    `of_kind` is the group of the one kind of objects that has the flag, None where all have it.
    """
    field = flag.field
    tag = of_kind.above.tag if of_kind and of_kind.above else None
    if of_kind is not None:
        yield "kind", heading_of_kind(of_kind, tag)
    yield "value", kind_text(field)
    if "multipleOf" in field.limits and not field.secret:
        yield "step", f"a multiple of {field.limits['multipleOf']}"
    if entry_of(field) is not None and flag.name:
        yield "whole", f"--{flag.name} JSON"
    if field.format:
        yield "format", FORMATS.get(field.format, field.format)
    for pattern in field.patterns:
        yield "pattern", pattern
    yield "varies", search_text(field.search)
    if field.secret:
        yield "secret", "never shown; @FILE reads it from a file"
    elif flag.default is not None:
        yield "default", value_text(field, json_value(flag.default), full=True)
    elif field.proposal is not None:
        yield "proposed", value_text(field, json_value(field.proposal), full=True)
    if field.required:
        yield "required", "must be given"
    if field.deprecated:
        yield "deprecated", field.advice or "using it is worth a warning"
    for example in field.examples if not field.secret else ():
        yield "example", value_text(field, example, full=True)
    for name, preset in manual.presets.items() if not field.secret else ():
        value = value_at(preset, flag.path)
        if value is not UNSET and _is_for(preset, of_kind, tag):
            yield "preset", f"{shown(name)} makes it {value_text(field, value, full=True)}"
    yield "variable", manual.variable(flag)
    above = flag.path[:-1]
    for old in field.old_keys:
        yield "old name", f"--{'.'.join((*above, old))}"


def about_presets(manual: Manual) -> Iterator[Section]:
    """The presets, each with what it changes."""
    if not manual.presets:
        yield Section("--preset NAME", "There are no presets.", ())
    for name, preset in manual.presets.items():
        rows = [
            (visible(f"--{'.'.join(path)}"), f"{text} [default: {default}]" if default else text)
            for path, text, default in changes_of(manual, preset)
        ]
        yield Section(f"--preset {shown(name)}", "" if rows else "It changes nothing.", rows)


def changes_of(
    manual: Manual, config: Mapping[str, Any], above: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], str, str]]:
    """What a preset says: paths with values, and with the defaults that are known."""
    for key, value in config.items():
        path = (*above, key)
        below = [flag for flag in manual.flags if flag.path[: len(path)] == path]
        if is_object(value) and any(len(flag.path) == len(path) + 1 for flag in below):
            yield from changes_of(manual, value, path)
            continue
        is_secret = any(flag.field.secret for flag in below)
        text, default = MASK if is_secret else shown(value, full=True), ""
        if not is_secret and below and below[0].path == path:
            text = value_text(below[0].field, value, full=True)
            defaults = {flag.default for flag in below if flag.path == path}
            if below[0].default is not None and len(defaults) == 1:
                default = value_text(below[0].field, json_value(below[0].default), full=True)
        yield path, text, default


def _is_for(preset: Mapping[str, Any], of_kind: Group | None, tag: Listed | None) -> bool:
    """Whether a preset may choose the kind of objects that a flag is for."""
    chosen = UNSET if tag is None else value_at(preset, tag.path)
    kind = None if of_kind is None else of_kind.kind
    return chosen is UNSET or kind is None or is_one_of(chosen, kind.tags)
