"""Values of simple classes that are objects: of one class or of tagged ones, null, containers.

`load_x(v, notes)` checks and loads a value of a config, in one pass; `UNSET` says that it does not
fit. `check_x(v)` tells whether what an attribute holds still fits.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

from ..json_values import is_object
from ..model.types import (
    Branch,
    ClassType,
    ListType,
    LiteralType,
    MapType,
    Model,
    ScalarType,
    SettingsClass,
    Shape,
    Type,
    UnionType,
)
from ..schema.nodes import Node
from .literals import INDENT, literal
from .loading import tag_test
from .program import ModuleCode


@dataclass(frozen=True)
class Objects:
    """What a value is: an object of one of `classes`, told apart by `tag`, or null perhaps.

    Attributes:
        tags: the constants of each class.
        container: `list` or `dict` for a container of such values, else "".
        least, most: how many values a list has.
    """

    classes: tuple[SettingsClass, ...]
    nullable: bool = False
    tag: str | None = None
    tags: tuple[tuple[str, ...], ...] = ()
    container: str = ""
    least: int = 0
    most: int | None = None

    @property
    def item(self) -> Objects:
        """What is in the container."""
        return replace(self, container="", least=0, most=None)


def objects_of(kind: Type, shape: Shape, model: Model) -> Objects | None:
    """The objects that values of `shape` are, if it asks for nothing else of them."""
    if len(shape) != 1:
        return None
    node = shape[0]
    if isinstance(kind, ListType):
        return _container(kind.item, node, model, "items")
    if isinstance(kind, MapType):
        return _container(kind.value, node, model, "additionalProperties")
    if isinstance(kind, ClassType):
        return Objects((model.of(kind),)) if _is_class(model.of(kind), node, model) else None
    return _alternatives(kind, node, model) if isinstance(kind, UnionType) else None


def _container(inner: Type, node: Node, model: Model, keyword: str) -> Objects | None:
    """The list or map of objects that `node`, with `keyword` for what is in it, asks for."""
    wanted, container = ("array", "list") if keyword == "items" else ("object", "dict")
    allowed = {"type", keyword, *(("minItems", "maxItems") if keyword == "items" else ())}
    if node.keyword("type") != wanted or not is_object(node.keyword(keyword)):
        return None
    if not allowed.issuperset(model.shapes.asserting(node)):
        return None
    child = model.shapes.index.child(node, keyword)
    objects = objects_of(inner, model.shapes.normal([child]), model)
    if objects is None or objects.container:
        return None
    least, most = int(node.keyword("minItems") or 0), node.keyword("maxItems")
    most = None if most is None else int(most)
    return replace(objects, container=container, least=least, most=most)


def _is_class(cls: SettingsClass, node: Node, model: Model, *others: str) -> bool:
    """Whether `node` is what `cls` was made of, and admits nothing but objects and `others`."""
    admitted = model.shapes.admitted((node,))
    return cls.shape == (node,) and admitted == frozenset(["object", *others])


def _alternatives(kind: UnionType, node: Node, model: Model) -> Objects | None:
    classes = [model.of(b.type) for b in kind.branches if isinstance(b.type, ClassType)]
    nulls = [b for b in kind.branches if b.type in (ScalarType("None"), LiteralType((None,)))]
    if not classes or len(classes) + len(nulls) != len(kind.branches) or len(nulls) > 1:
        return None
    nullable = bool(nulls)
    if len(classes) == 1 and nullable and _is_class(classes[0], node, model, "null"):
        return Objects((classes[0],), nullable)
    shapes = model.shapes
    if shapes.asserting(node) not in (["oneOf"], ["anyOf"]):
        return None
    parts = shapes.index.parts(node, *shapes.asserting(node))
    if len(parts) != len(kind.branches) or not all(
        _is_branch(branch, shapes.normal([part]), model)
        for branch, part in zip(kind.branches, parts, strict=True)
    ):
        return None
    if len(classes) == 1:
        return Objects((classes[0],), nullable)
    if kind.tag is None or len(kind.tags) != len(classes):
        return None
    return Objects(tuple(classes), nullable, kind.tag, kind.tags)


def _is_branch(branch: Branch, shape: Shape, model: Model) -> bool:
    """Whether an alternative of `shape` is `branch`, the whole of it and nothing else."""
    if len(shape) != 1:
        return False
    if isinstance(branch.type, ClassType):
        return _is_class(model.of(branch.type), shape[0], model)
    admitted = model.shapes.admitted(shape)
    return len(model.shapes.asserting(shape[0])) == 1 and admitted == frozenset(["null"])


class ObjectsWriter:
    """Writes the functions of such values.

    `fitting` gives the test that an object of a class, known to be of just that, fits; `loading`
    the name of what loads one.
    """

    def __init__(
        self,
        code: ModuleCode,
        fitting: Callable[[SettingsClass, str], str],
        loading: Callable[[SettingsClass], str],
    ) -> None:
        self.code = code
        self.fitting = fitting
        self.loading = loading
        self._pending: dict[str, list[list[str]]] = {}
        self._functions: dict[tuple[str, Objects], str] = {}

    def take_functions(self, kind: Literal["load", "check"]) -> list[list[str]]:
        """The functions of a kind that were asked for since the last call."""
        return self._pending.pop(kind, [])

    def load(self, objects: Objects, hint: str) -> str:
        """The name of the function that checks and loads a value.

        >>> stage = {"type": "object", "properties": {"name": {"type": "string"}}}
        >>> stages = {"type": "array", "items": stage, "minItems": 1}
        >>> function({"type": "object", "properties": {"stages": stages}}, "load_root_stages")
        def load_root_stages(v: Any, notes: Notes) -> Any:
            t: object
            t = class_of(v)
            if t is not list:
                return UNSET
            if len(v) < 1:
                return UNSET
            items: list[Any] = []
            for x in v:
                y = load_root_stages_item(x, notes)
                if y is UNSET:
                    return UNSET
                items.append(y)
            return items
        """
        return self._function("load", objects, hint)

    def check(self, objects: Objects, hint: str) -> str:
        """The name of the function that tells whether a value still fits."""
        return self._function("check", objects, hint)

    def _function(self, kind: Literal["load", "check"], objects: Objects, hint: str) -> str:
        key = (kind, objects)
        if key not in self._functions:
            name = self._functions[key] = self.code.names.claim(f"{kind}_{hint}"[:40].rstrip("_"))
            rest, body = "v: Any) -> bool", self._check_body
            if kind == "load":
                rest, body = "v: Any, notes: Notes) -> Any", self._load_body
            lines = [f"def {name}({rest}:", *(INDENT + line for line in body(objects, hint))]
            self._pending.setdefault(kind, []).append(lines)
        return self._functions[key]

    # From a config

    def _load_body(self, objects: Objects, hint: str) -> list[str]:
        unset, class_of = self.code.use("UNSET"), self.code.use("class_of")
        kind = objects.container or "dict"
        lines = [f"t = {class_of}(v)", f"if t is not {kind}:", f"{INDENT}return {unset}"]
        if not objects.container:
            null = ["if v is None:", f"{INDENT}return None"] if objects.nullable else []
            return [*null, *lines, *self._choose(objects)]
        lines += _size_lines(objects, unset)
        function = self.load(objects.item, f"{hint}_item")
        refused = [f"{INDENT}if y is {unset}:", f"{INDENT * 2}return {unset}"]
        if kind == "list":
            lines += ["items: list[Any] = []", "for x in v:"]
            lines += [f"{INDENT}y = {function}(x, notes)", *refused, f"{INDENT}items.append(y)"]
        else:
            lines += ["items: dict[str, Any] = {}", "for k, x in v.items():"]
            lines += [f"{INDENT}if type(k) is not str:", f"{INDENT * 2}return {unset}"]
            lines += [f"{INDENT}y = {function}(x, notes)", *refused, f"{INDENT}items[k] = y"]
        return [*lines, "return items"]

    def _choose(self, objects: Objects) -> list[str]:
        """Load `v`, a dict, as an object of the class that its tag says."""
        unset = self.code.use("UNSET")
        if objects.tag is None:
            return self._made(objects.classes[0])
        lines = [f"tag = v.get({literal(objects.tag)})"]
        for cls, tags in zip(objects.classes, objects.tags, strict=True):
            lines.append(f"if {tag_test(tags)}:")
            lines += [INDENT + line for line in self._made(cls)]
        return [*lines, f"return {unset}"]

    def _made(self, cls: SettingsClass) -> list[str]:
        new = f"{self.code.use('new')}({self.code.class_name(cls)})"
        loaded = f"{self.loading(cls)}(v, x, notes)"
        return [f"x = {new}", f"return x if {loaded} else {self.code.use('UNSET')}"]

    # From attributes

    def _check_body(self, objects: Objects, hint: str) -> list[str]:
        if objects.container:
            function = self.check(objects.item, f"{hint}_item")
            items = "v" if objects.container == "list" else "v.values()"
            lines = [f"t = {self.code.use('class_of')}(v)", f"if t is not {objects.container}:"]
            lines += [f"{INDENT}return False", *_size_lines(objects, "False")]
            if objects.container == "dict":
                lines += ["for k in v:", f"{INDENT}if type(k) is not str:"]
                lines += [f"{INDENT * 2}return False"]
            lines += [f"for x in {items}:", f"{INDENT}if not {function}(x):"]
            return [*lines, f"{INDENT * 2}return False", "return True"]
        lines = ["if v is None:", f"{INDENT}return True"] if objects.nullable else []
        for cls in objects.classes:
            lines.append(f"if type(v) is {self.code.class_name(cls)}:")
            lines.append(f"{INDENT}return {self.fitting(cls, 'v')}")
        return [*lines, "return False"]


def _size_lines(objects: Objects, refusal: str) -> list[str]:
    """Statements that refuse a list `v` of the wrong length."""
    tests = [f"len(v) < {objects.least}"] if objects.least else []
    tests += [] if objects.most is None else [f"len(v) > {objects.most}"]
    if len(tests) == 2:
        tests = [f"not {objects.least} <= len(v) <= {objects.most}"]
    return [line for test in tests for line in (f"if {test}:", f"{INDENT}return {refusal}")]
