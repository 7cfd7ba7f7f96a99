"""Load, save and construct settings objects, beside the libraries of classes.

Each library has the same classes, written by hand as its documentation has it (`classes.py`), and
what it builds once (adapters, decoders, converters) is built before. What they do differs:
`attrs`, `mashumaro` and `dataclasses-json` judge no types where they load, msgspec nothing in
its constructors; ours and pydantic alone keep keys that no class names.
"""

from __future__ import annotations

import importlib
import importlib.util
import json
import logging
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

import classes
import trees
from measuring import (
    MISSING,
    Case,
    Work,
    called,
    counted,
    effort,
    generated,
    in_turns,
    namespace,
    offered,
    too_slow,
)

BUDGETS = {"from_config": 1.5, "get_config": 3.2, "constructor": 2.5}
#: With a union inside itself its decoder is built anew for each object; another way must be best.
NOT_TRIED = {("Formula", "mashumaro"): "not tried", ("Nested", "msgspec"): "needs tags"}
Calls = dict[str, dict[str, Callable[[], Any]]]
#: The module of each library, where it has not the name of it.
MODULES = {
    "brevetti": "brevettiai",
    "attrs with cattrs": "cattrs",
    "dataclasses-json": "dataclasses_json",
}


class Codec(NamedTuple):
    """How a class loads and saves: of a config, and of JSON text."""

    load: Callable[[Any], Any]
    save: Callable[[Any], Any]
    read: Callable[[Any], Any]
    write: Callable[[Any], Any]


def _ours(cls: Any) -> Codec:
    return Codec(cls.from_config, cls.get_config, cls.from_json, cls.to_json)


def _pydantic(cls: Any) -> Codec:
    return Codec(cls.model_validate, cls.model_dump, cls.model_validate_json, cls.model_dump_json)


def _msgspec(cls: Any) -> Codec:
    import msgspec

    decode, encode = msgspec.json.Decoder(cls).decode, msgspec.json.Encoder().encode
    return Codec(lambda config: msgspec.convert(config, cls), msgspec.to_builtins, decode, encode)


def _cattrs(cls: Any) -> Codec:
    import attrs
    from cattrs import Converter
    from cattrs.preconf.orjson import make_converter

    for each in vars(sys.modules[cls.__module__]).values():
        if attrs.has(each):  # what names classes that come later
            attrs.resolve_types(each)
    plain, text = Converter(), make_converter()
    for converter in (plain, text):  # it asks to be told how these two are told apart
        converter.register_structure_hook(int | str, lambda value, _: value)
    return Codec(
        lambda config: plain.structure(config, cls),
        plain.unstructure,
        lambda given: text.loads(given, cls),
        text.dumps,
    )


def _mashumaro(cls: Any) -> Codec:
    from mashumaro.codecs import BasicDecoder, BasicEncoder
    from mashumaro.codecs.orjson import ORJSONDecoder, ORJSONEncoder

    return Codec(
        BasicDecoder(cls).decode,
        BasicEncoder(cls).encode,
        ORJSONDecoder(cls).decode,
        ORJSONEncoder(cls).encode,
    )


def _dataclasses_json(cls: Any) -> Codec:
    return Codec(cls.from_dict, cls.to_dict, cls.from_json, cls.to_json)


CODECS: dict[str, Callable[[Any], Codec]] = {
    "pydantic": _pydantic,
    "msgspec": _msgspec,
    "attrs with cattrs": _cattrs,
    "mashumaro": _mashumaro,
    "dataclasses-json": _dataclasses_json,
}


class Tree(NamedTuple):
    """Settings, and their classes by hand."""

    root: str
    schema: dict[str, Any]
    classes: str
    keeps_unknown: bool = False


TREE = Tree("Tree", trees.SCHEMA, trees.CLASSES)
KEEPING = Tree("Tree", trees.SCHEMA, trees.CLASSES, keeps_unknown=True)
MIXED = Tree("Mixed", trees.MIXED_SCHEMA, trees.MIXED_CLASSES, keeps_unknown=True)
PIPELINE = Tree("Pipeline", trees.PIPELINE_SCHEMA, trees.PIPELINE_CLASSES)
FORMULA = Tree("Formula", trees.FORMULA_SCHEMA, trees.FORMULA_CLASSES)
RECORDS = Tree("Records", trees.RECORDS_SCHEMA, trees.RECORDS_CLASSES)
NESTED = Tree("Nested", trees.NESTED_SCHEMA, trees.NESTED_CLASSES)
TREES = (TREE, MIXED, PIPELINE, FORMULA, NESTED, RECORDS)
UNKNOWN = {**trees.CONFIG, "epoch": 3, "note": {"by": "hand"}}


class Given(NamedTuple):
    """What is loaded and saved, and its place on an axis of records."""

    name: str
    tree: Tree
    config: dict[str, Any]
    size: float | None = None


def _growing(quick: bool) -> list[Given]:
    sizes = (1, 10) if quick else (1, 10, 100, 1000, 10_000)
    return [
        Given("22 fields", TREE, trees.CONFIG),
        *(Given(counted(n, "record"), RECORDS, trees.records_config(n), n) for n in sizes),
    ]


def _all(quick: bool) -> list[Given]:
    depths = (4,) if quick else (4, 16, 64)
    tree, *records = _growing(quick)
    return [
        tree,
        Given("2 unknown keys", KEEPING, UNKNOWN),
        Given("unions, maps", MIXED, trees.MIXED_CONFIG),
        Given("20 tagged", PIPELINE, trees.PIPELINE_CONFIG),
        *(Given(f"tagged, {n} deep", FORMULA, trees.formula_config(n)) for n in depths),
        *records,
    ]


def _nested(quick: bool) -> list[Given]:
    depths = (2, 4) if quick else (2, 4, 8, 16, 32)
    return [Given(f"{n} deep", NESTED, trees.nested_config(n), n) for n in depths]


def _agrees(found: Any, config: Any) -> bool:
    """Whether what came back is what was given, but for keys that no class names."""
    if isinstance(found, dict):
        return all(key in config and _agrees(value, config[key]) for key, value in found.items())
    if isinstance(found, list | tuple):
        return len(found) == len(config) and all(map(_agrees, found, config))
    return bool(found == config)


def _load(codec: Codec, config: Any) -> Callable[[], Any]:
    return partial(codec.load, config)


def _save(codec: Codec, config: Any) -> Callable[[], Any]:
    return partial(codec.save, codec.load(config))


def _read(codec: Codec, config: Any) -> Callable[[], Any]:
    return partial(codec.read, json.dumps(config))


def _write(codec: Codec, config: Any) -> Callable[[], Any]:
    return partial(codec.write, codec.load(config))


def _is_wrong(codec: Codec, given: Given) -> str:
    """What is wrong with what comes back, if anything."""
    if (given.size or 0) > 10:
        return ""  # as with fewer
    for load, save, config in (
        (codec.load, codec.save, given.config),
        (codec.read, codec.write, json.dumps(given.config)),
    ):
        found = save(load(config))
        found = found if isinstance(config, dict) else json.loads(found)
        if not _agrees(found, given.config):
            return "another value"
        if given.config is UNKNOWN and found != given.config:
            return "loses them"
    return ""


def _work(
    make: Callable[[Codec, Any], Callable[[], Any]],
    codec: Callable[[], Codec] | str,
    given: Given,
    name: str,
) -> Work | str:
    """A work that was seen to be done right; why there is none."""
    if isinstance(codec, str):
        return codec
    if why := NOT_TRIED.get((given.tree.root, name)):
        return why

    def ready() -> Work | str:
        made = codec()
        return _is_wrong(made, given) or called(make(made, given.config))

    return offered(MODULES.get(name, name), ready)


def cases(
    make: Callable[[Codec, Any], Callable[[], Any]], quick: bool, given: list[Given]
) -> list[Case]:
    """What a work takes of each library."""
    found: list[Case] = []
    with tempfile.TemporaryDirectory() as top:
        package = _package(Path(top))
        for each in given:
            works: dict[str, Work | str] = {
                name: too_slow(found, name, 0.05) or _work(make, codec, each, name)
                for name, codec in _codecs(each.tree, package).items()
            }
            found.append(Case(each.name, in_turns(works, *effort(quick)), each.size))
    return found


def load(quick: bool) -> list[Case]:
    return cases(_load, quick, _all(quick))


def save(quick: bool) -> list[Case]:
    return cases(_save, quick, _all(quick))


def read(quick: bool) -> list[Case]:
    return cases(_read, quick, _growing(quick))


def write(quick: bool) -> list[Case]:
    return cases(_write, quick, _growing(quick))


def load_nested(quick: bool) -> list[Case]:
    return cases(_load, quick, _nested(quick))


def save_nested(quick: bool) -> list[Case]:
    return cases(_save, quick, _nested(quick))


def construct(quick: bool) -> list[Case]:
    """Calling the constructors with all that a config gives."""
    made: list[tuple[str, Tree, Callable[[dict[str, Any]], Callable[[], Any]], float | None]] = [
        ("22 fields", TREE, _constructor, None),
        ("unions, maps", MIXED, _mixed_constructor, None),
    ]
    for size in (1, 10) if quick else (1, 10, 100, 1000):
        made.append((counted(size, "record"), RECORDS, partial(_records_constructor, size), size))
    found: list[Case] = []
    with tempfile.TemporaryDirectory() as top:
        package = _package(Path(top))
        for name, tree, constructor, size in made:
            works: dict[str, Work | str] = {"brevetti": called(constructor(package(tree)))}
            for library in CODECS:
                works[library] = offered(
                    MODULES.get(library, library),
                    lambda library=library, tree=tree, constructor=constructor: called(
                        constructor(_by_hand(library, tree))
                    ),
                )
            found.append(Case(name, in_turns(works, *effort(quick)), size))
    return found


def _package(top: Path) -> Callable[[Tree], dict[str, Any]]:
    """The names in the module of each tree; all are generated."""
    logging.getLogger("brevettiai").addHandler(logging.NullHandler())
    logging.getLogger("brevettiai").propagate = False
    name = f"object_settings_{len(sys.modules)}"
    generated({tree.root.lower(): tree.schema for tree in TREES}, top, name)
    return lambda tree: vars(importlib.import_module(f"{name}.{tree.root.lower()}"))


def _by_hand(library: str, tree: Tree) -> dict[str, Any]:
    text = classes.OF_OBJECTS[library](tree.classes)
    if library == "pydantic" and tree.keeps_unknown:  # which it alone can
        text += "    model_config = {'extra': 'allow'}\n"
    return namespace(text)


def _codecs(
    tree: Tree, package: Callable[[Tree], dict[str, Any]]
) -> dict[str, Callable[[], Codec] | str]:
    found: dict[str, Callable[[], Codec] | str] = {
        "brevetti": lambda: _ours(package(tree)[tree.root])
    }
    for name, codec in CODECS.items():
        is_there = importlib.util.find_spec(MODULES.get(name, name))
        found[name] = (
            (lambda name=name, codec=codec: codec(_by_hand(name, tree)[tree.root]))
            if is_there
            else MISSING
        )
    return found


def tree_calls(module: ModuleType) -> Calls:
    """What ours and pydantic do on the tree of 22 fields, by work and name: for the gate."""
    names = {"brevetti": vars(module), "pydantic": _by_hand("pydantic", TREE)}
    made = {"brevetti": _ours(module.Tree), "pydantic": _pydantic(names["pydantic"]["Tree"])}
    return {
        "from_config": {name: _load(codec, trees.CONFIG) for name, codec in made.items()},
        "get_config": {name: _save(codec, trees.CONFIG) for name, codec in made.items()},
        "constructor": {name: _constructor(each) for name, each in names.items()},
    }


def _constructor(names: dict[str, Any]) -> Callable[[], Any]:
    tree, augmentation, optimizer = (names[n] for n in ("Tree", "Augmentation", "Optimizer"))

    def construct() -> Any:
        return tree(
            epochs=5,
            batch_size=16,
            lr=0.01,
            name="x",
            seed=1,
            loss="mae",
            amp=False,
            classes=["q"],
            workers=2,
            augmentation=augmentation(
                angle=5.0, flip_h=True, flip_v=True, scale=2.0, shear=0.1, mode="nearest"
            ),
            optimizer=optimizer(name="sgd", beta1=0.8, beta2=0.9, eps=1e-7, decay=0.1),
        )

    return construct


def _mixed_constructor(names: dict[str, Any]) -> Callable[[], Any]:
    mixed, sgd, stopping, dataset, stage = (
        names[name] for name in ("Mixed", "Sgd", "Stopping", "Dataset", "Stage")
    )
    # msgspec keeps the tag in the type.
    tag = {} if hasattr(sgd, "__struct_fields__") else {"kind": "sgd"}
    return lambda: mixed(
        title="mixed",
        optimizer=sgd(**tag, lr=0.5, momentum=0.8),
        stopping=stopping(patience=3, delta=0.5),
        weights={"scratch": 2.0, "dent": 0.5},
        datasets={"first": dataset(path="a", tags=["x", "y"]), "second": dataset(path="b")},
        stages=[stage(name="warm"), stage(name="main", epochs=20)],
        size=512,
    )


def _records_constructor(size: int, names: dict[str, Any]) -> Callable[[], Any]:
    records, record, source = (names[name] for name in ("Records", "Record", "Source"))
    box, tags = [10.5, 20.0, 30.25, 40.0], ["left", "upper"]
    return lambda: records(
        records=[
            record(
                id="part-17",
                score=0.875,
                count=12,
                label="good",
                box=box,
                tags=tags,
                source=source(file="images/0001.png", page=3),
            )
            for _ in range(size)
        ]
    )
