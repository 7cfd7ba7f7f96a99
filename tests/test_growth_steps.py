"""Random schemas that grow by random steps: configs of each version mean what those of the last do,
and migrated ones say it."""

from __future__ import annotations

import json
import random
import warnings
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from brevetti_gen.cli.main import main
from brevetti_gen.load import load_package
from brevettiai.cli.files import read_settings_file
from conformance.generated import write_json


@dataclass
class Part:
    """A setting or a section of a schema that grows.

    Attributes:
        parts: those of a section, None for a setting.
        places: old names and places, as `x-renamed-from` has them.
        removed: what was in a section.
        values: the enum of a setting: by what it is called now, all that it was called.
    """

    name: str
    parts: list[Part] | None = None
    places: list[Any] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    values: dict[str, list[str]] = field(default_factory=dict)

    def schema(self) -> dict[str, Any]:
        found: dict[str, Any] = {"x-renamed-from": self.places} if self.places else {}
        if self.parts is None and self.values:
            old = {was: now for now, names in self.values.items() for was in names}
            return {**found, "enum": [*self.values], "x-renamed-values": old}
        if self.parts is None:
            return {**found, "type": "number"}
        parts = {part.name: part.schema() for part in self.parts}
        found |= {"type": "object", "properties": parts, "additionalProperties": False}
        return {**found, "x-removed": self.removed} if self.removed else found


class Growing:
    """A schema, and for each version a config: `configs`, all of the same meaning."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.number = 0
        self.root = Part("", [])
        for _ in range(self.random.randint(2, 3)):
            section = Part(self._name(), [self._setting() for _ in range(2)])
            self.root.parts = [*(self.root.parts or []), section, self._setting()]
            assert section.parts is not None
            section.parts.append(Part(self._name(), [self._setting()]))
        self.said = {id(part): self._value(part) for _, _, part in self.all() if part.parts is None}
        self.configs = [self.config(self.root)]

    def _name(self) -> str:
        self.number += 1
        return self.random.choice(["n{}", "a_{}", "b-{}"]).format(self.number)

    def _setting(self) -> Part:
        is_choice = self.random.random() < 0.4
        return Part(self._name(), values={self._name(): [], self._name(): []} if is_choice else {})

    def _value(self, part: Part) -> Any:
        return self.random.choice([*part.values] or [self.random.randint(0, 99), 0.3])

    def all(self, within: Part | None = None, path: tuple[str, ...] = ()) -> list[Any]:
        """All parts, each with the section that it is in and its path."""
        around = self.root if within is None else within
        found: list[Any] = []
        for part in around.parts or []:
            found += [(around, (*path, part.name), part), *self.all(part, (*path, part.name))]
        return found

    def config(self, part: Part) -> Any:
        if part.parts is None:
            return self.said[id(part)]
        return {each.name: self.config(each) for each in part.parts}

    def grow(self) -> None:
        """One step to the next version."""
        around, path, part = self.random.choice(self.all())
        step = self.random.choice(["rename", "move", "scale", "value", "remove"])
        place = ".".join(path) if len(path) > 1 else f".{path[0]}"
        if step == "value" and part.values:
            now = self.random.choice([*part.values])
            new = self._name()
            part.values = {new if k == now else k: v for k, v in part.values.items()}
            part.values[new] = [*part.values[new], now]
            self.said[id(part)] = new if self.said[id(part)] == now else self.said[id(part)]
        elif step == "scale" and part.parts is None and not part.values and not part.places:
            part.places = [{"name": part.name, "scale": 0.1}]
            part.name = self._name()
            said = self.said[id(part)]
            self.said[id(part)] = 0.03 if said == 0.3 else said / 10
        elif step == "remove" and not part.places and part.parts is None and len(around.parts) > 1:
            around.removed.append(part.name)
            around.parts.remove(part)
        elif step == "move":
            inside = {id(part), *(id(p) for _, _, p in self.all(part))}
            targets = [self.root, *(p for _, _, p in self.all() if p.parts is not None)]
            target = self.random.choice([p for p in targets if id(p) not in inside])
            # A plain name is one of the section that it was in.
            above = ".".join(path[:-1])
            part.places = [self._from_root(each, above) for each in part.places]
            part.places.append(place)
            part.name = self._name()
            around.parts.remove(part)
            target.parts.append(part)
        elif step == "rename":
            part.places.append(self.random.choice([part.name, place]))
            part.name = self._name()
        self.configs.append(self.config(self.root))

    @staticmethod
    def _from_root(entry: Any, above: str) -> Any:
        name = entry["name"] if isinstance(entry, dict) else entry
        full = name if "." in name else f"{above}.{name}"
        return {**entry, "name": full} if isinstance(entry, dict) else full


def check(seed: int, folder: Path) -> None:
    growing = Growing(seed)
    for _ in range(growing.random.randint(1, 6)):
        growing.grow()
    schema = folder / "training.json"
    write_json(schema, {**growing.root.schema(), "x-version": 7})
    loaded = load_package([schema])
    assert not loaded.warnings, (seed, loaded.warnings)
    cls: Any = loaded.classes[0].cls
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        expected = cls.from_config(growing.configs[-1])
    stored = []
    for version, config in enumerate(growing.configs):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            assert cls.from_config(config) == expected, (seed, version)
        indent = growing.random.choice([None, 2, 4])
        stored.append(folder / f"v{version}.json")
        stored[-1].write_text(json.dumps(config, indent=indent))
        stored.append(folder / f"v{version}.yaml")
        stored[-1].write_text(f"# begins\n{in_yaml(config)}# ends\n")
    words = [*map(str, stored), "--schema", str(schema)]
    assert main(["migrate", *words]) == 0, seed
    before = [path.read_bytes() for path in stored]
    for path in stored:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            assert cls.from_config(read_settings_file(str(path)).value) == expected, (seed, path)
        if path.suffix == ".yaml":
            assert path.read_text().startswith("# begins\n")
            assert path.read_text().endswith("# ends\n")
    assert main(["migrate", *words, "--check"]) == 0, seed
    assert [path.read_bytes() for path in stored] == before


def in_yaml(value: dict[str, Any], depth: int = 0) -> str:
    lines = ""
    for key, item in value.items():
        is_section = isinstance(item, dict) and item != {}
        said = f"\n{in_yaml(item, depth + 1)}" if is_section else f" {json.dumps(item)}  # {key}\n"
        lines += f"{'  ' * depth}{key}:{said}"
    return lines


@pytest.mark.parametrize("seed", range(5))
def test_configs_of_all_versions_mean_the_same(seed: int, tmp_path: Path) -> None:
    check(seed, tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(100, 130))
def test_configs_of_all_versions_mean_the_same_more_often(seed: int, tmp_path: Path) -> None:
    check(seed, tmp_path)
