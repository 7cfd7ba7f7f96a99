"""The one place where names are decided: of classes and attributes.

What a schema calls a thing stays its name in configs, on the command line and in forms; here it
becomes a Python identifier, in the least surprising way.
"""

from __future__ import annotations

import keyword
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any, TypeGuard

from ..graphs import reached
from ..problems import Problem
from ..schema.documents import problem_at
from ..schema.keywords import KEYWORDS, Keyword
from ..schema.nodes import Node
from .shapes import Shapes
from .types import ClassKey, Model, Module, SettingsClass

#: The public names of `brevettiai.settings.Settings`, and what notebooks ask for. Frozen from the
#: first release on.
RESERVED_ATTRIBUTES = frozenset(
    """add_arguments copy extra format_help from_args from_config from_file from_json
    from_namespace from_preset from_settings from_sources get_config get_schema get_settings
    json_schema presets replace schema_digest search_space self to_args to_config to_file to_json
    to_schema to_settings validate _repr_html_""".split()
)
_WORDS = re.compile(r"[^\W_]+")
#: Names that generated modules use for themselves; in functions, what is local too.
GENERATED_NAMES = frozenset(
    """ANNOTATIONS Any CLASSES ClassVar Compiled False Field Findings Half KeyError Literal Machine
    Marks None Notes OTHERS Path Pattern Properties Renames SCHEMA SCHEMA_NAME SECRETS Settings
    TEXTS TYPE_CHECKING True TypeAlias UNSET Unset all_unique annotations at bool builtins c
    class_of cls config_of construct construct_given copy_json copy_list copy_value d dict
    enumerate explanations extra fits flags float found frozenset give grow_object hits holds i int
    is_multiple is_one_of is_text_of items k later len list load_object machine main marks
    matches_format min n new no_marks notes null_class object objects of_text out property range
    rename_first rename_key s seen self set str t t1 t2 t3 tag texts tuple type typing
    unknown_keys v vars w whole whole_number without_others x y z""".split()
)
_NONE = Keyword("")


def identifier(text: str) -> str:
    """`text` as a Python identifier: `learning-rate` → `learning_rate`, `2d` → `_2d`."""
    if text.isascii() and text.isidentifier() and text.strip("_"):
        return text
    name = unicodedata.normalize("NFKC", text)
    if not f"a{name}".isidentifier():
        name = "".join(c if f"a{c}".isidentifier() else "_" for c in name)
    if not name.strip("_"):
        name = "value"
    if not (name[0] == "_" or name[0].isidentifier()):
        name = "_" + name
    return unicodedata.normalize("NFKC", name)


def attribute_name(key: str) -> str:
    """The attribute for the property `key`, not yet told apart from its neighbours."""
    # Python has uses of its own for what begins with two underscores.
    name = identifier(key)
    name = "_" + name.lstrip("_") if name.startswith("__") else name
    return name + "_" if keyword.iskeyword(name) or name in RESERVED_ATTRIBUTES else name


def class_name(text: str) -> str:
    """`data_augmentation` → `DataAugmentation`; capitals inside words stay."""
    words: list[str] = _WORDS.findall(unicodedata.normalize("NFKC", text))
    name = "".join(word[0].upper() + word[1:] for word in words)
    name = identifier(name) if name else "Value"
    name = name.lstrip("_") if name.lstrip("_")[:1].isidentifier() else name
    return name + "_" if keyword.iskeyword(name) else name


@lru_cache(maxsize=10_000)  # the names of properties come again and again
def snake_name(text: str) -> str:
    """`DataAugmentation` → `data_augmentation`, for the names of functions."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", identifier(text))
    return re.sub(r"_+", "_", spaced).strip("_").lower() or "value"


def natural_order(text: str) -> tuple[object, str]:
    """A sort key that takes digits for numbers and mostly ignores case, as isort has it."""
    return _numbered(text.lower()), text


def _numbered(text: str) -> list[str]:
    """The parts of `text`, with numbers so long that they are in order as texts are."""
    return [part.zfill(40) if part.isdigit() else part for part in re.split("([0-9]+)", text)]


def isort_key(name: str) -> tuple[bool, bool, object]:
    """The order of names in imports and `__all__`: constants, classes, all others."""
    bare = name.partition(" ")[0]
    # ruff counts bytes: of single letters, those beyond ASCII are constants.
    is_constant = len(bare.encode()) > 1 and bare.isupper()
    return not is_constant, not bare[0].isupper(), natural_order(bare)


def export_key(name: str) -> tuple[bool, bool, object]:
    """The order of names in `__all__`: as in imports, but capitals come before small letters."""
    constant, small, _ = isort_key(name)
    return constant, small, _numbered(name)


class TakenNames:
    """The names of one module, each given once."""

    def __init__(self, reserved: Iterable[str] = ()) -> None:
        self._taken = set(reserved)
        #: The last number tried for a name, so that a thousand of one name cost a thousand steps.
        self._numbers: dict[tuple[str, str], int] = {}

    def claim(self, name: str, joint: str = "_") -> str:
        """`name`, or with the first free number behind it."""
        unique = name
        if name in self._taken:
            number = self._numbers.get((name, joint), 1)
            while unique in self._taken:
                number += 1
                unique = f"{name}{joint}{number}"
            self._numbers[name, joint] = number
        self._taken.add(unique)
        return unique

    def is_free(self, name: str) -> bool:
        return name not in self._taken


def _is_class_name(wish: object) -> TypeGuard[str]:
    if not isinstance(wish, str) or unicodedata.normalize("NFKC", wish) != wish:
        return False
    return wish.isidentifier() and not (keyword.iskeyword(wish) or wish[0] == "_")


def named(model: Model) -> tuple[Model, list[Problem]]:
    """The model with names of classes and attributes, and what is to be said about them."""
    problems: list[Problem] = []
    modules = tuple(_with_class_names(each, model.shapes, problems) for each in model.modules)
    return Model(model.shapes, modules).changed(_with_attributes), problems


def _with_class_names(module: Module, shapes: Shapes, problems: list[Problem]) -> Module:
    """`module` with its classes named and in order: the root, `$defs`, document order.

    Wishes that cannot be met (`x-python-name`) are added to `problems`.
    """
    order = {node: index for index, node in enumerate(shapes.index.nodes(module.root.document))}

    def rank(cls: SettingsClass) -> tuple[bool, bool, int, str]:
        node, is_definition = cls.shape[-1], len(cls.shape) == 1 and cls.node.is_definition
        position = order.get(node, len(order))
        return (not cls.is_root, not is_definition, position, str(node.pointer))

    classes = sorted(module.classes, key=rank)
    taken = TakenNames(GENERATED_NAMES)
    names: dict[ClassKey, str] = {}
    for cls in classes:
        wish = cls.shape[-1].get("x-python-name") if len(cls.shape) == 1 else None
        if _is_class_name(wish) and taken.is_free(wish):
            names[cls.key] = taken.claim(wish)
        elif wish is not None:
            fault = "is taken already" if _is_class_name(wish) else "is no name for a class"
            text = f"x-python-name {wish!r} {fault}"
            hint = "a name such as Augmentation, which no other class of the module has"
            problems.append(problem_at(cls.node, "class-name", text, hint, at=("x-python-name",)))
    root_name = class_name(module.path[-1])
    if not any(cls.is_root and cls.key in names for cls in classes):
        root_name = taken.claim(root_name)
    for cls in classes:
        if cls.is_root:
            names.setdefault(cls.key, root_name)
        elif cls.key not in names:
            names[cls.key] = taken.claim(_hint(cls.shape[-1], module, root_name, shapes), "")
    named_ones = tuple(replace(cls, name=names[cls.key]) for cls in classes)
    return replace(module, classes=named_ones, root_name=root_name)


def _with_attributes(cls: SettingsClass) -> SettingsClass:
    """`cls` with its attributes named.

    A property that is called as an attribute keeps its name, whatever comes before it.
    """
    taken = TakenNames(RESERVED_ATTRIBUTES)
    kept = {prop.key for prop in cls.properties if attribute_name(prop.key) == prop.key}
    names = {key: taken.claim(key) for key in kept}
    for prop in cls.properties:
        if prop.key not in kept:
            names[prop.key] = taken.claim(attribute_name(prop.key))
    return cls.with_properties(lambda prop: prop._replace(attribute=names[prop.key]))


def _hint(node: Node, module: Module, root_name: str, shapes: Shapes) -> str:
    """The name of a class by its place: after its property, definition, list or union."""
    pointer = node.pointer

    def above(steps: int) -> str:
        return _hint(shapes.index.at(node, pointer[:-steps]), module, root_name, shapes)

    if not pointer:
        if node.document is module.root.document:
            return root_name
        stem = node.resource.uri.rstrip("/").rsplit("/", 1)[-1].rsplit(":", 1)[-1].split(".")[0]
        return class_name(stem or "Value")
    last, before = pointer[-1], pointer[-2] if len(pointer) > 1 else None
    mine, around = KEYWORDS.get(str(last), _NONE), KEYWORDS.get(str(before), _NONE)
    if "map" in around.holds:
        return above(2) + "Value" if before == "patternProperties" else class_name(str(last))
    if "one" in mine.holds and mine.kind == "array":
        return above(1) + "Item"
    if "one" in mine.holds and mine.shapes:
        return above(1) + "Value"
    if "list" in around.holds and around.kind == "array":
        return above(2) + "Item"
    if before in ("anyOf", "oneOf"):
        tag = _tag(node, shapes)
        number = int(last) + 1 if isinstance(last, int) else last
        return above(2) + (class_name(tag) if tag else str(number))
    if before == "allOf":
        return above(2)
    return above(1) if "one" in mine.holds else class_name(str(last))


def _tag(node: Node, shapes: Shapes) -> str:
    """The constant by which a branch of a union is told from the others, if it has one."""
    shape = shapes.normal([node])
    for key in shapes.declared(shape):
        tags = shapes.tags(shape, key)
        if len(tags) == 1 and tags[0]:
            return tags[0]
    return ""


def with_old_names(model: Model, growth: Mapping[ClassKey, tuple[tuple[Any, ...], ...]]) -> Model:
    """The model with the rows by which its classes read such configs.

    Classes that have nothing but old names in their objects rename by themselves.
    """
    if not growth:
        return model
    moves = {key: [row for row in rows if row[0] == "moved"] for key, rows in growth.items()}
    # Where moves lead into them from further out, both belong together.
    deep = (key for key, rows in moves.items() if any(len(row[2]) > 1 for row in rows))
    entered = reached(deep, model.contained)

    def grown(cls: SettingsClass) -> SettingsClass:
        rows, names = growth.get(cls.key, ()), dict[str, str]()
        for _, old, new, scale, _ in moves.get(cls.key, ()):
            if len(old) == len(new) == 1 and scale is None:
                names[old[0]] = new[0]
        olds = {p.key: tuple(o for o in names if names[o] == p.key) for p in cls.properties}
        properties = tuple(prop._replace(old_keys=olds[prop.key]) for prop in cls.properties)
        is_plain = len(names) == len(rows) and cls.key not in entered
        return replace(cls, properties=properties, growth=() if is_plain else rows)

    model = model.changed(grown)
    classes = model.classes.values()
    renaming = {c.key for c in classes if c.growth or any(prop.old_keys for prop in c.properties)}
    renaming = reached(renaming, model.containing)
    return model.changed(lambda cls: replace(cls, renames=cls.key in renaming))
