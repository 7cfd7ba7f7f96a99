"""Save simple classes: from a settings object back to its config."""

from __future__ import annotations

from ..model.types import ClassType, ListType, MapType, SettingsClass, Type
from .attributes import is_scalar
from .block import Block
from .literals import literal
from .loading import LoadWriter


def save_function(cls: SettingsClass, loads: LoadWriter) -> list[str]:
    """`get_config()` of `cls`: what its attributes hold, keys in the order of the schema.

    Objects that hold nothing but attributes of the schema are copied whole.

    >>> tags = {"type": "array", "items": {"type": "string"}}
    >>> schema = {"type": "object", "properties": {"tags": tags}, "additionalProperties": False}
    >>> function(schema, "save_root")
    def save_root(s: Any) -> dict[str, Any]:
        v: Any
        c: dict[str, Any] = s.__dict__.copy()
        if len(c) != 1:
            c = without_others(c, FILLS_ROOT, s)
        v = c["tags"]
        if v is None:
            del c["tags"]
        else:
            c["tags"] = [*v]
        return c
    """
    code, block = loads.code, Block()
    fills = loads.fills_name(cls)
    block.add("c: dict[str, Any] = s.__dict__.copy()")
    others = block.under(f"if len(c) != {len(cls.properties)}:")
    others.add(f"c = {code.use('without_others')}(c, {fills}, s)")
    for prop in cls.properties:
        place = f"c[{literal(prop.key)}]"
        saved = _saved(loads, prop.type)
        if saved == "v" and (prop.required or not (prop.nullable or prop.fill is None)):
            continue
        block.add(f"v = {place}")
        joint = "if"
        if not prop.required:
            absent = code.use("UNSET") if prop.nullable else "None"
            block.under(f"if v is {absent}:").add(f"del {place}")
            joint = "elif"
        if isinstance(prop.type, ClassType):
            # The class's own function is the shortest way.
            name = code.class_name(code.of(prop.type))
            block.under(f"{joint} type(v) is {name}:").add(f"{place} = {name}.__save__(v)")
            joint = "elif"
        if saved != "v":
            suite = block if joint == "if" else block.under("else:")
            suite.add(f"{place} = {saved}")
    if not cls.closed:
        block.under("if s.__extra__:").add(f"c.update({code.use('config_of')}(s.__extra__))")
    block.add("return c")
    return [f"def save_{code.stem(cls)}(s: Any) -> dict[str, Any]:", *block.lines]


def _saved(loads: LoadWriter, kind: Type) -> str:
    """An expression for the config of `v`, which an attribute holds."""
    if is_scalar(kind):
        return "v"
    if isinstance(kind, ClassType):
        return "v.get_config()"
    if isinstance(kind, ListType) and not kind.prefix:
        if is_scalar(kind.item):
            return "[*v]"
        if isinstance(kind.item, ClassType):
            return "[x.get_config() for x in v]"
    if isinstance(kind, MapType) and is_scalar(kind.value):
        return "{**v}"
    return f"{loads.code.use('config_of')}(v)"
