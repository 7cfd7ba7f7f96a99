"""That stored configs still load is never said where one does not: random schemas and configs."""

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
from oracle import Oracle
from random_schemas import DRAFTS, SchemaMaker, recursive_schema, value

LATEST = "https://json-schema.org/draft/2020-12/schema"
#: What a change of a schema must leave alone, so that references still lead somewhere.
_FIXED = set("$schema $id $ref $dynamicAnchor $recursiveAnchor definitions $defs".split())
_NAMES = set("PQMNO")


def random_pair(random: Random) -> tuple[Any, Any]:
    """A schema, and one that a few changes make of it."""
    maker = SchemaMaker(random, random.choice([*DRAFTS]))
    old = maker.document()
    if random.random() < 0.15:
        old = {"$schema": LATEST, **recursive_schema(random)}
        maker = SchemaMaker(random, LATEST)
    if random.random() < 0.5:
        old.setdefault("type", "object")
    new = copy.deepcopy(old)
    for _ in range(random.randint(1, 3)):
        places = list(_objects(new))  # of which the first ones matter most
        _change(random, maker, places[int(random.random() ** 2 * len(places))])
    if random.random() < 0.1:
        new["$schema"] = random.choice([*DRAFTS])
    return old, new


def _objects(schema: Any) -> Any:
    if isinstance(schema, dict):
        yield schema
    parts = schema.items() if isinstance(schema, dict) else enumerate(schema)
    for key, part in parts:
        if isinstance(part, (dict, list)) and key not in ("enum", "const", "required"):
            yield from _objects(part)


def _change(random: Random, maker: SchemaMaker, place: dict[str, Any]) -> None:
    keys = [key for key in place if key not in _FIXED | _NAMES]
    kind = random.random()
    if kind < 0.25 and keys:
        del place[random.choice(keys)]
    elif kind < 0.7:
        more = maker.schema(1)
        place.update({} if isinstance(more, bool) else {**more, **place})
    elif keys:
        key = random.choice(keys)
        given = place[key]
        if isinstance(given, bool):
            place[key] = not given
        elif isinstance(given, (int, float)):
            place[key] = abs(given + random.choice([1, 1, -1])) or 1
        elif isinstance(given, list) and len(given) > 1:
            given.pop(random.randrange(len(given)))


class Pair(NamedTuple):
    """Two versions of a schema, what is said of them, and values to try it with."""

    number: int
    old: Any
    new: Any
    verdict: Verdict
    values: list[Any]


def pairs(numbers: range, values_each: int, folder: Path) -> Iterator[Pair]:
    """Random pairs of schemas that can be compiled."""
    for number in numbers:
        random = Random(number)
        old, new = random_pair(random)
        try:
            meanings = [_meaning(schema, folder) for schema in (old, new)]
        except GenerationError:
            continue
        sides = Sides(*meanings)
        modules = [each.model.modules[0] for each in meanings]
        verdict = verdict_on(sides, *modules)
        assert verdict is not None
        values = [value(random, random.randint(1, 3)) for _ in range(values_each)]
        near = Samples(Prover(sides)).all(Premise(sides, [modules[0].root]))
        values += islice(near, values_each)
        yield Pair(number, old, new, verdict, values)


def _meaning(schema: Any, folder: Path) -> Meaning:
    path = folder / "one.json"
    path.write_text(json.dumps(schema), encoding="utf-8")
    return meaning_of([path])


def check_by_oracle(pair: Pair) -> None:
    """Nothing that is said contradicts what the specifications say."""
    old, new = Oracle(pair.old), Oracle(pair.new)
    if pair.verdict.answer == "loads":
        for each in pair.values:
            assert not old.is_valid(each) or new.is_valid(each), (pair.number, each)
    for example in (*pair.verdict.examples, *pair.verdict.extras):
        assert old.is_valid(example.config), (pair.number, example)
        assert not new.is_valid(example.config), (pair.number, example)


def check_by_classes(found: list[Pair], folder: Path, logged: pytest.LogCaptureFixture) -> None:
    """Nothing that is said contradicts what real classes of both versions do."""
    classes = []
    for side in ("old", "new"):
        (folder / side).mkdir(parents=True)
        for pair in found:
            path = folder / side / f"p{pair.number}.json"
            path.write_text(json.dumps(getattr(pair, side)), encoding="utf-8")
        loaded = load_package([folder / side]).classes
        classes.append({one.source.module[0]: one.cls for one in loaded})
    for pair in found:
        old, new = (each[f"p{pair.number}"] for each in classes)
        if old is None or new is None:
            continue
        for config in [each for each in pair.values if isinstance(each, dict)]:
            logged.clear()
            if not _loads(old, config):
                continue
            is_declared = "Invalid config keys" not in logged.text
            if pair.verdict.answer == "loads" or (
                pair.verdict.answer == "loads declared" and is_declared
            ):
                assert _loads(new, config), (pair.number, config)
        for example in pair.verdict.examples:
            if isinstance(example.config, dict):
                assert _loads(old, example.config)
                assert not _loads(new, example.config)


def _loads(cls: Any, config: Any) -> bool:
    try:
        cls.from_config(config)
    except SettingsError:
        return False
    return True


def test_verdicts_by_the_specifications(tmp_path: Path) -> None:
    answers: Counter[str] = Counter()
    for pair in pairs(range(16), 30, tmp_path):
        check_by_oracle(pair)
        answers[pair.verdict.answer] += 1
    assert answers["loads"] > 3
    assert answers["refused"] > 0


def test_verdicts_by_classes(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    found = list(pairs(range(1_000, 1_006), 20, tmp_path))
    check_by_classes(found, tmp_path / "classes", caplog)


@pytest.mark.slow
@pytest.mark.parametrize("part", range(2))
def test_many_verdicts(part: int, tmp_path: Path) -> None:
    unknown = 0
    for pair in pairs(range(10_000 + 50 * part, 10_050 + 50 * part), 60, tmp_path):
        check_by_oracle(pair)
        unknown += pair.verdict.answer == "unknown"
    assert unknown < 15
