"""Which keywords a type hint says, and which nobody checks.

Whatever is not known here to be held is lost: a keyword that this module does not know is reported.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from ..json_values import is_array, json_type
from ..model.shapes import Shapes
from ..model.types import (
    AnyType,
    ClassType,
    ListType,
    LiteralType,
    MapType,
    Model,
    ScalarType,
    SettingsClass,
    Shape,
    Type,
)
from ..schema.keywords import ALONE, KEYWORDS, REFERENCES, about, holding
from ..schema.nodes import Node
from .kinds import json_types
from .limits import Occurrence
from .style import LIMITS, Style

#: What applies in place, so that its parts are looked at themselves.
_EXPANDED = (*REFERENCES, "allOf")
#: Keywords whose schemas refuse nothing if each of them refuses nothing.
_PARTS = frozenset([*about("array"), *about("object")])
_TABLES = _PARTS & holding("map", "list") - holding("one", "names")
_SINGLE = _PARTS & holding("one") - {"contains"}
#: What a tuple says, the limits of its items apart.
_LENGTHS = frozenset(["prefixItems", "items", "additionalItems", "minItems", "maxItems"])
#: What declares keys that are no properties.
_DECLARING = ("patternProperties", "additionalProperties", "unevaluatedProperties")
#: Stands for the keyword of the schema `false`.
NEVER = ""
_CONSTANTS = ALONE.intersection(about("any"))


def declaring_others(cls: SettingsClass, shapes: Shapes) -> list[Occurrence]:
    """What declares keys beside the properties of a class."""
    return [
        (node, keyword)
        for node in (() if cls.closed else shapes.applied(cls.shape))
        for keyword in _DECLARING
        if node.has(keyword) and node.get(keyword) is not False
    ]


@dataclass
class Coverage:
    """Tells what is held.

    Attributes:
        consumed: alternatives of which a hint made a union.
        exclusive: those of them that can never fit at once.
    """

    style: Style
    model: Model
    assert_formats: bool
    consumed: set[Occurrence] = field(default_factory=set[Occurrence])
    exclusive: set[Occurrence] = field(default_factory=set[Occurrence])

    def __post_init__(self) -> None:
        self.shapes = self.model.shapes

    def asserting(self, node: Node) -> list[str]:
        """The keywords of a node that can refuse a value."""
        if isinstance(node.schema, bool):
            return [] if node.schema else [NEVER]
        found = [
            keyword for keyword in self.shapes.asserting(node) if KEYWORDS[keyword].beside is None
        ]
        if self.assert_formats and node.has("format"):
            found.append("format")
        return found

    def by_hint(self, kind: Type, node: Node, keyword: str) -> bool:
        """Whether the hint of a type says what a keyword says, limits apart."""
        if isinstance(kind, ClassType) and keyword in about("object"):
            # The class looks after it.
            return node in self.shapes.applied(self.model.of(kind).shape)
        if keyword in ("anyOf", "oneOf"):
            return self._choice_is_held(kind, node, keyword)
        if keyword in ("const", "enum"):
            return self._constants_are_held(kind, node, keyword)
        if keyword == "x-python-type":
            return kind.python == node.get(keyword) or "string" not in json_types(kind)
        if keyword == "type":
            return not isinstance(kind, AnyType)
        is_tuple = isinstance(kind, ListType) and kind.is_tuple and self.style.tuples
        if is_tuple and keyword in _LENGTHS:
            return True
        if keyword == "items" and isinstance(kind, ListType):
            value = node.get(keyword)
            if not (is_array(value) or kind.prefix) and value is not False:
                return True  # the hint's own item
        if keyword == "additionalProperties" and isinstance(kind, MapType):
            value = node.get(keyword)
            if not node.has("patternProperties") and value is not False:
                return True  # the hint's own value
        return self._means_nothing(node, keyword, json_types(kind))

    def _means_nothing(self, node: Node, keyword: str, names: frozenset[str]) -> bool:
        """Whether a keyword cannot refuse values of the JSON types `names`, or its parts do it."""
        if keyword in _EXPANDED:
            is_static = self.shapes.index.dynamic_name(node) is None
            return is_static or keyword in ("$ref", "allOf")
        for kind, words in LIMITS.items():
            if keyword in words:
                return not (names & ({"number", "integer"} if kind == "number" else {kind}))
        if keyword in about("array") and "array" not in names:
            return True
        if keyword in about("object") and "object" not in names:
            return True
        if keyword == "if":
            return not (node.has("then") or node.has("else"))
        if keyword == "format":
            return "string" not in names
        if keyword == "uniqueItems":
            return node.get(keyword) is False
        if keyword == "required":
            return not node.get(keyword)
        return self._is_trivial(node, keyword)

    def _choice_is_held(self, kind: Type, node: Node, keyword: str) -> bool:
        if (node, keyword) in self.consumed:
            return True
        if isinstance(kind, ClassType) and node in self.shapes.applied(self.model.of(kind).shape):
            return True
        branches = [
            self.shapes.index.child(node, keyword, index) for index in range(len(node.get(keyword)))
        ]
        words = {word for branch in branches for word in self.shapes.asserting(branch)}
        if isinstance(kind, LiteralType) and words <= _CONSTANTS:
            return True
        return words <= {"type"} and keyword == "anyOf" and not isinstance(kind, AnyType)

    def _constants_are_held(self, kind: Type, node: Node, keyword: str) -> bool:
        if not isinstance(kind, LiteralType):
            return kind == ScalarType("None")
        values = [node.get("const")] if keyword == "const" else node.get("enum")
        named = {(type(value).__name__, value) for value in kind.values}
        scalars = [v for v in values if isinstance(v, (str, bool, int)) or v is None]
        ours = {(type(value).__name__, value) for value in scalars}
        return named <= ours and all(
            json_type(v) not in json_types(kind) or v in scalars for v in values
        )

    def _is_trivial(self, node: Node, keyword: str) -> bool:
        """Whether the subschemas under a keyword refuse nothing."""
        value, index = node.get(keyword), self.shapes.index
        if keyword in _TABLES:
            names = range(len(value)) if is_array(value) else value
            parts = [index.child(node, keyword, name) for name in names]
        elif keyword in _SINGLE and not is_array(value):
            parts = [index.child(node, keyword)]
        else:
            return False
        return not any(self.asserting(part) for part in parts)

    def by_class(
        self, cls: SettingsClass, node: Node, keyword: str, declared: set[str], typed_extra: bool
    ) -> bool:
        """Whether a class with the properties `declared` says what a keyword of its schema says."""
        if keyword in ("type", "properties"):
            return True
        if keyword == "required":
            return declared.issuperset(node.get("required"))
        if keyword == "additionalProperties":
            if node.get(keyword) is False:
                return cls.closed and self.style.closes
            return self._is_trivial(node, keyword) or typed_extra
        if keyword in ("anyOf", "oneOf"):
            return self._is_taken(node, keyword, cls.shape)
        return self._means_nothing(node, keyword, frozenset(["object"]))

    def _is_taken(self, node: Node, keyword: str, shape: Shape) -> bool:
        """Whether a choice made one class of each of its branches, `shape` being one of them."""
        members = set(shape)
        branches = (
            self.shapes.normal([self.shapes.index.child(node, keyword, index)])
            for index in range(len(node.get(keyword)))
        )
        is_branch = any(branch and members.issuperset(branch) for branch in branches)
        return is_branch and (keyword == "anyOf" or (node, keyword) in self.exclusive)
