"""Random schemas that grow: what is said of their stored configs, with real classes as judge."""

from __future__ import annotations

import copy
import json
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import pytest
from brevetti_gen.load import load_package
from brevetti_gen.meaning import Meaning, meaning_of
from brevetti_gen.problems import GenerationError
from brevetti_gen.workbench.tools.diff.containment import Prover
from brevetti_gen.workbench.tools.diff.premises import Premise
from brevetti_gen.workbench.tools.diff.samples import Samples
from brevetti_gen.workbench.tools.diff.sides import Sides
from brevetti_gen.workbench.tools.diff.verdicts import Verdict, verdict_on
from brevettiai.settings import SettingsError

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")
SECTION = "st"


class Pair(NamedTuple):
    old: Any
    new: Any


def random_pair(random: Random) -> Pair:
    """An object with settings and a section, and what some changes make of it."""
    old = _object(random, "abc")
    old["properties"]["s"] = _object(random, "abd")
    if random.random() < 0.3:
        old["properties"]["l"] = {"type": "array", "items": _object(random, "ab"), "maxItems": 2}
    if random.random() < 0.2:
        old["properties"]["a"]["x-renamed-from"] = "before"
    if random.random() < 0.4:  # it has grown before
        for _ in range(random.randint(1, 2)):
            _grow(random, old)
    new = copy.deepcopy(old)
    for _ in range(random.randint(1, 3)):
        _grow(random, new)
    if random.random() < 0.3:
        new["x-version"] = random.randint(1, 3)
        if random.random() < 0.7:
            old["x-version"] = random.randint(1, new["x-version"])
    return Pair(old, new)


def _object(random: Random, names: str) -> dict[str, Any]:
    properties = {name: _leaf(random) for name in names}
    made: dict[str, Any] = {"type": "object", "properties": properties}
    if random.random() < 0.3:
        made["required"] = [random.choice(names)]
    if random.random() < 0.7:
        made["additionalProperties"] = False
    return made


def _leaf(random: Random) -> dict[str, Any]:
    kind = random.random()
    if kind < 0.4:
        return {"type": "integer", "minimum": 0, "maximum": random.choice([5, 10])}
    if kind < 0.7:
        return {"enum": ["x", "y"]}
    return {"type": "string", "maxLength": random.choice([3, 5])}


def _grow(random: Random, new: dict[str, Any]) -> None:
    """Change something, mostly so that old configs are known."""
    place = random.choice([new, new, *(p for p in new["properties"].values() if "properties" in p)])
    items = new["properties"].get("l")
    if items and random.random() < 0.3:
        place = items["items"]
    leaves = [key for key, leaf in place["properties"].items() if "properties" not in leaf]
    leaves = [key for key in leaves if key != "l"]
    if not leaves:
        return
    key = random.choice(leaves)
    leaf, kind = place["properties"][key], random.random()
    if kind < 0.3:
        _rename(random, place, key, random.choice([*"uvw", key + "2"]), key)
    elif kind < 0.5 and "s" in new["properties"] and place is new:
        target = new["properties"]["s"]
        name = random.choice([key, "m"])
        if name not in target["properties"] and "x-renamed-from" not in leaf:
            target["properties"][name] = {**leaf, "x-renamed-from": f".{key}"}
            _drop(place, key)
    elif kind < 0.6:
        _drop(place, key)
        place.setdefault("x-removed", []).append(key)
    elif kind < 0.7 and "enum" in leaf:
        leaf["enum"] = ["z", "y"]
        leaf["x-renamed-values"] = {"x": random.choice(["z", "y"])}
    elif kind < 0.8 and "maximum" in leaf and "x-renamed-from" not in leaf:
        more = {"type": "number", "maximum": random.choice([leaf["maximum"] / 10, 1])}
        place["properties"][f"{key}_s"] = {
            **leaf,
            **more,
            "x-renamed-from": {"name": key, "scale": 0.1},
        }
        _drop(place, key)
    elif kind < 0.9:
        leaf.update({"maximum": 7} if "maximum" in leaf else {})
    elif kind < 0.95:
        place["required"] = sorted({*place.get("required", []), key})
    else:
        _drop(place, key)


def _rename(random: Random, place: dict[str, Any], key: str, name: str, old: str) -> None:
    if name in place["properties"]:
        return
    leaf = place["properties"][key]
    known = leaf.get("x-renamed-from", [])
    if isinstance(known, dict):
        return
    known = [known] if isinstance(known, str) else known
    place["properties"][name] = {**leaf, "x-renamed-from": [old, *known]}
    del place["properties"][key]
    _rerequire(place, key, name if random.random() < 0.8 else None)


def _drop(place: dict[str, Any], key: str) -> None:
    del place["properties"][key]
    _rerequire(place, key, None)


def _rerequire(place: dict[str, Any], key: str, name: str | None) -> None:
    required = [each for each in place.get("required", []) if each != key]
    required += [name] if name and len(required) < len(place.get("required", [])) else []
    place.pop("required", None)
    if required:
        place["required"] = required


def judged(numbers: range, folder: Path) -> Iterator[tuple[int, Verdict, list[Any], Any, Any]]:
    """Pairs, what is said of them, configs to try, and their classes."""
    pairs = {number: random_pair(Random(number)) for number in numbers}
    for side in ("old", "new"):
        (folder / side).mkdir(parents=True)
        for number, pair in pairs.items():
            text = json.dumps(getattr(pair, side))
            (folder / side / f"p{number}.json").write_text(text, encoding="utf-8")
    _meaning(folder, "new")
    meanings = [_meaning(folder, side) for side in ("old", "new")]
    classes = [
        {one.source.module: one.cls for one in load_package([folder / side]).classes}
        for side in ("old", "new")
    ]
    sides = Sides(*meanings)
    news = {module.path: module for module in meanings[1].model.modules}
    for was in meanings[0].model.modules:
        verdict = verdict_on(sides, was, news[was.path])
        samples = Samples(Prover(sides))
        configs = list(islice(samples.all(Premise(sides, [was.root])), 60))
        configs += [_mixed(random, configs) for random in map(Random, range(40))]
        yield (
            int(was.path[0][1:]),
            verdict or Verdict("unknown"),
            configs,
            *(each[was.path] for each in classes),
        )


def _meaning(folder: Path, side: str) -> Meaning:
    """What the schemas mean of which both versions are some."""
    try:
        return meaning_of([folder / side])
    except GenerationError as error:
        for problem in error.problems:
            for each in ("old", "new"):
                (folder / each / Path(problem.path or "").name).unlink(missing_ok=True)
        return _meaning(folder, side)


def _mixed(random: Random, configs: list[Any]) -> Any:
    """Parts of several configs, with other values and names here and there."""
    objects = [config for config in configs if isinstance(config, dict)]
    made = {}
    for config in random.choices(objects, k=3):
        made |= {k: v for k, v in copy.deepcopy(config).items() if random.random() < 0.8}
    for part in [made, *(v for v in made.values() if isinstance(v, dict))]:
        for key in list(part):
            if random.random() < 0.3 and not isinstance(part[key], (dict, list)):
                part[key] = random.choice([0, 3, 10, "x", "y", "abc"])
    if random.random() < 0.2:
        made["before"] = made.pop("a", 1)
    if random.random() < 0.3:
        made[random.choice(["a2", "b2", *"uvw"])] = random.choice([3, "x"])
    return made


def check(numbers: range, folder: Path, logged: pytest.LogCaptureFixture) -> Counter[str]:
    answers: Counter[str] = Counter()
    for number, verdict, configs, old, new in judged(numbers, folder):
        answers[verdict.answer] += 1
        for config in [config for config in configs if isinstance(config, dict)]:
            logged.clear()
            if verdict.answer in ("refused", "unknown") or not _loads(old, config):
                continue
            if verdict.answer == "loads" or "Invalid config keys" not in logged.text:
                assert _loads(new, config), (number, config)
        for example in (*verdict.examples, *verdict.extras):
            assert _loads(old, example.config), (number, example.config)
            assert not _loads(new, example.config), (number, example.config)
    return answers


def _loads(cls: Any, config: Any) -> bool:
    try:
        cls.from_config(copy.deepcopy(config))
    except SettingsError:
        return False
    return True


def test_growing_schemas(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    answers = check(range(15), tmp_path, caplog)
    assert answers["loads"] > 3
    assert answers["refused"] > 1
    assert answers["unknown"] < 5


@pytest.mark.slow
def test_many_growing_schemas(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    answers = check(range(1_000, 1_080), tmp_path, caplog)
    assert answers["unknown"] < 20
