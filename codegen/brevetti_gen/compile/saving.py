"""Save simple classes: from a settings object back to its config."""

from __future__ import annotations

from ..model.types import ClassType, ListType, MapType, SettingsClass, Type, UnionType, types_in
from .attributes import is_scalar
from .block import Block
from .literals import literal
from .loading import LoadWriter

#: Of so many classes each is asked for before the general way is taken.
_MOST_TRIED = 8


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
        suite = block
        if not prop.required:
            absent = code.use("UNSET") if prop.nullable else "None"
            block.under(f"if v is {absent}:").add(f"del {place}")
            if saved == "v":
                continue
            suite = block.under("else:")
        suite.add(f"{place} = {saved}")
    if not cls.closed:
        block.under("if s.__extra__:").add(f"c.update({code.use('config_of')}(s.__extra__))")
    block.add("return c")
    return [f"def save_{code.stem(cls)}(s: Any) -> dict[str, Any]:", *block.lines]


def _saved(loads: LoadWriter, kind: Type) -> str:
    """An expression for the config of `v`, which an attribute holds."""
    if is_scalar(kind):
        return "v"
    config_of = loads.code.use("config_of")
    if isinstance(kind, ListType) and not kind.prefix:
        if is_scalar(kind.item):
            return "[*v]"
        if isinstance(kind.item, ClassType):
            return f"[{_saved_object(loads, kind.item, 'x', 'x.get_config()')} for x in v]"
        if item := _saved_object(loads, kind.item, "x"):
            return f"[{item} for x in v] if type(v) is list else {config_of}(v)"
    if isinstance(kind, MapType):
        if is_scalar(kind.value):
            return "{**v}"
        if item := _saved_object(loads, kind.value, "x"):
            items = f"{{k: {item} for k, x in v.items()}}"
            return f"{items} if type(v) is dict else {config_of}(v)"
    other = "v.get_config()" if isinstance(kind, ClassType) else f"{config_of}(v)"
    return _saved_object(loads, kind, "v", other) or other


def _saved_object(loads: LoadWriter, kind: Type, name: str, other: str = "") -> str:
    """An expression for the config of what can be of a few classes; "" if it cannot."""
    alternatives = types_in(kind) if isinstance(kind, UnionType) else [kind]
    classes = [each for each in alternatives if isinstance(each, ClassType)]
    if not 0 < len(classes) <= _MOST_TRIED:
        return ""
    names = [loads.code.class_name(loads.code.of(each)) for each in classes]
    # A class of the user's own may have another `get_config`.
    test = f"is {names[0]}" if len(names) == 1 else f"in ({', '.join(names)})"
    other = other or f"{loads.code.use('config_of')}({name})"
    return f"{name}.__save__() if type({name}) {test} else {other}"
