"""The model as a JSON Schema for `datamodel-code-generator`, and what of the schemas it loses.

Nothing of a schema's text gets there: classes and properties have numbers for names (`C3`, `p17`),
constants and patterns are numbered too (`t5`). So no keyword by which the library injects imports,
base classes or types can come from a schema, and none of its rules for names matters.

What a keyword says is lost unless it is plain here that it is held: a keyword that this module
does not know is reported as one that nobody checks.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from ..model.shapes import Alternatives
from ..model.types import (
    SCALAR_KINDS,
    SCALARS,
    AnyType,
    Branch,
    ClassKey,
    ClassType,
    ListType,
    LiteralType,
    MapType,
    Model,
    ModulePath,
    Property,
    ScalarType,
    SettingsClass,
    Shape,
    Type,
    UnionType,
)
from ..schema.nodes import Node
from .coverage import Coverage, declaring_others
from .kinds import (
    Tags,
    distinct_by_kind,
    flat,
    json_types,
    limited_kind,
    tags_of,
    without_large,
    without_patterns,
)
from .limits import Limit, Occurrence, limits_of
from .losses import unread
from .secrets import SecretPlaces
from .style import Style
from .texts import TypedText, heard_by, plain_beside_classes, typed_nodes, typed_text

#: A class and a property by their numbers.
Slot = tuple[str, str]
EXTRA = "extra"
ROOT = "root"


@dataclass
class LibraryInput:
    """What the library gets, and how to read what it gives.

    Attributes:
        definitions: schemas of classes by number.
        classes: the classes by number.
        keys: the numbers of properties' names.
        texts: constants and patterns by number.
        typed: what are objects of types of Python, by number.
        limits: what each property's hint must hold, counted from its outside.
        constants: the strings that it must name.
        lost: keywords that nobody checks.
        unkept: keywords that declare keys which the library does not keep.
    """

    definitions: dict[str, Any] = field(default_factory=dict[str, Any])
    classes: dict[SettingsClass, str] = field(default_factory=dict[SettingsClass, str])
    roots: dict[ModulePath, str] = field(default_factory=dict[ModulePath, str])
    keys: dict[str, str] = field(default_factory=dict[str, str])
    texts: dict[str, str] = field(default_factory=dict[str, str])
    typed: dict[TypedText, str] = field(default_factory=dict[TypedText, str])
    limits: dict[Slot, list[Limit]] = field(default_factory=dict[Slot, list[Limit]])
    constants: dict[Slot, set[str]] = field(default_factory=dict[Slot, set[str]])
    lost: dict[Occurrence, None] = field(default_factory=dict[Occurrence, None])
    unkept: dict[Occurrence, None] = field(default_factory=dict[Occurrence, None])
    tags: Tags = field(default_factory=dict[ClassKey, tuple[str, str]])

    def key(self, key: str) -> str:
        """The number of a property's name."""
        return self.keys.setdefault(key, f"p{len(self.keys)}")

    def text(self, text: str) -> str:
        """The number of a constant or pattern."""
        number = f"t{len(self.texts)}"
        self.texts[number] = text
        return number

    def type_of(self, typed: TypedText) -> str:
        """The number of what texts are objects of, which for the library is a class."""
        number = self.typed.setdefault(typed, f"T{len(self.typed)}")
        self.definitions[number] = _object({})
        return number


def library_input(style: Style, model: Model, *, assert_formats: bool) -> LibraryInput:
    """The library's input for all classes and root types."""
    return _InputWriter(style, model, assert_formats=assert_formats).write()


class _InputWriter:
    """Writes the schemas of all classes."""

    def __init__(self, style: Style, model: Model, *, assert_formats: bool) -> None:
        self.style = style
        self.model = model
        self.shapes = model.shapes
        self.coverage = Coverage(style, model, assert_formats)
        self.secrets = SecretPlaces(model)
        self.out = LibraryInput()
        self._limits: list[Limit] = []
        self._constants: set[str] = set()
        #: What says what texts are loaded as, and is heard.
        self._loading: set[Node] = set()

    def write(self) -> LibraryInput:
        out = self.out
        out.classes = {cls: f"C{i}" for i, cls in enumerate(self.model.classes.values())}
        if not self.style.tells_apart:
            out.tags = tags_of(p.type for cls in out.classes for p in cls.properties)
        for cls, number in out.classes.items():
            out.definitions[number] = self._class(cls, number)
        for index, module in enumerate(self.model.modules):
            if module.root_class is None and module.root_type is not None:
                number = out.roots[module.path] = f"R{index}"
                shape = self.shapes.normal([module.root])
                value = self._slot((number, ROOT), module.root_type, shape)
                out.definitions[number] = _object({ROOT: value})
        for place in self.coverage.exclusive:
            out.lost.pop(place, None)
        roots = [module.root for module in self.model.modules]
        for node in typed_nodes(roots, self.shapes.index):
            self._lose(node, "x-python-type", unless=node in self._loading)
        return out

    # Classes

    def _class(self, cls: SettingsClass, number: str) -> dict[str, Any]:
        properties: dict[str, Any] = {}
        for prop in cls.properties:
            key = self.out.key(prop.key)
            leaves = None
            if not prop.unconditional:
                leaves = [self.shapes.admitted([node]) for node in prop.nodes]
            properties[key] = self._slot((number, key), prop.type, prop.shape, leaves)
            self._note_secret(cls, prop)
        self.out.lost.update(dict.fromkeys(unread(cls, self.shapes, self.style)))
        extra = self._extra(cls)
        if extra is not None:
            properties[EXTRA] = self._slot((number, EXTRA), *extra)
        declared = {prop.key for prop in cls.properties}
        for node in self.shapes.applied(cls.shape):
            for keyword in self.coverage.asserting(node):
                is_held = self.coverage.by_class(cls, node, keyword, declared, extra is not None)
                self._lose(node, keyword, unless=is_held)
        for node in self.secrets.marks_of_others(cls):
            self._lose_secret(node, unless=self.style.hides_secrets and not self.style.shows_others)
        if not self.style.keeps_others:
            self.out.unkept.update(dict.fromkeys(declaring_others(cls, self.shapes)))
        return _object(properties)

    def _note_secret(self, cls: SettingsClass, prop: Property) -> None:
        """Secrets are no checks, but people count on them."""
        for node in self.secrets.marks(cls, prop):
            self._lose_secret(node, unless=self.style.hides_secrets)

    def _lose_secret(self, node: Node, *, unless: bool) -> None:
        keyword = "writeOnly" if node.get("writeOnly") is True else "format"
        self._lose(node, keyword, unless=unless)

    def _extra(self, cls: SettingsClass) -> tuple[Type, Shape] | None:
        """Type and shape of undeclared values, where the style checks them.

        They are simple, or all of one type that has objects.
        """
        if not self.style.types_extra or cls.key_patterns or cls.closed:
            return None
        for entries in cls.entries:
            return entries.type, entries.shape
        shape = self.shapes.normal(self.shapes.parts(cls.shape, "additionalProperties"))
        admitted = self.shapes.admitted(shape)
        if not shape or len(admitted - {"integer"}) > 1 or not admitted <= SCALARS.keys():
            return None
        kind = "number" if "number" in admitted else next(iter(admitted), "null")
        return ScalarType(SCALARS[kind]), shape

    # Values

    def _slot(
        self, slot: Slot, kind: Type, shape: Shape, leaves: list[frozenset[str]] | None = None
    ) -> dict[str, Any]:
        """The schema of a property; `leaves` are the JSON types that its alternatives admit."""
        self._limits, self._constants = [], set()
        value = self._value(kind, shape, (), leaves)
        self.out.limits[slot], self.out.constants[slot] = self._limits, self._constants
        return value

    def _value(
        self,
        kind: Type,
        shape: Shape,
        outer: Iterable[Node],
        leaves: list[frozenset[str]] | None = None,
        beside: Iterable[Type] = (),
    ) -> dict[str, Any]:
        """The schema of values of a type; `outer` are further nodes that apply to them.

        `beside` are the alternatives to it.
        """
        applied = tuple(dict.fromkeys((*outer, *self.shapes.applied(shape))))
        kind = without_patterns(kind)
        simple = without_large(kind)
        if not self.style.tells_apart:
            kind = plain_beside_classes(kind)
            simple = distinct_by_kind(kind, self.out.tags)
        if simple != kind:
            self._lose_alternatives(applied)
            kind = simple
        if isinstance(kind, UnionType):
            return self._union(kind, shape, applied, leaves or self._leaves(shape, 0))
        limits = self._limits_of(kind, applied, beside)
        held = {place for limit in limits for place in limit.said_by}
        typed: TypedText | None = None
        if kind.python:
            typed, held = typed_text(kind.python, limits, applied)
            self._loading.update(applied)
        for node in applied:
            for keyword in self.coverage.asserting(node):
                if (node, keyword) not in held:
                    self._lose(node, keyword, unless=self.coverage.by_hint(kind, node, keyword))
        if typed is not None:
            return {"$ref": f"#/$defs/{self.out.type_of(typed)}"}
        self._limits += limits
        return {
            **self._plain(kind, applied),
            **{limit.keyword: self._limit_value(limit) for limit in limits},
        }

    def _limits_of(
        self, kind: Type, applied: Iterable[Node], beside: Iterable[Type]
    ) -> list[Limit]:
        name = limited_kind(kind)
        if not name or not self.style.limits or self._is_tuple(kind):
            return []
        whole = kind == ScalarType("int")
        limits = limits_of(name, applied, whole=whole, exact=not self.style.rounds)
        beside = () if self.style.patterns_beside_lists or kind.python else beside
        if not any(_is_container(each) for each in beside):
            return limits
        return [limit for limit in limits if limit.keyword != "pattern"]

    def _limit_value(self, limit: Limit) -> Any:
        return self.out.text(limit.value) if limit.keyword == "pattern" else limit.value

    def _plain(self, kind: Type, applied: tuple[Node, ...]) -> dict[str, Any]:
        if isinstance(kind, ClassType):
            return {"$ref": f"#/$defs/{self.out.classes[self.model.of(kind)]}"}
        if isinstance(kind, ScalarType):
            return {"type": SCALAR_KINDS[kind.name]}
        if isinstance(kind, LiteralType):
            self._constants |= {value for value in kind.values if isinstance(value, str)}
            return {"enum": [self.out.text(v) if isinstance(v, str) else v for v in kind.values]}
        if isinstance(kind, ListType):
            if self._is_tuple(kind):
                return self._tuple(kind, applied)
            return {"type": "array", "items": self._items(kind, applied)}
        if isinstance(kind, MapType):
            shapes = self.shapes.map_values(applied)
            shape = shapes[0] if len(shapes) == 1 else ()
            return {"type": "object", "additionalProperties": self._value(kind.value, shape, ())}
        return {}

    def _is_tuple(self, kind: Type) -> bool:
        return self.style.tuples and isinstance(kind, ListType) and kind.is_tuple

    def _tuple(self, kind: ListType, applied: tuple[Node, ...]) -> dict[str, Any]:
        places = zip(kind.prefix, self.shapes.items(applied), strict=False)
        items = [self._value(item, self.shapes.normal(nodes), ()) for item, nodes in places]
        sizes = dict.fromkeys(("minItems", "maxItems"), len(items))
        return {"type": "array", "prefixItems": items, "items": False, **sizes}

    def _items(self, kind: ListType, applied: tuple[Node, ...]) -> dict[str, Any]:
        if kind.prefix:
            kinds = list(dict.fromkeys(kind.items))
            if AnyType() not in kinds:
                self._loading |= heard_by(kind, self.shapes.items(applied), self.shapes.index)
            if len(kinds) == 1:
                return self._value(kinds[0], (), ())
            kinds = list(dict.fromkeys(each for item in kinds for each in flat(item)))
            union = UnionType(tuple(Branch(each, ()) for each in kinds))
            return {} if AnyType() in kinds else self._value(union, (), ())
        nodes = self.shapes.items(applied)[0]
        return self._value(kind.item, self.shapes.normal(nodes), ())

    def _union(
        self, kind: UnionType, shape: Shape, applied: tuple[Node, ...], leaves: list[frozenset[str]]
    ) -> dict[str, Any]:
        choice = self._used_choice(shape)
        place = (choice.node, choice.keyword) if choice is not None else None
        if choice is not None and place is not None:
            self.coverage.consumed.add(place)
            self._loading |= heard_by(kind, choice.branches, self.shapes.index)
        values: list[dict[str, Any]] = []
        blurred = False
        of_texts = [b.type for b in kind.branches if "string" in json_types(b.type)]
        apart = len(of_texts) if any(each.python for each in of_texts) else 1
        for branch in kind.branches:
            is_class = isinstance(branch.type, ClassType)
            most = apart if branch.type in of_texts else 1
            alone = sum(bool(json_types(branch.type) & leaf) for leaf in leaves) <= most
            blurred |= not (alone or is_class)
            # One hint may stand for several alternatives, of which only one is remembered.
            inner = branch.shape if alone or is_class else ()
            beside = [each.type for each in kind.branches]
            values.append(self._value(branch.type, inner, applied, beside=beside))
        if place is not None:
            names = json_types(kind) - ({"object"} if kind.tag is not None else set[str]())
            if all(sum(name in leaf for leaf in leaves) <= 1 for name in names):
                self.coverage.exclusive.add(place)
            elif blurred or place[1] == "oneOf":
                self._lose(*place)
        return {"anyOf": values, **self._discriminator(kind)}

    def _discriminator(self, kind: UnionType) -> dict[str, Any]:
        """What tells the classes of a union apart, for pydantic."""
        if kind.tag is None or not self.style.discriminates:
            return {}
        mapping: dict[str, str] = {}
        attributes: set[str] = set()
        for branch in kind.branches:
            if isinstance(branch.type, ClassType):
                cls = self.model.of(branch.type)
                prop = next(prop for prop in cls.properties if prop.key == kind.tag)
                attributes.add(prop.attribute)
                if not isinstance(prop.type, LiteralType) or len(attributes) > 1:
                    return {}
                for value in prop.type.values:
                    mapping[self.out.text(str(value))] = f"#/$defs/{self.out.classes[cls]}"
            elif branch.type != ScalarType("None"):
                return {}
        return {"discriminator": {"propertyName": self.out.key(kind.tag), "mapping": mapping}}

    def _used_choice(self, shape: Shape) -> Alternatives | None:
        """The alternatives of which the *build* step made a union."""
        if self.shapes.has_properties(shape) or self.shapes.constants(shape) is not None:
            return None
        admitted = self.shapes.admitted(shape)
        for choice in self.shapes.alternatives(shape):
            if all(choice.branches) and any(
                self.shapes.admitted(b) & admitted for b in choice.branches
            ):
                return choice
        return None

    def _leaves(self, shape: Shape, depth: int) -> list[frozenset[str]]:
        """The JSON types that each alternative of a shape admits, alternatives in it expanded."""
        choice = self._used_choice(shape) if depth < 8 else None
        if choice is None:
            return [self.shapes.admitted(shape)]
        base = tuple(node for node in shape if self.shapes.is_structural(node))
        admitted = self.shapes.admitted(shape)
        found: list[frozenset[str]] = []
        for branch in choice.branches:
            whole = self.shapes.normal([*base, *branch]) if base else branch
            found += [leaf & admitted for leaf in self._leaves(whole, depth + 1)]
        return [leaf for leaf in found if leaf]

    def _lose_alternatives(self, applied: Iterable[Node]) -> None:
        """Say that the alternatives, or constants, are not told apart."""
        for node in applied:
            for keyword in ("anyOf", "oneOf", "enum", "const"):
                self._lose(node, keyword, unless=not node.has(keyword))

    def _lose(self, node: Node, keyword: str, *, unless: bool = False) -> None:
        if not unless:
            self.out.lost[node, keyword] = None


def _is_container(kind: Type) -> bool:
    return isinstance(kind, MapType) or (isinstance(kind, ListType) and not kind.is_tuple)


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    """A class with nothing but properties, all of them required, so that hints are plain."""
    return {"type": "object", "properties": properties, "required": list(properties)}
