"""What people read in generated files, laid out as ruff does; prose that cannot end early."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Sequence

from brevettiai.compiled import Field
from brevettiai.form.describe import words_of
from brevettiai.messages.values import limits_text

from ..model.fields import first_text
from ..model.names import isort_key, natural_order
from ..model.shapes import Shapes, annotated
from ..model.types import Property, SettingsClass
from ..problems import printable
from .literals import INDENT, WIDTH, literal


def texts_of(cls: SettingsClass, shapes: Shapes) -> tuple[str, str]:
    """The title and the description of a class."""
    nodes = list(annotated(shapes, cls.shape))
    return first_text(nodes, "title"), first_text(nodes, "description")


def class_paragraphs(cls: SettingsClass, shapes: Shapes) -> list[str]:
    """What documents a class: its title and description."""
    paragraphs = [*texts_of(cls, shapes)]
    if any(node.get("deprecated") is True for node in annotated(shapes, cls.shape)):
        paragraphs.append("Deprecated.")
    return paragraphs if any(paragraphs) else [f"Settings of {cls.name}."]


def field_paragraphs(
    prop: Property, row: Field, *, default: bool = False, known: Sequence[str] = ()
) -> list[str]:
    """What documents a field: title, range and unit, its default perhaps, then the description.

    Texts that are `known` from elsewhere are left out.
    """
    title, description = ("" if text in known else text for text in (row.title, row.description))
    if title and title.casefold() == words_of(prop.key).casefold():
        title = ""
    facts = [limits] if (limits := limits_text(row.limits)) else []
    if default and prop.fill is not None and prop.fill.is_default:
        shown = "hidden" if prop.secret else literal(prop.fill.value)
        facts.append(f"default {shown}" if len(shown) <= 60 else "with a default")
    if prop.deprecated:
        facts.append(prop.deprecated)
    if prop.key != prop.attribute:
        facts.append(f"{literal(prop.key)} in configs")
    head = title or (description if len(facts) else "")
    if facts:
        text = "; ".join(facts)
        head = f"{head.rstrip('.')} ({text})." if head else f"{text[0].upper()}{text[1:]}."
    rest = description if description and description.rstrip(".") not in head else ""
    return [head, rest]


def docstring(paragraphs: list[str], depth: int) -> list[str]:
    """A docstring of `paragraphs`, wrapped, as source lines; [] if they are all empty.

    Backslashes and quotes are escaped, and what does not print is shown as an escape, so that no
    text of a schema ends the literal or hides in it.
    """
    width = WIDTH - len(INDENT) * depth
    blocks = [block for text in paragraphs if (block := _wrapped(text, width - 6))]
    if not blocks:
        return []
    indent = INDENT * depth
    # As ruff has it: a space keeps the text's own quotes apart from those of the docstring.
    if blocks[0][0].startswith('"'):
        blocks[0][0] = " " + blocks[0][0]
    if len(blocks) == 1 and len(blocks[0]) == 1 and len(blocks[0][0]) <= width - 6:
        end = " " if blocks[0][0].endswith('"') else ""
        return [f'{indent}"""{blocks[0][0]}{end}"""']
    first, *rest = "\n\n".join(map("\n".join, blocks)).split("\n")
    body = [f"{indent}{line}" if line else "" for line in rest]
    return [f'{indent}"""{first}', *body, f'{indent}"""']


def _wrapped(text: str, width: int) -> list[str]:
    lines: list[str] = []
    for paragraph in text.strip().split("\n"):
        words = " ".join(printable(paragraph.replace("\t", " ")).split()).replace("\\", "\\\\")
        words = _QUOTES.sub(lambda run: '\\"' * len(run[0]), words)
        if len(words) > width:
            lines += textwrap.wrap(words, width, break_long_words=False, break_on_hyphens=False)
        elif words or any(lines[-1:]):  # One empty line between paragraphs stays.
            lines.append(words)
    return lines


_QUOTES = re.compile('"{3,}')


def comment(text: str) -> str:
    """`text` on one line that is safe after a `#`."""
    return " ".join(printable(text).split())


def import_statements(wanted: Iterable[tuple[str, str, str]], *, depth: int = 0) -> list[str]:
    """Import statements for (module, name there, name here), in the order that isort has.

    `depth` is that of the block they will stand in.
    """
    wanted = list(wanted)
    together: dict[str, list[str]] = {}
    for module, there, here in wanted:
        if there == here:
            together.setdefault(module, []).append(there)
    statements = [(module, sorted(names, key=isort_key)) for module, names in together.items()]
    statements += [(m, [f"{there} as {here}"]) for m, there, here in wanted if there != here]
    lines: list[str] = []
    statements.sort(key=lambda s: (natural_order(s[0]), isort_key(s[1][0])))
    for module, names in statements:
        line = f"from {module} import {', '.join(names)}"
        if len(line) + len(INDENT) * depth <= WIDTH:
            lines.append(line)
        else:
            lines += [f"from {module} import (", *(f"{INDENT}{name}," for name in names), ")"]
    return lines
