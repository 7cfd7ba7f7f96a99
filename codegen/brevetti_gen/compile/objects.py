"""Values of simple classes that are objects: of one class or of tagged ones, null, containers.

`load_x(v, notes)` checks and loads a value of a config, in one pass; `UNSET` says that it does not
fit. `check_x(v)` tells whether what an attribute holds still fits.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Literal

from ..json_values import is_object
from ..model import types
from ..model.types import Branch, Model, SettingsClass, Shape, Type
from ..schema.nodes import Node
from .block import Block
from .context import size_misfit
from .literals import literal
from .loading import tag_test
from .program import ModuleCode

_NULLS = (types.ScalarType("None"), types.LiteralType((None,)))


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
    if isinstance(kind, types.ListType):
        return _container(kind.item, node, model, "items")
    if isinstance(kind, types.MapType):
        return _container(kind.value, node, model, "additionalProperties")
    if isinstance(kind, types.ClassType):
        return Objects((model.of(kind),)) if _is_class(model.of(kind), node, model) else None
    return _alternatives(kind, node, model) if isinstance(kind, types.UnionType) else None


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
    least, most = model.shapes.lengths([node])
    return replace(objects, container=container, least=least, most=most)


def _is_class(cls: SettingsClass, node: Node, model: Model, *others: str) -> bool:
    """Whether `node` is what `cls` was made of, and admits nothing but objects and `others`."""
    admitted = model.shapes.admitted((node,))
    return cls.shape == (node,) and admitted == frozenset(["object", *others])


def _alternatives(kind: types.UnionType, node: Node, model: Model) -> Objects | None:
    classes = [model.of(b.type) for b in kind.branches if isinstance(b.type, types.ClassType)]
    nulls = [b for b in kind.branches if b.type in _NULLS]
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
    if isinstance(branch.type, types.ClassType):
        return _is_class(model.of(branch.type), shape[0], model)
    admitted = model.shapes.admitted(shape)
    return len(model.shapes.asserting(shape[0])) == 1 and admitted == frozenset(["null"])


@dataclass(eq=False)
class ObjectsWriter:
    """Writes the functions of such values.

    `fitting` gives the test that an object of a class, known to be of just that, fits; `loading`
    the name of what loads one.
    """

    code: ModuleCode
    fitting: Callable[[SettingsClass, str], str]
    loading: Callable[[SettingsClass], str]
    _pending: dict[str, list[list[str]]] = field(default_factory=dict[str, "list[list[str]]"])
    _functions: dict[tuple[str, Objects], str] = field(
        default_factory=dict[tuple[str, "Objects"], str]
    )

    def take_functions(self, kind: Literal["load", "check"]) -> list[list[str]]:
        """The functions of a kind that were asked for since the last call."""
        return self._pending.pop(kind, [])

    def function(self, kind: Literal["load", "check"], objects: Objects, hint: str) -> str:
        """The name of the function that checks and loads a value, or tells whether it still fits.

        >>> stage = {"type": "object", "properties": {"name": {"type": "string"}}}
        >>> stages = {"type": "array", "items": stage, "minItems": 1}
        >>> function({"type": "object", "properties": {"stages": stages}}, "load_root_stages")
        def load_root_stages(v: Any, notes: Notes) -> Any:
            t: object
            t = class_of(v)
            if t is not list:
                return UNSET
            if not v:
                return UNSET
            items: list[Any] = []
            for x in v:
                y = new(StagesItem)
                if not load_stages_item(x, y, notes):
                    return UNSET
                items.append(y)
            return items
        """
        key = (kind, objects)
        if key not in self._functions:
            name = self._functions[key] = self.code.names.claim(f"{kind}_{hint}"[:40].rstrip("_"))
            block, given = Block(), "v: Any) -> bool"
            if kind == "load":
                given = "v: Any, notes: Notes) -> Any"
                self._write_load(objects, hint, block)
            else:
                self._write_check(objects, hint, block)
            self._pending.setdefault(kind, []).append([f"def {name}({given}:", *block.lines])
        return self._functions[key]

    def _write_kind(self, objects: Objects, block: Block, refusal: str) -> None:
        """Refuse a `v` of another class, or of the wrong length."""
        block.add(f"t = {self.code.use('class_of')}(v)")
        block.under(f"if t is not {objects.container or 'dict'}:").add(refusal)
        if test := size_misfit("v", objects.least, objects.most):
            block.under(f"if {test}:").add(refusal)

    # From a config

    def _write_load(self, objects: Objects, hint: str, block: Block) -> None:
        refusal = f"return {self.code.use('UNSET')}"
        if objects.nullable and not objects.container:
            block.under("if v is None:").add("return None")
        if objects.container or objects.tag is not None:
            self._write_kind(objects, block, refusal)
        if objects.container:
            is_list = objects.container == "list"
            block.add(f"items: {'list[Any] = []' if is_list else 'dict[str, Any] = {}'}")
            suite = block.under("for x in v:" if is_list else "for k, x in v.items():")
            if not is_list:
                suite.under("if type(k) is not str:").add(refusal)
            item = objects.item
            if item.tag is None and not item.nullable:
                cls = item.classes[0]
                suite.add(f"y = {self.code.use('new')}({self.code.class_name(cls)})")
                suite.under(f"if not {self.loading(cls)}(x, y, notes):").add(refusal)
            else:
                suite.add(f"y = {self.function('load', item, f'{hint}_item')}(x, notes)")
                suite.under("if y is UNSET:").add(refusal)
            suite.add("items.append(y)" if is_list else "items[k] = y")
            block.add("return items")
        elif objects.tag is None:
            self._write_new(objects.classes[0], block)
        else:
            block.add(f"tag = v.get({literal(objects.tag)})")
            for cls, tags in zip(objects.classes, objects.tags, strict=True):
                self._write_new(cls, block.under(f"if {tag_test(tags)}:"))
            block.add(refusal)

    def _write_new(self, cls: SettingsClass, block: Block) -> None:
        """Give `v`, a dict, as an object of `cls`."""
        block.add(f"x = {self.code.use('new')}({self.code.class_name(cls)})")
        block.add(f"return x if {self.loading(cls)}(v, x, notes) else UNSET")

    # From attributes

    def _write_check(self, objects: Objects, hint: str, block: Block) -> None:
        if objects.container:
            self._write_kind(objects, block, "return False")
            function = self.function("check", objects.item, f"{hint}_item")
            if objects.container == "dict":
                block.under("for k in v:").under("if type(k) is not str:").add("return False")
            items = "v" if objects.container == "list" else "v.values()"
            block.under(f"for x in {items}:").under(f"if not {function}(x):").add("return False")
            block.add("return True")
            return
        if objects.nullable:
            block.under("if v is None:").add("return True")
        for cls in objects.classes:
            suite = block.under(f"if type(v) is {self.code.class_name(cls)}:")
            suite.add(f"return {self.fitting(cls, 'v')}")
        block.add("return False")
