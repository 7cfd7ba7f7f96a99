"""Loading, saving and constructing settings objects beside pydantic v2 and msgspec.

    python tests/benchmarks/bench_objects.py [--seconds 1]

Four cases: the tree of 22 fields in 3 classes; the same with keys that no schema names; a tree of
unions, maps, lists of objects and keys by a pattern; and a list of tagged alternatives. msgspec is
compiled C, keeps no unknown keys and checks nothing in its constructors; it stands here for scale,
without a budget.
"""

from __future__ import annotations

import argparse
import importlib
import logging
import tempfile
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import trees
from measuring import generated, heading, installed, least_calls, namespace, row, verdict

BUDGETS = {"from_config": 1.5, "get_config": 3.2, "constructor": 2.5}
Calls = dict[str, dict[str, Callable[[], Any]]]

STEPS: dict[str, dict[str, Any]] = {
    "Crop": {"width": "integer", "height": "integer"},
    "Rotate": {"angle": "number", "fill": "string"},
    "Blur": {"sigma": "number", "rounds": "integer"},
    "Flip": {"horizontal": "boolean", "vertical": "boolean"},
}
UNION_SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "steps": {
            "type": "array",
            "items": {"oneOf": [{"$ref": f"#/$defs/{name}"} for name in STEPS]},
        }
    },
    "$defs": {
        name: {
            "type": "object",
            "properties": {
                "kind": {"const": name.lower()},
                **{field: {"type": kind} for field, kind in fields.items()},
            },
            "required": ["kind", *fields],
        }
        for name, fields in STEPS.items()
    },
}
_HINTS = {"integer": "int", "number": "float", "string": "str", "boolean": "bool"}
_VALUES = {"integer": 3, "number": 0.5, "string": "black", "boolean": True}
UNION_CONFIG: dict[str, Any] = {
    "steps": [
        {"kind": name.lower(), **{field: _VALUES[kind] for field, kind in fields.items()}}
        for name, fields in STEPS.items()
        for _ in range(5)
    ]
}


def _union_classes(base: str, head: str, *, tags: bool) -> str:
    text = head + "from typing import List, Literal, Union\n"
    for name, fields in STEPS.items():
        tag = f", tag_field='kind', tag='{name.lower()}'" if tags else ""
        text += f"class {name}({base}{tag}):\n"
        text += "" if tags else f"    kind: Literal['{name.lower()}']\n"
        text += "".join(f"    {field}: {_HINTS[kind]}\n" for field, kind in fields.items())
    union = f"Union[{', '.join(STEPS)}]"
    if not tags:
        union = f"Annotated[{union}, Field(discriminator='kind')]"
    return text + f"class Pipeline({base}):\n    steps: List[{union}]\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=1.0, help="time of each competitor")
    seconds: float = parser.parse_args().seconds
    logging.getLogger("brevettiai").addHandler(logging.NullHandler())
    logging.getLogger("brevettiai").propagate = False
    peers = [peer for peer in map(installed, ("pydantic", "msgspec")) if peer is not None]
    with tempfile.TemporaryDirectory() as top:
        schemas = {"tree": trees.SCHEMA, "mixed": trees.MIXED_SCHEMA, "pipeline": UNION_SCHEMA}
        generated(schemas, Path(top), "object_settings")
        tree = importlib.import_module("object_settings.tree")
        mixed = importlib.import_module("object_settings.mixed")
        pipeline = importlib.import_module("object_settings.pipeline")
        _show("tree, 22 fields in 3 classes", tree_calls(tree, peers), seconds, BUDGETS)
        _show("tree, two unknown keys", _unknown_calls(tree, peers), seconds, {})
        _show("unions, maps, lists of objects", _mixed_calls(mixed, peers), seconds, {})
        _show("20 tagged alternatives", _union_calls(pipeline, peers), seconds, {})


def _show(title: str, calls: Calls, seconds: float, budgets: dict[str, float]) -> None:
    heading(title, "per object", "times ours", "budget")
    for work, competitors in calls.items():
        times = least_calls(competitors, seconds)
        for name, time in times.items():
            ratio = time / times["brevetti"]
            budget = verdict(ratio, budgets[work]) if name == "pydantic" and work in budgets else ""
            row(f"{work}, {name}", f"{time * 1e6:.2f} us", f"{ratio:.2f}x", budget)


def tree_calls(module: ModuleType, peers: list[ModuleType]) -> Calls:
    """What each competitor does on the tree of 22 fields, by work and name."""
    calls: Calls = {}
    _add(calls, "brevetti", module.Tree.from_config, trees.CONFIG, lambda made: made.get_config)
    calls["constructor"] = {"brevetti": _constructor(vars(module))}
    for peer in peers:
        text = trees.pydantic_classes() if peer.__name__ == "pydantic" else trees.msgspec_classes()
        names = namespace(text)
        _add_peer(calls, peer, names["Tree"], trees.CONFIG)
        calls["constructor"][peer.__name__] = _constructor(names)
    return calls


def _unknown_calls(module: ModuleType, peers: list[ModuleType]) -> Calls:
    config = {**trees.CONFIG, "epoch": 3, "note": {"by": "hand"}}
    calls: Calls = {}
    _add(calls, "brevetti", module.Tree.from_config, config, lambda made: made.get_config)
    for peer in peers:
        if peer.__name__ == "pydantic":  # the only peer that can keep what it does not know
            names = namespace(trees.pydantic_classes() + "    model_config = {'extra': 'allow'}\n")
            _add_peer(calls, peer, names["Tree"], config)
    return calls


def _mixed_calls(module: ModuleType, peers: list[ModuleType]) -> Calls:
    calls: Calls = {}
    config = trees.MIXED_CONFIG
    _add(calls, "brevetti", module.Mixed.from_config, config, lambda made: made.get_config)
    calls["constructor"] = {"brevetti": _mixed_constructor(vars(module))}
    for peer in peers:
        if peer.__name__ == "pydantic":  # the only peer that can keep what it does not know
            names = namespace(trees.mixed_pydantic_classes())
            _add_peer(calls, peer, names["Mixed"], config)
            calls["constructor"]["pydantic"] = _mixed_constructor(names)
    return calls


def _mixed_constructor(names: dict[str, Any]) -> Callable[[], Any]:
    mixed, sgd, stopping, dataset, stage = (
        names[name] for name in ("Mixed", "Sgd", "Stopping", "Dataset", "Stage")
    )
    return lambda: mixed(
        title="mixed",
        optimizer=sgd(kind="sgd", lr=0.5, momentum=0.8),
        stopping=stopping(patience=3, delta=0.5),
        weights={"scratch": 2.0, "dent": 0.5},
        datasets={"first": dataset(path="a", tags=["x", "y"]), "second": dataset(path="b")},
        stages=[stage(name="warm"), stage(name="main", epochs=20)],
        size=512,
    )


def _union_calls(module: ModuleType, peers: list[ModuleType]) -> Calls:
    calls: Calls = {}
    _add(calls, "brevetti", module.Pipeline.from_config, UNION_CONFIG, lambda m: m.get_config)
    for peer in peers:
        if peer.__name__ == "pydantic":
            head = "from pydantic import BaseModel, Field\nfrom typing import Annotated\n"
            names = namespace(_union_classes("BaseModel", head, tags=False))
        else:
            names = namespace(_union_classes("Struct", "from msgspec import Struct\n", tags=True))
        _add_peer(calls, peer, names["Pipeline"], UNION_CONFIG)
    return calls


def _add_peer(calls: Calls, peer: ModuleType, cls: Any, config: dict[str, Any]) -> None:
    if peer.__name__ == "pydantic":
        _add(calls, "pydantic", cls.model_validate, config, lambda made: made.model_dump)
    else:
        _add(
            calls,
            "msgspec",
            lambda value: peer.convert(value, cls),
            config,
            lambda made: lambda: peer.to_builtins(made),
        )


def _add(
    calls: Calls,
    name: str,
    load: Callable[[Any], Any],
    config: dict[str, Any],
    saver: Callable[[Any], Callable[[], Any]],
) -> None:
    """Loading and saving `config`, which must come back as it was."""
    save = saver(load(config))
    assert save() == config, name
    calls.setdefault("from_config", {})[name] = lambda: load(config)
    calls.setdefault("get_config", {})[name] = save


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


if __name__ == "__main__":
    main()
