"""What schemas say and the classes of a style do not check, as warnings."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from ..model.shapes import Shapes
from ..model.types import SettingsClass
from ..problems import STYLE_LOSS, Problem
from ..schema.documents import Schema, problem_at
from ..schema.keywords import OLD_NAMES, OLD_VALUES, REMOVED, VERSION
from ..schema.nodes import Node
from ..workbench.lint.old_configs import old_names, old_values
from .limits import Occurrence
from .style import Style

#: The most places of one keyword that are listed for one schema.
MAX_PLACES = 5

_PHRASES = {
    "": "do not refuse all values, as the schema `false` does",
    "anyOf": "do not check the alternatives of 'anyOf' fully",
    "format": "do not check 'format', nor hide secrets",
    "oneOf": "do not check that exactly one alternative of 'oneOf' fits",
    "required": "do not check the names in 'required' that are no properties",
    "writeOnly": "do not hide secrets",
    "x-python-type": "keep as text, unchecked, what 'x-python-type' loads",
    REMOVED: "do not drop removed names",
    OLD_NAMES: "do not read old names",
    OLD_VALUES: "do not read old values",
    VERSION: "refuse configs of older versions that say so",
}


def unread(cls: SettingsClass, shapes: Shapes, style: Style) -> Iterator[Occurrence]:
    """What `cls` says of configs of older versions, and the style does not read."""
    for node in shapes.applied(cls.shape):
        yield from ((node, k) for k in (REMOVED, VERSION) if cls.growth and node.get(k) is not None)
    for prop in (prop for prop in cls.properties if prop.unconditional):
        if any(row[0] == "values" for row in cls.growth):
            yield from ((found.node, OLD_VALUES) for found in old_values(shapes, prop.nodes))
        for node, name, scale in old_names(prop.nodes):
            if not style.reads_old_names or "." in name or scale is not None:
                yield node, OLD_NAMES


def losses(lost: Iterable[Occurrence], style: Style) -> list[Problem]:
    """What is not checked, one warning for each keyword and place."""
    phrases = dict(_PHRASES)
    if style.reads_old_names:
        phrases[OLD_NAMES] = "do not read old names of other sections, nor scale their values"
    return _grouped(lost, style, lambda k: phrases.get(k, f"do not check {k!r}"))


def unkept(declaring: Iterable[Occurrence], style: Style) -> list[Problem]:
    """What declares keys that are not kept."""
    where = "only in jobs and with SettingsAdapter"
    return _grouped(declaring, style, lambda k: f"keep the keys of {k!r} {where}")


def _grouped(
    lost: Iterable[Occurrence], style: Style, phrase: Callable[[str], str]
) -> list[Problem]:
    """Warnings with the same words by keyword; of many places in one schema, the first few."""
    grouped: dict[tuple[str, str], list[Node]] = {}
    for node, keyword in lost:
        grouped.setdefault((node.resource.uri, keyword), []).append(node)
    problems: list[Problem] = []
    for (_, keyword), nodes in grouped.items():
        nodes = sorted(dict.fromkeys(nodes), key=_position)
        shown = nodes if len(nodes) <= MAX_PLACES + 1 else nodes[:MAX_PLACES]
        message = f"{style.name} classes {phrase(keyword)}"
        problems += [_problem(node, keyword, message) for node in shown]
        if len(shown) < len(nodes):
            more = len(nodes) - len(shown) - 1
            problems.append(_problem(nodes[len(shown)], keyword, message, more))
    return problems


def _problem(node: Node, keyword: str, message: str, more: int = 0) -> Problem:
    if node.document.is_form:
        message += f", in {'.'.join(map(str, node.pointer[1::2])) or 'the whole'}"
    if more:
        message += f"; nor in {more} more {'place' if more == 1 else 'places'}"
    at = (keyword,) if keyword else ()
    return problem_at(node, STYLE_LOSS, message, at=at, warning=True)


def _position(node: Node) -> tuple[int, int, str]:
    document = node.document
    if isinstance(document, Schema):
        found = document.problem(STYLE_LOSS, "", node.pointer)
        return found.line or 0, found.column or 0, str(node.pointer)
    return 0, 0, str(node.pointer)
