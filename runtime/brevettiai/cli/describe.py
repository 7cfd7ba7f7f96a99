"""What people should know of one flag: its label, its text, and facts such as range and default."""

from __future__ import annotations

import json

from ..config.json_text import NotJSONText, parse_json
from ..json_values import is_array
from ..messages.structure import content_of
from ..messages.values import content_text, limits_text
from ..messages.words import PYTHON_TYPES
from .inside import alternatives, rows_inside, shape_of
from .layout import unbroken, visible
from .values import has_scalar_items, is_repeatable, takes_list
from .words import write_json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from ..compiled import Field
    from ..settings import Settings
    from .tree import Listed

_MAX_TEXT = 240
"""Characters of a description in a list of many flags."""
_PLACEHOLDERS = {
    "number": "NUMBER",
    "integer": "INT",
    "string": "TEXT",
    "array": "JSON",
    "object": "JSON",
    "boolean": "true|false",
    "null": "null",
}


def label_of(flag: Listed) -> str:
    """A flag with what follows it: `--augmentation.angle INT`, `--[no-]flip`, `--sizes INT ...`."""
    field, name = flag.field, flag.name
    value = _value_words(field)
    if not name:
        above = ".".join(flag.path[:-1]) or "."
        return f"--{above} '{{{visible(write_json(field.key))}: {value or 'true|false'}}}'"
    if "boolean" in field.kinds:
        return f"--[no-]{name}" + (f" [{value}]" if value else "")
    entry = None if flag.open else entry_of(field)
    if entry is not None:
        return f"--{name}.KEY {_value_words(entry) or 'true|false'}"
    return f"--{name} {value}"


def describe(
    field: Field, default: str | None, *, full: bool = False, labelled: bool = True
) -> str:
    """What people should know of a field: its text, then facts in brackets.

    Args:
        default: what is there if nobody says anything, as JSON text.
        full: everything, in paragraphs; else what a list of many flags has room for.
        labelled: whether `label_of` stands before it, which has short choices.
    """
    text = field.description or field.title
    parts = text.split("\n\n") if full else [text.strip().partition("\n\n")[0]]
    parts = [" ".join(visible(part).split()) for part in parts]
    if not full and len(parts[0]) > _MAX_TEXT:
        parts[0] = f"{parts[0][:_MAX_TEXT].rpartition(' ')[0]} …"
    note = facts_text(field, default, full=full, labelled=labelled)
    return " ".join(filter(None, ["\n\n".join(filter(None, parts)), note]))


def facts_text(
    field: Field, default: str | None, *, full: bool = False, labelled: bool = True
) -> str:
    """The facts of a field, in brackets."""
    facts = [name for name in ("deprecated", "required") if getattr(field, name)]
    facts += _value_facts(field, full, labelled)
    if field.secret:
        facts.append("secret")
    elif default is not None:
        facts.append(f"default: {value_text(field, json_value(default), full=full)}")
    elif field.proposal is not None:
        facts.append(f"proposed: {value_text(field, json_value(field.proposal), full=full)}")
    elif field.examples and (full or len(write_json(field.examples[0])) <= 40):
        facts.append(f"such as {value_text(field, field.examples[0], full=full)}")
    elif not field.choices and (python_type := _type_of_texts(field)):
        looks = PYTHON_TYPES[python_type][0].partition(" such as ")[2]
        facts += [f"such as {looks}"] if looks else []
    return f"[{'; '.join(map(unbroken, facts))}]" if facts else ""


def _value_facts(field: Field, full: bool, labelled: bool) -> Iterable[str]:
    """Which values a field takes, where its label does not say it."""
    are_told = labelled and _choices_placeholder(field) and not (full and any(field.choice_names))
    if field.choices and not field.secret and not are_told:
        yield f"one of {_choices_text(field, full=full)}"
    limits = limits_text(field.limits)
    if limits:
        yield limits


def _choices_text(field: Field, *, full: bool = True) -> str:
    """The choices of a field, with their names for people."""
    names = [*field.choice_names, *[None] * len(field.choices)]
    return _listed(
        (
            f"{shown(value)} ({' '.join(visible(name).split())})" if name and full else shown(value)
            for value, name in zip(field.choices, names, strict=False)
        ),
        full,
    )


def value_text(field: Field, value: Any, *, full: bool = False) -> str:
    """A value as it would be typed behind the flag of `field`."""
    if is_array(value) and value and takes_list(field) and has_scalar_items(field):
        text = " ".join(shown(item, full=full) for item in value)
    else:
        text = shown(value, full=full)
    return text if full else _shortened(text)


def json_value(text: str) -> Any:
    """The value of the JSON text of a default; of what is none, the text."""
    try:
        return parse_json(text)
    except NotJSONText:
        return text


def kind_text(field: Field) -> str:
    """What values of a field are, in words: `a whole number, 1 to 1000`."""
    if field.secret:
        return "a secret"
    if field.choices:
        return f"one of {_choices_text(field)}" if len(field.choices) > 1 else _choices_text(field)
    return ", ".join(filter(None, [content_text(content_of(field)), limits_text(field.limits)]))


def _value_words(field: Field) -> str:
    """What stands for a value behind a flag: `INT`, `auto|cpu`, `TEXT ...`; "" for a boolean."""
    value = _choices_placeholder(field) or placeholder(field)
    return f"{value} ..." if is_repeatable(field) and has_scalar_items(field) else value


def placeholder(field: Field) -> str:
    """What stands for one value: `INT`, `TEXT|null`, `JSON`; "" for a boolean."""
    kinds = [kind for kind in field.kinds if kind != "boolean"]
    if takes_list(field) and field.item_kinds:
        kinds = [*field.item_kinds, *(kind for kind in kinds if kind == "null")]
    if len(field.kinds) >= 6 or not field.kinds:
        return "VALUE"
    words = {**_PLACEHOLDERS, "string": (_type_of_texts(field) or "text").upper()}
    names = [name for kind, name in words.items() if kind in kinds]
    if "number" in kinds and "integer" in kinds:
        names.remove("INT")
    return "|".join(dict.fromkeys(names))


def _type_of_texts(field: Field) -> str:
    """What all texts of a field, or in its lists, are loaded as; "" where that is text."""
    found: set[str] = set()
    for content in alternatives(content_of(field)):
        shape, parts = shape_of(content)
        found.update(alternatives(parts[0]) if shape == "list" else [content])
    texts = {each for each in found if each == "string" or each in PYTHON_TYPES}
    return texts.pop() if len(texts) == 1 and "string" not in texts else ""


def class_text(cls: type[Settings]) -> str:
    """The docstring of a class without the title that it may begin with."""
    doc = cls.__doc__ or ""
    first, _, rest = doc.lstrip().partition("\n")
    rest = _dedented(rest)
    text = f"{first}\n{rest}".strip()
    title = cls.__brevetti__.title
    if text == f"Settings of {cls.__name__}.":  # What is written where a schema says nothing.
        return ""
    if title and text.rstrip(".") == title.rstrip("."):
        return ""
    if title and first.strip().rstrip(".") == title.rstrip("."):
        text = rest.strip()
    return "\n\n".join(visible(part) for part in text.split("\n\n"))


def group_title(field: Field) -> str:
    """The heading of the settings inside a field: a title, else the key."""
    cls_title = field.cls.__brevetti__.title if field.cls is not None else ""
    return visible(field.title or cls_title or field.key)


def group_text(field: Field) -> str:
    text = "\n\n".join(map(visible, field.description.split("\n\n")))
    return text or (class_text(field.cls) if field.cls is not None else "")


def shown(value: Any, *, full: bool = False) -> str:
    """A value as a person would type it: plain words bare, everything else as JSON."""
    is_plain = isinstance(value, str) and value and value.isprintable()
    if is_plain and not set(value) & set(" \"'|,"):
        text: str = value
    else:
        text = visible(json.dumps(value, ensure_ascii=False))  # With spaces, to be wrapped at.
    return text if full else _shortened(text)


def entry_of(field: Field) -> Field | None:
    """The row of the values of a map; None of a setting that is no map, or something else too."""
    if "object" not in field.kinds or {"array", "string"}.intersection(field.kinds):
        return None
    rows = [*rows_inside(field)]
    return rows[0][1] if len(rows) == 1 and rows[0][0] == "KEY" and field.cls is None else None


def _choices_placeholder(field: Field) -> str:
    """The choices, where they are short enough to stand for a value."""
    choices = field.choices or (field.item_choices if takes_list(field) else ())
    if field.secret or not choices or "boolean" in field.kinds:
        return ""
    text = "|".join(map(shown, choices))
    return text if len(text) <= 24 and " " not in text else ""


def _dedented(text: str) -> str:
    lines = text.expandtabs().split("\n")
    margins = [len(line) - len(line.lstrip()) for line in lines if line.strip()]
    return "\n".join(line[min(margins, default=0) :].rstrip() for line in lines)


def _shortened(text: str) -> str:
    return text if len(text) <= 60 else text[:59] + "…"


def _listed(texts: Iterable[str], full: bool) -> str:
    """`a, b, c`, cut where it would fill more than a line or two."""
    names = list(texts)
    length = 0
    for index, name in enumerate(names):
        length += len(name) + 2
        if not full and length > 120 and index >= 3 and len(names) - index > 1:
            return f"{', '.join(names[:index])}, … ({len(names) - index} more)"
    return ", ".join(names)
