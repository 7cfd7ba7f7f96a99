"""The *build* step: from resolved schemas to modules, classes, properties and types."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import chain
from types import NoneType
from typing import Any

from ..graphs import walked
from ..json_values import json_type
from ..schema.nodes import Node
from ..schema.resolve import Index
from ..schema.verdicts import Multiplied
from . import types
from .fields import first_text
from .shapes import ALL_TYPES, Alternatives, Shapes, annotated, told
from .types import ClassKey, Model, ModulePath, Property, SettingsClass, Shape, Type, types_in

_OTHERS = ("additionalProperties", "unevaluatedProperties")
#: How many conjunctions of schemas may need a type, for each schema; real ones need 1.3.
MAX_COMBINED = 3
#: Of how many parts a type may be, where each stands in it more often than so; real ones have 66.
MAX_SIZE, MAX_TIMES = 1_000, 5


def build(index: Index, roots: Mapping[ModulePath, Node]) -> Model:
    """The model of the schemas at `roots`, by the paths of their modules; nothing has names yet."""
    return _Builder(index, roots).build()


class _Builder:
    """Builds the model of a set of modules. Classes come into being when a type needs them."""

    def __init__(self, index: Index, roots: Mapping[ModulePath, Node]) -> None:
        self.index = index
        self.shapes = Shapes(index)
        self._roots = roots
        self._paths = {id(root.document): path for path, root in roots.items()}
        #: The classes that types need so far, without properties; and the keys of those of roots.
        self._begun: list[SettingsClass] = []
        self._root_keys: dict[Node, ClassKey] = {}
        self._keys: dict[tuple[Shape, ModulePath], ClassKey] = {}
        self._types: dict[tuple[Shape, frozenset[str], ModulePath], Type] = {}
        self._most = MAX_COMBINED * (len(index.everywhere()) + 250)

    def build(self) -> Model:
        for path, root in self._roots.items():
            if self._is_class_root(root):
                self._root_keys[root] = self._class((root,), path)
        root_types: dict[ModulePath, Type] = {}
        for path, root in self._roots.items():
            if root not in self._root_keys:
                root_types[path] = self.type_of(self.shapes.normal([root]), path)
            for node in self.index.nodes(root.document):
                if node.is_definition:
                    self.type_of(self.shapes.normal([node]), path)
        classes: dict[ModulePath, list[SettingsClass]] = {path: [] for path in self._roots}
        for begun in self._begun:  # which grows: the properties of a class need further ones
            classes[begun.module].append(self._composed(begun))
        modules = (
            types.Module(path, root, tuple(classes[path]), root_types.get(path))
            for path, root in self._roots.items()
        )
        return Model(self.shapes, tuple(modules))

    # Roots

    def _is_class_root(self, root: Node) -> bool:
        """Whether a document's root is a class: unless it plainly admits no object."""
        node, visited = root, set[Node]()
        while node not in visited:
            visited.add(node)
            if isinstance(node.schema, bool) or "object" not in self.shapes.declared_types(node):
                return False
            if not node.has("$ref"):
                break
            node = self.index.target(node)
        return True

    def _module_of(self, shape: Shape, module: ModulePath) -> ModulePath:
        """Where the class of `shape` lives: with its schema if that was given, else where used."""
        return self._paths.get(id(shape[0].document), module) if len(shape) == 1 else module

    def _root_class(self, shape: Shape) -> ClassKey | None:
        return self._root_keys.get(shape[0]) if len(shape) == 1 else None

    # Classes

    def _class(self, shape: Shape, module: ModulePath) -> ClassKey:
        module = self._module_of(shape, module)
        if (shape, module) not in self._keys:
            key = self._keys[shape, module] = ClassKey(len(self._begun))
            self._begun.append(SettingsClass(key, shape, module))
        return self._keys[shape, module]

    def _composed(self, begun: SettingsClass) -> SettingsClass:
        shapes, shape, module = self.shapes, begun.shape, begun.module
        properties = [self._property(*each, module) for each in shapes.declared(shape).items()]
        properties += [self._by_branch(*each, module) for each in shapes.conditional(shape).items()]
        required = shapes.required(shape)
        applied = shapes.applied(shape)
        whole = tuple(walked(shape, self.index.in_place)) if self.index.secrets else ()
        patterns = dict.fromkeys(p for node in applied for p in node.table("patternProperties"))
        return replace(
            begun,
            is_root=self._root_class(shape) == begun.key,
            properties=tuple(self._annotated(p, whole, p.key in required) for p in properties),
            closed=any(
                node.keyword("additionalProperties") is False
                and not node.keyword("patternProperties")
                for node in applied
            ),
            declares_extra=any(not node.keywords.isdisjoint(_OTHERS) for node in applied),
            key_patterns=tuple(patterns),
            entries=self._entries(applied, module),
        )

    def _entries(self, applied: Iterable[Node], module: ModulePath) -> tuple[types.Entries, ...]:
        """What the keys of a class hold that are no properties, if one schema says it surely."""
        saying = [n for n in applied if n.has("patternProperties") or n.has("additionalProperties")]
        if len(saying) != 1:
            return ()
        (node,) = saying
        patterns = tuple(node.table("patternProperties"))
        parts = self.index.parts(node, "patternProperties")
        shapes = dict.fromkeys(self.shapes.normal([part]) for part in parts)
        if len(shapes) > 1:  # of which a key could have several
            return ()
        kinds = [(patterns, shape) for shape in shapes]
        if node.keyword("additionalProperties") is not False:
            others = self.index.parts(node, "additionalProperties")
            kinds.append(((), self.shapes.normal(others)))
        entries = [types.Entries(p, shape, self.type_of(shape, module)) for p, shape in kinds]
        return tuple(entries) if any(types.holds_objects(each.type) for each in entries) else ()

    def _annotated(self, prop: Property, whole: Shape, required: bool) -> Property:
        """`prop` with what is said about it beside its type; `whole` may apply to its object."""
        notes = tuple(annotated(self.shapes, prop.nodes))
        applying = (*prop.nodes, *self.shapes.applying(whole, prop.key)) if whole else ()
        advice = first_text(notes, "x-deprecated")
        is_deprecated = any(node.get("deprecated") is True for node in notes)
        return prop._replace(
            required=required,
            notes=notes,
            deprecated=f"deprecated: {advice}" if advice else "deprecated" * is_deprecated,
            secret=any(node.is_secret for node in walked(applying, self.index.in_place)),
        )

    def _property(self, key: str, nodes: Shape, module: ModulePath) -> Property:
        shape = self.shapes.normal(nodes)
        nullable = "null" in self.shapes.admitted(shape)
        return Property(key, nodes, shape, self.type_of(shape, module), nullable=nullable)

    def _by_branch(self, key: str, owners: Mapping[Node, Shape], module: ModulePath) -> Property:
        """A property that each branch of the class declares in its own way, or nothing surely."""
        shapes = [self.shapes.normal([node]) for node in owners]
        nullable = not owners or any("null" in self.shapes.admitted(shape) for shape in shapes)
        kind = self._union_of(shapes, module)
        by_branch = tuple(
            types.Branch(self.type_of(shape, module), owner)
            for shape, owner in zip(shapes, owners.values(), strict=True)
        )
        return Property(key, tuple(owners), (), kind, False, by_branch, nullable=nullable)

    # Types

    def type_of(self, shape: Shape, module: ModulePath, only: frozenset[str] = ALL_TYPES) -> Type:
        """The type of values of `shape`, of which only the kinds in `only` come."""
        key = (shape, only, self._module_of(shape, module))
        if key not in self._types:
            if shape and len(self._types) > self._most:
                told = f"more than {self._most:,} combinations of schemas"
                raise Multiplied(self.index, shape[-1], told)
            self._types[key] = types.AnyType()  # for schemas that contain themselves in place
            self._types[key] = kind = self._compute_type(shape, module, only)
            if kind.size > MAX_SIZE and kind.size > MAX_TIMES * len({*walked([kind], types_in)}):
                raise Multiplied(self.index, shape[0], f"a type of {kind.size:,} parts")
        return self._types[key]

    def _compute_type(self, shape: Shape, module: ModulePath, only: frozenset[str]) -> Type:
        admitted = self.shapes.admitted(shape) & only
        if not admitted:
            return types.ScalarType("None")
        if self._root_class(shape) is None:
            constants = self.shapes.constants(shape)
            literals = _literals(constants, admitted)
            if literals is not None and not self.shapes.python_type(shape):
                return literals
            if constants is None and not self.shapes.has_properties(shape):
                for choice in self.shapes.alternatives(shape):
                    union = self._choose(shape, choice, module, admitted)
                    if union is not None:
                        return union
        kinds = (self._kind_type(kind, shape, module) for kind in told(admitted))
        parts = [types.Branch(kind, shape) for kind in kinds]
        if admitted == ALL_TYPES and all(_is_plain(part.type) for part in parts):
            return types.AnyType()
        return self._union(parts)

    def _kind_type(self, kind: str, shape: Shape, module: ModulePath) -> Type:
        if kind == "object":
            root = self._root_class(shape)
            if root is not None:
                return types.ClassType(root)
            if self.shapes.has_properties(shape):
                return types.ClassType(self._class(shape, module))
            entries = self._entries(self.shapes.applied(shape), module)
            if entries and entries[-1].type == types.AnyType():
                return types.MapType(entries[0].type, entries[0].patterns)
            return types.MapType(self._union_of(self.shapes.map_values(shape), module))
        if kind == "array":
            return self._list_type(shape, module)
        python = self.shapes.python_type(shape) if kind == "string" else ""
        return types.ScalarType(types.SCALARS[kind], python)

    def _list_type(self, shape: Shape, module: ModulePath) -> Type:
        applied = self.shapes.applied(shape)
        places = [self.shapes.normal(nodes) for nodes in self.shapes.items(applied)]
        kinds = [self.type_of(place, module) for place in places]
        shortest, longest = self.shapes.lengths(applied)
        possible = [bool(self.shapes.admitted(place)) for place in places[:longest]]
        size = possible.index(False) if False in possible else len(possible)
        if 0 < size < len(places):
            none, prefix = types.ScalarType("None"), tuple(kinds[:size])
            return types.ListType(none, prefix, ends=True, is_tuple=shortest >= size)
        return types.ListType(kinds[-1], tuple(kinds[:-1]))

    # Unions

    def _choose(
        self, shape: Shape, choice: Alternatives, module: ModulePath, admitted: frozenset[str]
    ) -> Type | None:
        """The union over the branches of `choice`, or None if it tells nothing."""
        if not all(choice.branches):
            return None
        base = tuple(node for node in shape if self.shapes.is_structural(node))
        wholes = [self.shapes.normal([*base, *b]) if base else b for b in choice.branches]
        branches = [
            types.Branch(self.type_of(whole, module, admitted), branch)
            for branch, whole in zip(choice.branches, wholes, strict=True)
            if self.shapes.admitted(whole) & admitted
        ]
        return self._union(branches) if branches else None

    def _union_of(self, shapes: Iterable[Shape], module: ModulePath) -> Type:
        branches = [types.Branch(self.type_of(shape, module), shape) for shape in shapes]
        return self._union(branches) if branches else types.AnyType()

    def _union(self, branches: list[types.Branch]) -> Type:
        if len(branches) == 1 and not isinstance(branches[0].type, types.UnionType):
            return branches[0].type
        flat: list[types.Branch] = []
        for branch in branches:
            if isinstance(branch.type, types.UnionType):
                inner = branch.type.branches
                flat += [types.Branch(each.type, each.shape or branch.shape) for each in inner]
            else:
                flat.append(branch)
        if any(isinstance(branch.type, types.AnyType) for branch in flat):
            return types.AnyType()
        flat = list({branch.type: branch for branch in reversed(flat)}.values())[::-1]
        literals = [b.type.values for b in flat if isinstance(b.type, types.LiteralType)]
        if len(literals) == len(flat):
            return types.LiteralType(tuple(_distinct(chain(*literals))))
        flat = _without_covered(flat)
        if len(flat) == 1:
            return flat[0].type
        tag, tags = self._discriminator(flat)
        return types.UnionType(tuple(flat), tag, tags)

    def _discriminator(self, branches: list[types.Branch]) -> tuple[str | None, types.Tags]:
        """The property whose constants tell the object branches apart, and these constants."""
        objects = [b for b in branches if isinstance(b.type, (types.ClassType, types.MapType))]
        classes = [b.type for b in objects if isinstance(b.type, types.ClassType)]
        if len(objects) < 2 or len(classes) < len(objects):
            return None, ()
        shapes = [self._begun[kind.key].shape for kind in classes]
        for key in self.shapes.declared(shapes[0]):
            tags = [self.shapes.tags(shape, key) for shape in shapes]
            flat = [value for values in tags for value in values]
            if all(tags) and len(set(flat)) == len(flat):
                return key, tuple(tags)
        return None, ()


def default_of(prop: Property) -> tuple[Node, Any] | None:
    """The nearest default of a property, with the node that says it."""
    for node in prop.notes:
        if "default" in node.said:
            return node, node.said["default"]
    return None


def _is_plain(kind: Type) -> bool:
    """Whether values of this kind are any JSON of their kind."""
    anything = types.AnyType()
    of_anything = (types.MapType(anything), types.ListType(anything))
    return (isinstance(kind, types.ScalarType) and not kind.python) or kind in of_anything


def _literals(constants: list[Any] | None, admitted: frozenset[str]) -> Type | None:
    """A `Literal` for constants that Python can name in one; else None."""
    if not constants or len(constants) > 200:
        return None
    if not all(isinstance(c, (str, bool, int, NoneType)) for c in constants):
        return None
    return types.LiteralType(tuple(_distinct(c for c in constants if json_type(c) in admitted)))


def _distinct(values: Iterable[Any]) -> list[Any]:
    return list({(type(value).__name__, value): value for value in values}.values())


def _without_covered(branches: list[types.Branch]) -> list[types.Branch]:
    """Drop literals and integers that a wider scalar among the branches holds too."""
    kinds = {branch.type for branch in branches}
    names = {name for name in types.SCALARS.values() if types.ScalarType(name) in kinds}

    def is_covered(kind: Type) -> bool:
        if isinstance(kind, types.LiteralType):
            return {type(value).__name__ for value in kind.values} <= names
        return kind == types.ScalarType("int") and "float" in names

    return [branch for branch in branches if not is_covered(branch.type)]
