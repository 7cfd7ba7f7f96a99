"""What `--help NAME` says of one flag, and of presets."""

from __future__ import annotations

from ..json_values import UNSET, is_object, is_one_of
from ..messages.secrets import MASK
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
    rows = [(name, visible(fact)) for name, fact in _facts(manual, flag, groups) if fact]
    return Section(label_of(flag), text, rows)


def _facts(manual: Manual, flag: Listed, groups: Sequence[Group]) -> Iterator[tuple[str, str]]:
    field = flag.field
    of_kind = next((each for each in groups if each.kind and flag in each.flags), None)
    tag = of_kind.above.tag() if of_kind and of_kind.above else None
    if of_kind is not None:
        yield "kind", heading_of_kind(of_kind, tag)
    yield "value", kind_text(field)
    if entry_of(field) is not None and flag.name:
        yield "whole", f"--{flag.name} JSON"
    if field.format:
        yield "format", FORMATS.get(field.format, field.format)
    for pattern in field.patterns:
        yield "pattern", pattern
    if field.secret:
        yield "secret", "never shown; @FILE reads it from a file"
    elif flag.default is not None:
        yield "default", value_text(field, json_value(flag.default), full=True)
    elif field.proposal is not None:
        yield "proposed", value_text(field, json_value(field.proposal), full=True)
    if field.required:
        yield "required", "must be given"
    if field.deprecated:
        yield "deprecated", "using it is worth a warning"
    for example in field.examples if not field.secret else ():
        yield "example", value_text(field, example, full=True)
    for name, preset in manual.presets.items() if not field.secret else ():
        value = value_at(preset, flag.path)
        if value is not UNSET and _is_for(preset, of_kind, tag):
            yield "preset", f"{shown(name)} makes it {value_text(field, value)}"
    yield "variable", manual.variable(flag)
    above = flag.path[:-1]
    for old in field.old_keys:
        yield "old name", f"--{'.'.join((*above, old))}"


def about_presets(manual: Manual) -> Iterator[Section]:
    """The presets, each with what it changes."""
    if not manual.presets:
        yield Section("--preset NAME", "There are no presets.", ())
    for name, preset in manual.presets.items():
        rows = [*_changes(manual, preset, ())]
        yield Section(f"--preset {shown(name)}", "" if rows else "It changes nothing.", rows)


def _changes(
    manual: Manual, config: Mapping[str, Any], above: tuple[str, ...]
) -> Iterator[tuple[str, str]]:
    for key, value in config.items():
        path = (*above, key)
        below = [flag for flag in manual.flags if flag.path[: len(path)] == path]
        if is_object(value) and any(len(flag.path) == len(path) + 1 for flag in below):
            yield from _changes(manual, value, path)
            continue
        is_secret = any(flag.field.secret for flag in below)
        text = MASK if is_secret else shown(value)
        if not is_secret and below and below[0].path == path:
            text = value_text(below[0].field, value)
            if below[0].default is not None and len({flag.default for flag in below}) == 1:
                text += f" [default: {value_text(below[0].field, json_value(below[0].default))}]"
        yield visible(f"--{'.'.join(path)}"), text


def _is_for(preset: Mapping[str, Any], of_kind: Group | None, tag: Listed | None) -> bool:
    """Whether a preset may choose the kind of objects that a flag is for."""
    chosen = UNSET if tag is None else value_at(preset, tag.path)
    kind = None if of_kind is None else of_kind.kind
    return chosen is UNSET or kind is None or is_one_of(chosen, kind.tags)
