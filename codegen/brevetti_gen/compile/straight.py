"""Classes that are no more than their properties: checked and loaded in one pass.

`settle_x(d, c, notes)` checks the attributes `d` of an object and makes each what it must be. The
attributes are the config `c` laid over the fills, or the arguments of a constructor, so that the
same function serves both. What it refuses goes the general way, which explains.
"""

from __future__ import annotations

from ..literals import INDENT, condition, lines_of, literal
from ..model import (
    ClassType,
    ListType,
    MapType,
    Property,
    SettingsClass,
    Type,
)
from ..shapes import Shapes
from .block import Block
from .checks import write_checks
from .frame import Target, is_flat
from .loading import LoadCompiler
from .scope import Sites
from .types import holds_int, is_scalar, keeps_names

#: Keywords of classes that are no more than their properties.
_PLAIN = frozenset(["type", "properties", "required", "additionalProperties"])


def is_straight(cls: SettingsClass, shapes: Shapes, sites: Sites) -> bool:
    """Whether `cls` is no more than its properties, all of kinds that are easy to take."""
    if cls.tracks or len(cls.shape) != 1 or not keeps_names(cls) or not cls.properties:
        return False
    if cls.renames or any(prop.deprecated and prop.required for prop in cls.properties):
        return False
    node = cls.node
    if not sites.is_static(node):
        return False
    extra = node.keyword("additionalProperties")
    return (
        _PLAIN.issuperset(shapes.asserting(node))
        and extra in (None, True, False)
        and all(
            prop.unconditional and len(prop.nodes) == 1 and _is_easy(prop.type)
            for prop in cls.properties
        )
        and shapes.required(cls.shape) <= {prop.key for prop in cls.properties}
    )


def _is_easy(kind: Type) -> bool:
    if isinstance(kind, ClassType):
        return len(kind.cls.shape) == 1
    if isinstance(kind, ListType):
        return not kind.prefix and is_scalar(kind.item)
    if isinstance(kind, MapType):
        return is_scalar(kind.value) and not holds_int(kind.value)
    return is_scalar(kind)


class StraightCompiler:
    """Compiles the functions of straight classes."""

    def __init__(self, loads: LoadCompiler, shapes: Shapes) -> None:
        self.loads = loads
        self.unit = loads.unit
        self.shapes = shapes

    def functions(self, cls: SettingsClass) -> list[list[str]]:
        """`take_x`, `settle_x`, `load_x` and `construct_x`."""
        settle = self.unit.names.claim(f"settle_{cls.function_name}")
        return [
            self._take(cls, settle),
            self._settle(cls, settle),
            self._load(cls),
            self._construct(cls, settle),
        ]

    def _take(self, cls: SettingsClass, settle: str) -> list[str]:
        fills, split = self.loads.fills_of(cls)
        lines = [f"def take_{cls.function_name}(c: Any, s: Any, notes: Notes) -> bool:"]
        lines += [f"{INDENT}t = {self.unit.use('class_of')}(c)", f"{INDENT}if t is not dict:"]
        lines += [f"{INDENT * 2}return False", f"{INDENT}s.__dict__ = d = {{**{fills}, **c}}"]
        lines += [f"{INDENT}s.__extra__ = None", f"{INDENT}if len(d) != {len(cls.properties)}:"]
        lines += [f"{INDENT * 2}return False"] if cls.closed else split
        return [*lines, f"{INDENT}return {settle}(d, c, notes)"]

    def _load(self, cls: SettingsClass) -> list[str]:
        name = cls.function_name
        return [
            f"def load_{name}(c: Any, s: Any, notes: Notes) -> Any:",
            f"{INDENT}take_{name}(c, s, notes)",
            f"{INDENT}return s",
        ]

    def _construct(self, cls: SettingsClass, settle: str) -> list[str]:
        lines = [f"def construct_{cls.function_name}(s: Any, d: dict[str, Any]) -> None:"]
        for prop in cls.properties:
            if prop.deprecated:
                absent = self.unit.use("UNSET") if prop.nullable else "None"
                lines += [
                    f"{INDENT}if d[{literal(prop.key)}] is not {absent}:",
                    f"{INDENT * 2}construct(s, d)",
                    f"{INDENT * 2}return",
                ]
        for prop in cls.properties:
            if prop.required or prop.fill is None or shows_fill(cls, prop):
                continue
            place = f"d[{literal(prop.key)}]"
            absent = self.unit.use("UNSET") if prop.nullable else "None"
            lines.append(f"{INDENT}if {place} is {absent}:")
            lines += lines_of(prop.fill.value, f"{place} = ", depth=2)
        lines += [f"{INDENT}s.__dict__ = d", f"{INDENT}s.__extra__ = None"]
        lines.append(f"{INDENT}if not {settle}(d, (), []):")
        return [*lines, f"{INDENT * 2}construct(s, d)"]

    def _settle(self, cls: SettingsClass, name: str) -> list[str]:
        block = Block()
        for prop in cls.properties:
            self._settle_property(prop, block)
        block.end()
        return [f"def {name}(d: dict[str, Any], c: Any, notes: Notes) -> bool:", *block.lines]

    def _settle_property(self, prop: Property, block: Block) -> None:
        key = literal(prop.key)
        if prop.deprecated:
            block.add(f"if {key} in c:")
            block.inner().add(f'notes.append((c, {key}, "deprecated"))')
        block.add(f"w = d[{key}]")
        if prop.required:
            block.fail_if(f"w is {self.unit.use('UNSET')}")
        inner = Block(block.depth)
        optional = not prop.required and prop.fill is None
        inner.depth += optional
        self._check(prop, inner)
        self._make(prop, inner)
        if not inner.lines:
            if not prop.required:
                block.lines.pop()
        elif optional:
            absent = self.unit.use("UNSET") if prop.nullable else "None"
            if prop.nullable:
                block.suite_if([f"w is not {absent}"], inner)
                return
            block.add(f"if w is not {absent}:")
            block.extend(inner.lines)
            block.add(f"elif {key} in c:")
            block.add(f"{INDENT}return False")
        else:
            block.take(inner)

    def _check(self, prop: Property, block: Block) -> None:
        """Fail where the value `w` cannot be taken; make it an int where it equals one."""
        if isinstance(prop.type, ClassType):
            return
        node = prop.nodes[0]
        site = self.unit.sites.enter(node)
        place = f"d[{literal(prop.key)}]"
        if not is_flat(site):
            block.fail_if(f"not {self.unit.check_node(node)}(w)")
        elif node.keyword("type") == "integer" and node.dialect.integral_floats:
            block.add("if type(w) is not int:")
            inner = block.inner()
            inner.fail_if("type(w) is not float", "not w.is_integer()", joint="or")
            inner.add(f"{place} = w = int(w)")
            write_checks(self.unit, site, block, Target("w", 1, known=("integer",)))
            return
        else:
            write_checks(self.unit, site, block, Target("w", 1))
        if is_scalar(prop.type) and holds_int(prop.type):
            block.add("if type(w) is float:")
            block.inner().add(f"{place} = {self.unit.use('whole')}(w)")

    def _make(self, prop: Property, block: Block) -> None:
        """Make of `w` what the attribute must hold."""
        place, kind = f"d[{literal(prop.key)}]", prop.type
        if isinstance(kind, ListType) and holds_int(kind.item):
            block.add(f"{place} = [{self.unit.use('whole')}(x) for x in w]")
        elif isinstance(kind, ListType):
            block.add(f"{place} = [*w]")
        elif isinstance(kind, MapType):
            # Refuses keys that are no text, as `{**w}` would not.
            block.add(f"{place} = dict(**w)")
        elif isinstance(kind, ClassType):
            cls = kind.cls
            name = self.unit.class_name(cls)
            block.add(f"t = {self.unit.use('class_of')}(w)")
            block.add("if t is dict:")
            inner = block.inner()
            inner.add(f"{place} = x = {self.unit.use('new')}({name})")
            inner.fail_if(f"not {self.unit.take_name(cls)}(w, x, notes)")
            config = "w.__dict__" if self._is_own_config(cls) else "w.get_config()"
            check = self.unit.check_node(prop.nodes[0])
            tests = [f"t is not {name}", f"not {check}({config})"]
            block.extend(condition("elif", tests, "or", block.depth))
            block.add(f"{INDENT}return False")

    def _is_own_config(self, cls: SettingsClass) -> bool:
        """Whether the attributes of an object are its config, as they stand."""
        return keeps_names(cls) and all(
            is_scalar(prop.type) and prop.unconditional and (prop.required or prop.fill is not None)
            for prop in cls.properties
        )


def shows_fill(cls: SettingsClass, prop: Property) -> bool:
    """Whether the default of a property stands in the constructor's signature."""
    fill = prop.fill
    if prop.deprecated:
        # Giving it is worth a warning, so that giving nothing must look different.
        return False
    if fill is None or not fill.is_default or cls.tracks or isinstance(fill.value, (list, dict)):
        return False
    return fill.value is None or (is_scalar(prop.type) and len(literal(fill.value)) <= 40)
