"""Classes that are no more than their properties: checked and loaded in one pass.

`set_x` gives a new object its attributes and checks them: `load_x` with what a config gives, so
that nothing else has to check the config, `construct_x` with arguments. `check_values_x(s)` are
the same checks of an object that was made before; `check_object_x` checks the objects inside too.
What is refused goes the general way, which explains.
"""

from __future__ import annotations

from collections.abc import Iterable

from ..json_values import is_object
from ..model.shapes import Shapes
from ..model.types import ClassType, ListType, MapType, Property, SettingsClass, Type
from ..schema.keywords import UNCHANGED_BY_FILLS, about
from ..schema.nodes import Node
from .block import Block, opposite
from .checks import check_others_function, write_checks
from .frame import Target, is_flat
from .literals import INDENT, call, literal
from .loading import LoadWriter
from .objects import Objects, ObjectsWriter, objects_of
from .scope import Sites
from .types import holds_int, is_int, is_scalar, keeps_names

#: Keywords of classes that are no more than their properties.
_PLAIN = UNCHANGED_BY_FILLS.intersection(about("object")) | {"type"}


def is_simple(cls: SettingsClass, shapes: Shapes, sites: Sites) -> bool:
    """Whether `cls` is no more than its properties."""
    if cls.tracks or len(cls.shape) != 1 or not cls.properties:
        return False
    if cls.renames or any(prop.deprecated and prop.required for prop in cls.properties):
        return False
    node = cls.node
    if not sites.is_static(node):
        return False
    return (
        _PLAIN.issuperset(shapes.asserting(node))
        and all(prop.unconditional and len(prop.nodes) == 1 for prop in cls.properties)
        and shapes.required(cls.shape) <= {prop.key for prop in cls.properties}
    )


def _asks_of_others(node: Node) -> bool:
    """Whether there are schemas for keys that are no properties."""
    return bool(node.table("patternProperties")) or is_object(node.keyword("additionalProperties"))


def _is_easy(kind: Type) -> bool:
    """Whether attributes hold values as they are in a config, but for ints and fresh containers."""
    if isinstance(kind, ListType):
        return not kind.prefix and is_scalar(kind.item)
    if isinstance(kind, MapType):
        return is_scalar(kind.value) and not holds_int(kind.value)
    return is_scalar(kind)


def has_objects(cls: SettingsClass) -> bool:
    """Whether an attribute of the simple class `cls` can hold more than easy values."""
    return not all(_is_easy(prop.type) for prop in cls.properties)


def _has_values(cls: SettingsClass) -> bool:
    return any(_is_easy(prop.type) for prop in cls.properties)


class SimpleClassWriter:
    """Writes the functions of simple classes."""

    def __init__(self, loads: LoadWriter, shapes: Shapes) -> None:
        self.loads = loads
        self.unit = loads.unit
        self.shapes = shapes
        self._pending: list[list[str]] = []
        self.objects = ObjectsWriter(self.unit, self._fitting, self._loading)

    def functions(self, cls: SettingsClass) -> list[list[str]]:
        """`set_x`, `load_x`, `construct_x`, and the checks that holders of such objects call."""
        functions = [self._set(cls), self._load(cls)]
        if self.constructor(cls).startswith("construct_"):
            functions.append(self._construct(cls))
        if _has_values(cls):
            functions.append(self._check_values(cls))
        if has_objects(cls):
            functions.append(self._check_object(cls))
        functions += [*self._pending, *self.objects.take_functions(), *self.loads.take_functions()]
        self._pending.clear()
        return functions

    # From a config

    def _load(self, cls: SettingsClass) -> list[str]:
        fills, count = self.loads.fills_name(cls), len(cls.properties)
        block = Block()
        block.add(f"t = {self.unit.use('class_of')}(c)")
        block.fail_if("t is not dict")
        block.extend(self._spread(cls, fills))
        if cls.closed:
            block.fail_if(f"len(d) != {count}")
        else:
            if _asks_of_others(cls.node):
                block.fail_if(f"len(d) != {count}", f"not {self._check_others(cls, fills)}(c)")
            block.extend(self.loads.extra_lines(cls, fills, f"len(d) != {count}"))
        for prop in cls.properties:
            self._load_property(cls, prop, block)
        block.end()
        return [
            f"def load_{self.unit.stem(cls)}(c: Any, s: Any, notes: Notes) -> bool:",
            *block.lines,
        ]

    def _check_others(self, cls: SettingsClass, fills: str) -> str:
        """The name of a function that checks what is under keys that are no properties."""
        name = f"others_{self.unit.stem(cls)}"
        site = self.unit.sites.enter(cls.node)
        self._pending.append(check_others_function(self.unit, site, name, fills))
        return name

    def _spread(self, cls: SettingsClass, fills: str) -> list[str]:
        """Statements that lay `c` over the fills, as `d`, and give the object what that says.

        A config as long as there are properties mostly has just these.
        """
        block = Block()
        merged = f"{{**{fills}, **c}}"
        block.add(f"d = c if len(c) == {len(cls.properties)} else {merged}", "try:")
        values = "".join(f"d[{literal(prop.key)}], " for prop in cls.properties)
        block.inner().fail_if(f"not {self._set_call(cls, values)}")
        block.add("except KeyError:")
        block.inner().add(f"d = {merged}")
        setter = f"set_{self.unit.stem(cls)}"
        block.inner().fail_if(f"not {self.unit.use('set_from')}({setter}, s, d, {fills})")
        return block.lines

    def _set_call(self, cls: SettingsClass, values: str) -> str:
        """A call of `set_x` that is False where a value does not fit."""
        return f"set_{self.unit.stem(cls)}(s, {values}{self.unit.use('does_not_fit')})"

    def _load_property(self, cls: SettingsClass, prop: Property, block: Block) -> None:
        """Note what is worth a word, refuse null for absence, and load an object."""
        key, place = literal(prop.key), f"s.{prop.attribute}"
        if prop.deprecated:
            block.add(f"if {key} in c:")
            block.inner().add(f'notes.append((c, {key}, "deprecated"))')
        optional = _is_optional(prop)
        if optional:
            block.fail_if(f"{place} is {self._absent(prop)}", f"{key} in c")
        if _is_easy(prop.type):
            return
        block.add(f"w = {place}")
        suite = block
        if optional:
            block.add(f"if w is not {self._absent(prop)}:")
            suite = block.inner()
        notes = "notes"
        if prop.fill is not None and prop.fill.value:
            notes = f"notes if {key} in c else []"
        self._load_value(cls, prop, suite, notes)

    def _load_value(self, cls: SettingsClass, prop: Property, block: Block, notes: str) -> None:
        """Make of `w`, which is no easy value, what the attribute holds."""
        place, objects = f"s.{prop.attribute}", self._objects(prop)
        if objects is None:
            is_given = [] if prop.fill is None else [f"{literal(prop.key)} in c"]
            block.fail_if(*is_given, f"not {self.unit.check_node(prop.nodes[0])}(w)")
            hint = f"{self.unit.stem(cls)}_{prop.attribute}"
            block.add(f"{place} = {self.loads.expression(prop.type, 'w', hint, notes)}")
        elif isinstance(prop.type, ClassType):
            inner = self.unit.of(prop.type)
            block.add(f"{place} = x = {self.unit.use('new')}({self.unit.class_name(inner)})")
            block.fail_if(f"not {self._loading(inner)}(w, x, {notes})")
        else:
            function = self.objects.load(objects, f"{self.unit.stem(cls)}_{prop.attribute}")
            block.add(f"{place} = x = {function}(w, {notes})")
            block.fail_if(f"x is {self.unit.use('UNSET')}")

    def _loading(self, cls: SettingsClass) -> str:
        """What checks a config and loads it into an object of `cls`."""
        if is_simple(cls, self.shapes, self.unit.sites):
            return self.unit.function_name(cls, "load")
        return f"{self.unit.class_name(cls)}.__brevetti__.load"

    def _objects(self, prop: Property) -> Objects | None:
        return objects_of(prop.type, prop.shape, self.unit.program.model)

    def _default(self, cls: SettingsClass, prop: Property) -> str:
        """An expression for what an attribute holds by default."""
        assert prop.fill is not None
        value = literal(prop.fill.value)
        if _is_easy(prop.type):
            return value
        return self.loads.expression(
            prop.type, value, f"{self.unit.stem(cls)}_{prop.attribute}", "[]"
        )

    def _absent(self, prop: Property) -> str:
        return self.unit.use("UNSET") if prop.nullable else "None"

    def _copies(self, given: Iterable[tuple[Property, str]]) -> list[str]:
        """Statements that give the object containers of its own, copies of what was `given`."""
        block = Block()
        for prop, value in given:
            copy = self._copy(prop.type, value)
            if copy:
                suite = block
                if _is_optional(prop) or not (_is_easy(prop.type) or prop.required):
                    block.add(f"if {value} is not {self._absent(prop)}:")
                    suite = block.inner()
                suite.add(f"s.{prop.attribute} = {copy}")
        return block.lines

    def _copy(self, kind: Type, value: str) -> str:
        """An expression for a container of its own, ints for floats that equal them; or ""."""
        if isinstance(kind, ListType) and is_int(kind.item):
            return f"[x if type(x) is int else int(x) for x in {value}]"
        if isinstance(kind, ListType) and holds_int(kind.item):
            return f"[{self.unit.use('whole')}(x) for x in {value}]"
        if isinstance(kind, ListType):
            return f"[*{value}]"
        return f"{{**{value}}}" if isinstance(kind, MapType) else ""

    # From arguments

    def constructor(self, cls: SettingsClass) -> str:
        """The name of the function that the constructor calls."""
        is_set = all(_is_easy(p.type) and not _needs_care(cls, p) for p in cls.properties)
        return f"{'set' if is_set else 'construct'}_{self.unit.stem(cls)}"

    def _construct(self, cls: SettingsClass) -> list[str]:
        """`construct_x`: what is more than `set_x`, as there are objects, or `None` has a fill."""
        parameters = self._parameters(cls)
        pairs = list(zip(cls.properties, parameters, strict=True))
        checks = Block()
        values: list[str] = []
        absent_ones: list[str] = []
        objects: list[str] = []
        for prop, parameter in pairs:
            absent = self._absent(prop)
            if prop.deprecated or not (_is_easy(prop.type) or self._objects(prop)):
                checks.fail_if(f"{parameter} is not {absent}")
            elif not _is_easy(prop.type):
                self._check_objects(cls, prop, checks, parameter)
            value = parameter
            if _has_hidden_fill(cls, prop):
                default = self._default(cls, prop)
                absent_ones.append(f", {literal(prop.attribute)}: {parameter}")
                if _is_easy(prop.type):
                    value = f"{default} if {parameter} is {absent} else {parameter}"
                else:
                    objects.append(f"{INDENT}if {parameter} is {absent}:")
                    objects.append(f"{INDENT * 2}s.{prop.attribute} = {default}")
            values.append(f"{value}, ")
        # What the attributes hold by then is what was given, but for fills.
        given = f"{{**s.__dict__{''.join(absent_ones)}}}"
        block = Block(refusal=f"return construct(s, {given})")
        block.fail_if(f"not {self._set_call(cls, ''.join(values))}")
        block.take(checks)
        copies = self._copies(pair for pair in pairs if self._objects(pair[0]))
        block.extend([*copies, *objects])
        arguments = ", ".join(["s: Any", *(f"{parameter}: Any" for parameter in parameters)])
        return [f"def construct_{self.unit.stem(cls)}({arguments}) -> None:", *block.lines]

    def _parameters(self, cls: SettingsClass) -> list[str]:
        """Names for the arguments of `construct_x`: the attributes', but for names it uses."""
        scope = self.unit.local_scope()
        return [scope.claim(prop.attribute) for prop in cls.properties]

    # The checks of both

    def _set(self, cls: SettingsClass) -> list[str]:
        """`set_x`: give a new object its attributes, if those that hold easy values may.

        These are the checks of `check_values_x` on parameters, which are read faster. `refuse`
        says what follows from a value that does not fit: a constructor is then explained.

        >>> name = {"type": "string", "minLength": 1}
        >>> function({"type": "object", "properties": {"name": name}}, "set_root")
        def set_root(s: Any, name: Any, refuse: Any = construct) -> Any:
            s.__extra__ = None
            s.name = name
            if name is not None and (type(name) is not str or not name):
                return refuse(s, {**s.__dict__})
            return True
        """
        parameters = self._parameters(cls)
        pairs = list(zip(cls.properties, parameters, strict=True))
        block = Block(refusal="return refuse(s, {**s.__dict__})")
        block.add("s.__extra__ = None")
        block.add(*(f"s.{prop.attribute} = {parameter}" for prop, parameter in pairs))
        easy = [(prop, parameter) for prop, parameter in pairs if _is_easy(prop.type)]
        for prop, parameter in easy:
            checks = block.deeper() if _is_optional(prop) else block.beside()
            self._check_value(prop, checks, parameter)
            if _is_optional(prop):
                block.suite_if([f"{parameter} is not {self._absent(prop)}"], checks)
            else:
                block.take(checks)
        block.extend(self._copies(easy))
        block.add("return True")
        arguments = ", ".join(["s: Any", *(f"{parameter}: Any" for parameter in parameters)])
        head = f"def set_{self.unit.stem(cls)}({arguments}, refuse: Any = construct) -> Any:"
        return [head, *block.lines]

    def _check_values(self, cls: SettingsClass) -> list[str]:
        """`check_values_x`: the attributes that hold what a config holds.

        >>> name = {"type": "string", "minLength": 1}
        >>> schema = {"type": "object", "properties": {"name": name}, "required": ["name"]}
        >>> function(schema, "check_values_root")
        def check_values_root(s: Any) -> bool:
            w: Any
            w = s.name
            return not (type(w) is not str or not w)
        """
        block = Block()
        for prop in cls.properties:
            if not _is_easy(prop.type):
                continue
            checks = block.deeper() if _is_optional(prop) else block.beside()
            self._check_value(prop, checks, "w")
            if checks:
                block.add(f"w = s.{prop.attribute}")
            if _is_optional(prop):
                block.suite_if([f"w is not {self._absent(prop)}"], checks)
            else:
                block.take(checks)
        block.end()
        return [f"def check_values_{self.unit.stem(cls)}(s: Any) -> bool:", *block.lines]

    def _check_value(self, prop: Property, block: Block, value: str) -> None:
        """Fail where `value` is none that the attribute can have; make it an int if it equals one.

        The attribute holds it already.
        """
        node = prop.nodes[0]
        site = self.unit.sites.enter(node)
        place = f"s.{prop.attribute}"
        if not is_flat(site):
            block.fail_if(f"not {self.unit.check_node(node)}({value})")
        elif node.keyword("type") == "integer" and node.dialect.integral_floats:
            block.add(f"if type({value}) is not int:")
            inner = block.inner()
            inner.fail_if(f"type({value}) is not float", f"not {value}.is_integer()", joint="or")
            inner.add(f"{place} = {value} = int({value})")
            write_checks(self.unit, site, block, Target(value, 1, known=("integer",)))
            return
        else:
            write_checks(self.unit, site, block, Target(value, 1))
        if is_scalar(prop.type) and holds_int(prop.type):
            block.add(f"if type({value}) is float:")
            block.inner().add(f"{place} = {self.unit.use('whole')}({value})")
        if isinstance(prop.type, MapType):
            block.add(f"for k in {value}:")
            block.inner().fail_if("type(k) is not str")

    def _check_object(self, cls: SettingsClass) -> list[str]:
        block = Block()
        if _has_values(cls):
            block.fail_if(f"not check_values_{self.unit.stem(cls)}(s)")
        for prop in cls.properties:
            if not _is_easy(prop.type):
                block.add(f"w = s.{prop.attribute}")
                self._check_objects(cls, prop, block, "w")
        block.end()
        return [f"def check_object_{self.unit.stem(cls)}(s: Any) -> bool:", *block.lines]

    def _check_objects(self, cls: SettingsClass, prop: Property, block: Block, value: str) -> None:
        """Fail where `value` is no object that fits; none at all is an absent one."""
        present = [] if prop.required else [f"{value} is not {self._absent(prop)}"]
        objects = self._objects(prop)
        if objects is None:
            check = self.unit.check_node(prop.nodes[0])
            block.fail_if(*present, f"not {self.unit.use('holds')}({value}, {check})")
        elif isinstance(prop.type, ClassType):
            name = self.unit.class_name(self.unit.of(prop.type))
            refused = [
                f"type({value}) is not {name}",
                *self._misfits(self.unit.of(prop.type), value),
            ]
            block.fail_if(*present, f"({' or '.join(refused)})")
        else:
            function = self.objects.check(objects, f"{self.unit.stem(cls)}_{prop.attribute}")
            block.fail_if(*present, f"not {function}({value})")

    def _misfits(self, cls: SettingsClass, name: str) -> list[str]:
        """Tests of which one holds if the object `name`, which is one of `cls`, does not fit."""
        if not is_simple(cls, self.shapes, self.unit.sites):
            check = f"{self.unit.class_name(cls)}.__brevetti__.check"
            return [f"not {self.unit.use('holds')}({name}, {check})"]
        kind = "check_object" if has_objects(cls) else "check_values"
        test = f"not {self.unit.function_name(cls, kind)}({name})"
        return [test] if cls.closed else [f"{name}.__extra__", test]

    def _fitting(self, cls: SettingsClass, name: str) -> str:
        """The test that the object `name`, which is one of `cls`, fits."""
        return opposite(" or ".join(self._misfits(cls, name)))


def _is_optional(prop: Property) -> bool:
    """Whether the attribute can say that the property is absent."""
    return not prop.required and prop.fill is None


def _has_hidden_fill(cls: SettingsClass, prop: Property) -> bool:
    """Whether a constructor to which nothing was given fills the property."""
    return not prop.required and prop.fill is not None and not shows_fill(cls, prop)


def _needs_care(cls: SettingsClass, prop: Property) -> bool:
    """Whether the constructor has to look at what was given before it is set."""
    return prop.deprecated or _has_hidden_fill(cls, prop)


def shows_fill(cls: SettingsClass, prop: Property) -> bool:
    """Whether the default of a property stands in the constructor's signature."""
    fill = prop.fill
    if prop.deprecated:
        # Giving it is worth a warning, so that giving nothing must look different.
        return False
    if fill is None or not fill.is_default or cls.tracks or isinstance(fill.value, (list, dict)):
        return False
    return fill.value is None or (is_scalar(prop.type) and len(literal(fill.value)) <= 40)
