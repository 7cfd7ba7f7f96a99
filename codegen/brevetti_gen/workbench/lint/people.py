"""What people miss in a schema that means all it should: words, units, names of one manner."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Iterable, Iterator
from typing import Any

from brevettiai.json_values import json_equal

from ...json_values import is_object
from ...model.shapes import Shapes
from ...model.types import Model, Module, Property
from ...problems import Problem
from ...schema.documents import problem_at
from ...schema.nodes import Node
from .presets import filled_config

#: The last words of names of numbers that have a unit.
_DIMENSIONS = frozenset(
    """age angle bandwidth cooldown delay diameter distance duration height interval latency memory
    period radius rotation speed thickness timeout ttl wait width""".split()
)
_NUMBERS = frozenset(["integer", "number", "null"])
#: What names a unit, or says that there is none.
_UNIT = re.compile(
    r"""[°%‰]|\b(?:
    [nuµm]?s|secs?|(?:nano|micro|milli)?seconds?|mins?|minutes?|h|hrs?|hours?|days?|weeks?|months?|years?
    |px|pixels?|[nuµmck]?m|(?:nano|micro|milli|centi|kilo)?met(?:er|re)s?|inch(?:es)?|feet|miles?
    |points?|pt|em|deg|degrees?|rad|radians?|[kMG]?Hz|hertz|fps|mph
    |[kKMGT]?i?B(?:ytes?)?|(?:kilo|mega|giga)?bytes?|bits?|bps|percent|ratio|fraction|factor
    |relative|normali[sz]ed|proportion|number|count|times|multiples?|unit(?:s|less)?
    |in\s[a-z]+s|(?:ch|char)s?|characters?|lines?|rows?|columns?|cells?|tokens?|frames?|samples?
    |epochs?|steps?|iterations?|batches|ticks?|rounds?)\b""",
    re.VERBOSE | re.IGNORECASE,
)
_MANNERS = {
    "snake_case": re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)+"),
    "kebab-case": re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)+"),
    "camelCase": re.compile(r"[a-z][a-z0-9]*(?:[A-Z][a-z0-9]*)+"),
}
_WORD = re.compile(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])")
#: Where editors and people read what a property is.
_TEXTS = ("title", "description", "markdownDescription", "unit", "units", "x-unit")


def missed_by_people(model: Model, rules: Container[str]) -> Iterator[Problem]:
    """Warnings about what is right and hard to understand, as `rules` find it.

    Forms are as they are.
    """
    for module in model.modules:
        document = module.root.document
        if document.is_form:
            continue
        if "title-missing" in rules:
            yield from _untitled(module, model.shapes)
        told: set[Node] = set()
        for prop in (prop for cls in module.classes for prop in cls.properties):
            node = next((n for n in prop.nodes if n.document is document), None)
            if node is not None and node not in told:
                told.add(node)
                yield from _of_property(prop, node, model.shapes, rules)
        if "mixed-naming" in rules:
            yield from _mixed_names(model.shapes.index.nodes(document))
        if "idle-preset" in rules:
            yield from _idle_presets(module, model)


def _untitled(module: Module, shapes: Shapes) -> Iterator[Problem]:
    cls, root = module.root_class, module.root
    nodes = () if cls is None else (root, *shapes.applied(cls.shape))
    if cls and cls.properties and not any(_said(node, ("title",)) for node in nodes):
        hint = 'add "title": people read it in forms and docs'
        yield problem_at(root, "title-missing", "the schema has no title", hint, warning=True)


def _of_property(
    prop: Property, node: Node, shapes: Shapes, rules: Container[str]
) -> Iterator[Problem]:
    if prop.deprecated or node.schema is False:
        return
    nodes = dict.fromkeys((*prop.nodes, *prop.notes))
    shape = prop.shape or prop.nodes
    text = " ".join(found for each in nodes for found in _said(each, _TEXTS))
    if not text:
        constants = shapes.constants(shape)
        # A constant alone tells alternatives apart.
        if "description-missing" in rules and (constants is None or len(constants) > 1):
            message = f"nothing says what {prop.key!r} is"
            hint = 'add "description", or at least "title"'
            yield problem_at(node, "description-missing", message, hint, warning=True)
        return
    if "unit-missing" not in rules:
        return
    if not _DIMENSIONS.isdisjoint(words_of(prop.key)[-1:]) and not _UNIT.search(text):
        kinds = shapes.admitted(shape)
        if kinds and kinds <= _NUMBERS and shapes.constants(shape) is None:
            message = f"nothing says in which unit {prop.key!r} is"
            hint = 'name it in "description", such as "in seconds"'
            yield problem_at(node, "unit-missing", message, hint, warning=True)


def _said(node: Node, keywords: Iterable[str]) -> list[str]:
    schema = node.schema if is_object(node.schema) else {}
    texts = [schema[keyword] for keyword in keywords if keyword in schema]
    return [text for text in texts if isinstance(text, str) and text.strip()]


def words_of(name: str) -> list[str]:
    """The words of a name, in small letters.

    >>> words_of("maxWidth"), words_of("learning_rate"), words_of("HTTPPort")
    (['max', 'width'], ['learning', 'rate'], ['http', 'port'])
    """
    return [word.lower() for word in _WORD.findall(name)]


def _mixed_names(nodes: Iterable[Node]) -> Iterator[Problem]:
    """Names in another manner than most of the file that are of several words."""
    found: list[tuple[str, str, Node]] = []
    for node in nodes:
        for key in node.table("properties"):
            manner = next((m for m, pattern in _MANNERS.items() if pattern.fullmatch(key)), None)
            found += [] if manner is None else [(manner, key, node)]
    counts = Counter(manner for manner, _ in dict.fromkeys((m, key) for m, key, _ in found))
    usual = next((manner for manner, _ in counts.most_common(1)), "")
    heard = set[str]()
    for manner, key, node in found:
        if manner != usual and key not in heard:
            heard.add(key)
            text = f"{key!r} is {manner}, and most names here are {usual}"
            hint = f'{_in_manner(key, usual)!r}, with "x-renamed-from" for what is stored'
            at = ("properties", key)
            yield problem_at(node, "mixed-naming", text, hint, at=at, warning=True)


def _in_manner(key: str, manner: str) -> str:
    first, *rest = words_of(key)
    if manner == "camelCase":
        return first + "".join(word.capitalize() for word in rest)
    return ("_" if manner == "snake_case" else "-").join([first, *rest])


def _idle_presets(module: Module, model: Model) -> Iterator[Problem]:
    cls, presets = module.root_class, module.root.get("x-presets")
    if cls is None or not is_object(presets):
        return
    usual: Any = filled_config(cls, model, {})
    for name, preset in presets.items():
        if is_object(preset) and json_equal(filled_config(cls, model, preset), usual):
            what = "says nothing" if preset == {} else "says only what the defaults are"
            text = f"the preset {name!r} {what}, so it changes nothing"
            hint = "take it out, or let it differ"
            yield problem_at(
                module.root, "idle-preset", text, hint, at=("x-presets", name), warning=True
            )
