"""Every point of the spaces of random schemas is a valid config, and said by its flags."""

from __future__ import annotations

import json
import pickle
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

import pytest
from brevetti_gen.load import load_package
from brevetti_gen.problems import GenerationError
from brevettiai.json_values import json_equal
from brevettiai.search.space import Choices, Parameter, Point, find
from brevettiai.search.spaces import Space
from brevettiai.settings import SettingsError
from conformance.generated import write_json
from random_schemas import DRAFTS, SchemaMaker

LATEST = "https://json-schema.org/draft/2020-12/schema"
POINTS_EACH = 8
#: What may stand beside limits and refuse some of the values between.
_BESIDE: list[dict[str, Any]] = [
    {},
    {},
    {},
    {"not": {"const": 3}},
    {"not": {"minimum": 1.2, "maximum": 1.4}},
    {"allOf": [{"multipleOf": 0.5}]},
    {"anyOf": [{"maximum": 2}, {"minimum": 3}]},
    {"oneOf": [{"maximum": 5}, {"minimum": 5}]},
    {"not": {"multipleOf": 7}},
    {"if": {"minimum": 4}, "then": {"multipleOf": 2}},
]


class Edges:
    """A trial that likes the ends of ranges."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.params: dict[str, Any] = {}

    def suggest_float(
        self, name: str, low: float, high: float, *, step: float | None = None, log: bool = False
    ) -> float:
        value = self.random.choice([low, high, self.random.uniform(low, high)])
        if step is not None:
            value = low + round((value - low) / step) * step  # with the error that this has
        self.params[name] = value
        return value

    def suggest_int(
        self, name: str, low: int, high: int, *, step: int = 1, log: bool = False
    ) -> int:
        last = (high - low) // step
        value = low + step * self.random.choice([0, last, self.random.randint(0, last)])
        self.params[name] = value
        return value

    def suggest_categorical(self, name: str, choices: list[str]) -> str:
        assert len(set(choices)) == len(choices)
        self.params[name] = self.random.choice(choices)
        return str(self.params[name])


def settings_schema(random: Random, depth: int) -> dict[str, Any]:
    """A schema of an object without rules between its settings."""
    keys = random.sample(["a", "b", "c", "some-key", "size"], random.randint(1, 3))
    made: dict[str, Any] = {"properties": {key: _setting(random, depth) for key in keys}}
    made["type"] = "object"
    if random.random() < 0.5:
        made["additionalProperties"] = False
    return made


def _setting(random: Random, depth: int) -> dict[str, Any]:
    kind = random.choice(["number", "integer", "enum", "boolean", "const", "text", "array"])
    if depth and random.random() < 0.5:
        kind = random.choice(["object", "union", "several"])
    made: dict[str, Any] = {"type": kind}
    if kind in ("number", "integer"):
        made |= _limits(random) | random.choice(_BESIDE)
    elif kind == "enum":
        values = random.sample([1, 2.5, "a", "null", "true", "@b", "", "x y", None, False], 3)
        made = {"enum": values}
    elif kind == "const":
        made = {"const": random.choice([1, "a", None])}
    elif kind == "text":
        made = {"type": "string"}
    elif kind == "array":
        made = {"type": "array", "items": {"type": "number", "maximum": 3}, "default": [1, 2]}
    elif kind == "object":
        made = settings_schema(random, depth - 1)
    elif kind == "union":
        made = {"anyOf": [_branch(random, depth - 1, tag) for tag in random.sample("xyz", 2)]}
        if random.random() < 0.7:
            made["default"] = {"kind": made["anyOf"][0]["properties"]["kind"]["const"]}
    elif kind == "several":
        made = {"anyOf": [_setting(random, depth - 1) for _ in range(2)]}
    if random.random() < 0.3:
        if isinstance(made.get("type"), str) and random.random() < 0.5:
            made["type"] = [made["type"], "null"]
        elif "type" in made or "anyOf" in made:
            made = {"anyOf": [made, {"type": "null"}]}
    if random.random() < 0.4:
        step = random.choice([0.1, 0.5, 1])
        hints = [True, False, {"scale": "log"}, {"range": [1, 4]}, {"step": step}, 5, {"range": 1}]
        made["x-search"] = random.choice(hints)
    return made


def _limits(random: Random) -> dict[str, Any]:
    low = random.choice([0, -1, 0.5, 1e-3, 1, -(10**20)])
    high = random.choice([1, 2.5, 10, 100, 6, 10**20])
    made: dict[str, Any] = {random.choice(["minimum", "exclusiveMinimum"]): low}
    made[random.choice(["maximum", "exclusiveMaximum"])] = high
    if random.random() < 0.4:
        made["multipleOf"] = random.choice([1, 2, 0.1, 0.5, 0.25, 3, 0.01])
    if random.random() < 0.1:
        made.popitem()
    return made


def _branch(random: Random, depth: int, tag: str) -> dict[str, Any]:
    made = settings_schema(random, depth)
    made["properties"] = {"kind": {"const": tag}, **made["properties"]}
    return {**made, "required": ["kind"]}


def classes_of(schemas: list[dict[str, Any]], folder: Path) -> Iterator[tuple[Any, dict[str, Any]]]:
    """The classes of schemas, but for those that no class can be made of."""
    for number, schema in enumerate(schemas):
        write_json(folder / f"s{number}.schema.json", schema)
    paths = sorted(folder.iterdir())
    try:
        yield from _loaded(paths)
    except GenerationError:
        for path in paths:
            with suppress(GenerationError):
                yield from _loaded([path])


def _loaded(paths: list[Path]) -> list[tuple[Any, dict[str, Any]]]:
    classes = [loaded.cls for loaded in load_package(paths).classes]
    both = zip(classes, paths, strict=True)
    return [(cls, json.loads(path.read_text())) for cls, path in both if cls is not None]


def spaces_of(cls: Any, base: dict[str, Any] | None = None) -> Iterator[Space]:
    """The spaces of all that varies, and of what is worth it."""
    for names in (("*",), ()):
        try:
            space = cls.search_space(*names, base=base)
        except SettingsError as error:
            if "can vary" in str(error) or "x-search" in str(error):
                continue
            raise
        assert pickle.loads(pickle.dumps(space.parameters)) == space.parameters
        yield space


def points_of(space: Space, random: Random) -> Iterator[Point]:
    """Some points, by trials and by their numbers."""
    for _ in range(POINTS_EACH):
        trial = Edges(random)
        point = space.suggest(trial)
        assert space.point_of(trial.params) == point
        assert space.params_of(point).keys() == trial.params.keys()
        assert space.point_of(space.params_of(point)) == point
        yield point
    if space.size is not None:
        for index in {0, space.size - 1, random.randrange(space.size)}:
            yield space.point_at(index)
        if space.size < 200:
            found = [json.dumps(point, sort_keys=True) for point in space.grid()]
            assert len(set(found)) == len(found) == space.size


def check_said(space: Space, point: Point, settings: Any) -> None:
    """That the flags of a point say just its settings."""
    words = space.words(point)
    again = space.owner.from_args(words, config=space.base)
    assert json_equal(again.get_config(), settings.get_config()), (point, words)
    for parameter, value in _leaves(space, point):
        assert json_equal(_at(settings.get_config(), parameter.path), value), (point, words)


def _leaves(space: Space, point: Point) -> Iterator[tuple[Parameter, Any]]:
    for parameter in find(space.parameters, point):
        value = point[parameter.name]
        choice = parameter.chosen(value) if isinstance(parameter, Choices) else None
        if choice is None or not choice.is_kind:
            yield parameter, value


def _at(config: Any, path: tuple[Any, ...]) -> Any:
    for step in path:
        config = config[step]
    return config


def check_settings(seed: int, folder: Path, *, schemas: int) -> int:
    """Try the spaces of schemas without rules between settings; how many points they had."""
    random = Random(seed)
    made = [{"$schema": LATEST, **settings_schema(random, 2)} for _ in range(schemas)]
    count = 0
    for cls, schema in classes_of(made, folder):
        for space in spaces_of(cls):
            last: Any = None
            for point in points_of(space, random):
                count += 1
                try:
                    last = space.settings(point)
                except SettingsError as error:
                    pytest.fail(f"{error}\n{point}\n{schema}")
                check_said(space, point, last)
            for other in islice(spaces_of(cls, last.get_config()), 1):
                for point in points_of(other, random):
                    check_said(other, point, other.settings(point))
    return count


def check_wild(seed: int, folder: Path, *, schemas: int) -> int:
    """The same with settings of any schema, which may have rules inside; not at the top."""
    random = Random(seed)
    made: list[dict[str, Any]] = []
    for _ in range(schemas):
        maker = SchemaMaker(random, random.choice([*DRAFTS][1:]))
        document = maker.document()
        inner = {key: maker.schema(2) for key in "abc"}
        for key in "abc" if random.random() < 0.8 else "":
            wild: Any = inner[key] if isinstance(inner[key], dict) else {}
            kind = random.choice(["number", "integer", ["integer", "null"], "boolean"])
            inner[key] = {**wild, "type": kind, **_limits(random)}
        keywords = {k: document[k] for k in ("$schema", "$id", "definitions") if k in document}
        made.append({**keywords, "type": "object", "properties": inner})
    count = 0
    for cls, schema in classes_of(made, folder):
        for space in spaces_of(cls):
            for point in points_of(space, random):
                count += 1
                try:
                    settings = space.settings(point)
                except SettingsError as error:
                    if any(len(each.path) > 1 for each, _ in _leaves(space, point)):
                        continue
                    pytest.fail(f"{error}\n{point}\n{schema}")
                check_said(space, point, settings)
    return count


def test_all_points_of_spaces_are_valid(tmp_path: Path) -> None:
    assert check_settings(0, tmp_path, schemas=12) > 50


def test_only_rules_between_settings_refuse_points(tmp_path: Path) -> None:
    assert check_wild(0, tmp_path, schemas=12) > 20


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
def test_all_points_of_many_spaces_are_valid(seed: int, tmp_path: Path) -> None:
    assert check_settings(seed, tmp_path / "settings", schemas=40) > 200
    assert check_wild(seed, tmp_path / "wild", schemas=40) > 100
